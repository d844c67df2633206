// SPDX-License-Identifier: Apache-2.0
#include "watch/subscription.h"

#include <algorithm>

#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::watch {
namespace {

template <class T>
bool has(const std::vector<T>& list, const T& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

Metres length_of(const std::optional<Decimetres>& length) {
    return length ? metres(*length) : Metres{0};
}

}  // namespace

const std::vector<std::string>& known_whats() {
    static const std::vector<std::string> all = {
        what::record,  what::objection, what::stop,     what::withheld,  what::log,
        what::receipt, what::leg,       what::activity, what::challenge, what::message,
        what::alarm,   what::match,     what::join,     what::track};
    return all;
}

std::string board_of(const std::string& account) { return "board/" + account; }

std::string stream_of(const Subscription& subscription) {
    if (subscription.route.kind == "board") return board_of(subscription.owner);
    return subscription.route.kind + "/" + subscription.id;
}

Matcher::Matcher(Subscription subscription) : subscription_(std::move(subscription)) {
    for (const geo::Place& place : subscription_.area) {
        const Metres margin = length_of(place.buffer) + length_of(place.accuracy);
        zones_.push_back({geo::Prepared(place.volume.shape),
                          geo::bounding_box(place.volume.shape, margin), margin});
    }
}

bool Matcher::touches(const Spot& spot) const {
    const geo::Box box = geo::bounding_box(spot.volume.shape, spot.reach);
    std::optional<geo::Prepared> shape;  // costs, and most are far away
    for (std::size_t i = 0; i < zones_.size(); ++i) {
        const geo::Volume4D& volume = subscription_.area[i].volume;
        if (!geo::intersects(zones_[i].box, box) || !geo::overlap(volume.band, spot.volume.band) ||
            !geo::overlap(volume.window, spot.volume.window)) {
            continue;
        }
        if (!shape) shape.emplace(spot.volume.shape);
        const Metres reach = zones_[i].margin + spot.reach;
        if (geo::within(zones_[i].shape, *shape, reach)) return true;
    }
    return false;
}

bool Matcher::calls_owner(const Concern& concern, const OnDuty& on_duty) const {
    const auto& duties = subscription_.duties;
    return std::any_of(concern.desks.begin(), concern.desks.end(), [&](const std::string& desk) {
        return has(duties, desk) && on_duty.contains(desk);
    });
}

bool Matcher::matches(const Concern& concern, const OnDuty& on_duty) const {
    const Subscription& wants = subscription_;
    if (wants.standing) return false;  // its question is compared by whoever asks it
    if (!wants.duties.empty() && !calls_owner(concern, on_duty)) return false;
    const bool by_name = concern.what == what::track;
    if ((by_name || !wants.what.empty()) && !has(wants.what, concern.what)) return false;
    if (!wants.parties.empty() && !has(wants.parties, concern.party) &&
        !has(wants.parties, concern.by)) {
        return false;
    }
    if (concern.what == what::log) return true;  // it may be about anything that its party says
    const bool some_class =
        wants.classes.empty() || concern.class_unknown || concern.classes.empty() ||
        std::any_of(concern.classes.begin(), concern.classes.end(),
                    [&](const std::string& one) { return has(wants.classes, one); });
    if (!some_class) return false;
    if (zones_.empty() || concern.unplaced || concern.spots.empty()) return true;
    return std::any_of(concern.spots.begin(), concern.spots.end(),
                       [&](const Spot& spot) { return touches(spot); });
}

}  // namespace entente::watch
