// SPDX-License-Identifier: Apache-2.0
#include "index/flat.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "base/assert.h"

namespace entente::index {
namespace {
constexpr std::size_t huge_page = std::size_t{2} << 20;

std::size_t rounded(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}
}  // namespace

void* flat_allocate(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    const std::size_t unit = bytes >= huge_page ? huge_page : 64;
    const std::size_t whole = rounded(bytes, unit);
    void* memory = std::aligned_alloc(unit, whole);
    ASSERT(memory != nullptr);
    // Advice only: where it is refused, ordinary pages do.
    if (unit == huge_page) (void)madvise(memory, whole, MADV_HUGEPAGE);
    std::memset(memory, 0, whole);
    return memory;
}

void flat_release(void* memory, std::size_t) { std::free(memory); }

}  // namespace entente::index
