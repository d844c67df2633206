// SPDX-License-Identifier: Apache-2.0
#include "statement/receipt.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "geo/compass.h"
#include "statement/body_keys.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

constexpr const char* rung_names[rung_count] = {"offered", "received", "opened",    "read_back",
                                                "loaded",  "passed",   "confirmed", "refused"};
constexpr std::int64_t distance_dm_max = 201'000'000;  // half of the Earth's circumference

Result<void> check_text(const std::string& text, const char* what) {
    if (text.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, std::string("'") + what + "' has more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max) + " bytes");
    }
    if (!is_utf8(text)) return fail(Errc::malformed, std::string("'") + what + "' is not UTF-8");
    return {};
}

Result<void> check_count(std::size_t count, std::size_t most, const char* what) {
    if (count <= most) return {};
    return fail(Errc::too_large, std::string("a receipt has at most ") + std::to_string(most) +
                                     " " + what + ", not " + std::to_string(count) +
                                     "; make several");
}

Result<void> check_read_back(const ReadBack& one) {
    TRYV(check_text(one.near, "near"));
    if (one.bearing < 0 || one.bearing > 359) {
        return fail(Errc::malformed, "a bearing is 0 to 359 degrees");
    }
    if (one.distance.v < 0 || one.distance.v > distance_dm_max) {
        return fail(Errc::malformed, "a distance is 0 to half the Earth's circumference");
    }
    return {};
}

/// What holds of every receipt, said or read.
Result<void> check_form(const Receipt& receipt) {
    TRYV(check_count(receipt.exceptions.size(), limits::receipt_exceptions_max, "exceptions"));
    TRYV(check_count(receipt.entries.size(), limits::receipt_entries_max, "entries"));
    TRYV(check_count(receipt.read_back.size(), limits::read_backs_max, "read-backs"));
    TRYV(check_text(receipt.unit, "unit"));
    TRYV(check_text(receipt.voice, "voice"));
    TRYV(check_text(receipt.reason, "reason"));
    for (const ReadBack& one : receipt.read_back) TRYV(check_read_back(one));
    const auto& exceptions = receipt.exceptions;
    if (std::adjacent_find(exceptions.begin(), exceptions.end(), std::greater_equal<>()) !=
        exceptions.end()) {
        return fail(Errc::malformed, "'exceptions' are in ascending order, each once");
    }
    if (receipt.entries.empty() && !receipt.list) {
        return fail(Errc::malformed, "a receipt is for a 'list' or for 'entries'");
    }
    if (!exceptions.empty() && (!receipt.entries.empty() || !receipt.list)) {
        return fail(Errc::malformed, "'exceptions' are those of a whole 'list'");
    }
    const bool rung_of_held = receipt.rung == Rung::received || receipt.rung == Rung::passed;
    if (receipt.held && (!receipt.list || !receipt.entries.empty() || !rung_of_held)) {
        return fail(Errc::malformed, "what is 'held' for another is a 'list', received or passed");
    }
    return {};
}

Object encode_read_back(const ReadBack& one) {
    Object out;
    out.set("at", encode_point(one.at));
    out.set("bearing", one.bearing);
    out.set("body", to_base64url(one.body.view()));
    out.set("distance", one.distance.v);
    out.set("entry", to_base64url(one.entry.view()));
    out.set("near", one.near);
    return out;
}

Result<ReadBack> decode_read_back(const Value& value) {
    TRY(fields, Fields::of(value, "read_back"));
    ReadBack out;
    TRY(at_array, fields.array("at"));
    TRY(point, decode_point(*at_array));
    TRY(bearing, fields.integer("bearing"));
    TRY(body, fields.hash("body"));
    TRY(distance, fields.integer("distance"));
    TRY(entry, fields.hash("entry"));
    TRY(near, fields.text("near"));
    if (bearing < 0 || bearing > 359) {
        return fail(Errc::malformed, "a bearing is 0 to 359 degrees");
    }
    return ReadBack{entry, body, point, near, {distance}, static_cast<int>(bearing)};
}

/// An optional array, read one by one.
template <class T, class Read>
Result<std::vector<T>> read_list(const Fields& fields, const char* key, std::size_t most,
                                 Read read) {
    std::vector<T> out;
    if (!fields.has(key)) return out;
    TRY(array, fields.array(key));
    TRYV(check_count(array->size(), most, key));
    for (const Value& value : *array) {
        Result<T> one = read(value);
        if (!one) return at(key, one.error());
        out.push_back(*std::move(one));
    }
    return out;
}

Object encode_held(const HeldFor& held) {
    Object out;
    out.set("at", millis(held.at));
    out.set("for", held.recipient.v);
    out.set("hash", to_base64url(held.hash.view()));
    return out;
}

Result<HeldFor> decode_held(const Object& object) {
    const Fields fields(object);
    TRY(at, fields.integer("at"));
    TRY(party_text, fields.text("for"));
    TRY(party, PartyId::parse(party_text));
    TRY(hash, fields.hash("hash"));
    return HeldFor{std::move(party), instant(at), hash};
}

Result<EntryIndex> read_index(const Value& value) {
    if (value.integer() == nullptr || *value.integer() < 0) {
        return fail(Errc::malformed, "an entry's index is a whole number");
    }
    return EntryIndex{static_cast<std::uint64_t>(*value.integer())};
}

