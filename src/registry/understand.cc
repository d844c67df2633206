// SPDX-License-Identifier: Apache-2.0
#include "registry/understand.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "seal/approval.h"
#include "seal/commitment.h"
#include "statement/field_pack.h"
#include "statement/said_codec.h"

namespace entente::registry {
namespace {

using statement::BodyKeys;
using statement::Slot;

constexpr const char* slot_names[] = {"head", "coarse", "exact"};

std::size_t number(Slot slot) { return static_cast<std::size_t>(slot); }

/// Gathers what one entry says.
class Reading {
  public:
    Reading(const Context& context, const Position& position, const statement::SealedEntry& entry,
            const seal::Bodies& bodies)
        : context_(context), entry_(entry), bodies_(bodies) {
        out_.position = position;
        out_.tag = entry.tag;
    }

    Understood run() {
        for (std::size_t i = 0; i < bodies_.size(); ++i) {
            if (!bodies_[i]) continue;
            committed_[i] =
                seal::commitment(bodies_[i]->salt, bodies_[i]->body) == entry_.commitments[i];
            if (committed_[i])
                out_.opened |= static_cast<std::uint8_t>(1u << i);
            else
                note(i, "its bytes are not what the entry commits to");  // not the author's
        }
        read_head();
        if (!out_.head) return std::move(out_);  // without the secret nothing ties a body to it
        read_exact();
        read_coarse();
        check_approvals();
        return std::move(out_);
    }

  private:
    void fault(std::size_t slot, const std::string& why) {
        out_.void_body = true;
        note(slot, why);
    }
    void note(std::size_t slot, const std::string& why) {
        out_.faults.push_back(std::string(slot_names[slot]) + " body is void: " + why);
    }

    const Bytes* body(Slot slot) const {
        const std::size_t i = number(slot);
        return committed_[i] ? &bodies_[i]->body : nullptr;
    }

    void read_head() {
        const Bytes* bytes = body(Slot::head);
        if (bytes == nullptr) return;
        auto head = statement::decode_head(*bytes);
        if (!head) return fault(0, head.error().detail);
        const BodyKeys& keys = head->keys;
        if (keys.origin != context_.origin || keys.charter != context_.charter) {
            return fault(0, "it belongs to " + keys.origin.v + " under " + keys.charter);
        }
        if (statement::record_id(keys.origin, head->secret) != keys.record) {
            return fault(0, "its record id is not made from its secret");
        }
        if (statement::version_tag(head->secret, keys.version) != entry_.tag) {
            return fault(0, "its tag is not that of version " + std::to_string(keys.version));
        }
        out_.head = std::move(*head);
    }

    bool belongs(Slot slot, const BodyKeys& keys) {
        if (keys == out_.head->keys) return true;
        fault(number(slot), "it names another record or version than its head");
        return false;
    }

    void read_exact() {
        const Bytes* bytes = body(Slot::exact);
        if (bytes == nullptr) return;
        const std::string& kind = out_.head->kind;
        if (kind == statement::receipt_kind) {
            return read_beside(*bytes, statement::decode_receipt(*bytes), out_.receipt);
        }
        if (kind == statement::recall_kind) {
            return read_beside(*bytes, statement::decode_recall(*bytes), out_.recall);
        }
        if (kind == statement::purge_kind) {
            return read_beside(*bytes, statement::decode_purge(*bytes), out_.purge);
        }
        if (kind == statement::field_pack_kind) {
            // The register has no use for it; only that it is what it says it is.
            std::shared_ptr<const statement::FieldPack> unused;
            return read_beside(*bytes, statement::decode_field_pack(*bytes), unused);
        }
        if (statement::is_dealing(kind)) return read_dealing(*bytes);
        auto exact = statement::decode_exact(*bytes);
        if (!exact || kind != exact->protection.kind()) return read_unknown(*bytes, Slot::exact);
        if (!belongs(Slot::exact, exact->keys)) return;
        const Bytes coarse = statement::encode_coarse(statement::coarse_of(*exact));
        out_.coarse_opens = seal::commitment(exact->coarse.salt, coarse) ==
                            entry_.commitments[number(Slot::coarse)];
        out_.content = std::make_shared<const Content>(
            Content{std::move(exact->protection), std::move(exact->coarse)});
    }

