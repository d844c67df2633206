// SPDX-License-Identifier: Apache-2.0
// A receipt as a statement: head and exact body, no coarse one, version 1 of a record of its own.
#include "base/assert.h"
#include "base/limits.h"
#include "node/compose.h"
#include "seal/commitment.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

Hash random_hash(const Random& random) {
    Hash out;
    random(out.bytes.data(), out.bytes.size());
    return out;
}

}  // namespace

Result<Composed> compose_receipt(const Author& author, statement::Receipt receipt,
                                 const std::string& actor, Instant now, const Random& random) {
    TRYV(statement::validate(receipt));
    statement::Head head;
    head.secret = random_hash(random);
    head.keys = {author.charter, author.origin, statement::record_id(author.origin, head.secret),
                 1};
    head.kind = statement::receipt_kind;
    head.act = statement::act::add;
    head.protects = false;
    head.used = {true, false, true};
    head.time = now;
    head.actor = actor;
    receipt.keys = head.keys;

    seal::Bodies bodies;
    statement::SealedEntry entry;
    const auto put = [&](std::size_t slot, Bytes body) {
        const Hash salt = random_hash(random);
        entry.commitments[slot] = seal::commitment(salt, body);
        bodies[slot] = seal::SaltedBody{salt, std::move(body)};
    };
    put(0, statement::encode_head(head));
    entry.commitments[1] = random_hash(random);
    put(2, statement::encode_receipt(receipt));
    entry.tag = statement::version_tag(head.secret, 1);

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

}  // namespace entente::node
