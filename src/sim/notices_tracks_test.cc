// SPDX-License-Identifier: Apache-2.0
// Notices of live tracks: who is told of which, that they are durable and have one id, and that no
// party's many keep another's, or anything else, from being told.
#include <gtest/gtest.h>

#include "base/encode.h"
#include "node/noticing.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using node::TrackAlert;
using node::WaitingNotice;
using watch::AlertKind;

watch::Subscription of(const std::string& owner) {
    watch::Subscription out;
    out.id = "a2b3c4d5e6f7a2b3";
    out.owner = owner;
    out.what = {watch::what::track, watch::what::record};
    return out;
}

node::Subscriber subscriber(const watch::Subscription& subscription, bool exactly = true) {
    return {std::make_shared<const watch::Matcher>(subscription), view::Depth::exact, {}, exactly};
}

geo::Place around(std::int32_t lat_e7, std::int64_t radius_dm) {
    geo::Place out;
    out.volume.shape = geo::Circle{{lat_e7, 363'000'000}, {radius_dm}};
    return out;
}

/// An alert with an id of its own.
watch::Alert alert(int number, AlertKind kind = AlertKind::entered) {
    watch::Alert out;
    out.id = to_base32(Bytes{"alert"} + static_cast<char>(number % 256) +
                       static_cast<char>(number / 256) + Bytes(3, 'x'));
    out.kind = kind;
    out.by = "EXERCISE air";
    out.track = "SU-24";
    out.time = noon;
    out.newest = {noon, {100'000'000, 363'000'000}, {}};
    return out;
}

TrackAlert of_zone(int number, const std::string& party, std::int32_t lat_e7 = 100'000'000) {
    TrackAlert out{alert(number)};
    out.said.party = party;
    out.said.zone = "border";
    out.said.version = "1";
    out.spots = std::make_shared<const std::vector<watch::Spot>>(
        std::vector<watch::Spot>{{around(lat_e7, 250).volume, {}}});
    return out;
}

TrackAlert of_record(int number, const RecordId& id) {
    TrackAlert out{alert(number)};
    out.said.record = id.text();
    return out;
}

class NoticesOfTracks : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(noticing.begin(noon)); }
    std::size_t tell(const std::vector<node::Subscriber>& all, std::vector<TrackAlert> alerts) {
        return noticing.tell_tracks(all, alerts, noon).value();
    }
    std::vector<WaitingNotice> board(const std::string& owner, std::size_t most = 100'000) {
        return noticing.waiting(watch::board_of(owner), 0, most).value();
    }
    /// What a node that starts anew has.
    node::Noticing anew() { return node::Noticing({&fr.node(), &fr.exchange(), &fr.store()}); }

    Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr{founders, 0, 1};
    node::Noticing noticing{{&fr.node(), &fr.exchange(), &fr.store()}};
};

TEST_F(NoticesOfTracks, AreToldToWhoAskedForThePlaceTheClassOrTheParty) {
    const auto said = fr.say(hospital(100'000'000), {}, {}, noon);
    ASSERT_TRUE(said);
    const RecordId id = fr.node().snapshot().at(0).id;
    watch::Subscription near = of("near"), far = of("far"), clinics = of("clinics"),
                        russian = of("russian"), records = of("records"), open = of("open");
    near.area = {around(100'000'000, 1000)};
    far.area = {around(200'000'000, 1000)};
    clinics.classes = {"clinic"};
    russian.parties = {PartyId{"ru"}};
    records.what = {watch::what::record};
    open.what = {};
    std::vector<node::Subscriber> all;
    for (const auto& one : {of("all"), near, far, clinics, russian, records, open}) {
        all.push_back(subscriber(one));
    }
    all.push_back(subscriber(of("blind"), false));
    EXPECT_EQ(tell(all, {of_record(1, id), of_zone(2, "ru"), of_zone(3, "fr", 200'000'000)}), 9u);
    const auto told = [&](const std::string& owner) {
        std::vector<std::string> out;
        for (const WaitingNotice& one : board(owner)) out.push_back(one.notice.track->id);
        return out;
    };
    const std::string record = alert(1).id, ours = alert(3).id, theirs = alert(2).id;
    EXPECT_EQ(told("all"), (std::vector{record, theirs, ours}));
    EXPECT_EQ(told("near"), (std::vector{record, theirs}));
    EXPECT_EQ(told("far"), (std::vector{ours}));
    EXPECT_EQ(told("clinics"), (std::vector{theirs, ours})) << "a zone may be of any class";
    EXPECT_EQ(told("russian"), (std::vector{theirs}));
    EXPECT_TRUE(told("records").empty());
    EXPECT_TRUE(told("open").empty()) << "crossings of lines are asked for by name";
    EXPECT_TRUE(told("blind").empty()) << "it may open no record by itself";
    const node::Notice first = board("all").at(0).notice;
    EXPECT_EQ(first.what, watch::what::track);
    EXPECT_EQ(first.detail, "entered");
    EXPECT_EQ(first.record, id);
    EXPECT_EQ(first.party, PartyId{"fr"});
    EXPECT_EQ(first.track->newest, watch::Fix()) << "where it is would tell where the record is";
}

