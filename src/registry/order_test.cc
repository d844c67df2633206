// SPDX-License-Identifier: Apache-2.0
// PROTOCOL 20: the register is a function of the set. Random histories of three logs (versions out
// of turn, tags used twice, void bodies, keys given and taken late, forks, bodies open in part) are
// told once in the order of the logs and then in many random orders, with repetition, with worse
// bodies first, and with settle() anywhere: the same hash, and the same state record by record.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

using test::joint_charter;
using test::Made;
using test::noon;
using test::Said;
using test::Teller;
namespace act = statement::act;

constexpr auto hour = std::chrono::hours(1);

/// One thing that is told to a register. Numbers of logs differ from one register to the next.
struct Event {
    std::string party;
    std::function<void(Registry&, LogNumber)> tell;
};

class World {
  public:
    explicit World(std::uint64_t seed) : rng_(seed), charter_(joint_charter({"fr", "ru", "un"})) {
        charter_.terms.relaxations_min = static_cast<int>(rng_.below(4));
        charter_.terms.relaxations_percent = static_cast<int>(rng_.below(3)) * 40;
        charter_.terms.reduce_delay = hour * static_cast<int>(rng_.below(2));
        const auto hospital = static_cast<std::size_t>(statement::ProtectionClass::hospital);
        charter_.terms.budget_records[hospital] = static_cast<std::int64_t>(rng_.below(4));
        charter_.terms.budget_area_km2[hospital] = static_cast<std::int64_t>(rng_.below(6));
        charter_.terms.extent_m[hospital] = static_cast<std::int64_t>(rng_.below(3)) * 1'045;
        if (rng_.below(4) == 0) charter_.parties.erase(charter_.parties.begin() + 1);  // ru left
        if (rng_.below(4) == 0) charter_.parties.erase(charter_.parties.begin());
        for (const char* party : {"un", "fr", "ru"}) history(party);
    }

    Registry told(std::vector<Event> events, bool shuffled) {
        Registry out(charter_, PartyId{"un"});
        std::vector<std::string> others = {"fr", "ru"};
        if (shuffled) {
            shuffle(others);
            for (std::size_t n = events.size() / 2; n > 0; --n) {
                events.push_back(events[rng_.below(events.size())]);
            }
            shuffle(events);
        }
        for (const std::string& party : others) out.add_log({"joint/" + party}, PartyId{party});
        for (const Event& event : events) {
            event.tell(out, *out.find_log({"joint/" + event.party}));
            if (shuffled && rng_.below(5) == 0) out.settle();
        }
        out.settle();
        return out;
    }
    const std::vector<Event>& events() const { return events_; }

  private:
    template <class T>
    void shuffle(std::vector<T>& all) {
        for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[rng_.below(i)]);
    }

    Said random_version(int records) {
        const char* acts[] = {act::amend, act::amend, act::confirm, act::withdraw, "suspend"};
        const char* by[] = {"", "o", "o", "p", "op", "r", "s"};
        const char* kinds[] = {"enclave", "receipt", "activity"};
        const char* spoils[] = {"tag", "exact bytes", "exact record", "exact slot", "origin"};
        Said said;
        said.record = static_cast<int>(rng_.below(static_cast<std::uint64_t>(records)));
        std::uint32_t& newest = versions_[static_cast<std::size_t>(said.record)];
        said.version = ++newest;
        if (rng_.below(6) == 0) said.version += static_cast<std::uint32_t>(rng_.below(2));
        if (rng_.below(8) == 0) said.version = std::max(1u, said.version - 1);
        newest = std::max(newest, said.version);
        said.act = said.version == 1 ? act::add : acts[rng_.below(5)];
        if (rng_.below(12) == 0) said.kind = kinds[rng_.below(3)];
        said.time = noon + static_cast<int>(rng_.below(50)) * hour;
        said.radius_dm = static_cast<std::int64_t>(1 + rng_.below(3)) * 100;
        said.at = static_cast<int>(rng_.below(2));
        said.approvals = by[rng_.below(7)];
        if (rng_.below(12) == 0) said.spoil = spoils[rng_.below(5)];
        // Two records object, mostly: sometimes a version of another sort stands among theirs.
        if (said.record >= 4 && rng_.below(6) > 0) {
            said.kind = statement::objection_kind;
            if (said.act == act::withdraw) said.act = act::lift;
            if (rng_.below(8) > 0) said.grounds = "because";
        }
        // And one is where a group is, in the same way.
        if (said.record == 3 && rng_.below(6) > 0) {
            said.kind = statement::presence_kind;
            if (rng_.below(8) > 0) said.presence.emplace();
        }
        if ((said.act == act::withdraw || said.act == act::lift) &&
            said.spoil.substr(0, 5) == "exact")
            said.spoil.clear();
        if (said.kind == "activity" && rng_.below(2) == 0) said.spoil = "says it protects nothing";
        return said;
    }

    void say(const std::string& party, const Made& made) {
        const bool own = party == "un";
        const unsigned all[] = {7, 7, 5, 3, 1, 0};
        const unsigned best = own ? (rng_.below(8) == 0 ? 0 : 7) : all[rng_.below(6)];
        const auto add = [&](unsigned slots) {
            if (slots == 0) {
                events_.push_back({party, [made](Registry& to, LogNumber log) {
                                       to.note_sealed(log, made.position, made.entry);
                                   }});
                return;
            }
            events_.push_back({party, [open = made.open(slots)](Registry& to, LogNumber log) {
                                   to.apply(log, open);
                               }});
        };
        if (own) return add(best);
        // Worse ones than the best come along, before it or after.
        for (const unsigned slots : {0u, 1u, 3u, 5u}) {
            if (slots != best && (slots & best) == slots && rng_.below(3) == 0) add(slots);
        }
        add(best);
    }

    void history(const std::string& party) {
        Teller teller(party, "joint");
        versions_.assign(6, 0);
        const std::uint64_t count = 5 + rng_.below(20);
        const std::uint64_t forks_at = rng_.below(4) == 0 ? rng_.below(count) : count;
        std::uint64_t common = 0;
        for (std::uint64_t n = 0; n < count; ++n) {
            if (n == forks_at) common = fork(party, teller);
            if (rng_.below(8) == 0)
                key(party, teller);
            else if (rng_.below(20) == 0)
                garbage(party, teller);
            else
                say(party, teller.make(random_version(1 + static_cast<int>(rng_.below(6)))));
        }
        if (forks_at == count || party == "un") return;
        teller.skip_to(common);  // the other branch
        for (std::uint64_t n = rng_.below(4); n > 0; --n) {
            say(party, teller.make(random_version(6)));
        }
    }

    std::uint64_t fork(const std::string& party, Teller& teller) {
        const std::uint64_t common = teller.position("here").index.v;
        if (party == "un") return common;
        for (const std::uint64_t size : {common, common + 2}) {
            events_.push_back(
                {party, [size](Registry& to, LogNumber log) { to.fork(log, {size}); }});
        }
        return common;
    }

    void garbage(const std::string& party, Teller& teller) {
        events_.push_back(
            {party, [position = teller.position("garbage")](Registry& to, LogNumber log) {
                 to.note_malformed(log, position);
             }});
    }

    void key(const std::string& party, Teller& teller) {
        const char letter = "op"[rng_.below(2)];
        const std::uint64_t from = rng_.below(3) == 0 ? rng_.below(30) : 0;
        const auto entry = make_key_entry({"officer", test::key(letter).public_key(), from},
                                          teller.origin(), test::key('r'));
        events_.push_back(
            {party, [position = teller.position("key"), entry](Registry& to, LogNumber log) {
                 to.apply(log, position, entry);
             }});
    }

    Rng rng_;
    statement::Charter charter_;
    std::vector<std::uint32_t> versions_;  // the newest of each record
    std::vector<Event> events_;
};

