// SPDX-License-Identifier: Apache-2.0
// How a function says that it could not: Result<T>, with a code for programs and a sentence for
// people. Bad input and a failing world come back as values; a bug is an ASSERT (assert.h).
//
//     Result<int> parse(std::string_view text);
//     TRY(n, parse("17"));          // returns the error to the caller, or defines n
//     TRYV(store.commit(batch));    // the same for Result<void>
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace entente {

enum class Errc : std::uint8_t {
    malformed,      // the form is wrong: what was expected and what was got stand in the detail
    not_canonical,  // the meaning is clear but the bytes are not the one canonical form
    too_large,      // a limit (base/limits.h) was met; the detail names it
    bad_signature,  // a key that is known did not sign this
    bad_proof,      // hashes do not add up
    split_view,     // two inconsistent heads of one log
    stale,          // the world moved on: compare-and-swap failed, a head went back
    unknown_key,    // no key is known for this
    not_found,      // no such record, file or row
    refused,        // understood, and not allowed: the detail says by which rule
    unavailable,    // disk, database, process or network failed; trying again may help
};

const char* name(Errc code);

struct Error {
    Errc code;
    std::string detail;  // what was wrong, where, and what to do
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string detail) {
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}
/// The same error, with the place it was met put before it.
inline tl::unexpected<Error> at(std::string_view where, Error error) {
    error.detail = std::string(where) + ": " + error.detail;
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace entente

#define TRY(name, expr)                                                          \
    auto name##_result = (expr);                                                 \
    if (!name##_result) return tl::unexpected(std::move(name##_result).error()); \
    auto name = *std::move(name##_result)

#define TRYV(expr)                                                               \
    do {                                                                         \
        auto tryv_result = (expr);                                               \
        if (!tryv_result) return tl::unexpected(std::move(tryv_result).error()); \
    } while (false)