TEST_F(NoticesOfTracks, AreDurableAndNotToldAgainWhereTheyWaitOrWereAcknowledged) {
    const std::vector<node::Subscriber> all{subscriber(of("nadia"))};
    ASSERT_EQ(tell(all, {of_zone(1, "fr"), of_zone(2, "fr")}), 2u);
    node::Noticing later = anew();
    const auto rows = later.waiting(watch::board_of("nadia"), 0, 9).value();
    ASSERT_EQ(rows.size(), 2u);
    const std::vector again{of_zone(1, "fr"), of_zone(1, "fr"), of_zone(3, "fr"), of_zone(3, "fr")};
    EXPECT_EQ(later.tell_tracks(all, again, noon).value(), 1u) << "the new one, once";
    const std::vector<std::uint64_t> seqs{rows[0].seq, rows[1].seq};
    EXPECT_EQ(later.acknowledge(watch::board_of("nadia"), seqs).value(), 2u);
    EXPECT_EQ(later.tell_tracks(all, again, noon).value(), 0u);
    node::Noticing last = anew();
    EXPECT_EQ(last.tell_tracks(all, again, noon).value(), 0u) << "as another process knows";
    EXPECT_EQ(last.tell_tracks({{subscriber(of("omar"))}}, again, noon).value(), 2u);
    EXPECT_EQ(last.count(watch::board_of("nadia")).value(), 1u);
    ASSERT_TRUE(last.end(watch::board_of("nadia")));
    EXPECT_EQ(last.tell_tracks(all, again, noon).value(), 2u) << "nothing is left of it";
    EXPECT_EQ(last.tell_tracks({}, std::vector{of_zone(5, "fr")}, noon).value(), 0u);
}

/// It was told, then corrected, and by positions that came again without the late one it holds.
TEST_F(NoticesOfTracks, WhatWasCorrectedIsToldAgainWhereItHoldsAgain) {
    const std::vector<node::Subscriber> all{subscriber(of("nadia"))};
    TrackAlert corrected = of_zone(2, "fr");
    corrected.said.kind = AlertKind::corrected;
    corrected.said.corrects = alert(1).id;
    ASSERT_EQ(tell(all, {of_zone(1, "fr"), corrected}), 2u);
    node::Noticing later = anew();
    ASSERT_EQ(later.tell_tracks(all, std::vector{of_zone(1, "fr"), corrected}, noon).value(), 1u);
    std::vector<std::uint64_t> seqs;
    const auto rows = later.waiting(watch::board_of("nadia"), 0, 9).value();
    for (const auto& one : rows) seqs.push_back(one.seq);
    ASSERT_EQ(later.acknowledge(watch::board_of("nadia"), {&seqs[0], 2}).value(), 2u);
    node::Noticing last = anew();
    EXPECT_EQ(last.tell_tracks(all, std::vector{of_zone(1, "fr"), corrected}, noon).value(), 0u)
        << "it waits by then";
}

