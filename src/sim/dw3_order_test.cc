// SPDX-License-Identifier: Apache-2.0
// PROTOCOL 20: any order, repetition, loss and later healing of syncs and packs, with a month of
// partition, ends in the same register hash on all nodes that may see the same things. 1,000
// histories with ENTENTE_LONG=1, else 20.
#include <gtest/gtest.h>

#include <cstdlib>

#include "node/pack.h"
#include "sim/party.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;

statement::CharterTerms terms() {
    auto out = statement::default_joint_terms();
    out.reduce_delay = 1h;
    return out;
}

/// fr, msf and ru speak; un and us are told the same by all of them.
class History {
  public:
    explicit History(std::uint64_t seed) : rng_(seed) {
        for (std::size_t i = 0; i < 5; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, rng_.next()));
            EXPECT_TRUE(parties_.back()->exchange().tick(now_));
        }
        cut_ = rng_.below(5);
    }

    void run() {
        for (int i = 0; i < 300; ++i) {
            // The middle third lasts a month, in which one of them is out of everybody's reach.
            apart_ = i >= 100 && i < 200;
            now_ += Duration(apart_ ? 7h + 12min : 40s);
            step();
        }
        apart_ = false;
        for (int i = 0; i < 6; ++i) heal();
    }

    Hash hash_of(std::size_t i) { return parties_[i]->node().snapshot().hash(); }
    std::size_t records_of(std::size_t i) { return parties_[i]->node().snapshot().size(); }
    Result<void> start_again(std::size_t i) {
        parties_[i]->stop();
        return parties_[i]->start();
    }
    /// What an honest world gives nobody a reason for.
    std::string complaints() {
        std::string out;
        for (const auto& party : parties_) {
            for (const auto& status : party->exchange().status(now_)) {
                if (!status.missing.empty()) {
                    out += party->id().v + " of " + status.party.v + ": " +
                           status.missing.front().second + "\n";
                }
                if (!status.misdeeds.empty()) out += status.misdeeds.front().text + "\n";
            }
        }
        return out;
    }

  private:
    std::size_t some(std::size_t below) { return rng_.below(below); }
    bool reached(std::size_t a, std::size_t b) const {
        return a != b && !(apart_ && (a == cut_ || b == cut_));
    }

    void step() {
        const std::size_t a = some(5), b = some(5);
        switch (some(8)) {
            case 0:
            case 1: return say(some(3));
            case 2: return (void)parties_[a]->exchange().tick(now_);
            case 3:
            case 4:
                if (reached(a, b)) ask(a, b, some(12));  // the link breaks after so many answers
                return;
            case 5: return pack(a, b);
            case 6: return unpack();
            default:
                if (some(6) == 0 && !start_again(a)) ADD_FAILURE() << "does not start";
        }
    }

    void say(std::size_t author) {
        Party& party = *parties_[author];
        std::vector<RecordId>& records = said_[author];
        node::Draft draft;
        draft.actor = "a.registrar";
        draft.act = records.empty() || some(3) == 0 ? act::add : act::amend;
        if (!records.empty() && some(5) == 0) draft.act = act::withdraw;
        draft.protection.protection_class = statement::ProtectionClass::clinic;
        geo::Place place;
        place.volume.shape =
            geo::Circle{{static_cast<std::int32_t>(some(600'000'000)), 363'000'000},
                        {static_cast<std::int64_t>(some(4000))}};
        draft.protection.where = {place};
        std::optional<RecordId> record;
        if (draft.act != act::add) record = records[some(records.size())];
        node::Audience audience;
        const auto tier = static_cast<node::Tier>(1 + some(3));
        if (draft.act == act::add) audience = {{PartyId{"un"}, tier}, {PartyId{"us"}, tier}};
        const auto id = party.say(draft, record, audience, now_);
        if (id && draft.act == act::add) records.push_back(*id);
        if (!id && id.error().code != Errc::refused) ADD_FAILURE() << id.error().detail;
    }

    void ask(std::size_t asker, std::size_t asked, std::size_t steps) {
        node::Follow follow(parties_[asker]->exchange(), parties_[asked]->id(), 10s);
        for (std::size_t i = 0; i < steps; ++i) {
            const auto step = follow.next(now_);
            if (!step || follow.due() > now_) return;
            auto body = parties_[asked]->exchange().answer(parties_[asker]->id(), step->path);
            Result<node::StepAnswer> answer = tl::unexpected(Error{});
            if (body)
                answer = node::StepAnswer{false, {}, std::move(*body)};
            else
                answer = tl::unexpected(body.error());
            if (some(10) != 0) follow.take(answer, now_);  // else it is lost, and asked for again
        }
    }

    void pack(std::size_t from, std::size_t to) {
        if (from == to) return;
        auto packed = node::pack(parties_[from]->exchange(), parties_[to]->id(), 1, some(3) == 0,
                                 now_, rng_.bytes());
        ASSERT_TRUE(packed) << packed.error().detail;
        sticks_.push_back({from, to, std::move(packed->bytes)});
    }

    void unpack() {
        if (sticks_.empty()) return;
        const Stick& stick = sticks_[some(sticks_.size())];
        if (!reached(stick.from, stick.to)) return;
        EXPECT_TRUE(node::unpack(parties_[stick.to]->exchange(), stick.bytes, now_));
    }

    void heal() {
        now_ += 60s;
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now_));
        for (std::size_t a = 0; a < 5; ++a) {
            for (std::size_t b = 0; b < 5; ++b) {
                if (a != b) (void)sync(*parties_[a], *parties_[b], now_);
            }
        }
    }

    struct Stick {
        std::size_t from, to;
        Bytes bytes;
    };
    Rng rng_;
    Founders founders_ = found({"fr", "msf", "ru", "un", "us"}, terms(), rng_.next());
    std::vector<std::unique_ptr<Party>> parties_;
    std::map<std::size_t, std::vector<RecordId>> said_;
    std::vector<Stick> sticks_;
    std::size_t cut_ = 0;
    bool apart_ = false;
    Instant now_ = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z
};

TEST(DoneWhen3, AnyOrderEndsInTheSameRegister) {
    const std::uint64_t seeds = std::getenv("ENTENTE_LONG") != nullptr ? 1000 : 20;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        History history(seed);
        history.run();
        EXPECT_EQ(history.complaints(), "") << "seed " << seed;
        EXPECT_EQ(history.hash_of(3), history.hash_of(4)) << "seed " << seed;
        EXPECT_GT(history.records_of(3), 5u) << "seed " << seed;
        // All at once and in the store's order comes to the same as bit by bit.
        const Hash before = history.hash_of(3);
        ASSERT_TRUE(history.start_again(3));
        EXPECT_EQ(history.hash_of(3), before) << "seed " << seed;
    }
}

}  // namespace
}  // namespace entente::sim
