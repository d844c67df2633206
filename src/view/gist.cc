// SPDX-License-Identifier: Apache-2.0
#include "view/gist.h"

#include "geo/coarse.h"

namespace entente::view {
namespace {

/// What a kind says of when, where and how sure it is, as far as it has such members.
struct Says {
    geo::Window window;
    const std::vector<geo::Place>* volumes = nullptr;
    std::optional<statement::Grade> grade;
    std::string title;
};

template <class T>
Says says_of(const T& one) {
    Says out;
    if constexpr (requires { one.until; }) out.window = {one.from, one.until};
    if constexpr (requires {
                      one.volumes;
                      one.contact;
                  })
        out.volumes = &one.volumes;
    if constexpr (requires { one.grade; }) out.grade = one.grade;
    if constexpr (requires { one.topic; }) out.title = one.topic;
    if constexpr (requires { one.sort; }) out.title = one.sort;
    if constexpr (requires { one.area; }) out.title = one.area;
    if constexpr (requires { one.opinion; }) out.title = statement::name(one.opinion);
    if constexpr (requires { one.relation; }) out.title = statement::name(one.relation);
    return out;
}

Says says_of(const statement::Group& one) {
    Says out;
    if (!one.names.empty()) out.title = one.names.front().text;
    return out;
}

Says says_of(const statement::Position& one) {
    Says out;
    out.window = {one.from, one.until};
    out.title = statement::name(one.stand);
    if (!one.point.empty()) out.title += ": " + one.point;
    return out;
}

Says says_of(const statement::Responsibility& one) {
    Says out;
    if (one.at) out.window = {one.at, *one.at + Duration(1)};
    out.grade = one.grade;
    out.title = statement::name(one.stance);
    return out;
}

Metres accuracy_of(const geo::Place& place) {
    return place.accuracy ? metres(*place.accuracy) : Metres{0};
}

void add_places(const std::vector<geo::Place>& volumes, bool exactly, Gist& out) {
    for (const geo::Place& place : volumes) {
        if (exactly) {
            out.places.push_back({place.volume, accuracy_of(place)});
        } else {
            out.places.push_back(
                {geo::coarse_volume(place.volume, accuracy_of(place), nullptr), {0}});
        }
    }
}

}  // namespace

Gist gist(const Seen& seen) {
    Gist out;
    statement::Protection room;
    const statement::Protection* listed = seen.listed(room);
    if (listed != nullptr && !listed->names.empty()) out.title = listed->names.front().text;
    if (out.title.empty()) out.title = seen.class_name();
    out.exactly = seen.bulk_exact();
    const Drawn drawn = seen.drawn_ever();
    for (const SeenPlace& place : drawn.places) {
        out.places.push_back({place.reached->place.volume, place.reached->reach()});
    }
    return out;
}

Gist gist(const SeenStatement& seen, Depth depth) {
    Gist out;
    out.exactly = seen.own() && depth == Depth::exact;
    if (const statement::Dealt* said = seen.said()) {
        const Says says = std::visit([](const auto& one) { return says_of(one); }, *said);
        out.title = says.title;
        out.window = says.window;
        out.grade = says.grade;
        if (says.volumes != nullptr) add_places(*says.volumes, out.exactly, out);
    } else if (const statement::Tear* tear = seen.torn()) {
        out.title = tear->topic;
        out.window = {tear->from, tear->until};
        out.grade = tear->grade;
        // They are areas already, by their author's word.
        for (const geo::Place& place : tear->volumes) {
            out.places.push_back({place.volume, accuracy_of(place)});
        }
        out.exactly = false;
    }
    return out;
}

}  // namespace entente::view
