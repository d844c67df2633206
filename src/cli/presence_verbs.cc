// SPDX-License-Identifier: Apache-2.0
// `entente presence`: where a group is, for some days. It is said, amended and withdrawn by what
// `protect` has (protect.cc), and shown by `entente show`.
#include <CLI/CLI.hpp>

#include "cli/bind.h"
#include "cli/verbs.h"

namespace entente::cli {
namespace {

struct FieldFlag {
    const char* flags;
    const char* field;  // of a list (intake/field.h)
    const char* type;
    const char* what;
};
constexpr FieldFlag area_flags[] = {
    {"--radius,--radius-m", "radius_m", "M", "The group is within this of the point"},
    {"--from", "time_start", "TIME", "It is there from then on, like 2026-01-31T14:00:00Z"},
    {"--until", "time_end", "TIME", "And until then, at most 14 days later"},
    {"--name", "name", "TEXT", "What the area is called; never who is there"},
    {"--buffer-m", "buffer_m", "M", "Distance to keep; default: the charter's for group_area"},
    {"--accuracy-m", "accuracy_m", "M", "How far off the position may be"},
    {"--altitude-lower", "altitude_lower", "M", "Lowest protected height"},
    {"--altitude-upper", "altitude_upper", "M", "Highest protected height"},
    {"--altitude-reference", "altitude_reference", "REF", "W84, AGL, AMSL or FL"},
    {"--contact", "contact", "TEXT", "Which desk answers for it; a role, no person's name"},
};

void add_area(CLI::App* app, ProtectArgs& args) {
    app->add_option_function<std::string>(
           "--at",
           [&args](const std::string& text) {
               const std::size_t comma = std::min(text.find(','), text.size());
               args.fields.emplace_back("lat", text.substr(0, comma));
               args.fields.emplace_back("lon", text.substr(std::min(comma + 1, text.size())));
           },
           "Where it is, in decimal degrees")
        ->type_name("LAT,LON");
    for (const FieldFlag& one : area_flags) {
        app->add_option_function<std::string>(
               one.flags,
               [&args, &one](const std::string& text) {
                   args.fields.emplace_back(one.field, text);
               },
               one.what)
            ->type_name(one.type);
    }
    app->add_option("--group", args.group,
                    "Whose area it is: the record of a group, whichever party's")
        ->type_name("RECORD");
    app->add_option("--sponsor", args.sponsor,
                    "The party that vouches; without one, its author does")
        ->type_name("PARTY");
    app->add_option("--grade", args.grade,
                    "How it is known, as B2: A to F for the source, 1 to 6 for what it says")
        ->type_name("GRADE");
    app->add_option("feature", args.feature_file,
                    "Or a file with one GeoJSON Feature of kind presence");
}

}  // namespace

void add_presence(CLI::App& root, Run& run) {
    static ProtectArgs args;
    args.of = "presence";
    CLI::App* presence = root.add_subcommand("presence", "Where a group is, for some days");
    presence->require_subcommand(1);
    const auto bind = [&](CLI::App* app, Exit (*act)(const ProtectArgs&)) {
        app->callback([&, act] { run = [act] { return act(args); }; });
    };
    const auto with_id = [&](CLI::App* app) {
        app->add_option("id", args.id, "The record")->required();
        app->add_option("--root", args.root_file, "The root's key file (see import --help)");
    };
    CLI::App* add = verb(
        *presence, "add", "Say where a group is",
        "entente presence add --data reg --group mzxw6ytbmzxw6ytb --sponsor ru --grade B2 --at "
        "35.93,36.63 --radius 2000 --from 2026-01-31T00:00:00Z --until 2026-02-07T00:00:00Z",
        args.common);
    add_area(add, args);
    add->add_option("--to", args.to,
                    "PARTY[:exact|coarse|head], who gets it in the same breath; default tier: "
                    "exact; nobody where it is not given");
    bind(add, protect_add);
    CLI::App* amend =
        verb(*presence, "amend", "Say it anew: what the flags change, or a later time",
             "entente presence amend --data reg mzxw6ytbmzxw6ytb --from "
             "2026-02-07T00:00:00Z --until 2026-02-14T00:00:00Z",
             args.common);
    with_id(amend);
    add_area(amend, args);
    bind(amend, protect_amend);
    CLI::App* withdraw = verb(*presence, "withdraw", "End it before its time",
                              "entente presence withdraw --data reg mzxw6ytbmzxw6ytb", args.common);
    with_id(withdraw);
    bind(withdraw, protect_withdraw);
    CLI::App* move = verb(*presence, "confirm-move", "End the area where it was before it moved",
                          "entente presence confirm-move --data reg mzxw6ytbmzxw6ytb", args.common);
    with_id(move);
    bind(move, protect_confirm_move);
}

}  // namespace entente::cli
