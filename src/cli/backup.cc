// SPDX-License-Identifier: Apache-2.0
// `entente backup` and `entente restore`. A backup is a directory: the log and its sealed bodies,
// the people's database, the charter, the configuration, and the keys but two kinds, which are in
// no backup unless asked for or not at all (PROTOCOL 26, 30):
//     keys/vault   whoever holds it and a backup reads every body: only with --with-vault-key
//     signer/      what was signed and cosigned last: an old copy of it would sign a second tree
// SHA256SUMS is written last, so that a directory with it is whole; `sha256sum -c` reads it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/encode.h"
#include "base/sha256.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "store/dir_lock.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "store/sqlite_copy.h"

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* sums_file = "SHA256SUMS";
constexpr const char* vkey_file = "vkey";
constexpr std::uint64_t small_file_bytes_max = 16 * 1024 * 1024;

struct BackupArgs {
    Common common;
    std::string out;
    bool with_vault_key = false;
};

struct RestoreArgs {
    Common common;
    std::string from;
};

Result<void> refuse_if_there(const std::string& path, const char* verb) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return {};
    if (fs::is_directory(status) && fs::is_empty(path, error)) return {};
    return fail(Errc::refused, fmt::format("{} exists and is not empty; {} makes a new directory "
                                           "and never writes over one",
                                           path, verb));
}

Result<void> make_dirs(const std::string& path) {
    std::error_code error;
    const fs::path parent = fs::path(path).parent_path();
    if (!parent.empty()) fs::create_directories(parent, error);
    if (error) return store::os_error("make", parent.string(), error.value());
    return store::os_files().make_dir(path);
}

/// Of any size, with constant memory.
Result<Hash> hash_of_file(const std::string& path) {
    const auto close = [](std::FILE* f) { std::fclose(f); };
    const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
    if (!file) return store::os_error("read", path, errno);
    return sha256_of(
        [&](char* out, std::size_t most) { return std::fread(out, 1, most, file.get()); });
}

Result<void> copy_file(const std::string& from, const std::string& to) {
    TRY(bytes, read_file(from, small_file_bytes_max));
    return store::os_files().write(to, bytes);
}

