// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "base/encode.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "formats/movement.h"
#include "formats/objection.h"
#include "formats/presence.h"

namespace entente::formats {
namespace {

constexpr const char* reference_names[] = {"W84", "AGL", "AMSL", "FL"};

double tenths(double v) { return std::round(v * 10) / 10; }

void time_member(JsonOut& out, const char* key, const std::optional<Instant>& t) {
    out.name(key);
    if (t)
        out.value(format_rfc3339(*t));
    else
        out.null();
}

void height_member(JsonOut& out, const char* key, const std::optional<std::int64_t>& v,
                   geo::AltitudeReference reference) {
    out.name(key);
    if (!v)
        out.null();
    else if (reference == geo::AltitudeReference::fl)
        out.value(*v);
    else
        out.value(static_cast<double>(*v) / 10.0);
}

/// When a place stops protecting: null while nothing ends it.
void until_member(JsonOut& out, Instant until) {
    out.name("protects_until");
    if (until == registry::never)
        out.null();
    else
        out.value(until == registry::at_once ? "replaced" : format_rfc3339(until));
}

void names_member(JsonOut& out, const statement::Protection* p) {
    out.name("names");
    out.array([&] {
        if (p == nullptr) return;
        for (const statement::Name& one : p->names) {
            out.object([&] {
                out.member("text", one.text);
                if (!one.language.empty()) out.member("language", one.language);
                if (!one.script.empty()) out.member("script", one.script);
            });
        }
    });
}

void overlap_members(JsonOut& out, const check::Finding& f) {
    out.name("time_overlap");
    out.object([&] {
        time_member(out, "start", f.time_overlap.start);
        time_member(out, "end", f.time_overlap.end);
    });
    out.name("altitude_overlap");
    out.object([&] {
        height_member(out, "lower", f.altitude_overlap.lower, f.altitude_overlap.reference);
        height_member(out, "upper", f.altitude_overlap.upper, f.altitude_overlap.reference);
        out.member("reference", reference_names[static_cast<int>(f.altitude_overlap.reference)]);
        out.member("assumed", f.altitude_assumed);
    });
}

void flags_member(JsonOut& out, const view::Flags& flags) {
    out.name("flags");
    out.array([&] {
        for (const view::Flag flag : flags.list()) out.value(view::name(flag));
    });
}

/// Whether more than one party speaks: only then is there more to say than a state.
bool joint(const view::View& view) { return view.charter().parties.size() > 1; }

void finding(JsonOut& out, const view::View& view, const check::Finding& f) {
    const view::Seen seen = view.at(f.slot);
    const statement::Protection* p = seen.protection();
    const auto text = [&](const std::string statement::Protection::*field) {
        return p ? std::string_view(p->*field) : std::string_view();
    };
    out.object([&] {
        out.member("id", f.id.text());
        out.member("ref", text(&statement::Protection::ref));
        out.member("source", text(&statement::Protection::source));
        out.member("party", seen.party().v);
        if (f.objects) objection_members(out, seen);
        presence_members(out, seen, f.presence ? &*f.presence : nullptr);
        out.member("class", seen.class_name());
        names_member(out, p);
        out.member("contact", seen.contact());
        out.member("state", view::name(f.state));
        if (joint(view)) {
            out.member("weight", check::name(f.weight));
            out.member("tier", view::name(f.tier));
            flags_member(out, f.flags);
        }
        out.member("leaf", to_base64(f.leaf.view()));
        out.member("volume", std::uint64_t{f.volume});
        out.name("at");
        out.array([&] {
            out.value(static_cast<double>(f.at.lng_e7) / 1e7);
            out.value(f.at.lat_e7 / 1e7);
        });
        out.member("distance_m", tenths(f.distance.v));
        out.member("bearing_deg", tenths(f.bearing.v));
        out.member("buffer_m", f.buffer.v);
        out.member("buffer_stated", f.buffer_stated);
        out.member("accuracy_m", f.accuracy.v);
        out.member("accuracy_stated", f.accuracy_stated);
        overlap_members(out, f);
        if (f.leg != 0) out.member("leg", f.leg);
        out.member("earlier_place", f.earlier_place);
        out.member("earlier_version", f.superseded);
        out.member("why", f.why);
    });
}

void findings_member(JsonOut& out, const char* key, const view::View& view,
                     const std::vector<check::Finding>& findings, std::size_t total) {
    out.name(key);
    out.array([&] {
        for (const check::Finding& f : findings) finding(out, view, f);
    });
    out.member(std::string(key) + "_total", std::uint64_t{total});
}

void source_object(JsonOut& out, const check::Source& source, Instant now) {
    out.object([&] {
        out.member("party", source.party.v);
        out.member("origin", source.origin.v);
        out.member("tree_size", source.size.v);
        out.member("root", to_base64(source.root.view()));
        time_member(out, "beat", source.beat);
        time_member(out, "received", source.received);
        out.name("age_s");
        if (const auto old = check::age(source, now))
            out.value(static_cast<double>(old->count()) / 1000.0);
        else
            out.null();
        out.member("released", source.released.v);
        out.member("released_root", to_base64(source.released_root.view()));
        out.member("missing", std::uint64_t{source.missing});
        out.member("missing_code", source.missing_code);
        out.member("unlogged", std::uint64_t{source.unlogged.count()});
        out.member("forked", source.forked);
        out.member("absent", source.absent);
        out.member("left", source.left);
    });
}

void as_of_member(JsonOut& out, const check::AsOf& as_of) {
    out.name("as_of");
    out.object([&] {
        out.member("party", as_of.party.v);
        out.member("origin", as_of.origin.v);
        out.member("tree_size", as_of.size.v);
        out.member("root", to_base64(as_of.root.view()));
        out.member("age_s", static_cast<double>(as_of.age.count()) / 1000.0);
        out.member("charter", to_base64(as_of.charter.view()));
        out.member("asked_at", format_rfc3339(as_of.asked_at));
        if (as_of.packed) {
            out.member("clock", "device");
            out.member("packed_at", format_rfc3339(*as_of.packed));
        }
        out.member("rules", check::rules_version);
        if (as_of.shown_to) {
            out.name("shown_to");
            out.object([&] {
                out.member("party", as_of.shown_to->party.v);
                out.member("given", as_of.shown_to->given.v);
                out.member("acknowledged", as_of.shown_to->acknowledged.v);
            });
        }
        if (as_of.sources.empty()) return;
        out.name("sources");
        out.array([&] {
            for (const check::Source& source : as_of.sources) {
                source_object(out, source, as_of.asked_at);
            }
        });
    });
}

void history_member(JsonOut& out, const view::Seen& seen) {
    out.name("history");
    out.array([&] {
        for (const view::SeenVersion& v : seen.history()) {
            out.object([&] {
                out.member("version", v.number);
                out.member("act", v.act);
                out.member("time", format_rfc3339(v.time));
                out.member("actor", v.actor);
                out.member("entry", v.index.v);
                out.member("leaf", to_base64(v.leaf.view()));
                out.member("signed", v.enough_signatures);
                until_member(out, v.until);
            });
        }
    });
}

void places_member(JsonOut& out, const view::Seen& seen, bool joint, Instant now) {
    out.name("places");
    out.array([&] {
        for (const view::SeenPlace& place : seen.places(now)) {
            statement::Protection one;
            if (auto known = statement::parse_class(seen.class_name())) {
                one.protection_class = *known;
            }
            one.where = {place.reached->place};
            out.object([&] {
                out.member("version", place.version);
                out.member("earlier_place", place.earlier_place);
                if (joint) {
                    out.member("tier",
                               view::name(place.coarse ? view::Tier::coarse : view::Tier::exact));
                }
                until_member(out, place.until);
                out.member("buffer_m", place.reached->buffer.v);
                out.member("accuracy_m", place.reached->accuracy.v);
                out.name("feature");
                out.raw(write_feature(one, ""));
            });
        }
    });
}

}  // namespace

void append_answer_json(std::string& text, const view::View& view, const check::Answer& answer) {
    constexpr std::size_t answer_bytes = 1200;  // both somewhat more than is usual
    constexpr std::size_t finding_bytes = 720;
    JsonOut out(std::move(text));
    out.room(answer_bytes + finding_bytes * (answer.findings.size() + answer.objections.size() +
                                             answer.nearby.size()));
    out.object([&] {
        out.member("verdict", check::name(answer.verdict));
        out.name("reasons");
        out.array([&] {
            for (const check::Reason& reason : answer.reasons) {
                out.object([&] {
                    out.member("weight", check::name(reason.weight));
                    out.member("code", reason.code);
                    out.member("count", std::uint64_t{reason.count});
                    if (!reason.party.v.empty()) out.member("party", reason.party.v);
                    out.member("text", reason.text);
                });
            }
        });
        as_of_member(out, answer.as_of);
        findings_member(out, "findings", view, answer.findings, answer.findings_total);
        findings_member(out, "objections", view, answer.objections, answer.objections_total);
        findings_member(out, "nearby", view, answer.nearby, answer.nearby_total);
        out.member("notice", check::standing_notice);
    });
    text = std::move(out).text();
}

std::string answer_json(const view::View& view, const check::Answer& answer) {
    std::string text;
    append_answer_json(text, view, answer);
    return text;
}

std::string record_json(const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    JsonOut out;
    out.object([&] {
        out.member("id", seen.id().text());
        out.member("party", seen.party().v);
        out.member("state", view::name(seen.state(now)));
        if (joint(view)) {
            out.member("tier", view::name(seen.tier()));
            flags_member(out, seen.flags(now));
            out.member("class", seen.class_name());
            out.member("contact", seen.contact());
        }
        out.member("version", seen.version());
        objection_members(out, seen);
        if (seen.objects()) answers_member(out, view, seen);
        const auto presence = presence_at(view, seen, now);
        presence_members(out, seen, presence ? &*presence : nullptr);
        if (const statement::Protection* p = seen.protection()) {
            out.name("protection");
            out.raw(write_feature(*p, seen.id().text()));
            if (p->moves()) {
                out.name("movement");
                out.raw(write_movement(*p, seen.id().text()));
            }
        }
        if (seen.moves()) {
            out.name("legs");
            out.raw(legs_json(seen, true, now));
        }
        places_member(out, seen, joint(view), now);
        history_member(out, seen);
    });
    return std::move(out).text();
}

}  // namespace entente::formats
