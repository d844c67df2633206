// SPDX-License-Identifier: Apache-2.0
#include "node/proposal.h"

#include "base/assert.h"
#include "base/sha256.h"
#include "seal/commitment.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

constexpr auto head_slot = static_cast<std::size_t>(statement::Slot::head);
constexpr auto coarse_slot = static_cast<std::size_t>(statement::Slot::coarse);
constexpr auto exact_slot = static_cast<std::size_t>(statement::Slot::exact);

/// What the vault binds the row to, in the place of a leaf.
Hash name_of(const seal::Approved& what) {
    return sha256("entente/proposal/v1\n" + seal::approval_message(what));
}

bool is_committed(const std::optional<seal::SaltedBody>& body, const Hash& commitment) {
    return !body || seal::commitment(body->salt, body->body) == commitment;
}

}  // namespace

statement::Approval approve(const SecretKey& key, const Proposed& proposed) {
    return {Bytes(key.public_key().view()), seal::sign_approval(key, proposed.what)};
}

Composed complete(const Author& author, Proposed proposed,
                  const std::vector<statement::Approval>& approvals, const Random& random) {
    statement::Head& head = proposed.head;
    head.approvals = approvals;
    const Bytes body = statement::encode_head(head);
    statement::SealedEntry entry;
    entry.commitments = {seal::commitment(proposed.head_salt, body), proposed.what.coarse,
                         proposed.what.exact};
    entry.tag = statement::version_tag(head.secret, head.keys.version);
    proposed.bodies[head_slot] = seal::SaltedBody{proposed.head_salt, body};

    Composed out;
    out.id = head.keys.record;
    out.entry = statement::encode_entry(entry);
    const Hash leaf = tlog::leaf_hash(out.entry);
    out.sealed = author.vault->seal(leaf, proposed.bodies, random);
    out.understood =
        registry::understand({author.origin, author.charter}, {{}, leaf}, entry, proposed.bodies);
    ASSERT(out.understood.faults.empty() && out.understood.head);
    return out;
}

bool needs_officers(const Proposed& proposed, const view::Seen& record,
                    const statement::CharterTerms& terms, Instant now) {
    if (!proposed.protection) return true;  // a withdrawal
    const statement::Protection* before = record.protection();
    if (before == nullptr || before->protection_class != proposed.protection->protection_class) {
        return true;
    }
    registry::Understood stated;
    stated.content =
        std::make_shared<registry::Content>(registry::Content{*proposed.protection, {}});
    std::vector<registry::Reached> protects;
    record.each_place(now,
                      [&](const view::SeenPlace& place) { protects.push_back(*place.reached); });
    return !registry::covers(registry::reached(stated, terms), protects);
}

seal::Sealed seal_proposed(const seal::Vault& vault, const Proposed& proposed,
                           const Random& random) {
    seal::Bodies bodies = proposed.bodies;
    bodies[head_slot] = seal::SaltedBody{proposed.head_salt, statement::encode_head(proposed.head)};
    return vault.seal(name_of(proposed.what), bodies, random);
}

Result<Proposed> open_proposed(const seal::Vault& vault, const seal::Approved& what,
                               const seal::Sealed& sealed) {
    TRY(opened, vault.open(name_of(what), sealed.wrapped_keys, sealed.ciphertexts));
    Proposed out;
    if (!opened.bodies[head_slot]) return fail(Errc::bad_proof, "the proposal has no head");
    TRY(head, statement::decode_head(opened.bodies[head_slot]->body));
    out.head = std::move(head);
    out.head_salt = opened.bodies[head_slot]->salt;
    out.bodies = std::move(opened.bodies);
    out.bodies[head_slot].reset();
    out.what = what;
    if (!out.head.approvals.empty() ||
        sha256(statement::encode_head_unapproved(out.head)) != what.head ||
        !is_committed(out.bodies[coarse_slot], what.coarse) ||
        !is_committed(out.bodies[exact_slot], what.exact)) {
        return fail(Errc::bad_proof, "the proposal is not what officers were asked to sign");
    }
    if (out.bodies[exact_slot]) {
        TRY(exact, statement::decode_exact(out.bodies[exact_slot]->body));
        out.protection = std::move(exact.protection);
    }
    return out;
}

}  // namespace entente::node
