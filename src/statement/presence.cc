// SPDX-License-Identifier: Apache-2.0
#include "statement/presence.h"

#include <algorithm>
#include <set>
#include <string>

#include "statement/presence_codec.h"

namespace entente::statement {

using canon::Object;

void put_presence(const Protection& protection, Object& out) {
    if (!protection.presence) return;
    const Presence& presence = *protection.presence;
    Object said;
    said.set("grade", grade_text(presence.grade));
    said.set("group", presence.group.text());
    if (presence.sponsor) said.set("sponsor", presence.sponsor->v);
    out.set("presence", std::move(said));
}

Result<void> read_presence(const Fields& fields, Protection& protection) {
    if (!fields.has("presence")) return {};
    TRY(object, fields.object("presence"));
    const Fields said(*object);
    Presence out;
    TRY(grade_text, said.text("grade"));
    TRY(grade, parse_grade(grade_text));
    TRY(group, said.record("group"));
    if (said.has("sponsor")) {
        TRY(sponsor_text, said.text("sponsor"));
        TRY(sponsor, PartyId::parse(sponsor_text));
        out.sponsor = sponsor;
    }
    out.grade = grade;
    out.group = group;
    protection.presence = std::move(out);
    return check_presence(protection);
}

namespace {

/// Whether it is said from when to when, and for no longer than presence_span_max.
bool is_short(const geo::Place& place) {
    const geo::Window& window = place.volume.window;
    return window.start && window.end && *window.end - *window.start <= presence_span_max;
}

/// A name of the area in each language, and nothing that says who or how many are there.
Result<void> check_names_nobody(const Protection& protection) {
    std::set<std::string> languages;
    for (const Name& one : protection.names) {
        if (languages.insert(one.language).second) continue;
        return fail(Errc::malformed,
                    "a presence has the area's name, in each language once: it lists no members");
    }
    if (!protection.texts.contains("people")) return {};
    return fail(Errc::malformed, "a presence does not say who is there: 'people' is left out");
}

}  // namespace

Result<void> check_presence(const Protection& protection) {
    if (protection.moves() || !protection.vehicles.empty() || protection.objects()) {
        return fail(Errc::malformed,
                    "a presence has no legs and no vehicles, and is no objection and no STOP");
    }
    if (protection.protection_class != ProtectionClass::group_area) {
        return fail(Errc::malformed, "a presence is of class group_area");
    }
    TRYV(check_names_nobody(protection));
    if (!std::all_of(protection.where.begin(), protection.where.end(), is_short)) {
        return fail(Errc::malformed,
                    "a presence says from when and until when, at most 14 days later; whoever "
                    "still is there then is said once more");
    }
    return {};
}

}  // namespace entente::statement
