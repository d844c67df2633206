// SPDX-License-Identifier: Apache-2.0
// Canonical bytes of what names its members once (statement/members.h): written, read, checked.
//
//     Bytes body = encode_said(report, Slot::exact);
//     TRY(report, decode_said<Report>(body, Slot::exact));
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

using Walk = std::function<void(Members&)>;

/// Precondition: check_walk() of it.
Bytes write_body(const BodyKeys& keys, Slot slot, const Walk& walk);
/// Limits of every member, and that the body is not too large.
Result<void> check_body(const BodyKeys& keys, Slot slot, const Walk& walk);
/// Form and limits. Members that `walk` does not name are passed over.
Result<BodyKeys> read_body(BytesView bytes, Slot slot, const Walk& walk);
/// A canonical object of its own, without the keys of a body; and read again.
Bytes write_object(const Walk& walk);
Result<void> check_object(const Walk& walk);
Result<void> read_object(BytesView bytes, std::size_t bytes_max, const Walk& walk);

/// Walkers are shared by readers, which write, and writers, which only read.
template <class T>
Walk walk_of(const T& said) {
    return [&said](Members& m) { members(m, const_cast<T&>(said)); };
}

template <class T>
Bytes encode_said(const T& said, Slot slot = Slot::exact) {
    return write_body(said.keys, slot, walk_of(said));
}

template <class T>
Result<void> check_said(const T& said, Slot slot = Slot::exact) {
    return check_body(said.keys, slot, walk_of(said));
}

/// Form, limits and validate(said).
template <class T>
Result<T> decode_said(BytesView bytes, Slot slot = Slot::exact) {
    T out;
    TRY(keys, read_body(bytes, slot, walk_of(out)));
    out.keys = std::move(keys);
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
