// SPDX-License-Identifier: Apache-2.0
// `entente init`: keys, solo charter and an empty log in a new directory. Everything is made in a
// directory beside it and renamed at the end, so that a crash leaves no half a register.
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "cli/data_dir.h"
#include "cli/verbs.h"
#include "node/genesis.h"
#include "node/node.h"
#include "store/file_signer.h"
#include "store/sqlite_store.h"

namespace entente::cli {
namespace {

Result<void> write_keys(const DataDir& dir, const node::Genesis& genesis) {
    store::Files& files = store::os_files();
    TRYV(files.make_dir(dir.keys()));
    TRYV(files.make_dir(dir.offline()));
    TRYV(write_key(dir.vault_key(), "vault", genesis.vault));
    TRYV(write_key(dir.officer_key(), "officer", genesis.officer.seed()));
    TRYV(write_key(dir.root_key(), "root", genesis.root.seed()));
    TRYV(write_key(dir.root_next_key(), "root-next", genesis.root_next.seed()));
    return store::create_file_signer(dir.signer(), genesis.log);
}

Result<void> make(const DataDir& dir, const node::Genesis& genesis) {
    store::Files& files = store::os_files();
    TRYV(files.make_dir(dir.path));
    TRYV(write_keys(dir, genesis));
    TRYV(store::write_atomically(files, dir.charter(), genesis.charter_file));
    TRY(store, store::open_sqlite(dir.database(), store::OpenMode::create));
    TRY(signer, store::open_file_signer(dir.signer()));
    return node::Node::create(*store, *signer, genesis.charter_file, genesis.entries);
}

Result<void> refuse_if_there(const std::string& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) return {};
    if (std::filesystem::is_directory(status) && std::filesystem::is_empty(path, error)) return {};
    return fail(Errc::refused, fmt::format("{} exists and is not empty; init makes a new directory "
                                           "and never writes over one",
                                           path));
}

Result<node::Genesis> init_at(const InitArgs& args) {
    TRY(party, PartyId::parse(args.party));
    TRYV(refuse_if_there(args.common.data));
    node::Founding founding{party, args.name, args.exercise, statement::default_terms()};
    founding.officers = args.officers.value_or(1);
    founding.terms.reduce_delay = std::chrono::seconds(args.reduce_delay_s);
    TRY(genesis, node::found(founding, os_random()));
    const std::string half = args.common.data + ".init-" + genesis.charter.id;
    std::error_code error;
    auto made = make({half}, genesis);
    if (!made) {
        std::filesystem::remove_all(half, error);
        return tl::unexpected(made.error());
    }
    store::Files& files = store::os_files();
    if (auto renamed = files.rename(half, args.common.data); !renamed) {
        std::filesystem::remove_all(half, error);
        return tl::unexpected(renamed.error());
    }
    TRYV(files.sync_dir(store::dir_of(args.common.data)));
    return genesis;
}

}  // namespace

Exit init(const InitArgs& args) {
    InitArgs cleaned = args;
    std::string& data = cleaned.common.data;
    while (data.size() > 1 && data.back() == '/') data.pop_back();
    const auto genesis = init_at(cleaned);
    if (!genesis) return report("init", genesis.error());
    const DataDir dir{data};
    const statement::Charter& charter = genesis->charter;
    fmt::print("{}{} ({}) has a register of its own in {}\n", charter.exercise ? "EXERCISE: " : "",
               charter.parties[0].name, charter.parties[0].id.v, dir.path);
    fmt::print("  log origin   {}\n", charter.origin(charter.parties[0].id).v);
    fmt::print("  log key      {}\n", charter.parties[0].log);
    fmt::print("  charter      {} (read it: these are the terms that checks follow)\n\n",
               dir.charter());
    fmt::print(
        "Take these two files offline now, to two places, and delete them here:\n"
        "  {}\n      signs new keys and charters; who has it can speak for you for ever\n"
        "  {}\n      its successor, for the day the first is lost or stolen\n",
        dir.root_key(), dir.root_next_key());
    fmt::print(
        "Keep a copy of this one where backups do not go:\n"
        "  {}\n      opens the stored bodies; without it the register cannot be read, with "
        "it everybody can\n",
        dir.vault_key());
    fmt::print(
        "These stay here, are never copied, and are in no backup:\n"
        "  {}/\n      the log key and the head it last signed; a second copy would sign two "
        "histories\n"
        "  {}\n      signs withdrawals and reductions\n",
        dir.signer(), dir.officer_key());
    return Exit::ok;
}

}  // namespace entente::cli
