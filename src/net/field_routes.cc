// SPDX-License-Identifier: Apache-2.0
// POST /v1/field-packs: what a crew takes along, sealed to its device.
#include "base/decimal.h"
#include "base/encode.h"
#include "base/limits.h"
#include "net/api.h"
#include "net/problem.h"
#include "node/field.h"

namespace entente::net {
namespace {

/// A number of the query at a scale, within its bounds.
Result<std::int64_t> number_of(const Target& target, const char* name, unsigned scale,
                               std::int64_t low, std::int64_t high, Rounding rounding) {
    auto value = parse_decimal(target.value(name), scale, rounding);
    if (!value) return fail(Errc::malformed, std::string(name) + ": " + value.error().detail);
    if (*value >= low && *value <= high) return *value;
    return fail(Errc::malformed, std::string(name) + ": " + format_decimal(low, scale) + " to " +
                                     format_decimal(high, scale));
}

Result<Instant> time_of(const Target& target, const char* name) {
    auto time = parse_rfc3339(target.value(name));
    if (!time) return fail(Errc::malformed, std::string(name) + ": " + time.error().detail);
    return time;
}

Result<node::FieldWish> wish_of(const Target& target) {
    TRYV(target.only({"device", "key", "charter", "party", "lat", "lon", "radius_m", "margin_m",
                      "from", "until"}));
    if (target.value("charter").empty()) {
        return fail(Errc::malformed, "charter: the id that the device's card names");
    }
    if (auto party = PartyId::parse(target.value("party")); !party) {
        return fail(Errc::malformed, "party: " + party.error().detail);
    }
    auto bytes = from_base64url(target.value("key"));
    if (!bytes) return fail(Errc::malformed, "key: " + bytes.error().detail);
    auto key = SealingKey::from(*bytes);
    if (!key) return fail(Errc::malformed, "key: " + key.error().detail);
    TRY(lat, number_of(target, "lat", 7, -900'000'000, 900'000'000, Rounding::nearest));
    TRY(lon, number_of(target, "lon", 7, -1'800'000'000, 1'800'000'000, Rounding::nearest));
    // Never more than was asked for: a device answers within it.
    TRY(radius, number_of(target, "radius_m", 1, 1, node::field_radius_dm_max, Rounding::floor));
    std::int64_t margin = 0;
    if (target.has("margin_m")) {
        TRY(given, number_of(target, "margin_m", 1, 0, limits::margin_dm_max, Rounding::floor));
        margin = given;
    }
    TRY(from, time_of(target, "from"));
    TRY(until, time_of(target, "until"));
    if (from >= until) return fail(Errc::malformed, "until: later than from");
    return node::FieldWish{target.value("device"),
                           *key,
                           {{static_cast<std::int32_t>(lat), lon}, {radius}},
                           {from, until},
                           {margin}};
}

/// A device reads packs of the charter and party that it was made for; out there is too late to
/// find that it was made for another.
Result<void> check_device(const Target& target, const node::Exchange& exchange) {
    const std::string of = target.value("party"), charter = target.value("charter");
    const std::string& ours = exchange.node().charter().id;
    if (exchange.solo()) return {};  // it makes no field packs, and says so
    if (of == exchange.self().v && charter == ours) return {};
    return fail(Errc::refused, "the device was made for '" + of.substr(0, 40) +
                                   "' under the charter '" + charter.substr(0, 80) +
                                   "', this node is " + exchange.self().v + " under " + ours +
                                   "; make one with this charter's file (entente device new)");
}

}  // namespace

Response make_field_pack(Api& api, const Call& call) {
    auto wish = wish_of(call.target);
    if (!wish) return problem(wish.error());
    auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    auto bytes = api.desk().on_exchange(
        [target = call.target, wish = std::move(*wish), actor = std::move(*actor)](
            node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRYV(check_device(target, exchange));
            return node::make_field_pack(exchange, wish, actor, now, os_random());
        });
    if (!bytes) return problem(bytes.error());
    Response response = ok("application/octet-stream", std::move(*bytes));
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"field.pack\"");
    return response;
}

}  // namespace entente::net