TEST_F(NoticesOfTracks, OfWhatWasAcknowledgedTheNewestAreKnown) {
    const std::vector<node::Subscriber> all{subscriber(of("nadia"))};
    constexpr int most = node::Noticing::track_done_max;
    constexpr int at_once = node::Noticing::track_rows_max;
    for (int begin = 0; begin < most + at_once; begin += at_once) {
        std::vector<TrackAlert> some;
        for (int i = begin; i < begin + at_once; ++i) some.push_back(of_zone(i, "fr"));
        ASSERT_EQ(tell(all, some), static_cast<std::size_t>(at_once));
        std::vector<std::uint64_t> seqs;
        for (const auto& one : board("nadia")) seqs.push_back(one.seq);
        ASSERT_EQ(noticing.acknowledge(watch::board_of("nadia"), seqs).value(), seqs.size());
    }
    node::Noticing later = anew();
    for (node::Noticing* one : {&noticing, &later}) {
        EXPECT_EQ(one->tell_tracks(all, std::vector{of_zone(at_once, "fr")}, noon).value(), 0u);
        EXPECT_EQ(one->tell_tracks(all, std::vector{of_zone(most + 3, "fr")}, noon).value(), 0u);
    }
    EXPECT_EQ(later.tell_tracks(all, std::vector{of_zone(at_once - 1, "fr")}, noon).value(), 1u)
        << "so long ago that it is not known any more: told rather than not";
    EXPECT_EQ(fr.store().outbox_of(node::done_of(watch::board_of("nadia")), 0, 2 * most)->size(),
              static_cast<std::size_t>(most));
}

TEST_F(NoticesOfTracks, OfOnePartyKeepNothingElseFromBeingTold) {
    const std::vector<node::Subscriber> all{subscriber(of("nadia"))};
    constexpr int most = node::Noticing::track_rows_max;
    std::vector<TrackAlert> flood;
    for (int i = 0; i < most + 300; ++i) flood.push_back(of_zone(i, "ru"));
    EXPECT_EQ(tell(all, flood), most + 1u);
    const node::Notice last = board("nadia").back().notice;
    EXPECT_EQ(last.detail, "unkept_zones");
    EXPECT_FALSE(last.track);
    EXPECT_EQ(last.party, PartyId{"ru"});
    EXPECT_EQ(tell(all, {of_zone(9000, "ru")}), 0u);
    EXPECT_EQ(tell(all, {of_zone(9001, "fr")}), 1u) << "another's are told";
    TrackAlert place = of_record(9005, RecordId{});
    place.said.party = "ru";
    place.said.share = {"ru", watch::Share::Of::protections};
    EXPECT_EQ(tell(all, {place}), 1u) << "and of the same party what protects";
    ASSERT_TRUE(fr.say(hospital(100'000'000), {}, {}, noon));
    EXPECT_EQ(noticing.make(all, nullptr, noon).value(), 1u) << "and so is everything else";
    node::Noticing later = anew();
    EXPECT_EQ(later.tell_tracks(all, std::vector{of_zone(9002, "ru")}, noon).value(), 0u)
        << "it is known at the next start as well";
    // Once the row that says it is acknowledged it may be said again; rows that go make room.
    std::vector<std::uint64_t> done;
    for (const auto& one : board("nadia")) {
        if (one.notice.party == PartyId{"ru"} && !one.notice.track) done.push_back(one.seq);
    }
    ASSERT_EQ(later.acknowledge(watch::board_of("nadia"), done).value(), 1u);
    EXPECT_EQ(later.tell_tracks(all, std::vector{of_zone(9003, "ru")}, noon).value(), 1u);
    EXPECT_EQ(board("nadia").back().notice.detail, "unkept_zones");
    done.clear();
    for (const auto& one : board("nadia")) {
        if (one.notice.party == PartyId{"ru"}) done.push_back(one.seq);
    }
    ASSERT_EQ(later.acknowledge(watch::board_of("nadia"), done).value(), done.size());
    EXPECT_EQ(later.tell_tracks(all, std::vector{of_zone(9004, "ru")}, noon).value(), 1u);
    EXPECT_EQ(board("nadia").back().notice.track->id, alert(9004).id);
}

}  // namespace
}  // namespace entente::sim
