// SPDX-License-Identifier: Apache-2.0
#include "statement/protection.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "statement/body.h"
#include "statement/fields.h"
#include "statement/movement_codec.h"
#include "statement/objection_codec.h"
#include "statement/presence_codec.h"
#include "statement/protection_codec.h"
#include "statement/stop_codec.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

constexpr const char* class_names[protection_class_count] = {
    "hospital", "clinic",  "ambulance", "safety_zone", "un_site",    "detention", "civil_defence",
    "cultural", "dam",     "nuclear",   "power",       "water",      "food",      "school",
    "camp",     "worship", "relief",    "journalists", "group_area", "other",
};

bool is_text_field(std::string_view key) {
    const auto& known = text_field_names();
    return std::find(known.begin(), known.end(), key) != known.end() ||
           (key.starts_with("x_") && canon::is_key(key));
}

Result<std::vector<Name>> read_names(const Array& array) {
    if (array.size() > limits::names_max) {
        return fail(Errc::too_large, "more names than names_max");
    }
    std::vector<Name> names;
    for (const Value& value : array) {
        TRY(fields, Fields::of(value, "name"));
        TRY(text, fields.text("text"));
        TRY(language, fields.text_or_empty("language"));
        TRY(script, fields.text_or_empty("script"));
        names.push_back({std::move(text), std::move(language), std::move(script)});
    }
    return names;
}

Result<void> validate_text(const std::string& what, const std::string& text) {
    if (text.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, what + " has " + std::to_string(text.size()) +
                                         " bytes, more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max));
    }
    if (!is_utf8(text)) return fail(Errc::malformed, what + " is not UTF-8");
    if (text.find('\0') != std::string::npos) {
        return fail(Errc::malformed, what + " has a zero byte in it");
    }
    return {};
}

}  // namespace

const char* name(ProtectionClass c) { return class_names[static_cast<std::size_t>(c)]; }

Result<ProtectionClass> parse_class(std::string_view text) {
    std::string known;
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        if (text == class_names[i]) return static_cast<ProtectionClass>(i);
        known += std::string(i == 0 ? "" : ", ") + class_names[i];
    }
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 60)) +
                                     "' is not a class; the classes are " + known);
}

const std::vector<std::string>& text_field_names() {
    static const std::vector<std::string> names = {
        "registrant",
        "operator",
        "function",
        "legal_basis",
        "emblem",
        "located_by",
        "coordinate_text",
        "datum",
        "marking_roof",
        "marking_wall",
        "marking_thermal",
        "marking_lit",
        "verified_by",
        "verified_how",
        "sensitivity",
        "note",
        "cargo",
        "comms",
        "people",
        "tracker",
        automatic_reply_field,
    };
    return names;
}

Object protection_object(const Protection& protection) {
    Object out;
    out.set("class", name(protection.protection_class));
    if (!protection.contact.empty()) out.set("contact", protection.contact);
    Array names;
    for (const Name& one : protection.names) {
        Object entry;
        if (!one.language.empty()) entry.set("language", one.language);
        if (!one.script.empty()) entry.set("script", one.script);
        entry.set("text", one.text);
        names.emplace_back(std::move(entry));
    }
    if (!names.empty()) out.set("names", std::move(names));
    if (protection.reconfirm_by) out.set("reconfirm_by", millis(*protection.reconfirm_by));
    if (!protection.ref.empty()) out.set("ref", protection.ref);
    if (!protection.source.empty()) out.set("source", protection.source);
    for (const auto& [key, text] : protection.texts) out.set(key, text);
    put_legs(protection, out);
    put_objection(protection, out);
    put_stop(protection, out);
    put_presence(protection, out);
    out.set("where", encode_where(protection.where));
    return out;
}

Result<Protection> read_protection(const Object& object) {
    const Fields fields(object);
    Protection out;
    TRY(class_text, fields.text("class"));
    TRY(protection_class, parse_class(class_text));
    TRY(contact, fields.text_or_empty("contact"));
    TRY(reconfirm_by, fields.optional_time("reconfirm_by"));
    TRY(ref, fields.text_or_empty("ref"));
    TRY(source, fields.text_or_empty("source"));
    if (fields.has("names")) {
        TRY(array, fields.array("names"));
        TRY(names, read_names(*array));
        out.names = std::move(names);
    }
    TRY(where_array, fields.array("where"));
    TRY(where, decode_where(*where_array));
    for (const auto& [key, value] : fields.members()) {
        if (is_text_field(key) && value.text() != nullptr) out.texts.emplace(key, *value.text());
    }
    out.protection_class = protection_class;
    out.contact = std::move(contact);
    out.reconfirm_by = reconfirm_by;
    out.ref = std::move(ref);
    out.source = std::move(source);
    out.where = std::move(where);
    TRYV(read_legs(fields, out));
    TRYV(read_objection(fields, out));
    TRYV(read_stop(fields, out));
    TRYV(read_presence(fields, out));
    return out;
}

Result<void> validate(const Protection& protection) {
    if (protection.where.empty() || protection.where.size() > limits::places_max) {
        return fail(Errc::too_large, "a protection has 1 to places_max = " +
                                         std::to_string(limits::places_max) + " places");
    }
    for (const geo::Place& place : protection.where) TRYV(geo::validate(place));
    if (protection.moves()) TRYV(check_legs(protection));
    if (protection.objection) TRYV(check_objection(protection));
    if (protection.stop) TRYV(check_stop(protection));
    if (protection.presence) TRYV(check_presence(protection));
    if (!protection.moves() && !protection.vehicles.empty()) {
        return fail(Errc::malformed, "only a movement has vehicles: it has legs too");
    }
    if (protection.names.size() > limits::names_max) {
        return fail(Errc::too_large,
                    "more names than names_max = " + std::to_string(limits::names_max));
    }
    for (const Name& one : protection.names) {
        if (one.text.empty()) return fail(Errc::malformed, "a name is empty");
        for (const std::string* text : {&one.text, &one.language, &one.script}) {
            TRYV(validate_text("a name", *text));
        }
    }
    TRYV(validate_text("ref", protection.ref));
    TRYV(validate_text("source", protection.source));
    TRYV(validate_text("contact", protection.contact));
    for (const auto& [key, text] : protection.texts) {
        if (!is_text_field(key)) {
            return fail(Errc::malformed, "'" + key +
                                             "' is not a field of a protection; own fields "
                                             "begin with x_ and use a-z, 0-9 and _");
        }
        TRYV(validate_text(key, text));
        if (key == automatic_reply_field && text != automatic_reply_coarse) {
            return fail(Errc::malformed,
                        "'automatic_reply' is 'coarse', or left out: then no node says by itself "
                        "that this record is touched");
        }
    }
    if (content(protection).size() > limits::body_bytes_max - limits::body_keys_bytes_max) {
        return fail(Errc::too_large, "its text and shape together exceed body_bytes_max = " +
                                         std::to_string(limits::body_bytes_max));
    }
    return {};
}

}  // namespace entente::statement
