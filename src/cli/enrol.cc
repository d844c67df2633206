// SPDX-License-Identifier: Apache-2.0
// `entente init --charter DRAFT`: all keys of a party for one charter, and its card. There is no
// log until the charter is signed by all (charter_adopt.cc). Everything is made in a directory
// beside it and renamed at the end, as by init.
#include <fmt/format.h>

#include <filesystem>

#include "base/encode.h"
#include "cli/charter_files.h"
#include "cli/verbs.h"
#include "statement/key_entry.h"
#include "store/file_signer.h"
#include "store/files.h"

namespace entente::cli {
namespace {

namespace role = statement::key_role;

Result<void> write_keys(const DataDir& dir, const node::Enrolment& made) {
    store::Files& files = store::os_files();
    TRYV(files.make_dir(dir.path));
    TRYV(files.make_dir(dir.keys()));
    TRYV(files.make_dir(dir.offline()));
    TRYV(files.make_dir(dir.charters()));
    TRYV(write_key(dir.vault_key(), "vault", made.vault));
    TRYV(write_key(dir.role_key(role::witness), role::witness, made.witness.seed()));
    TRYV(write_key(dir.role_key(role::mirror), role::mirror, made.mirror.seed()));
    TRYV(write_key(dir.role_key(role::sealing), role::sealing, made.sealing));
    TRYV(write_key(dir.role_key(role::channel), role::channel, made.channel.seed()));
    TRYV(write_key(dir.role_key(role::duty), role::duty, made.duty.seed()));
    TRYV(write_key(dir.officer_key(), role::officer, made.officers[0].seed()));
    for (std::size_t i = 1; i < made.officers.size(); ++i) {
        TRYV(write_key(dir.officer_key(i + 1), role::officer, made.officers[i].seed()));
    }
    TRYV(write_key(dir.root_key(), "root", made.root.seed()));
    TRYV(write_key(dir.root_next_key(), "root-next", made.root_next.seed()));
    return store::create_file_signer(dir.signer(), made.log);
}

Result<void> make(const DataDir& dir, const node::Enrolment& made) {
    store::Files& files = store::os_files();
    TRYV(write_keys(dir, made));
    Bytes founding;
    for (const Bytes& entry : made.key_entries) founding += entry + "\n";
    TRYV(store::write_atomically(files, dir.founding(), founding));
    return store::write_atomically(files, dir.card(), statement::format_card(made.card));
}

Result<void> refuse_if_there(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return {};
    if (std::filesystem::is_directory(path, error) && std::filesystem::is_empty(path, error)) {
        return {};
    }
    return fail(Errc::refused, fmt::format("{} exists and is not empty; init makes a new directory "
                                           "and never writes over one",
                                           path));
}

Result<node::Enrolment> enrol_at(const InitArgs& args) {
    TRY(party, PartyId::parse(args.party));
    TRYV(refuse_if_there(args.common.data));
    TRY(file, read_charter_file(args.charter));
    auto draft = statement::parse_draft(file);
    if (!draft) return at(args.charter, draft.error());
    if (draft->solo) {
        return fail(Errc::refused, args.charter +
                                       " is the charter of a party alone; entente charter "
                                       "new makes one of several");
    }
    TRY(made, node::enrol(*draft,
                          {party, args.name, args.address, args.relay, args.sponsor,
                           args.officers.value_or(statement::joint_officers_default)},
                          os_random()));
    const std::string half = args.common.data + ".init-" + fingerprint(made.card.party.root_next);
    std::error_code error;
    auto done = make({half}, made);
    if (done) done = store::os_files().rename(half, args.common.data);
    if (!done) {
        std::filesystem::remove_all(half, error);
        return tl::unexpected(done.error());
    }
    TRYV(store::os_files().sync_dir(store::dir_of(args.common.data)));
    return made;
}

}  // namespace

Exit enrol(const InitArgs& args) {
    InitArgs cleaned = args;
    std::string& data = cleaned.common.data;
    while (data.size() > 1 && data.back() == '/') data.pop_back();
    const auto made = enrol_at(cleaned);
    if (!made) return report("init", made.error());
    const DataDir dir{data};
    const statement::CharterParty& card = made->card.party;
    fmt::print("{}{} ({}) has its keys for the charter {} in {}\n",
               made->card.exercise ? "EXERCISE: " : "", card.name, card.id.v, made->card.charter,
               dir.path);
    fmt::print("  card         {} (public: send it to whoever puts the charter together)\n",
               dir.card());
    fmt::print("  log key      {}\n\n", card.log);
    fmt::print(
        "Sign the charter when all cards are in it (entente charter sign), then take these "
        "offline, to two\nplaces, and delete them here:\n"
        "  {}\n      signs charters and new keys; who has it can speak for you for ever\n"
        "  {}\n      its successor, for the day the first is lost or stolen\n",
        dir.root_key(), dir.root_next_key());
    for (std::size_t i = 2; i <= made->officers.size(); ++i) {
        fmt::print("Hand this one to its officer, and delete it here:\n  {}\n", dir.officer_key(i));
    }
    fmt::print(
        "There is no log yet. When all have signed: entente charter adopt CHARTER --data {}\n",
        dir.path);
    return Exit::ok;
}

}  // namespace entente::cli
