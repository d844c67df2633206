// SPDX-License-Identifier: Apache-2.0
// The exact body of a receipt: written, read again, bounded, and refused where it says nothing.
#include "statement/receipt.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

TEST(Rung, CountsUpwardInTheOrderOfTheProtocol) {
    const char* const order[] = {"offered", "received", "opened",    "read_back",
                                 "loaded",  "passed",   "confirmed", "refused"};
    for (std::size_t i = 0; i < rung_count; ++i) {
        EXPECT_STREQ(name(static_cast<Rung>(i)), order[i]);
        EXPECT_EQ(parse_rung(order[i]).value(), static_cast<Rung>(i));
    }
    EXPECT_LT(Rung::received, Rung::opened);
    EXPECT_FALSE(parse_rung("read"));
}

TEST(Receipt, WhatIsWrittenIsReadAgain) {
    for (const Receipt& receipt : {samples::list_receipt(), samples::read_back_receipt()}) {
        ASSERT_TRUE(validate(receipt)) << validate(receipt).error().detail;
        const auto back = decode_receipt(encode_receipt(receipt));
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(*back, receipt);
    }
}

TEST(Receipt, SaysWhatWaitsForAnother) {
    Receipt receipt = samples::list_receipt();
    receipt.exceptions.clear();
    receipt.rung = Rung::received;
    receipt.held = HeldFor{PartyId{"ru"}, instant(1'448'539'200'000), sha256("a parcel")};
    ASSERT_TRUE(validate(receipt)) << validate(receipt).error().detail;
    EXPECT_EQ(decode_receipt(encode_receipt(receipt)).value(), receipt);
}

TEST(Receipt, LaterMembersArePassedOver) {
    Bytes body = encode_receipt(samples::list_receipt());
    body.insert(body.find(",\"unit\""), ",\"tone\":[1]");
    EXPECT_EQ(decode_receipt(body).value(), samples::list_receipt());
}

struct Spoilt {
    const char* name;
    std::function<void(Receipt&)> spoil;
    bool is_form;  // refused of a stranger too
};

const Spoilt spoilt_table[] = {
    {"neither list nor entries", [](Receipt& r) { r.list.reset(), r.exceptions.clear(); }, true},
    {"exceptions of entries", [](Receipt& r) { r.entries = {sha256("leaf")}; }, true},
    {"exceptions out of order",
     [](Receipt& r) {
         r.exceptions = {{5}, {3}};
     },
     true},
    {"an exception twice",
     [](Receipt& r) {
         r.exceptions = {{5}, {5}};
     },
     true},
    {"a bearing of 360",
     [](Receipt& r) {
         r.read_back = {{{}, {}, {}, "", {1}, 360}};
     },
     true},
    {"a distance below 0",
     [](Receipt& r) {
         r.read_back = {{{}, {}, {}, "", {-1}, 0}};
     },
     true},
    {"a long unit", [](Receipt& r) { r.unit = Bytes(limits::text_bytes_max + 1, 'u'); }, true},
    {"held, and opened",
     [](Receipt& r) {
         r.rung = Rung::opened;
         r.held = HeldFor{};
     },
     true},
    {"a second version", [](Receipt& r) { r.keys.version = 2; }, false},
    {"passed to nobody", [](Receipt& r) { r.unit = "", r.rung = Rung::passed; }, false},
    {"confirmed by nobody", [](Receipt& r) { r.unit = "", r.rung = Rung::confirmed; }, false},
    {"refused without a reason", [](Receipt& r) { r.reason = "", r.rung = Rung::refused; }, false},
    {"read back nothing", [](Receipt& r) { r.rung = Rung::read_back; }, false},
};

TEST(Receipt, SaysWhereAPointIsInWords) {
    const auto words = [](std::int64_t distance, int bearing) {
        ReadBack read;
        read.near = "Kunduz, AF";
        read.distance = {distance};
        read.bearing = bearing;
        return near_text(read);
    };
    EXPECT_EQ(words(499, 90), "in Kunduz, AF");
    EXPECT_EQ(words(500, 90), "0.1 km E of Kunduz, AF");
    EXPECT_EQ(words(13'130, 159), "1.3 km S of Kunduz, AF");
    EXPECT_EQ(words(123'456, 337), "12.3 km NW of Kunduz, AF");
    EXPECT_EQ(words(123'456, 338), "12.3 km N of Kunduz, AF");
    EXPECT_EQ(words(123'456, 22), "12.3 km N of Kunduz, AF");
    EXPECT_EQ(words(123'456, 23), "12.3 km NE of Kunduz, AF");
    EXPECT_EQ(near_text(ReadBack{}), "");
}

TEST(Receipt, IsRefusedWhereItSaysNothing) {
    for (const Spoilt& one : spoilt_table) {
        Receipt receipt = samples::list_receipt();
        one.spoil(receipt);
        EXPECT_FALSE(validate(receipt)) << one.name;
        EXPECT_EQ(decode_receipt(encode_receipt(receipt)).has_value(), !one.is_form) << one.name;
    }
    const Bytes good = encode_receipt(samples::list_receipt());
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"slot\":3", "\"slot\":2"},
             {"\"to\":\"ru\"", "\"to\":\"RU\""},
             {"\"rung\":\"passed\"", "\"rung\":\"heard\""},
             {"\"exceptions\":[3,", "\"exceptions\":[\"3\","},
             {"\"exceptions\":[3,", "\"exceptions\":[-3,"},
             {"\"size\":128", "\"size\":-128"}}) {
        Bytes bad = good;
        const std::size_t place = bad.find(from);
        ASSERT_NE(place, Bytes::npos) << from;
        bad.replace(place, from.size(), to);
        EXPECT_FALSE(decode_receipt(bad)) << to;
    }
}

TEST(Receipt, StopsAtItsLimits) {
    Receipt receipt = samples::list_receipt();
    receipt.exceptions.clear();
    for (std::size_t i = 0; i < limits::receipt_exceptions_max; ++i)
        receipt.exceptions.push_back({i});
    EXPECT_EQ(decode_receipt(encode_receipt(receipt)).value(), receipt);
    receipt.exceptions.push_back({limits::receipt_exceptions_max});
    EXPECT_EQ(validate(receipt).error().code, Errc::too_large);
    EXPECT_EQ(decode_receipt(encode_receipt(receipt)).error().code, Errc::too_large);

    receipt = samples::list_receipt();
    receipt.exceptions.clear();
    receipt.entries.assign(limits::receipt_entries_max, sha256("leaf"));
    EXPECT_TRUE(validate(receipt));
    receipt.entries.push_back(sha256("leaf"));
    EXPECT_FALSE(validate(receipt));

    receipt = samples::read_back_receipt();
    receipt.read_back.assign(limits::read_backs_max, receipt.read_back[0]);
    EXPECT_TRUE(validate(receipt)) << validate(receipt).error().detail;
    for (ReadBack& one : receipt.read_back) one.near = std::string(1000, 'n');
    const auto large = validate(receipt);
    ASSERT_FALSE(large) << "more than a body may hold";
    EXPECT_NE(large.error().detail.find("body_bytes_max"), std::string::npos);
    receipt.read_back.assign(limits::read_backs_max + 1, samples::read_back_receipt().read_back[0]);
    EXPECT_FALSE(validate(receipt));
}

}  // namespace
}  // namespace entente::statement
