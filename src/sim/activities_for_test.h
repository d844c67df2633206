// SPDX-License-Identifier: Apache-2.0
// Activities of the parties of a test, and what their nodes reply by themselves.
#pragma once

#include "check/activity.h"
#include "node/compose_dealing.h"
#include "node/replying.h"
#include "seal/commitment.h"
#include "sim/four_for_test.h"

namespace entente::sim {

/// A circle from one hour after `from` to three.
inline geo::Place volume(geo::LatLng at, std::int64_t radius_dm, Instant from) {
    geo::Place out;
    out.volume.shape = geo::Circle{at, {radius_dm}};
    out.volume.window = {from + std::chrono::hours(1), from + std::chrono::hours(3)};
    return out;
}

inline check::Question question(const std::vector<geo::Place>& volumes) {
    check::Question out;
    for (const geo::Place& place : volumes) out.volumes.push_back(place.volume);
    return out;
}

inline Result<RecordId> log_dealing(Party& by, node::Composed composed,
                                    const node::Audience& audience, Instant now) {
    const RecordId id = composed.id;
    node::Batch batch;
    batch.statements.push_back(std::move(composed));
    TRYV(by.exchange().log(std::move(batch), {audience}, now));
    return id;
}

/// fr says STOP to ru, whose desks are `duty` and `floor`; who asks can be called at `watch`.
inline RecordId stop_to_ru(Four& four) {
    node::Draft draft;
    draft.act = statement::act::add;
    draft.actor = "a.duty";
    geo::Place place;
    place.volume.shape = geo::Circle{{335'000'000, 363'000'000}, {20'000}};
    place.buffer = Decimetres{0};
    draft.protection.where = {place};
    draft.protection.contact = "watch";
    draft.protection.stop = statement::Stop{PartyId{"ru"}, {"duty", "floor"}, "EXERCISE", {}};
    return *four.fr().say(draft, {}, {{PartyId{"ru"}, node::Tier::exact}}, four.now);
}

/// Checks it as its party would, and declares it.
inline RecordId declare(Party& by, const std::vector<geo::Place>& volumes,
                        const std::vector<std::string>& to, Instant now) {
    node::ActivityDraft draft{statement::act::add, "a.planner", {}, {}};
    draft.activity.contact = by.id().v + " operations";
    draft.activity.volumes = volumes;
    node::Audience audience;
    std::set<PartyId> told;
    for (const std::string& party : to) audience[PartyId{party}] = node::Tier::exact;
    for (const std::string& party : to) told.insert(PartyId{party});
    draft.checked = node::declared_of(by.ask(question(volumes), now), told);
    auto composed = node::compose_activity(by.author(), draft, nullptr, now, by.rng().bytes());
    EXPECT_TRUE(composed) << composed.error().detail;
    const auto id = log_dealing(by, std::move(*composed), audience, now);
    EXPECT_TRUE(id) << id.error().detail;
    return *id;
}

/// Puts it elsewhere, as its party would.
inline Result<RecordId> amend(Party& by, const RecordId& id, const std::vector<geo::Place>& volumes,
                              Instant now) {
    const auto& dealings = by.node().snapshot().dealings();
    const registry::Dealing& dealing = dealings.at(*dealings.find(id));
    node::ActivityDraft draft{statement::act::amend, "a.planner", {}, {}};
    draft.activity.contact = by.id().v + " operations";
    draft.activity.volumes = volumes;
    draft.checked = std::get_if<statement::Activity>(dealing.said())->checked;
    TRY(composed, node::compose_activity(by.author(), draft, &dealing, now, by.rng().bytes()));
    return log_dealing(by, std::move(composed), {}, now);
}

/// start, end or cancel.
inline Result<RecordId> follow(Party& by, const RecordId& id, const char* act, Instant now) {
    const auto& dealings = by.node().snapshot().dealings();
    node::ActivityDraft draft{act, "a.planner", {}, {}};
    const registry::Dealing& dealing = dealings.at(*dealings.find(id));
    const auto* said = std::get_if<statement::Activity>(dealing.said());
    draft.checked = said->checked;
    TRY(composed, node::compose_activity(by.author(), draft, &dealing, now, by.rng().bytes()));
    return log_dealing(by, std::move(composed), {}, now);
}

/// The same statement by an act that nobody here knows.
inline node::Composed as_act(Party& by, const node::Composed& composed, const std::string& act) {
    auto entry = statement::decode_entry(composed.entry);
    auto& sealed = std::get<statement::SealedEntry>(*entry);
    auto opened = by.vault().open(tlog::leaf_hash(composed.entry), composed.sealed.wrapped_keys,
                                  composed.sealed.ciphertexts);
    seal::SaltedBody& body = *opened->bodies[0];
    auto head = statement::decode_head(body.body);
    head->act = act;
    body.body = statement::encode_head(*head);
    sealed.commitments[0] = seal::commitment(body.salt, body.body);
    node::Composed out;
    out.id = composed.id;
    out.entry = statement::encode_entry(sealed);
    out.sealed = by.vault().seal(tlog::leaf_hash(out.entry), opened->bodies, by.rng().bytes());
    out.understood = registry::understand({by.author().origin, by.author().charter},
                                          {{}, tlog::leaf_hash(out.entry)}, sealed, opened->bodies);
    return out;
}

inline view::View view_of(Party& party) { return {party.node().snapshot(), {party.id()}}; }

/// What the party's node has to say of these activities, and says; how much that was.
inline std::size_t reply_to(Party& by, node::Replying& replying,
                            const std::vector<view::DealingSlot>& some, Instant now) {
    auto due = replying.due(by.exchange().state(), some, now);
    EXPECT_TRUE(due) << due.error().detail;
    for (node::DueReply& one : *due) {
        auto composed = node::compose_reply(by.author(), one.reply, "node", now, by.rng().bytes());
        EXPECT_TRUE(composed) << composed.error().detail;
        EXPECT_TRUE(log_dealing(by, std::move(*composed), {{one.to, node::Tier::exact}}, now));
    }
    return due->size();
}

/// The same of all that it sees, as at a start.
inline std::size_t reply_to_all(Party& by, Instant now) {
    node::Replying replying(by.exchange());
    replying.look(by.exchange().state(), nullptr);
    std::vector<view::DealingSlot> all;
    const view::View view = view_of(by);
    for (const auto& one : view.activities()) all.push_back(one.slot());
    return reply_to(by, replying, all, now);
}

/// The replies that this party has, as "party word desk entries", sorted.
inline std::vector<std::string> replies(Party& at, const RecordId& id) {
    std::vector<std::string> out;
    const view::View view = view_of(at);
    const auto seen = view.find_activity(id);
    if (!seen) return out;
    for (const view::SeenReply& one : seen->replies()) {
        out.push_back(one.party.v + " " + statement::name(one.reply->word) + " " +
                      one.reply->contact + " " + std::to_string(one.reply->entries.size()));
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace entente::sim
