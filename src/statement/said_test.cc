// SPDX-License-Identifier: Apache-2.0
// Reports, incidents and what is said of them: each member is refused by its name where it says
// nothing or too much, what is empty is left out, and tear lines cover what they are torn from.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "geo/coarse.h"
#include "statement/dealings_for_test.h"
#include "statement/label.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

template <class T>
struct Spoilt {
    const char* name;
    void (*spoil)(T&);
    const char* told;  // part of the error
};

template <class T, std::size_t Size>
void expect_refused(const T& good, const Spoilt<T> (&table)[Size]) {
    ASSERT_TRUE(validate(good)) << validate(good).error().detail;
    for (const Spoilt<T>& row : table) {
        T one = good;
        row.spoil(one);
        const auto refused = validate(one);
        ASSERT_FALSE(refused) << row.name;
        EXPECT_NE(refused.error().detail.find(row.told), std::string::npos)
            << row.name << ": " << refused.error().detail;
    }
}

TEST(Report, IsRefusedWhereItSaysNothing) {
    const Spoilt<Report> table[] = {
        {"no topic", [](Report& r) { r.topic.clear(); }, "'topic' is missing"},
        {"no text", [](Report& r) { r.text.clear(); }, "'text' is missing"},
        {"no desk", [](Report& r) { r.contact.clear(); }, "'contact' is missing"},
        {"no grade", [](Report& r) { r.grade.reset(); }, "'grade' is missing"},
        {"a grade that is none", [](Report& r) { r.grade->source = 'G'; }, "A to F"},
        {"a time that runs back", [](Report& r) { r.until = r.from; }, "'until'"},
        {"a topic of two lines", [](Report& r) { r.topic = "a\nb"; }, "'topic'"},
        {"a text that is too long",
         [](Report& r) { r.text.assign(limits::said_text_bytes_max + 1, 'x'); }, "'text'"},
        {"a text that is none", [](Report& r) { r.text = "\xff"; }, "UTF-8"},
        {"a source of nothing", [](Report& r) { r.sources[0].line.clear(); }, "source 1"},
        {"a buffer", [](Report& r) { r.volumes[0].buffer = Decimetres{1}; }, "volumes 1"},
        {"too many sources",
         [](Report& r) { r.sources.assign(limits::sources_max + 1, r.sources[0]); }, "'sources'"},
        {"about too much", [](Report& r) { r.about.assign(limits::about_max + 1, r.about[0]); },
         "'about'"},
    };
    expect_refused(samples::report(), table);
}

TEST(Report, ALongTextOfManyBytesALetterIsNoOther) {
    Report report = samples::report();
    report.text.clear();
    while (report.text.size() + 2 <= limits::said_text_bytes_max) report.text += "\u0639";
    ASSERT_TRUE(validate(report)) << validate(report).error().detail;
    EXPECT_EQ(decode_said<Report>(encode_said(report)).value(), report);
}

TEST(Incident, IsRefusedWhereItSaysNothing) {
    const Spoilt<Incident> table[] = {
        {"no sort", [](Incident& i) { i.sort.clear(); }, "'sort' is missing"},
        {"no time", [](Incident& i) { i.until.reset(); }, "'from' and 'until'"},
        {"nobody counted",
         [](Incident& i) {
             i.casualties[0].least = i.casualties[0].best = i.casualties[0].most = std::nullopt;
         },
         "casualties 1"},
        {"fewer than none", [](Incident& i) { i.casualties[0].least = -1; }, "casualties 1"},
        {"a best beyond the most", [](Incident& i) { i.casualties[0].best = 21; }, "casualties 1"},
        {"an object of nothing", [](Incident& i) { i.objects[0] = {}; }, "object 1"},
    };
    expect_refused(samples::incident(), table);
}

TEST(Incident, ZeroIsSaidAndUnknownIsLeftOut) {
    const Incident back = decode_said<Incident>(encode_said(samples::incident())).value();
    EXPECT_EQ(back.casualties[1].best, 0);
    EXPECT_FALSE(back.casualties[1].least);
    const Bytes bytes = encode_said(samples::incident());
    EXPECT_NE(bytes.find("{\"best\":0,\"category\":\"medical\",\"harm\":\"missing\"}"),
              std::string::npos);
}

