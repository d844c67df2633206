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

/// Places that a version says; null where it says none here.
const std::vector<geo::Place>* places_in(const registry::DealingVersion& version) {
    if (!version.said) return nullptr;
    return std::visit([](const auto& one) { return says_of(one); }, *version.said).volumes;
}

/// Versions whose areas are worked out for the newest one's.
constexpr std::size_t kept_through = 16;

/// The areas that stand for the places of the newest version that says any. As in coarse bodies
/// (PROTOCOL 13) one is kept while it covers: else a small correction across the edge of a cell
/// would tell where the place is.
std::vector<GistPlace> coarse_places(const registry::Dealing& dealing) {
    std::vector<const std::vector<geo::Place>*> all;
    for (auto version = dealing.versions.rbegin();
         version != dealing.versions.rend() && all.size() < kept_through; ++version) {
        if (const auto* places = places_in(*version)) all.push_back(places);
    }
    std::vector<GistPlace> out;
    for (auto places = all.rbegin(); places != all.rend(); ++places) {
        std::vector<GistPlace> now;
        for (const geo::Place& place : **places) {
            const geo::Shape* before =
                now.size() < out.size() ? &out[now.size()].volume.shape : nullptr;
            now.push_back({geo::coarse_volume(place.volume, accuracy_of(place), before), {0}});
        }
        out = std::move(now);
    }
    return out;
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
        if (says.volumes != nullptr && !out.exactly) out.places = coarse_places(seen.dealing());
        if (says.volumes != nullptr && out.exactly) {
            for (const geo::Place& place : *says.volumes) {
                out.places.push_back({place.volume, accuracy_of(place)});
            }
        }
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
