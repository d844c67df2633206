// SPDX-License-Identifier: Apache-2.0
// `entente check`: one plan, or one a line.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/limits.h"
#include "check/answer.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "formats/json.h"

namespace entente::cli {
namespace {

Exit exit_of_verdict(check::Verdict verdict) {
    switch (verdict) {
        case check::Verdict::conflict: return Exit::conflict;
        case check::Verdict::incomplete: return Exit::incomplete;
        case check::Verdict::caution: return Exit::caution;
        case check::Verdict::no_registered_conflict: break;
    }
    return Exit::ok;
}

/// The worse of two statuses: a line that could not be read outweighs every verdict.
Exit worse(Exit a, Exit b) {
    constexpr Exit by_weight[] = {Exit::ok,       Exit::caution,   Exit::incomplete,
                                  Exit::conflict, Exit::bad_input, Exit::failure};
    const auto weight = [&](Exit e) { return std::find(by_weight, std::end(by_weight), e); };
    return weight(a) < weight(b) ? b : a;
}

/// What stays the same over all plans of one call.
struct Checker {
    view::View view;
    node::State state;
    index::Scratch scratch;
    Metres margin;
    Instant at;

    Result<check::Answer> operator()(BytesView json, std::vector<std::string>& ignored) {
        TRY(plan, formats::read_plan(json));
        ignored = std::move(plan.ignored);
        return check::answer(view, state.index, scratch, {std::move(plan.volumes), margin},
                             state.as_of, at);
    }
};

Result<Checker> make_checker(const CheckArgs& args) {
    if (!(args.margin >= 0 && args.margin * 10 <= static_cast<double>(limits::margin_dm_max))) {
        return fail(Errc::malformed, "--margin is 0 to 100000 metres");
    }
    Instant at = now();
    if (!args.at.empty()) {
        TRY(given, parse_rfc3339(args.at));
        at = given;
    }
    TRY(session, Session::open(args.common, {Access::read, true, {}}));
    return Checker{session.view(), session.node().state(), index::Scratch(), Metres{args.margin},
                   at};
}

Exit check_one(const CheckArgs& args) {
    const auto json = read_file(args.plan, limits::plan_bytes_max);
    if (!json) return report("check", json.error());
    // The plan is read first: a slip in it should not wait for the register.
    const auto plan = formats::read_plan(*json);
    if (!plan) return report("check", {plan.error().code, args.plan + ": " + plan.error().detail});
    auto checker = make_checker(args);
    if (!checker) return report("check", checker.error());
    std::vector<std::string> ignored;
    const auto answer = (*checker)(*json, ignored);
    if (!answer) return report("check", answer.error());
    for (const std::string& name : ignored) {
        fmt::print(stderr, "entente check: note: {} means nothing in a plan and was not used\n",
                   name);
    }
    const std::string text = args.common.json ? formats::answer_json(checker->view, *answer) + "\n"
                                              : formats::answer_text(checker->view, *answer);
    fmt::print("{}", text);
    return exit_of_verdict(answer->verdict);
}

/// Reads one line of at most plan_bytes_max; a longer one is skipped to its end and refused.
bool next_line(std::istream& in, std::string& line, bool& too_long) {
    line.clear();
    too_long = false;
    std::streambuf* bytes = in.rdbuf();
    for (int c = bytes->sbumpc();; c = bytes->sbumpc()) {
        if (c == std::char_traits<char>::eof()) return !line.empty() || too_long;
        if (c == '\n') return true;
        if (line.size() < limits::plan_bytes_max)
            line += static_cast<char>(c);
        else
            too_long = true;
    }
}

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
    Exit worst = Exit::ok;
    std::string line;
    bool too_long = false;
    std::uint64_t read = 0;
    for (std::size_t number = 1; next_line(in, line, too_long); ++number) {
        read += line.size() + 1;
        bar.at(read);
        std::vector<std::string> ignored;
        auto answer = too_long ? Result<check::Answer>(fail(
                                     Errc::too_large, "the line is longer than plan_bytes_max"))
                               : (*checker)(line, ignored);
        if (!answer) {
            fmt::print("{{\"line\":{},\"error\":{}}}\n", number,
                       formats::quote_json(answer.error().detail));
            worst = worse(worst, Exit::bad_input);
            continue;
        }
        fmt::print("{}\n", formats::answer_json(checker->view, *answer));
        worst = worse(worst, exit_of_verdict(answer->verdict));
    }
    return worst;
}

}  // namespace

Exit check(const CheckArgs& args) {
    if (args.batch.empty() == args.plan.empty()) {
        return report("check", {Errc::malformed, "give one plan file, or --batch FILE"});
    }
    if (!args.batch.empty() && !args.common.json) {
        return report("check",
                      {Errc::malformed, "--batch answers in JSON, a line a plan: add --json"});
    }
    return args.batch.empty() ? check_one(args) : check_batch(args);
}

}  // namespace entente::cli
