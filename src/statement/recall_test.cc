// SPDX-License-Identifier: Apache-2.0
// The exact bodies of recalls and purges: written, read again, bounded, and refused where they say
// nothing or too much.
#include "statement/recall.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

TEST(Recall, WhatIsWrittenIsReadAgain) {
    Recall recall = samples::recall();
    ASSERT_TRUE(validate(recall));
    EXPECT_EQ(decode_recall(encode_recall(recall)).value(), recall);
    recall.reason.clear();
    recall.slots[1] = true;
    EXPECT_EQ(decode_recall(encode_recall(recall)).value(), recall);
}

TEST(Purge, WhatIsWrittenIsReadAgain) {
    Purge purge = samples::purge();
    ASSERT_TRUE(validate(purge));
    EXPECT_EQ(decode_purge(encode_purge(purge)).value(), purge);
    purge.beyond.clear();
    EXPECT_EQ(decode_purge(encode_purge(purge)).value(), purge);
}

TEST(Recall, HasTheBytesOfTheProtocol) {
    const Bytes body = encode_recall(samples::recall());
    const std::string leaf = "\"" + to_base64url(sha256("leaf one").view()) + "\",\"" +
                             to_base64url(sha256("leaf two").view()) + "\"";
    const std::string record = record_id(samples::origin, samples::secret).text();
    EXPECT_EQ(body, "{\"charter\":\"solo-abcdefghijklmnop\",\"entries\":[" + leaf + "],\"of\":\"" +
                        record +
                        "\",\"origin\":\"solo-abcdefghijklmnop/exercise/fr\",\"reason\":\"the "
                        "source is in danger\",\"record\":\"" +
                        record + "\",\"slot\":3,\"slots\":[3],\"to\":\"ru\",\"version\":1}");
}

TEST(Recall, LaterMembersArePassedOver) {
    Bytes body = encode_recall(samples::recall());
    body.insert(body.find(",\"version\""), ",\"tone\":[1]");
    EXPECT_EQ(decode_recall(body).value(), samples::recall());
    Bytes purge = encode_purge(samples::purge());
    purge.insert(purge.find(",\"version\""), ",\"tone\":[1]");
    EXPECT_EQ(decode_purge(purge).value(), samples::purge());
}

template <class T>
struct Spoilt {
    const char* name;
    std::function<void(T&)> spoil;
};

TEST(Recall, WhatAsksNothingOrTooMuchIsRefused) {
    const Spoilt<Recall> table[] = {
        {"no entry", [](Recall& r) { r.entries.clear(); }},
        {"an entry twice", [](Recall& r) { r.entries.push_back(r.entries[0]); }},
        {"the head", [](Recall& r) { r.slots[0] = true; }},
        {"no body", [](Recall& r) { r.slots = {}; }},
        {"a long reason", [](Recall& r) { r.reason.assign(limits::text_bytes_max + 1, 'x'); }},
        {"too many entries",
         [](Recall& r) {
             r.entries.clear();
             for (std::size_t i = 0; i <= limits::recall_entries_max; ++i) {
                 r.entries.push_back(sha256(std::to_string(i)));
             }
         }},
    };
    for (const auto& row : table) {
        Recall recall = samples::recall();
        row.spoil(recall);
        EXPECT_FALSE(validate(recall)) << row.name;
        EXPECT_FALSE(decode_recall(encode_recall(recall))) << row.name;
    }
    Recall second = samples::recall();
    second.keys.version = 2;
    EXPECT_FALSE(validate(second));
}

TEST(Purge, WhatSaysNothingOrTooMuchIsRefused) {
    const Spoilt<Purge> table[] = {
        {"no outcome", [](Purge& p) { p.outcomes.clear(); }},
        {"an entry twice", [](Purge& p) { p.outcomes.push_back(p.outcomes[0]); }},
        {"held for nothing", [](Purge& p) { p.outcomes[1].reason.clear(); }},
        {"refused for nothing", [](Purge& p) { p.outcomes[2].reason.clear(); }},
        {"endless words", [](Purge& p) { p.beyond.assign(17, "x"); }},
    };
    for (const auto& row : table) {
        Purge purge = samples::purge();
        row.spoil(purge);
        EXPECT_FALSE(validate(purge)) << row.name;
        EXPECT_FALSE(decode_purge(encode_purge(purge))) << row.name;
    }
}

TEST(Purge, TheLargestOneFitsABody) {
    Purge purge = samples::purge();
    purge.outcomes.clear();
    for (std::size_t i = 0; i < limits::recall_entries_max; ++i) {
        purge.outcomes.push_back(
            {sha256(std::to_string(i)), Outcome::held, "incident: " + std::string(200, 'x')});
    }
    EXPECT_TRUE(validate(purge));
}

TEST(Outcome, ItsWordsNeverChange) {
    const char* const words[] = {"purged", "held", "refused"};
    for (std::size_t i = 0; i < outcome_count; ++i) {
        EXPECT_STREQ(name(static_cast<Outcome>(i)), words[i]);
        EXPECT_EQ(parse_outcome(words[i]).value(), static_cast<Outcome>(i));
    }
    EXPECT_FALSE(parse_outcome("gone"));
}

}  // namespace
}  // namespace entente::statement
