// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace entente {
namespace {

std::int64_t read(std::string_view text, unsigned scale, Rounding rounding = Rounding::nearest) {
    auto value = parse_decimal(text, scale, rounding, Exponent::allowed);
    EXPECT_TRUE(value.has_value()) << text;
    return value.value_or(-999);
}

TEST(Decimal, ReadsEveryDigitOnce) {
    EXPECT_EQ(read("33.5123", 7), 335123000);
    EXPECT_EQ(read("-8.6559757", 7), -86559757);
    EXPECT_EQ(read("+.5", 1), 5);
    EXPECT_EQ(read("5.", 1), 50);
    EXPECT_EQ(read("000000000000000000000001", 0), 1);
    EXPECT_EQ(read("0.00000000000000000000000000000000000000000000001", 7), 0);
    EXPECT_EQ(read("1e2", 1), 1000);
    EXPECT_EQ(read("12.5E-1", 2), 125);
    EXPECT_EQ(read("-0", 7), 0);
}

TEST(Decimal, RoundsHalvesAwayFromZeroFromAllDigits) {
    EXPECT_EQ(read("0.00000005", 7), 1);
    EXPECT_EQ(read("-0.00000005", 7), -1);
    EXPECT_EQ(read("0.00000004999999999999999999999999", 7), 0);
    // Through a double this would be a tie or not by chance.
    EXPECT_EQ(read("1.00000015", 7), 10000002);
    EXPECT_EQ(read("5e-8", 7), 1);
    EXPECT_EQ(read("5e-9", 7), 0);
    EXPECT_EQ(read("9.99999999", 7), 100000000);
}

TEST(Decimal, RoundsOutwardWhenAsked) {
    EXPECT_EQ(read("1.01", 1, Rounding::ceiling), 11);
    EXPECT_EQ(read("1.1", 1, Rounding::ceiling), 11);
    EXPECT_EQ(read("-1.01", 1, Rounding::ceiling), -10);
    EXPECT_EQ(read("-1.01", 1, Rounding::floor), -11);
    EXPECT_EQ(read("1.09", 1, Rounding::floor), 10);
    EXPECT_EQ(read("1e-300", 1, Rounding::ceiling), 1);
    EXPECT_EQ(read("-1e-300", 1, Rounding::floor), -1);
    EXPECT_EQ(read("0e-300", 1, Rounding::ceiling), 0);
}

TEST(Decimal, RefusesWhatIsNoNumber) {
    for (const char* text : {"", "+", "-", ".", "-.", "1,5", "1 5", " 1", "1 ", "nan", "inf", "1e",
                             "1e+", "0x10", "1.2.3", "--1", "1e1.5", "١٢", "1e5x"}) {
        EXPECT_FALSE(parse_decimal(text, 7, Rounding::nearest, Exponent::allowed)) << text;
    }
    EXPECT_FALSE(parse_decimal("1e2", 7));
    EXPECT_FALSE(parse_decimal(std::string(401, '1'), 0));
}

TEST(Decimal, RefusesWhatIsTooLarge) {
    for (const char* text : {"1e400", "1e19", "10000000000000000000", "-99999999999999999999",
                             "1e99999999999999999999"}) {
        auto value = parse_decimal(text, 0, Rounding::nearest, Exponent::allowed);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, Errc::too_large) << text;
    }
    EXPECT_EQ(read("0e99999", 0), 0);
}

TEST(Decimal, WritesWhatItReads) {
    Rng rng(7);
    for (int i = 0; i < 2000; ++i) {
        auto v = static_cast<std::int64_t>(rng.next() % 4'000'000'000u) - 2'000'000'000;
        EXPECT_EQ(read(format_decimal(v, 7), 7), v);
        EXPECT_EQ(read(format_decimal(v, 0), 0), v);
    }
    EXPECT_EQ(format_decimal(335123000, 7), "33.5123");
    EXPECT_EQ(format_decimal(-5, 1), "-0.5");
    EXPECT_EQ(format_decimal(0, 7), "0");
    EXPECT_EQ(format_decimal(-100, 1), "-10");
    EXPECT_EQ(format_decimal(INT64_MIN, 0), "-9223372036854775808");
}

}  // namespace
}  // namespace entente
