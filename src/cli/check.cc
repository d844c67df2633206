// SPDX-License-Identifier: Apache-2.0
// `entente check`: one plan, or one a line.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/limits.h"
#include "base/printable.h"
#include "check/answer.h"
#include "cli/field_check.h"
#include "cli/service.h"
#include "cli/verbs.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "net/target.h"

namespace entente::cli {
namespace {

/// How much of a batch is asked at once.
constexpr std::size_t group_lines = 100;
constexpr std::size_t group_bytes = 512 * 1024;

/// The worse of two statuses: a line that could not be read outweighs every verdict.
Exit worse(Exit a, Exit b) {
    constexpr Exit by_weight[] = {Exit::ok,       Exit::caution,   Exit::incomplete,
                                  Exit::conflict, Exit::bad_input, Exit::failure};
    const auto weight = [&](Exit e) { return std::find(by_weight, std::end(by_weight), e); };
    return weight(a) < weight(b) ? b : a;
}

/// `{"verdict":"caution",...` -> `caution`
std::string_view verdict_of_line(std::string_view line) {
    constexpr std::string_view begin = "{\"verdict\":\"";
    if (!line.starts_with(begin)) return {};
    line.remove_prefix(begin.size());
    return line.substr(0, line.find('"'));
}

/// Where every question of one call goes: the same moment and margin for all of them.
struct Checker {
    Service service;
    std::string target;

    Result<net::Response> operator()(const char* type, const char* accept, std::string body,
                                     std::uint64_t first_line) {
        net::Request request;
        request.method = net::Method::post;
        request.target = target;
        if (first_line > 0) request.target += "&first_line=" + std::to_string(first_line);
        request.content_type = type;
        request.accept = accept;
        request.body = std::move(body);
        return service.ask(std::move(request));
    }
};

Result<void> good_margin(double margin) {
    if (margin >= 0 && margin * 10 <= static_cast<double>(limits::margin_dm_max)) return {};
    return fail(Errc::malformed, "--margin is 0 to 100000 metres");
}

void note_ignored(const formats::Plan& plan) {
    for (const std::string& name : plan.ignored) {
        fmt::print(stderr, "entente check: note: {} means nothing in a plan and was not used\n",
                   printable(name));
    }
}

Result<Checker> make_checker(const CheckArgs& args) {
    TRYV(good_margin(args.margin));
    Instant at = now();
    if (!args.at.empty()) {
        TRY(given, parse_rfc3339(args.at));
        at = given;
    }
    TRY(service, Service::open(args.common, {Access::read, true, {}}));
    return Checker{
        std::move(service),
        fmt::format("/v1/check?at={}&margin_m={}{}{}", net::percent_encode(format_rfc3339(at)),
                    args.margin, args.as.empty() ? "" : "&as=", net::percent_encode(args.as))};
}

Exit check_one(const CheckArgs& args) {
    auto json = read_file(args.plan, limits::plan_bytes_max);
    if (!json) return report("check", json.error());
    // The plan is read here first: a slip in it should not wait for the register.
    const auto plan = formats::read_plan(*json);
    if (!plan) return report("check", {plan.error().code, args.plan + ": " + plan.error().detail});
    auto checker = make_checker(args);
    if (!checker) return report("check", checker.error());
    const auto answer =
        (*checker)("application/geo+json", args.common.json ? "application/json" : "text/plain",
                   std::move(*json), 0);
    if (!answer) return report("check", answer.error());
    note_ignored(*plan);
    fmt::print("{}", answer->bytes());
    return exit_of_verdict(header(*answer, "Entente-Verdict"));
}

/// Reads one line of at most plan_bytes_max; a longer one is skipped to its end and refused.
bool next_line(std::istream& in, std::string& line, bool& too_long) {
    line.clear();
    too_long = false;
    std::streambuf* bytes = in.rdbuf();
    for (int c = bytes->sbumpc();; c = bytes->sbumpc()) {
        if (c == std::char_traits<char>::eof()) return !line.empty() || too_long;
        if (c == '\n') return true;
        if (line.size() + 1 < limits::plan_bytes_max)  // with its end it is one request
            line += static_cast<char>(c);
        else
            too_long = true;
    }
}

/// Lines that wait to be asked together, in order.
class Batch {
  public:
    explicit Batch(Checker& checker) : checker_(checker) {}

