// SPDX-License-Identifier: Apache-2.0
#include "statement/charter_chain.h"

#include <algorithm>

#include "base/ed25519.h"
#include "base/encode.h"
#include "base/sha256.h"

namespace entente::statement {
namespace {

tl::unexpected<Error> not_next(const Charter& next, const std::string& why) {
    return fail(Errc::bad_proof,
                "charter " + next.id + " version " + std::to_string(next.version) + ": " + why);
}

bool holds(BytesView root, const Hash& hash, const Bytes& signature) {
    const auto key = PublicKey::from(root);
    return key && verify(*key, charter_message(hash), signature);
}

/// The card as it must stay without its party's signature: a tie to who has left may go.
CharterParty without_ties_to_leavers(CharterParty card, const Charter& next) {
    if (!card.sponsor.empty() && !next.party(PartyId{card.sponsor})) card.sponsor.clear();
    if (!card.relay.empty() && !next.party(PartyId{card.relay})) card.relay.clear();
    return card;
}

/// Roots whose signature is the party's: in the version before, in this one, or both.
std::vector<Bytes> roots_of(const PartyId& party, const Charter* before, const Charter& next) {
    std::vector<Bytes> out;
    const CharterParty* then = before == nullptr ? nullptr : before->party(party);
    if (then != nullptr) out.push_back(then->root);
    if (const CharterParty* now = next.party(party); now != nullptr) out.push_back(now->root);
    return out;
}

/// The signatures of the file, each verified.
Result<std::vector<PartyId>> signers_of(const Charter& next, const Hash& hash,
                                        const Charter* before) {
    std::vector<PartyId> out;
    for (const auto& signed_by : next.signatures) {
        const std::string& id = signed_by.first;
        const Bytes& signature = signed_by.second;
        const PartyId party{id};
        const std::vector<Bytes> roots = roots_of(party, before, next);
        if (roots.empty()) {
            return fail(Errc::bad_signature,
                        "charter " + next.id + ": " + id + " signed, and is no party of it");
        }
        const bool good = std::any_of(roots.begin(), roots.end(), [&](const Bytes& root) {
            return holds(root, hash, signature);
        });
        if (!good) {
            return fail(Errc::bad_signature,
                        "charter " + next.id + ": the root of " + id +
                            " did not sign this text; a byte of it was changed, or it is another "
                            "version");
        }
        out.push_back(party);
    }
    return out;
}

Result<void> check_follows(const Charter& before, const Hash& hash, const Charter& next) {
    if (next.id != before.id || next.exercise != before.exercise) {
        return not_next(next, "the version before is of another charter, " + before.id);
    }
    if (next.version != before.version + 1) {
        return not_next(next, "the version before it is " + std::to_string(next.version - 1) +
                                  ", not " + std::to_string(before.version));
    }
    if (next.previous != hash) {
        return not_next(next, "it follows another version " + std::to_string(before.version) +
                                  " than the one of hash " + to_base64(hash.view()));
    }
    for (const CharterParty& party : next.parties) {
        const CharterParty* then = before.party(party.id);
        if (then == nullptr) continue;
        if (auto good = check_root(*then, party.root); !good) {
            return not_next(next, good.error().detail);
        }
    }
    return {};
}

/// The parties of `next` that must have signed, beside the quorum.
std::vector<PartyId> musts(const Charter* before, const Charter& next) {
    std::vector<PartyId> out;
    for (const CharterParty& party : next.parties) {
        const CharterParty* then = before == nullptr ? nullptr : before->party(party.id);
        if (then != nullptr && without_ties_to_leavers(*then, next) == party) continue;
        out.push_back(party.id);
    }
    return out;
}

std::string list(const std::vector<PartyId>& parties) {
    std::string out;
    for (const PartyId& party : parties) out += (out.empty() ? "" : ", ") + party.v;
    return out;
}

/// A version and what of its signatures is there. Reading one is dear (every key is looked at), so
/// it is read once.
struct Judged {
    Charter charter;
    Standing standing;
};

Result<Judged> judge(std::string_view file, std::optional<std::string_view> previous) {
    TRY(next, parse_charter(file));
    TRY(hash, charter_hash(file));
    std::optional<Charter> before;
    if (previous) {
        TRY(parsed, parse_charter(*previous));
        TRY(previous_hash, charter_hash(*previous));
        TRYV(check_follows(parsed, previous_hash, next));
        before = std::move(parsed);
    } else if (next.version != 1) {
        return not_next(next, "who must have signed it stands in version " +
                                  std::to_string(next.version - 1) + "; give that too");
    }
    const Charter* then = before ? &*before : nullptr;
    Standing out;
    TRY(signers, signers_of(next, hash, then));
    out.signers = std::move(signers);
    const auto has_signed = [&](const PartyId& party) {
        return std::find(out.signers.begin(), out.signers.end(), party) != out.signers.end();
    };
    for (const PartyId& party : musts(then, next)) {
        if (!has_signed(party)) out.missing.push_back(party);
    }
    if (then != nullptr) {
        out.votes_needed = then->terms.quorum;
        out.votes = static_cast<int>(
            std::count_if(out.signers.begin(), out.signers.end(),
                          [&](const PartyId& party) { return then->party(party) != nullptr; }));
    }
    return Judged{std::move(next), std::move(out)};
}

/// `trusted`'s root of the party, and the successor that it committed to if one of the two rivals
/// shows it.
std::vector<Bytes> trusted_roots(const CharterParty& party, const Charter& one,
                                 const Charter& other) {
    std::vector<Bytes> out = {party.root};
    for (const Charter* rival : {&one, &other}) {
        const CharterParty* there = rival->party(party.id);
        if (there != nullptr && sha256(there->root) == party.root_next) out.push_back(there->root);
    }
    return out;
}

}  // namespace

Result<void> check_root(const CharterParty& before, BytesView root) {
    if (root == before.root || sha256(root) == before.root_next) return {};
    return fail(Errc::refused, "the root of " + before.id.v +
                                   " is neither its earlier one nor the successor that it had "
                                   "committed to");
}

Result<Standing> standing(std::string_view file, std::optional<std::string_view> previous) {
    TRY(judged, judge(file, previous));
    return std::move(judged.standing);
}

Result<Charter> verify_first(std::string_view file) {
    TRY(judged, judge(file, std::nullopt));
    auto& [charter, found] = judged;
    if (found.complete()) return std::move(charter);
    return fail(Errc::bad_signature, "charter " + charter.id + ": the root of " +
                                         list(found.missing) + " has not signed it");
}

Result<Charter> verify_successor(std::string_view file, std::string_view next) {
    TRY(judged, judge(next, file));
    auto& [charter, found] = judged;
    const std::string name =
        "charter " + charter.id + " version " + std::to_string(charter.version);
    if (!found.missing.empty()) {
        return fail(Errc::bad_signature, name + ": the root of " + list(found.missing) +
                                             " has not signed it, who joins or whose card is "
                                             "changed");
    }
    if (!found.complete()) {
        return fail(Errc::bad_signature,
                    name + ": " + std::to_string(found.votes) + " parties of version " +
                        std::to_string(charter.version - 1) + " signed it, its quorum is " +
                        std::to_string(found.votes_needed));
    }
    return std::move(charter);
}

Result<std::vector<PartyId>> convicted(std::string_view trusted, std::string_view one,
                                       std::string_view other) {
    TRY(base, parse_charter(trusted));
    TRY(a, parse_charter(one));
    TRY(b, parse_charter(other));
    TRY(hash_a, charter_hash(one));
    TRY(hash_b, charter_hash(other));
    std::vector<PartyId> out;
    if (hash_a == hash_b || a.version != b.version || a.id != base.id || b.id != base.id ||
        (a.version != base.version + 1 && a.version != base.version)) {
        return out;
    }
    for (const CharterParty& party : base.parties) {
        const auto in_a = a.signatures.find(party.id.v), in_b = b.signatures.find(party.id.v);
        if (in_a == a.signatures.end() || in_b == b.signatures.end()) continue;
        const auto roots = trusted_roots(party, a, b);
        const auto signed_it = [&](const Hash& hash, const Bytes& signature) {
            return std::any_of(roots.begin(), roots.end(),
                               [&](const Bytes& root) { return holds(root, hash, signature); });
        };
        if (signed_it(hash_a, in_a->second) && signed_it(hash_b, in_b->second)) {
            out.push_back(party.id);
        }
    }
    return out;
}

}  // namespace entente::statement
