// SPDX-License-Identifier: Apache-2.0
// Objections: written, read again, bounded, refused where they say nothing; and what is left of
// them to whoever does not know the kind.
#include "statement/objection.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "statement/body.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

using samples::exact_of;

TEST(Objection, WhatIsWrittenIsReadAgain) {
    for (const bool whole : {true, false}) {
        Protection said = samples::objection();
        if (!whole) {
            said.objection->found.clear();
            said.objection->automatic = false;
            said.contact.clear();
        }
        ASSERT_TRUE(validate(said)) << validate(said).error().detail;
        const auto back = decode_exact(encode_exact(exact_of(said)));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(back->protection, said);
        EXPECT_STREQ(back->protection.kind(), "objection");
    }
}

TEST(Objection, WhoDoesNotKnowTheKindStillSeesWhereAndWhen) {
    const Protection said = samples::objection();
    const auto seen = decode_unknown(encode_exact(exact_of(said)), Slot::exact);
    ASSERT_TRUE(seen) << seen.error().detail;
    EXPECT_EQ(seen->where, said.where);
}

struct Spoilt {
    const char* name;
    std::function<void(Protection&)> spoil;
    const char* says;
};

const Spoilt spoilt_table[] = {
    {"no grounds", [](Protection& p) { p.objection->grounds.clear(); }, "says its grounds"},
    {"long grounds",
     [](Protection& p) { p.objection->grounds = Bytes(limits::text_bytes_max + 1, 'g'); },
     "text_bytes_max"},
    {"grounds that are no text", [](Protection& p) { p.objection->grounds = "\xFF"; }, "UTF-8"},
    {"grounds with a zero byte",
     [](Protection& p) { p.objection->grounds = std::string("a\0b", 3); }, "zero byte"},
    {"one leaf twice",
     [](Protection& p) { p.objection->found.push_back(p.objection->found.front()); }, "once"},
    {"many leaves",
     [](Protection& p) {
         for (std::size_t i = 0; i < found_max; ++i) {
             p.objection->found.push_back(sha256(std::to_string(i)));
         }
     },
     "found_max"},
    {"a name",
     [](Protection& p) {
         p.names = {{"a", "", ""}};
     },
     "no names"},
    {"another class", [](Protection& p) { p.protection_class = ProtectionClass::hospital; },
     "class other"},
    {"a buffer", [](Protection& p) { p.where[0].buffer = Decimetres{1}; }, "buffer 0"},
    {"the class's buffer", [](Protection& p) { p.where[1].buffer.reset(); }, "buffer 0"},
};

TEST(Objection, WhatSaysNothingOrTooMuchIsRefusedWhoeverSaysIt) {
    for (const Spoilt& one : spoilt_table) {
        SCOPED_TRACE(one.name);
        Protection said = samples::objection();
        one.spoil(said);
        const auto valid = validate(said);
        ASSERT_FALSE(valid);
        EXPECT_NE(valid.error().detail.find(one.says), std::string::npos) << valid.error().detail;
        if (is_utf8(said.objection->grounds)) {
            EXPECT_FALSE(decode_exact(encode_exact(exact_of(said))));
        }
    }
}

TEST(Objection, IsNoMovementToo) {
    Protection said = samples::objection();
    const Leg leg{1, "", "", {samples::noon, samples::noon + std::chrono::hours(1)}, {}, {}};
    geo::Place line;
    line.volume.shape = geo::Corridor{{{0, 0}, {1, 1}}, {10}};
    line.buffer = Decimetres{0};
    said.where = {place_of(leg, line)};
    ASSERT_TRUE(validate(said));
    said.legs = {leg};
    EXPECT_FALSE(validate(said));
    EXPECT_FALSE(decode_exact(encode_exact(exact_of(said))));
}

TEST(Objection, ThatIsNotAutomaticDoesNotSaySo) {
    Bytes body = encode_exact(exact_of(samples::objection()));
    const std::string yes = "\"automatic\":true";
    ASSERT_NE(body.find(yes), std::string::npos);
    body.replace(body.find(yes), yes.size(), "\"automatic\":false");
    EXPECT_FALSE(decode_exact(body)) << "there would be two ways to say one thing";
}

}  // namespace
}  // namespace entente::statement
