// SPDX-License-Identifier: Apache-2.0
#include "statement/recall.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/body_keys.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

constexpr const char* outcome_names[outcome_count] = {"purged", "held", "refused"};
constexpr std::size_t beyond_max = 16;

Result<void> check_text(const std::string& text, const char* what) {
    if (text.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, std::string("'") + what + "' has more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max) + " bytes");
    }
    if (!is_utf8(text)) return fail(Errc::malformed, std::string("'") + what + "' is not UTF-8");
    return {};
}

Result<void> check_count(std::size_t count, const char* what) {
    if (count == 0) return fail(Errc::malformed, std::string("'") + what + "' names at least one");
    if (count <= limits::recall_entries_max) return {};
    return fail(Errc::too_large, std::string("'") + what + "' has more than recall_entries_max = " +
                                     std::to_string(limits::recall_entries_max) + "; make several");
}

Result<void> check_once(std::vector<Hash> leaves, const char* what) {
    std::sort(leaves.begin(), leaves.end());
    if (std::adjacent_find(leaves.begin(), leaves.end()) == leaves.end()) return {};
    return fail(Errc::malformed, std::string("'") + what + "' names an entry twice");
}

Result<void> check_form(const Recall& recall) {
    TRYV(check_count(recall.entries.size(), "entries"));
    TRYV(check_once(recall.entries, "entries"));
    TRYV(check_text(recall.reason, "reason"));
    // The head tells that a newer version exists; with it gone an old one would protect unseen.
    if (recall.slots[0]) return fail(Errc::refused, "a head is not asked back");
    if (!recall.slots[1] && !recall.slots[2]) {
        return fail(Errc::malformed, "'slots' asks for the coarse or the exact body, or both");
    }
    return {};
}

Result<void> check_form(const Purge& purge) {
    TRYV(check_count(purge.outcomes.size(), "outcomes"));
    std::vector<Hash> leaves;
    for (const Purged& one : purge.outcomes) {
        TRYV(check_text(one.reason, "reason"));
        if (one.outcome != Outcome::purged && one.reason.empty()) {
            return fail(Errc::malformed, std::string("'") + name(one.outcome) + "' has a 'reason'");
        }
        leaves.push_back(one.entry);
    }
    TRYV(check_once(std::move(leaves), "outcomes"));
    if (purge.beyond.size() > beyond_max) {
        return fail(Errc::too_large, "'beyond' has more than 16 words");
    }
    for (const std::string& word : purge.beyond) TRYV(check_text(word, "beyond"));
    return {};
}

Result<void> check_said(const BodyKeys& keys, std::size_t bytes) {
    if (keys.version != 1) {
        return fail(Errc::refused, "a recall or purge is version 1 of a record of its own");
    }
    if (bytes <= limits::body_bytes_max) return {};
    return fail(Errc::too_large, "it has " + std::to_string(bytes) +
                                     " bytes, a body at most body_bytes_max = " +
                                     std::to_string(limits::body_bytes_max) + "; make several");
}

Result<Hash> read_hash(const Value& value) {
    if (value.text() == nullptr) return fail(Errc::malformed, "a leaf hash is text");
    return hash_from_base64url(*value.text());
}

Result<std::vector<Hash>> read_entries(const Fields& fields) {
    std::vector<Hash> out;
    TRY(array, fields.array("entries"));
    TRYV(check_count(array->size(), "entries"));
    for (const Value& value : *array) {
        auto leaf = read_hash(value);
        if (!leaf) return at("entries", leaf.error());
        out.push_back(*leaf);
    }
    return out;
}

Result<std::array<bool, slot_count>> read_slots(const Fields& fields) {
    std::array<bool, slot_count> out{};
    TRY(array, fields.array("slots"));
    if (array->size() > slot_count) return fail(Errc::malformed, "'slots' has more than there are");
    for (const Value& value : *array) {
        const std::int64_t number = value.integer() == nullptr ? 0 : *value.integer();
        if (number < 1 || number > static_cast<std::int64_t>(slot_count)) {
            return fail(Errc::malformed, "a slot is 1, 2 or 3");
        }
        out[static_cast<std::size_t>(number - 1)] = true;
    }
    return out;
}

