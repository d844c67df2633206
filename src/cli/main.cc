// SPDX-License-Identifier: Apache-2.0
// argv -> one verb. What a verb takes is bound here; what it does is in its own file (verbs.h).
#include <fmt/format.h>
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/bind.h"
#include "cli/verbs.h"
#include "statement/protection.h"

namespace entente::cli {
namespace {

/// The import fields: flags of protect, left sides of --map, and properties of GeoJSON.
struct FieldHelp {
    const char* name;
    const char* type;
    const char* what;
};
constexpr FieldHelp fields[] = {
    {"ref", "TEXT", "The source's own id"},
    {"name", "TEXT", "What people call it"},
    {"class", "CLASS", "What it is (the classes stand below)"},
    {"lat", "DEG", "Latitude in decimal degrees, north is positive"},
    {"lon", "DEG", "Longitude in decimal degrees, east is positive"},
    {"radius_m", "M", "The place is all within this of the point"},
    {"half_width_m", "M", "The place is all within this of the line"},
    {"buffer_m", "M", "Distance to keep from it; default: the charter's for the class"},
    {"accuracy_m", "M", "How far off the position may be"},
    {"altitude_lower", "M", "Lowest protected height (flight levels with FL)"},
    {"altitude_upper", "M", "Highest protected height"},
    {"altitude_reference", "REF", "What heights are measured from: W84, AGL, AMSL or FL"},
    {"time_start", "TIME", "Protected from then on, like 2026-01-31T14:00:00Z"},
    {"time_end", "TIME", "Protected until then; this ends the protection"},
    {"reconfirm_by", "TIME", "Unconfirmed after that, and still protected"},
    {"contact", "TEXT", "Which desk answers for it; a role, no person's name"},
};

std::string class_list() {
    std::string out = "Classes:";
    std::size_t width = 80;
    for (std::size_t i = 0; i < statement::protection_class_count; ++i) {
        const std::string name = statement::name(static_cast<statement::ProtectionClass>(i));
        width += name.size() + 1;
        if (width > 76) {
            out += "\n ";
            width = name.size() + 2;
        }
        out += " " + name;
    }
    return out + "\n";
}

std::string field_list() {
    std::string out = "Fields for --map (the same names as properties of GeoJSON):\n";
    for (const FieldHelp& field : fields) {
        out += fmt::format("  {:19} {}\n", field.name, field.what);
    }
    return out;
}

void add_init(CLI::App& root, InitArgs& args, Run& run) {
    CLI::App* app =
        verb(root, "init", "Make a register of one's own",
             "entente init --data reg --party msf --name 'MSF Sudan'", args.common, false);
    app->add_option("--party", args.party, "Short id: a-z, 0-9, '-'")->required();
    app->add_option("--name", args.name, "The party's name")->required();
    app->add_flag("--exercise", args.exercise, "Mark everything as an exercise, for ever");
    app->add_option("--reduce-delay", args.reduce_delay_s,
                    "Seconds after which a withdrawal or reduction acts; until then old and new "
                    "both protect")
        ->default_str("0")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{30} * 86'400));
    CLI::Option* charter = app->add_option(
        "--charter", args.charter,
        "A draft of a charter of several parties: makes the keys for it and DIR/card.toml; the log "
        "comes with: entente charter adopt");
    app->get_option("--exercise")->excludes(charter);
    app->get_option("--reduce-delay")->excludes(charter);
    app->add_option("--address", args.address, "https://host:port of this party's node")
        ->needs(charter);
    app->add_option("--relay", args.relay, "The party that relays for it")->needs(charter);
    app->add_option("--sponsor", args.sponsor, "The party that vouches for it")->needs(charter);
    app->add_option("--officers", args.officers,
                    "How many officers sign a withdrawal or reduction (default 1, with --charter "
                    "2, where so many keys are made); with 1, the node's own key does (entente "
                    "officer new enrols others)")
        ->check(CLI::Range(1, 16));
    app->callback([&] { run = [&] { return args.charter.empty() ? init(args) : enrol(args); }; });
}

void add_import(CLI::App& root, ImportArgs& args, Run& run) {
    CLI::App* app = verb(root, "import",
                         "Read lists of places to protect (CSV, XLSX, ODS, GeoJSON, "
                         "KML, GPX, GeoPackage, FlatGeobuf, Shapefile)",
                         "entente import --data reg hospitals.csv --source 'MoH 2026' --class "
                         "hospital --dry-run",
                         args.common);
    app->add_option("files", args.files, "Files to read")->required();
    app->add_option("--source", args.source,
                    "The list's name, half of each row's key; default: "
                    "the file's name");
    app->add_option("--class", args.fallback_class, "Class of rows that state none");
    app->add_option("--class-of", args.class_of, "VALUE=CLASS, for values of the class column")
        ->allow_extra_args(false);
    app->add_option("--map", args.map, "FIELD=COLUMN, instead of a guess; FIELD= for no column")
        ->allow_extra_args(false);
    app->add_flag("--dry-run", args.dry_run, "Show what would be done, do nothing");
    app->add_flag("--yes", args.yes, "Accept the guessed columns and the additions shown");
    app->add_flag("--amend", args.amend, "Also make the amendments shown");
    app->add_option("--root", args.root_file,
                    "The root's key file, for more reductions in a day "
                    "than the charter lets pass");
    app->footer(app->get_footer() + "\n\n" + field_list() + "\n" + class_list());
    app->callback([&] { run = [&] { return import(args); }; });
}

/// The import fields as flags: radius_m is --radius-m, and --radius_m too.
void add_fields(CLI::App* app, ProtectArgs& args) {
    for (const FieldHelp& field : fields) {
        std::string flags = std::string("--") + field.name;
        std::replace(flags.begin(), flags.end(), '_', '-');
        if (flags.substr(2) != field.name) flags += std::string(",--") + field.name;
        app->add_option_function<std::string>(
               flags,
               [&args, &field](const std::string& text) {
                   args.fields.emplace_back(field.name, text);
               },
               field.what)
            ->type_name(field.type);
    }
    app->footer(app->get_footer() + "\n\n" + class_list());
}

void add_protect(CLI::App& root, ProtectArgs& args, Run& run) {
    CLI::App* protect = root.add_subcommand("protect", "Say, amend, confirm or withdraw one place");
    protect->require_subcommand(1);
    auto bind = [&](CLI::App* app, Exit (*act)(const ProtectArgs&)) {
        app->callback([&, act] { run = [&, act] { return act(args); }; });
    };
    auto with_id = [&](CLI::App* app) {
        app->add_option("id", args.id, "The record")->required();
        app->add_option("--root", args.root_file, "The root's key file (see import --help)");
    };
    CLI::App* add = verb(*protect, "add", "Protect a place: a GeoJSON Feature, or flags",
                         "entente protect add --data reg --class hospital --name 'Al Nao' --lat "
                         "15.667 --lon 32.489 --radius-m 80",
                         args.common);
    add->add_option("feature", args.feature_file, "A file with one GeoJSON Feature");
    add_fields(add, args);
    add->add_option("--to", args.to,
                    "PARTY[:exact|coarse|head], who gets it in the same breath; default tier: "
                    "exact; nobody where it is not given");
    bind(add, protect_add);
    CLI::App* amend =
        verb(*protect, "amend", "Say it anew: a whole Feature, or the flags that change",
             "entente protect amend --data reg mzxw6ytbmzxw6ytb --buffer-m 800", args.common);
    with_id(amend);
    amend->add_option("feature", args.feature_file, "A file with one GeoJSON Feature");
    add_fields(amend, args);
    bind(amend, protect_amend);
    CLI::App* withdraw = verb(*protect, "withdraw", "End a protection",
                              "entente protect withdraw --data reg mzxw6ytbmzxw6ytb", args.common);
    with_id(withdraw);
    bind(withdraw, protect_withdraw);
    CLI::App* confirm = verb(*protect, "confirm", "Confirm that it is still so",
                             "entente protect confirm --data reg mzxw6ytbmzxw6ytb --until "
                             "2027-06-30T00:00:00Z",
                             args.common);
    with_id(confirm);
    confirm->add_option("--until", args.until, "When it has to be confirmed again")->required();
    bind(confirm, protect_confirm);
    CLI::App* move = verb(*protect, "confirm-move", "End the place where it was before it moved",
                          "entente protect confirm-move --data reg mzxw6ytbmzxw6ytb", args.common);
    with_id(move);
    bind(move, protect_confirm_move);
    CLI::App* adopt = verb(*protect, "adopt", "State what a party that left protected as one's own",
                           "entente protect adopt --data reg mzxw6ytbmzxw6ytb", args.common, false);
    with_id(adopt);
    bind(adopt, protect_adopt);
}

void add_reason(CLI::App* app, Common& common) {
    app->add_option("--reason", common.reason, "Why it is read, for the audit")->type_name("TEXT");
}

void add_as(CLI::App* app, std::string& as) {
    app->add_option("--as", as,
                    "Another party of the charter: what it can see of what was released to it")
        ->type_name("PARTY");
}

void add_list(CLI::App& root, ListArgs& args, Run& run) {
    CLI::App* app = verb(root, "list", "List what is protected",
                         "entente list --data reg --bbox 31,15,33,16 --class hospital --format csv",
                         args.common, false);
    app->add_option("--bbox", args.bbox, "WEST,SOUTH,EAST,NORTH in degrees");
    app->add_option("--class", args.protection_class, "Only this class");
    app->add_option("--text", args.text, "Only with this in a name, ref or source");
    add_as(app, args.as);
    app->add_option("--format", args.format, "table, geojson or csv")
        ->check(CLI::IsMember({"table", "geojson", "csv"}));
    add_reason(app, args.common);
    app->add_flag_callback(
        "--json", [&] { args.format = "geojson"; }, "The same as --format geojson");
    app->callback([&] { run = [&] { return list(args); }; });
}

void add_show(CLI::App& root, ShowArgs& args, Run& run) {
    CLI::App* app = verb(root, "show", "Show one record with its history",
                         "entente show --data reg mzxw6ytbmzxw6ytb", args.common);
    app->add_option("id", args.id, "The record")->required();
    add_as(app, args.as);
    add_reason(app, args.common);
    app->callback([&] { run = [&] { return show(args); }; });
}

void add_check(CLI::App& root, CheckArgs& args, Run& run) {
    CLI::App* app = verb(root, "check", "Check a plan (GeoJSON) against the register",
                         "entente check --data reg plan.geojson --margin 200", args.common);
    app->add_option("plan", args.plan,
                    "A Feature or FeatureCollection: Point with radius_m, "
                    "LineString with half_width_m, Polygon, MultiPolygon; altitude_lower, "
                    "altitude_upper, altitude_reference, time_start, time_end");
    app->add_option("--batch", args.batch, "A file with one plan a line; needs --json");
    add_reason(app, args.common);
    app->add_option("--margin", args.margin, "Metres to keep beyond buffers");
    app->add_flag("--seal", args.seal,
                  "Commit to question and answer in the log, to prove it later");
    app->add_option("--at", args.at, "The moment that the answer is for; default: now");
    add_as(app, args.as);
    app->add_option("--pack", args.pack, "A field pack, instead of --data; needs --device");
    app->add_option("--device", args.device, "The device's directory");
    app->get_option("--data")->required(false);
    app->footer(
        app->get_footer() +
        "\n\nExit status: 0 no registered conflict, 10 conflict, 11 caution, 12 incomplete, "
        "2 bad input,\n1 failure; with --batch the worst of them.\n");
    app->callback([&] { run = [&] { return check(args); }; });
}

void add_log(CLI::App& root, LogArgs& args, Run& run) {
    CLI::App* log = root.add_subcommand("log", "The signed log: key, verification, proof, export");
    log->require_subcommand(1);
    auto bind = [&](CLI::App* app, Exit (*act)(const LogArgs&)) {
        app->callback([&, act] { run = [&, act] { return act(args); }; });
    };
    bind(verb(*log, "vkey", "Print the log's verifier key", "entente log vkey --data reg",
              args.common, false),
         log_vkey);
    CLI::App* verify =
        verb(*log, "verify", "Verify every entry, tile and body by two separate ways",
             "entente log verify --data reg", args.common);
    verify->get_option("--data")->required(false);
    CLI::Option* tiles = verify->add_option("--tiles", args.tiles, "An exported directory instead");
    verify->add_option("--vkey", args.vkey, "Its verifier key")->needs(tiles);
    bind(verify, log_verify);
    CLI::App* prove = verb(*log, "prove", "Prove that a record's newest version is in the log",
                           "entente log prove --data reg mzxw6ytbmzxw6ytb --out it.tlog-proof",
                           args.common, false);
    prove->add_option("id", args.id, "The record")->required();
    prove->add_option("--out", args.out, "A file; default: standard output");
    bind(prove, log_prove);
    CLI::App* out = verb(*log, "export", "Write the log as a static tlog-tiles directory",
                         "entente log export --data reg public-log", args.common, false);
    out->add_option("outdir", args.out, "A new directory")->required();
    bind(out, log_export);
}

void add_serve(CLI::App& root, ServeArgs& args, LinkArgs& link_args, Run& run) {
    CLI::App* app = verb(root, "serve", "Serve the register: HTTP for programs, a page for people",
                         "entente serve --data reg --listen 127.0.0.1:8700", args.common, false);
    app->add_option("--listen", args.listen, "ADDRESS:PORT; default: 127.0.0.1:8700");
    app->add_option("--host", args.hosts, "A further name that browsers call this node by")
        ->allow_extra_args(false);
    CLI::Option* cert = app->add_option("--tls-cert", args.tls_cert, "Certificate chain, PEM");
    app->add_option("--tls-key", args.tls_key, "Its private key, PEM")->needs(cert);
    app->add_option("--basemap", args.basemap, "An MBTiles file to show under the register");
    app->add_option("--zone", args.zones,
                    "PARTY:VERSION:FILE, boundaries that live tracks are watched at: GeoJSON, "
                    "ED-269, ED-318")
        ->allow_extra_args(false);
    app->add_option("--peer-listen", args.peer_listen,
                    "ADDRESS:PORT for other parties' nodes; default: the charter's address");
    app->add_option("--webhook-to", args.webhook_to,
                    "An https origin that notices may be posted to; may be repeated")
        ->allow_extra_args(false);
    app->add_option("--smtp", args.smtp, "smtp://HOST or smtps://HOST that mails go through");
    app->add_option("--mail-from", args.mail_from, "Whose address mails come from");
    app->add_option("--mail-to", args.mail_to,
                    "A domain that mails may go to; default: that of --mail-from")
        ->allow_extra_args(false);
    app->footer(
        app->get_footer() +
        "\n\nWhat repeats may stand in DIR/entente.toml: listen, hosts, tls_cert, tls_key, "
        "basemap, zones, threads,\nand under [limits] connections_max and the others that "
        "/openapi.json names.\nSIGINT and SIGTERM stop it when what is under way is done.\n");
    app->callback([&] { run = [&] { return serve(args); }; });
    verb(root, "link", "Print a one-time link to the page of a node that serves the register",
         "entente link --data reg", link_args.common, false)
        ->callback([&] { run = [&] { return link(link_args); }; });
}

/// What was wrong with the words given, and which --help to ask.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error, int argc, char** argv) {
    const CLI::App* app = &root;
    std::string path = "entente";
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto next =
            app->get_subcommands([&](const CLI::App* a) { return a->get_name() == word; });
        if (next.empty()) break;
        app = next.front();
        path += " " + word;
    }
    std::string what = error.what();
    const auto verbs = app->get_subcommands([](const CLI::App*) { return true; });
    if (!verbs.empty()) {
        std::string names;
        for (const CLI::App* verb : verbs) names += (names.empty() ? "" : ", ") + verb->get_name();
        what = "say which of " + names;
    }
    return fmt::format("{}: {}\n{} --help says more\n", path, what, path);
}

