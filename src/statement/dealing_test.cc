// SPDX-License-Identifier: Apache-2.0
// Activities and replies: written, read again, bounded, and refused where they say nothing.
#include "statement/dealing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/limits.h"
#include "statement/dealings_for_test.h"

namespace entente::statement {
namespace {

using samples::activity;
using samples::one_of_each;
using samples::reply;
using samples::sealed_check;

TEST(Dealing, WhatIsWrittenIsReadAgain) {
    for (const Dealt& dealt : one_of_each()) {
        ASSERT_TRUE(validate(dealt)) << validate(dealt).error().detail;
        const auto back = decode_dealt(kind_of(dealt), encode_dealt(dealt));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(*back, dealt);
        EXPECT_EQ(encode_dealt(*back), encode_dealt(dealt));
    }
}

TEST(Dealing, HasNoWhereSoThatWhoDoesNotKnowTheKindLosesNoProtection) {
    for (const Dealt& dealt : one_of_each()) {
        EXPECT_FALSE(decode_unknown(encode_dealt(dealt), Slot::exact));
        EXPECT_TRUE(is_dealing(kind_of(dealt)));
    }
    EXPECT_FALSE(is_dealing(protection_kind));
    EXPECT_FALSE(is_dealing(movement_kind));
    EXPECT_FALSE(is_dealing(receipt_kind));
}

TEST(Dealing, LaterMembersArePassedOver) {
    Bytes body = encode_dealt(reply());
    body.insert(body.find(",\"to\""), ",\"tide\":[1]");
    EXPECT_EQ(decode_dealt(reply_kind, body).value(), Dealt(reply()));
}

TEST(Dealing, SpeaksOfWhatItRepliesTo) {
    using Ids = std::vector<RecordId>;
    EXPECT_EQ(about(reply()), Ids{reply().of});
    EXPECT_EQ(about(activity()), Ids{});
    EXPECT_EQ(about(sealed_check()), Ids{});
    EXPECT_EQ(about(samples::attempt()), Ids{samples::attempt().of});
    const Link link = samples::link();
    EXPECT_EQ(about(link), (Ids{*link.incident, *link.other}));
    const Report report = samples::report();
    EXPECT_EQ(about(report), (Ids{report.about[0], *report.sources[1].of}));
    EXPECT_EQ(about(samples::incident()), Ids{*samples::incident().objects[0].record});
}

TEST(ReplyWord, StaysAsItIsOnTheWire) {
    const char* const words[] = {"noted", "accepted", "refused", "missing", "conflict"};
    for (std::size_t i = 0; i < reply_word_count; ++i) {
        EXPECT_STREQ(name(static_cast<ReplyWord>(i)), words[i]);
        EXPECT_EQ(parse_reply_word(words[i]).value(), static_cast<ReplyWord>(i));
    }
    EXPECT_FALSE(parse_reply_word("cleared"));
}

TEST(Activity, EndsWithItsLastWindow) {
    Activity one = activity();
    geo::Place later = one.volumes.front();
    later.volume.window = {samples::noon + std::chrono::hours(50),
                           samples::noon + std::chrono::hours(51)};
    one.volumes.push_back(later);
    EXPECT_EQ(one.end(), samples::noon + std::chrono::hours(51));
}

template <class T>
struct Spoilt {
    const char* name;
    std::function<void(T&)> spoil;
};

template <class T, std::size_t Size>
void expect_refused(const T& good, const Spoilt<T> (&table)[Size]) {
    for (const Spoilt<T>& row : table) {
        T one = good;
        row.spoil(one);
        EXPECT_FALSE(validate(one)) << row.name;
        EXPECT_FALSE(decode_dealt(kind_of(Dealt(one)), encode_dealt(one))) << row.name;
    }
}

TEST(Activity, IsRefusedWhereItSaysNothing) {
    const Spoilt<Activity> table[] = {
        {"no volume", [](Activity& a) { a.volumes.clear(); }},
        {"too many volumes",
         [](Activity& a) { a.volumes.assign(limits::places_max + 1, a.volumes.front()); }},
        {"no window", [](Activity& a) { a.volumes.front().volume.window = {}; }},
        {"no end", [](Activity& a) { a.volumes.front().volume.window.end.reset(); }},
        {"no start", [](Activity& a) { a.volumes.front().volume.window.start.reset(); }},
        {"a buffer", [](Activity& a) { a.volumes.front().buffer = Decimetres{10}; }},
        {"a point beyond the pole",
         [](Activity& a) {
             std::get<geo::Circle>(a.volumes.front().volume.shape).center.lat_e7 = 900'000'001;
         }},
        {"no desk", [](Activity& a) { a.contact.clear(); }},
        {"a desk of two lines", [](Activity& a) { a.contact = "a\nb"; }},
        {"a name that is too long",
         [](Activity& a) { a.name.assign(limits::text_bytes_max + 1, 'x'); }},
        {"a name that is no text", [](Activity& a) { a.name = "\xff"; }},
        {"checked against nothing", [](Activity& a) { a.checked.logs.clear(); }},
        {"a log twice", [](Activity& a) { a.checked.logs.push_back(a.checked.logs.front()); }},
        {"fewer than none touched", [](Activity& a) { a.checked.touched = -1; }},
        {"no verdict", [](Activity& a) { a.checked.verdict.clear(); }},
    };
    expect_refused(activity(), table);
}

TEST(Reply, IsRefusedWhereItSaysNothing) {
    const Spoilt<Reply> table[] = {
        {"a refusal without a reason",
         [](Reply& r) { r.word = ReplyWord::refused, r.text.clear(); }},
        {"a conflict without a desk", [](Reply& r) { r.contact.clear(); }},
        {"missing nothing", [](Reply& r) { r.word = ReplyWord::missing, r.entries.clear(); }},
        {"an entry twice", [](Reply& r) { r.entries[1] = r.entries[0]; }},
        {"entries that descend", [](Reply& r) { std::swap(r.entries[0], r.entries[1]); }},
        {"a version 2", [](Reply& r) { r.keys.version = 2; }},
        {"a control character", [](Reply& r) { r.text = "\x1b[2J"; }},
    };
    expect_refused(reply(), table);
}

TEST(SealedCheck, IsRefusedWhereItIsNoQuestion) {
    const Spoilt<SealedCheck> table[] = {
        {"no volume", [](SealedCheck& c) { c.volumes.clear(); }},
        {"too many volumes",
         [](SealedCheck& c) { c.volumes.assign(limits::places_max + 1, c.volumes.front()); }},
        {"a buffer", [](SealedCheck& c) { c.volumes.front().buffer = Decimetres{1}; }},
        {"an accuracy", [](SealedCheck& c) { c.volumes.front().accuracy = Decimetres{1}; }},
        {"less than no margin", [](SealedCheck& c) { c.margin.v = -1; }},
        {"a leaf twice", [](SealedCheck& c) { c.touched[1] = c.touched[0]; }},
        {"a version 2", [](SealedCheck& c) { c.keys.version = 2; }},
        {"no verdict", [](SealedCheck& c) { c.checked.verdict.clear(); }},
    };
    expect_refused(sealed_check(), table);
}

TEST(Attempt, IsRefusedWhereItSaysNothing) {
    const Spoilt<Attempt> table[] = {
        {"nothing tried", [](Attempt& a) { a.tried.clear(); }},
        {"too much tried", [](Attempt& a) { a.tried.assign(tried_max + 1, a.tried.front()); }},
        {"nobody called", [](Attempt& a) { a.desks.clear(); }},
        {"a node that is none", [](Attempt& a) { a.tried[0].via.clear(); }},
        {"a voice through a node", [](Attempt& a) { a.tried[2].via = "un"; }},
        {"a node of nobody's", [](Attempt& a) { a.tried[0].via = "No One"; }},
        {"another way without a name",
         [](Attempt& a) {
             a.tried[2] = {Route::other, "", AttemptOutcome::failed, ""};
         }},
        {"a detail of two lines", [](Attempt& a) { a.tried[0].detail = "a\nb"; }},
        {"a version 2", [](Attempt& a) { a.keys.version = 2; }},
    };
    expect_refused(samples::attempt(), table);
}

TEST(Attempt, ItsWordsStayAsTheyAreOnTheWire) {
    const char* const routes[] = {"direct", "relay", "party", "voice", "other"};
    for (std::size_t i = 0; i < route_count; ++i) {
        EXPECT_STREQ(name(static_cast<Route>(i)), routes[i]);
        EXPECT_EQ(parse_route(routes[i]).value(), static_cast<Route>(i));
    }
    const char* const outcomes[] = {"handed", "failed", "answered", "no_answer"};
    for (std::size_t i = 0; i < attempt_outcome_count; ++i) {
        EXPECT_STREQ(name(static_cast<AttemptOutcome>(i)), outcomes[i]);
        EXPECT_EQ(parse_attempt_outcome(outcomes[i]).value(), static_cast<AttemptOutcome>(i));
    }
    EXPECT_FALSE(parse_route("pigeon"));
    EXPECT_FALSE(parse_attempt_outcome("cleared"));
}

}  // namespace
}  // namespace entente::statement
