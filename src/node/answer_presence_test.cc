// SPDX-License-Identifier: Apache-2.0
// What a presence makes of an answer (PROTOCOL 17, 21): by every combination of what three parties
// can have said of its group, against a rule written once more; and in random worlds, against
// comparing each presence with each volume and asking all statements together.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "check/answer.h"
#include "geo/covers.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "registry/exchange_for_test.h"

namespace entente::check {
namespace {

using registry::Understood;
using registry::test::joint_charter;
using registry::test::noon;
using registry::test::Said;
using registry::test::Teller;
using statement::Stand;
using view::Flag;
using Codes = std::vector<std::string>;

constexpr auto hour = std::chrono::hours(1);
constexpr unsigned coarse = 3, exact = 5;

AsOf fresh(Instant now) {
    AsOf out;
    for (const char* party : {"fr", "ru"}) {
        Source source;
        source.party = PartyId{party};
        source.beat = source.received = now;
        out.sources.push_back(source);
    }
    return out;
}

/// The register of un, with the logs of fr and ru, and what parties say of groups in it.
class Told {
  public:
    explicit Told(const statement::Charter& charter = joint_charter({"fr", "ru", "un"}))
        : registry_(charter, PartyId{"un"}) {
        for (const char* party : {"un", "fr", "ru"}) {
            const bool own = party == std::string("un");
            logs_[party] =
                own ? 0 : registry_.add_log({"joint/" + std::string(party)}, PartyId{party});
            tellers_.emplace(party, Teller(party, "joint"));
        }
    }

    RecordId id(const std::string& party, const std::string& record) const {
        return statement::record_id({"joint/" + party}, sha256(record));
    }
    /// A version of what restrains nothing; of `withdraw` nothing is said.
    void deal(const std::string& party, const std::string& record, std::uint32_t version,
              const statement::Dealt& said, const char* act) {
        Understood u;
        const bool ends = act == std::string("withdraw");
        u.position = tellers_.at(party).position(record + std::to_string(version));
        u.opened = ends ? 1 : 5;
        u.head.emplace();
        u.head->keys = {"joint", {"joint/" + party}, id(party, record), version};
        u.head->secret = sha256(record);
        u.head->kind = statement::kind_of(said);
        u.head->act = act;
        u.head->protects = false;
        u.head->time = noon;
        if (!ends) u.dealt = std::make_shared<const statement::Dealt>(said);
        registry_.apply(logs_.at(party), u);
    }
    void group(const std::string& party, const std::string& record,
               std::vector<RecordId> same = {}) {
        statement::Group said;
        said.names = {{"EXERCISE " + record, "", ""}};
        said.same = std::move(same);
        deal(party, record, 1, said, "add");
    }
    void stand(const std::string& party, const std::string& record, std::uint32_t version,
               const RecordId& group, Stand stand, std::optional<Instant> until = {},
               const char* act = nullptr) {
        statement::Position said;
        said.group = group;
        said.stand = stand;
        said.until = until;
        deal(party, record, version, said, act != nullptr ? act : version == 1 ? "add" : "amend");
    }
    void presence(const std::string& party, const Said& said, unsigned slots = exact) {
        registry_.apply(logs_.at(party), tellers_.at(party).make(said).open(slots));
    }
    view::View view() {
        registry_.settle();
        return {registry_.snapshot(), {PartyId{"un"}}};
    }
    const registry::Snapshot& snapshot() { return registry_.snapshot(); }

