// SPDX-License-Identifier: Apache-2.0
// Field packs: what a crew's device answers with no line is what its node would have answered then,
// and never less careful (PROTOCOL 29).
#include "node/field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

constexpr std::int32_t lat = 335'000'000, lng = 363'000'000;

statement::CharterTerms terms() {
    auto out = statement::default_joint_terms();
    out.reduce_delay = 1h;
    out.age_limit = 12h;
    out.relaxations_min = 3;
    return out;
}

geo::LatLng near(Rng& rng, std::int32_t spread_e7) {
    const auto off = [&] {
        return static_cast<std::int32_t>(rng.below(2 * static_cast<std::uint64_t>(spread_e7))) -
               spread_e7;
    };
    return {lat + off(), lng + off()};
}

node::Draft hospital(geo::LatLng at) { return draft_of(statement::ProtectionClass::hospital, at); }

class Crew {
  public:
    Crew() : founders_(found({"fr", "msf", "un", "ru"}, terms(), 1)) {
        for (std::size_t i = 0; i < 4; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
    }
    Party& fr() { return *parties_[0]; }
    Party& msf() { return *parties_[1]; }
    Instant now = noon;
    Rng rng{5};
    SealingSecret device = SealingSecret::generate(rng.bytes());
    const std::string& charter() const { return founders_.charter_file; }

    void round() {
        now += 60s;
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now));
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker == asked) continue;
                EXPECT_TRUE(sync(*asker, *asked, now));
            }
        }
    }
    node::FieldWish wish(std::int64_t radius_dm = 500'000) {
        return {
            "crew 7", device.public_key(), {{lat, lng}, {radius_dm}}, {now, now + 24h}, {10'000}};
    }
    Result<Bytes> pack(const node::FieldWish& wish) {
        return node::make_field_pack(fr().exchange(), wish, "a.planner", now, rng.bytes());
    }
    Result<node::Field> open(BytesView file) {
        return node::open_field_pack(file, charter(), PartyId{"fr"}, device);
    }

  private:
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

check::Question plan(geo::LatLng at, Instant from, double margin = 0) {
    return {{{geo::Circle{at, {20'000}}, {}, {from, from + 1h}}}, {margin}};
}

bool has(const check::Answer& answer, const std::string& code) {
    return std::any_of(answer.reasons.begin(), answer.reasons.end(),
                       [&](const check::Reason& one) { return one.code == code; });
}

/// What an answer says of places, however they are numbered.
std::vector<std::tuple<RecordId, Hash, Verdict, double>> found_in(const check::Answer& answer) {
    std::vector<std::tuple<RecordId, Hash, Verdict, double>> out;
    for (const auto* list : {&answer.findings, &answer.nearby}) {
        for (const auto& f : *list) out.emplace_back(f.id, f.leaf, f.weight, f.distance.v);
    }
    return out;
}

TEST(FieldPack, AnswersAsItsNodeWouldHave) {
    Crew crew;
    std::vector<std::pair<Party*, RecordId>> said;
    for (int i = 0; i < 60; ++i) {
        Party& who = i % 2 == 0 ? crew.fr() : crew.msf();
        node::Audience audience;
        if (&who == &crew.msf() && i % 3 != 0) {
            audience = {{PartyId{"fr"}, i % 4 == 1 ? Tier::coarse : Tier::exact}};
        }
        const auto id = who.say(hospital(near(crew.rng, 4'000'000)), {}, audience, crew.now);
        ASSERT_TRUE(id) << id.error().detail;
        said.emplace_back(&who, *id);
        if (i % 20 == 0) crew.round();
    }
    crew.round();
    // Moves and withdrawals: some act by now, some wait, some are too many for one day.
    for (int i = 0; i < 12; ++i) {
        auto& [who, id] = said[crew.rng.below(said.size())];
        node::Draft draft = hospital(near(crew.rng, 4'000'000));
        draft.act = i % 2 == 0 ? act::withdraw : act::amend;
        if (draft.act == act::withdraw) draft.protection = {};
        (void)who->say(draft, id, {}, crew.now);  // one that is withdrawn already is refused
        if (i == 6) {
            for (int k = 0; k < 70; ++k) crew.round();
        }
    }
    for (int i = 0; i < 3; ++i) crew.round();
    const auto file = crew.pack(crew.wish());
    ASSERT_TRUE(file) << file.error().detail;
    const auto field = crew.open(*file);
    ASSERT_TRUE(field) << field.error().detail;
    index::Scratch scratch;
    int touched = 0;
    const int plans = std::getenv("ENTENTE_LONG") != nullptr ? 20'000 : 1'000;
    for (int i = 0; i < plans; ++i) {
        const auto question = plan(near(crew.rng, 3'000'000), crew.now, crew.rng.unit() * 1000);
        const auto there = crew.fr().ask(question, crew.now);
        const auto here = node::check_field(*field, scratch, question, crew.now, crew.now);
        // The device knows no budget and holds back what is too many in a day: never the milder.
        ASSERT_GE(here.verdict, there.verdict);
        const auto known = found_in(here);
        for (const auto& one : found_in(there)) {
            EXPECT_NE(std::find(known.begin(), known.end(), one), known.end());
        }
        touched += there.findings_total > 0 ? 1 : 0;
    }
    EXPECT_GT(touched, plans / 20);
}

TEST(FieldPack, IsIncompleteBeyondWhatItIsFor) {
    Crew crew;
    ASSERT_TRUE(crew.fr().say(hospital({lat, lng}), {}, {}, crew.now));
    for (int i = 0; i < 3; ++i) crew.round();
    const auto file = crew.pack(crew.wish());
    ASSERT_TRUE(file);
    const auto field = crew.open(*file);
    ASSERT_TRUE(field) << field.error().detail;
    index::Scratch scratch;
    const geo::LatLng inside{lat + 1'000'000, lng};
    const auto ask = [&](const check::Question& question, Instant now, Instant seen) {
        return node::check_field(*field, scratch, question, now, seen);
    };
    const auto good = ask(plan(inside, crew.now), crew.now, crew.now);
    EXPECT_EQ(good.verdict, Verdict::no_registered_conflict)
        << (good.reasons.empty() ? "" : good.reasons.front().text);
    EXPECT_EQ(good.as_of.packed, crew.now);
    EXPECT_TRUE(
        has(ask(plan({lat + 4'490'000, lng}, crew.now), crew.now, crew.now), "outside_pack_area"));
    EXPECT_TRUE(has(ask(plan(inside, crew.now + 24h), crew.now, crew.now), "outside_pack_window"));
    check::Question unbounded = plan(inside, crew.now);
    unbounded.volumes[0].window = {};
    EXPECT_TRUE(has(ask(unbounded, crew.now, crew.now), "outside_pack_window"));
    EXPECT_TRUE(has(ask(plan(inside, crew.now, 1001), crew.now, crew.now), "beyond_pack_margin"));
    EXPECT_TRUE(has(ask(plan(inside, crew.now), crew.now, crew.now + 1s), "clock_behind"));
    EXPECT_TRUE(has(ask(plan(inside, crew.now), crew.now - 1s, Instant::min()), "clock_behind"));
    const auto late = ask(plan(inside, crew.now + 13h), crew.now + 13h, crew.now);
    EXPECT_TRUE(has(late, "pack_stale"));
    EXPECT_EQ(late.verdict, Verdict::incomplete);
    // A conflict is one however old the pack is.
    EXPECT_EQ(ask(plan({lat, lng}, crew.now + 20h), crew.now + 20h, crew.now).verdict,
              Verdict::conflict);
}

TEST(FieldPack, AWithheldNewerVersionIsKnownOnTheDeviceToo) {
    Crew crew;
    const auto id =
        crew.msf().say(hospital({lat, lng}), {}, {{PartyId{"fr"}, Tier::exact}}, crew.now);
    ASSERT_TRUE(id);
    for (int i = 0; i < 3; ++i) crew.round();
    // msf says more of it, and fr gets its log, and not yet what was released.
    ASSERT_TRUE(crew.msf().say(hospital({lat + 10'000, lng}), {}, {}, crew.now));
    node::Draft moved = hospital({lat + 20'000, lng});
    moved.act = act::amend;
    ASSERT_TRUE(crew.msf().say(moved, *id, {}, crew.now));
    node::Follow follow(crew.fr().exchange(), PartyId{"msf"}, 10s);
    while (const auto step = follow.next(crew.now)) {
        if (step->path.find("releases") != std::string::npos) break;
        auto answer = crew.msf().exchange().answer(PartyId{"fr"}, step->path);
        ASSERT_TRUE(answer);
        follow.take(node::StepAnswer{false, {}, std::move(*answer)}, crew.now);
    }
    const auto question = plan({lat, lng}, crew.now);
    ASSERT_TRUE(has(crew.fr().ask(question, crew.now), "newer_withheld"));
    const auto file = crew.pack(crew.wish());
    ASSERT_TRUE(file);
    const auto field = crew.open(*file);
    ASSERT_TRUE(field) << field.error().detail;
    index::Scratch scratch;
    EXPECT_TRUE(
        has(node::check_field(*field, scratch, question, crew.now, crew.now), "newer_withheld"));
}

TEST(FieldPack, IsLoggedBeforeItIsGivenAndForOneDevice) {
    Crew crew;
    ASSERT_TRUE(crew.fr().say(hospital({lat, lng}), {}, {}, crew.now));
    crew.round();
    const auto size = crew.fr().node().log().size();
    const auto hash = crew.fr().node().snapshot().hash();
    const auto file = crew.pack(crew.wish());
    ASSERT_TRUE(file);
    EXPECT_GT(crew.fr().node().log().size(), size);
    EXPECT_EQ(crew.fr().node().snapshot().hash(), hash) << "it protects and relaxes nothing";
    ASSERT_TRUE(crew.open(*file));
    const SealingSecret other = SealingSecret::generate(crew.rng.bytes());
    EXPECT_FALSE(node::open_field_pack(*file, crew.charter(), PartyId{"fr"}, other));
    EXPECT_FALSE(node::open_field_pack(*file, crew.charter(), PartyId{"msf"}, crew.device));
    for (std::size_t i = 0; i < file->size(); i += 1 + file->size() / 300) {
        Bytes changed = *file;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        ASSERT_FALSE(crew.open(changed)) << "byte " << i;
    }
    // A start reads the statement again.
    crew.fr().stop();
    ASSERT_TRUE(crew.fr().start());
    EXPECT_EQ(crew.fr().node().snapshot().hash(), hash);
}

TEST(FieldPack, HasLimits) {
    Crew crew;
    crew.round();
    auto wish = crew.wish();
    wish.area.radius = {5'000'001};
    EXPECT_EQ(crew.pack(wish).error().code, Errc::too_large);
    wish = crew.wish();
    wish.window.end.reset();
    EXPECT_EQ(crew.pack(wish).error().code, Errc::malformed);
    wish = crew.wish();
    wish.device.clear();
    EXPECT_EQ(crew.pack(wish).error().code, Errc::malformed);
    wish = crew.wish();
    wish.margin = {1'000'001};
    EXPECT_EQ(crew.pack(wish).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::sim
