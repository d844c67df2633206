// SPDX-License-Identifier: Apache-2.0
// A node's way up: heads compared, rows verified, register folded. Nothing stored is believed.
#include <algorithm>

#include "base/encode.h"
#include "node/genesis.h"
#include "node/node.h"
#include "node/succession.h"
#include "node/terms.h"
#include "statement/adoption.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

SignedHead signed_head(const StoredHead& head) { return {head.size, head.root}; }

std::string shown(const SignedHead& head) {
    return "size " + std::to_string(head.size.v) + " root " + to_base64(head.root.view());
}

std::string row_name(const StoredEntry& row) { return "entry " + std::to_string(row.index.v); }

/// The charter's party whose log this signer's key keeps.
Result<PartyId> party_of(const statement::Charter& charter, const std::string& vkey) {
    for (const statement::CharterParty& party : charter.parties) {
        if (party.log == vkey) return party.id;
    }
    for (const statement::CharterParty& party : charter.parties) {
        const Origin named{vkey.substr(0, vkey.find('+'))};
        if (statement::log_number(charter, party.id, named) == 0) continue;
        return fail(Errc::unknown_key,
                    "the signer's key is that of " + named.v + ", and " + party.id.v +
                        " goes on in " + charter.origin(party.id).v +
                        "; put the signer of that log back, or if entente key rotate log did not "
                        "end, give the same command again");
    }
    return fail(Errc::unknown_key, "the signer's key " + vkey + " is no party's in charter " +
                                       charter.id + "; signer and charter are of two exchanges");
}

/// The charter that the store keeps for others is to be what create() put there: the file itself.
/// Its hash does not cover the lines of signatures, so the bytes are compared.
Result<void> check_document(Store& store, const Hash& hash, BytesView charter_file) {
    const std::string name = "document " + to_base64(hash.view());
    auto stored = store.document(hash);
    if (!stored) return at(name, stored.error());
    if (!*stored) {
        return fail(Errc::bad_proof, name + ": the store does not hold the charter any more");
    }
    if (**stored == charter_file) return {};
    const auto first = std::mismatch((*stored)->begin(), (*stored)->end(), charter_file.begin(),
                                     charter_file.end())
                           .first;
    return fail(Errc::bad_proof, name + ": the store's charter differs from charter.toml at byte " +
                                     std::to_string(first - (*stored)->begin()) +
                                     ": one of the two was changed");
}

}  // namespace

Result<OpenedRow> open_row(const registry::Context& context, const seal::Vault& vault,
                           const StoredEntry& row) {
    OpenedRow out;
    out.leaf = tlog::leaf_hash(row.entry);
    auto entry = statement::decode_entry(row.entry);
    if (!entry) return at(row_name(row), entry.error());
    if (auto* open = std::get_if<statement::OpenEntry>(&*entry)) {
        out.open = std::move(*open);
        return out;
    }
    auto opened = vault.open(out.leaf, row.wrapped_keys, row.ciphertexts);
    if (!opened) {
        Error error = at(row_name(row) + ": vault", opened.error()).value();
        if (!row.wrapped_keys.empty() || !row.ciphertexts.empty()) {
            return tl::unexpected(std::move(error));
        }
        out.lost = std::get<statement::SealedEntry>(*entry);
        out.unopened = std::move(error);
        return out;
    }
    out.understood = registry::understand(context, {row.index, out.leaf},
                                          std::get<statement::SealedEntry>(*entry), opened->bodies);
    if (!out.understood->faults.empty()) {
        return fail(Errc::bad_proof, row_name(row) + ": " + out.understood->faults.front());
    }
    return out;
}

Opening::Opening(Store& store, Signer& signer, Chain chain, tlog::SignedCheckpoint head,
                 std::uint64_t epoch, tlog::VerifierKey key)
    : store_(&store), signer_(&signer), charter_(chain.charter),
      charter_hashes_(std::move(chain.hashes)),
      party_(party_of(charter_, key.text()).value()), context_{head.checkpoint.origin, charter_.id},
      head_(std::move(head)), epoch_(epoch), key_(std::move(key)),
      registry_(std::move(chain.charter), party_) {}

Result<Opening> Opening::begin(Store& store, Signer& signer, std::string_view charter_file,
                               bool may_sign) {
    TRY(chain, read_newest(store, charter_file));
    const statement::Charter& charter = chain.charter;
    TRY(vkey_text, signer.vkey());
    TRY(key, tlog::VerifierKey::parse(vkey_text));
    TRY(party, party_of(charter, vkey_text));
    const Origin origin = charter.origin(party);
    if (key.name != origin.v) {
        return fail(Errc::unknown_key, "the log key's name is " + key.name + ", not " + origin.v);
    }
    TRY(stored, store.head(origin));
    if (!stored) {
        return fail(Errc::not_found, "the store holds no log of " + origin.v +
                                         "; it is empty, was replaced, or init did not finish");
    }
    TRYV(check_document(store, chain.hashes.back(), charter_file));
    auto head = tlog::open_checkpoint(stored->note, origin, key);
    if (!head) return at("the stored head", head.error());
    if (head->checkpoint.size != stored->size || head->checkpoint.root != stored->root) {
        return fail(Errc::bad_proof, "the stored head's columns differ from its signed note");
    }
    TRY(terms, terms_in_force(store, chain, party));
    chain.charter.terms = std::move(terms);
    Opening opening(store, signer, std::move(chain), std::move(*head), stored->epoch,
                    std::move(key));
    TRY(lost, read_lost(store, own_row(opening.number(), lost_bodies_name)));
    opening.lost_ = std::move(lost);
    TRYV(opening.recover(*stored, may_sign));
    return opening;
}