TEST(Responsibility, IsRefusedWhereItSaysNothing) {
    const Spoilt<Responsibility> table[] = {
        {"no incident", [](Responsibility& r) { r.of.reset(); }, "'of'"},
        {"attributed to nobody", [](Responsibility& r) { r.whom.reset(); }, "'whom'"},
        {"two at once", [](Responsibility& r) { r.who->name = "x"; }, "who: one of"},
        {"nobody at all", [](Responsibility& r) { r.who = Actor{}; }, "who: one of"},
    };
    expect_refused(samples::responsibility(), table);
}

TEST(Link, JoinsTwo) {
    const Spoilt<Link> table[] = {
        {"to itself", [](Link& l) { l.other = l.incident; }, "two incidents"},
        {"to nothing", [](Link& l) { l.other.reset(); }, "two incidents"},
    };
    expect_refused(samples::link(), table);
}

TEST(Assessment, WhoDoubtsSaysWhy) {
    const Spoilt<Assessment> table[] = {
        {"no reason", [](Assessment& a) { a.text.clear(); }, "says why"},
        {"no grade", [](Assessment& a) { a.grade.reset(); }, "'grade'"},
        {"of nothing", [](Assessment& a) { a.of.reset(); }, "'of'"},
    };
    expect_refused(samples::assessment(), table);
    Assessment agrees = samples::assessment();
    agrees.opinion = Opinion::agrees;
    agrees.text.clear();
    EXPECT_TRUE(validate(agrees));
}

TEST(Position, OfAGroupOrOfAPoint) {
    const Spoilt<Position> table[] = {
        {"of neither", [](Position& p) { p.group.reset(); }, "one of 'group'"},
        {"of both", [](Position& p) { p.point = "x"; }, "one of 'group'"},
        {"agrees with a group", [](Position& p) { p.stand = Stand::agrees; }, "a group is"},
    };
    expect_refused(samples::position(), table);
    Position point = samples::position();
    point.group.reset();
    point.point = "strikes are on the terrorists alone";
    EXPECT_FALSE(validate(point));
    point.stand = Stand::differs;
    EXPECT_TRUE(validate(point));
}

TEST(Group, HasANameAndNoMembers) {
    const Spoilt<Group> table[] = {
        {"no name", [](Group& g) { g.names.clear(); }, "'names'"},
        {"a name of nothing", [](Group& g) { g.names[1].text.clear(); }, "names 2"},
    };
    expect_refused(samples::group(), table);
    const Bytes bytes = encode_said(samples::group());
    EXPECT_EQ(bytes.find("member"), std::string::npos);
}

TEST(Control, SaysWhoAndWhere) {
    const Spoilt<Control> table[] = {
        {"nowhere", [](Control& c) { c.volumes.clear(); }, "'volumes'"},
        {"nobody", [](Control& c) { c.holder.reset(); }, "'holder'"},
        {"no grade", [](Control& c) { c.grade.reset(); }, "'grade'"},
    };
    expect_refused(samples::control(), table);
}

TEST(Request, SaysWhatAndWhy) {
    const Spoilt<Request> table[] = {
        {"nothing", [](Request& r) { r.of.reset(); }, "'of'"},
        {"no reason", [](Request& r) { r.text.clear(); }, "'text'"},
    };
    expect_refused(samples::request(), table);
}

TEST(Tear, StaysWhereItWasWhileThatCovers) {
    Report moved = samples::report();
    const Tear before = samples::torn();
    auto& circle = std::get<geo::Circle>(moved.volumes[0].volume.shape);
    const geo::Circle was = circle;
    for (int step = 0; step < 40; ++step) {
        circle.center.lat_e7 = was.center.lat_e7 + step * 2'000;  // 20 m and more each
        const Tear after = tear(tear_of(Dealt(moved)), "", before.volumes);
        const auto& area = std::get<geo::Area>(before.volumes[0].volume.shape);
        const Metres known =
            moved.volumes[0].accuracy ? metres(*moved.volumes[0].accuracy) : Metres{0};
        const bool covers = geo::area_covers(area, circle, known);
        EXPECT_EQ(after.volumes[0].volume.shape == before.volumes[0].volume.shape, covers) << step;
        EXPECT_TRUE(
            geo::area_covers(std::get<geo::Area>(after.volumes[0].volume.shape), circle, known));
    }
}