    /// A statement that protects nothing, if it is of its kind's form.
    template <class T>
    void read_beside(const Bytes& bytes, Result<T> read, std::shared_ptr<const T>& into) {
        if (!read) return read_unknown(bytes, Slot::exact);
        if (!belongs(Slot::exact, read->keys)) return;
        into = std::make_shared<const T>(std::move(*read));
    }

    /// In a form that is not known here it protects if it has a `where`; if not, it is kept.
    void read_dealing(const Bytes& bytes) {
        auto read = statement::decode_dealt(out_.head->kind, bytes);
        if (!may_deal(bytes, Slot::exact, read)) return;
        if (!belongs(Slot::exact, statement::keys_of(*read))) return;
        out_.dealt = std::make_shared<const statement::Dealt>(std::move(*read));
    }

    void read_tear(const Bytes& bytes) {
        auto read = statement::decode_said<statement::Tear>(bytes, Slot::coarse);
        if (!may_deal(bytes, Slot::coarse, read) || !belongs(Slot::coarse, read->keys)) return;
        out_.tear = std::make_shared<const statement::Tear>(std::move(*read));
    }

    /// Whatever else it says: a where protects.
    template <class T>
    bool may_deal(const Bytes& bytes, Slot slot, const Result<T>& read) {
        if (statement::decode_unknown(bytes, slot))
            read_unknown(bytes, slot);
        else if (!read)
            note(number(slot), read.error().detail);
        return read.has_value();
    }

    void read_unknown(const Bytes& bytes, Slot slot) {
        auto unknown = statement::decode_unknown(bytes, slot);
        if (!unknown) return fault(number(slot), unknown.error().detail);
        if (!belongs(slot, unknown->keys)) return;
        // Both shape bodies may be of a form not understood here: the places of both protect.
        out_.unknown_where.insert(out_.unknown_where.end(), unknown->where.begin(),
                                  unknown->where.end());
    }

    void read_coarse() {
        const Bytes* bytes = body(Slot::coarse);
        if (bytes == nullptr) return;
        // Who has the exact body and a matching opening has read the coarse one already.
        if (out_.content && out_.coarse_opens) return;
        if (statement::tears(out_.head->kind)) return read_tear(*bytes);
        auto coarse = statement::decode_coarse(*bytes);
        if (!coarse) return read_unknown(*bytes, Slot::coarse);
        if (belongs(Slot::coarse, coarse->keys)) out_.coarse = std::move(*coarse);
    }

    void check_approvals() {
        const auto& approvals = out_.head->approvals;
        if (approvals.empty()) return;
        // From the bytes, not from what was understood of them: a later version's members are
        // signed.
        const auto bare = statement::unapproved_head(*body(Slot::head));
        if (!bare) return;
        const seal::Approved what{sha256(*bare), entry_.commitments[number(Slot::coarse)],
                                  entry_.commitments[number(Slot::exact)]};
        for (const statement::Approval& approval : approvals) {
            auto key = PublicKey::from(approval.key);
            if (key && seal::verify_approval(*key, what, approval.signature)) {
                out_.approved_by.push_back(*key);
            }
        }
    }

    const Context& context_;
    const statement::SealedEntry& entry_;
    const seal::Bodies& bodies_;
    std::array<bool, statement::slot_count> committed_{};
    Understood out_;
};

}  // namespace

Understood understand(const Context& context, const Position& position,
                      const statement::SealedEntry& entry, const seal::Bodies& bodies) {
    return Reading(context, position, entry, bodies).run();
}

}  // namespace entente::registry
