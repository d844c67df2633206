// SPDX-License-Identifier: Apache-2.0
// `entente person`, `entente token`, `entente session`: who may do what at this node.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using formats::JsonOut;
using net::Method;

struct PeopleArgs {
    Common common;
    std::string name;
    std::string full_name;
    std::vector<std::string> roles;
    std::string person;
    std::uint64_t days = 90;
    bool ask_password = false;
};

std::string path_of(const char* what, const std::string& name) {
    return std::string("/v1/") + what + "/" + net::percent_encode(name);
}

void roles_member(JsonOut& out, const std::vector<std::string>& roles) {
    out.name("roles");
    out.array([&] {
        for (const std::string& one : roles) out.value(one);
    });
}

/// Opens the register, asks once, and shows the answer: as it came, or with `show`.
template <class Show>
Exit act(const PeopleArgs& args, const char* verb, Method method, const std::string& target,
         const std::string& body, Show show) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answer = ask_json(*service, method, target, body);
    if (!answer) return report(verb, answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
    } else {
        show(answer->json);
    }
    return Exit::ok;
}

const formats::Json no_list;

const std::vector<formats::Json>& list_of(const formats::Json& json, const char* key) {
    const formats::Json* list = json.find(key);
    return list != nullptr ? list->elements : no_list.elements;
}

Exit person_add(const PeopleArgs& args) {
    std::string password;
    if (args.ask_password) {
        auto given = read_secret("password for " + args.name, true);
        if (!given) return report("person add", given.error());
        password = std::move(*given);
    }
    JsonOut out;
    out.object([&] {
        out.member("name", args.name);
        out.member("full_name", args.full_name);
        roles_member(out, args.roles);
        if (args.ask_password) out.member("password", password);
    });
    return act(args, "person add", Method::post, "/v1/people", out.text(), [&](const auto& json) {
        fmt::print("{} has an account: {}\n", args.name, member(json, "roles"));
        if (!args.ask_password) {
            fmt::print(
                "no password yet; a link to choose one: entente person invite --data {} {}\n",
                args.common.data, args.name);
        }
    });
}

Exit person_list(const PeopleArgs& args) {
    return act(args, "person list", Method::get, "/v1/people", {}, [](const auto& json) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : list_of(json, "people")) {
            rows.push_back({member(one, "name"), member(one, "full_name"), member(one, "roles"),
                            member(one, "has_password"), member(one, "disabled")});
        }
        print_table({"name", "full name", "roles", "password", "disabled"}, rows);
    });
}

Exit change(const PeopleArgs& args, const char* verb, const std::string& body, const char* says) {
    return act(args, verb, Method::patch, path_of("people", args.name), body,
               [&](const auto& json) {
                   fmt::print("{} {}\n", args.name, says);
                   fmt::print("roles: {}\n", member(json, "roles"));
               });
}

Exit person_role(const PeopleArgs& args) {
    JsonOut out;
    out.object([&] { roles_member(out, args.roles); });
    return change(args, "person role", out.text(), "has other roles now, and signs in anew");
}

Exit person_password(const PeopleArgs& args) {
    const auto password = read_secret("new password for " + args.name, true);
    if (!password) return report("person password", password.error());
    JsonOut out;
    out.object([&] { out.member("password", *password); });
    return change(args, "person password", out.text(), "has a new password; sessions ended");
}

Exit person_disable(const PeopleArgs& args) {
    return change(args, "person disable", R"({"disabled":true})",
                  "is disabled: sessions ended, tokens show nothing any more");
}

Exit person_enable(const PeopleArgs& args) {
    return change(args, "person enable", R"({"disabled":false})", "may sign in again");
}

Exit person_invite(const PeopleArgs& args) {
    auto service = Service::open(args.common, {});
    if (service && service->session() != nullptr) {
        return report(
            "person invite",
            {Errc::not_found,
             fmt::format("no node serves {}; start one (entente serve --data {}), or give "
                         "a password here: entente person password",
                         args.common.data, args.common.data)});
    }
    if (!service) return report("person invite", service.error());
    const auto made = ask_json(*service, Method::post, path_of("people", args.name) + "/link");
    if (!made) return report("person invite", made.error());
    fmt::print("{}\n", args.common.json ? made->text : member(made->json, "link"));
    return Exit::ok;
}

Exit token_new(const PeopleArgs& args) {
    const Instant until = now() + std::chrono::hours(24) * args.days;
    JsonOut out;
    out.object([&] {
        out.member("name", args.name);
        out.member("person", args.person);
        roles_member(out, args.roles);
        out.member("until", format_rfc3339(until));
    });
    return act(args, "token new", Method::post, "/v1/tokens", out.text(), [&](const auto& json) {
        fmt::print("{}\n", member(json, "token"));
        fmt::print(stderr,
                   "this is {}'s token {}, until {}; it is shown once and kept nowhere. Programs "
                   "send it as: Authorization: Bearer TOKEN\n",
                   member(json, "person"), args.name, member(json, "until"));
    });
}

