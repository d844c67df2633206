// SPDX-License-Identifier: Apache-2.0
#include "statement/body_keys.h"

#include "base/limits.h"

namespace entente::statement {

void put_keys(const BodyKeys& keys, Slot slot, canon::Object& out) {
    out.set("charter", keys.charter);
    out.set("origin", keys.origin.v);
    out.set("record", keys.record.text());
    out.set("slot", static_cast<int>(slot) + 1);
    out.set("version", std::int64_t{keys.version});
}

Result<BodyKeys> read_keys(const Fields& fields) {
    TRY(charter, fields.text("charter"));
    TRY(origin, fields.text("origin"));
    TRY(record, fields.text("record"));
    TRY(id, RecordId::parse(record));
    TRY(version, fields.integer("version"));
    if (version < 1 || version > UINT32_MAX) {
        return fail(Errc::malformed, "'version' is not 1 to 2^32-1");
    }
    return BodyKeys{charter, {origin}, id, static_cast<std::uint32_t>(version)};
}

Result<canon::Value> decode_body(BytesView bytes, Slot slot) {
    TRY(value, canon::decode(bytes, limits::body_bytes_max));
    TRY(fields, Fields::of(value, "body"));
    TRY(stated, fields.integer("slot"));
    if (stated != static_cast<int>(slot) + 1) {
        return fail(Errc::malformed, "a body for slot " + std::to_string(stated) + " in slot " +
                                         std::to_string(static_cast<int>(slot) + 1));
    }
    return value;
}

Result<void> check_body_bytes(std::size_t bytes) {
    if (bytes <= limits::body_bytes_max) return {};
    return fail(Errc::too_large, "it has " + std::to_string(bytes) +
                                     " bytes, a body at most body_bytes_max = " +
                                     std::to_string(limits::body_bytes_max) + "; say it in parts");
}

}  // namespace entente::statement
