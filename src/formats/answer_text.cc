// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>

#include "base/encode.h"
#include "base/printable.h"
#include "formats/answer.h"
#include "formats/movement.h"
#include "formats/objection.h"
#include "formats/place_text.h"
#include "formats/presence.h"
#include "geo/compass.h"
#include "geo/prepared.h"

namespace entente::formats {
namespace {

constexpr std::size_t listed_max = 20;  // in text; JSON has limits::findings_listed_max

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

/// " (author_left, coarse)", without those that stand in the state already; empty without any.
std::string flags_text(const view::Flags& flags, view::State state,
                       std::optional<view::Flag> but = {}) {
    std::string out;
    for (const view::Flag flag : flags.list()) {
        const std::string name = view::name(flag);
        if (flag == but || name == view::name(state)) continue;
        out += (out.empty() ? " (" : ", ") + name;
    }
    return out.empty() ? out : out + ")";
}

std::string finding_line(const view::View& view, const check::Finding& f) {
    const view::Seen seen = view.at(f.slot);
    const statement::Protection* p = seen.protection();
    char where[80];
    std::snprintf(where, sizeof where, "%7.0f m %-2s (%03.0f°)", f.distance.v,
                  geo::compass(f.bearing), f.bearing.v);
    std::string out = "  " + std::string(where) + "  " + seen.class_name() + "  " + name_of(seen) +
                      "  [" + f.id.text() + "]";
    if (p && !p->ref.empty()) out += " ref " + printable(p->ref);
    out += "\n             " + std::string(view::name(f.state)) + "; " + f.why;
    if (!seen.contact().empty()) out += "; contact: " + printable(seen.contact());
    if (view.charter().parties.size() > 1) {
        out += "; says " + f.party.v + flags_text(f.flags, f.state);
    }
    return out + "\n";
}

/// Whose it is, and why, before where.
std::string objection_line(const view::View& view, const check::Finding& f) {
    const view::Seen seen = view.at(f.slot);
    std::string out = "  " + seen.party().v + "  " + objection_text(seen) + "  [" + f.id.text() +
                      "]" + "\n             " + view::name(f.state) + "; " + f.why;
    if (!seen.contact().empty()) out += "; contact: " + printable(seen.contact());
    return out + flags_text(f.flags, f.state) + "\n";
}

std::string lines(const view::View& view, const std::vector<check::Finding>& findings,
                  std::size_t total) {
    std::string out;
    for (std::size_t i = 0; i < findings.size() && i < listed_max; ++i) {
        const check::Finding& one = findings[i];
        out += one.objects ? objection_line(view, one) : finding_line(view, one);
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

std::string shape_text(const geo::Shape& shape) {
    const geo::LatLng here = geo::Prepared(shape).center();
    char at[60];
    std::snprintf(at, sizeof at, "%.7f, %.7f", here.lat_e7 / 1e7,
                  static_cast<double>(here.lng_e7) / 1e7);
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) {
        return circle->radius.v == 0
                   ? std::string("at ") + at
                   : "within " + metres_text(metres(circle->radius).v) + " of " + at;
    }
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        return "within " + metres_text(metres(corridor->half_width).v) + " of a line of " +
               std::to_string(corridor->line.size()) + " points around " + at;
    }
    const std::size_t parts = std::get<geo::Area>(shape).polygons.size();
    return (parts == 1 ? "an area" : "an area of " + std::to_string(parts) + " parts") +
           " around " + at;
}

std::string place_text(const view::SeenPlace& place) {
    const geo::Volume4D& volume = place.reached->place.volume;
    std::string out = "  protects " + shape_text(volume.shape) + "\n    buffer " +
                      metres_text(place.reached->buffer.v) + ", accuracy " +
                      metres_text(place.reached->accuracy.v) + ", " + band_text(volume.band) +
                      ", " + window_text(volume.window);
    if (place.earlier_place) out += ", its place before a move that is not confirmed";
    if (!place.newest) out += ", version " + std::to_string(place.version);
    const std::string until = until_text(place.until);
    return out + (until.empty() ? "" : ", " + until) + "\n";
}

}  // namespace

/// One line for each other party: what of its word the answer rests on.
std::string packed_text(const check::AsOf& as_of) {
    if (!as_of.packed) return {};
    return "  by this device's clock, out of a field pack of " + format_rfc3339(*as_of.packed) +
           "\n";
}

std::string sources_text(const check::AsOf& as_of) {
    std::string out;
    for (const check::Source& source : as_of.sources) {
        const auto old = check::age(source, as_of.asked_at);
        out += "  " + source.party.v + ": " + source.origin.v + ", tree size " +
               std::to_string(source.size.v) + ", root " + to_base64(source.root.view()) + ", " +
               (old ? "age " + std::to_string(old->count() / 1000) + " s" : "never heard") +
               ", released to us " + std::to_string(source.released.v);
        if (source.missing > 0) out += ", missing " + std::to_string(source.missing);
        if (source.forked) out += ", forked";
        if (source.absent) out += ", absent";
        if (source.left) out += ", left";
        out += "\n";
    }
    return out;
}

/// Before everything else: this is nobody's own answer.
std::string shown_text(const check::AsOf& as_of) {
    if (!as_of.shown_to) return {};
    const check::ShownTo& to = *as_of.shown_to;
    return "As " + to.party.v + " can see what " + as_of.party.v +
           " released to it, and nothing else (" + std::to_string(to.given.v) + " releases, " +
           std::to_string(to.acknowledged.v) + " acknowledged):\n";
}

std::string answer_text(const view::View& view, const check::Answer& answer) {
    std::string out = shown_text(answer.as_of) + headline(answer.verdict) + "\n";
    for (const check::Reason& reason : answer.reasons) out += "  - " + reason.text + "\n";
    if (!answer.findings.empty()) {
        out += "\nTouched:\n" + lines(view, answer.findings, answer.findings_total);
    }
    if (!answer.objections.empty()) {
        out += "\nObjected to, or to stop:\n";
        for (const check::Finding& one : answer.objections) out += objection_line(view, one);
        const std::size_t more = answer.objections_total - answer.objections.size();
        if (more > 0) {
            out += "  ... and " + std::to_string(more) +
                   " more of the same parties; entente object list and entente stop list have them "
                   "all\n";
        }
    }
    if (!answer.nearby.empty()) {
        out += "\nNearby:\n" + lines(view, answer.nearby, answer.nearby_total);
    }
    const check::AsOf& as_of = answer.as_of;
    out += "\nAs of " + format_rfc3339(as_of.asked_at) + ": " + as_of.origin.v + ", tree size " +
           std::to_string(as_of.size.v) + ", root " + to_base64(as_of.root.view()) + ", age " +
           std::to_string(as_of.age.count() / 1000) + " s\n" + packed_text(as_of) +
           sources_text(as_of) + check::standing_notice + "\n";
    return out;
}

std::string record_text(const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    std::string out = seen.id().text() + "  " + seen.class_name() + "  " + name_of(seen) + "\n";
    out += "  party " + seen.party().v + ", " + view::name(seen.state(now));
    if (view.charter().parties.size() > 1) {
        // That it is coarse stands in its tier.
        out += ", " + std::string(view::name(seen.tier())) +
               flags_text(seen.flags(now), seen.state(now), view::Flag::coarse);
    }
    out += "\n";
    if (const statement::Protection* p = seen.protection()) {
        for (std::size_t i = 1; i < p->names.size(); ++i) {
            out += "  also " + printable(p->names[i].text) + "\n";
        }
        if (!p->source.empty()) out += "  source " + printable(p->source) + "\n";
        if (!p->ref.empty()) out += "  ref " + printable(p->ref) + "\n";
        if (!p->contact.empty()) out += "  contact " + printable(p->contact) + "\n";
        if (p->reconfirm_by) out += "  reconfirm by " + format_rfc3339(*p->reconfirm_by) + "\n";
        for (const auto& [key, text] : p->texts) out += "  " + printable(key + " " + text) + "\n";
    }
    if (seen.objects()) out += "  " + objection_text(seen) + "\n" + answers_text(view, seen);
    if (const auto presence = presence_at(view, seen, now)) {
        out += "  " + check::presence_text(*presence) + "\n";
    }
    out += legs_text(seen, now);
    for (const view::SeenPlace& place : seen.places(now)) out += place_text(place);
    out += "History:\n";
    for (const view::SeenVersion& v : seen.history()) {
        out += "  " + format_rfc3339(v.time) + "  version " + std::to_string(v.number) + "  " +
               printable(v.act + " by " + v.actor) + "  entry " + std::to_string(v.index.v);
        const std::string until = until_text(v.until);
        out += (until.empty() ? "" : "  " + until) + "\n";
    }
    return out;
}

std::string list_line(const view::Seen& seen, Instant now) {
    statement::Protection room;
    const statement::Protection* p = seen.listed(room);
    if (p == nullptr || p->where.empty()) return {};
    const geo::LatLng center = geo::Prepared(p->where.front().volume.shape).center();
    char start[128];
    (void)std::snprintf(start, sizeof start, "%s  %-13s  %-18s  %11.6f %12.6f  ",
                        seen.id().text().c_str(), seen.class_name().c_str(),
                        view::name(seen.state(now)), center.lat_e7 / 1e7,
                        static_cast<double>(center.lng_e7) / 1e7);
    const statement::Presence* presence = seen.presence();
    return start + (seen.own() ? name_of(seen) : "of " + seen.party().v) +
           (presence != nullptr ? "  presence of group " + presence->group.text() : "") +
           (seen.contested(now) ? "  contested" : "") + "\n";
}

}  // namespace entente::formats
