// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cstdio>
#include <cstdlib>

#include "base/assert.h"

namespace entente {

const char* name(Errc code) {
    switch (code) {
        case Errc::malformed: return "malformed";
        case Errc::not_canonical: return "not_canonical";
        case Errc::too_large: return "too_large";
        case Errc::bad_signature: return "bad_signature";
        case Errc::bad_proof: return "bad_proof";
        case Errc::split_view: return "split_view";
        case Errc::stale: return "stale";
        case Errc::unknown_key: return "unknown_key";
        case Errc::not_found: return "not_found";
        case Errc::refused: return "refused";
        case Errc::unavailable: return "unavailable";
    }
    ASSERT(false);
}

void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "entente: bug: %s does not hold (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace entente
