// SPDX-License-Identifier: Apache-2.0
// ASSERT stops the program on a bug. It is on in every build and is never reachable by bytes from
// outside: those meet a Result.
#pragma once

namespace entente {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#define ASSERT(condition) \
    ((condition) ? void(0) : ::entente::assertion_failed(#condition, __FILE__, __LINE__))
