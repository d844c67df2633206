// SPDX-License-Identifier: Apache-2.0
#include "node/compose.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "geo/coarse.h"
#include "geo/covers.h"
#include "node/compose_movement.h"
#include "node/compose_objection.h"
#include "node/compose_stop.h"
#include "node/proposal.h"
#include "seal/commitment.h"

namespace entente::node {
namespace {

using registry::Reached;
using registry::Record;
using registry::Sort;
using statement::Protection;

Hash random_hash(const Random& random) {
    Hash out;
    random(out.bytes.data(), out.bytes.size());
    return out;
}

std::vector<Reached> reached(const Protection& protection, const statement::CharterTerms& terms) {
    registry::Understood stated;
    stated.content = std::make_shared<const registry::Content>(registry::Content{protection, {}});
    return registry::reached(stated, terms);
}

/// The coarse place of PROTOCOL 13; the one from the version before is kept while it still covers.
geo::Place coarse_place(const Reached& reached, const geo::Place* before) {
    geo::Place out;
    out.volume = geo::coarse_volume(reached.place.volume, reached.reach(),
                                    before != nullptr ? &before->volume.shape : nullptr);
    out.buffer = out.accuracy = Decimetres{0};  // the area already holds both
    return out;
}

/// The coarse place that stood for the same one before: of a movement the leg's, whichever place it
/// has now.
const geo::Place* coarse_before(const Protection& now, std::size_t i, const Record* record) {
    const registry::Content* content = record ? record->content() : nullptr;
    if (content == nullptr) return nullptr;
    if (now.moves()) {
        const auto& legs = content->protection.legs;
        const auto was = std::find_if(legs.begin(), legs.end(), [&](const statement::Leg& leg) {
            return leg.number == now.legs[i].number;
        });
        if (was == legs.end()) return nullptr;
        i = static_cast<std::size_t>(was - legs.begin());
    }
    return i < content->coarse.where.size() ? &content->coarse.where[i] : nullptr;
}

std::vector<geo::Place> coarse_where(const Protection& protection, const Record* record,
                                     const statement::CharterTerms& terms) {
    std::vector<geo::Place> out;
    for (const Reached& place : reached(protection, terms)) {
        out.push_back(coarse_place(place, coarse_before(protection, out.size(), record)));
    }
    return out;
}

Result<Protection> confirmed(const Draft& draft, const Protection& now_stated) {
    if (!draft.until) return fail(Errc::malformed, "a confirmation says until when (--until)");
    Protection out = now_stated;
    out.reconfirm_by = draft.until;
    return out;
}

Result<Protection> move_confirmed(const Protection& now_stated) {
    if (now_stated.where.size() == 1) {
        return fail(Errc::refused, "no move of this record waits to be confirmed");
    }
    Protection out = now_stated;
    out.where.resize(1);
    return out;
}

/// What the next version of a place that does not move states.
Result<Protection> next_of_place(const Author& author, const Draft& draft, const Record& record,
                                 const Protection& now_stated) {
    namespace act = statement::act;
    if (draft.act == act::amend) return amended(draft.protection, record, *author.terms);
    if (draft.act == act::confirm) return confirmed(draft, now_stated);
    if (draft.act == act::confirm_move) return move_confirmed(now_stated);
    return fail(Errc::refused, "record " + record.id.text() +
                                   " is no movement: it is amended, confirmed or withdrawn, not '" +
                                   draft.act + "'");
}

/// What the new version states; nothing for a withdrawal.
Result<std::optional<Protection>> stated(const Author& author, const Draft& draft,
                                         const Record* record, Instant now) {
    using Stated = std::optional<Protection>;
    namespace act = statement::act;
    if (draft.act == act::add) return Stated(draft.protection);
    ASSERT(record != nullptr);
    switch (record->newest().sort) {
        case Sort::movement: return next_of_movement(draft, *record, now);
        case Sort::objection: return next_of_objection(author, draft, *record);
        case Sort::stop: return next_of_stop(draft, *record);
        case Sort::protection:
        case Sort::presence: break;
    }
    if (draft.protection.moves() || draft.leg) {
        return fail(Errc::refused, "record " + record->id.text() + " is no movement");
    }
    if (draft.protection.objects() || draft.act == act::lift) {
        return fail(Errc::refused, "record " + record->id.text() + " is no objection and no STOP");
    }
    const bool is_presence = record->newest().sort == Sort::presence;
    if (draft.act == act::amend && draft.protection.presence.has_value() != is_presence) {
        return fail(Errc::refused,
                    "record " + record->id.text() +
                        (is_presence ? " is a presence: it is amended with its group and grade"
                                     : " is no presence"));
    }
    if (record->newest().withdraws && draft.act != act::amend) {
        return fail(Errc::refused, "record " + record->id.text() + " was withdrawn already");
    }
    if (draft.act == act::withdraw) return Stated();
    const registry::Content* content = record->content();
    if (content == nullptr) {
        return fail(Errc::refused, "record " + record->id.text() + " cannot be read here");
    }
    Result<Protection> next = next_of_place(author, draft, *record, content->protection);
    if (!next) return tl::unexpected(next.error());
    return Stated(std::move(*next));
}

/// Commitments and salted bodies of one version.
struct Bodies {
    seal::Bodies bodies;
    statement::SealedEntry entry;

