// SPDX-License-Identifier: Apache-2.0
// Receipts, recalls, purges, field packs and dealings as statements: head and exact body, no coarse
// one. All but dealings are version 1 of a record of their own.
#include "node/compose_alone.h"

#include "base/assert.h"
#include "base/limits.h"
#include "seal/commitment.h"
#include "statement/said_codec.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

Hash random_hash(const Random& random) {
    Hash out;
    random(out.bytes.data(), out.bytes.size());
    return out;
}

/// Version 1 of a new record.
statement::Head first_head(const Author& author, const Random& random) {
    statement::Head head;
    head.secret = random_hash(random);
    head.keys = {author.charter, author.origin, statement::record_id(author.origin, head.secret),
                 1};
    return head;
}

/// The entry of this head, and of the bodies beside it that there are.
Composed composed(const Author& author, const statement::Head& head,
                  const std::optional<Bytes>& exact, const Random& random,
                  const std::optional<Bytes>& coarse = {}) {
    seal::Bodies bodies;
    statement::SealedEntry entry;
    const auto put = [&](std::size_t slot, Bytes body) {
        const Hash salt = random_hash(random);
        entry.commitments[slot] = seal::commitment(salt, body);
        bodies[slot] = seal::SaltedBody{salt, std::move(body)};
    };
    put(0, statement::encode_head(head));
    if (coarse)
        put(1, *coarse);
    else
        entry.commitments[1] = random_hash(random);
    if (exact)
        put(2, *exact);
    else
        entry.commitments[2] = random_hash(random);
    entry.tag = statement::version_tag(head.secret, head.keys.version);

    Composed out;
    out.id = head.keys.record;
    out.entry = statement::encode_entry(entry);
    const Hash leaf = tlog::leaf_hash(out.entry);
    out.sealed = author.vault->seal(leaf, bodies, random);
    out.understood =
        registry::understand({author.origin, author.charter}, {{}, leaf}, entry, bodies);
    ASSERT(out.understood.faults.empty() && out.understood.head);
    return out;
}

/// `encode` writes the statement once its keys are known.
template <class T>
Result<Composed> compose_beside(const Author& author, const char* kind, T said,
                                Bytes (*encode)(const T&), const std::string& actor, Instant now,
                                const Random& random) {
    TRYV(statement::validate(said));
    statement::Head head = first_head(author, random);
    head.kind = kind;
    head.act = statement::act::add;
    head.protects = false;
    head.used = {true, false, true};
    head.time = now;
    head.actor = actor;
    said.keys = head.keys;
    return composed(author, head, encode(said), random);
}

}  // namespace

Result<Composed> compose_alone(const Author& author, AloneDraft draft, Instant now,
                               const Random& random) {
    if (draft.actor.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, "the actor's name exceeds text_bytes_max");
    }
    statement::Head head = first_head(author, random);
    if (draft.follows != nullptr) {
        const registry::DealingVersion& newest = draft.follows->versions.back();
        head.secret = draft.follows->secret;
        head.keys.record = draft.follows->id;
        head.keys.version = newest.number + 1;
        head.follows = newest.position.leaf;
    }
    head.kind = draft.kind;
    head.act = std::move(draft.act);
    head.protects = false;
    head.used = {true, draft.tear.has_value(), draft.said.has_value()};
    head.time = now;
    head.actor = std::move(draft.actor);
    head.label = std::move(draft.label);
    std::optional<Bytes> exact, coarse;
    if (draft.said) {
        statement::set_keys(*draft.said, head.keys);
        TRYV(statement::validate(*draft.said));
        exact = statement::encode_dealt(*draft.said);
    }
    if (draft.tear) {
        draft.tear->keys = head.keys;
        TRYV(statement::validate(*draft.tear));
        coarse = statement::encode_said(*draft.tear, statement::Slot::coarse);
    }
    return composed(author, head, exact, random, coarse);
}

Result<Composed> compose_receipt(const Author& author, statement::Receipt receipt,
                                 const std::string& actor, Instant now, const Random& random) {
    return compose_beside(author, statement::receipt_kind, std::move(receipt),
                          statement::encode_receipt, actor, now, random);
}

Result<Composed> compose_recall(const Author& author, statement::Recall recall,
                                const std::string& actor, Instant now, const Random& random) {
    return compose_beside(author, statement::recall_kind, std::move(recall),
                          statement::encode_recall, actor, now, random);
}

Result<Composed> compose_purge(const Author& author, statement::Purge purge,
                               const std::string& actor, Instant now, const Random& random) {
    return compose_beside(author, statement::purge_kind, std::move(purge), statement::encode_purge,
                          actor, now, random);
}

Result<Composed> compose_field_pack(const Author& author, statement::FieldPack given,
                                    const std::string& actor, Instant now, const Random& random) {
    return compose_beside(author, statement::field_pack_kind, std::move(given),
                          statement::encode_field_pack, actor, now, random);
}

}  // namespace entente::node
