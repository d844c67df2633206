// SPDX-License-Identifier: Apache-2.0
#include "statement/sealed_check.h"

#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "statement/body_keys.h"
#include "statement/leaves.h"
#include "statement/where.h"

namespace entente::statement {

using canon::Object;

Result<void> validate(const SealedCheck& check) {
    if (check.keys.version > 1) {
        return fail(Errc::refused, "a sealed check is version 1 of a record of its own");
    }
    if (check.volumes.empty() || check.volumes.size() > limits::places_max) {
        return fail(Errc::too_large,
                    "a sealed check is of 1 to places_max = " + std::to_string(limits::places_max) +
                        " volumes; seal more in parts");
    }
    for (std::size_t i = 0; i < check.volumes.size(); ++i) {
        const geo::Place& volume = check.volumes[i];
        const std::string where = "volume " + std::to_string(i + 1);
        if (auto valid = geo::validate(volume); !valid) return at(where, valid.error());
        if (volume.buffer || volume.accuracy) {
            return fail(Errc::malformed, where + " has a buffer or accuracy; a plan has a margin");
        }
    }
    if (check.margin.v < 0 || check.margin.v > limits::margin_dm_max) {
        return fail(Errc::malformed, "'margin' is 0 to margin_dm_max decimetres");
    }
    TRYV(check_leaves(check.touched, sealed_touched_max, "touched"));
    TRYV(validate(check.checked));
    return check_body_bytes(encode_sealed_check(check).size());
}

Bytes encode_sealed_check(const SealedCheck& check) {
    Object out;
    put_keys(check.keys, Slot::exact, out);
    out.set("checked", encode_checked(check.checked));
    out.set("margin", check.margin.v);
    if (!check.touched.empty()) out.set("touched", encode_leaves(check.touched));
    out.set("volumes", encode_where(check.volumes));
    return canon::encode(out);
}

Result<SealedCheck> decode_sealed_check(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    SealedCheck out;
    TRY(keys, read_keys(fields));
    TRY(checked_object, fields.object("checked"));
    auto checked = decode_checked(*checked_object);
    if (!checked) return at("checked", checked.error());
    TRY(margin, fields.integer("margin"));
    TRY(touched, decode_leaves(fields, "touched", sealed_touched_max));
    TRY(array, fields.array("volumes"));
    TRY(volumes, decode_where(*array));
    out.keys = std::move(keys);
    out.volumes = std::move(volumes);
    out.margin = {margin};
    out.checked = std::move(*checked);
    out.touched = std::move(touched);
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
