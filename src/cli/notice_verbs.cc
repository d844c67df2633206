// SPDX-License-Identifier: Apache-2.0
// `entente subscribe`: what one wants to be told of; `entente notices`: what one was told.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using net::Method;

struct SubscribeArgs {
    Common common;
    std::string id;
    std::string area;  // a GeoJSON file
    std::optional<double> margin;
    std::vector<std::string> classes;
    std::vector<std::string> parties;
    std::vector<std::string> what;
    std::vector<std::string> duties;
    std::string name, text, from, until, source, information;  // of a standing question
    std::vector<std::string> kinds;
    std::string person;
    std::string route = "board";
    std::string to;
    bool all = false;
};

struct NoticesArgs {
    Common common;
    std::vector<std::string> ids;
    bool all = false;
    std::uint64_t after = 0;
    std::uint64_t limit = 100;
};

Result<Answered> ask(const Common& common, Method method, const std::string& target,
                     const std::string& body) {
    const Access access = method == Method::get ? Access::read : Access::write;
    TRY(service, Service::open(common, {access, false, {}}));
    return ask_json(service, method, target, body);
}

std::string or_all(const std::string& list) { return list.empty() ? "all" : list; }

void print_subscriptions(const std::vector<formats::Json>& list) {
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : list) {
        const formats::Json* area = one.find("area");
        const formats::Json* route = one.find("route");
        const std::size_t places = area != nullptr ? area->elements.size() : 0;
        const std::string where = places == 0 ? "everywhere" : std::to_string(places) + " volumes";
        std::string goes = route != nullptr ? member(*route, "kind") : "";
        if (route != nullptr && route->find("to") != nullptr) goes += " " + member(*route, "to");
        const std::string name = member(one, "name");
        std::string what = or_all(member(one, "what"));
        if (!name.empty()) what = "match: " + name + " (" + member(one, "text") + ")";
        rows.push_back({member(one, "id"), member(one, "owner"), what,
                        or_all(member(one, "classes")), or_all(member(one, "parties")),
                        member(one, "duty"), where, goes, member(one, "waiting"),
                        member(one, "dead")});
    }
    print_table(
        {"id", "owner", "what", "classes", "parties", "duty", "area", "goes to", "waiting", "dead"},
        rows);
}

void texts_member(formats::JsonOut& out, const char* name, const std::vector<std::string>& list) {
    out.name(std::string_view(name));
    out.array([&] {
        for (const std::string& one : list) out.value(one);
    });
}

Result<std::string> body_of(const SubscribeArgs& args) {
    std::string area;
    if (!args.area.empty()) {
        TRY(file, read_file(args.area, limits::plan_bytes_max));
        TRYV(formats::parse_json(file, limits::plan_bytes_max));  // so that errors name this file
        area = std::move(file);
    }
    formats::JsonOut out;
    out.object([&] {
        texts_member(out, "what", args.what);
        texts_member(out, "classes", args.classes);
        texts_member(out, "parties", args.parties);
        texts_member(out, "duty", args.duties);
        if (!args.kinds.empty()) texts_member(out, "kinds", args.kinds);
        const std::pair<const char*, const std::string*> question[] = {
            {"name", &args.name},   {"text", &args.text},     {"from", &args.from},
            {"until", &args.until}, {"source", &args.source}, {"information", &args.information}};
        for (const auto& [key, value] : question) {
            if (!value->empty()) out.member(std::string_view(key), *value);
        }
        if (!args.person.empty()) out.member("person", args.person);
        if (!area.empty()) {
            out.name("area");
            out.raw(area);
        }
        if (args.margin) out.member("margin_m", *args.margin);
        out.member("route", args.route);
        if (!args.to.empty()) out.member("to", args.to);
    });
    return std::string(out.text());
}

Exit subscribe_add(const SubscribeArgs& args) {
    const auto body = body_of(args);
    if (!body) return report("subscribe add", body.error());
    const auto answer = ask(args.common, Method::post, "/v1/subscriptions", *body);
    if (!answer) return report("subscribe add", answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
        return Exit::ok;
    }
    fmt::print("subscribed: {}\n", member(answer->json, "id"));
    const std::string secret = member(answer->json, "secret");
    if (!secret.empty()) {
        fmt::print("notices are signed with {}; it is not shown again\n", secret);
    }
    for (const auto& one : answer->json.find("ignored")->elements) {
        fmt::print("means nothing here: {}\n", printable(one.text));
    }
    return Exit::ok;
}