Exit token_list(const PeopleArgs& args) {
    return act(args, "token list", Method::get, "/v1/tokens", {}, [](const auto& json) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : list_of(json, "tokens")) {
            rows.push_back({member(one, "name"), member(one, "person"), member(one, "roles"),
                            member(one, "until"), member(one, "ended")});
        }
        print_table({"token", "person", "roles", "until", "ended"}, rows);
    });
}

Exit token_revoke(const PeopleArgs& args) {
    return act(
        args, "token revoke", Method::del, path_of("tokens", args.name), {},
        [&](const auto&) { fmt::print("the token {} opens nothing any more\n", args.name); });
}

Exit session_list(const PeopleArgs& args) {
    return act(args, "session list", Method::get, "/v1/sessions", {}, [](const auto& json) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : list_of(json, "sessions")) {
            rows.push_back({member(one, "id"), member(one, "name"), member(one, "begun"),
                            member(one, "until"), member(one, "from")});
        }
        print_table({"session", "who", "begun", "until", "from"}, rows);
    });
}

Exit session_revoke(const PeopleArgs& args) {
    return act(args, "session revoke", Method::del, path_of("sessions", args.name), {},
               [&](const auto&) { fmt::print("the session {} has ended\n", args.name); });
}

class Binder {
  public:
    Binder(std::shared_ptr<PeopleArgs> args, Run& run) : args_(std::move(args)), run_(run) {}

    CLI::App* bind(CLI::App& parent, const char* name, const char* what, const char* example,
                   Exit (*act)(const PeopleArgs&), const char* named = nullptr) {
        CLI::App* app = verb(parent, name, what, example, args_->common);
        if (named != nullptr) app->add_option("name", args_->name, named)->required();
        app->callback(
            [args = args_, &run = run_, act] { run = [args, act] { return act(*args); }; });
        return app;
    }
    void roles(CLI::App* app, bool required) {
        app->add_option("--role", args_->roles,
                        "registrar, verifier, planner, liaison, duty, auditor or admin; once for "
                        "each")
            ->required(required)
            ->allow_extra_args(false);
    }
    PeopleArgs& args() { return *args_; }

  private:
    std::shared_ptr<PeopleArgs> args_;
    Run& run_;
};

void add_person(CLI::App& root, Binder& binder) {
    CLI::App* group =
        root.add_subcommand("person", "Who has an account here, and with which roles");
    group->require_subcommand(1);
    CLI::App* add = binder.bind(*group, "add", "Make an account",
                                "entente person add --data reg nadia --full-name 'Nadia H.' --role "
                                "registrar --role duty",
                                person_add, "What stands in statements and in the audit");
    add->add_option("--full-name", binder.args().full_name, "For people");
    add->add_flag("--password", binder.args().ask_password,
                  "Ask for a password now (or read it from standard input); without, the person "
                  "chooses one by a link");
    binder.roles(add, false);
    binder.bind(*group, "list", "List accounts", "entente person list --data reg", person_list);
    binder.roles(binder.bind(*group, "role", "Give an account other roles: those named, no others",
                             "entente person role --data reg nadia --role verifier", person_role,
                             "The account"),
                 false);
    binder.bind(*group, "password", "Give an account a new password",
                "entente person password --data reg nadia", person_password, "The account");
    binder.bind(*group, "invite", "Print a link by which the person chooses a password, once",
                "entente person invite --data reg nadia", person_invite, "The account");
    binder.bind(*group, "disable", "End an account's sessions and let nobody in by it",
                "entente person disable --data reg nadia", person_disable, "The account");
    binder.bind(*group, "enable", "Undo disable", "entente person enable --data reg nadia",
                person_enable, "The account");
}

void add_token(CLI::App& root, Binder& binder) {
    CLI::App* group = root.add_subcommand("token", "What programs show instead of a password");
    group->require_subcommand(1);
    CLI::App* made =
        binder.bind(*group, "new", "Make a token; it is printed once",
                    "entente token new --data reg drones --person nadia --role planner "
                    "--days 30",
                    token_new, "A name to revoke it by");
    made->add_option("--person", binder.args().person, "Whose it is")->required();
    made->add_option("--days", binder.args().days, "How long it is good; default: 90")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{366}));
    binder.roles(made, true);
    binder.bind(*group, "list", "List tokens", "entente token list --data reg", token_list);
    binder.bind(*group, "revoke", "End a token", "entente token revoke --data reg drones",
                token_revoke, "The token's name");
}

}  // namespace

void add_people(CLI::App& root, Run& run) {
    Binder binder(std::make_shared<PeopleArgs>(), run);
    add_person(root, binder);
    add_token(root, binder);
    CLI::App* group = root.add_subcommand("session", "Browsers that are signed in");
    group->require_subcommand(1);
    binder.bind(*group, "list", "List sessions", "entente session list --data reg", session_list);
    binder.bind(*group, "revoke", "End a session",
                "entente session revoke --data reg mzxw6ytbmzxw6ytb", session_revoke,
                "The session");
}

}  // namespace entente::cli
