// SPDX-License-Identifier: Apache-2.0
#include "statement/tear.h"

#include "base/limits.h"
#include "geo/coarse.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {
namespace {

constexpr Duration hour = std::chrono::hours(1);

Instant hour_before(Instant at) {
    const auto since = at.time_since_epoch();
    auto rest = since % hour;
    if (rest < Duration{}) rest += hour;
    return at - rest;
}

std::optional<Instant> hour_after(const std::optional<Instant>& at) {
    if (!at) return std::nullopt;
    const Instant before = hour_before(*at);
    return before == *at ? before : before + hour;
}

}  // namespace

void members(Members& m, Tear& tear) {
    m.line("topic", tear.topic, Need::must);
    m.lines("text", tear.text, limits::said_text_bytes_max, Need::may);
    m.time("from", tear.from);
    m.time("until", tear.until);
    m.places("volumes", tear.volumes, limits::places_max);
    m.grade("grade", tear.grade);
    m.word("time_precision", tear.time_precision, time_precision_words());
    m.word("place_precision", tear.place_precision, place_precision_words());
    m.line("contact", tear.contact, Need::must);
}

Result<void> validate(const Tear& tear) {
    TRYV(check_said(tear, Slot::coarse));
    return check_span(tear.from, tear.until);
}

Tear tear(const TearOf& of, std::string text, const std::vector<geo::Place>& earlier) {
    Tear out;
    out.topic = of.topic;
    out.text = std::move(text);
    out.contact = of.contact;
    out.grade = of.grade;
    out.time_precision = of.time_precision;
    out.place_precision = of.place_precision;
    if (of.from) out.from = hour_before(*of.from);
    out.until = hour_after(of.until);
    for (const geo::Place& place : *of.volumes) {
        const Metres known = place.accuracy ? metres(*place.accuracy) : Metres{0};
        geo::Place area;
        const std::size_t i = out.volumes.size();
        const auto* before =
            i < earlier.size() ? std::get_if<geo::Area>(&earlier[i].volume.shape) : nullptr;
        const bool stays =
            before != nullptr && geo::area_covers(*before, place.volume.shape, known);
        area.volume.shape = stays ? *before : geo::coarse_area(place.volume.shape, known);
        area.volume.window = {place.volume.window.start, place.volume.window.end};
        if (area.volume.window.start) {
            area.volume.window.start = hour_before(*area.volume.window.start);
        }
        area.volume.window.end = hour_after(area.volume.window.end);
        out.volumes.push_back(std::move(area));
    }
    return out;
}

}  // namespace entente::statement
