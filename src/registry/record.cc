// SPDX-License-Identifier: Apache-2.0
#include "registry/record.h"

#include <algorithm>

#include "base/assert.h"
#include "base/limits.h"
#include "geo/box.h"
#include "geo/covers.h"
#include "geo/valid.h"
#include "registry/ended_legs.h"
#include "registry/kinds.h"

namespace entente::registry {
namespace {

/// The default of a class; of one that is not known here, the largest.
Metres of_class(const std::array<Decimetres, statement::protection_class_count>& by_class,
                const std::string& name) {
    if (auto known = statement::parse_class(name)) {
        return metres(by_class[static_cast<std::size_t>(*known)]);
    }
    return metres(*std::max_element(by_class.begin(), by_class.end()));
}

/// A stranger's length may be anything; negative ones count as not stated, huge ones as the limit.
Metres length(const std::optional<Decimetres>& stated, Metres otherwise) {
    if (!stated || stated->v < 0) return otherwise;
    return metres({std::min(stated->v, limits::buffer_dm_max)});
}

Reached reach_of(const geo::Place& place, const std::string& class_name,
                 const statement::CharterTerms& terms) {
    Reached out{place, length(place.buffer, of_class(terms.buffers, class_name)),
                length(place.accuracy, of_class(terms.accuracies, class_name))};
    geo::Volume4D& volume = out.place.volume;
    if (!geo::validate(volume.shape)) volume.shape = geo::padded_box(volume.shape, {0});
    if (!geo::validate(volume.band)) volume.band = {};
    if (!geo::validate(volume.window)) volume.window = {};
    return out;
}

/// Whether `later` says what may end `earlier`, at once or as a relaxation. What has ended on a
/// road says nothing of a house: no version of one sort ends anything of another.
bool follows(const Version& later, const Version& earlier) {
    return later.understood && later.number > earlier.number && later.sort == earlier.sort;
}

/// Of a version that is understood as where a group is: of which one, and by whose word.
const statement::Presence* presence_of(const Version& version) {
    if (version.sort != Sort::presence || !version.understood || !version.content) return nullptr;
    const auto& said = version.content->protection.presence;
    return said ? &*said : nullptr;
}

/// Whether `later` says of the same group, vouched for by the same party, what `earlier` said: else
/// whoever protects the one group would be told of the other (check/presence.h). What cannot be
/// read of an earlier one may be of any.
bool of_same_group(const Version& later, const Version& earlier) {
    const statement::Presence* now = presence_of(later);
    if (now == nullptr || earlier.coarse_only) return true;
    const statement::Presence* was = presence_of(earlier);
    return was != nullptr && was->group == now->group && was->sponsor == now->sponsor;
}

/// Whether `later` protects all that `earlier` does. A coarse area only says that a place is
/// somewhere in it, so it never stands for an exact one; nor does what is only objected to for what
/// may be more, or an objection for a STOP.
bool replaces(const Version& later, const Version& earlier) {
    return !later.withdraws && (earlier.objects() || !later.objects()) &&
           (later.stops() || !earlier.stops()) && (earlier.coarse_only || !later.coarse_only) &&
           of_same_group(later, earlier) && covers(later.places, earlier.places);
}

/// Whether an earlier relaxation ends `version` no later than `later` would.
bool ends_by(const Version& version, const Version& later, bool prompt, const Relaxing& relaxing) {
    if (!relaxing.when_final) return version.until <= later.time + relaxing.delay_of(prompt);
    return std::any_of(version.ended_by.begin(), version.ended_by.end(), [&](const Ending& ending) {
        return ending.time <= later.time && (ending.prompt || !prompt);
    });
}

}  // namespace

const Content* Record::content() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->content) return version->content.get();
    }
    return nullptr;
}

const CoarseContent* Record::coarse() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->coarse) return version->coarse.get();
    }
    return nullptr;
}

bool may_end(const Version& later, const Version& earlier) { return follows(later, earlier); }

bool covers_all(const Version& later, const Version& earlier) { return replaces(later, earlier); }

std::size_t places_stated(const Understood& u) {
    const std::size_t known = u.content  ? u.content->protection.where.size()
                              : u.coarse ? u.coarse->where.size()
                                         : 0;
    return known + u.unknown_where.size();
}

