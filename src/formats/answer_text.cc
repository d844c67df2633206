// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>

#include "base/encode.h"
#include "formats/answer.h"
#include "geo/prepared.h"

namespace entente::formats {
namespace {

constexpr std::size_t listed_max = 20;  // in text; JSON has limits::findings_listed_max

std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';  // no terminal tricks
    }
    return text;
}

std::string name_of(const view::Seen& seen) {
    const statement::Protection* p = seen.protection();
    if (p == nullptr || p->names.empty()) return "(no name)";
    return printable(p->names.front().text);
}

std::string headline(check::Verdict verdict) {
    switch (verdict) {
        case check::Verdict::conflict: return "CONFLICT";
        case check::Verdict::incomplete: return "INCOMPLETE";
        case check::Verdict::caution: return "CAUTION";
        case check::Verdict::no_registered_conflict: break;
    }
    return "No registered conflict";
}

std::string compass(double degrees) {
    constexpr const char* points[] = {"N", "NE", "E", "SE", "S", "SW", "W", "NW"};
    return points[static_cast<int>(std::floor(degrees / 45.0 + 0.5)) % 8];
}

std::string finding_line(const view::View& view, const check::Finding& f) {
    const view::Seen seen = view.at(f.slot);
    const statement::Protection* p = seen.protection();
    char where[80];
    std::snprintf(where, sizeof where, "%7.0f m %-2s (%03.0f°)", f.distance.v,
                  compass(f.bearing.v).c_str(), f.bearing.v);
    std::string out = "  " + std::string(where) + "  " + seen.class_name() + "  " + name_of(seen) +
                      "  [" + f.id.text() + "]";
    if (p && !p->ref.empty()) out += " ref " + printable(p->ref);
    out += "\n             " + std::string(view::name(f.state)) + "; " + f.why;
    if (p && !p->contact.empty()) out += "; contact: " + printable(p->contact);
    return out + "\n";
}

std::string lines(const view::View& view, const std::vector<check::Finding>& findings,
                  std::size_t total) {
    std::string out;
    for (std::size_t i = 0; i < findings.size() && i < listed_max; ++i) {
        out += finding_line(view, findings[i]);
    }
    if (total > listed_max) {
        out += "  ... and " + std::to_string(total - std::min(listed_max, findings.size())) +
               " more; --json lists up to 200\n";
    }
    return out;
}

std::string until_text(Instant until) {
    if (until == registry::never) return "";
    if (until == registry::at_once) return "replaced";
    return "protects until " + format_rfc3339(until);
}

}  // namespace

std::string answer_text(const view::View& view, const check::Answer& answer) {
    std::string out = headline(answer.verdict) + "\n";
    for (const check::Reason& reason : answer.reasons) out += "  - " + reason.text + "\n";
    if (!answer.findings.empty()) {
        out += "\nTouched:\n" + lines(view, answer.findings, answer.findings_total);
    }
    if (!answer.nearby.empty()) {
        out += "\nNearby:\n" + lines(view, answer.nearby, answer.nearby_total);
    }
    const check::AsOf& as_of = answer.as_of;
    out += "\nAs of " + format_rfc3339(as_of.asked_at) + ": " + as_of.origin.v + ", tree size " +
           std::to_string(as_of.size.v) + ", root " + to_base64(as_of.root.view()) + ", age " +
           std::to_string(as_of.age.count() / 1000) + " s\n" + check::standing_notice + "\n";
    return out;
}

std::string record_text(const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    std::string out = seen.id().text() + "  " + seen.class_name() + "  " + name_of(seen) + "\n";
    out += "  party " + seen.party().v + ", " + view::name(seen.state(now)) + "\n";
    if (const statement::Protection* p = seen.protection()) {
        for (std::size_t i = 1; i < p->names.size(); ++i) {
            out += "  also " + printable(p->names[i].text) + "\n";
        }
        if (!p->source.empty()) out += "  source " + printable(p->source) + "\n";
        if (!p->ref.empty()) out += "  ref " + printable(p->ref) + "\n";
        if (!p->contact.empty()) out += "  contact " + printable(p->contact) + "\n";
        if (p->reconfirm_by) out += "  reconfirm by " + format_rfc3339(*p->reconfirm_by) + "\n";
        for (const auto& [key, text] : p->texts) out += "  " + key + " " + printable(text) + "\n";
    }
    for (const view::SeenPlace& place : seen.places(now)) {
        const geo::LatLng here = geo::Prepared(place.reached->place.volume.shape).center();
        char line[160];
        std::snprintf(line, sizeof line,
                      "  protects at %.7f, %.7f (buffer %.1f m, accuracy %.1f m)",
                      here.lat_e7 / 1e7, static_cast<double>(here.lng_e7) / 1e7,
                      place.reached->buffer.v, place.reached->accuracy.v);
        out += line;
        if (place.earlier_place) out += ", its place before a move that is not confirmed";
        if (!place.newest) out += ", version " + std::to_string(place.version);
        const std::string until = until_text(place.until);
        out += (until.empty() ? "" : ", " + until) + "\n";
    }
    out += "History:\n";
    for (const view::SeenVersion& v : seen.history()) {
        out += "  " + format_rfc3339(v.time) + "  version " + std::to_string(v.number) + "  " +
               v.act + " by " + printable(v.actor) + "  entry " + std::to_string(v.index.v);
        const std::string until = until_text(v.until);
        out += (until.empty() ? "" : "  " + until) + "\n";
    }
    return out;
}

}  // namespace entente::formats
