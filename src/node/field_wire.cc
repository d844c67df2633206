// SPDX-License-Identifier: Apache-2.0
#include "node/field_wire.h"

#include "base/encode.h"
#include "base/limits.h"
#include "node/exchange_state.h"
#include "statement/fields.h"
#include "statement/where.h"

namespace entente::node {
namespace {

using statement::Fields;
using statement::canon::Array;
using statement::canon::Object;
using statement::canon::Value;

constexpr std::size_t about_bytes_max = 1024 * 1024;
constexpr std::size_t steps_max = 4096;  // of one log's finality

std::int64_t number(std::uint64_t v) { return static_cast<std::int64_t>(v); }

Object encode_given(const FieldWish& given) {
    Object out;
    out.set("at", statement::encode_point(given.area.center));
    out.set("device", given.device);
    out.set("from", millis(*given.window.start));
    out.set("key", to_base64url(given.key.view()));
    out.set("margin", given.margin.v);
    out.set("radius", given.area.radius.v);
    out.set("until", millis(*given.window.end));
    return out;
}

Object encode_source(const check::Source& source) {
    Object out;
    out.set("absent", source.absent);
    if (source.beat) out.set("beat", millis(*source.beat));
    out.set("forked", source.forked);
    out.set("missing", number(source.missing));
    out.set("missing_code", source.missing_code);
    out.set("origin", source.origin.v);
    out.set("party", source.party.v);
    if (source.received) out.set("received", millis(*source.received));
    out.set("released", number(source.released.v));
    out.set("released_root", to_base64url(source.released_root.view()));
    out.set("root", to_base64url(source.root.view()));
    out.set("size", number(source.size.v));
    if (source.unlogged.count() > 0) {
        Array stops;
        for (const auto& places : source.unlogged.stops) {
            stops.emplace_back(statement::encode_where(places));
        }
        out.set("stops", std::move(stops));
        out.set("stops_unread", number(source.unlogged.unread));
    }
    return out;
}

Object encode_log(const FieldLog& log) {
    Object out;
    Array steps;
    for (const auto& step : log.finality) {
        steps.emplace_back(Array{number(step.size.v), millis(step.at)});
    }
    out.set("final", std::move(steps));
    if (log.forked) out.set("forked", number(log.forked->v));
    out.set("origin", log.origin.v);
    out.set("party", log.party.v);
    return out;
}

/// A size or count: never negative.
Result<std::uint64_t> count(const Fields& fields, const char* key) {
    TRY(v, fields.integer(key));
    if (v < 0) return fail(Errc::malformed, std::string("'") + key + "' is not negative");
    return static_cast<std::uint64_t>(v);
}

Result<PartyId> party(const Fields& fields) {
    TRY(text, fields.text("party"));
    return PartyId::parse(text);
}

Result<FieldWish> decode_given(const Object& object) {
    const Fields fields(object);
    TRY(array, fields.array("at"));
    TRY(center, statement::decode_point(*array));
    TRY(device, fields.text("device"));
    TRY(from, fields.integer("from"));
    TRY(key_hash, fields.hash("key"));
    TRY(key, SealingKey::from(key_hash.view()));
    TRY(margin, fields.integer("margin"));
    TRY(radius, fields.integer("radius"));
    TRY(until, fields.integer("until"));
    if (radius < 0 || radius > field_radius_dm_max || margin < 0 ||
        margin > limits::margin_dm_max || from >= until) {
        return fail(Errc::malformed, "a field pack's area, margin or window is beyond its limit");
    }
    return FieldWish{device, key, {center, {radius}}, {instant(from), instant(until)}, {margin}};
}

Result<check::Source> decode_source(const Value& value) {
    TRY(fields, Fields::of(value, "sources"));
    check::Source out;
    TRY(absent, fields.boolean("absent"));
    TRY(beat, fields.optional_time("beat"));
    TRY(forked, fields.boolean("forked"));
    TRY(missing, count(fields, "missing"));
    TRY(code, fields.text("missing_code"));
    TRY(origin, fields.text("origin"));
    TRY(id, party(fields));
    TRY(received, fields.optional_time("received"));
    TRY(released, count(fields, "released"));
    TRY(released_root, fields.hash("released_root"));
    TRY(root, fields.hash("root"));
    TRY(size, count(fields, "size"));
    check::Unlogged unlogged;
    if (fields.has("stops")) {
        TRY(stops, fields.array("stops"));
        for (const Value& stop : *stops) {
            if (stop.array() == nullptr) return fail(Errc::malformed, "a STOP has no places");
            TRY(places, statement::decode_where(*stop.array()));
            unlogged.stops.push_back(std::move(places));
        }
        TRY(unread, count(fields, "stops_unread"));
        unlogged.unread = unread;
    }
    return check::Source{id,         {origin},      {size},  root, beat,     received,
                         {released}, released_root, missing, code, std::move(unlogged), forked,
                         absent};
}

Result<FieldLog> decode_log(const Value& value) {
    TRY(fields, Fields::of(value, "logs"));
    FieldLog out;
    TRY(steps, fields.array("final"));
    if (steps->size() > steps_max) return fail(Errc::too_large, "too many steps of finality");
    for (const Value& step : *steps) {
        const Array* pair = step.array();
        if (pair == nullptr || pair->size() != 2 || (*pair)[0].integer() == nullptr ||
            (*pair)[1].integer() == nullptr || *(*pair)[0].integer() < 0) {
            return fail(Errc::malformed, "a step of finality is a size and a time");
        }
        out.finality.push_back(
            {{static_cast<std::uint64_t>(*(*pair)[0].integer())}, instant(*(*pair)[1].integer())});
    }
    if (fields.has("forked")) {
        TRY(size, count(fields, "forked"));
        out.forked = TreeSize{size};
    }
    TRY(origin, fields.text("origin"));
    TRY(id, party(fields));
    out.origin = {origin};
    out.party = id;
    return out;
}

Result<check::AsOf> decode_as_of(const Fields& fields) {
    check::AsOf out;
    TRY(charter, fields.hash("charter"));
    TRY(origin, fields.text("origin"));
    TRY(id, party(fields));
    TRY(root, fields.hash("root"));
    TRY(size, count(fields, "size"));
    TRY(sources, fields.array("sources"));
    for (const Value& one : *sources) {
        TRY(source, decode_source(one));
        out.sources.push_back(std::move(source));
    }
    out.charter = charter;
    out.origin = {origin};
    out.party = id;
    out.root = root;
    out.size = {size};
    return out;
}

}  // namespace

Bytes encode_field_about(const FieldAbout& about) {
    Array logs, sources;
    for (const FieldLog& log : about.logs) logs.emplace_back(encode_log(log));
    for (const auto& source : about.as_of.sources) sources.emplace_back(encode_source(source));
    Object out;
    out.set("charter", to_base64url(about.as_of.charter.view()));
    out.set("given", encode_given(about.given));
    out.set("logs", std::move(logs));
    out.set("made", millis(about.made));
    out.set("origin", about.as_of.origin.v);
    out.set("party", about.as_of.party.v);
    out.set("root", to_base64url(about.as_of.root.view()));
    out.set("size", number(about.as_of.size.v));
    out.set("sources", std::move(sources));
    out.set("unplaced", number(about.unplaced));
    return statement::canon::encode(std::move(out));
}

Result<FieldAbout> decode_field_about(BytesView bytes) {
    TRY(value, statement::canon::decode(bytes, about_bytes_max));
    TRY(fields, Fields::of(value, "a field pack"));
    FieldAbout out;
    TRY(given, fields.object("given"));
    TRY(wish, decode_given(*given));
    TRY(logs, fields.array("logs"));
    if (logs->empty()) return fail(Errc::malformed, "a field pack has at least its party's log");
    for (const Value& one : *logs) {
        TRY(log, decode_log(one));
        out.logs.push_back(std::move(log));
    }
    TRY(made, fields.integer("made"));
    TRY(as_of, decode_as_of(fields));
    TRY(unplaced, count(fields, "unplaced"));
    out.given = std::move(wish);
    out.made = instant(made);
    out.as_of = std::move(as_of);
    out.unplaced = unplaced;
    return out;
}

void append_field_entry(Bytes& out, const FieldEntry& entry) {
    out += "e " + std::to_string(entry.log) + " " + std::to_string(entry.index.v) + "\n" +
           entry.entry + "\n";
    for (std::size_t slot = 0; slot < entry.bodies.size(); ++slot) {
        if (!entry.bodies[slot]) continue;
        out += "b " + std::to_string(slot + 1) + " " +
               to_base64url(entry.bodies[slot]->salt.view()) + "\n" + entry.bodies[slot]->body +
               "\n";
    }
}

namespace {

/// Takes the text up to the next `end` and the `end` itself.
Result<BytesView> up_to(BytesView& rest, char end) {
    const std::size_t at = rest.find(end);
    if (at == BytesView::npos) return fail(Errc::malformed, "a field pack's entries are cut short");
    const BytesView out = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return out;
}

Result<void> take_body(BytesView& rest, FieldEntry& entry) {
    TRY(slot_text, up_to(rest, ' '));
    TRY(slot, parse_number(slot_text));
    TRY(salt_text, up_to(rest, '\n'));
    TRY(salt, hash_from_base64url(salt_text));
    TRY(body, up_to(rest, '\n'));
    if (slot < 1 || slot > seal::slot_count || entry.bodies[slot - 1] ||
        body.size() > limits::body_bytes_max) {
        return fail(Errc::malformed, "a field pack's body stands in no slot that it may");
    }
    entry.bodies[slot - 1] = seal::SaltedBody{salt, Bytes(body)};
    return {};
}

}  // namespace

Result<std::vector<FieldEntry>> parse_field_entries(BytesView bytes) {
    std::vector<FieldEntry> out;
    while (!bytes.empty()) {
        TRY(what, up_to(bytes, ' '));
        if (what == "b" && !out.empty()) {
            TRYV(take_body(bytes, out.back()));
            continue;
        }
        if (what != "e") return fail(Errc::malformed, "a field pack's line is no entry's");
        TRY(log_text, up_to(bytes, ' '));
        TRY(log, parse_number(log_text));
        TRY(index_text, up_to(bytes, '\n'));
        TRY(index, parse_number(index_text));
        TRY(entry, up_to(bytes, '\n'));
        if (log >= limits::parties_max * 2 || entry.size() > limits::entry_bytes_max ||
            out.size() == field_lines_max) {
            return fail(Errc::too_large, "a field pack's entry is beyond its limits");
        }
        out.push_back({static_cast<registry::LogNumber>(log), {index}, Bytes(entry), {}});
    }
    return out;
}

}  // namespace entente::node
