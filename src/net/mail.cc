// SPDX-License-Identifier: Apache-2.0
#include "net/mail.h"

#include <array>

#include "base/cut.h"
#include "base/encode.h"

namespace entente::net {
namespace {

constexpr std::size_t subject_bytes_max = 200;
constexpr std::size_t word_bytes_max = 45 - 9;  // of UTF-8 in a word; a line is at most 78 long
constexpr std::size_t line_max = 76;

/// RFC 2047: encoded words, folded.
std::string encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t size = whole_characters(text, word_bytes_max);
        out +=
            (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=");
        text.remove_prefix(size);
    }
    return out;
}

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

/// RFC 5322 3.3, in UTC.
std::string date_of(Instant time) {
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return std::string(days[std::chrono::weekday(day).c_encoding()]) + ", " +
           std::to_string(static_cast<unsigned>(date.day())) + " " +
           months[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<int>(date.year())) + " " + two(clock.hours().count()) + ":" +
           two(clock.minutes().count()) + ":" + two(clock.seconds().count()) + " +0000";
}

std::string wrapped(const std::string& base64) {
    std::string out;
    for (std::size_t at = 0; at < base64.size(); at += line_max) {
        out += base64.substr(at, line_max) + "\r\n";
    }
    return out;
}

}  // namespace

Mail mail_of(const Letter& letter) {
    const std::string domain = letter.from.substr(letter.from.rfind('@') + 1);
    const std::string_view subject =
        std::string_view(letter.text).substr(0, whole_characters(letter.text, subject_bytes_max));
    std::string out = "Date: " + date_of(letter.time) + "\r\n";
    out += "From: <" + letter.from + ">\r\nTo: <" + letter.to + ">\r\n";
    out += "Message-ID: <" + letter.id + "@" + domain + ">\r\n";
    out += "Subject: " + encoded_words(subject) + "\r\n";
    out += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
    out += "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    out += wrapped(to_base64(letter.text + "\r\n\r\nNotice " + letter.id +
                             ". Absence of a notice means nothing: ask the register.\r\n"));
    return {letter.to, out};
}

}  // namespace entente::net
