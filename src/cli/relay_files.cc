// SPDX-License-Identifier: Apache-2.0
#include "cli/relay_files.h"

#include "node/pack.h"
#include "store/files.h"

namespace entente::cli {

Result<void> RelayFiles::put(const PartyId& from, const PartyId& to, BytesView pack) {
    store::Files& files = store::os_files();
    TRY(there, files.stat(folder_));
    if (!there) TRYV(files.make_dir(folder_));
    return store::write_atomically(files, file(from, to), Bytes(pack));
}

Result<Bytes> RelayFiles::get(const PartyId& from, const PartyId& to) {
    return read_file(file(from, to), node::relay_pack_bytes_max);
}

}  // namespace entente::cli
