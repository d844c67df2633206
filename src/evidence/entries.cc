// SPDX-License-Identifier: Apache-2.0
#include "evidence/entries.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "geo/covers.h"
#include "geo/valid.h"
#include "seal/approval.h"
#include "seal/commitment.h"
#include "statement/fields.h"

namespace entente::evidence {
namespace {

using statement::BodyKeys;
using statement::Fields;
using statement::OpenEntry;
using statement::Slot;

std::size_t number(Slot slot) { return static_cast<std::size_t>(slot); }

/// The keys that tie a body of any kind to its entry (PROTOCOL 2).
Result<BodyKeys> keys_of(BytesView body, Slot slot) {
    TRY(value, statement::canon::decode(body, limits::body_bytes_max));
    TRY(in, Fields::of(value, "a body"));
    TRY(charter, in.text("charter"));
    TRY(origin, in.text("origin"));
    TRY(record_text, in.text("record"));
    TRY(record, RecordId::parse(record_text));
    TRY(version, in.integer("version"));
    TRY(in_slot, in.integer("slot"));
    if (version < 1 || version > UINT32_MAX || in_slot != static_cast<int>(slot) + 1) {
        return fail(Errc::bad_proof, "the body is for another slot or version");
    }
    return BodyKeys{charter, {origin}, record, static_cast<std::uint32_t>(version)};
}

/// A key that the root gives; nothing for one of another role, or that the root did not sign: such
/// an entry stands in the log and says nothing.
std::optional<std::pair<PublicKey, std::uint64_t>> officer_key(const OpenEntry& entry,
                                                               EntryIndex index,
                                                               const EntryContext& context) {
    const Fields in(entry.fields);
    const auto role = in.text("role");
    const auto key_text = in.text("key");
    const auto origin = in.text("origin");
    const auto signature_text = in.text("signature");
    const auto from = in.integer("from");
    if (!role || !key_text || !origin || !signature_text || !from) return {};
    if (*role != "officer" || *origin != context.origin.v || *from < 0) return {};
    const auto key = from_base64url(*key_text).and_then(
        [](const Bytes& bytes) { return PublicKey::from(bytes); });
    const auto signature = from_base64url(*signature_text);
    const auto root = PublicKey::from(context.party.root);
    if (!key || !signature || !root) return {};
    OpenEntry bare{entry.kind, {}};
    for (const auto& [name, value] : entry.fields.members()) {
        if (name != "signature") bare.fields.set(name, value);
    }
    if (!verify(*root, "entente/v1/key\n" + statement::encode_entry(bare), *signature)) return {};
    return std::pair(*key, std::max(static_cast<std::uint64_t>(*from), index.v));
}

class BodyCheck {
  public:
    BodyCheck(const ShownEntry& shown, const EntryContext& context, ProvenEntry& out)
        : shown_(shown), context_(context), out_(out) {}

    Result<void> run() {
        if (shown_.bodies.empty()) return {};
        for (const ShownBody& body : shown_.bodies) {
            if (seal::commitment(body.salt, body.body) !=
                out_.sealed->commitments[number(body.slot)]) {
                return fail(Errc::bad_proof, name(body.slot) +
                                                 " body: its bytes and salt are not what the "
                                                 "entry commits to");
            }
            out_.shown[number(body.slot)] = true;
        }
        TRYV(read_head());
        for (const ShownBody& body : shown_.bodies) {
            if (body.slot == Slot::head) continue;
            auto good = read_other(body);
            if (!good) return at(name(body.slot) + " body", good.error());
        }
        TRYV(check_coarse());
        return check_approvals();
    }

  private:
    static std::string name(Slot slot) {
        return slot == Slot::head ? "head" : slot == Slot::coarse ? "coarse" : "exact";
    }

    Result<void> read_head() {
        // Without the secret that stands in it nothing ties the other bodies to the record.
        if (shown_.bodies.front().slot != Slot::head) {
            return fail(Errc::malformed, "bodies are shown without the head");
        }
        TRY(head, statement::decode_head(shown_.bodies.front().body));
        const BodyKeys& keys = head.keys;
        if (keys.origin != context_.origin || keys.charter != context_.charter.id) {
            return fail(Errc::bad_proof, "head body: it belongs to another log or charter");
        }
        if (statement::record_id(keys.origin, head.secret) != keys.record) {
            return fail(Errc::bad_proof, "head body: its record id is not made from its secret");
        }
        if (statement::version_tag(head.secret, keys.version) != out_.sealed->tag) {
            return fail(Errc::bad_proof, "head body: the entry's tag is not this version's");
        }
        out_.head = std::move(head);
        return {};
    }

