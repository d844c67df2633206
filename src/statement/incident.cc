// SPDX-License-Identifier: Apache-2.0
#include "statement/incident.h"

#include "base/limits.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {
namespace {

constexpr const char* time_names[time_precision_count] = {"unstated", "minute", "hour", "day",
                                                          "week",     "month",  "year"};
constexpr const char* place_names[place_precision_count] = {"unstated", "exact",  "near",
                                                            "district", "region", "country"};
constexpr const char* damage_names[damage_count] = {"unknown", "none", "damaged", "destroyed"};
constexpr const char* category_names[category_count] = {"unknown", "civilian",     "combatant",
                                                        "medical", "humanitarian", "all"};
constexpr const char* harm_names[harm_count] = {"killed", "injured", "missing"};

Result<void> check_casualties(const Casualties& one) {
    const std::optional<std::int64_t> numbers[] = {one.least, one.best, one.most};
    std::int64_t last = 0;
    bool any = false;
    for (const auto& number : numbers) {
        if (!number) continue;
        if (*number < last) {
            return fail(Errc::malformed, "'least', 'best' and 'most' are counts that do not fall");
        }
        last = *number;
        any = true;
    }
    if (any) return {};
    return fail(Errc::malformed,
                "it says no number: leave it out where nothing is known, say 0 where there were "
                "none");
}

Result<void> check_objects(const std::vector<Affected>& objects) {
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const Affected& one = objects[i];
        if (one.record || !one.name.empty() || !one.what.empty()) continue;
        return fail(Errc::malformed,
                    "object " + std::to_string(i + 1) + " has none of 'record', 'name' and 'what'");
    }
    return {};
}

}  // namespace

Words time_precision_words() {
    return {time_names, time_precision_count, "how well a time is known"};
}
Words place_precision_words() {
    return {place_names, place_precision_count, "how well a place is known"};
}
const char* name(TimePrecision one) { return time_names[static_cast<std::size_t>(one)]; }
const char* name(PlacePrecision one) { return place_names[static_cast<std::size_t>(one)]; }
const char* name(Damage one) { return damage_names[static_cast<std::size_t>(one)]; }
const char* name(Category one) { return category_names[static_cast<std::size_t>(one)]; }
const char* name(Harm one) { return harm_names[static_cast<std::size_t>(one)]; }

void members(Members& m, Affected& affected) {
    m.record("record", affected.record);
    m.line("name", affected.name, Need::may);
    m.line("what", affected.what, Need::may);
    m.word("damage", affected.damage, {damage_names, damage_count, "a damage"});
}

void members(Members& m, Casualties& casualties) {
    m.word("category", casualties.category, {category_names, category_count, "a category"});
    m.word("harm", casualties.harm, {harm_names, harm_count, "what happens to people"});
    m.number("least", casualties.least);
    m.number("best", casualties.best);
    m.number("most", casualties.most);
    m.line("basis", casualties.basis, Need::may);
    m.time("as_of", casualties.as_of);
}

void members(Members& m, Incident& incident) {
    m.line("sort", incident.sort, Need::must);
    m.lines("text", incident.text, limits::said_text_bytes_max, Need::may);
    m.line("language", incident.language, Need::may);
    m.time("from", incident.from);
    m.time("until", incident.until);
    m.word("time_precision", incident.time_precision, time_precision_words());
    m.places("volumes", incident.volumes, limits::places_max);
    m.word("place_precision", incident.place_precision, place_precision_words());
    m.line("place", incident.place, Need::may);
    m.list("objects", incident.objects, objects_max);
    m.list("casualties", incident.casualties, casualties_max);
    m.list("sources", incident.sources, limits::sources_max);
    m.grade("grade", incident.grade);
    m.line("graded_by", incident.graded_by, Need::may);
    m.line("list", incident.list, Need::may);
    m.line("list_id", incident.list_id, Need::may);
    m.line("contact", incident.contact, Need::must);
}

Result<void> validate(const Incident& incident) {
    TRYV(check_said(incident));
    if (!incident.from || !incident.until) {
        return fail(Errc::malformed,
                    "'from' and 'until' are missing: the time that surely holds it, [from, until), "
                    "with 'time_precision'");
    }
    TRYV(check_span(incident.from, incident.until));
    TRYV(check_sources(incident.sources));
    TRYV(check_objects(incident.objects));
    for (std::size_t i = 0; i < incident.casualties.size(); ++i) {
        if (auto good = check_casualties(incident.casualties[i]); !good) {
            return at("casualties " + std::to_string(i + 1), good.error());
        }
    }
    return {};
}

}  // namespace entente::statement
