// SPDX-License-Identifier: Apache-2.0
// A party among others goes on in a successor log. Nobody else signs anything: the root's key entry
// says it all, and peers follow what it names.
// Order: new key -> the first entries of the successor, with the key entry, in one transaction ->
// the memory of what was cosigned moves to the new signer -> what is in force stated anew in it, to
// whom it was given before -> signer/ moves aside, the new one into its place. From that
// transaction on the log before is signed no more; the same call after a crash goes on where it
// stopped.
#include <fmt/format.h>

#include "base/limits.h"
#include "cli/charter_files.h"
#include "cli/state_anew.h"
#include "cli/successor.h"
#include "node/exchange_state.h"
#include "node/restate.h"
#include "node/succession.h"
#include "statement/vkey.h"
#include "store/file_cosign_state.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "store/sqlite_store.h"

namespace entente::cli {
namespace {

Result<bool> is_there(const std::string& path) {
    TRY(there, store::os_files().stat(path));
    return there.has_value();
}

Origin log_of(const std::string& vkey) { return {vkey.substr(0, vkey.find('+'))}; }

/// Whose directory it is: by its card, or by the log that its signer keeps.
Result<PartyId> party_of(const DataDir& dir, const statement::Charter& charter) {
    const auto text = read_file(dir.card(), limits::card_bytes_max);
    if (text) {
        TRY(card, statement::parse_card(*text));
        return card.party.id;
    }
    TRY(signer, store::open_file_signer(dir.signer()));
    TRY(vkey, signer->vkey());
    for (const statement::CharterParty& party : charter.parties) {
        if (statement::log_number(charter, party.id, log_of(vkey)) != 0) return party.id;
    }
    return fail(Errc::refused, dir.signer() + " keeps the log of no party of the charter");
}

struct Step {
    statement::Charter charter;  // names the log that goes on once this is done
    PartyId party;
    Origin before;
    Origin next;
    std::string vkey;
    std::uint32_t number() const { return statement::log_number(charter, party, before); }
};

/// The key that waits, made where there is none.
Result<std::string> next_key(const DataDir& dir, const Origin& next) {
    TRY(waits, is_there(dir.next_signer() + "/key"));
    if (!waits) {
        TRY(made, tlog::LogKey::generate(next.v, os_random()));
        TRYV(store::create_file_signer(dir.next_signer(), made));
    }
    TRY(signer, store::open_file_signer(dir.next_signer()));
    return signer->vkey();
}

/// Whether the signer remembers what it signed last, and with that what this node cosigned.
Result<bool> remembers(const DataDir& dir, node::Store& store, const Origin& log) {
    TRY(cosigned, is_there(dir.cosigned()));
    const auto signer = store::open_file_signer(dir.signer());
    if (!cosigned || !signer) return false;
    TRY(state, (*signer)->state());
    TRY(head, store.head(log));
    if (!head) return false;
    const node::SignedHead stored{head->size, head->root};
    return state.last == stored || state.next == stored;
}

/// Its first entries, if it has none yet.
Result<Step> begin(const DataDir& dir, const Bytes& file, const SecretKey& root) {
    TRY(store, store::open_sqlite(dir.database(), store::OpenMode::read_write));
    TRY(chain, node::read_newest(*store, file));
    Step out;
    TRY(party, party_of(dir, chain.charter));
    const statement::CharterParty* const card = chain.charter.party(party);
    if (card == nullptr || Bytes(root.public_key().view()) != card->root) {
        return fail(Errc::refused,
                    "this is not the root key that the charter names for " + party.v);
    }
    out.party = std::move(party);
    const Origin newest = chain.charter.origin(out.party);
    TRY(waits, is_there(dir.next_signer() + "/key"));
    if (waits) {
        TRY(signer, store::open_file_signer(dir.next_signer()));
        TRY(vkey, signer->vkey());
        if (log_of(vkey) == newest) {  // begun by a call that was interrupted
            const std::uint32_t number = statement::log_number(chain.charter, out.party, newest);
            out.before = statement::log_name(chain.charter, out.party, number - 1);
            out.next = newest;
            out.vkey = std::move(vkey);
            out.charter = std::move(chain.charter);
            return out;
        }
    }
    out.before = newest;
    TRY(next, node::next_log(chain.charter, out.party));
    out.next = std::move(next);
    TRY(vkey, next_key(dir, out.next));
    if (log_of(vkey) != out.next) {
        return fail(Errc::refused,
                    fmt::format("{} holds the key of {}, and {} would be next; put it "
                                "aside",
                                dir.next_signer(), log_of(vkey).v, out.next.v));
    }
    TRY(key, statement::parse_vkey(vkey));
    TRY(log, node::succeed(*store, chain, out.party, key.key, root));
    TRY(knows, remembers(dir, *store, newest));
    if (!knows) log.additions.local.emplace_back(node::cosigned_unknown_name, "1\n");
    TRY(signer, store::open_file_signer(dir.next_signer()));
    TRYV(node::Node::create(*store, *signer, file, log.entries, std::move(log.additions)));
    out.vkey = std::move(vkey);
    out.charter = std::move(chain.charter);
    return out;
}

Result<void> move_cosigned(const DataDir& dir) {
    const std::string to = dir.next_signer() + "/cosigned";
    TRY(moved, is_there(to));
    if (moved) return {};
    TRY(here, is_there(dir.cosigned()));
    if (!here) return store::create_file_cosign_state(to);
    TRYV(store::os_files().rename(dir.cosigned(), to));
    return store::os_files().sync_dir(dir.next_signer());
}

Result<void> change_places(const DataDir& dir, const Step& step) {
    store::Files& files = store::os_files();
    // What the next version of the charter is to say of this party.
    TRY(card_there, is_there(dir.card()));
    if (card_there) {
        TRY(text, read_file(dir.card(), limits::card_bytes_max));
        TRY(card, statement::parse_card(text));
        card.party.log = step.vkey;
        TRYV(store::write_atomically(files, dir.card(), statement::format_card(card)));
    }
    TRY(here, is_there(dir.signer()));
    if (here) TRYV(files.rename(dir.signer(), dir.signer_before(step.number())));
    TRYV(files.rename(dir.next_signer(), dir.signer()));
    return files.sync_dir(dir.path);
}

}  // namespace

Result<std::size_t> state_anew_from(const KeyArgs& args, const Origin& before,
                                    const Bytes& charter_file) {
    OpenOptions options{Access::write, false, {}};
    options.charter = charter_file;
    options.signer = DataDir{args.common.data}.next_signer();
    TRY(session, Session::open(args.common, options));
    const registry::Snapshot snapshot = session.node().snapshot();
    const std::string actor = args.common.actor.empty() ? login_name() : args.common.actor;
    const Instant moment = now();
    std::size_t out = 0;
    for (const auto& log : snapshot.logs()) {
        if (log->origin != before) continue;
        TRY(drafts, node::restatements({snapshot, log->number, true}, snapshot, actor, moment));
        TRY(count, state_anew(session, std::move(drafts), moment));
        out += count;
    }
    return out;
}

Result<std::string> rotate_among_others(const KeyArgs& args, const Bytes& charter_file,
                                        const SecretKey& root) {
    const DataDir dir{args.common.data};
    TRY(step, begin(dir, charter_file, root));
    TRYV(move_cosigned(dir));
    TRY(count, state_anew_from(args, step.before, charter_file));
    TRYV(change_places(dir, step));
    return fmt::format(
        "The log goes on as {}, with the key\n  {}\n"
        "{} of {} stated anew in it under new ids, to whom it was given before; what could not be "
        "goes on protecting where it stands.\nThe other parties follow it once they have heard of "
        "it: start the node, or sync. Let the next version of the charter name it ({}).\n",
        step.next.v, step.vkey, count == 1 ? "1 record" : grouped(count) + " records",
        step.before.v, dir.card());
}

}  // namespace entente::cli
