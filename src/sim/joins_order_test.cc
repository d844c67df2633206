// SPDX-License-Identifier: Apache-2.0
// Twenty parties say places, incidents, reports and what they think of them; told to a node in any
// order, with repetitions, all of it gives the same joins, time lines, corroboration and matrix.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "registry/exchange_for_test.h"
#include "sim/in_words.h"

namespace entente::sim {
namespace {

using registry::LogNumber;
using registry::Understood;
using registry::test::noon;
using registry::test::Teller;
using std::chrono::hours;

constexpr std::size_t party_count = 20;
const Instant later = noon + hours(100);

std::string party_of(std::size_t i) { return std::string("p") + static_cast<char>('a' + i); }

/// What one party says, in the order of its log.
struct Entry {
    std::size_t party;
    Understood said;
};

geo::Place place(Rng& rng) {
    geo::Place out;
    out.volume.shape = geo::Circle{{static_cast<std::int32_t>(rng.below(100'000)),
                                    static_cast<std::int64_t>(rng.below(100'000))},
                                   {static_cast<std::int64_t>(rng.below(2000))}};
    return out;
}

class Story {
  public:
    explicit Story(std::uint64_t seed) : rng_(seed) {
        for (std::size_t i = 0; i < party_count; ++i) tellers_.emplace_back(party_of(i), "joint");
        for (int i = 0; i < 400; ++i) say();
    }
    const std::vector<Entry>& all() const { return all_; }
    const std::vector<RecordId>& incidents() const { return incidents_; }

  private:
    void say() {
        const std::size_t party = rng_.below(party_count);
        switch (rng_.below(6)) {
            case 0: return say_place(party);
            case 1: return say_incident(party);
            case 2: return say_responsibility(party);
            case 3: return say_position(party);
            default: return say_report(party);
        }
    }

    void say_place(std::size_t party) {
        const int record = static_cast<int>(rng_.below(4));
        const std::uint32_t version = ++versions_[{party, record}];
        const registry::test::Said said{.act = version == 1 ? "add" : "amend",
                                        .record = record,
                                        .version = version,
                                        .time = noon + hours(rng_.below(50)),
                                        .where = std::vector{place(rng_)}};
        all_.push_back({party, tellers_[party].make(said).open()});
    }

    void deal(std::size_t party, statement::Dealt what) {
        Understood out;
        const std::uint64_t number = next_++;
        out.head.emplace();
        out.head->secret = sha256("secret " + std::to_string(number));
        out.position = tellers_[party].position("dealt " + std::to_string(number));
        out.opened = 5;
        out.head->keys = {"joint", tellers_[party].origin(),
                          statement::record_id(tellers_[party].origin(), out.head->secret), 1};
        out.head->kind = statement::kind_of(what);
        out.head->act = "add";
        out.head->protects = false;
        out.head->time = noon + hours(rng_.below(50));
        out.dealt = std::make_shared<const statement::Dealt>(std::move(what));
        said_.push_back(out.head->keys.record);
        all_.push_back({party, std::move(out)});
    }

    void say_incident(std::size_t party) {
        statement::Incident incident;
        incident.sort = "shelling";
        incident.from = noon + hours(rng_.below(60));
        incident.until = *incident.from + hours(1 + rng_.below(20));
        incident.volumes = {place(rng_)};
        incident.contact = "desk";
        if (rng_.below(3) == 0) {
            const std::size_t other = rng_.below(party_count);
            incident.objects.push_back({tellers_[other].id(static_cast<int>(rng_.below(4))), "",
                                        "hospital", statement::Damage::damaged});
        }
        deal(party, incident);
        incidents_.push_back(said_.back());
    }

    std::optional<RecordId> one_of(const std::vector<RecordId>& all) {
        if (all.empty()) return std::nullopt;
        return all[rng_.below(all.size())];
    }

    void say_responsibility(std::size_t party) {
        const auto of = one_of(incidents_);
        if (!of) return;
        statement::Responsibility said;
        said.of = of;
        said.stance = static_cast<statement::Stance>(rng_.below(statement::stance_count));
        said.whom = statement::Actor{PartyId{party_of(rng_.below(party_count))}, {}, {}};
        said.contact = "desk";
        deal(party, said);
    }

    void say_position(std::size_t party) {
        statement::Position said;
        said.point = "point " + std::to_string(rng_.below(3));
        said.stand = rng_.below(2) == 0 ? statement::Stand::agrees : statement::Stand::differs;
        said.contact = "desk";
        deal(party, said);
    }

    void say_report(std::size_t party) {
        statement::Report said;
        said.topic = "convoy";
        said.text = "lorries";
        said.grade = statement::Grade{'C', '3'};
        said.contact = "desk";
        if (const auto of = one_of(incidents_)) said.about = {*of};
        if (rng_.below(2) == 0) {
            said.sources.push_back(
                {statement::SourceKind::media, "agency " + std::to_string(rng_.below(5)), {}, {}});
        } else if (const auto of = one_of(said_)) {
            said.sources.push_back({statement::SourceKind::party, "", of, {}});
        }
        deal(party, said);
    }

    Rng rng_;
    std::vector<Teller> tellers_;
    std::vector<Entry> all_;
    std::map<std::pair<std::size_t, int>, std::uint32_t> versions_;
    std::vector<RecordId> said_, incidents_;
    std::uint64_t next_ = 0;
};

/// The register of the party with this number, told all of it in this order.
registry::Snapshot told(const Story& story, std::size_t self,
                        const std::vector<std::size_t>& order) {
    std::vector<std::string> parties;
    for (std::size_t i = 0; i < party_count; ++i) parties.push_back(party_of(i));
    registry::Registry registry(registry::test::joint_charter(parties), PartyId{party_of(self)});
    std::map<std::size_t, LogNumber> logs{{self, 0}};
    for (std::size_t i = 0; i < party_count; ++i) {
        if (i != self) logs[i] = registry.add_log({"joint/" + party_of(i)}, PartyId{party_of(i)});
    }
    for (const std::size_t i : order) {
        registry.apply(logs.at(story.all()[i].party), story.all()[i].said);
    }
    registry.settle();
    return registry.snapshot();
}

TEST(JoinsOrder, TwentyPartiesInAnyOrderGiveTheSameOnEveryNode) {
    std::size_t rows = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Story story(seed);
        Rng rng(1000 + seed);
        std::vector<std::size_t> order(story.all().size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        const std::string first =
            in_words(told(story, 0, order), story.incidents(), later, Ends::told);
        rows += static_cast<std::size_t>(std::count(first.begin(), first.end(), '\n'));
        for (std::size_t node = 0; node < party_count; ++node) {
            std::vector<std::size_t> another = order;
            for (std::size_t i = another.size(); i > 1; --i) {
                std::swap(another[i - 1], another[rng.below(i)]);
            }
            another.insert(another.end(), another.begin(), another.begin() + 30);  // once more
            ASSERT_EQ(in_words(told(story, node, another), story.incidents(), later, Ends::told),
                      first)
                << "seed " << seed << ", node " << node;
        }
    }
    EXPECT_GT(rows, 5000U);
}

}  // namespace
}  // namespace entente::sim
