// SPDX-License-Identifier: Apache-2.0
// Three parties for tests of lies: ru lies to fr, msf does not.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "sim/draft_for_test.h"

namespace entente::sim {

inline const PartyId fr_id{"fr"}, ru_id{"ru"}, msf_id{"msf"};
constexpr std::int32_t site = 335'000'000;
constexpr std::int32_t elsewhere = 345'000'000;

using Answer = Result<node::StepAnswer>;
using Lie = std::function<void(const std::string& path, Answer& answer)>;

/// ru lies to fr; msf does not.
class Lied {
  public:
    Lied() : founders_(found({"fr", "ru", "msf"}, statement::default_joint_terms(), 1)) {
        for (std::size_t i = 0; i < 3; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
        follow_.emplace(fr().exchange(), ru_id, std::chrono::seconds(10));
    }
    const Founders& founders() const { return founders_; }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& msf() { return *parties_[2]; }
    /// Another node that signs with ru's keys, and knows what ru knows by now.
    std::unique_ptr<Party> twin(std::uint64_t seed = 999) {
        auto out = std::make_unique<Party>(founders_, 1, seed);
        EXPECT_TRUE(out->stand_on(ru()));
        return out;
    }
    const std::string& charter() const { return founders_.charter_file; }
    Instant now = noon;

    void tick() {
        now += std::chrono::seconds(60);
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now));
    }
    void round() {
        tick();
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker != asked) (void)sync(*asker, *asked, now);
            }
        }
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) round();
    }
    void withdraw(Party& party, const RecordId& record) {
        node::Draft draft;
        draft.act = statement::act::withdraw;
        draft.actor = "a.registrar";
        const auto said = party.say(draft, record, {}, now);
        EXPECT_TRUE(said) << said.error().detail;
    }
    RecordId say(Party& party, std::int32_t lat_e7) {
        node::Audience audience;
        for (const PartyId& to : {fr_id, ru_id, msf_id}) {
            if (to != party.id()) audience[to] = node::Tier::exact;
        }
        const auto said = party.say(hospital(lat_e7), {}, audience, now);
        EXPECT_TRUE(said);
        return *said;
    }
    /// Entries that say nothing, so many that a log is not taken in one bundle.
    void fill(Party& party) {
        node::Batch batch;
        for (int i = 0; i < 300; ++i) {
            statement::OpenEntry entry{"x_filler", {}};
            entry.fields.set("number", i);
            batch.open.push_back(statement::encode_entry(entry));
        }
        EXPECT_TRUE(party.exchange().log(std::move(batch), {}, now));
    }
    /// fr follows ru, whose answers are lies, until there is nothing more to ask for now.
    void follow(const Lie& lie) {
        for (int round = 0; round < 4; ++round) {
            for (int step = 0; step < 60; ++step) {
                const auto next = follow_->next(now);
                if (!next) break;
                auto bytes = ru().exchange().answer(fr_id, next->path);
                Answer answer = bytes ? Answer(node::StepAnswer{false, {}, std::move(*bytes)})
                                      : Answer(tl::unexpected(bytes.error()));
                lie(next->path, answer);
                follow_->take(std::move(answer), now);
            }
            follow_->hurry();
        }
    }
    /// What fr's `peer status` says of a party: every code, with words to each.
    std::set<std::string> named(const PartyId& party) { return named(fr(), party); }
    std::set<std::string> named(Party& at, const PartyId& party) const {
        std::set<std::string> out;
        for (const auto& status : at.exchange().status(now)) {
            if (status.party != party) continue;
            for (const auto& one : status.misdeeds) {
                EXPECT_GT(one.text.size(), 10u) << one.code;
                out.insert(one.code);
            }
            for (const auto& [code, text] : status.missing) {
                EXPECT_GT(text.size(), 10u) << code;
                out.insert(code);
            }
        }
        return out;
    }
    check::Verdict verdict(std::int32_t lat_e7) { return verdict(fr(), lat_e7, now); }
    static check::Verdict verdict(Party& at, std::int32_t lat_e7, Instant when) {
        return at.ask({{{geo::Circle{{lat_e7, 363'000'000}, {500}}, {}, {}}}, {0}}, when).verdict;
    }

  private:
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
    std::optional<node::Follow> follow_;
};

/// Out of its store it is what it was.
inline void restart(Party& party) {
    const Hash hash = party.node().snapshot().hash();
    party.stop();
    const auto started = party.start();
    ASSERT_TRUE(started) << party.id().v << ": " << started.error().detail;
    EXPECT_EQ(party.node().snapshot().hash(), hash) << party.id().v;
}

}  // namespace entente::sim
