// SPDX-License-Identifier: Apache-2.0
#include "statement/field_pack.h"

#include "base/encode.h"
#include "base/limits.h"
#include "statement/body_keys.h"
#include "statement/where.h"

namespace entente::statement {

using canon::Object;

Result<void> validate(const FieldPack& given) {
    const std::int64_t radius = given.area.radius.v;
    if (radius < 0 || radius > limits::radius_dm_max || given.margin.v < 0 ||
        given.margin.v > limits::margin_dm_max) {
        return fail(Errc::malformed, "a field pack's radius or margin is beyond its limit");
    }
    if (given.device.size() > device_name_bytes_max) {
        return fail(Errc::too_large, "a device's name has at most device_name_bytes_max = " +
                                         std::to_string(device_name_bytes_max) + " bytes");
    }
    if (!given.window.start || !given.window.end || *given.window.start >= *given.window.end) {
        return fail(Errc::malformed, "a field pack is for a time that ends after it begins");
    }
    return {};
}

Bytes encode_field_pack(const FieldPack& given) {
    Object out;
    put_keys(given.keys, Slot::exact, out);
    Object area;
    area.set("at", encode_point(given.area.center));
    area.set("radius", given.area.radius.v);
    out.set("area", std::move(area));
    out.set("device", given.device);
    out.set("from", millis(*given.window.start));
    out.set("key", to_base64url(given.key.view()));
    out.set("margin", given.margin.v);
    out.set("releases", encode_log_head(given.releases));
    out.set("until", millis(*given.window.end));
    return canon::encode(std::move(out));
}

Result<FieldPack> decode_field_pack(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    FieldPack out;
    TRY(keys, read_keys(fields));
    TRY(area, fields.object("area"));
    const Fields circle(*area);
    TRY(center, circle.array("at"));
    TRY(point, decode_point(*center));
    TRY(radius, circle.integer("radius"));
    TRY(device, fields.text("device"));
    TRY(from, fields.integer("from"));
    TRY(key, fields.hash("key"));
    TRY(margin, fields.integer("margin"));
    TRY(releases_object, fields.object("releases"));
    TRY(releases, decode_log_head(*releases_object));
    TRY(until, fields.integer("until"));
    out.keys = std::move(keys);
    out.device = std::move(device);
    out.key = key;
    out.area = {point, {radius}};
    out.window = {instant(from), instant(until)};
    out.margin = {margin};
    out.releases = releases;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
