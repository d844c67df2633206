// SPDX-License-Identifier: Apache-2.0
// Presences: written, read again, bounded in time, refused where they say who is there; and what is
// left of them to whoever does not know the kind.
#include "statement/presence.h"

#include <gtest/gtest.h>

#include <functional>

#include "statement/body.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

using samples::exact_of;

TEST(Presence, WhatIsWrittenIsReadAgain) {
    for (const bool whole : {true, false}) {
        Protection said = samples::presence();
        if (!whole) {
            said.presence->sponsor.reset();
            said.names.clear();
        }
        ASSERT_TRUE(validate(said)) << validate(said).error().detail;
        const auto back = decode_exact(encode_exact(exact_of(said)));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(back->protection, said);
        EXPECT_STREQ(back->protection.kind(), "presence");
        EXPECT_FALSE(back->protection.objects());
    }
}

TEST(Presence, WhoDoesNotKnowTheKindStillSeesWhereAndWhen) {
    const auto seen = decode_unknown(encode_exact(exact_of(samples::presence())), Slot::exact);
    ASSERT_TRUE(seen) << seen.error().detail;
    EXPECT_EQ(seen->where, samples::presence().where);
}

TEST(Presence, TheCoarseBodySaysNoGroup) {
    const Bytes coarse = encode_coarse(coarse_of(exact_of(samples::presence())));
    EXPECT_EQ(coarse.find(samples::presence().presence->group.text()), Bytes::npos);
    EXPECT_NE(coarse.find("group_area"), Bytes::npos);
}

struct Spoilt {
    const char* name;
    std::function<void(Protection&)> spoil;
};

geo::Window& window(Protection& p) { return p.where.back().volume.window; }

const Spoilt spoilt_table[] = {
    {"without an end", [](Protection& p) { window(p).end.reset(); }},
    {"without a start", [](Protection& p) { window(p).start.reset(); }},
    {"a millisecond too long",
     [](Protection& p) { window(p).end = *window(p).start + presence_span_max + Duration(1); }},
    {"another class", [](Protection& p) { p.protection_class = ProtectionClass::other; }},
    {"a list of names",
     [](Protection& p) {
         p.names = {{"one", "", ""}, {"two", "", ""}};
     }},
    {"two names in one language", [](Protection& p) { p.names[1].language = "en"; }},
    {"who is there", [](Protection& p) { p.texts["people"] = "forty"; }},
    {"legs", [](Protection& p) { p.legs = samples::movement().legs; }},
    {"an objection beside it", [](Protection& p) { p.objection = samples::objection().objection; }},
    {"a STOP beside it", [](Protection& p) { p.stop = samples::stop().stop; }},
    {"a source that is no letter", [](Protection& p) { p.presence->grade.source = 'G'; }},
    {"a figure that is none", [](Protection& p) { p.presence->grade.information = '0'; }},
    {"no place", [](Protection& p) { p.where.clear(); }},
};

TEST(Presence, IsRefusedWhereItIsNone) {
    for (const Spoilt& row : spoilt_table) {
        Protection said = samples::presence();
        row.spoil(said);
        const auto back = decode_exact(encode_exact(exact_of(said)));
        EXPECT_FALSE(back && validate(back->protection)) << row.name;
        // Grades are read, not judged, when one states it: nobody can make another one.
        const bool of_form = std::string_view(row.name).find(" that is n") != std::string::npos;
        EXPECT_TRUE(of_form || !validate(said)) << row.name;
    }
}

TEST(Presence, HasNoVehicles) {
    Protection said = samples::presence();
    said.vehicles.push_back({"one", "", "", "", ""});
    EXPECT_FALSE(validate(said));
}

TEST(Presence, TwoWeeksAreTheMost) {
    Protection said = samples::presence();
    for (geo::Place& place : said.where) {
        place.volume.window.end = *place.volume.window.start + presence_span_max;
    }
    EXPECT_TRUE(validate(said));
}

TEST(Presence, EachMemberIsReadByItsForm) {
    const Bytes good = encode_exact(exact_of(samples::presence()));
    const std::string group = samples::presence().presence->group.text();
    const std::pair<std::string, std::string> wrong[] = {
        {"\"grade\":\"B2\"", "\"grade\":\"2B\""},
        {"\"group\":\"" + group + "\"", "\"group\":\"somebody\""},
        {"\"sponsor\":\"msf-sd\"", "\"sponsor\":\"No One\""},
        {"\"grade\":\"B2\",", ""},
        {"\"group\":\"" + group + "\",", ""},
    };
    for (const auto& [from, to] : wrong) {
        Bytes bad = good;
        ASSERT_NE(bad.find(from), Bytes::npos) << from;
        bad.replace(bad.find(from), from.size(), to);
        EXPECT_FALSE(decode_exact(bad)) << from;
        EXPECT_TRUE(decode_unknown(bad, Slot::exact)) << "and it protects all the same: " << from;
    }
}

}  // namespace
}  // namespace entente::statement
