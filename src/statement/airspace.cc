// SPDX-License-Identifier: Apache-2.0
#include "statement/airspace.h"

#include "base/limits.h"
#include "geo/valid.h"
#include "statement/body_keys.h"
#include "statement/line.h"
#include "statement/where.h"

namespace entente::statement {

using canon::Object;

Result<void> validate(const Airspace& airspace) {
    TRYV(check_line(airspace.name, "name"));
    TRYV(check_line(airspace.contact, "contact"));
    TRYV(check_line(airspace.frequency, "frequency"));
    TRYV(check_line(airspace.language, "language"));
    TRYV(check_lines(airspace.text, "text"));
    if (airspace.name.empty()) {
        return fail(Errc::malformed,
                    "'name' is missing: the name that all parties use for this boundary or zone");
    }
    if (airspace.contact.empty()) {
        return fail(Errc::malformed, "'contact' is missing: the role that can be called about it");
    }
    if (airspace.volumes.empty() || airspace.volumes.size() > limits::places_max) {
        return fail(Errc::too_large, "a boundary or zone has 1 to places_max = " +
                                         std::to_string(limits::places_max) + " volumes");
    }
    for (std::size_t i = 0; i < airspace.volumes.size(); ++i) {
        const std::string where = "volume " + std::to_string(i + 1);
        if (auto valid = geo::validate(airspace.volumes[i]); !valid)
            return at(where, valid.error());
        if (airspace.volumes[i].buffer) {
            return fail(Errc::malformed, where + " has a buffer; a boundary is where it is");
        }
    }
    return check_body_bytes(encode_airspace(airspace).size());
}

Bytes encode_airspace(const Airspace& airspace) {
    Object out;
    put_keys(airspace.keys, Slot::exact, out);
    out.set("contact", airspace.contact);
    if (!airspace.frequency.empty()) out.set("frequency", airspace.frequency);
    if (!airspace.language.empty()) out.set("language", airspace.language);
    out.set("name", airspace.name);
    if (!airspace.text.empty()) out.set("text", airspace.text);
    out.set("volumes", encode_where(airspace.volumes));
    return canon::encode(out);
}

Result<Airspace> decode_airspace(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Airspace out;
    TRY(keys, read_keys(fields));
    TRY(contact, fields.text("contact"));
    TRY(frequency, fields.text_or_empty("frequency"));
    TRY(language, fields.text_or_empty("language"));
    TRY(name, fields.text("name"));
    TRY(text, fields.text_or_empty("text"));
    TRY(array, fields.array("volumes"));
    TRY(volumes, decode_where(*array));
    out.keys = std::move(keys);
    out.name = std::move(name);
    out.contact = std::move(contact);
    out.frequency = std::move(frequency);
    out.language = std::move(language);
    out.text = std::move(text);
    out.volumes = std::move(volumes);
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