    Result<void> add(const std::string& line, std::uint64_t number) {
        if (lines_ == 0) first_ = number;
        if (!text_.empty() && text_.size() + line.size() > group_bytes) TRYV(flush());
        if (lines_ == 0) first_ = number;
        text_ += line + "\n";
        ++lines_;
        return lines_ < group_lines ? Result<void>() : flush();
    }
    /// A line that cannot even be sent.
    Result<void> refuse(std::uint64_t number) {
        TRYV(flush());
        fmt::print("{{\"line\":{},\"error\":\"the line is longer than plan_bytes_max\"}}\n",
                   number);
        worst_ = worse(worst_, Exit::bad_input);
        return {};
    }
    Result<void> flush() {
        if (lines_ == 0) return {};
        lines_ = 0;
        TRY(answers, checker_("application/x-ndjson", "application/x-ndjson",
                              std::exchange(text_, {}), first_));
        std::string_view rest = answers.bytes();
        fmt::print("{}", rest);
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            worst_ = worse(worst_, exit_of_verdict(verdict_of_line(rest.substr(0, end))));
            rest.remove_prefix(std::min(rest.size(), end + 1));
        }
        return {};
    }
    Exit worst() const { return worst_; }

  private:
    Checker& checker_;
    std::string text_;
    std::size_t lines_ = 0;
    std::uint64_t first_ = 1;
    Exit worst_ = Exit::ok;
};

Exit check_batch(const CheckArgs& args) {
    std::ifstream in(args.batch, std::ios::binary | std::ios::ate);
    if (!in) {
        return report("check", {Errc::not_found, "cannot read " + args.batch +
                                                     "; is the path right, and may you read it?"});
    }
    const auto size = static_cast<std::uint64_t>(in.tellg());
    in.seekg(0);
    auto checker = make_checker(args);
    if (!checker) return report("check", checker.error());
    ProgressBar bar("checking plans", size, "bytes");
    Batch batch(*checker);
    std::string line;
    bool too_long = false;
    std::uint64_t read = 0;
    for (std::uint64_t number = 1; next_line(in, line, too_long); ++number) {
        read += line.size() + 1;
        bar.at(read);
        const auto done = too_long ? batch.refuse(number) : batch.add(line, number);
        if (!done) return report("check", done.error());
    }
    const auto done = batch.flush();
    return done ? batch.worst() : report("check", done.error());
}

/// With a field pack instead of a register.
Exit check_in_the_field(const CheckArgs& args) {
    if (args.device.empty() || args.plan.empty() || !args.at.empty() || !args.as.empty() ||
        !args.common.data.empty()) {
        return report("check", {Errc::malformed,
                                "--pack goes with --device DIR and one plan file, and without "
                                "--data, --as and --at: a device answers by its own clock"});
    }
    const auto json = read_file(args.plan, limits::plan_bytes_max);
    if (!json) return report("check", json.error());
    auto plan = formats::read_plan(*json);
    if (!plan) return report("check", {plan.error().code, args.plan + ": " + plan.error().detail});
    if (const auto margin = good_margin(args.margin); !margin) {
        return report("check", margin.error());
    }
    note_ignored(*plan);
    const auto answer = check_on_device(
        args.device, args.pack, {std::move(plan->volumes), Metres{args.margin}},
        [&](const view::View& view, const check::Answer& found) {
            fmt::print("{}", args.common.json ? formats::answer_json(view, found) + "\n"
                                              : formats::answer_text(view, found));
        });
    if (!answer) return report("check", answer.error());
    return exit_of_verdict(check::name(answer->verdict));
}

}  // namespace

Exit check(const CheckArgs& args) {
    if (args.seal && (!args.batch.empty() || !args.pack.empty() || !args.device.empty() ||
                      !args.at.empty() || !args.as.empty() || args.plan.empty())) {
        return report("check", {Errc::malformed,
                                "--seal goes with one plan file and --margin: what is sealed is "
                                "this party's own check of now"});
    }
    if (!args.pack.empty() || !args.device.empty()) return check_in_the_field(args);
    if (args.common.data.empty()) {
        return report("check", {Errc::malformed,
                                "--data DIR, or --pack FILE with --device DIR; "
                                "entente check --help says more"});
    }
    if (args.batch.empty() == args.plan.empty()) {
        return report("check", {Errc::malformed, "give one plan file, or --batch FILE"});
    }
    if (!args.batch.empty() && !args.common.json) {
        return report("check",
                      {Errc::malformed, "--batch answers in JSON, a line a plan: add --json"});
    }
    if (args.seal) return check_sealed(args.common, args.plan, args.margin);
    return args.batch.empty() ? check_one(args) : check_batch(args);
}

}  // namespace entente::cli
