// SPDX-License-Identifier: Apache-2.0
// The exact body of a field pack's statement (PROTOCOL 29, doc/protocol/field.md): that what this
// register holds around a place was given to a device, and what of it, by the root of a tree over
// the leaves of releases. Like a receipt it protects nothing, uses slots 1 and 3, and is version 1
// of a record of its own.
//
//     const Bytes body = encode_field_pack(given);
//     TRY(read, decode_field_pack(bytes));
#pragma once

#include "geo/shape.h"
#include "statement/beat.h"
#include "statement/body.h"

namespace entente::statement {

constexpr const char* field_pack_kind = "field_pack";
constexpr std::size_t device_name_bytes_max = 64;

struct FieldPack {
    BodyKeys keys;
    std::string device;  // its name
    Hash key;            // its X25519 key
    geo::Circle area;    // within which it may be asked
    geo::Window window;  // and for when; both ends are there
    Decimetres margin;   // and with how much margin at most
    LogHead releases;    // how many, and the root over seal::format_release of each
    bool operator==(const FieldPack&) const = default;
};

/// Whether it may be said.
Result<void> validate(const FieldPack& given);

Bytes encode_field_pack(const FieldPack& given);
/// Form and limits. Members that are not known are passed over.
Result<FieldPack> decode_field_pack(BytesView bytes);

}  // namespace entente::statement
