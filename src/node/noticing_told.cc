// SPDX-License-Identifier: Apache-2.0
// How far notices were made, as it is kept: one small value of the store.
#include "node/noticing.h"
#include "statement/fields.h"

namespace entente::node {
namespace {

namespace canon = statement::canon;

std::int64_t number(std::uint64_t v) { return static_cast<std::int64_t>(v); }

}  // namespace

Bytes encode_told(const Told& told) {
    canon::Array out;
    for (const auto& [origin, one] : told) {
        canon::Object object;
        object.set("entries", number(one.entries));
        object.set("forked", one.forked);
        object.set("left", one.left);
        object.set("origin", origin.v);
        object.set("releases", number(one.releases));
        object.set("unplaced", number(one.unplaced));
        if (one.unplaced_told > 0) object.set("unplaced_told", number(one.unplaced_told));
        object.set("withheld", number(one.withheld));
        out.emplace_back(std::move(object));
    }
    return canon::encode(std::move(out));
}

Result<Told> decode_told(BytesView bytes) {
    constexpr std::size_t told_bytes_max = 16 * 1024 * 1024;
    TRY(value, canon::decode(bytes, told_bytes_max));
    if (value.array() == nullptr) return fail(Errc::malformed, "what was told is no list");
    Told out;
    for (const canon::Value& one : *value.array()) {
        TRY(fields, statement::Fields::of(one, "log"));
        TRY(origin, fields.text("origin"));
        TRY(entries, fields.integer("entries"));
        TRY(releases, fields.integer("releases"));
        TRY(unplaced, fields.integer("unplaced"));
        std::int64_t unplaced_told = 0;
        if (fields.has("unplaced_told")) {
            TRY(times, fields.integer("unplaced_told"));
            unplaced_told = times;
        }
        TRY(withheld, fields.integer("withheld"));
        TRY(forked, fields.boolean("forked"));
        TRY(left, fields.boolean("left"));
        if (entries < 0 || releases < 0 || unplaced < 0 || unplaced_told < 0 || withheld < 0) {
            return fail(Errc::malformed, "what was told of " + origin + " counts below 0");
        }
        out[Origin{origin}] = {static_cast<std::uint64_t>(entries),
                               static_cast<std::uint64_t>(releases),
                               static_cast<std::uint64_t>(withheld),
                               static_cast<std::uint64_t>(unplaced),
                               static_cast<std::uint64_t>(unplaced_told),
                               forked,
                               left};
    }
    if (encode_told(out) != bytes) {
        return fail(Errc::malformed, "what was told is not as it was written");
    }
    return out;
}

}  // namespace entente::node