    Result<void> read_other(const ShownBody& body) {
        if (!out_.head->used[number(body.slot)]) {
            return fail(Errc::bad_proof, "the head says that there is none");
        }
        TRY(keys, keys_of(body.body, body.slot));
        if (keys != out_.head->keys) {
            return fail(Errc::bad_proof, "it is of another record or version than its head");
        }
        // What is not understood here is still proven to have been said.
        if (body.slot == Slot::coarse) {
            if (auto coarse = statement::decode_coarse(body.body)) out_.coarse = std::move(*coarse);
        } else if (out_.head->kind == statement::receipt_kind) {
            if (auto receipt = statement::decode_receipt(body.body)) {
                out_.receipt = std::move(*receipt);
            }
        } else if (statement::is_dealing(out_.head->kind)) {
            if (auto dealt = statement::decode_dealt(out_.head->kind, body.body)) {
                out_.dealt = std::move(*dealt);
            }
        } else if (auto exact = statement::decode_exact(body.body)) {
            if (exact->protection.kind() == out_.head->kind) out_.exact = std::move(*exact);
        }
        return {};
    }

    /// The exact body opens the coarse one: so what others were told is what this one covers.
    Result<void> check_coarse() {
        if (!out_.exact || !out_.head->used[number(Slot::coarse)]) return {};
        const statement::Coarse coarse = statement::coarse_of(*out_.exact);
        if (seal::commitment(out_.exact->coarse.salt, statement::encode_coarse(coarse)) !=
            out_.sealed->commitments[number(Slot::coarse)]) {
            return fail(Errc::bad_proof,
                        "the exact body opens another coarse body than the entry commits to");
        }
        out_.coarse = coarse;
        const auto& places = out_.exact->protection.where;
        out_.coarse_covers = std::all_of(places.begin(), places.end(), [&](const auto& place) {
            return covers(coarse.where, place, out_.exact->protection.protection_class);
        });
        return {};
    }

    bool covers(const std::vector<geo::Place>& coarse, const geo::Place& place,
                statement::ProtectionClass protection_class) const {
        const auto i = static_cast<std::size_t>(protection_class);
        const statement::CharterTerms& terms = context_.charter.terms;
        const auto reach = [](const std::optional<Decimetres>& stated, Decimetres otherwise) {
            return metres(stated && stated->v >= 0 ? *stated : otherwise);
        };
        const Metres out =
            reach(place.buffer, terms.buffers[i]) + reach(place.accuracy, terms.accuracies[i]);
        return geo::validate(place) &&
               std::any_of(coarse.begin(), coarse.end(), [&](const auto& one) {
                   return geo::validate(one) && geo::covers(one, Metres{0}, place, out);
               });
    }

    Result<void> check_approvals() {
        if (out_.head->approvals.empty()) return {};
        TRY(bare, statement::unapproved_head(shown_.bodies.front().body));
        const seal::Approved what{sha256(bare), out_.sealed->commitments[number(Slot::coarse)],
                                  out_.sealed->commitments[number(Slot::exact)]};
        for (const statement::Approval& approval : out_.head->approvals) {
            const auto key = PublicKey::from(approval.key);
            const bool good = key && seal::verify_approval(*key, what, approval.signature);
            const auto officer = good ? context_.officers.find(*key) : context_.officers.end();
            if (good && approval.key == context_.party.root) {
                out_.approved_by.push_back("root");
            } else if (officer != context_.officers.end() && officer->second <= out_.index.v) {
                out_.approved_by.push_back("officer " + to_base64url(key->view()));
            } else {
                ++out_.approvals_unknown;
            }
        }
        return {};
    }

    const ShownEntry& shown_;
    const EntryContext& context_;
    ProvenEntry& out_;
};

}  // namespace

Result<ProvenEntry> read_entry(const ShownEntry& shown, EntryContext& context) {
    ProvenEntry out;
    out.index = shown.index;
    out.leaf = tlog::leaf_hash(shown.entry);
    TRY(entry, statement::decode_entry(shown.entry));
    if (auto* sealed = std::get_if<statement::SealedEntry>(&entry)) {
        out.sealed = std::move(*sealed);
        TRYV(BodyCheck(shown, context, out).run());
        return out;
    }
    if (!shown.bodies.empty()) return fail(Errc::bad_proof, "an open entry has no bodies");
    out.open = std::move(std::get<OpenEntry>(entry));
    if (out.open->kind == "key") {
        if (const auto key = officer_key(*out.open, out.index, context)) {
            context.officers.insert(*key);
        }
    } else if (out.open->kind == statement::beat_kind) {
        TRY(beat, statement::decode_beat(*out.open));
        out.beat = std::move(beat);
    }
    return out;
}

}  // namespace entente::evidence
