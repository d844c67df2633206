// SPDX-License-Identifier: Apache-2.0
// The legs of a movement as a reader sees them: what each version said of them, taken together.
#pragma once

#include <optional>
#include <vector>

#include "statement/movement.h"

namespace entente::view {

/// How a leg stands at a moment. `late`: its window has begun and nobody has said that it started;
/// `overdue`: its window is past and nobody has said that it ended; it protects on, for 24 hours
/// (PROTOCOL 21); `lapsed`: these are past too.
enum class LegState : std::uint8_t { planned, late, under_way, overdue, lapsed, ended, taken_out };
const char* name(LegState state);

struct SeenLeg {
    /// One version states it: it protects in these hours for whoever asks before `until`.
    struct Protecting {
        geo::Window hours;
        Instant until;
    };

    const statement::Leg* leg;  // as last stated; lives as long as the view
    const geo::Place* place;    // with the window in which it protects
    std::uint32_t since;        // the version from which on it is the same: receipts for that one
                                // and later ones are receipts for this leg
    const statement::Protection* of;  // the version that states it last, whose leg `index` it is
    std::size_t index;
    /// When its author said, with enough signatures, that it had ended, or by an amendment or
    /// cancelling that it is none of the movement's any more. It protects on until `until`.
    std::optional<Instant> ended = {};
    bool taken_out = false;
    Instant until = Instant::max();
    /// By every version that states it, since an amendment that moves or shortens it takes time.
    std::vector<Protecting> protecting = {};

    LegState state(Instant now) const;
    /// Whether it protects nothing any more, neither as last stated nor as before.
    bool over(Instant now) const;
    /// Whether it set out before its window began.
    bool early() const { return leg->started && *leg->started < *leg->window.start; }
};

}  // namespace entente::view
