// SPDX-License-Identifier: Apache-2.0
// An activity (DESIGN 3): what a party plans to do, as volumes with time windows and a desk to be
// asked. Never what it is for: no target, weapon or effect has a field here. It protects nothing
// and ends nothing; others see what they were given of it, and say so if it touches what they know.
// Declared to named parties it is released to them; sealed, to nobody until it is opened.
//
//     TRYV(validate(activity));
//     const Bytes body = encode_activity(activity);
//     TRY(read, decode_activity(bytes));
#pragma once

#include <optional>

#include "statement/body.h"
#include "statement/checked.h"

namespace entente::statement {

constexpr const char* activity_kind = "activity";

struct Activity {
    BodyKeys keys;
    std::string name;     // what its own people call it; may be empty
    std::string contact;  // the desk to be asked: a role, never a person
    /// Where and when, at most places_max. Windows have both ends; `accuracy` is how well who acts
    /// keeps to the volume; no buffers.
    std::vector<geo::Place> volumes;
    std::optional<Instant> started;  // as its author claims
    Checked checked;                 // what it was checked against when it was declared or started
    bool operator==(const Activity&) const = default;

    /// When the last of its windows ends. Precondition: validate().
    Instant end() const;
};

/// Whether it may be said, and so whether it is believed to be what it says.
Result<void> validate(const Activity& activity);

Bytes encode_activity(const Activity& activity);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Activity> decode_activity(BytesView bytes);

}  // namespace entente::statement
