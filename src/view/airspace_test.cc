// SPDX-License-Identifier: Apache-2.0
// What of a boundary is in force: its newest versions alone, both of a fork, and the last one that
// is understood where the newest is not.
#include "view/airspace.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "registry/exchange_for_test.h"

namespace entente::view {
namespace {

namespace act = statement::act;

struct Told {
    std::uint32_t version = 1;
    const char* act = act::add;
    std::uint64_t index = 1;
    bool open = true;
    std::string kind = statement::airspace_kind;
};

/// The register of `un` with one record, a boundary of fr.
class Border {
  public:
    void tell(const Told& told) {
        registry::Understood one;
        const Hash secret = sha256("the record");
        one.position = {{told.index}, sha256(std::to_string(told.index) + told.act)};
        one.opened = told.open ? 5 : 1;
        one.head.emplace();
        one.head->keys = {"joint", all_.fr().origin(), id(), told.version};
        one.head->secret = secret;
        one.head->kind = told.kind;
        one.head->act = told.act;
        one.head->protects = false;
        if (told.open && told.act != std::string(act::withdraw)) {
            statement::Airspace said;
            said.name =
                "version " + std::to_string(told.version) + " at " + std::to_string(told.index);
            one.dealt = std::make_shared<const statement::Dealt>(said);
        }
        all_.registry().apply(all_.log(), one);
    }
    RecordId id() { return statement::record_id(all_.fr().origin(), sha256("the record")); }
    SeenAirspace seen() { return *find_airspace(all_.settled(), id()); }
    std::vector<std::string> in_force() {
        std::vector<std::string> out;
        for (const AirspaceVersion& one : seen().in_force()) out.push_back(one.airspace->name);
        return out;
    }
    registry::test::Exchange& all() { return all_; }

  private:
    registry::test::Exchange all_;
};

using Names = std::vector<std::string>;

TEST(Airspace, TheNewestVersionIsInForceAndEarlierOnesStay) {
    Border border;
    border.tell({.version = 2, .act = act::amend, .index = 2});
    border.tell({.index = 1});
    EXPECT_EQ(border.in_force(), Names{"version 2 at 2"});
    EXPECT_EQ(border.seen().versions().size(), 2u);
    EXPECT_EQ(border.seen().party().v, "fr");
    EXPECT_EQ(border.seen().state(), AirspaceState::in_force);
    border.tell({.version = 3, .act = act::withdraw, .index = 3});
    EXPECT_EQ(border.in_force(), Names{});
    EXPECT_EQ(border.seen().state(), AirspaceState::withdrawn);
    EXPECT_EQ(border.seen().airspace()->name, "version 2 at 2") << "and can be read";
}

TEST(Airspace, BothBranchesOfAForkAreInForce) {
    Border border;
    border.tell({.index = 1});
    border.tell({.version = 2, .act = act::amend, .index = 2});
    border.tell({.version = 2, .act = act::amend, .index = 3});
    EXPECT_EQ(border.in_force(), (Names{"version 2 at 2", "version 2 at 3"}));
    // One branch withdraws it, the other does not.
    border.tell({.version = 2, .act = act::withdraw, .index = 4});
    EXPECT_EQ(border.in_force(), (Names{"version 2 at 2", "version 2 at 3"}));
    EXPECT_EQ(border.seen().state(), AirspaceState::in_force);
}

TEST(Airspace, WhatIsNotUnderstoodTakesNothingBack) {
    Border border;
    border.tell({.index = 1});
    border.tell({.version = 2, .act = act::amend, .index = 2, .open = false});
    EXPECT_EQ(border.in_force(), Names{"version 1 at 1"});
    EXPECT_EQ(border.seen().state(), AirspaceState::not_understood);
    border.tell({.version = 2, .act = act::amend, .index = 2});
    EXPECT_EQ(border.in_force(), Names{"version 2 at 2"});
}

TEST(Airspace, NothingElseIsFoundAsOne) {
    Border border;
    border.tell({.index = 1, .open = false, .kind = statement::activity_kind});
    EXPECT_FALSE(find_airspace(border.all().settled(), border.id()));
    EXPECT_TRUE(airspaces(border.all().settled()).empty());
    border.tell({.version = 2, .index = 2});
    EXPECT_EQ(airspaces(border.all().settled()).size(), 1u) << "whatever else it claims to be";
}

}  // namespace
}  // namespace entente::view