Exit subscribe_list(const SubscribeArgs& args) {
    const auto answer = ask(args.common, Method::get,
                            args.all ? "/v1/subscriptions?all=true" : "/v1/subscriptions", {});
    if (!answer) return report("subscribe list", answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
    } else {
        print_subscriptions(answer->json.find("subscriptions")->elements);
    }
    return Exit::ok;
}

Exit subscribe_remove(const SubscribeArgs& args) {
    const auto answer =
        ask(args.common, Method::del, "/v1/subscriptions/" + net::percent_encode(args.id), {});
    return answer ? Exit::ok : report("subscribe remove", answer.error());
}

void print_notices(const formats::Json& page) {
    for (const formats::Json& one : page.find("notices")->elements) {
        fmt::print("{}  {}  {}\n", member(one, "id"), member(one, "time"), member(one, "text"));
    }
    fmt::print("{} not acknowledged\n", grouped(number(page, "unread")));
}

Exit notices_list(const NoticesArgs& args) {
    const auto answer =
        ask(args.common, Method::get,
            fmt::format("/v1/notices?after={}&limit={}", args.after, args.limit), {});
    if (!answer) return report("notices list", answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
    } else {
        print_notices(answer->json);
    }
    return Exit::ok;
}

/// One after the other, each durable; with --all everything up to what is newest now.
Result<std::uint64_t> acknowledge(const NoticesArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    std::vector<std::string> ids = args.ids;
    std::string query;
    if (args.all) {
        query = "?and_before=true";
        std::string after = "0";
        for (;;) {
            TRY(page, ask_json(service, Method::get, "/v1/notices?limit=1000&after=" + after));
            const auto& all = page.json.find("notices")->elements;
            if (all.empty()) break;
            after = member(all.back(), "seq");
            ids = {member(all.back(), "id")};
        }
    }
    std::uint64_t left = 0;
    for (const std::string& id : ids) {
        TRY(answer, ask_json(service, Method::post,
                             "/v1/notices/" + net::percent_encode(id) + "/ack" + query));
        left = number(answer.json, "unread");
    }
    return left;
}

Exit notices_ack(const NoticesArgs& args) {
    if (args.ids.empty() != args.all) {
        return report("notices ack", {Errc::malformed, "name notices by their ids, or say --all"});
    }
    const auto left = acknowledge(args);
    if (!left) return report("notices ack", left.error());
    if (!args.common.json) fmt::print("{} not acknowledged\n", grouped(*left));
    return Exit::ok;
}

Exit notices_dead(const NoticesArgs& args) {
    const auto answer = ask(args.common, Method::get, "/v1/notices/dead", {});
    if (!answer) return report("notices dead", answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answer->json.find("dead")->elements) {
        const formats::Json* notice = one.find("notice");
        if (notice == nullptr) continue;
        rows.push_back({member(*notice, "id"), member(one, "subscription"), member(*notice, "seq"),
                        member(one, "attempts"), member(one, "why"), member(one, "died"),
                        member(*notice, "text")});
    }
    print_table({"id", "subscription", "place", "attempts", "why", "died", "what"}, rows);
    return Exit::ok;
}

Exit act_on_dead(const NoticesArgs& args, const char* verb, const char* act) {
    for (const std::string& id : args.ids) {
        const auto answer =
            ask(args.common, Method::post, "/v1/notices/dead/" + net::percent_encode(id),
                fmt::format("{{\"act\":\"{}\"}}", act));
        if (!answer) return report(verb, answer.error());
    }
    return Exit::ok;
}
Exit notices_retry(const NoticesArgs& args) { return act_on_dead(args, "notices retry", "retry"); }
Exit notices_drop(const NoticesArgs& args) { return act_on_dead(args, "notices drop", "drop"); }

