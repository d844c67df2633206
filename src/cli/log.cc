// SPDX-License-Identifier: Apache-2.0
// `entente log`: the verifier key, verification, proofs, and the static tlog-tiles export.
#include <fmt/format.h>

#include <filesystem>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/service.h"
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

Exit print_verified(const LogArgs& args, const tlog::SignedCheckpoint& head,
                    const std::string& bodies) {
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
    if (!bodies.empty()) fmt::print("  {}\n", bodies);
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
    return print_verified(args, *audited, {});
}

/// A file of the log, from wherever it is served.
Result<Bytes> log_file(Service& service, const std::string& path) {
    TRY(response, service.get("/log/" + path, "*/*"));
    return response.bytes();
}

Result<tlog::VerifierKey> own_key(const std::string& data) {
    TRY(signer, store::open_file_signer(DataDir{data}.signer()));
    TRY(vkey, signer->vkey());
    return tlog::VerifierKey::parse(vkey);
}

/// What was exported.
struct Exported {
    TreeSize size;
    std::string vkey;
};

Result<Exported> write_export(Service& service, const std::string& data, const std::string& out) {
    std::error_code error;
    if (std::filesystem::exists(out, error) && !std::filesystem::is_empty(out, error)) {
        return fail(Errc::refused, out + " exists and is not empty; export makes a new directory");
    }
    TRY(key, own_key(data));
    // The head first: a log that grows meanwhile still has all tiles of that size.
    TRY(checkpoint, log_file(service, "checkpoint"));
    TRY(head, tlog::open_checkpoint(checkpoint, {key.name}, key));
    store::Files& files = store::os_files();
    const auto tiles = tlog::tiles_of(head.checkpoint.size);
    ProgressBar bar("exporting", tiles.size(), "files");
    std::uint64_t done = 0;
    auto put = [&](const std::string& path, BytesView bytes) -> Result<void> {
        std::filesystem::create_directories(store::dir_of(out + "/" + path), error);
        if (error) return store::os_error("make", store::dir_of(out + "/" + path), error.value());
        return files.write(out + "/" + path, bytes);
    };
    for (const tlog::Tile& tile : tiles) {
        TRY(bytes, log_file(service, tile.path()));
        TRYV(put(tile.path(), bytes));
        bar.at(++done);
    }
    TRY(charter, read_file(DataDir{data}.charter(), limits::charter_bytes_max));
    TRYV(files.write(out + "/charter.toml", charter));
    TRYV(put("checkpoint", checkpoint));  // last: a directory with it is whole
    return Exported{head.checkpoint.size, key.text()};
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
    auto service = Service::open(args.common, {});
    if (!service) return report("log verify", service.error());
    const auto key = own_key(args.common.data);
    if (!key) return report("log verify", key.error());
    const auto audited =
        audit_with([&](const std::string& path) { return log_file(*service, path); }, *key);
    if (!audited) return damaged(audited.error());
    return print_verified(args, *audited,
                          service->session() != nullptr
                              ? "each stored body opens and is what its entry commits to"
                              : "the node that serves it opened each stored body when it started");
}

Exit log_prove(const LogArgs& args) {
    const auto id = RecordId::parse(args.id);
    if (!id) return report("log prove", id.error());
    auto service = Service::open(args.common, {});
    if (!service) return report("log prove", service.error());
    const auto proof = service->get("/v1/protections/" + args.id + "/proof", "text/plain");
    if (!proof && proof.error().code == Errc::not_found) {
        return report("log prove", {Errc::not_found, "no record " + args.id + " in this register"});
    }
    if (!proof) return report("log prove", proof.error());
    if (args.out.empty()) {
        fmt::print("{}", proof->bytes());
        return Exit::ok;
    }
    const auto written = store::write_atomically(store::os_files(), args.out, proof->bytes());
    return written ? Exit::ok : report("log prove", written.error());
}

Exit log_export(const LogArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("log export", service.error());
    const auto written = write_export(*service, args.common.data, args.out);
    if (!written) return report("log export", written.error());
    fmt::print(
        "{} entries exported to {} as C2SP tlog-tiles; anyone may have it, it shows no body\n"
        "verify it anywhere: entente log verify --tiles {} --vkey '{}'\n",
        grouped(written->size.v), args.out, args.out, written->vkey);
    return Exit::ok;
}

}  // namespace entente::cli
