// SPDX-License-Identifier: Apache-2.0
// A list's file through `reader` into a planner: rows with the meaning that its columns have.
#pragma once

#include "net/imports.h"
#include "reader/reader.h"

namespace entente::cli {

Result<net::ReadList> read_list(const std::string& path, const std::string& source,
                                const intake::MappingOptions& options,
                                const reader::OnProgress& on_progress);

/// The same for bytes that came over a socket: they lie in a file of a fresh directory (mode 0700)
/// while they are read.
Result<net::ReadList> read_list_bytes(const std::string& name, const std::string& bytes,
                                      const std::string& source,
                                      const intake::MappingOptions& options);

}  // namespace entente::cli
