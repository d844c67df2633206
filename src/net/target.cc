// SPDX-License-Identifier: Apache-2.0
#include "net/target.h"

#include <algorithm>

#include "base/encode.h"

namespace entente::net {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return fail(Errc::malformed, "the target has a % that two hex digits do not follow");
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_utf8(out) || out.find('\0') != std::string::npos) {
        return fail(Errc::malformed, "the target is not UTF-8 text when decoded");
    }
    return out;
}

}  // namespace

const std::string& Target::value(std::string_view name) const {
    static const std::string none;
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return none;
}

bool Target::has(std::string_view name) const {
    return std::any_of(query.begin(), query.end(),
                       [&](const auto& one) { return one.first == name; });
}

Result<bool> Target::yes(std::string_view name) const {
    if (!has(name)) return false;
    if (value(name) == "yes") return true;
    return fail(Errc::malformed, std::string(name) + ": yes, or left out");
}

std::vector<std::string> Target::values(std::string_view name) const {
    std::vector<std::string> out;
    for (const auto& [key, value] : query) {
        if (key == name) out.push_back(value);
    }
    return out;
}

Result<void> Target::only(const std::vector<std::string_view>& known,
                          const std::vector<std::string_view>& repeatable) const {
    auto in = [](const auto& names, const std::string& key) {
        return std::find(names.begin(), names.end(), key) != names.end();
    };
    for (std::size_t i = 0; i < query.size(); ++i) {
        const std::string& key = query[i].first;
        if (in(repeatable, key)) continue;
        if (!in(known, key)) {
            std::string names;
            for (const auto& list : {known, repeatable}) {
                for (std::string_view one : list)
                    names += (names.empty() ? "" : ", ") + std::string(one);
            }
            return fail(Errc::malformed, "query: `" + key + "` means nothing here; " +
                                             (names.empty() ? "nothing is" : "known: " + names));
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (query[j].first == key)
                return fail(Errc::malformed, "query: `" + key + "` stands twice");
        }
    }
    return {};
}

Result<Target> parse_target(std::string_view text) {
    if (text.size() > target_bytes_max) {
        return fail(Errc::too_large, "the target has " + std::to_string(text.size()) +
                                         " bytes; at most " + std::to_string(target_bytes_max) +
                                         " (target_bytes_max)");
    }
    if (text.empty() || text[0] != '/') return fail(Errc::malformed, "a target begins with /");
    const std::size_t mark = text.find('?');
    std::string_view path = text.substr(1, mark == std::string_view::npos ? mark : mark - 1);
    Target out;
    while (!path.empty()) {
        const std::size_t end = path.find('/');
        TRY(segment, decode(path.substr(0, end)));
        out.path.push_back(std::move(segment));
        if (end == std::string_view::npos) break;
        path.remove_prefix(end + 1);
        if (path.empty()) out.path.emplace_back();  // a trailing slash is a segment of its own
    }
    if (mark == std::string_view::npos) return out;
    std::string_view query = text.substr(mark + 1);
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view one = query.substr(0, end);
        const std::size_t equals = one.find('=');
        TRY(key, decode(one.substr(0, equals)));
        TRY(value, decode(equals == std::string_view::npos ? "" : one.substr(equals + 1)));
        out.query.emplace_back(std::move(key), std::move(value));
        if (end == std::string_view::npos) break;
        query.remove_prefix(end + 1);
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                           (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return out;
}

}  // namespace entente::net
