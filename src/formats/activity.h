// SPDX-License-Identifier: Apache-2.0
// Activities for programs: what somebody declares, in; what a reader sees of one, out.
#pragma once

#include "check/activity.h"
#include "formats/json_out.h"
#include "statement/activity.h"

namespace entente::formats {

struct ReadActivity {
    statement::Activity activity;  // without `checked`
    std::vector<std::string> ignored;
};

/// The members `plan` (as for a check; every Feature has time_start and time_end), `contact`, and
/// if stated `name` and `accuracy_m`: how well who acts keeps to the volumes. Other members are the
/// caller's to judge.
Result<ReadActivity> read_activity(const Json& json);

/// id, party, own, state, version, leaf, from, until, contact, name; with `whole` also its volumes
/// and all that was said of it.
void activity_members(JsonOut& out, const view::SeenActivity& seen, bool whole, Instant now);

/// Volumes as a FeatureCollection, so that they can be checked and drawn as any plan.
void volumes_collection(JsonOut& out, const std::vector<geo::Place>& volumes);
/// `checked`: what its author had in hand; `answered`: and what came of it.
void checked_member(JsonOut& out, const statement::Checked& checked, bool answered);
/// Metres of 0 to `most` decimetres, rounded up; nothing where the member is absent.
Result<std::optional<Decimetres>> length_member(const Json& json, const char* key,
                                                std::int64_t most);

/// Other activities in the same volumes, as objects of an array.
void meetings_array(JsonOut& out, const view::View& view,
                    const std::vector<check::Meeting>& meetings);

}  // namespace entente::formats
