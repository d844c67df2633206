// SPDX-License-Identifier: Apache-2.0
#include "statement/tear.h"

#include "base/limits.h"
#include "geo/coarse.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {
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
    const geo::Window hours = geo::whole_hours({of.from, of.until});
    out.from = hours.start;
    out.until = hours.end;
    for (const geo::Place& place : *of.volumes) {
        const Metres known = place.accuracy ? metres(*place.accuracy) : Metres{0};
        const std::size_t i = out.volumes.size();
        const geo::Shape* before = i < earlier.size() ? &earlier[i].volume.shape : nullptr;
        out.volumes.push_back({geo::coarse_volume(place.volume, known, before), {}, {}});
    }
    return out;
}

}  // namespace entente::statement