Result<Hash> read_hash(const Value& value) {
    if (value.text() == nullptr) return fail(Errc::malformed, "a leaf hash is text");
    return hash_from_base64url(*value.text());
}

Result<void> read_texts(const Fields& fields, Receipt& receipt) {
    TRY(to, fields.text("to"));
    TRY(party, PartyId::parse(to));
    TRY(rung_text, fields.text("rung"));
    TRY(rung, parse_rung(rung_text));
    TRY(unit, fields.text_or_empty("unit"));
    TRY(voice, fields.text_or_empty("voice"));
    TRY(reason, fields.text_or_empty("reason"));
    receipt.to = std::move(party);
    receipt.rung = rung;
    receipt.unit = std::move(unit);
    receipt.voice = std::move(voice);
    receipt.reason = std::move(reason);
    return {};
}

}  // namespace

const char* name(Rung rung) { return rung_names[static_cast<std::size_t>(rung)]; }

Result<Rung> parse_rung(std::string_view text) {
    std::string known;
    for (std::size_t i = 0; i < rung_count; ++i) {
        if (text == rung_names[i]) return static_cast<Rung>(i);
        known += (i == 0 ? "" : ", ") + std::string(rung_names[i]);
    }
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                     "' is no rung of a receipt; the rungs are " + known);
}

std::string near_text(const ReadBack& read) {
    if (read.near.empty()) return {};
    const std::int64_t hundreds = (read.distance.v + 500) / 1000;  // of metres
    if (hundreds == 0) return "in " + read.near;
    return std::to_string(hundreds / 10) + "." + std::to_string(hundreds % 10) + " km " +
           geo::compass({static_cast<double>(read.bearing)}) + " of " + read.near;
}

Result<void> validate(const Receipt& receipt) {
    TRYV(check_form(receipt));
    if (receipt.keys.version != 1) {
        return fail(Errc::refused, "a receipt is version 1 of a record of its own");
    }
    const bool by_unit = receipt.rung == Rung::passed || receipt.rung == Rung::confirmed;
    if (by_unit && receipt.unit.empty()) {
        return fail(Errc::refused, std::string("'") + name(receipt.rung) +
                                       "' names the unit's role that it went to");
    }
    if (receipt.rung == Rung::refused && receipt.reason.empty()) {
        return fail(Errc::refused, "'refused' gives its reason");
    }
    if (receipt.rung == Rung::read_back && receipt.read_back.empty()) {
        return fail(Errc::refused, "'read_back' holds what was read back");
    }
    const std::size_t size = encode_receipt(receipt).size();
    if (size > limits::body_bytes_max) {
        return fail(Errc::too_large, "the receipt has " + std::to_string(size) +
                                         " bytes, a body at most body_bytes_max = " +
                                         std::to_string(limits::body_bytes_max) + "; make several");
    }
    return {};
}

Bytes encode_receipt(const Receipt& receipt) {
    Object out;
    put_keys(receipt.keys, Slot::exact, out);
    out.set("to", receipt.to.v);
    out.set("rung", name(receipt.rung));
    if (receipt.list) out.set("list", encode_log_head(*receipt.list));
    Array exceptions;
    for (const EntryIndex& index : receipt.exceptions) {
        exceptions.emplace_back(static_cast<std::int64_t>(index.v));
    }
    if (!exceptions.empty()) out.set("exceptions", std::move(exceptions));
    Array entries;
    for (const Hash& leaf : receipt.entries) entries.emplace_back(to_base64url(leaf.view()));
    if (!entries.empty()) out.set("entries", std::move(entries));
    if (!receipt.unit.empty()) out.set("unit", receipt.unit);
    if (!receipt.voice.empty()) out.set("voice", receipt.voice);
    if (!receipt.reason.empty()) out.set("reason", receipt.reason);
    Array read_back;
    for (const ReadBack& one : receipt.read_back) read_back.emplace_back(encode_read_back(one));
    if (!read_back.empty()) out.set("read_back", std::move(read_back));
    if (receipt.held) out.set("held", encode_held(*receipt.held));
    return canon::encode(out);
}

Result<Receipt> decode_receipt(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Receipt out;
    TRY(keys, read_keys(fields));
    out.keys = std::move(keys);
    TRYV(read_texts(fields, out));
    if (fields.has("list")) {
        TRY(object, fields.object("list"));
        TRY(list, decode_log_head(*object));
        out.list = list;
    }
    if (fields.has("held")) {
        TRY(object, fields.object("held"));
        TRY(held, decode_held(*object));
        out.held = std::move(held);
    }
    TRY(exceptions,
        read_list<EntryIndex>(fields, "exceptions", limits::receipt_exceptions_max, read_index));
    TRY(entries, read_list<Hash>(fields, "entries", limits::receipt_entries_max, read_hash));
    TRY(read_back,
        read_list<ReadBack>(fields, "read_back", limits::read_backs_max, decode_read_back));
    out.exceptions = std::move(exceptions);
    out.entries = std::move(entries);
    out.read_back = std::move(read_back);
    TRYV(check_form(out));
    return out;
}

}  // namespace entente::statement
