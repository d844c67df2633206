// SPDX-License-Identifier: Apache-2.0
#include "statement/objection.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/objection_codec.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

Result<void> check_grounds(const std::string& grounds) {
    if (grounds.empty()) return fail(Errc::malformed, "an objection says its grounds");
    if (grounds.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, "the grounds have more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max) + " bytes");
    }
    if (!is_utf8(grounds) || grounds.find('\0') != std::string::npos) {
        return fail(Errc::malformed, "the grounds are not UTF-8, or have a zero byte in them");
    }
    return {};
}

Result<void> check_found(std::vector<Hash> found) {
    if (found.size() > found_max) {
        return fail(Errc::too_large, "an objection rests on at most found_max = " +
                                         std::to_string(found_max) + " statements");
    }
    std::sort(found.begin(), found.end());
    if (std::adjacent_find(found.begin(), found.end()) != found.end()) {
        return fail(Errc::malformed, "what an objection rests on is named once");
    }
    return {};
}

Result<Hash> hash_of(const Value& value) {
    if (value.text() == nullptr) return fail(Errc::malformed, "'found' lists leaf hashes");
    return hash_from_base64url(*value.text());
}

}  // namespace

void put_objection(const Protection& protection, Object& out) {
    if (!protection.objection) return;
    const Objection& objection = *protection.objection;
    Object said;
    said.set("activity", objection.activity.text());
    if (objection.automatic) said.set("automatic", true);
    said.set("entry", to_base64url(objection.entry.view()));
    Array found;
    for (const Hash& leaf : objection.found) found.emplace_back(to_base64url(leaf.view()));
    if (!found.empty()) said.set("found", std::move(found));
    said.set("grounds", objection.grounds);
    out.set("objection", std::move(said));
}

Result<void> read_objection(const Fields& fields, Protection& protection) {
    if (!fields.has("objection")) return {};
    TRY(object, fields.object("objection"));
    const Fields said(*object);
    Objection out;
    TRY(activity_text, said.text("activity"));
    TRY(activity, RecordId::parse(activity_text));
    TRY(entry, said.hash("entry"));
    TRY(grounds, said.text("grounds"));
    if (said.has("found")) {
        TRY(found, said.array("found"));
        if (found->size() > found_max) return fail(Errc::too_large, "more found than found_max");
        for (const Value& value : *found) {
            TRY(leaf, hash_of(value));
            out.found.push_back(leaf);
        }
    }
    if (said.has("automatic")) {
        TRY(automatic, said.boolean("automatic"));
        if (!automatic) return fail(Errc::malformed, "'automatic' is true, or absent");
        out.automatic = true;
    }
    out.activity = activity;
    out.entry = entry;
    out.grounds = std::move(grounds);
    protection.objection = std::move(out);
    return check_objection(protection);
}

Result<void> check_objection(const Protection& protection) {
    TRYV(check_grounds(protection.objection->grounds));
    TRYV(check_found(protection.objection->found));
    if (protection.moves() || !protection.vehicles.empty()) {
        return fail(Errc::malformed, "an objection has no legs and no vehicles");
    }
    if (protection.protection_class != ProtectionClass::other || !protection.names.empty()) {
        return fail(Errc::malformed, "an objection is of class other and has no names");
    }
    const bool as_planned = std::all_of(
        protection.where.begin(), protection.where.end(),
        [](const geo::Place& place) { return place.buffer == std::optional(Decimetres{0}); });
    if (!as_planned) {
        return fail(Errc::malformed, "an objection's places are the activity's, with buffer 0");
    }
    return {};
}

}  // namespace entente::statement