void add_subscribe(CLI::App& root, Run& run) {
    auto args = std::make_shared<SubscribeArgs>();
    CLI::App* group = root.add_subcommand("subscribe", "What one wants to be told of");
    group->require_subcommand(1);
    CLI::App* add = verb(
        *group, "add", "Subscribe, from now on; what is not named is everything but live tracks",
        "entente subscribe add --data reg --class hospital --area box.geojson", args->common);
    add->add_option("--area", args->area, "A GeoJSON Feature or FeatureCollection, as a plan");
    add->add_option("--margin", args->margin, "Metres around the area");
    add->add_option("--class", args->classes, "A class; may be repeated");
    add->add_option("--party", args->parties, "Whose records; may be repeated");
    add->add_option("--what", args->what,
                    "record, objection, stop, withheld, log, receipt, leg, activity, challenge, "
                    "message, alarm, match, join or track; may be repeated");
    add->add_option("--name", args->name,
                    "Leaves a question standing: told is what is new or changed and fits it");
    add->add_option("--text", args->text, "Of it: words, as for search");
    add->add_option("--kind", args->kinds,
                    "Of it: protection, report, incident …; may be repeated");
    add->add_option("--from", args->from, "Of it: RFC 3339");
    add->add_option("--until", args->until, "Of it: RFC 3339");
    add->add_option("--source", args->source, "Of it: at least so reliable, A to E");
    add->add_option("--information", args->information, "Of it: at least so credible, 1 to 5");
    add->add_option("--duty", args->duties,
                    "A duty role: only what is addressed to it, while its person is signed on to "
                    "it; may be repeated");
    add->add_option("--person", args->person, "Whose subscription it is: an account");
    add->add_option("--route", args->route, "board, webhook or mail")->default_val("board");
    add->add_option("--to", args->to, "The webhook's URL, or the mail address");
    add->callback([args, &run] { run = [args] { return subscribe_add(*args); }; });
    CLI::App* list = verb(*group, "list", "List one's subscriptions",
                          "entente subscribe list --data reg", args->common);
    list->add_flag("--all", args->all, "Everybody's");
    list->callback([args, &run] { run = [args] { return subscribe_list(*args); }; });
    CLI::App* remove = verb(*group, "remove", "End a subscription",
                            "entente subscribe remove --data reg k2v7c4q3m5x6a2b3", args->common);
    remove->add_option("id", args->id, "Its id")->required();
    remove->callback([args, &run] { run = [args] { return subscribe_remove(*args); }; });
}

}  // namespace

void add_notices(CLI::App& root, Run& run) {
    add_subscribe(root, run);
    auto args = std::make_shared<NoticesArgs>();
    CLI::App* group = root.add_subcommand("notices", "What one was told and has not acknowledged");
    group->require_subcommand(1);
    CLI::App* list = verb(*group, "list", "List notices, oldest first",
                          "entente notices list --data reg", args->common);
    list->add_option("--after", args->after, "seq of the last one of the page before");
    list->add_option("--limit", args->limit, "At most so many");
    list->callback([args, &run] { run = [args] { return notices_list(*args); }; });
    CLI::App* ack = verb(*group, "ack", "Acknowledge notices: they are not told again",
                         "entente notices ack --data reg --all", args->common);
    ack->add_option("id", args->ids, "Their ids");
    ack->add_flag("--all", args->all, "All that there are now");
    ack->callback([args, &run] { run = [args] { return notices_ack(*args); }; });
    CLI::App* dead = verb(*group, "dead", "List what could not be sent and was set aside",
                          "entente notices dead --data reg", args->common);
    dead->callback([args, &run] { run = [args] { return notices_dead(*args); }; });
    CLI::App* retry = verb(*group, "retry", "Send dead letters again, behind what waits",
                           "entente notices retry --data reg ID", args->common);
    retry->add_option("id", args->ids, "Their ids")->required();
    retry->callback([args, &run] { run = [args] { return notices_retry(*args); }; });
    CLI::App* drop = verb(*group, "drop", "Drop dead letters for good",
                          "entente notices drop --data reg ID", args->common);
    drop->add_option("id", args->ids, "Their ids")->required();
    drop->callback([args, &run] { run = [args] { return notices_drop(*args); }; });
}

}  // namespace entente::cli
