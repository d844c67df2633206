// SPDX-License-Identifier: Apache-2.0
#include "cli/ask.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "base/printable.h"

namespace entente::cli {
namespace {

/// Characters, not bytes: names are in any script.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

/// The terminal without echo for as long as this lives.
class Quiet {
  public:
    Quiet() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~Quiet() {
        if (!changed_) return;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        fmt::print(stderr, "\n");
    }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

  private:
    termios before_{};
    bool changed_ = false;
};

Result<std::string> read_line(const std::string& prompt) {
    std::string out;
    if (isatty(STDIN_FILENO)) {
        fmt::print(stderr, "{}: ", prompt);
        const Quiet quiet;
        std::getline(std::cin, out);
    } else {
        std::getline(std::cin, out);
    }
    if (!std::cin) return fail(Errc::malformed, prompt + ": nothing was given");
    return out;
}

}  // namespace

Result<Answered> ask_json(Service& service, net::Method method, const std::string& target,
                          const std::string& body) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!body.empty()) request.content_type = "application/json";
    TRY(response, service.ask(std::move(request)));
    Answered out{response.bytes(), {}};
    if (out.text.empty()) return out;
    TRY(json, formats::parse_json(out.text, out.text.size()));
    out.json = std::move(json);
    return out;
}

std::string as_it_came(const formats::Json& json, const char* key) {
    const formats::Json* found = json.find(key);
    return found == nullptr ? std::string() : found->text;
}

std::string member(const formats::Json& json, const char* key) {
    const formats::Json* found = json.find(key);
    if (found == nullptr || found->is(formats::JsonKind::null)) return {};
    if (found->is(formats::JsonKind::boolean)) return found->boolean ? "yes" : "no";
    if (!found->is(formats::JsonKind::array)) return printable(found->text);
    std::string out;
    for (const formats::Json& one : found->elements) {
        out += (out.empty() ? "" : ", ") + printable(one.text);
    }
    return out;
}

std::uint64_t number(const formats::Json& json, const char* key) {
    const std::string text = member(json, key);
    return text.empty() ? 0 : std::stoull(text);
}

void print_table(const std::vector<std::string>& heading,
                 std::vector<std::vector<std::string>> rows) {
    for (auto& row : rows) std::transform(row.begin(), row.end(), row.begin(), printable);
    std::vector<std::size_t> widths;
    for (const std::string& one : heading) widths.push_back(width_of(one));
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    }
    const auto line = [&](const std::vector<std::string>& row) {
        std::string out;
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size()) out += std::string(widths[i] - width_of(row[i]) + 2, ' ');
        }
        out.erase(out.find_last_not_of(' ') + 1);
        fmt::print("{}\n", out);
    };
    line(heading);
    for (const auto& row : rows) line(row);
}

Result<std::string> read_secret(const std::string& prompt, bool twice) {
    TRY(first, read_line(prompt));
    if (!twice || !isatty(STDIN_FILENO)) return first;
    TRY(second, read_line(prompt + ", once more"));
    if (first != second) return fail(Errc::malformed, "the two are not the same; nothing was done");
    return first;
}

}  // namespace entente::cli
