// SPDX-License-Identifier: Apache-2.0
// The log key and the memory of what it signed, as files in a directory of their own (DIR/signer),
// apart from the database and in no backup (PROTOCOL 26):
//     key    the private key, 0600
//     last   the head that is known to be committed (head_file.h)
//     next   the head that was about to be committed
// Settling renames next to last: one atomic step, durable when the directory is synced. Keys with
// loose permissions are refused. Not thread-safe; the data directory's lock keeps others out.
#pragma once

#include <memory>
#include <string>

#include "node/ports.h"
#include "store/files.h"
#include "tlog/key.h"

namespace entente::store {

/// Makes the directory (its parent must exist) and writes the key, durably. Errc::refused if there
/// is a key already.
Result<void> create_file_signer(const std::string& dir, const tlog::LogKey& key,
                                Files& files = os_files());

/// After a restore, which brings no signer along: notes whose log it is, in `vkey`, so that the
/// node opens and answers. The directory's parent must exist.
Result<void> create_keyless_signer(const std::string& dir, const std::string& vkey,
                                   Files& files = os_files());

/// With a `vkey` but no key: a signer that knows whose log it is and what was remembered, and
/// refuses to sign. Errc::not_found without either, Errc::refused if others may read the key. The
/// `files` must outlive the signer.
Result<std::unique_ptr<node::Signer>> open_file_signer(const std::string& dir,
                                                       Files& files = os_files());

}  // namespace entente::store
