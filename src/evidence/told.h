// SPDX-License-Identifier: Apache-2.0
// What one party did with a version that it was given, and how far it had got by a moment. That it
// said it had loaded a place is no word of success by itself: `loaded` needs coordinates that came
// back and were compared (PROTOCOL 11), and those that lie elsewhere say the contrary.
//
//     const ByThen by_then = evidence::by(steps, *scene.window.start);
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "statement/receipt.h"
#include "view/view.h"

namespace entente::evidence {

/// A step that one party said it had taken with one version.
struct Step {
    statement::Rung rung;
    std::string unit;
    std::string actor;
    Instant time;
    Hash leaf;              // of the receipt, in that party's log
    bool differs = false;   // what came back lies elsewhere
    bool compared = false;  // something came back, and was compared here
    bool operator==(const Step&) const = default;
};

/// How far a party had got by a moment, and what stood against it then.
struct ByThen {
    /// The highest rung; `offered` where nothing was said. Never `refused`.
    statement::Rung rung = statement::Rung::offered;
    bool refused = false;  // by a unit that had not said otherwise since
    bool differs = false;  // a place that came back lay elsewhere, and nothing had set that right
    bool operator==(const ByThen&) const = default;
};

/// Of the steps before `then`. What came back from elsewhere stands until the same unit says the
/// same rung, or a higher one, with a place that agrees; until then it is no step of the ladder,
/// what that unit had right before it is none any more, and none is what was said afterwards, from
/// that rung up, without a place. `loaded` without a place that was compared is none either.
ByThen by(std::span<const Step> steps, Instant then);

/// What one party was given of a version, and what it did with that. Who was given an area first
/// and the place later stands here twice: what it did with the one it did not do with the other.
struct Told {
    PartyId party;
    view::Tier tier = view::Tier::none;  // none: that there is something, and no place
    std::vector<Step> steps;             // by time
    bool steps_known = true;  // false of a party that left: its receipts are read no more
    /// When the incident may have begun; nothing where that, or its steps, are not known.
    std::optional<ByThen> by_then{};
    bool operator==(const Told&) const = default;
};

}  // namespace entente::evidence
