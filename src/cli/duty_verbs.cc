// SPDX-License-Identifier: Apache-2.0
// `entente duty`: which roles must be reachable, and who holds each.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using net::Method;

struct DutyArgs {
    Common common;
    std::string role;
    std::string what;
    std::string person;
    std::string to;
};

void print_roster(const formats::Json& json) {
    std::vector<std::vector<std::string>> rows;
    if (const formats::Json* list = json.find("duty")) {
        for (const formats::Json& one : list->elements) {
            const std::string holder = member(one, "holder");
            rows.push_back({member(one, "role"), holder.empty() ? "NOBODY" : holder,
                            member(one, "since"), member(one, "offered_to"), member(one, "what")});
        }
    }
    print_table({"role", "held by", "since", "offered to", "what"}, rows);
}

Exit ask(const DutyArgs& args, const char* verb, Method method, const std::string& target,
         const std::string& body) {
    const Access access = method == Method::get ? Access::read : Access::write;
    auto service = Service::open(args.common, {access, false, {}});
    if (!service) return report(verb, service.error());
    const auto answer = ask_json(*service, method, target, body);
    if (!answer) return report(verb, answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
    } else if (!answer->text.empty()) {
        print_roster(answer->json);
    }
    return Exit::ok;
}

std::string path_of(const DutyArgs& args) { return "/v1/duty/" + net::percent_encode(args.role); }

Exit duty_list(const DutyArgs& args) { return ask(args, "duty list", Method::get, "/v1/duty", {}); }

Exit duty_add(const DutyArgs& args) {
    formats::JsonOut out;
    out.object([&] {
        out.member("role", args.role);
        out.member("what", args.what);
    });
    return ask(args, "duty add", Method::post, "/v1/duty", out.text());
}

Exit duty_remove(const DutyArgs& args) {
    return ask(args, "duty remove", Method::del, path_of(args), {});
}

Exit act(const DutyArgs& args, const char* verb, const char* what) {
    formats::JsonOut out;
    out.object([&] {
        out.member("act", what);
        out.member("person", args.person);
        if (!args.to.empty()) out.member("to", args.to);
    });
    return ask(args, verb, Method::post, path_of(args), out.text());
}

Exit duty_on(const DutyArgs& args) { return act(args, "duty on", "on"); }
Exit duty_off(const DutyArgs& args) { return act(args, "duty off", "off"); }
Exit duty_hand_over(const DutyArgs& args) { return act(args, "duty hand-over", "hand_over"); }
Exit duty_accept(const DutyArgs& args) { return act(args, "duty accept", "accept"); }

}  // namespace

void add_duty(CLI::App& root, Run& run) {
    auto args = std::make_shared<DutyArgs>();
    CLI::App* group =
        root.add_subcommand("duty", "Roles that must be reachable, and who holds them");
    group->require_subcommand(1);
    const auto bind = [&](const char* name, const char* what, const char* example,
                          Exit (*does)(const DutyArgs&), bool role, bool person) {
        CLI::App* app = verb(*group, name, what, example, args->common);
        if (role) app->add_option("role", args->role, "The duty role")->required();
        if (person) app->add_option("--person", args->person, "Who")->required();
        app->callback([args, &run, does] { run = [args, does] { return does(*args); }; });
        return app;
    };
    bind("list", "List duty roles; one that nobody holds says so", "entente duty list --data reg",
         duty_list, false, false);
    bind("add", "Add a duty role", "entente duty add --data reg stop-desk --what 'hears STOPs'",
         duty_add, true, false)
        ->add_option("--what", args->what, "What it is for");
    bind("remove", "Remove a duty role that nobody holds",
         "entente duty remove --data reg stop-desk", duty_remove, true, false);
    bind("on", "Sign on", "entente duty on --data reg stop-desk --person nadia", duty_on, true,
         true);
    bind("off", "Sign off; then nobody holds it",
         "entente duty off --data reg stop-desk --person nadia", duty_off, true, true);
    bind("hand-over", "Offer it to another, who must accept",
         "entente duty hand-over --data reg stop-desk --person nadia --to omar", duty_hand_over,
         true, true)
        ->add_option("--to", args->to, "To whom")
        ->required();
    bind("accept", "Accept what was offered",
         "entente duty accept --data reg stop-desk --person omar", duty_accept, true, true);
}

}  // namespace entente::cli
