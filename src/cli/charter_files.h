// SPDX-License-Identifier: Apache-2.0
// Charter files on disk: read, followed back to the first version, written once.
#pragma once

#include <string>
#include <vector>

#include "cli/data_dir.h"
#include "node/genesis.h"

namespace entente::cli {

Result<Bytes> read_charter_file(const std::string& path);

/// Files of earlier versions by hash: those named, and those that the directory keeps (an empty
/// path: none).
Result<node::EarlierCharter> earlier_versions(const std::vector<std::string>& paths,
                                              const std::string& data);

/// The charter's own version before, if it is version 2 or later; Errc::not_found otherwise names
/// what to give.
Result<std::optional<Bytes>> version_before(const statement::Charter& charter,
                                            const node::EarlierCharter& earlier);

/// A newer version that other parties have adopted, and that waits to be adopted here.
struct WaitingVersion {
    std::uint32_t version;
    std::string file;
};
/// After this version, oldest first.
std::vector<WaitingVersion> waiting_versions(const std::string& data, std::uint32_t version);
/// `version 2 waits to be adopted …`, with what to do.
std::string text_of(const WaitingVersion& waiting, const std::string& data);

/// Errc::refused where the file exists.
Result<void> write_new_file(const std::string& path, BytesView bytes);

/// The short form of a hash, for people to compare: 16 characters of base32.
std::string fingerprint(const Hash& hash);

}  // namespace entente::cli