Result<Purged> read_purged(const Value& value) {
    TRY(fields, Fields::of(value, "outcomes"));
    Purged out;
    TRY(entry, fields.hash("entry"));
    TRY(text, fields.text("outcome"));
    TRY(outcome, parse_outcome(text));
    TRY(reason, fields.text_or_empty("reason"));
    return Purged{entry, outcome, std::move(reason)};
}

}  // namespace

const char* name(Outcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

Result<Outcome> parse_outcome(std::string_view text) {
    for (std::size_t i = 0; i < outcome_count; ++i) {
        if (text == outcome_names[i]) return static_cast<Outcome>(i);
    }
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                     "' is no outcome of a recall; they are purged, held, refused");
}

Result<void> validate(const Recall& recall) {
    TRYV(check_form(recall));
    return check_said(recall.keys, encode_recall(recall).size());
}

Result<void> validate(const Purge& purge) {
    TRYV(check_form(purge));
    return check_said(purge.keys, encode_purge(purge).size());
}

Bytes encode_recall(const Recall& recall) {
    Object out;
    put_keys(recall.keys, Slot::exact, out);
    Array entries;
    for (const Hash& leaf : recall.entries) entries.emplace_back(to_base64url(leaf.view()));
    out.set("entries", std::move(entries));
    out.set("of", recall.of.text());
    if (!recall.reason.empty()) out.set("reason", recall.reason);
    Array slots;
    for (std::size_t i = 0; i < recall.slots.size(); ++i) {
        if (recall.slots[i]) slots.emplace_back(static_cast<std::int64_t>(i + 1));
    }
    out.set("slots", std::move(slots));
    out.set("to", recall.to.v);
    return canon::encode(out);
}

Result<Recall> decode_recall(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Recall out;
    TRY(keys, read_keys(fields));
    TRY(to_text, fields.text("to"));
    TRY(to, PartyId::parse(to_text));
    TRY(of_text, fields.text("of"));
    TRY(of, RecordId::parse(of_text));
    TRY(entries, read_entries(fields));
    TRY(slots, read_slots(fields));
    TRY(reason, fields.text_or_empty("reason"));
    out.keys = std::move(keys);
    out.to = std::move(to);
    out.of = of;
    out.entries = std::move(entries);
    out.slots = slots;
    out.reason = std::move(reason);
    TRYV(check_form(out));
    return out;
}

Bytes encode_purge(const Purge& purge) {
    Object out;
    put_keys(purge.keys, Slot::exact, out);
    Array outcomes;
    for (const Purged& one : purge.outcomes) {
        Object object;
        object.set("entry", to_base64url(one.entry.view()));
        object.set("outcome", name(one.outcome));
        if (!one.reason.empty()) object.set("reason", one.reason);
        outcomes.emplace_back(std::move(object));
    }
    Array beyond;
    for (const std::string& word : purge.beyond) beyond.emplace_back(word);
    if (!beyond.empty()) out.set("beyond", std::move(beyond));
    out.set("outcomes", std::move(outcomes));
    out.set("recall", to_base64url(purge.recall.view()));
    out.set("to", purge.to.v);
    return canon::encode(out);
}

Result<Purge> decode_purge(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Purge out;
    TRY(keys, read_keys(fields));
    TRY(to_text, fields.text("to"));
    TRY(to, PartyId::parse(to_text));
    TRY(recall, fields.hash("recall"));
    TRY(outcomes, fields.array("outcomes"));
    TRYV(check_count(outcomes->size(), "outcomes"));
    for (const Value& one : *outcomes) {
        TRY(purged, read_purged(one));
        out.outcomes.push_back(std::move(purged));
    }
    if (fields.has("beyond")) {
        TRY(beyond, fields.array("beyond"));
        for (const Value& word : *beyond) {
            if (word.text() == nullptr) return fail(Errc::malformed, "'beyond' holds words");
            out.beyond.push_back(*word.text());
        }
    }
    out.keys = std::move(keys);
    out.to = std::move(to);
    out.recall = recall;
    TRYV(check_form(out));
    return out;
}

}  // namespace entente::statement
