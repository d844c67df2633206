// SPDX-License-Identifier: Apache-2.0
#include "node/peer.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"

namespace entente::node {

const char* name(Tier tier) {
    switch (tier) {
        case Tier::none: return "none";
        case Tier::head: return "head";
        case Tier::coarse: return "coarse";
        case Tier::exact: return "exact";
    }
    ASSERT(false);
}

Result<Tier> parse_tier(std::string_view text) {
    for (const Tier tier : {Tier::coarse, Tier::exact}) {
        if (text == name(tier)) return tier;
    }
    return fail(Errc::malformed, "a tier is coarse or exact, not '" + std::string(text) + "'");
}

Slots slots_of(Tier tier) {
    switch (tier) {
        case Tier::none: return 0;
        case Tier::head: return slots_of(seal::tier_none);
        case Tier::coarse: return slots_of(seal::tier_coarse);
        case Tier::exact: return slots_of(seal::tier_exact);
    }
    ASSERT(false);
}

Slots slots_of(const seal::SlotSet& set) {
    Slots out = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (set[i]) out = static_cast<Slots>(out | 1 << i);
    }
    return out;
}

seal::SlotSet set_of(Slots slots) {
    seal::SlotSet out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (slots >> i & 1) != 0;
    return out;
}

namespace {

/// Both names begin with the party's (doc/protocol/exchange.md, "Names"), and were checked with the
/// charter.
std::uint32_t number_in(const std::string& log, const std::string& witness) {
    const std::size_t base = witness.rfind('/');
    if (log.size() <= base) return 1;
    std::uint32_t out = 1;
    (void)std::from_chars(log.data() + base + 1, log.data() + log.size(), out);
    return out;
}

bool holds(const tlog::Tree& tree, const seal::ListHead& list) {
    return list.size <= tree.size() && tree.root(list.size) == list.root;
}

}  // namespace

Peer::Peer(const statement::CharterParty& party, tlog::VerifierKey log_key,
           tlog::CosignerKey witness, tlog::CosignerKey mirror_of, const SealingKey& sealing_key)
    : id(party.id), origin{log_key.name}, number(number_in(log_key.name, witness.name)),
      witness_key(std::move(witness)), mirror_key(std::move(mirror_of)), sealing(sealing_key),
      mirror(std::move(log_key)) {}

Result<std::unique_ptr<Peer>> Peer::make(const statement::CharterParty& party) {
    const std::string where = "charter, party " + party.id.v;
    auto log = tlog::VerifierKey::parse(party.log);
    if (!log) return at(where + ": log", log.error());
    auto witness = tlog::CosignerKey::parse(party.witness);
    if (!witness) return at(where + ": witness", witness.error());
    auto mirror = tlog::CosignerKey::parse(party.mirror);
    if (!mirror) return at(where + ": mirror", mirror.error());
    auto sealing = SealingKey::from(party.sealing);
    if (!sealing) return at(where + ": sealing", sealing.error());
    return std::unique_ptr<Peer>(
        new Peer(party, std::move(*log), std::move(*witness), std::move(*mirror), *sealing));
}

void Peer::go_on_from(Peer& before) {
    shared = before.shared;
    given = std::move(before.given);
    given_before = std::move(before.given_before);
    given_slots = std::move(before.given_slots);
    given_at = std::move(before.given_at);
    misses = before.misses;
    list_known = before.list_known;
    list_wanted = before.list_wanted;
    heard = std::move(before.heard);
    made_recalls = std::move(before.made_recalls);
    taken_back = std::move(before.taken_back);
    adopted = before.adopted;
    adopted_hash = before.adopted_hash;
    bad_charter = before.bad_charter;
    rival = before.rival;
    misdeeds = std::move(before.misdeeds);
}

bool Peer::was_given(const seal::ListHead& list) const {
    return holds(given, list) ||
           std::any_of(given_before.begin(), given_before.end(),
                       [&](const GivenBefore& one) { return holds(one.list, list); });
}

bool Peer::may_be_before(const seal::ListHead& list) const {
    return !given_before.empty() && !holds(given, list);
}

void Peer::note_before(const seal::ListHead& list) {
    for (GivenBefore& one : given_before) {
        if (holds(one.list, list)) one.acknowledged = std::max(one.acknowledged, list.size);
    }
}

TreeSize Peer::acknowledged() const {
    if (!explained) return {0};
    const seal::ListHead& said = explained->content.acknowledged;
    return may_be_before(said) ? TreeSize{0} : said.size;
}

bool Peer::complete() const {
    return beat && explained && explained->index == beat->index &&
           explained->content.released == owed();
}

}  // namespace entente::node
