// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

namespace entente {
namespace {

namespace chrono = std::chrono;

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Reads exactly `count` digits at `pos`; -1 if there are not so many.
int number(std::string_view text, std::size_t& pos, std::size_t count) {
    if (pos + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i, ++pos) {
        if (!digit(text[pos])) return -1;
        value = value * 10 + (text[pos] - '0');
    }
    return value;
}

bool take(std::string_view text, std::size_t& pos, char upper, char lower) {
    if (pos >= text.size() || (text[pos] != upper && text[pos] != lower)) return false;
    ++pos;
    return true;
}

tl::unexpected<Error> bad(std::string_view text, const char* why) {
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) + "' is not a time: " + why +
                                     "; write it like 2026-01-31T14:00:00Z or "
                                     "2026-01-31T14:00:00+03:00");
}

/// Offset in minutes east of UTC, or nothing.
Result<int> offset(std::string_view text, std::size_t& pos) {
    if (take(text, pos, 'Z', 'z')) return 0;
    if (pos >= text.size()) return bad(text, "it has no offset from UTC");
    const char sign = text[pos];
    if (sign != '+' && sign != '-') return bad(text, "it has no offset from UTC");
    ++pos;
    const int hours = number(text, pos, 2);
    if (hours < 0 || hours > 23 || !take(text, pos, ':', ':')) {
        return bad(text, "its offset is odd");
    }
    const int minutes = number(text, pos, 2);
    if (minutes < 0 || minutes > 59) return bad(text, "its offset is odd");
    return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

/// Milliseconds of an optional fraction; -1 if it is malformed.
int fraction(std::string_view text, std::size_t& pos) {
    if (!take(text, pos, '.', '.')) return 0;
    int value = 0;
    int digits = 0;
    for (; pos < text.size() && digit(text[pos]); ++pos, ++digits) {
        if (digits < 3) value = value * 10 + (text[pos] - '0');
    }
    if (digits == 0 || digits > 9) return -1;
    for (int i = digits; i < 3; ++i) value *= 10;
    return value;
}

/// Whether this is the first second of a month in UTC: the one behind a leap second.
bool begins_a_month(Instant t) {
    const auto day = chrono::floor<chrono::days>(t);
    return t - day < chrono::seconds(1) && chrono::year_month_day(day).day() == chrono::day(1);
}

/// Writes `value` as exactly `count` digits at `pos`.
template <class Integer>
void put(std::string& text, std::size_t pos, std::size_t count, Integer value) {
    for (std::size_t i = count; i-- > 0; value /= 10) {
        text[pos + i] = static_cast<char>('0' + value % 10);
    }
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
    std::size_t pos = 0;
    const int y = number(text, pos, 4);
    const bool dash1 = take(text, pos, '-', '-');
    const int mo = number(text, pos, 2);
    const bool dash2 = take(text, pos, '-', '-');
    const int d = number(text, pos, 2);
    if (y < 1 || mo < 0 || d < 0 || !dash1 || !dash2) {
        return bad(text, "the date is not YYYY-MM-DD");
    }
    const chrono::year_month_day date{chrono::year(y), chrono::month(static_cast<unsigned>(mo)),
                                      chrono::day(static_cast<unsigned>(d))};
    if (!date.ok()) return bad(text, "there is no such day");
    if (!take(text, pos, 'T', 't') && !take(text, pos, ' ', ' ')) {
        return bad(text, "there is no time of day");
    }
    const int h = number(text, pos, 2);
    const bool colon1 = take(text, pos, ':', ':');
    const int mi = number(text, pos, 2);
    const bool colon2 = take(text, pos, ':', ':');
    const int s = number(text, pos, 2);
    if (h < 0 || mi < 0 || s < 0 || !colon1 || !colon2) {
        return bad(text, "the time is not HH:MM:SS");
    }
    if (h > 23 || mi > 59 || s > 60) return bad(text, "there is no such time of day");
    const int ms = fraction(text, pos);
    if (ms < 0) return bad(text, "its fraction is odd");
    TRY(east, offset(text, pos));
    if (pos != text.size()) return bad(text, "something follows it");
    const Instant out(chrono::sys_days(date).time_since_epoch() + chrono::hours(h) +
                      chrono::minutes(mi - east) + chrono::seconds(s) + chrono::milliseconds(ms));
    if (s == 60 && !begins_a_month(out)) {
        return bad(text, "only the last minute of a month, in UTC, ever has a second 60");
    }
    return out;
}

std::string format_rfc3339(Instant t) {
    const auto days_part = chrono::floor<chrono::days>(t);
    const chrono::year_month_day date(days_part);
    const chrono::hh_mm_ss<chrono::milliseconds> clock(t - days_part);
    std::string text = "0000-00-00T00:00:00";
    put(text, 0, 4, int(date.year()));
    put(text, 5, 2, unsigned(date.month()));
    put(text, 8, 2, unsigned(date.day()));
    put(text, 11, 2, clock.hours().count());
    put(text, 14, 2, clock.minutes().count());
    put(text, 17, 2, clock.seconds().count());
    if (const auto ms = clock.subseconds().count(); ms != 0) {
        text += ".000";
        put(text, 20, 3, ms);
    }
    text += 'Z';
    return text;
}

}  // namespace entente
