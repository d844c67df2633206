// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/sha256.h"
#include "base/time.h"

namespace entente {
namespace {

TEST(Sha256, AgreesWithFips180) {
    EXPECT_EQ(to_hex(sha256("abc").view()),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256({"a", "", "bc"}), sha256("abc"));
}

TEST(Base64, RefusesASecondSpelling) {
    EXPECT_EQ(to_base64("ab"), "YWI=");
    EXPECT_EQ(from_base64("YWI=").value(), "ab");
    for (const char* text : {"YWI", "YWJ=", "YWI=\n", "YW I=", "Y-I="}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
    EXPECT_FALSE(from_base64url("YWI="));
    EXPECT_EQ(from_base64url("YWI").value(), "ab");
}

// Every byte in every place: what decodes must encode to the same text. (libsodium alone accepts
// bytes above 0x7F.)
TEST(Base64, NoByteHasASecondSpelling) {
    for (const std::string good : {"AbC/", "Ab+=", "Ag=="}) {
        for (std::size_t place = 0; place < good.size(); ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text = good;
                text[place] = static_cast<char>(byte);
                const auto plain = from_base64(text);
                EXPECT_TRUE(!plain || to_base64(*plain) == text) << place << " " << byte;
                const auto url = from_base64url(text);
                EXPECT_TRUE(!url || to_base64url(*url) == text) << place << " " << byte;
            }
        }
    }
}

TEST(Base32, RoundTrips) {
    Rng rng(7);
    for (int i = 0; i < 100; ++i) {
        Bytes bytes(10, '\0');
        rng.bytes()(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
        EXPECT_EQ(from_base32(to_base32(bytes)).value(), bytes);
    }
    EXPECT_EQ(to_base32("fooba"), "mzxw6ytb");
    EXPECT_FALSE(from_base32("MZXW6YTB"));
    EXPECT_FALSE(from_base32("mzxw6yt"));
}

TEST(Hex, RefusesUpperCaseAndOddLength) {
    EXPECT_EQ(from_hex("00ff").value(), Bytes("\x00\xff", 2));
    EXPECT_FALSE(from_hex("00FF"));
    EXPECT_FALSE(from_hex("0"));
}

TEST(Utf8, RefusesOverlongFormsAndSurrogates) {
    EXPECT_TRUE(is_utf8("مستشفى"));
    EXPECT_FALSE(is_utf8("\xC0\xAF"));
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xE2\x82"));
}

TEST(Time, ReadsAnyOffset) {
    // Kunduz, 2015-10-03 02:08 local time (UTC+4:30) is still the day before in UTC.
    EXPECT_EQ(format_rfc3339(parse_rfc3339("2015-10-03T02:08:00+04:30").value()),
              "2015-10-02T21:38:00Z");
    EXPECT_EQ(format_rfc3339(parse_rfc3339("2016-12-31T23:59:60Z").value()),
              "2017-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(parse_rfc3339("1969-12-31T23:59:59.9994Z").value()),
              "1969-12-31T23:59:59.999Z");
}

TEST(Time, RefusesWhatCouldBeMisread) {
    for (const char* text : {"2026-01-31", "2026-01-31T10:00:00", "2026-02-30T10:00:00Z",
                             "2026-01-31T24:00:00Z", "31/01/2026", "2026-01-31T10:00:00Zx", "",
                             "2026-01-31T10:00:00.Z", "2026-1-31T10:00:00Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(Ids, AcceptOneForm) {
    EXPECT_TRUE(PartyId::parse("msf"));
    EXPECT_FALSE(PartyId::parse("MSF"));
    EXPECT_FALSE(PartyId::parse("1msf"));
    EXPECT_FALSE(PartyId::parse(""));
    EXPECT_EQ(RecordId::parse("mzxw6ytbmzxw6ytb").value().text(), "mzxw6ytbmzxw6ytb");
    EXPECT_FALSE(RecordId::parse("mzxw6ytb"));
}

}  // namespace
}  // namespace entente
