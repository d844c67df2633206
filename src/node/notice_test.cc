// SPDX-License-Identifier: Apache-2.0
// A notice as it stands in the outbox: its codec, its id, and what it does not hold.
#include "node/notice.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/random.h"
#include "base/sha256.h"
#include "node/noticing.h"

namespace entente::node {
namespace {

Notice sample() {
    Notice out;
    out.id = notice_id("board/nadia", "entry/o/7");
    out.what = watch::what::record;
    out.party = PartyId{"fr"};
    out.origin = Origin{"exchange-aaaabbbbccccdddd/fr"};
    out.index = {7};
    out.leaf = sha256("leaf");
    out.detail = "add";
    out.record = RecordId{};
    out.version = 3;
    out.time = instant(1'448'539'200'123);
    out.subscriptions = {"a2b3c4d5e6f7a2b3", "b2b3c4d5e6f7a2b3"};
    return out;
}

TEST(Notice, ComesBackAsItWas) {
    Notice notice = sample();
    EXPECT_EQ(decode_notice(encode_notice(notice)).value(), notice);
    notice.record.reset();
    notice.subscriptions.clear();
    EXPECT_EQ(decode_notice(encode_notice(notice)).value(), notice);
}

/// Everything that an alert may say, though no alert says all of it.
Notice of_track() {
    Notice out = sample();
    out.what = watch::what::track;
    out.detail = watch::name(watch::AlertKind::will_enter);
    watch::Alert& said = out.track.emplace();
    said.id = "a2b3c4d5e6f7a2b3";
    said.kind = watch::AlertKind::will_enter;
    said.by = "EXERCISE air";
    said.track = "SU-24";
    said.craft = watch::Craft::convoy;
    said.party = "tr";
    said.zone = "border";
    said.version = "2015-11";
    said.name = "the border";
    said.leaf = "x";
    said.more = watch::many;
    said.time = instant(1'448'353'445'001);
    said.inside = Duration(17'000);
    said.begun_before = true;
    said.entry = instant(1'448'353'445'002);
    said.warning = Duration(3);
    said.corrects = "b2b3c4d5e6f7a2b3";
    said.share.of = watch::Share::Of::over_budget;
    return out;
}

TEST(Notice, OfATrackComesBackAsItWasAndNeverSaysWhereTheThingIs) {
    for (int kind = 0; kind <= static_cast<int>(watch::AlertKind::untold); ++kind) {
        Notice notice = of_track();
        notice.track->kind = static_cast<watch::AlertKind>(kind);
        notice.detail = watch::name(notice.track->kind);
        EXPECT_EQ(decode_notice(encode_notice(notice)).value(), notice);
        notice.track->newest = {instant(1'448'353'445'003), {359'000'000, 363'000'000}, 5600};
        const Bytes bytes = encode_notice(notice);
        EXPECT_EQ(bytes.find("359000000"), Bytes::npos);
        EXPECT_EQ(decode_notice(bytes)->track->newest, watch::Fix());
    }
    Notice notice = of_track();
    notice.detail = "no kind";
    EXPECT_FALSE(decode_notice(encode_notice(notice)));
}

class NoticeForm : public testing::TestWithParam<Notice> {};
INSTANTIATE_TEST_SUITE_P(All, NoticeForm, testing::Values(sample(), of_track()));

TEST_P(NoticeForm, IsTheOnlyOne) {
    const Bytes good = encode_notice(GetParam());
    Rng rng(5);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        Bytes bad = good;
        bad[rng.below(bad.size())] = static_cast<char>(rng.next());
        if (bad == good) continue;
        const auto read = decode_notice(bad);
        if (!read) {
            ++refused;
        } else {
            EXPECT_EQ(encode_notice(*read), bad);
        }
    }
    EXPECT_GT(refused, 500);
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode_notice(good.substr(0, size)));
    }
}

TEST(DeadLetter, ComesBackAsItWasAndInNoOtherForm) {
    const DeadLetter letter{sample(), 77, 20, "http_500", instant(1'448'539'200'999)};
    const Bytes good = encode_dead(letter);
    EXPECT_EQ(decode_dead(good).value(), letter);
    EXPECT_FALSE(decode_notice(good));
    EXPECT_FALSE(decode_dead(encode_notice(letter.notice)));
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode_dead(good.substr(0, size)));
    }
}

TEST(Notice, HasOneIdForACauseAndAStream) {
    const std::string id = notice_id("board/nadia", "entry/o/7");
    const Hash hash = sha256("entente/notice/v1\nboard/nadia\nentry/o/7");
    EXPECT_EQ(id, to_base32(hash.view().substr(0, 20)));
    EXPECT_TRUE(is_notice_id(id));
    EXPECT_NE(id, notice_id("board/nadia", "entry/o/8"));
    EXPECT_NE(id, notice_id("board/omar", "entry/o/7"));
    for (const char* bad : {"", "a2b3c4d5e6f7a2b3", "A2b3c4d5e6f7a2b3a2b3c4d5e6f7a2b3"}) {
        EXPECT_FALSE(is_notice_id(bad)) << bad;
    }
}

TEST(Told, ComesBackAsItWas) {
    const Told told{{Origin{"a"}, {1, 2, 3, 4, 5, true, false}},
                    {Origin{"b"}, {0, 0, 0, 0, 0, false, true}}};
    EXPECT_EQ(decode_told(encode_told(told)).value(), told);
    EXPECT_EQ(decode_told(encode_told({})).value(), Told());
    // As it was written before it was counted how often entries without a place were told.
    constexpr const char* before = R"([{"entries":1,"forked":false,"left":false,"origin":"a",)"
                                   R"("releases":0,"unplaced":2,"withheld":0}])";
    EXPECT_EQ(decode_told(before).value().at(Origin{"a"}).unplaced, 2u);
    EXPECT_FALSE(decode_told("{}"));
    EXPECT_FALSE(decode_told(R"([{"entries":-1,"forked":false,"left":false,"origin":"a",)"
                             R"("releases":0,"unplaced":0,"withheld":0}])"));
}

}  // namespace
}  // namespace entente::node
