// SPDX-License-Identifier: Apache-2.0
// Legs and vehicles: written, read again, bounded, refused where they say nothing; and what a leg
// protects, and for how long.
#include "statement/movement.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "base/sha256.h"
#include "statement/body.h"

namespace entente::statement {
namespace {

const Instant eight = instant(1'735'714'800'000);  // 2025-01-01T07:00:00Z
constexpr auto hour = std::chrono::hours(1);

geo::Place line(std::int32_t lat, std::int64_t lng) {
    geo::Place out;
    out.volume.shape = geo::Corridor{{{lat, lng}, {lat + 500'000, lng + 300'000}}, {2000}};
    return out;
}

/// Two legs; from the second on one car less.
Protection convoy() {
    Protection out;
    out.protection_class = ProtectionClass::relief;
    out.contact = "convoy desk";
    out.vehicles = {{"lorry 1", "lorry", "white", "A 123", "logo on the roof, lit"},
                    {"car 1", "", "", "", ""}};
    out.legs = {{1, "Aleppo", "Urum", {eight, eight + hour}, {"lorry 1", "car 1"}, {}},
                {2, "Urum", "Idlib", {eight + hour, eight + 3 * hour}, {"lorry 1"}, {}}};
    out.where = {place_of(out.legs[0], line(361'000'000, 370'000'000)),
                 place_of(out.legs[1], line(360'000'000, 368'000'000))};
    return out;
}

Exact exact_of(const Protection& movement) {
    Exact out;
    out.keys = {"solo", Origin{"solo/fr"}, record_id(Origin{"solo/fr"}, sha256("secret")), 1};
    out.protection = movement;
    out.coarse.where = movement.where;
    return out;
}

TEST(Movement, WhatIsWrittenIsReadAgain) {
    Protection movement = convoy();
    movement.legs[0].started = eight - hour;
    movement.where[0] = place_of(movement.legs[0], movement.where[0]);
    ASSERT_TRUE(validate(movement)) << validate(movement).error().detail;
    const auto back = decode_exact(encode_exact(exact_of(movement)));
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(back->protection, movement);
    EXPECT_STREQ(back->protection.kind(), "movement");
}

TEST(Movement, WhoDoesNotKnowTheKindStillSeesWhereAndWhen) {
    const Protection movement = convoy();
    const auto seen = decode_unknown(encode_exact(exact_of(movement)), Slot::exact);
    ASSERT_TRUE(seen) << seen.error().detail;
    EXPECT_EQ(seen->where, movement.where);
}

TEST(Movement, ALegProtectsFromItsEarlierStartUntil24HoursPastItsWindow) {
    Leg leg = convoy().legs[0];
    EXPECT_EQ(protects(leg), (geo::Window{eight, eight + 25 * hour}));
    leg.started = eight - hour;
    EXPECT_EQ(protects(leg), (geo::Window{eight - hour, eight + 25 * hour}));
    leg.started = eight + hour;  // late: nobody knew that before
    EXPECT_EQ(protects(leg), (geo::Window{eight, eight + 25 * hour}));
}

TEST(Movement, ALegIsTheSameButForHavingStartedInItsWindow) {
    const Protection movement = convoy();
    const auto same = [&](const std::function<void(Protection&)>& change) {
        Protection later = movement;
        change(later);
        later.where[0] = place_of(later.legs[0], later.where[0]);
        return same_leg(movement, 0, later, 0);
    };
    EXPECT_TRUE(same([](Protection&) {}));
    EXPECT_TRUE(same([](Protection& m) { m.legs[0].started = eight + hour / 2; }));
    EXPECT_FALSE(same([](Protection& m) { m.legs[0].started = eight - hour; }))
        << "it protects from an hour earlier on than anybody was told";
    EXPECT_FALSE(same([](Protection& m) { m.legs[0].window.end = eight + 2 * hour; }));
    EXPECT_FALSE(same([](Protection& m) { m.legs[0].vehicles.pop_back(); }));
    EXPECT_FALSE(same([](Protection& m) { m.legs[0].to = "Idlib"; }));
    EXPECT_FALSE(same([](Protection& m) { m.vehicles[1].colour = "blue"; }));
    EXPECT_FALSE(same([](Protection& m) { m.contact = "another desk"; }));
    EXPECT_FALSE(same([](Protection& m) { m.protection_class = ProtectionClass::other; }));
    EXPECT_FALSE(same([](Protection& m) { m.where[0].buffer = Decimetres{10}; }));
    EXPECT_FALSE(same([](Protection& m) { m.where[0] = line(0, 0); }));
    EXPECT_TRUE(same([](Protection& m) {
        m.legs[1].to = "elsewhere";
        m.where[1] = place_of(m.legs[1], line(0, 0));
    })) << "what another leg does is none of it";
}

struct Spoilt {
    const char* name;
    std::function<void(Protection&)> spoil;
    const char* says;
};

const Spoilt spoilt_table[] = {
    {"a place without a leg", [](Protection& m) { m.legs.pop_back(); }, "as many legs as places"},
    {"numbers twice", [](Protection& m) { m.legs[1].number = 1; }, "in order of their numbers"},
    {"numbers downward", [](Protection& m) { m.legs[0].number = 3; }, "in order of their numbers"},
    {"a leg without an end", [](Protection& m) { m.legs[0].window.end.reset(); }, "no window"},
    {"a leg that ends as it starts",
     [](Protection& m) { m.legs[0].window.end = m.legs[0].window.start; }, "no window"},
    {"a window that protects for less",
     [](Protection& m) { m.where[0].volume.window.end = eight + hour; }, "another window"},
    {"a window that protects for ever", [](Protection& m) { m.where[0].volume.window = {}; },
     "another window"},
    {"a circle",
     [](Protection& m) {
         m.where[0].volume.shape = geo::Circle{{0, 0}, {10}};
     },
     "no line"},
    {"a line of one point",
     [](Protection& m) {
         m.where[0].volume.shape = geo::Corridor{{{1, 1}}, {10}};
     },
     "at least 2"},
    {"a start before all years",
     [](Protection& m) {
         m.legs[0].started = instant(-(std::int64_t{1} << 52));
         m.where[0] = place_of(m.legs[0], m.where[0]);
     },
     "0001"},
    {"a vehicle that there is not", [](Protection& m) { m.legs[1].vehicles = {"car 2"}; },
     "'car 2'"},
    {"a vehicle twice",
     [](Protection& m) {
         m.legs[1].vehicles = {"car 1", "car 1"};
     },
     "twice"},
    {"two of one callsign", [](Protection& m) { m.vehicles[1].callsign = "lorry 1"; },
     "two vehicles"},
    {"no callsign", [](Protection& m) { m.vehicles.push_back({}); }, "no callsign"},
    {"many vehicles",
     [](Protection& m) {
         for (std::size_t i = 0; i < vehicles_max; ++i) m.vehicles.push_back({"x", "", "", "", ""});
     },
     "vehicles_max"},
    {"a long end", [](Protection& m) { m.legs[0].to = Bytes(limits::text_bytes_max + 1, 't'); },
     "text_bytes_max"},
    {"a plate that is no text", [](Protection& m) { m.vehicles[0].plate = "\xFF"; }, "UTF-8"},
    {"a start when all was over",
     [](Protection& m) {
         m.legs[0].started = eight + 25 * hour;
         m.where[0] = place_of(m.legs[0], m.where[0]);
     },
     "stopped protecting"},
};

TEST(Movement, WhatSaysNothingOrTooMuchIsRefusedWhoeverSaysIt) {
    for (const Spoilt& one : spoilt_table) {
        SCOPED_TRACE(one.name);
        Protection movement = convoy();
        one.spoil(movement);
        const auto valid = validate(movement);
        ASSERT_FALSE(valid);
        EXPECT_NE(valid.error().detail.find(one.says), std::string::npos) << valid.error().detail;
        // What has no end cannot be written either.
        if (movement.legs[0].window.end) {
            EXPECT_FALSE(decode_exact(encode_exact(exact_of(movement))));
        }
    }
}

TEST(Movement, APlaceThatStaysHasNoVehicles) {
    Protection place = convoy();
    place.legs.clear();
    EXPECT_FALSE(validate(place));
    place.vehicles.clear();
    EXPECT_TRUE(validate(place));
    EXPECT_STREQ(place.kind(), "protection");
}

}  // namespace
}  // namespace entente::statement
