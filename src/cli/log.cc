// SPDX-License-Identifier: Apache-2.0
// `entente log`: the verifier key, verification, proofs, and the static tlog-tiles export.
#include <fmt/format.h>

#include <filesystem>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "tlog/audit.h"
#include "tlog/tile.h"

namespace entente::cli {
namespace {

Result<tlog::SignedCheckpoint> audit_with(const tlog::Get& get, const tlog::VerifierKey& key) {
    ProgressBar bar("auditing by a second way", 0, "files");
    return tlog::audit(
        get, {.origin = {key.name},
              .key = key,
              .progress = [&](std::uint64_t done, std::uint64_t total) { bar.at(done, total); }});
}

Exit print_verified(const LogArgs& args, const tlog::SignedCheckpoint& head, bool vault) {
    const auto& [origin, size, root, extensions] = head.checkpoint;
    if (args.common.json) {
        fmt::print("{{\"verified\":true,\"origin\":\"{}\",\"tree_size\":{},\"root\":\"{}\"}}\n",
                   origin.v, size.v, to_base64(root.view()));
        return Exit::ok;
    }
    fmt::print(
        "verified: {}\n  {} entries, root {}\n  each entry's hash, every tile and the signed "
        "head agree, by two separate ways\n",
        origin.v, grouped(size.v), to_base64(root.view()));
    if (vault) fmt::print("  each stored body opens and is what its entry commits to\n");
    return Exit::ok;
}

/// Whatever an audit meets is damage, not a slip of the one who asked for it.
Exit damaged(const Error& error) {
    (void)report("log verify", error);
    return Exit::failure;
}

Exit verify_directory(const LogArgs& args) {
    const auto key = tlog::VerifierKey::parse(args.vkey);
    if (!key) return report("log verify", {key.error().code, "--vkey: " + key.error().detail});
    const auto audited = audit_with(
        [&](const std::string& path) {
            return read_file(args.tiles + "/" + path, limits::tile_file_bytes_max);
        },
        *key);
    if (!audited) return damaged(audited.error());
    return print_verified(args, *audited, false);
}

Result<EntryIndex> newest_entry(const Session& session, const std::string& id_text) {
    TRY(id, RecordId::parse(id_text));
    const view::View view = session.view();
    const auto slot = view.find(id);
    if (!slot) return fail(Errc::not_found, "no record " + id_text + " in this register");
    return view.at(*slot).history().back().index;
}

Result<void> write_export(Session& session, const std::string& out) {
    std::error_code error;
    if (std::filesystem::exists(out, error) && !std::filesystem::is_empty(out, error)) {
        return fail(Errc::refused, out + " exists and is not empty; export makes a new directory");
    }
    store::Files& files = store::os_files();
    const auto tiles = tlog::tiles_of(session.node().log().size());
    ProgressBar bar("exporting", tiles.size(), "files");
    std::uint64_t done = 0;
    auto put = [&](const std::string& path) -> Result<void> {
        TRY(bytes, session.node().log_file(path));
        std::filesystem::create_directories(store::dir_of(out + "/" + path), error);
        if (error) return store::os_error("make", store::dir_of(out + "/" + path), error.value());
        return files.write(out + "/" + path, bytes);
    };
    for (const tlog::Tile& tile : tiles) {
        TRYV(put(tile.path()));
        bar.at(++done);
    }
    TRY(charter, read_file(DataDir{session.data()}.charter(), limits::charter_bytes_max));
    TRYV(files.write(out + "/charter.toml", charter));
    return put("checkpoint");  // last: a directory with it is whole
}

}  // namespace

Exit log_vkey(const LogArgs& args) {
    const auto signer = store::open_file_signer(DataDir{args.common.data}.signer());
    if (!signer) return report("log vkey", signer.error());
    const auto vkey = (*signer)->vkey();
    if (!vkey) return report("log vkey", vkey.error());
    fmt::print("{}\n", *vkey);
    return Exit::ok;
}

Exit log_verify(const LogArgs& args) {
    const bool directory = !args.tiles.empty();
    if (directory != args.common.data.empty() || directory != !args.vkey.empty()) {
        return report("log verify", {Errc::malformed,
                                     "give --data DIR for a register, or --tiles "
                                     "DIR and --vkey KEY for an exported log"});
    }
    if (directory) return verify_directory(args);
    auto session = Session::open(args.common, {});
    if (!session) return report("log verify", session.error());
    const node::Node& node = session->node();
    const auto audited =
        audit_with([&](const std::string& path) { return node.log_file(path); }, node.verifier());
    if (!audited) return damaged(audited.error());
    return print_verified(args, *audited, true);
}

Exit log_prove(const LogArgs& args) {
    auto session = Session::open(args.common, {});
    if (!session) return report("log prove", session.error());
    const auto index = newest_entry(*session, args.id);
    if (!index) return report("log prove", index.error());
    const auto proof = session->node().prove(*index);
    if (!proof) return report("log prove", proof.error());
    if (args.out.empty()) {
        fmt::print("{}", *proof);
        return Exit::ok;
    }
    const auto written = store::write_atomically(store::os_files(), args.out, *proof);
    return written ? Exit::ok : report("log prove", written.error());
}

Exit log_export(const LogArgs& args) {
    auto session = Session::open(args.common, {});
    if (!session) return report("log export", session.error());
    const auto written = write_export(*session, args.out);
    if (!written) return report("log export", written.error());
    fmt::print(
        "{} entries exported to {} as C2SP tlog-tiles; anyone may have it, it shows no body\n"
        "verify it anywhere: entente log verify --tiles {} --vkey '{}'\n",
        grouped(session->node().log().size().v), args.out, args.out,
        session->node().verifier().text());
    return Exit::ok;
}

}  // namespace entente::cli