/// What readers see of a version, beside what the hash holds.
void expect_alike(const Snapshot& a, const Snapshot& b) {
    ASSERT_EQ(a.size(), b.size());
    for (const auto& log : a.logs()) {
        for (const auto& other : b.logs()) {
            if (other->origin != log->origin) continue;
            EXPECT_EQ(other->offences->first, log->offences->first);
            EXPECT_EQ(other->offences->total, log->offences->total);
            EXPECT_EQ(other->unplaced, log->unplaced);
        }
    }
    for (Slot slot = 0; slot < a.size(); ++slot) {
        const Record& one = a.at(slot);
        const auto found = b.find(one.id);
        ASSERT_TRUE(found);
        const Record& other = b.at(*found);
        EXPECT_EQ(a.log(one.log).origin, b.log(other.log).origin);
        EXPECT_EQ(one.newer_withheld, other.newer_withheld);
        EXPECT_EQ(one.tag_reused, other.tag_reused);
        EXPECT_EQ(one.over_budget, other.over_budget);
        ASSERT_EQ(one.versions.size(), other.versions.size());
        for (std::size_t i = 0; i < one.versions.size(); ++i) {
            const Version &v = one.versions[i], &w = other.versions[i];
            EXPECT_EQ(v.position, w.position);
            EXPECT_EQ(v.until, w.until);
            EXPECT_EQ(v.ended_by, w.ended_by);
            EXPECT_EQ(v.held, w.held);
            EXPECT_EQ(v.acts, w.acts);
            EXPECT_EQ(v.objects(), w.objects());
            EXPECT_EQ(v.sort, w.sort);
            EXPECT_EQ(v.opened, w.opened);
        }
    }
}

TEST(Order, OfArrivalNeverMatters) {
    const std::uint64_t seeds = std::getenv("ENTENTE_LONG") != nullptr ? 5'000 : 100;
    std::size_t held = 0, ending = 0, withheld = 0, unplaced = 0, over = 0, objections = 0,
                presences = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        World world(seed);
        const Registry first = world.told(world.events(), false);
        for (int round = 0; round < 4; ++round) {
            const Registry other = world.told(world.events(), true);
            ASSERT_EQ(other.snapshot().hash(), first.snapshot().hash()) << "seed " << seed;
            expect_alike(first.snapshot(), other.snapshot());
            if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
        }
        unplaced += first.snapshot().unplaced();
        for (Slot slot = 0; slot < first.snapshot().size(); ++slot) {
            withheld += first.snapshot().at(slot).newer_withheld;
            over += first.snapshot().at(slot).over_budget;
            for (const Version& version : first.snapshot().at(slot).versions) {
                held += version.held == Held::over_quota;
                ending += !version.ended_by.empty();
                objections += version.objects();
                presences += version.understood && version.sort == Sort::presence;
            }
        }
    }
    // The histories are worth the name.
    EXPECT_GT(held, seeds / 10);
    EXPECT_GT(ending, seeds);
    EXPECT_GT(withheld, seeds);
    EXPECT_GT(unplaced, seeds);
    EXPECT_GT(over, seeds / 2);
    EXPECT_GT(objections, seeds);
    EXPECT_GT(presences, seeds);
}

}  // namespace
}  // namespace entente::registry
