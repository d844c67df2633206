// SPDX-License-Identifier: Apache-2.0
// Duty roles and notices: to which of them a STOP or a message is addressed, and what waits for one
// when somebody signs on to it. That is told once for each time that somebody signs on, by each
// subscription that names the role, whatever ends in between: who comes on duty while a STOP calls
// is told of it, and who went off it is told no more.
#include <algorithm>

#include "base/encode.h"
#include "node/noticing_pass.h"
#include "statement/fields.h"

namespace entente::node {
namespace {

namespace canon = statement::canon;

constexpr const char* waits = "waiting";

}  // namespace

std::vector<std::string> desks_of(const view::Seen& stop, const PartyId& self) {
    const statement::Stop* said = stop.stop();
    if (said == nullptr) return {};
    if (said->to == self) return said->desks;
    return stop.own() ? std::vector{stop.contact()} : std::vector<std::string>();
}

std::vector<std::string> desks_of(const view::SeenMessage& message) {
    const statement::Message* said = message.message();
    if (said == nullptr) return {};
    return message.own() ? std::vector{said->from} : said->desks;
}

bool decided(const registry::Snapshot& snapshot, const RecordId& stop, const Hash& leaf) {
    const auto replies = view::replies_to(snapshot, stop, {&leaf, 1});
    return std::any_of(replies.begin(), replies.end(), [&](const view::SeenReply& one) {
        return one.newest && one.party == snapshot.party() && !one.reply->automatic &&
               one.reply->word != statement::ReplyWord::noted;
    });
}

Noticing::AllSignedOn Noticing::signed_on(std::span<const Subscriber> subscribers) {
    AllSignedOn out;
    for (const Subscriber& one : subscribers) {
        const watch::Subscription& wants = one.wants->subscription();
        for (const std::string& role : wants.duties) {
            const auto on = one.on_duty.find(role);
            if (on != one.on_duty.end()) out.insert({wants.id, role, on->second});
        }
    }
    return out;
}

Bytes Noticing::encode_signed_on(const AllSignedOn& all) {
    canon::Array out;
    for (const SignedOn& one : all) {
        canon::Object object;
        object.set("role", one.role);
        object.set("since", millis(one.since));
        object.set("subscription", one.subscription);
        out.emplace_back(std::move(object));
    }
    return canon::encode(std::move(out));
}

Result<Noticing::AllSignedOn> Noticing::load_signed_on() {
    constexpr std::size_t bytes_max = 16 * 1024 * 1024;
    TRY(row, of_.store->local(duty_name));
    AllSignedOn out;
    if (!row) return out;
    TRY(value, canon::decode(*row, bytes_max));
    if (value.array() == nullptr) return fail(Errc::malformed, "who was on duty is no list");
    for (const canon::Value& one : *value.array()) {
        TRY(fields, statement::Fields::of(one, duty_name));
        TRY(role, fields.text("role"));
        TRY(since, fields.integer("since"));
        TRY(subscription, fields.text("subscription"));
        out.insert({subscription, role, instant(since)});
    }
    return out;
}

/// STOPs that call this role and that nobody here has decided yet.
void Noticing::waiting_stops(const std::string& role, Pass& pass, std::vector<Cause>& out) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const auto add = [&](Notice notice, const PartyId& from, const Origin& origin, const Hash& leaf,
                         std::optional<registry::Slot> slot) {
        notice.what = watch::what::stop;
        notice.party = from;
        notice.origin = origin;
        notice.leaf = leaf;
        notice.detail = waits;
        notice.version = 1;
        notice.time = pass.moment;
        out.push_back({"stop/" + to_hex(leaf.view()), std::move(notice), slot, {role}, true});
    };
    if (of_.heard_stops) {
        for (const HeardStop& one : of_.heard_stops()) {
            const auto& desks = one.said.stop ? one.said.stop->desks : one.desks;
            if (std::find(desks.begin(), desks.end(), role) == desks.end()) continue;
            if (decided(snapshot, one.record, one.leaf)) continue;
            const Peer* peer = of_.exchange != nullptr ? of_.exchange->peer(one.from) : nullptr;
            Notice notice;
            notice.record = one.record;
            add(notice, one.from, peer != nullptr ? peer->origin : Origin{}, one.leaf, {});
        }
    }
    for (registry::Slot slot = 0; slot < snapshot.size(); ++slot) {
        const view::Seen seen(snapshot, slot);
        if (!seen.stops() || seen.stop() == nullptr || seen.stop()->to != snapshot.party())
            continue;
        const auto& desks = seen.stop()->desks;
        const registry::Version& first = snapshot.at(slot).versions.front();
        if (std::find(desks.begin(), desks.end(), role) == desks.end() ||
            seen.state(pass.moment) == view::State::withdrawn ||
            decided(snapshot, seen.id(), first.position.leaf)) {
            continue;
        }
        Notice notice;
        notice.record = seen.id();
        notice.index = first.position.index;
        add(notice, seen.party(), seen.origin(), first.position.leaf, slot);
    }
}

/// Messages to this role that nobody here has acknowledged.
void Noticing::waiting_messages(const std::string& role, Pass& pass,
                                std::vector<Cause>& out) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const registry::DealingSlot slot : snapshot.dealings().of_kind(statement::message_kind)) {
        if (!view::is_message(snapshot, slot)) continue;
        const view::SeenMessage seen(snapshot, slot);
        if (seen.own() || seen.message() == nullptr) continue;
        const auto& desks = seen.message()->desks;
        if (std::find(desks.begin(), desks.end(), role) == desks.end()) continue;
        const auto having = seen.acknowledgements();
        if (std::any_of(having.begin(), having.end(),
                        [&](const auto& one) { return one.party == snapshot.party(); })) {
            continue;
        }
        Notice notice;
        notice.what = watch::what::message;
        notice.party = seen.party();
        notice.origin = snapshot.log(snapshot.dealings().at(slot).log).origin;
        notice.index = seen.version().position.index;
        notice.leaf = seen.version().position.leaf;
        notice.detail = waits;
        notice.time = pass.moment;
        notice.talk = seen.id();
        out.push_back({"message/" + to_hex(notice.leaf.view()), notice, {}, {role}, true});
    }
}

void Noticing::duty_causes(Pass& pass) const {
    std::map<std::string, Instant> roles;  // one person holds each
    for (const SignedOn& one : pass.signed_on) roles[one.role] = one.since;
    // What is said in this pass is told as that, to every desk that it names; a call is not.
    std::set<Hash> said;
    for (const Cause& cause : pass.causes) {
        if (cause.notice.detail != "called") said.insert(cause.notice.leaf);
    }
    for (const auto& [role, since] : roles) {
        std::vector<Cause> found;
        waiting_stops(role, pass, found);
        waiting_messages(role, pass, found);
        std::set<Hash> told = said;
        for (Cause& cause : found) {
            if (!told.insert(cause.notice.leaf).second) continue;
            cause.key = "duty/" + role + "/" + std::to_string(millis(since)) + "/" + cause.key;
            pass.causes.push_back(std::move(cause));
        }
    }
}

}  // namespace entente::node
