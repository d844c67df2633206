// SPDX-License-Identifier: Apache-2.0
// `entente charter adopt`: a party's log begins under a charter that all have signed, or goes on
// under its next version. Order: everything checked -> documents stored -> entry logged -> files
// put in place, charter.toml last. So the same call after a crash goes on where it stopped.
#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/charter_files.h"
#include "cli/role_keys.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "node/terms.h"
#include "statement/adoption.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "store/sqlite_store.h"

namespace entente::cli {
namespace {

/// A charter with all that was checked of it, and the files of its versions, oldest first.
struct Checked {
    node::Chain chain;
    std::vector<Bytes> files;
    const statement::CharterParty* card = nullptr;  // within chain
    std::string vkey{};                             // of the log that this party keeps
};

Result<void> check_card(const DataDir& dir, Checked& checked) {
    const statement::Charter& charter = checked.chain.charter;
    TRY(signer, store::open_file_signer(dir.signer()));
    TRY(vkey, signer->vkey());
    checked.vkey = vkey;
    for (const statement::CharterParty& party : charter.parties) {
        // Of who goes on in a successor log it may name the one before (PROTOCOL 25).
        const Origin log{vkey.substr(0, vkey.find('+'))};
        if (statement::log_number(charter, party.id, log) != 0) checked.card = &party;
    }
    if (checked.card != nullptr && charter.solo && checked.card->log != vkey) {
        checked.card = nullptr;
    }
    if (checked.card == nullptr) {
        return fail(Errc::refused,
                    fmt::format("charter {} version {} names no party whose log key is {}; it is "
                                "the charter of others, or this party is not in it any more",
                                charter.id, charter.version, vkey));
    }
    return charter.solo ? Result<void>() : check_role_keys(dir, *checked.card);
}

Result<Checked> check(const DataDir& dir, const CharterArgs& args) {
    TRY(file, read_charter_file(args.file));
    TRY(earlier, earlier_versions(args.previous, dir.path));
    auto chain = node::read_chain(file, earlier);
    if (!chain) return at(args.file, chain.error());
    Checked out{std::move(*chain), {}, nullptr};
    for (std::size_t i = 0; i + 1 < out.chain.hashes.size(); ++i) {
        TRY(before, earlier(out.chain.hashes[i]));
        out.files.push_back(before.value_or(Bytes()));
    }
    out.files.push_back(std::move(file));
    TRYV(check_card(dir, out));
    return out;
}

Result<void> put_documents(node::Store& store, const Checked& checked) {
    for (std::size_t i = 0; i < checked.files.size(); ++i) {
        TRYV(store.put_document(checked.chain.hashes[i], checked.files[i]));
    }
    return {};
}

/// The files, charter.toml last: with it the adoption is done.
Result<void> put_in_place(const DataDir& dir, const Checked& checked) {
    store::Files& files = store::os_files();
    TRYV(files.make_dir(dir.charters()));
    for (std::size_t i = 0; i < checked.files.size(); ++i) {
        const auto version = static_cast<std::uint32_t>(i + 1);
        TRYV(store::write_atomically(files, dir.charter_version(version), checked.files[i]));
    }
    const statement::Charter& charter = checked.chain.charter;
    if (!charter.solo) {
        TRYV(install_role_keys(dir, *checked.card));
        statement::Card card{charter.id, charter.exercise, *checked.card};
        card.party.log = checked.vkey;
        TRYV(store::write_atomically(files, dir.card(), statement::format_card(card)));
    }
    return store::write_atomically(files, dir.charter(), checked.files.back());
}

// -- the first version --

Result<std::vector<Bytes>> founding_keys(const DataDir& dir) {
    TRY(text, read_file(dir.founding(), 64 * limits::entry_bytes_max));
    std::vector<Bytes> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

/// The database of a log that may have been begun. What an interrupted call left half made, before
/// anything was signed, is made anew.
Result<std::unique_ptr<node::Store>> begin_database(const DataDir& dir, node::Signer& signer) {
    TRY(there, store::os_files().stat(dir.database()));
    if (!there || there->size == 0) {
        return store::open_sqlite(dir.database(), store::OpenMode::create);
    }
    auto opened = store::open_sqlite(dir.database(), store::OpenMode::read_write);
    TRY(state, signer.state());
    if (opened || opened.error().code == Errc::unavailable || state.last || state.next) {
        return opened;
    }
    for (const char* ending : {"", "-wal", "-shm"}) {
        TRYV(store::os_files().remove(dir.database() + ending));
    }
    return store::open_sqlite(dir.database(), store::OpenMode::create);
}

Result<void> begin_log(const DataDir& dir, const Checked& checked) {
    TRY(keys, founding_keys(dir));
    TRY(entries, node::founding_entries(checked.chain.charter, checked.chain.hashes.back(),
                                        checked.card->id, keys));
    TRY(signer, store::open_file_signer(dir.signer()));
    TRY(store, begin_database(dir, *signer));
    TRYV(put_documents(*store, checked));
    return node::Node::create(*store, *signer, checked.files.back(), entries);
}

// -- a later version --

Result<void> go_on(const DataDir& dir, const CharterArgs& args, const Checked& checked) {
    const statement::Charter& charter = checked.chain.charter;
    {
        TRY(store, store::open_sqlite(dir.database(), store::OpenMode::read_write));
        if (!args.despite_rivals) {
            TRYV(node::check_unrivalled(*store, charter.version, checked.chain.hashes.back()));
        }
        TRYV(put_documents(*store, checked));
    }
    TRY(session, Session::open(args.common, {Access::write, false, "", checked.files.back()}));
    if (session.node().adopted() >= charter.version) return {};
    const Bytes entry =
        statement::encode_adoption({charter.id, charter.version, checked.chain.hashes.back()});
    TRY(receipt, session.node().log({{}, {entry}}, now()));
    (void)receipt;
    return {};
}

/// The version follows from the one that is in force here, and from no rival of it.
Result<bool> is_next(const DataDir& dir, const Checked& checked) {
    TRY(current, read_charter_file(dir.charter()));
    TRY(hash, statement::charter_hash(current));
    TRY(version, statement::parse_charter(current));
    const auto& hashes = checked.chain.hashes;
    if (hashes.back() == hash) return false;
    if (version.version < hashes.size() && hashes[version.version - 1] == hash) return true;
    return fail(Errc::refused,
                fmt::format("version {} of charter {} does not follow from the one in force here, "
                            "version {} of {} (hash {})",
                            checked.chain.charter.version, checked.chain.charter.id,
                            version.version, version.id, to_base64(hash.view())));
}

enum class Step { begun, went_on, nothing };

Result<Step> adopt(const DataDir& dir, const CharterArgs& args, Checked& checked) {
    TRY(found, check(dir, args));
    checked = std::move(found);
    TRYV(check_card(dir, checked));  // points into what was moved
    TRY(there, store::os_files().stat(dir.charter()));
    if (!there) {
        TRYV(begin_log(dir, checked));
        TRYV(put_in_place(dir, checked));
        return Step::begun;
    }
    TRY(next, is_next(dir, checked));
    if (!next) return Step::nothing;
    TRYV(go_on(dir, args, checked));
    TRYV(put_in_place(dir, checked));
    return Step::went_on;
}

}  // namespace

Exit charter_adopt(const CharterArgs& args) {
    CharterArgs cleaned = args;
    std::string& data = cleaned.common.data;
    while (data.size() > 1 && data.back() == '/') data.pop_back();
    const DataDir dir{data};
    Checked checked;
    const auto step = adopt(dir, cleaned, checked);
    if (!step) return report("charter adopt", step.error());
    const statement::Charter& charter = checked.chain.charter;
    const char* mark = charter.exercise ? "EXERCISE: " : "";
    switch (*step) {
        case Step::begun:
            fmt::print(
                "{}{} ({}) has a log under the charter {}\n  log origin   {}\n  log key      "
                "{}\n",
                mark, checked.card->name, checked.card->id.v, charter.id,
                charter.origin(checked.card->id).v, checked.card->log);
            break;
        case Step::went_on:
            fmt::print("{}the log goes on under version {} of the charter {}\n", mark,
                       charter.version, charter.id);
            break;
        case Step::nothing:
            fmt::print("{}version {} of the charter {} is in force here already\n", mark,
                       charter.version, charter.id);
            break;
    }
    return Exit::ok;
}

}  // namespace entente::cli