    void put(statement::Slot slot, Bytes body, const Hash& salt) {
        const auto i = static_cast<std::size_t>(slot);
        entry.commitments[i] = seal::commitment(salt, body);
        bodies[i] = seal::SaltedBody{salt, std::move(body)};
    }
};

/// The coarse and the exact body.
Result<void> put_content(const Author& author, const Protection& protection, const Record* record,
                         const Random& random, const statement::BodyKeys& keys, Bodies& made) {
    TRYV(statement::validate(protection));
    const statement::Exact exact{
        keys, protection, {random_hash(random), coarse_where(protection, record, *author.terms)}};
    Bytes body = statement::encode_exact(exact);
    if (body.size() > limits::body_bytes_max) {
        return fail(Errc::too_large, "its text and shapes together exceed body_bytes_max = " +
                                         std::to_string(limits::body_bytes_max));
    }
    made.put(statement::Slot::exact, std::move(body), random_hash(random));
    made.put(statement::Slot::coarse, statement::encode_coarse(statement::coarse_of(exact)),
             exact.coarse.salt);
    return {};
}

statement::Head head_of(const Author& author, const Draft& draft, const Record* record, Instant now,
                        const Random& random) {
    statement::Head head;
    head.secret = record ? record->secret : random_hash(random);
    head.keys.charter = author.charter;
    head.keys.origin = author.origin;
    head.keys.record = statement::record_id(author.origin, head.secret);
    head.keys.version = record ? record->newest().number + 1 : 1;
    if (record && broken(Break::reuse_tag)) --head.keys.version;
    head.act = draft.act;
    head.actor = draft.actor;
    head.time = now;
    if (!record) head.was = draft.was;
    if (record) head.follows = record->newest().position.leaf;
    return head;
}

}  // namespace

Result<Protection> amended(const Protection& wanted, const Record& record,
                           const statement::CharterTerms& terms) {
    Protection out = wanted;
    if (record.newest().withdraws) return out;
    const registry::Content* content = record.content();
    if (content == nullptr) return out;
    const std::vector<Reached> now = reached(wanted, terms);
    for (const geo::Place& old : content->protection.where) {
        const bool held = std::any_of(now.begin(), now.end(), [&](const Reached& is) {
            return geo::covers(is.place.volume.shape, is.reach(), old.volume.shape, {0});
        });
        if (!held) out.where.push_back(old);
    }
    if (out.where.size() > limits::places_max) {
        return fail(Errc::refused, "record " + record.id.text() + " would keep more than " +
                                       std::to_string(limits::places_max) +
                                       " places; confirm its earlier moves first "
                                       "(entente protect confirm-move)");
    }
    return out;
}

Result<Proposed> propose(const Author& author, const Draft& draft, const Record* record,
                         Instant now, const Random& random) {
    if (draft.actor.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, "the actor's name exceeds text_bytes_max");
    }
    TRY(protection, stated(author, draft, record, now));  // nothing for a withdrawal
    Proposed out;
    out.head = head_of(author, draft, record, now, random);
    Bodies made;
    out.head.kind = protection ? protection->kind() : registry::kind_of(record->newest().sort);
    out.head.used = {true, protection.has_value(), protection.has_value()};
    out.head.protects = protection.has_value();
    if (protection) {
        TRYV(put_content(author, *protection, record, random, out.head.keys, made));
    } else {
        made.entry.commitments[1] = random_hash(random);
        made.entry.commitments[2] = random_hash(random);
    }
    out.bodies = std::move(made.bodies);
    out.what = {sha256(statement::encode_head_unapproved(out.head)), made.entry.commitments[1],
                made.entry.commitments[2]};
    out.head_salt = random_hash(random);
    out.protection = std::move(protection);
    return out;
}

Result<Composed> compose(const Author& author, const Draft& draft, const Record* record,
                         Instant now, const Random& random) {
    TRY(proposed, propose(author, draft, record, now, random));
    std::vector<statement::Approval> approvals;
    for (const SecretKey* key : {author.officer, author.root}) {
        if (record != nullptr && key != nullptr) approvals.push_back(approve(*key, proposed));
    }
    return complete(author, std::move(proposed), approvals, random);
}

}  // namespace entente::node
