// SPDX-License-Identifier: Apache-2.0
// The files of the page, out of the one pack that the build makes of web/dist: for each a line
// `PATH<tab>TYPE<tab>SIZE`, an empty line, then all bytes in that order. What
// compresses is followed by its gzip as `PATH.gz`.
#pragma once

#include <string_view>

#include "base/result.h"
#include "net/api.h"

namespace entente::net {

/// The pack in this binary; empty if it was built without the page.
std::string_view page_pack();

/// Errc::malformed if sizes and bytes do not agree.
Result<Assets> unpack(std::string_view pack);

/// The bytes of the first file whose path begins and ends so, as views into the pack: between them
/// stands what changes with the bytes. Errors as unpack(), Errc::not_found.
Result<std::string_view> file_in(std::string_view pack, std::string_view begins,
                                 std::string_view ends);

}  // namespace entente::net
