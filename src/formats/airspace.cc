// SPDX-License-Identifier: Apache-2.0
#include "formats/airspace.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/geojson.h"
#include "geo/outline.h"

namespace entente::formats {
namespace {

/// A version that is in force, and whose.
struct InForce {
    const view::SeenAirspace* seen;
    view::AirspaceVersion said;
};

/// Sets `into` where the member is there.
Result<void> text_into(const Json& json, const char* key, std::string& into) {
    const Json* member = json.find(key);
    if (member == nullptr) return {};
    if (!member->is(JsonKind::text)) {
        return fail(Errc::malformed, std::string(key) + ": expected a text");
    }
    into = member->text;
    return {};
}

double tenths(double value) { return std::round(value * 10) / 10; }

/// All volumes together; nothing where one has none (a line has no area).
std::optional<double> area_of(const statement::Airspace& airspace) {
    double out = 0;
    for (const geo::Place& place : airspace.volumes) {
        const auto one = geo::area_km2(place.volume.shape);
        if (!one) return std::nullopt;
        out += *one;
    }
    return out;
}

void area_member(JsonOut& out, const statement::Airspace* airspace) {
    const auto area = airspace != nullptr ? area_of(*airspace) : std::nullopt;
    out.name("area_km2");
    if (area)
        out.value(std::round(*area * 1000) / 1000);
    else
        out.null();
}

void version_members(JsonOut& out, const view::AirspaceVersion& one) {
    out.member("version", one.version->number);
    out.member("act", one.version->act);
    out.member("actor", one.version->actor);
    out.member("time", format_rfc3339(one.version->time));
    out.member("entry", one.version->position.index.v);
    out.member("leaf", to_base64(one.version->position.leaf.view()));
}

void version_object(JsonOut& out, const view::AirspaceVersion& one, bool in_force) {
    out.object([&] {
        version_members(out, one);
        out.member("in_force", in_force);
        area_member(out, one.airspace);
        out.name("plan");
        if (one.airspace == nullptr) {
            out.null();
            return;
        }
        volumes_collection(out, one.airspace->volumes);
        const auto& accuracy = one.airspace->volumes.front().accuracy;
        if (accuracy) out.member("accuracy_m", metres(*accuracy).v);
        out.member("name", one.airspace->name);
        out.member("contact", one.airspace->contact);
    });
}

void side(JsonOut& out, const char* key, const InForce& one) {
    out.name(key);
    out.object([&] {
        out.member("party", one.seen->party().v);
        out.member("id", one.seen->id().text());
        out.member("version", one.said.version->number);
        out.member("leaf", to_base64(one.said.version->position.leaf.view()));
    });
}

/// Their outlines, where each is one simple shape.
std::optional<geo::Apart> apart(const statement::Airspace& a, const statement::Airspace& b) {
    if (a.volumes.size() != 1 || b.volumes.size() != 1) return std::nullopt;
    return geo::outlines_apart(a.volumes.front().volume.shape, b.volumes.front().volume.shape);
}

void difference(JsonOut& out, const InForce& a, const InForce& b) {
    const auto of_a = area_of(*a.said.airspace), of_b = area_of(*b.said.airspace);
    const auto outlines = apart(*a.said.airspace, *b.said.airspace);
    out.object([&] {
        side(out, "of", a);
        side(out, "beside", b);
        out.member("same_volumes", a.said.airspace->volumes == b.said.airspace->volumes);
        out.name("area_differs_km2");
        if (of_a && of_b)
            out.value(std::round(std::abs(*of_a - *of_b) * 1000) / 1000);
        else
            out.null();
        out.name("outlines_apart_m");
        if (outlines)
            out.value(tenths(outlines->distance.v));
        else
            out.null();
        if (outlines) out.member("or_more_by_m", tenths(outlines->more.v));
    });
}

void group(JsonOut& out, const std::string& name, const std::vector<const view::SeenAirspace*>& all,
           std::size_t& pairs_left, std::size_t& not_compared) {
    std::vector<InForce> in_force;
    out.object([&] {
        out.member("name", name);
        out.name("statements");
        out.array([&] {
            for (const view::SeenAirspace* seen : all) {
                for (const view::AirspaceVersion& one : seen->in_force()) {
                    in_force.push_back({seen, one});
                }
                out.object([&] {
                    airspace_members(out, *seen, false);
                    out.name("in_force");
                    out.array([&] {
                        for (const view::AirspaceVersion& one : seen->in_force()) {
                            out.object([&] {
                                version_members(out, one);
                                area_member(out, one.airspace);
                            });
                        }
                    });
                });
            }
        });
        out.name("differences");
        out.array([&] {
            for (std::size_t i = 0; i < in_force.size(); ++i) {
                for (std::size_t k = i + 1; k < in_force.size(); ++k) {
                    if (pairs_left == 0) {
                        ++not_compared;
                        continue;
                    }
                    --pairs_left;
                    difference(out, in_force[i], in_force[k]);
                }
            }
        });
    });
}

}  // namespace

Result<ReadAirspace> read_airspace(const Json& json, const statement::Airspace* before) {
    ReadAirspace out;
    if (before != nullptr) out.airspace = *before;
    statement::Airspace& airspace = out.airspace;
    TRYV(text_into(json, "name", airspace.name));
    TRYV(text_into(json, "contact", airspace.contact));
    TRYV(text_into(json, "frequency", airspace.frequency));
    TRYV(text_into(json, "language", airspace.language));
    TRYV(text_into(json, "text", airspace.text));
    TRY(accuracy, length_member(json, "accuracy_m", limits::buffer_dm_max));
    const Json* plan_json = json.find("plan");
    if (plan_json == nullptr && before == nullptr) return fail(Errc::malformed, "plan: is missing");
    if (plan_json != nullptr) {
        auto plan = read_plan(*plan_json);
        if (!plan) return at("plan", plan.error());
        const auto known = before != nullptr ? before->volumes.front().accuracy : std::nullopt;
        airspace.volumes.clear();
        for (geo::Volume4D& volume : plan->volumes) {
            airspace.volumes.push_back({std::move(volume), {}, known});
        }
        out.ignored = std::move(plan->ignored);
    }
    if (accuracy) {
        for (geo::Place& place : airspace.volumes) place.accuracy = accuracy;
    }
    TRYV(statement::validate(airspace));
    return out;
}

void airspace_members(JsonOut& out, const view::SeenAirspace& seen, bool whole) {
    const statement::Airspace* airspace = seen.airspace();
    const auto text = [&](std::string statement::Airspace::*member) {
        return airspace != nullptr ? airspace->*member : std::string();
    };
    out.member("id", seen.id().text());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    out.member("name", text(&statement::Airspace::name));
    out.member("state", view::name(seen.state()));
    out.member("version", seen.version());
    out.member("leaf", to_base64(seen.leaf().view()));
    out.member("contact", text(&statement::Airspace::contact));
    out.member("frequency", text(&statement::Airspace::frequency));
    out.member("language", text(&statement::Airspace::language));
    out.member("text", text(&statement::Airspace::text));
    if (!whole) return;
    const auto in_force = seen.in_force();
    if (seen.dealing().more) out.member("not_kept", seen.dealing().not_kept());
    if (seen.dealing().newer_withheld) out.member("newer_withheld", true);
    out.name("versions");
    out.array([&] {
        for (const view::AirspaceVersion& one : seen.versions()) {
            const bool holds = std::any_of(in_force.begin(), in_force.end(), [&](const auto& each) {
                return each.version == one.version;
            });
            version_object(out, one, holds);
        }
    });
}

void airspace_groups(JsonOut& out, const std::vector<view::SeenAirspace>& all, bool withdrawn,
                     std::size_t watched_max) {
    std::map<std::string, std::vector<const view::SeenAirspace*>> groups;
    std::map<PartyId, std::size_t> in_force;
    for (const view::SeenAirspace& seen : all) {
        in_force[seen.party()] += seen.in_force().size();
        if (!withdrawn && seen.state() == view::AirspaceState::withdrawn) continue;
        const statement::Airspace* airspace = seen.airspace();
        groups[airspace != nullptr ? airspace->name : ""].push_back(&seen);
    }
    std::size_t pairs_left = airspace_pairs_max, not_compared = 0;
    out.object([&] {
        out.name("airspace");
        out.array([&] {
            for (auto& [name, members] : groups) {
                std::stable_sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
                    return std::tuple(a->party(), a->id()) < std::tuple(b->party(), b->id());
                });
                group(out, name, members, pairs_left, not_compared);
            }
        });
        out.member("not_compared", std::uint64_t{not_compared});
        std::size_t not_watched = 0;
        for (const auto& [party, count] : in_force) {
            if (count > watched_max) not_watched += count - watched_max;
        }
        out.member("not_watched", std::uint64_t{not_watched});
    });
}

}  // namespace entente::formats
