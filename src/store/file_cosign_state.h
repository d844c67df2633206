// SPDX-License-Identifier: Apache-2.0
// What was cosigned, as files beside the signer's (DIR/signer/cosigned), in no backup (PROTOCOL
// 26):
//     <hex SHA-256(origin)>.<role>    the head that was cosigned last (head_file.h)
// A head is on the disk, name and content, before replace() returns. Not thread-safe; the data
// directory's lock keeps others out.
#pragma once

#include <memory>

#include "node/cosign_state.h"
#include "store/files.h"

namespace entente::store {

/// Makes the empty memory of somebody who has never cosigned anything: when he joins, or after a
/// restore when his peers have told what he has cosigned. The directory's parent must exist; one
/// that is there already is left as it is.
Result<void> create_file_cosign_state(const std::string& dir, Files& files = os_files());

/// Errc::not_found without the directory: an empty memory is never taken for granted, because a
/// restored node would contradict what it cosigned before. The `files` must outlive the state.
Result<std::unique_ptr<node::CosignState>> open_file_cosign_state(const std::string& dir,
                                                                  Files& files = os_files());

}  // namespace entente::store
