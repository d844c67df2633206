// SPDX-License-Identifier: Apache-2.0
#include "statement/activity.h"

#include <algorithm>

#include "base/assert.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "statement/body_keys.h"
#include "statement/line.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Object;

Result<void> check_volume(const geo::Place& volume) {
    TRYV(geo::validate(volume));
    if (!volume.volume.window.start || !volume.volume.window.end) {
        return fail(Errc::malformed,
                    "it has no window: say when it begins (time_start) and when it ends "
                    "(time_end)");
    }
    if (volume.buffer) return fail(Errc::malformed, "an activity has no buffer");
    return {};
}

}  // namespace

Instant Activity::end() const {
    Instant out = Instant::min();
    for (const geo::Place& volume : volumes) {
        ASSERT(volume.volume.window.end);
        out = std::max(out, *volume.volume.window.end);
    }
    return out;
}

Result<void> validate(const Activity& activity) {
    TRYV(check_line(activity.name, "name"));
    TRYV(check_line(activity.contact, "contact"));
    if (activity.contact.empty()) {
        return fail(Errc::malformed,
                    "'contact' is missing: the desk that others call about this activity");
    }
    if (activity.volumes.empty() || activity.volumes.size() > limits::places_max) {
        return fail(Errc::too_large,
                    "an activity has 1 to places_max = " + std::to_string(limits::places_max) +
                        " volumes; declare more as several");
    }
    for (std::size_t i = 0; i < activity.volumes.size(); ++i) {
        if (auto valid = check_volume(activity.volumes[i]); !valid) {
            return at("volume " + std::to_string(i + 1), valid.error());
        }
    }
    TRYV(validate(activity.checked));
    return check_body_bytes(encode_activity(activity).size());
}

Bytes encode_activity(const Activity& activity) {
    Object out;
    put_keys(activity.keys, Slot::exact, out);
    out.set("checked", encode_checked(activity.checked));
    out.set("contact", activity.contact);
    if (!activity.name.empty()) out.set("name", activity.name);
    if (activity.started) out.set("started", millis(*activity.started));
    out.set("volumes", encode_where(activity.volumes));
    return canon::encode(out);
}

Result<Activity> decode_activity(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Activity out;
    TRY(keys, read_keys(fields));
    TRY(checked_object, fields.object("checked"));
    auto checked = decode_checked(*checked_object);
    if (!checked) return at("checked", checked.error());
    TRY(contact, fields.text("contact"));
    TRY(name, fields.text_or_empty("name"));
    TRY(started, fields.optional_time("started"));
    TRY(array, fields.array("volumes"));
    TRY(volumes, decode_where(*array));
    out.keys = std::move(keys);
    out.name = std::move(name);
    out.contact = std::move(contact);
    out.volumes = std::move(volumes);
    out.started = started;
    out.checked = std::move(*checked);
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