TEST(Said, OneValueHasOneSpelling) {
    const Bytes good = encode_said(samples::report());
    const auto with = [&](const std::string& member) {
        Bytes out = good;
        const auto at = out.find("\"topic\"");
        out.insert(at, member + ",");
        return out;
    };
    ASSERT_TRUE(decode_said<Report>(with("\"tide\":[1]"))) << "later members are passed over";
    Report bare = samples::report();
    bare.place.clear();
    bare.sources.clear();
    Bytes bytes = encode_said(bare);
    bytes.insert(bytes.find("\"record\""), "\"place\":\"\",");
    EXPECT_FALSE(decode_said<Report>(bytes));
    bytes = encode_said(bare);
    bytes.insert(bytes.find("\"text\""), "\"sources\":[],");
    EXPECT_FALSE(decode_said<Report>(bytes));
    EXPECT_FALSE(decode_label(
        "{\"attribution\":\"ask\",\"onward\":\"free\",\"personal_data\":false,\"tlp\":\"red\","
        "\"use\":\"protection\"}"));
    EXPECT_FALSE(
        decode_label("{\"attribution\":\"ask\",\"not_to\":[\"fr\"],\"onward\":\"free\","
                     "\"tlp\":\"red\",\"use\":\"protection\"}"))
        << "a member that is not known may restrain";
}

TEST(Tear, CoversWhatItIsTornFrom) {
    const Report whole = samples::report();
    const Tear tear = samples::torn();
    ASSERT_TRUE(validate(tear)) << validate(tear).error().detail;
    EXPECT_EQ(decode_said<Tear>(encode_said(tear, Slot::coarse), Slot::coarse).value(), tear);
    ASSERT_EQ(tear.volumes.size(), whole.volumes.size());
    for (std::size_t i = 0; i < tear.volumes.size(); ++i) {
        const geo::Place& exact = whole.volumes[i];
        const Metres known = exact.accuracy ? metres(*exact.accuracy) : Metres{0};
        EXPECT_TRUE(geo::area_covers(std::get<geo::Area>(tear.volumes[i].volume.shape),
                                     exact.volume.shape, known));
        EXPECT_EQ(tear.volumes[i].volume.band, geo::Band{});
    }
    EXPECT_LE(*tear.from, *whole.from);
    EXPECT_GE(*tear.until, *whole.until);
    EXPECT_EQ(millis(*tear.from) % 3'600'000, 0);
    EXPECT_EQ(millis(*tear.until) % 3'600'000, 0);
    EXPECT_FALSE(decode_unknown(encode_said(tear, Slot::coarse), Slot::coarse))
        << "it has no where";
}

Label full_label() {
    Label out;
    out.tlp = Tlp::amber_strict;
    out.onward = Onward::delegate;
    out.delegates = {PartyId{"un"}};
    out.use = Use::investigation;
    out.attribution = Attribution::must_not;
    out.scheme = "Information Sharing Protocol 2023-05";
    out.sensitivity = "high";
    out.review_at = samples::noon;
    out.expires = samples::noon + std::chrono::hours(24);
    out.purpose = "protection";
    out.consent = "informed";
    out.personal_data = true;
    return out;
}

TEST(Label, WhatIsWrittenIsReadAgain) {
    EXPECT_EQ(decode_label(encode_label(full_label())).value(), full_label());
    EXPECT_EQ(decode_label(encode_label(Label{})).value(), Label{});
    EXPECT_EQ(encode_label(std::nullopt), "");
    EXPECT_EQ(decode_label("").value(), std::nullopt);
}

TEST(Label, IsRefusedWhereItSaysNothing) {
    const Spoilt<Label> table[] = {
        {"nobody decides", [](Label& l) { l.delegates.clear(); }, "'delegates'"},
        {"somebody decides who may not", [](Label& l) { l.onward = Onward::none; }, "'delegates'"},
        {"a word of nobody's", [](Label& l) { l.scheme.clear(); }, "'scheme'"},
    };
    expect_refused(full_label(), table);
    EXPECT_FALSE(decode_label("{\"onward\":\"everybody\"}"));
    EXPECT_EQ(Label::closed().onward, Onward::none);
}

}  // namespace
}  // namespace entente::statement