  private:
    registry::Registry registry_;
    std::map<std::string, registry::LogNumber> logs_;
    std::map<std::string, Teller> tellers_;
};

Said area(const RecordId& group, std::optional<PartyId> sponsor = {}, int record = 0, int at = 0) {
    Said out;
    out.kind = statement::presence_kind;
    out.record = record;
    out.at = at;
    out.end = noon + 48 * hour;
    out.presence = statement::Presence{group, std::move(sponsor), {'B', '2'}};
    return out;
}

Answer ask(const view::View& view, const std::vector<geo::Volume4D>& plan, Instant now = noon) {
    std::vector<index::Item> items;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        for (index::Item& item : index_items(slot, view.at(slot))) items.push_back(item);
    }
    index::Scratch scratch;
    return answer(view, index::Index::build(std::move(items)), scratch, {plan, {0}}, fresh(now),
                  now);
}

Answer ask(Told& told, Instant now = noon) {
    return ask(told.view(), {{geo::Circle{{0, 0}, {0}}, {}, {{now}, {now + hour}}}}, now);
}

Codes codes(const Answer& a) {
    Codes out;
    for (const Reason& reason : a.reasons) out.push_back(reason.code);
    return out;
}

/// What one party can have said of the group by noon.
struct Way {
    const char* name;
    bool protects;            // at noon
    bool speaks;              // holds a position, whichever
    bool says_not;            // and this one
    std::vector<Stand> said;  // version by version
    std::optional<Instant> until = {};
    bool withdrawn = false;
};
using enum Stand;
const Way ways[] = {
    {"silent", false, false, false, {}},
    {"protects", true, true, false, {is_protected}},
    {"protects until one", true, true, false, {is_protected}, noon + hour},
    {"protected until noon", false, true, false, {is_protected}, noon},
    {"does not", false, true, true, {not_protected}},
    {"holds none", false, true, false, {no_position}},
    {"protected, and does not now", true, true, true, {is_protected, not_protected}},
    {"protected, and holds none now", true, true, false, {is_protected, no_position}},
    {"did not, and protects now", true, true, false, {not_protected, is_protected}},
    {"protected, and has withdrawn it", true, false, false, {is_protected}, {}, true},
    {"did not, and has withdrawn it", false, false, false, {not_protected}, {}, true},
};

void tell(Told& told, const std::string& party, const RecordId& group, const Way& way) {
    std::uint32_t version = 0;
    for (const Stand stand : way.said) {
        told.stand(party, "position", ++version, group, stand, way.until);
    }
    if (way.withdrawn) {
        told.stand(party, "position", ++version, group, no_position, {}, "withdraw");
    }
}

TEST(PresenceFound, EveryCombinationOfWhatThreePartiesSay) {
    std::size_t conflicts = 0, cautions = 0, contested = 0;
    for (const Way& fr : ways) {
        for (const Way& ru : ways) {
            for (const Way& un : ways) {
                for (const bool sponsored : {false, true}) {
                    for (const bool known : {true, false}) {
                        Told told;
                        const RecordId group = told.id("ru", "group");
                        if (known) told.group("ru", "group");
                        tell(told, "fr", group, fr);
                        tell(told, "ru", group, ru);
                        tell(told, "un", group, un);
                        const auto by = sponsored ? std::optional(PartyId{"ru"}) : std::nullopt;
                        told.presence("fr", area(group, by));
                        const std::string what = std::string(fr.name) + " / " + ru.name + " / " +
                                                 un.name + (sponsored ? ", sponsored" : "") +
                                                 (known ? "" : ", not known");
                        const Answer a = ask(told);
                        const bool protects = fr.protects || ru.protects || un.protects;
                        const bool restrains =
                            protects || !known || !fr.speaks || (sponsored && !ru.speaks);
                        const bool differ = (fr.protects && (ru.says_not || un.says_not)) ||
                                            (ru.protects && (fr.says_not || un.says_not)) ||
                                            (un.protects && (fr.says_not || ru.says_not));
                        ASSERT_EQ(a.findings.size(), 1u) << what;
                        const Finding& f = a.findings[0];
                        const Verdict want = restrains ? Verdict::conflict : Verdict::caution;
                        EXPECT_EQ(a.verdict, want) << what;
                        EXPECT_EQ(f.weight, want) << what;
                        EXPECT_EQ(f.flags.has(Flag::contested), differ) << what;
                        ASSERT_TRUE(f.presence) << what;
                        EXPECT_EQ(f.presence->stands.names.size(), known) << what;
                        EXPECT_EQ(f.presence->restrains(), restrains) << what;
                        EXPECT_EQ(codes(a), !restrains ? Codes({"presence_not_protected"})
                                            : differ   ? Codes({"touches", "presence_contested"})
                                                       : Codes({"touches"}))
                            << what;
                        conflicts += restrains;
                        cautions += !restrains;
                        contested += differ;
                    }
                }
            }
        }
    }
    EXPECT_EQ(conflicts + cautions, std::size_t{11 * 11 * 11 * 4});
    EXPECT_GT(cautions, 100u);
    EXPECT_GT(contested, 1000u);
}

TEST(PresenceFound, NamesGroupSponsorGradeAndWhoSaysWhat) {
    Told told;
    const RecordId group = told.id("ru", "group");
    told.group("ru", "group");
    told.stand("fr", "yes", 1, group, is_protected);
    told.stand("ru", "no", 1, group, not_protected);
    told.presence("fr", area(group, PartyId{"un"}));
    const Answer a = ask(told);
    ASSERT_EQ(a.findings.size(), 1u);
    const PresenceFound& found = *a.findings[0].presence;
    ASSERT_EQ(found.stands.words.size(), 2u);
    EXPECT_EQ(found.stands.words[0].party, PartyId{"fr"});
    EXPECT_EQ(found.stands.words[1].party, PartyId{"ru"});
    EXPECT_EQ(found.stands.words[1].stand, not_protected);
    EXPECT_EQ(found.stands.words[1].id, told.id("ru", "no"));
    const std::vector<std::string> said = {
        "EXERCISE group", group.text(),        "grade B2", "vouched for by un",
        "fr: protected",  "ru: not_protected", "contested"};
    for (const std::string& words : said) {
        EXPECT_NE(a.findings[0].why.find(words), std::string::npos) << words;
    }
}

TEST(PresenceFound, IsNeverNothing) {
    Told told;
    const RecordId group = told.id("ru", "group");
    told.group("ru", "group");
    for (const char* party : {"fr", "ru", "un"}) {
        told.stand(party, "position", 1, group, not_protected);
    }
    told.presence("fr", area(group));
    EXPECT_EQ(codes(ask(told)), Codes({"presence_not_protected"}));
    EXPECT_EQ(ask(told).verdict, Verdict::caution);
    told.presence("fr", area(group, {}, 1), coarse);
    EXPECT_EQ(codes(ask(told)), Codes({"touches_coarse", "presence_not_protected"}));
    const Answer wide = ask(told.view(), {{geo::Circle{{0, 0}, {500'000}}, {}, {}}});
    EXPECT_EQ(codes(wide), Codes({"touches", "presence_not_protected"}))
        << "whose an area is cannot be read: as any coarse one, wholly inside";
}

TEST(PresenceFound, OverBudgetIsACautionAndNoContestedConflict) {
    auto charter = joint_charter({"fr", "ru", "un"});
    charter.terms.extent_m[static_cast<std::size_t>(statement::ProtectionClass::group_area)] = 1;
    Told told(charter);
    const RecordId group = told.id("ru", "group");
    told.group("ru", "group");
    told.stand("un", "position", 1, group, is_protected);
    told.stand("ru", "position", 1, group, not_protected);
    told.presence("fr", area(group));
    const Answer a = ask(told);
    EXPECT_EQ(codes(a), Codes({"over_budget"}));
    EXPECT_EQ(a.verdict, Verdict::caution);
    EXPECT_TRUE(a.findings.at(0).flags.has(Flag::contested));
}

TEST(PresenceFound, EndsWithItsWindow) {
    Told told;
    told.presence("fr", area(told.id("ru", "group")));
    EXPECT_EQ(ask(told, noon + 48 * hour - Duration(1)).verdict, Verdict::conflict);
    EXPECT_EQ(ask(told, noon + 48 * hour).verdict, Verdict::no_registered_conflict);
}

TEST(PresenceFound, AnyMomentOfEachVolumeCounts) {
    Told told;
    const RecordId group = told.id("ru", "group");
    told.group("ru", "group");
    told.stand("fr", "position", 1, group, is_protected, noon + 10 * hour);
    told.presence("fr", area(group));
    const Instant now = noon + 20 * hour;
    const auto volume = [](std::optional<Instant> start, Instant end) {
        return geo::Volume4D{geo::Circle{{0, 0}, {0}}, {}, {start, end}};
    };
    const auto asked = [&](std::vector<geo::Volume4D> plan) {
        return ask(told.view(), plan, now).verdict;
    };
    const auto early = volume(noon + 9 * hour, noon + 30 * hour);
    const auto late = volume(noon + 10 * hour, noon + 30 * hour);
    EXPECT_EQ(asked({early}), Verdict::conflict);
    EXPECT_EQ(asked({late}), Verdict::caution);
    EXPECT_EQ(asked({late, early}), Verdict::conflict);
    EXPECT_EQ(asked({volume({}, noon + 30 * hour)}), Verdict::conflict);
    EXPECT_EQ(ask(told.view(), {late}, noon + 9 * hour).verdict, Verdict::conflict) << "now, too";
}

/// A world of one seed: groups, some the same, positions on them, presences, and a plan.
struct Random {
    Told told;
    std::vector<geo::Volume4D> plan;
    Instant now;

    explicit Random(Rng& rng) {
        const std::string parties[] = {"fr", "ru", "un"};
        const auto any = [&] { return parties[rng.below(3)]; };
        const auto when = [&] { return noon + hour * static_cast<int>(rng.below(48)); };
        std::vector<RecordId> groups;
        for (int i = 0; i < 3; ++i) {
            const std::string by = any(), name = "group " + std::to_string(i);
            std::vector<RecordId> same;
            if (!groups.empty() && rng.below(3) == 0) same = {groups[rng.below(groups.size())]};
            groups.push_back(told.id(by, name));
            if (rng.below(8) != 0) told.group(by, name, same);
        }
        const Stand stands[] = {is_protected, not_protected, not_protected, no_position};
        for (int i = 0; i < 9; ++i) {
            const std::string by = any(), name = "position " + std::to_string(i);
            const RecordId group = groups[rng.below(groups.size())];
            const auto say = [&](std::uint32_t version) {
                const auto until = rng.below(3) != 0 ? std::optional(when()) : std::nullopt;
                told.stand(by, name, version, group, stands[rng.below(4)], until);
            };
            say(1);
            if (rng.below(3) == 0) say(2);
        }
        for (int i = 0; i < 10; ++i) {
            const auto by = rng.below(2) == 0 ? std::optional(PartyId{any()}) : std::nullopt;
            Said said =
                area(groups[rng.below(groups.size())], by, i, static_cast<int>(rng.below(3)));
            said.end = when();
            told.presence(any(), said, rng.below(4) == 0 ? coarse : exact);
        }
        for (std::uint64_t n = 1 + rng.below(2); n > 0; --n) {
            const int at = static_cast<int>(rng.below(3)) * 1'000'000;
            const Instant start = when();
            geo::Window window{start, start + hour};
            if (rng.below(4) == 0) window.start.reset();
            plan.push_back({geo::Circle{{at, 0}, {100}}, {}, window});
        }
        now = when();
    }
};

/// Records that are this group by what one party says of its own.
std::set<RecordId> by_its_own_word(const registry::Snapshot& snapshot, const PartyId& party,
                                   const RecordId& group) {
    std::set<RecordId> out{group};
    for (std::size_t before = 0; before != out.size();) {
        before = out.size();
        for (const view::SeenStatement& seen : view::statements(snapshot, statement::group_kind)) {
            const auto* said = seen.said_as<statement::Group>();
            if (seen.party() != party || said == nullptr) continue;
            std::set<RecordId> all(said->same.begin(), said->same.end());
            all.insert(seen.id());
            const bool met = std::any_of(all.begin(), all.end(),
                                         [&](const RecordId& id) { return out.contains(id); });
            if (met) out.merge(all);
        }
    }
    return out;
}

/// The rule once more, by all statements together.
Verdict weight_of(const registry::Snapshot& snapshot, const PartyId& author,
                  const statement::Presence& said, const geo::Window& plan, Instant now) {
    const auto at_now = view::standing_of(snapshot, said.group, now);
    const auto named = view::find_statement(snapshot, said.group);
    if (!at_now || !named) return Verdict::conflict;
    // A window without a start has been open ever since.
    const Instant first = plan.start ? std::min(now, *plan.start) : noon - 1000 * hour;
    if (at_now->is_protected || view::standing_of(snapshot, said.group, first)->is_protected) {
        return Verdict::conflict;
    }
    const auto silent = [&](const PartyId& party) {
        const auto all = at_now->by_party.find(party);
        const auto meant = by_its_own_word(snapshot, party, said.group);
        return all == at_now->by_party.end() ||
               std::none_of(all->second.begin(), all->second.end(), [&](const view::Stands& one) {
                   return one.said != nullptr && one.acts && meant.contains(*one.said->group);
               });
    };
    const bool unheard = silent(author) || (said.sponsor && silent(*said.sponsor));
    return unheard ? Verdict::conflict : Verdict::caution;
}

TEST(PresenceFound, AnswersAreAsByComparingEachWithEach) {
    std::size_t found = 0, cautions = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        Rng rng(seed);
        Random world(rng);
        const view::View view = world.told.view();
        std::map<RecordId, Verdict> want;
        for (view::Slot slot = 0; slot < view.size(); ++slot) {
            const view::Seen seen = view.at(slot);
            for (const view::SeenPlace& place : seen.places(world.now)) {
                for (const geo::Volume4D& volume : world.plan) {
                    const geo::Volume4D& there = place.reached->place.volume;
                    if (!geo::overlap(volume.window, there.window) ||
                        !geo::within(geo::Prepared(volume.shape), geo::Prepared(there.shape),
                                     place.reached->reach())) {
                        continue;
                    }
                    const bool whole = geo::covers(volume.shape, {0}, there.shape, {0});
                    const Verdict weight =
                        place.coarse ? (whole ? Verdict::conflict : Verdict::caution)
                                     : weight_of(world.told.snapshot(), seen.party(),
                                                 *seen.presence(), volume.window, world.now);
                    want[seen.id()] = std::max(want[seen.id()], weight);
                }
            }
        }
        const Answer a = ask(view, world.plan, world.now);
        std::map<RecordId, Verdict> got;
        for (const Finding& f : a.findings) got[f.id] = f.weight;
        EXPECT_EQ(got, want) << seed;
        found += want.size();
        for (const auto& [id, weight] : want) cautions += weight == Verdict::caution;
    }
    EXPECT_GT(found, 500u);
    EXPECT_GT(cautions, 100u);
}

}  // namespace
}  // namespace entente::check
