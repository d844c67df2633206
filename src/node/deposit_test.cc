// SPDX-License-Identifier: Apache-2.0
#include "node/deposit.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace entente::node {
namespace {

HeldParcel sample() {
    HeldParcel out;
    out.listed = {9};
    out.list = {{7}, sha256("root")};
    out.hash = sha256("frame");
    out.bytes = 4711;
    out.held = instant(1'448'539'200'123);
    return out;
}

TEST(Deposit, WhatIsHeldComesBackAsItWas) {
    HeldParcel parcel = sample();
    EXPECT_EQ(parse_held(format_held(parcel)).value(), parcel);
    parcel.said_held = parcel.said_fetched = true;
    parcel.fetched = parcel.held + std::chrono::hours(3);
    const Bytes text = format_held(parcel);
    EXPECT_EQ(parse_held(text).value(), parcel);
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_FALSE(parse_held(text.substr(0, size))) << size;
    }
}

TEST(Deposit, ListsComeBackAsTheyWere) {
    const std::map<PartyId, TreeSize> list{{PartyId{"fr"}, {3}}, {PartyId{"ru"}, {12}}};
    EXPECT_EQ(parse_deposits(format_deposits(list)).value(), list);
    EXPECT_TRUE(parse_deposits(format_deposits({})).value().empty());
    for (const char* text :
         {"", "entente/deposits/v2\n", "entente/deposits/v1\nfr\n", "entente/deposits/v1\nfr 03\n",
          "entente/deposits/v1\nfr 3", "entente/deposits/v1\nFR 3\n",
          "entente/deposits/v1\nru 1\nfr 1\n", "entente/deposits/v1\nfr 1\nfr 1\n"}) {
        EXPECT_FALSE(parse_deposits(text)) << text;
    }
    EXPECT_EQ(parse_deposits(Bytes(deposits_bytes_max + 1, 'a')).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::node
