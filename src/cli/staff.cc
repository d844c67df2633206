// SPDX-License-Identifier: Apache-2.0
#include "cli/staff.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "people/memory_store.h"
#include "store/sqlite_people.h"

namespace entente::cli {
namespace {

Result<Staff> staff_of(std::unique_ptr<people::Store> store) {
    TRY(people, people::People::load(*store));
    return Staff{std::move(store), std::make_unique<people::People>(std::move(people))};
}

}  // namespace

Result<Staff> open_staff(const DataDir& dir) {
    TRY(store, store::open_people(dir.people()));
    return staff_of(std::move(store));
}

Staff open_staff_to_read(const DataDir& dir) {
    auto staff = open_staff(dir);
    if (staff) return std::move(*staff);
    fmt::print(stderr, "entente: note: what is read now is not in the audit: {}\n",
               staff.error().detail);
    auto memory = staff_of(std::make_unique<people::MemoryStore>());
    ASSERT(memory);
    return std::move(*memory);
}

}  // namespace entente::cli