int run_main(int argc, char** argv) {
    CLI::App app("entente: what must not be struck, said, checked and proven.", "entente");
    app.require_subcommand(1);
    app.set_version_flag("--version", "entente " ENTENTE_VERSION);
    app.footer("Each verb has --help with an example.");
    InitArgs init_args;
    ImportArgs import_args;
    ProtectArgs protect_args;
    ListArgs list_args;
    ShowArgs show_args;
    CheckArgs check_args;
    LogArgs log_args;
    ServeArgs serve_args;
    LinkArgs link_args;
    DoctorArgs doctor_args;
    Run run;
    add_init(app, init_args, run);
    add_import(app, import_args, run);
    add_protect(app, protect_args, run);
    add_list(app, list_args, run);
    add_show(app, show_args, run);
    add_check(app, check_args, run);
    add_log(app, log_args, run);
    add_serve(app, serve_args, link_args, run);
    add_exchange(app, run);
    add_peers(app, run);
    add_recall(app, run);
    add_packs(app, run);
    add_evidence(app, run);
    add_field(app, run);
    add_people(app, run);
    add_backup(app, run);
    add_scrub(app, run);
    add_charter(app, run);
    add_audit(app, run);
    add_officers(app, run);
    add_duty(app, run);
    add_notices(app, run);
    add_alerts(app, run);
    add_move(app, run);
    add_presence(app, run);
    add_object(app, run);
    add_stop(app, run);
    add_activities(app, run);
    add_challenges(app, run);
    add_messages(app, run);
    add_sealed(app, run);
    add_statements(app, run);
    add_search(app, run);
    add_airspace(app, run);
    add_track(app, run);
    verb(app, "doctor", "Look at clock, disk, keys and store", "entente doctor --data reg",
         doctor_args.common)
        ->callback([&] { run = [&] { return doctor(doctor_args); }; });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        fmt::print(stderr, "{}", usage_error(app, error, argc, argv));
        return static_cast<int>(Exit::bad_input);
    }
    return static_cast<int>(run());
}

}  // namespace

CLI::App* verb(CLI::App& parent, const char* name, const char* what, const char* example,
               Common& common, bool json) {
    CLI::App* app = parent.add_subcommand(name, what);
    app->footer(std::string("Example:\n  ") + example);
    app->add_option("--data", common.data, "The register's directory")
        ->required()
        ->type_name("DIR");
    app->add_option("--actor", common.actor, "Who acts, for the record; default: the login name")
        ->default_str("")
        ->type_name("NAME");
    common.actor = login_name();
    if (json) app->add_flag("--json", common.json, "Print JSON");
    return app;
}

const char* program_version() { return ENTENTE_VERSION; }

}  // namespace entente::cli

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    return entente::cli::run_main(argc, argv);
}
