// SPDX-License-Identifier: Apache-2.0
// STOPs: written, read again, bounded, refused where they say nothing; and what is left of them to
// whoever does not know the kind.
#include "statement/stop.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "statement/body.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

using samples::exact_of;

TEST(Stop, WhatIsWrittenIsReadAgain) {
    for (const bool whole : {true, false}) {
        Protection said = samples::stop();
        if (!whole) {
            said.stop->activity.reset();
            said.contact.clear();
        }
        ASSERT_TRUE(validate(said)) << validate(said).error().detail;
        const auto back = decode_exact(encode_exact(exact_of(said)));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(back->protection, said);
        EXPECT_STREQ(back->protection.kind(), "stop");
        EXPECT_TRUE(back->protection.objects());
    }
}

TEST(Stop, WhoDoesNotKnowTheKindStillSeesWhereAndWhen) {
    const auto seen = decode_unknown(encode_exact(exact_of(samples::stop())), Slot::exact);
    ASSERT_TRUE(seen) << seen.error().detail;
    EXPECT_EQ(seen->where, samples::stop().where);
}

struct Spoilt {
    const char* name;
    std::function<void(Protection&)> spoil;
};

const Spoilt spoilt_table[] = {
    {"no words", [](Protection& p) { p.stop->text.clear(); }},
    {"long words", [](Protection& p) { p.stop->text = Bytes(limits::text_bytes_max + 1, 's'); }},
    {"a control character", [](Protection& p) { p.stop->text = "\x1b[2J"; }},
    {"no desk", [](Protection& p) { p.stop->desks.clear(); }},
    {"a desk without a name", [](Protection& p) { p.stop->desks[0].clear(); }},
    {"a desk twice", [](Protection& p) { p.stop->desks[1] = p.stop->desks[0]; }},
    {"a desk of two lines", [](Protection& p) { p.stop->desks[0] = "a\nb"; }},
    {"too many desks",
     [](Protection& p) {
         p.stop->desks.clear();
         for (std::size_t i = 0; i <= desks_max; ++i) p.stop->desks.push_back(std::to_string(i));
     }},
    {"a party that is none", [](Protection& p) { p.stop->to.v = "Nobody!"; }},
    {"a class", [](Protection& p) { p.protection_class = ProtectionClass::hospital; }},
    {"a name",
     [](Protection& p) {
         p.names = {{"one", "", ""}};
     }},
    {"a buffer", [](Protection& p) { p.where.front().buffer = Decimetres{1}; }},
    {"a buffer that is not stated", [](Protection& p) { p.where.front().buffer.reset(); }},
    {"no place", [](Protection& p) { p.where.clear(); }},
    {"an objection beside it", [](Protection& p) { p.objection = samples::objection().objection; }},
};

TEST(Stop, IsRefusedWhereItSaysNothing) {
    for (const Spoilt& row : spoilt_table) {
        Protection said = samples::stop();
        row.spoil(said);
        const bool form_only =
            said.stop->to.v == "Nobody!";  // the form of an id is read, not judged
        EXPECT_TRUE(form_only || !validate(said)) << row.name;
        const auto back = decode_exact(encode_exact(exact_of(said)));
        EXPECT_FALSE(back && validate(back->protection)) << row.name;
    }
}

}  // namespace
}  // namespace entente::statement
