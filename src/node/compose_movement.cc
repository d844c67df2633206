// SPDX-License-Identifier: Apache-2.0
#include "node/compose_movement.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::node {
namespace {

using registry::Record;
using statement::Leg;
using statement::Protection;
using Stated = std::optional<Protection>;

constexpr Duration early_max = std::chrono::hours(24);

std::string named(std::uint32_t number) { return "leg " + std::to_string(number); }

/// The numbers that were ever given to a leg.
bool ever_had(const Record& record, std::uint32_t number) {
    return std::any_of(record.versions.begin(), record.versions.end(), [&](const auto& version) {
        if (!version.content) return false;
        const auto& legs = version.content->protection.legs;
        return std::any_of(legs.begin(), legs.end(),
                           [&](const Leg& leg) { return leg.number == number; });
    });
}

std::vector<Leg>::iterator find(Protection& movement, std::uint32_t number) {
    return std::find_if(movement.legs.begin(), movement.legs.end(),
                        [&](const Leg& leg) { return leg.number == number; });
}

std::string still_there(const Protection& movement) {
    std::string out;
    for (const Leg& leg : movement.legs) {
        out += (out.empty() ? "" : ", ") + std::to_string(leg.number);
    }
    return out;
}

/// Legs keep what was said of them on the road; one that has ended does not come back.
Result<Stated> amended_legs(const Draft& draft, const Record& record, Protection before) {
    Protection out = draft.protection;
    if (!out.moves()) {
        return fail(Errc::refused,
                    "record " + record.id.text() + " is a movement: its amendment states legs");
    }
    for (std::size_t i = 0; i < out.legs.size() && i < out.where.size(); ++i) {
        Leg& leg = out.legs[i];
        const auto was = find(before, leg.number);
        if (was != before.legs.end()) {
            leg.started = was->started;
        } else if (ever_had(record, leg.number)) {
            return fail(Errc::refused, named(leg.number) +
                                           " has ended or was taken out; give what comes now a "
                                           "number that no leg has had (legs still there: " +
                                           still_there(before) + ")");
        }
        out.where[i] = statement::place_of(leg, std::move(out.where[i]));
    }
    return Stated(std::move(out));
}

Result<Stated> with_leg(const Draft& draft, Protection movement, Instant now) {
    if (!draft.leg) return fail(Errc::malformed, "which leg? Give its number");
    const auto leg = find(movement, *draft.leg);
    if (leg == movement.legs.end()) {
        return fail(Errc::refused, "the movement has no " + named(*draft.leg) +
                                       " any more; its legs are " + still_there(movement));
    }
    const auto i = leg - movement.legs.begin();
    if (draft.act == statement::act::start) {
        if (leg->started) {
            return fail(Errc::refused, named(leg->number) + " has started already, at " +
                                           format_rfc3339(*leg->started));
        }
        const Instant at = draft.at.value_or(now);
        if (at > now) return fail(Errc::refused, "a leg is not started ahead of time");
        if (at < *leg->window.start - early_max) {
            return fail(Errc::refused, named(leg->number) + " is planned from " +
                                           format_rfc3339(*leg->window.start) +
                                           ": no leg starts more than a day before that; correct "
                                           "the time, or amend the leg first");
        }
        leg->started = at;
        movement.where[static_cast<std::size_t>(i)] =
            statement::place_of(*leg, std::move(movement.where[static_cast<std::size_t>(i)]));
        return Stated(std::move(movement));
    }
    if (!leg->started) {
        return fail(Errc::refused, named(leg->number) +
                                       " has not started: say that it starts, or amend or cancel "
                                       "the movement");
    }
    movement.legs.erase(leg);
    movement.where.erase(movement.where.begin() + i);
    if (movement.legs.empty()) return Stated();
    return Stated(std::move(movement));
}

}  // namespace

Result<Stated> next_of_movement(const Draft& draft, const Record& record, Instant now) {
    namespace act = statement::act;
    const std::string id = "movement " + record.id.text();
    if (record.newest().withdraws) return fail(Errc::refused, id + " is over; state a new one");
    if (draft.act == act::cancel) return Stated();
    const registry::Content* content = record.content();
    if (content == nullptr) return fail(Errc::refused, id + " cannot be read here");
    if (draft.act == act::amend) return amended_legs(draft, record, content->protection);
    if (draft.act == act::start || draft.act == act::end) {
        return with_leg(draft, content->protection, now);
    }
    return fail(Errc::refused,
                id + ": it is amended, started, ended or cancelled, not '" + draft.act + "'");
}

}  // namespace entente::node
