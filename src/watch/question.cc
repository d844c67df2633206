// SPDX-License-Identifier: Apache-2.0
#include "watch/question.h"

#include <algorithm>

#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::watch {
namespace {

template <class T, class U>
bool among(const std::vector<T>& list, const U& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

Metres length_of(const std::optional<Decimetres>& length) {
    return length ? metres(*length) : Metres{0};
}

bool class_fits(const Question& question, const Thing& thing) {
    if (question.classes.empty()) return true;
    if (!thing.has_class) return false;
    // Of a class that is not known here it may be any.
    return thing.classes.empty() ||
           std::any_of(thing.classes.begin(), thing.classes.end(),
                       [&](const std::string& one) { return among(question.classes, one); });
}

bool time_fits(const Question& question, const Thing& thing) {
    if (!geo::overlap(question.window, thing.window)) return false;
    return thing.spots.empty() ||
           std::any_of(thing.spots.begin(), thing.spots.end(), [&](const Spot& spot) {
               return geo::overlap(question.window, spot.volume.window);
           });
}

}  // namespace

bool fits_beside(const Question& question, const Thing& thing) {
    return (question.kinds.empty() || among(question.kinds, thing.kind)) &&
           (question.parties.empty() || among(question.parties, thing.party)) &&
           (question.withdrawn || !thing.withdrawn) && class_fits(question, thing) &&
           time_fits(question, thing);
}

Match grade_match(const Question& question, const std::optional<statement::Grade>& grade) {
    if (!question.source && !question.information) return Match::yes;
    if (!grade) return Match::no_grade;
    const bool source_unknown = grade->source == 'F',
               information_unknown = grade->information == '6';
    if (question.source && !source_unknown && grade->source > *question.source) return Match::no;
    if (question.information && !information_unknown &&
        grade->information > *question.information) {
        return Match::no;
    }
    const bool unknown =
        (question.source && source_unknown) || (question.information && information_unknown);
    return unknown ? Match::no_grade : Match::yes;
}

bool has_words(const std::vector<Word>& wanted, const std::vector<std::string>& words) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const Word& word) {
        return std::any_of(words.begin(), words.end(), [&](const std::string& one) {
            return word.begins ? one.starts_with(word.text) : one == word.text;
        });
    });
}

Question question_of(const Subscription& subscription) {
    const Standing& standing = *subscription.standing;
    return {{},
            subscription.area,
            standing.window,
            standing.kinds,
            subscription.classes,
            subscription.parties,
            standing.source,
            standing.information,
            false};
}

Asked::Asked(Question question) : question_(std::move(question)) {
    for (const geo::Place& place : question_.area) {
        const Metres margin = length_of(place.buffer) + length_of(place.accuracy);
        zones_.push_back({geo::Prepared(place.volume.shape),
                          geo::bounding_box(place.volume.shape, margin), margin,
                          place.volume.band});
    }
}

bool Asked::touches(const Spot& spot) const {
    if (!geo::overlap(question_.window, spot.volume.window)) return false;
    const geo::Box box = geo::bounding_box(spot.volume.shape, spot.reach);
    std::optional<geo::Prepared> shape;  // costs, and most are far away
    for (const Zone& zone : zones_) {
        if (!geo::intersects(zone.box, box) || !geo::overlap(zone.band, spot.volume.band)) continue;
        if (!shape) shape.emplace(spot.volume.shape);
        if (geo::within(zone.shape, *shape, zone.margin + spot.reach)) return true;
    }
    return false;
}

Match Asked::match(const Thing& thing, const std::vector<std::string>& words) const {
    if (!fits_beside(question_, thing) || !has_words(question_.words, words)) return Match::no;
    const Match grade = grade_match(question_, thing.grade);
    if (grade == Match::no) return Match::no;
    if (!zones_.empty() && thing.spots.empty()) return Match::no_place;
    const bool touched =
        zones_.empty() || std::any_of(thing.spots.begin(), thing.spots.end(),
                                      [&](const Spot& spot) { return touches(spot); });
    return touched ? grade : Match::no;
}

}  // namespace entente::watch