/// PROTOCOL 26: the store holds `last` (then `next` never was) or `next` (then it became the head);
/// anything else is a store or a signer from another time, and nothing may be signed.
Result<void> Opening::recover(const StoredHead& stored, bool may_sign) {
    TRY(state, signer_->state());
    const SignedHead head = signed_head(stored);
    if (!may_sign && (state.last == head || state.next == head)) {
        halted_ = reading_only;
        return {};
    }
    if (state.last == head) return state.next ? signer_->drop() : Result<void>();
    if (state.next == head) return signer_->settle();
    if (!state.last && !state.next) {
        waits_for_peers_ = charter_.parties.size() > 1;  // alone: always the root
        halted_ =
            "signing is halted: the signer remembers nothing, and the store holds a head of " +
            shown(head) +
            ": this directory was restored, or signer/ was lost. Somebody may hold a newer head "
            "than that, and a second one of its size would convict the log's key. Checks go on; "
            "put signer/ back as it was when it last signed; otherwise nothing is signed until all "
            "peers have told the newest head that they know, or the root opens a successor log";
        return {};
    }
    // The log was fetched back further than the signer remembers: it may have signed yet more.
    if (state.last && !state.next && state.last->size < head.size && charter_.parties.size() > 1) {
        remembered_ = state.last;
        waits_for_peers_ = true;
        halted_ =
            "signing is halted: the store holds a head of " + shown(head) +
            ", the signer's memory ends at " + shown(*state.last) +
            ": signer/ was put back from another time. Checks go on; nothing is signed until all "
            "peers have told the newest head that they know, or the root opens a successor log";
        return {};
    }
    halted_ = "signing is halted: the store's head is " + shown(head) +
              ", the signer last signed " + (state.last ? shown(*state.last) : "nothing") +
              (state.next ? " and meant to sign " + shown(*state.next) : std::string()) +
              "; the store or the signer's files were put back from another time. Checks go on; "
              "restore the newer of the two, fetch what is missing from the other parties' copies "
              "(entente scrub --from-peers), or let the root open a successor log";
    return {};
}

/// The versions that a log adopts are those of charter.toml's chain, in their order.
Result<void> Opening::adopt(const std::string& where, const statement::OpenEntry& entry) {
    auto adoption = statement::decode_adoption(entry);
    if (!adoption) return at(where, adoption.error());
    if (adoption->charter == charter_.id && adoption->version > charter_.version) {
        return fail(Errc::stale, where + " adopts version " + std::to_string(adoption->version) +
                                     " of the charter, charter.toml is version " +
                                     std::to_string(charter_.version) +
                                     "; give the newer file to: entente charter adopt");
    }
    if (adoption->charter != charter_.id || adoption->version <= adopted_ ||
        charter_hashes_[adoption->version - 1] != adoption->hash) {
        return fail(Errc::bad_proof, where + " adopts another charter than charter.toml");
    }
    adopted_ = adoption->version;
    return {};
}

Result<void> Opening::add(OpenedRow row) {
    const EntryIndex index{leaves_.size()};
    const std::string where = "entry " + std::to_string(index.v);
    const bool is_charter = row.open && row.open->kind == statement::charter_kind;
    if (is_charter) TRYV(adopt(where, *row.open));
    if (index.v == 0 && !is_charter) return fail(Errc::bad_proof, where + " adopts no charter");
    leaves_.push_back(row.leaf);
    if (row.open) {
        registry_.apply({index, row.leaf}, *row.open);
        return {};
    }
    if (row.lost) {
        if (!is_lost(lost_, index)) return tl::unexpected(*row.unopened);
        lost_tags_.insert(row.lost->tag);
        registry_.note_sealed(0, {index, row.leaf}, *row.lost);
        return {};
    }
    if (row.understood->position.index != index) {
        return fail(Errc::bad_proof, where + " was opened as another entry");
    }
    if (row.understood->head) newest_ = std::max(newest_, row.understood->head->time);
    registry_.apply(*row.understood);
    return {};
}

Result<Node> Opening::finish(bool build_index) && {
    if (leaves_.size() != head_.checkpoint.size.v) {
        return fail(Errc::bad_proof, "the store has " + std::to_string(leaves_.size()) +
                                         " entries, its head says " +
                                         std::to_string(head_.checkpoint.size.v));
    }
    TRY(log, tlog::Log::load(context_.origin, leaves_));
    if (log.checkpoint().root != head_.checkpoint.root) {
        return fail(
            Errc::bad_proof,
            "the stored entries do not have the root that was signed: an entry was changed, "
            "added or exchanged since");
    }
    if (remembered_ && log.tree().root(remembered_->size) != remembered_->root) {
        waits_for_peers_ = false;
        halted_ = "signing is halted: the signer last signed " + shown(*remembered_) +
                  ", which is no head of the stored log: its key was used elsewhere. Let the root "
                  "open a successor log";
    }
    registry_.settle();
    Node node(std::move(*this), std::move(log));
    if (build_index) node.state();
    return node;
}

}  // namespace entente::node
