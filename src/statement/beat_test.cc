// SPDX-License-Identifier: Apache-2.0
// Beats: written, read again, bounded; the bytes are those of doc/protocol/exchange.md.
#include "statement/beat.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

OpenEntry open(const Bytes& bytes) {
    const auto entry = decode_entry(bytes);
    EXPECT_TRUE(entry) << entry.error().detail;
    return std::get<OpenEntry>(entry.value());
}

TEST(Beat, HasTheBytesOfTheProtocol) {
    const std::string r = to_base64url(samples::beat().heads.at(PartyId{"ru"}).root.view());
    const std::string s1 = to_base64url(samples::beat().slots.at(PartyId{"msf-sd"}).view());
    const std::string s2 = to_base64url(samples::beat().slots.at(PartyId{"ru"}).view());
    EXPECT_EQ(encode_beat(samples::beat()), "{\"heads\":{\"ru\":{\"root\":\"" + r +
                                                "\",\"size\":812}},\"kind\":\"beat\",\"slots\":{"
                                                "\"msf_sd\":\"" +
                                                s1 + "\",\"ru\":\"" + s2 +
                                                "\"},\"time\":1448539200000,\"v\":1}");
}

TEST(Beat, WhatIsWrittenIsReadAgain) {
    Beat bare = samples::beat();
    bare.heads.clear();
    for (const Beat& beat : {samples::beat(), bare, Beat{}}) {
        const auto back = decode_beat(open(encode_beat(beat)));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(*back, beat);
    }
}

TEST(Beat, SlotsOfAsManyPartiesAsThereMayBeFitAnEntry) {
    Beat beat;
    beat.time = samples::noon;
    for (std::size_t i = 0; i + 1 < limits::parties_max; ++i) {
        PartyId party{std::string(30, 'p') + std::to_string(10 + i)};
        beat.slots.emplace(party, sha256(party.v));
    }
    EXPECT_TRUE(beat_fits(beat));
    for (const auto& [party, slot] : beat.slots) {
        beat.heads.emplace(party, LogHead{{limits::json_integer_max}, slot});
    }
    EXPECT_FALSE(beat_fits(beat)) << "then heads are spread over several beats";
    while (!beat_fits(beat)) beat.heads.erase(beat.heads.begin());
    EXPECT_GE(beat.heads.size(), 8u) << "four beats an hour are enough for all";
    EXPECT_EQ(decode_beat(open(encode_beat(beat))).value(), beat);
}

TEST(Beat, RefusesAnotherForm) {
    const std::string hash(43, 'A');
    const std::string slots = "\"slots\":{\"ru\":\"" + hash + "\"},";
    const std::string end = "\"time\":5,\"v\":1}";
    ASSERT_TRUE(decode_beat(open("{\"kind\":\"beat\"," + slots + end)));
    ASSERT_TRUE(decode_beat(open("{\"kind\":\"beat\",\"mood\":1," + slots + end)))
        << "what a later version adds is passed over";
    const std::string table[] = {
        "{\"kind\":\"beet\"," + slots + end,
        "{\"kind\":\"beat\"," + end,
        "{\"kind\":\"beat\"," + slots + "\"time\":\"5\",\"v\":1}",
        "{\"kind\":\"beat\"," + slots + "\"v\":1}",
        "{\"kind\":\"beat\",\"slots\":{\"ru\":\"" + hash + "A\"}," + end,
        "{\"kind\":\"beat\",\"slots\":{\"ru\":5}," + end,
        "{\"kind\":\"beat\",\"slots\":[]," + end,
        "{\"heads\":{\"ru\":5},\"kind\":\"beat\"," + slots + end,
        "{\"heads\":{\"ru\":{\"root\":\"" + hash + "\"}},\"kind\":\"beat\"," + slots + end,
        "{\"heads\":{\"ru\":{\"root\":\"" + hash + "\",\"size\":-1}},\"kind\":\"beat\"," + slots +
            end,
    };
    for (const std::string& text : table) EXPECT_FALSE(decode_beat(open(text))) << text;
    std::string many = "{\"kind\":\"beat\",\"slots\":{";
    for (std::size_t i = 0; i <= limits::parties_max; ++i) {
        many += (i == 0 ? "\"p" : ",\"p") + std::to_string(10 + i) + "\":\"" + hash + "\"";
    }
    EXPECT_EQ(decode_beat(open(many + "}," + end)).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::statement