std::vector<Reached> reached(const Understood& u, const statement::CharterTerms& terms) {
    std::vector<Reached> out;
    if (u.content) {
        const std::string class_name = name(u.content->protection.protection_class);
        for (const geo::Place& place : u.content->protection.where) {
            out.push_back(reach_of(place, class_name, terms));
        }
    } else if (u.coarse) {
        // A coarse area already holds buffer and accuracy (PROTOCOL 13).
        for (geo::Place place : u.coarse->where) {
            place.buffer = place.accuracy = Decimetres{0};
            out.push_back(reach_of(place, u.coarse->protection_class, terms));
        }
    }
    for (const geo::Place& place : u.unknown_where) out.push_back(reach_of(place, "", terms));
    // The padded box of no point at all is an area of no polygons, which nothing can be near to.
    std::erase_if(out,
                  [](const Reached& place) { return !geo::validate(place.place.volume.shape); });
    return out;
}

bool covers(const std::vector<Reached>& now, const std::vector<Reached>& old) {
    return std::all_of(old.begin(), old.end(), [&](const Reached& was) {
        return std::any_of(now.begin(), now.end(), [&](const Reached& is) {
            return geo::covers(is.place, is.reach(), was.place, was.reach());
        });
    });
}

bool states_again(const Record& by, const Version& version) {
    const Version& first = by.versions.front();
    return first.number == 1 && first.understood && first.sort == version.sort &&
           replaces(first, version);
}

Version make_version(const Understood& u, const statement::CharterTerms& terms) {
    const statement::Head& head = *u.head;
    Version version;
    version.number = head.keys.version;
    version.position = u.position;
    version.opened = u.opened;
    version.time = head.time;
    version.act = head.act;
    version.actor = head.actor;
    if (head.keys.version == 1) version.was = head.was;
    version.content = u.content;
    version.places = reached(u, terms);
    version.sort = sort_of(head.kind);
    version.withdraws = ends_all(head.act) && !head.protects;
    version.understood = is_act_of(head.kind, head.act) && u.unknown_where.empty() &&
                         u.faults.empty() && version.places.size() == places_stated(u) &&
                         (version.withdraws || !version.places.empty());
    // Of a kind that is not understood every area is as good as a place (PROTOCOL 18).
    version.coarse_only =
        !u.content && u.coarse.has_value() && has_places(head.kind) && u.unknown_where.empty();
    if (version.coarse_only) {
        version.coarse = std::make_shared<const CoarseContent>(
            CoarseContent{u.coarse->protection_class, u.coarse->contact});
    }
    version.unplaced =
        version.places.size() < std::max<std::size_t>(places_stated(u), head.protects);
    version.approved_by = u.approved_by;
    return version;
}

bool supersede(Record& record, std::size_t i, const Relaxing& relaxing) {
    Version& later = record.versions[i];
    later.until = never;
    later.ended_by.clear();
    later.prompt.reset();
    bool rest = false;
    for (std::size_t k = 0; k < i; ++k) {
        Version& earlier = record.versions[k];
        if (earlier.until == at_once) continue;  // nothing ends sooner, and covers() is not free
        if (earlier.places.empty() || (follows(later, earlier) && replaces(later, earlier))) {
            earlier.until = at_once;
            earlier.ended_by.clear();
        } else if (follows(later, earlier)) {
            rest |= !ends_by(earlier, later, only_legs_ended(record, k, i), relaxing);
        }
    }
    return rest;
}

void relax(Record& record, std::size_t i, const Relaxing& relaxing) {
    Version& later = record.versions[i];
    ASSERT(later.may_act());
    for (std::size_t k = 0; k < i; ++k) {
        Version& earlier = record.versions[k];
        if (earlier.until == at_once || !follows(later, earlier)) continue;
        const bool prompt = only_legs_ended(record, k, i);
        later.prompt = later.prompt.value_or(true) && prompt;
        if (ends_by(earlier, later, prompt, relaxing)) continue;
        if (relaxing.when_final)
            earlier.ended_by.push_back({later.position.index, later.time, prompt});
        else
            earlier.until = later.time + relaxing.delay_of(prompt);
    }
}

}  // namespace entente::registry
