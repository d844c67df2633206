// SPDX-License-Identifier: Apache-2.0
#include "statement/stop.h"

#include <algorithm>

#include "base/encode.h"
#include "statement/desks.h"
#include "statement/line.h"
#include "statement/stop_codec.h"

namespace entente::statement {

using canon::Object;

Result<void> check_desks(const std::vector<std::string>& desks) {
    if (desks.empty() || desks.size() > desks_max) {
        return fail(Errc::malformed, "'desks' names 1 to desks_max = " + std::to_string(desks_max) +
                                         " duty roles, in the order in which they are called");
    }
    for (const std::string& desk : desks) {
        TRYV(check_line(desk, "desks"));
        if (desk.empty()) return fail(Errc::malformed, "a duty role has no name");
        if (std::count(desks.begin(), desks.end(), desk) > 1) {
            return fail(Errc::malformed, "'desks' names each duty role once");
        }
    }
    return {};
}

canon::Array encode_desks(const std::vector<std::string>& desks) {
    canon::Array out;
    for (const std::string& desk : desks) out.emplace_back(desk);
    return out;
}

Result<std::vector<std::string>> decode_desks(const Fields& fields) {
    TRY(array, fields.array("desks"));
    if (array->size() > desks_max) return fail(Errc::too_large, "more desks than desks_max");
    std::vector<std::string> out;
    for (const canon::Value& value : *array) {
        if (value.text() == nullptr) return fail(Errc::malformed, "'desks' lists texts");
        out.push_back(*value.text());
    }
    return out;
}

void put_stop(const Protection& protection, Object& out) {
    if (!protection.stop) return;
    const Stop& stop = *protection.stop;
    Object said;
    if (stop.activity) {
        said.set("activity", stop.activity->activity.text());
        said.set("entry", to_base64url(stop.activity->entry.view()));
    }
    said.set("desks", encode_desks(stop.desks));
    said.set("text", stop.text);
    said.set("to", stop.to.v);
    out.set("stop", std::move(said));
}

Result<void> read_stop(const Fields& fields, Protection& protection) {
    if (!fields.has("stop")) return {};
    TRY(object, fields.object("stop"));
    const Fields said(*object);
    Stop out;
    TRY(to_text, said.text("to"));
    TRY(to, PartyId::parse(to_text));
    TRY(desks, decode_desks(said));
    TRY(text, said.text("text"));
    if (said.has("activity")) {
        TRY(activity_text, said.text("activity"));
        TRY(activity, RecordId::parse(activity_text));
        TRY(entry, said.hash("entry"));
        out.activity = Stopped{activity, entry};
    }
    out.to = to;
    out.desks = std::move(desks);
    out.text = std::move(text);
    protection.stop = std::move(out);
    return check_stop(protection);
}

Result<void> check_stop(const Protection& protection) {
    const Stop& stop = *protection.stop;
    TRYV(check_desks(stop.desks));
    TRYV(check_lines(stop.text, "text"));
    if (stop.text.empty()) {
        return fail(Errc::malformed, "a STOP says what is wrong: 'text' is empty");
    }
    if (protection.moves() || !protection.vehicles.empty() || protection.objection) {
        return fail(Errc::malformed, "a STOP has no legs, no vehicles and is no objection");
    }
    if (protection.protection_class != ProtectionClass::other || !protection.names.empty()) {
        return fail(Errc::malformed, "a STOP is of class other and has no names");
    }
    const bool bare = std::all_of(
        protection.where.begin(), protection.where.end(),
        [](const geo::Place& place) { return place.buffer == std::optional(Decimetres{0}); });
    if (!bare) return fail(Errc::malformed, "a STOP's places are whole volumes, with buffer 0");
    return {};
}

}  // namespace entente::statement
