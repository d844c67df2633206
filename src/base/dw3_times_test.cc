// SPDX-License-Identifier: Apache-2.0
// Done when 3, where texts become moments: zones with half and quarter hours, days that roll,
// leap days and leap seconds. The oracle counts days by itself.
#include <gtest/gtest.h>

#include <cstdio>

#include "base/random.h"
#include "base/time.h"

namespace entente {
namespace {

constexpr std::int64_t minute = 60'000, day = 1440 * minute;

/// The same moment as a clock at `east` minutes from UTC shows it.
std::string shown_at(std::int64_t ms, int east) {
    std::string text = format_rfc3339(instant(ms + east * minute));
    text.pop_back();  // its Z
    char offset[16];
    std::snprintf(offset, sizeof offset, "%c%02d:%02d", east < 0 ? '-' : '+', std::abs(east) / 60,
                  std::abs(east) % 60);
    return text + offset;
}

std::int64_t ms_of(const std::string& text) {
    const auto read = parse_rfc3339(text);
    EXPECT_TRUE(read) << text;
    return read ? millis(*read) : 0;
}

TEST(DoneWhen3, ZonesWithHalfHoursComeToOneMoment) {
    const std::int64_t one = ms_of("2015-12-31T18:30:00Z");
    for (const char* text :
         {"2016-01-01T00:00:00+05:30",  // Kolkata: the year is another one there
          "2015-12-31T22:00:00+03:30",  // Tehran
          "2015-12-31T23:00:00+04:30",  // Kabul
          "2016-01-01T00:15:00+05:45",  // Kathmandu
          "2015-12-31T16:00:00-02:30",  // St John's in summer
          "2015-12-31T09:00:00-09:30",  // Marquesas
          "2016-01-01T07:15:00+12:45",  // Chatham
          "2015-12-31T18:30:00-00:00", "2015-12-31T18:30:00+00:00", "2015-12-31t18:30:00.000z"}) {
        EXPECT_EQ(ms_of(text), one) << text;
    }
}

TEST(DoneWhen3, EveryZoneReadsAsTheMomentThatItsClockShows) {
    Rng rng(3);
    const std::int64_t begin = ms_of("1990-01-01T00:00:00Z"), end = ms_of("2100-01-01T00:00:00Z");
    for (int east = -23 * 60 - 59; east <= 23 * 60 + 59; ++east) {
        for (int i = 0; i < 5; ++i) {
            const auto span = static_cast<std::uint64_t>(end - begin);
            const std::int64_t ms = begin + static_cast<std::int64_t>(rng.below(span));
            EXPECT_EQ(ms_of(shown_at(ms, east)), ms) << shown_at(ms, east);
        }
        // About midnight there, and about midnight in UTC.
        for (const std::int64_t midnight : {begin - east * minute, begin}) {
            for (const std::int64_t ms : {midnight - 1, midnight, midnight + 1}) {
                EXPECT_EQ(ms_of(shown_at(ms, east)), ms) << shown_at(ms, east);
            }
        }
    }
}

TEST(DoneWhen3, DaysRollAtMidnightOfUtcInMonthsAndLeapYears) {
    const int months[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int64_t midnight = ms_of("1895-01-01T00:00:00Z");
    for (int year = 1895; year < 2105; ++year) {
        const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; ++month) {
            const int days = months[month - 1] + (month == 2 && leap);
            for (int of_month = 1; of_month <= days; ++of_month, midnight += day) {
                char text[32];
                std::snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00Z", year, month, of_month);
                ASSERT_EQ(ms_of(text), midnight);
                ASSERT_EQ(format_rfc3339(instant(midnight)), text);
                text[11] = '2', text[12] = '3', text[14] = text[17] = '5',
                text[15] = text[18] = '9';
                ASSERT_EQ(ms_of(text), midnight + day - 1000);
            }
            char none[32];
            std::snprintf(none, sizeof none, "%04d-%02d-%02dT00:00:00Z", year, month, days + 1);
            EXPECT_FALSE(parse_rfc3339(none)) << none;
        }
    }
}

TEST(DoneWhen3, ALeapSecondIsTheNextSecondAndNoOtherMinuteHasOne) {
    const std::int64_t after = ms_of("2017-01-01T00:00:00Z");
    for (const char* text : {"2016-12-31T23:59:60Z", "2017-01-01T05:29:60+05:30",
                             "2016-12-31T20:29:60-03:30", "2017-01-01T05:44:60+05:45"}) {
        EXPECT_EQ(ms_of(text), after) << text;
    }
    EXPECT_EQ(ms_of("2015-06-30T23:59:60.750Z"), ms_of("2015-07-01T00:00:00.750Z"));
    for (const char* text : {"2016-12-31T23:59:60+05:30",  // midnight there, and not in UTC
                             "2016-12-31T12:30:60Z", "2016-12-31T23:58:60Z", "2016-12-30T23:59:60Z",
                             "2017-01-01T00:00:60Z", "2016-12-31T23:59:61Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text << " was read";
    }
}

TEST(DoneWhen3, AnOffsetThatIsNoneIsRefusedAndNotGuessed) {
    for (const char* end : {"", "+5:30", "+0530", "+05", "+05:3", "+05:60", "+24:00", "05:30",
                            "+05:30Z", "+05.5", "\u221205:30", "+05:30 ", "IST"}) {
        EXPECT_FALSE(parse_rfc3339(std::string("2016-01-01T00:00:00") + end)) << end;
    }
}

}  // namespace
}  // namespace entente
