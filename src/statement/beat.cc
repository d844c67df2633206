// SPDX-License-Identifier: Apache-2.0
#include "statement/beat.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/fields.h"

namespace entente::statement {
namespace {

std::string key_of(const PartyId& party) {
    std::string key = party.v;
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

Result<PartyId> party_of(std::string key) {
    std::replace(key.begin(), key.end(), '_', '-');
    return PartyId::parse(key);
}

Result<void> check_count(const canon::Object& object, const char* what) {
    if (object.members().size() <= limits::parties_max) return {};
    return fail(Errc::too_large, std::string("'") + what + "' names more than parties_max = " +
                                     std::to_string(limits::parties_max) + " parties");
}

}  // namespace

canon::Object encode_log_head(const LogHead& head) {
    canon::Object out;
    out.set("root", to_base64url(head.root.view()));
    out.set("size", static_cast<std::int64_t>(head.size.v));
    return out;
}

Result<LogHead> decode_log_head(const canon::Object& object) {
    const Fields fields(object);
    TRY(root, fields.hash("root"));
    TRY(size, fields.integer("size"));
    if (size < 0) return fail(Errc::malformed, "'size' is below 0");
    return LogHead{{static_cast<std::uint64_t>(size)}, root};
}

Bytes encode_beat(const Beat& beat) {
    OpenEntry entry{beat_kind, {}};
    entry.fields.set("time", millis(beat.time));
    canon::Object slots;
    for (const auto& [party, slot] : beat.slots) {
        slots.set(key_of(party), to_base64url(slot.view()));
    }
    entry.fields.set("slots", std::move(slots));
    if (!beat.heads.empty()) {
        canon::Object heads;
        for (const auto& [party, head] : beat.heads)
            heads.set(key_of(party), encode_log_head(head));
        entry.fields.set("heads", std::move(heads));
    }
    return encode_entry(entry);
}

bool beat_fits(const Beat& beat) { return encode_beat(beat).size() <= limits::entry_bytes_max; }

Result<Beat> decode_beat(const OpenEntry& entry) {
    if (entry.kind != beat_kind) return fail(Errc::malformed, "an entry of kind " + entry.kind);
    const Fields fields(entry.fields);
    Beat beat;
    TRY(time, fields.integer("time"));
    beat.time = instant(time);
    TRY(slots, fields.object("slots"));
    TRYV(check_count(*slots, "slots"));
    for (const auto& [key, value] : slots->members()) {
        TRY(party, party_of(key));
        TRY(slot, Fields(*slots).hash(key.c_str()));
        beat.slots.emplace(std::move(party), slot);
    }
    if (!fields.has("heads")) return beat;
    TRY(heads, fields.object("heads"));
    TRYV(check_count(*heads, "heads"));
    for (const auto& [key, value] : heads->members()) {
        TRY(party, party_of(key));
        TRY(object, Fields(*heads).object(key.c_str()));
        auto head = decode_log_head(*object);
        if (!head) return at("heads." + key, head.error());
        beat.heads.emplace(std::move(party), *head);
    }
    return beat;
}

}  // namespace entente::statement
