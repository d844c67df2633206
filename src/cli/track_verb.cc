// SPDX-License-Identifier: Apache-2.0
// `entente track`: whether, when and for how long a track was inside of each boundary that is
// given, or that the register holds, one version beside the other. It keeps nothing; or, with
// --live, it gives the track to the node as if it came live.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/printable.h"
#include "cli/airspace.h"
#include "cli/alerts.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "cli/track_file.h"
#include "formats/json_out.h"
#include "formats/properties.h"
#include "formats/zones.h"

namespace entente::cli {
namespace {

struct TrackArgs {
    Common common;
    std::string file;
    std::vector<std::string> zones;
    bool airspace = false;
    std::string reference;
    std::int64_t gap_s = watch::gap_max_default.count() / 1000;
    bool live = false;
    Feeding feeding;
};

/// One volume of one file, and the track in it.
struct Zone {
    std::string name;
    watch::Presence presence;
};

/// What the register holds of boundaries, version by version.
Result<void> add_stated(const TrackArgs& args, const watch::Track& track, std::vector<Zone>& out) {
    TRY(service, Service::open(args.common, {}));
    TRY(stated, stated_zones(service));
    for (const StatedZone& one : stated) {
        for (std::size_t i = 0; i < one.volumes.size(); ++i) {
            std::string name = one.name;
            if (one.volumes.size() > 1) name += ", volume " + std::to_string(i + 1);
            out.push_back({std::move(name),
                           watch::presence(track, one.volumes[i], Duration(1000 * args.gap_s))});
        }
    }
    if (!stated.empty()) return {};
    return fail(Errc::not_found, "no boundary or zone is asserted in this register");
}

Result<std::vector<Zone>> zones_of(const TrackArgs& args) {
    TRY(track, read_track(args.file, formats::parse_reference(args.reference)));
    std::vector<Zone> out;
    for (const std::string& path : args.zones) {
        TRY(bytes, read_file(path, formats::zone_file_bytes_max));
        const auto zones = formats::read_zones(bytes);
        if (!zones) return at(path, zones.error());
        for (const std::string& one : zones->widened) {
            fmt::print(stderr, "entente track: note: {}\n", printable(path + ": " + one));
        }
        for (const formats::ZoneVolume& one : zones->volumes) {
            std::string name = path;
            if (!one.path.empty()) name += " " + one.path;
            if (!one.zone.empty()) name += " (" + one.zone + ")";
            out.push_back(
                {std::move(name), watch::presence(track, one.volume, Duration(1000 * args.gap_s))});
        }
    }
    if (args.airspace) TRYV(add_stated(args, track, out));
    return out;
}

std::string seconds(Duration d) {
    return fmt::format("{:.3f} s", static_cast<double>(d.count()) / 1e3);
}

void print(const Zone& zone) {
    const auto& [stays, unknown] = zone.presence;
    fmt::print("{}: {}\n", printable(zone.name),
               stays.empty() ? "not inside at any fix, nor on the way from one to the next"
                             : "inside for " + seconds(watch::total(zone.presence)));
    for (const watch::Stay& one : stays) {
        fmt::print("  {} to {}, {}{}{}\n", format_rfc3339(one.from), format_rfc3339(one.until),
                   seconds(one.until - one.from),
                   one.begun_before ? "; it may have begun before" : "",
                   one.goes_on ? "; it may have gone on" : "");
    }
    for (const geo::Window& gap : unknown) {
        fmt::print("  not known from {} to {}: no fix for {}\n", format_rfc3339(*gap.start),
                   format_rfc3339(*gap.end), seconds(*gap.end - *gap.start));
    }
}

void print_json(const std::vector<Zone>& zones) {
    formats::JsonOut out;
    const auto times = [&](const char* from, Instant begin, const char* until, Instant end) {
        out.member(from, format_rfc3339(begin));
        out.member(until, format_rfc3339(end));
    };
    out.object([&] {
        out.name("zones");
        out.array([&] {
            for (const Zone& zone : zones) {
                out.object([&] {
                    out.member("zone", zone.name);
                    out.member("inside_ms", std::int64_t{watch::total(zone.presence).count()});
                    out.name("stays");
                    out.array([&] {
                        for (const watch::Stay& one : zone.presence.stays) {
                            out.object([&] {
                                times("from", one.from, "until", one.until);
                                out.member("begun_before", one.begun_before);
                                out.member("goes_on", one.goes_on);
                            });
                        }
                    });
                    out.name("unknown");
                    out.array([&] {
                        for (const geo::Window& gap : zone.presence.unknown) {
                            out.object([&] { times("from", *gap.start, "until", *gap.end); });
                        }
                    });
                });
            }
        });
    });
    fmt::print("{}\n", out.text());
}

Exit track_live(const TrackArgs& args) {
    const auto track = read_track(args.file, formats::parse_reference(args.reference));
    if (!track) return report("track", track.error());
    auto service = Service::open(args.common, {Access::read, false, {}});
    if (!service) return report("track", service.error());
    const auto fed = feed(*service, *track, args.feeding);
    if (!fed) return report("track", fed.error());
    if (args.common.json) {
        fmt::print("{}", fed->alerts.text);
    } else {
        print_alerts(fed->alerts.json, args.feeding.track);
        fmt::print("{} positions taken, {} known already, {} refused\n", grouped(fed->accepted),
                   grouped(fed->repeated), grouped(fed->refused));
    }
    if (fed->notices_waiting) {
        fmt::print(stderr,
                   "entente track: notices of it could not be written yet; the node tries "
                   "again each second\n");
    }
    if (fed->refused == 0) return Exit::ok;
    return report("track", {Errc::malformed, "the first that was refused: " + fed->reason});
}

Exit track(const TrackArgs& args) {
    const auto zones = zones_of(args);
    if (!zones) return report("track", zones.error());
    if (args.common.json) {
        print_json(*zones);
        return Exit::ok;
    }
    for (const Zone& zone : *zones) print(zone);
    if (args.reference.empty()) {
        fmt::print(
            "Heights of the track were not heeded: --altitude-reference says from what they "
            "are measured\n");
    }
    return Exit::ok;
}

}  // namespace

void add_track(CLI::App& root, Run& run) {
    auto args = std::make_shared<TrackArgs>();
    CLI::App* app = verb(root, "track", "Say when a track was inside of boundaries",
                         "entente track flight.gpx --in border-tr.geojson --in border-ru.geojson",
                         args->common);
    CLI::Option* data = app->get_option("--data")->required(false);
    app->add_option("file", args->file, "CSV, XLSX, GPX, GeoJSON and others, with a time a fix")
        ->required();
    CLI::Option* in = app->add_option("--in", args->zones,
                                      "Boundaries or zones: GeoJSON as a plan is, ED-269, ED-318");
    CLI::Option* airspace =
        app->add_flag("--airspace", args->airspace,
                      "Those that the register at --data holds, as each party asserts them")
            ->needs(data);
    CLI::Option* live =
        app->add_flag("--live", args->live, "Give it to the node that serves --data, in order")
            ->needs(data)
            ->excludes(in)
            ->excludes(airspace);
    app->add_option("--by", args->feeding.by, "With --live: who operates it")->needs(live);
    app->add_option("--name", args->feeding.track, "With --live: its name; default: the file's")
        ->needs(live);
    app->add_option("--kind", args->feeding.kind, "With --live")
        ->needs(live)
        ->default_str("aircraft")
        ->check(CLI::IsMember({"aircraft", "convoy"}));
    app->add_flag("--as-if-now", args->feeding.as_if_now,
                  "With --live: all times are moved so that the last is now (an exercise)")
        ->needs(live);
    app->add_option("--altitude-reference", args->reference,
                    "What the track's heights are measured from; else every height counts")
        ->check(CLI::IsMember({"W84", "AGL", "AMSL", "FL"}));
    app->add_option("--gap-s", args->gap_s,
                    "Fixes further apart than this say nothing of the way between")
        ->check(CLI::Range(1, 86'400));
    app->callback([&run, args] {
        if (!args->live && !args->airspace && args->zones.empty()) {
            throw CLI::RequiredError("--in, --airspace or --live");
        }
        Feeding& feeding = args->feeding;
        if (feeding.by.empty()) feeding.by = login_name();
        if (feeding.kind.empty()) feeding.kind = "aircraft";
        if (feeding.track.empty()) {
            feeding.track = std::filesystem::path(args->file).stem().string();
        }
        feeding.with_heights = !args->reference.empty();
        run = [args] { return args->live ? track_live(*args) : track(*args); };
    });
}

}  // namespace entente::cli
