// SPDX-License-Identifier: Apache-2.0
#include "net/http_text.h"

#include <cstdio>

namespace entente::net {
namespace {

std::string written(std::chrono::sys_seconds t) {
    constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto days = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss time(t - days);
    char text[40];
    (void)std::snprintf(
        text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
        weekdays[std::chrono::weekday(days).c_encoding()], static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return text;
}

}  // namespace

std::string http_date(Instant t) {
    const auto second = std::chrono::floor<std::chrono::seconds>(t);
    thread_local std::chrono::sys_seconds last{};
    thread_local std::string text = written(last);
    if (second != last) {
        text = written(second);
        last = second;
    }
    return text;
}

Method method_of(std::string_view text) {
    if (text == "GET" || text == "HEAD") return Method::get;
    if (text == "POST") return Method::post;
    if (text == "PATCH") return Method::patch;
    return text == "DELETE" ? Method::del : Method::other;
}

}  // namespace entente::net
