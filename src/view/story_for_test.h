// SPDX-License-Identifier: Apache-2.0
// What many parties know, told to one register in any order: for tests of what it adds up to.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "base/sha256.h"
#include "registry/exchange_for_test.h"
#include "view/positions.h"
#include "view/presence.h"

namespace entente::view {

using registry::LogNumber;
using registry::Registry;
using registry::Understood;
using statement::Dealt;

constexpr std::size_t party_count = 20;
inline const Instant noon = instant(1'448'539'200'000);
inline const RecordId incident = statement::record_id({"joint/un"}, sha256("an incident"));

inline std::string party_of(std::size_t i) { return std::string("p") + static_cast<char>('a' + i); }

/// One version of a statement, of the party with this number.
struct Told {
    std::size_t party = 0;
    std::string record;
    std::uint32_t version = 1;
    std::string act = "add";
    Dealt said = {};  // counts unless it is withdrawn
    bool withheld = false;
};

inline Origin origin_of(std::size_t party) { return {"joint/" + party_of(party)}; }
inline RecordId id_of(std::size_t party, const std::string& record) {
    return statement::record_id(origin_of(party), sha256(record));
}

inline Understood understood(const Told& told, std::uint64_t index) {
    Understood out;
    out.position = {{index}, sha256(party_of(told.party) + std::to_string(index))};
    out.tag = statement::version_tag(sha256(told.record), told.version);
    if (told.withheld) return out;
    out.opened = told.act == "withdraw" ? 1 : 5;
    out.head.emplace();
    out.head->keys = {"joint", origin_of(told.party), id_of(told.party, told.record), told.version};
    out.head->secret = sha256(told.record);
    out.head->kind = kind_of(told.said);
    out.head->act = told.act;
    out.head->protects = false;
    out.head->time = noon + std::chrono::seconds(index);
    if (told.act != "withdraw") out.dealt = std::make_shared<const Dealt>(told.said);
    return out;
}

/// What all of them say, each party's in the order of its log.
struct Story {
    std::vector<Told> all;
    std::vector<std::uint64_t> index;  // of each, in its party's log

    void say(Told told) {
        index.push_back(next_[told.party]++);
        all.push_back(std::move(told));
    }

  private:
    std::map<std::size_t, std::uint64_t> next_;
};

/// The register of one of them that was told this in this order.
inline registry::Snapshot told(const Story& story, const std::vector<std::size_t>& order) {
    std::vector<std::string> parties;
    for (std::size_t i = 0; i < party_count; ++i) parties.push_back(party_of(i));
    Registry registry(registry::test::joint_charter(parties), PartyId{party_of(0)});
    std::vector<LogNumber> logs{0};
    for (std::size_t i = 1; i < party_count; ++i) {
        logs.push_back(registry.add_log(origin_of(i), PartyId{party_of(i)}));
    }
    for (const std::size_t i : order) {
        registry.apply(logs[story.all[i].party], understood(story.all[i], story.index[i]));
    }
    registry.settle();
    return registry.snapshot();
}

inline std::vector<std::size_t> any_order(std::size_t count, Rng& rng) {
    std::vector<std::size_t> out(count);
    for (std::size_t i = 0; i < count; ++i) out[i] = i;
    for (std::size_t i = count; i > 1; --i) std::swap(out[i - 1], out[rng.below(i)]);
    for (std::size_t n = rng.below(10); n > 0 && count > 0; --n) out.push_back(rng.below(count));
    return out;
}

inline statement::Position stand_on(const RecordId& group, statement::Stand stand) {
    statement::Position out;
    out.group = group;
    out.stand = stand;
    return out;
}

inline Story some_positions(Rng& rng) {
    using enum statement::Stand;
    Story out;
    std::vector<RecordId> groups;
    for (int i = 0; i < 6; ++i) {
        statement::Group group;
        group.names = {{"group " + std::to_string(i), "en", "Latn"}};
        if (!groups.empty() && rng.below(3) == 0) group.same = {groups[rng.below(groups.size())]};
        const std::size_t party = rng.below(party_count);
        const std::string record = "group " + std::to_string(i);
        out.say({party, record, 1, "add", group});
        groups.push_back(id_of(party, record));
    }
    for (int i = 0; i < 60; ++i) {
        Told one;
        one.party = rng.below(party_count);
        one.record = "position " + std::to_string(i);
        constexpr statement::Stand all[] = {no_position, is_protected, not_protected};
        auto position = stand_on(groups[rng.below(groups.size())], all[rng.below(3)]);
        if (rng.below(4) == 0) position.until = noon + std::chrono::hours(rng.below(48));
        one.said = position;
        out.say(one);
        if (rng.below(3) != 0) continue;
        ++one.version;
        one.act = rng.below(3) == 0 ? "withdraw" : "amend";
        position.stand = all[rng.below(3)];
        one.said = position;
        out.say(one);
    }
    return out;
}

class Stood : public testing::Test {
  protected:
    const RecordId group = id_of(1, "group");

    Standing standing(const std::vector<Told>& all, Instant now = noon) {
        Story story;
        statement::Group said;
        said.names = {{"EXERCISE", "", ""}};
        story.say({1, "group", 1, "add", said});
        for (const Told& one : all) story.say(one);
        std::vector<std::size_t> order(story.all.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        snapshot_ = told(story, order);
        return standing_of(snapshot_, group, now).value();
    }
    /// Of what standing() was told last.
    GroupStands stands(Instant now, Instant earliest) const {
        return group_stands(snapshot_, group, now, earliest);
    }
    Told says(std::size_t party, statement::Stand stand, std::uint32_t version = 1) const {
        return {party, "position", version, version == 1 ? "add" : "amend", stand_on(group, stand)};
    }

  private:
    registry::Snapshot snapshot_;
};

}  // namespace entente::view
