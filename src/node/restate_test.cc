// SPDX-License-Identifier: Apache-2.0
// What is stated once more is all that protects, so that it protects no less, and once.
#include "node/restate.h"

#include <gtest/gtest.h>

#include "registry/exchange_for_test.h"

namespace entente::node {
namespace {

using registry::test::circle_at;
using registry::test::Exchange;
using registry::test::joint_charter;
using registry::test::noon;
using registry::test::Said;

void say_own(Exchange& e, const Said& said) { e.registry().apply(0, e.un().make(said).open()); }

Result<std::vector<Draft>> drafts(Exchange& of, Exchange& in) {
    return restatements({of.settled(), 0}, in.settled(), "test", noon);
}

/// Which records, each with the places of its drafts.
std::multimap<RecordId, std::vector<geo::Place>> said(const std::vector<Draft>& drafts) {
    std::multimap<RecordId, std::vector<geo::Place>> out;
    for (const Draft& one : drafts) out.emplace(one.was.value(), one.protection.where);
    return out;
}

TEST(Restate, IsAllThatProtectsAndNothingElse) {
    Exchange before;
    Exchange after;
    say_own(before, {.record = 0});
    say_own(before, {.act = "withdraw", .record = 0, .version = 2});  // nobody signed it
    say_own(before, {.record = 1, .radius_dm = 300});
    say_own(before, {.act = "amend", .record = 1, .version = 2, .radius_dm = 200});  // nor this
    say_own(before, {.record = 2, .radius_dm = 100});
    say_own(before, {.act = "amend", .record = 2, .version = 2, .radius_dm = 400});  // holds both
    before.say({.record = 7});  // another party's
    const auto out = drafts(before, after);
    ASSERT_TRUE(out) << out.error().detail;
    const registry::test::Teller& un = before.un();
    const std::multimap<RecordId, std::vector<geo::Place>> want = {
        {un.id(0), {circle_at(0, 100)}},
        {un.id(1), {circle_at(0, 300)}},
        {un.id(1), {circle_at(0, 200)}},
        {un.id(2), {circle_at(0, 400)}},
    };
    EXPECT_EQ(said(*out), want);
}

TEST(Restate, IsDoneOnceAndGoesOnWhereItStopped) {
    Exchange before;
    Exchange after;
    say_own(before, {.record = 0});
    say_own(before, {.record = 1});
    say_own(after, {.record = 8, .was = before.un().id(1)});
    EXPECT_EQ(said(drafts(before, after).value()).size(), 1u);
    // It was stated with another place since: that is stated too, and both protect.
    say_own(before, {.act = "amend", .record = 1, .version = 2, .radius_dm = 900});
    EXPECT_EQ(said(drafts(before, after).value()).count(before.un().id(1)), 1u);
    say_own(after, {.record = 9, .was = before.un().id(0)});
    say_own(after, {.record = 10, .radius_dm = 900, .was = before.un().id(1)});
    EXPECT_TRUE(drafts(before, after).value().empty());
    // Another party's word that it states ours once more counts for nothing.
    Exchange other;
    other.say({.record = 8, .was = before.un().id(0)});
    EXPECT_EQ(drafts(before, other).value().size(), 2u);
}

TEST(Restate, PassesOverNothingThatCannotBeRead) {
    for (const int bodies : {0, 1}) {
        Exchange before;
        Exchange after;
        say_own(before, {.bodies = bodies});
        const auto out = drafts(before, after);
        ASSERT_FALSE(out);
        EXPECT_NE(out.error().detail.find("cannot be read"), std::string::npos);
        say_own(before, {.record = 1});
        const auto rest = restatements({before.settled(), 0, true}, after.settled(), "test", noon);
        ASSERT_TRUE(rest) << "it stays, and goes on protecting where it is";
        EXPECT_EQ(said(*rest).count(before.un().id(1)), 1u);
        EXPECT_EQ(rest->size(), 1u);
    }
}

TEST(Restate, ProtectsNoLessUnderOtherTerms) {
    const auto hospital = static_cast<std::size_t>(statement::ProtectionClass::hospital);
    statement::CharterTerms wide = statement::default_terms();
    wide.buffers[hospital] = {9000};
    wide.accuracies[hospital] = {700};
    statement::CharterTerms narrow = wide;
    narrow.buffers[hospital] = {100};
    narrow.accuracies[hospital] = {0};
    statement::Protection place;
    place.protection_class = statement::ProtectionClass::hospital;
    place.where = {circle_at(0, 100)};
    const geo::Place kept = under_terms(place, wide, narrow).where[0];
    EXPECT_EQ(kept.buffer, Decimetres{9000});
    EXPECT_EQ(kept.accuracy, Decimetres{700});
    EXPECT_EQ(under_terms(place, narrow, wide), place) << "the default says more by itself";
    place.where[0].buffer = Decimetres{50};
    EXPECT_EQ(under_terms(place, wide, narrow).where[0].buffer, Decimetres{50}) << "as stated";
}

}  // namespace
}  // namespace entente::node
