// SPDX-License-Identifier: Apache-2.0
// The text in which signer and cosigners remember a head: five lines, the last a checksum over the
// others, so that a torn or edited file is found and never mistaken for a memory.
//
//     entente/v1/signed-head
//     what it is about: the log key's vkey, or `witness ORIGIN`, `mirror ORIGIN`
//     SIZE
//     ROOT in base64
//     SHA-256 of the lines above, in hex
#pragma once

#include "node/ports.h"

namespace entente::store {

constexpr std::size_t head_file_bytes_max = 1024;

Bytes format_head_file(const std::string& about, const node::SignedHead& head);

/// Errc::malformed if anything but format_head_file's bytes about this stands there; the detail
/// names no path.
Result<node::SignedHead> parse_head_file(BytesView bytes, const std::string& about);

}  // namespace entente::store
