// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <cmath>

#include "base/encode.h"
#include "formats/answer.h"
#include "formats/geojson.h"

namespace entente::formats {
namespace {

namespace json = boost::json;

constexpr const char* reference_names[] = {"W84", "AGL", "AMSL", "FL"};

json::value time_or_null(const std::optional<Instant>& t) {
    return t ? json::value(format_rfc3339(*t)) : json::value();
}

/// When a place stops protecting: null while nothing ends it.
json::value until_or_null(Instant t) {
    if (t == registry::never) return {};
    return t == registry::at_once ? json::value("at_once") : json::value(format_rfc3339(t));
}

json::value height_or_null(const std::optional<std::int64_t>& v, geo::AltitudeReference reference) {
    if (!v) return {};
    if (reference == geo::AltitudeReference::fl) return *v;
    return static_cast<double>(*v) / 10.0;
}

double tenths(double v) { return std::round(v * 10) / 10; }

json::array names_of(const view::Seen& seen) {
    json::array out;
    if (const statement::Protection* p = seen.protection()) {
        for (const statement::Name& one : p->names) {
            json::object name{{"text", one.text}};
            if (!one.language.empty()) name["language"] = one.language;
            if (!one.script.empty()) name["script"] = one.script;
            out.push_back(std::move(name));
        }
    }
    return out;
}

json::object finding_json(const view::View& view, const check::Finding& f) {
    const view::Seen seen = view.at(f.slot);
    const statement::Protection* p = seen.protection();
    json::object out;
    out["id"] = f.id.text();
    out["ref"] = p ? p->ref : "";
    out["source"] = p ? p->source : "";
    out["party"] = seen.party().v;
    out["class"] = seen.class_name();
    out["names"] = names_of(seen);
    out["contact"] = p ? p->contact : "";
    out["state"] = view::name(f.state);
    out["volume"] = f.volume;
    out["distance_m"] = tenths(f.distance.v);
    out["bearing_deg"] = tenths(f.bearing.v);
    out["buffer_m"] = f.buffer.v;
    out["buffer_stated"] = f.buffer_stated;
    out["accuracy_m"] = f.accuracy.v;
    out["accuracy_stated"] = f.accuracy_stated;
    out["time_overlap"] = {{"start", time_or_null(f.time_overlap.start)},
                           {"end", time_or_null(f.time_overlap.end)}};
    out["altitude_overlap"] = {
        {"lower", height_or_null(f.altitude.lower, f.altitude.reference)},
        {"upper", height_or_null(f.altitude.upper, f.altitude.reference)},
        {"reference", reference_names[static_cast<int>(f.altitude.reference)]},
        {"assumed", f.altitude_assumed}};
    out["earlier_place"] = f.earlier_place;
    out["earlier_version"] = f.superseded;
    out["why"] = f.why;
    return out;
}

json::array findings_json(const view::View& view, const std::vector<check::Finding>& findings) {
    json::array out;
    for (const check::Finding& f : findings) out.push_back(finding_json(view, f));
    return out;
}

json::object as_of_json(const check::AsOf& as_of) {
    return {{"party", as_of.party.v},
            {"origin", as_of.origin.v},
            {"tree_size", as_of.size.v},
            {"root", to_base64(as_of.root.view())},
            {"age_s", static_cast<double>(as_of.age.count()) / 1000.0},
            {"charter", to_base64(as_of.charter.view())},
            {"asked_at", format_rfc3339(as_of.asked_at)},
            {"rules", check::rules_version}};
}

}  // namespace

std::string json_text(std::string_view text) { return json::serialize(json::string(text)); }

std::string answer_json(const view::View& view, const check::Answer& answer) {
    json::array reasons;
    for (const check::Reason& reason : answer.reasons) {
        reasons.push_back({{"weight", check::name(reason.weight)},
                           {"code", reason.code},
                           {"text", reason.text}});
    }
    const json::object out{{"verdict", check::name(answer.verdict)},
                           {"reasons", std::move(reasons)},
                           {"as_of", as_of_json(answer.as_of)},
                           {"findings", findings_json(view, answer.findings)},
                           {"findings_total", answer.findings_total},
                           {"nearby", findings_json(view, answer.nearby)},
                           {"nearby_total", answer.nearby_total},
                           {"notice", check::standing_notice}};
    return json::serialize(out);
}

std::string record_json(const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    json::array history;
    for (const view::SeenVersion& v : seen.history()) {
        history.push_back({{"version", v.number},
                           {"act", v.act},
                           {"time", format_rfc3339(v.time)},
                           {"actor", v.actor},
                           {"entry", v.index.v},
                           {"leaf", to_base64(v.leaf.view())},
                           {"signed", v.enough_signatures},
                           {"protects_until", until_or_null(v.until)}});
    }
    json::object out{{"id", seen.id().text()},
                     {"party", seen.party().v},
                     {"state", view::name(seen.state(now))},
                     {"version", seen.version()},
                     {"history", std::move(history)}};
    if (const statement::Protection* p = seen.protection()) {
        out["protection"] = json::parse(write_feature(*p, seen.id().text()));
        json::array places;
        for (const view::SeenPlace& place : seen.places(now)) {
            statement::Protection one;
            one.protection_class = p->protection_class;
            one.where = {place.reached->place};
            json::value feature = json::parse(write_feature(one, ""));
            places.push_back({{"version", place.version},
                              {"earlier_place", place.earlier_place},
                              {"protects_until", until_or_null(place.until)},
                              {"buffer_m", place.reached->buffer.v},
                              {"accuracy_m", place.reached->accuracy.v},
                              {"feature", std::move(feature)}});
        }
        out["places"] = std::move(places);
    }
    return json::serialize(out);
}

}  // namespace entente::formats