/// What belongs into a backup beside the databases, relative to the data directory.
std::vector<std::string> small_files(const DataDir& dir, bool with_vault_key) {
    std::vector<std::string> out{"charter.toml"};
    std::error_code error;
    if (fs::exists(dir.config(), error)) out.emplace_back("entente.toml");
    for (const auto& entry : fs::directory_iterator(dir.keys(), error)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file(error) || name.ends_with(".tmp")) continue;
        if (name == "vault" && !with_vault_key) continue;
        out.push_back("keys/" + name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

struct Backed {
    bool vault_key = false;
    std::uint64_t files = 0;
};

Result<Backed> make_backup(const BackupArgs& args) {
    TRYV(refuse_if_there(args.out, "backup"));
    const DataDir from{args.common.data};
    const DataDir to{args.out};
    TRY(signer, store::open_file_signer(from.signer()));
    TRY(vkey, signer->vkey());
    store::Files& files = store::os_files();
    TRYV(make_dirs(to.path));
    TRYV(files.make_dir(to.keys()));
    TRYV(store::copy_store(from.database(), to.database()));
    std::vector<std::string> names = small_files(from, args.with_vault_key);
    for (const std::string& name : names)
        TRYV(copy_file(from.path + "/" + name, to.path + "/" + name));
    TRYV(files.write(to.path + "/" + vkey_file, vkey + "\n"));
    names.emplace_back(vkey_file);
    names.emplace_back("entente.db");
    std::error_code error;
    if (fs::exists(from.people(), error)) {
        TRYV(store::copy_database(from.people(), to.people()));
        names.emplace_back("people.db");
    }
    Backed out;
    std::string sums;
    for (const std::string& name : names) {
        TRY(hash, hash_of_file(to.path + "/" + name));
        sums += to_hex(hash.view()) + "  " + name + "\n";
        out.vault_key |= name == "keys/vault";
    }
    out.files = names.size();
    TRYV(files.sync_dir(to.keys()));
    TRYV(store::write_atomically(files, to.path + "/" + sums_file, sums));
    return out;
}

/// The names that a backup lists, after their hashes were compared. A name leads nowhere but into
/// the backup.
Result<std::vector<std::string>> verified_names(const std::string& from) {
    auto sums = read_file(from + "/" + sums_file, small_file_bytes_max);
    if (!sums && sums.error().code == Errc::not_found) {
        return fail(Errc::not_found, from +
                                         " is no whole backup (no SHA256SUMS in it); name a "
                                         "directory that entente backup finished");
    }
    if (!sums) return tl::unexpected(sums.error());
    std::vector<std::string> out;
    BytesView rest = *sums;
    while (!rest.empty()) {
        const BytesView line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::string name(line.size() > 66 ? line.substr(66) : BytesView());
        const bool plain = !name.empty() && name.find("..") == std::string::npos &&
                           name[0] != '/' &&
                           (name.find('/') == std::string::npos || name.starts_with("keys/"));
        if (!plain)
            return fail(Errc::malformed, from + "/SHA256SUMS: a line that backup never writes");
        TRY(hash, hash_of_file(from + "/" + name));
        if (to_hex(hash.view()) + "  " + name != line) {
            return fail(Errc::bad_proof, from + "/" + name +
                                             " is not as it was backed up; nothing was restored. "
                                             "Use another backup");
        }
        out.push_back(name);
    }
    return out;
}

Result<void> restore_at(const RestoreArgs& args) {
    TRYV(refuse_if_there(args.common.data, "restore"));
    TRY(names, verified_names(args.from));
    const std::string half = args.common.data + ".restore";
    TRYV(refuse_if_there(half, "restore"));
    const DataDir to{half};
    store::Files& files = store::os_files();
    TRYV(make_dirs(to.path));
    TRYV(files.make_dir(to.keys()));
    std::error_code error;
    for (const std::string& name : names) {
        if (name == vkey_file) continue;
        const std::string target = to.path + "/" + name;
        if (name.ends_with(".db")) {
            fs::copy_file(args.from + "/" + name, target, error);
            if (error) return store::os_error("copy to", target, error.value());
            fs::permissions(target, fs::perms(0600), error);
            TRYV(files.sync(target));
        } else {
            TRYV(copy_file(args.from + "/" + name, target));
        }
    }
    TRY(vkey, read_file(args.from + "/" + vkey_file, small_file_bytes_max));
    if (vkey.ends_with('\n')) vkey.pop_back();
    TRYV(store::create_keyless_signer(to.signer(), vkey));
    TRYV(files.sync_dir(to.keys()));
    TRYV(files.sync_dir(to.path));
    fs::remove(args.common.data, error);  // an empty directory of that name
    TRYV(files.rename(half, args.common.data));
    return files.sync_dir(store::dir_of(args.common.data));
}

Exit backup(const BackupArgs& args) {
    const auto done = make_backup(args);
    if (!done) return report("backup", done.error());
    fmt::print(
        "{} files in {}; restore them with: entente restore --data NEW {}\n"
        "  not in it: signer/ (the log key and what was signed last; an old copy would sign a "
        "second tree)\n",
        done->files, args.out, args.out);
    if (done->vault_key) {
        fmt::print("  keys/vault is in it: whoever has this directory can read every place\n");
    } else {
        fmt::print(
            "  not in it: keys/vault, without which no place in it can be read: keep a copy "
            "elsewhere\n");
    }
    return Exit::ok;
}

Exit restore(const RestoreArgs& args) {
    const auto done = restore_at(args);
    if (!done) return report("restore", done.error());
    const DataDir dir{args.common.data};
    std::error_code error;
    fmt::print("{} is restored. It answers, and signs nothing\n", dir.path);
    if (!fs::exists(dir.vault_key(), error)) {
        fmt::print("  put the vault key back: {} (until then nothing can be read)\n",
                   dir.vault_key());
    }
    fmt::print(
        "  to sign again: put {} back as it was when it last signed; otherwise nothing is signed\n"
        "  until all peers have told the newest head that they know, or the root opens a successor "
        "log (entente key rotate log)\n"
        "  what it has logged since, as far as the other parties' nodes hold it: entente scrub "
        "--from-peers\n"
        "  what was purged after this backup was made is in it again: purge it again\n",
        dir.signer());
    return Exit::ok;
}

}  // namespace

void add_backup(CLI::App& root, Run& run) {
    auto args = std::make_shared<BackupArgs>();
    CLI::App* app =
        verb(root, "backup",
             "Copy the register to a new directory, without the two keys "
             "that are in no backup",
             "entente backup --data reg /media/usb/reg-2026-01-31", args->common, false);
    app->add_option("out", args->out, "A new directory")->required()->type_name("OUT");
    app->add_flag("--with-vault-key", args->with_vault_key,
                  "Also keys/vault: then the copy can be read by whoever has it");
    app->callback([args, &run] { run = [args] { return backup(*args); }; });

    auto back = std::make_shared<RestoreArgs>();
    app = verb(root, "restore", "Make a register out of a backup; it signs nothing by itself",
               "entente restore --data reg /media/usb/reg-2026-01-31", back->common, false);
    app->add_option("backup", back->from, "A directory that backup made")
        ->required()
        ->type_name("BACKUP");
    app->callback([back, &run] { run = [back] { return restore(*back); }; });
}

}  // namespace entente::cli
