// SPDX-License-Identifier: Apache-2.0
#include "registry/record.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "geo/box.h"
#include "geo/covers.h"
#include "geo/valid.h"

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

/// When version `later` ends what `earlier` protects.
Instant ended_by(const Version& earlier, const Version& later) {
    if (earlier.places.empty()) return at_once;  // nothing there to protect
    if (!later.understood || later.number <= earlier.number) return never;
    if (!later.withdraws && covers(later.places, earlier.places)) return at_once;
    return later.acts;
}

}  // namespace

const Content* Record::content() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->content) return version->content.get();
    }
    return nullptr;
}

bool Authority::root_approves(const Understood& u) const {
    return std::find(u.approved_by.begin(), u.approved_by.end(), root) != u.approved_by.end();
}

bool Authority::officers_approve(const Understood& u) const {
    std::set<PublicKey> approving;  // a key that was enrolled twice is still one officer
    for (const Officer& officer : officers) {
        const bool signed_it = std::find(u.approved_by.begin(), u.approved_by.end(), officer.key) !=
                               u.approved_by.end();
        if (signed_it && u.position.index.v >= officer.from) approving.insert(officer.key);
    }
    return approving.size() >= static_cast<std::size_t>(officers_needed);
}

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

Record with_version(const Record& record, Version version) {
    Record out = record;
    const auto place = std::upper_bound(
        out.versions.begin(), out.versions.end(), version,
        [](const Version& a, const Version& b) { return a.position.index < b.position.index; });
    version.until = never;
    for (auto later = place; later != out.versions.end(); ++later) {
        version.until = std::min(version.until, ended_by(version, *later));
    }
    for (auto earlier = out.versions.begin(); earlier != place; ++earlier) {
        if (earlier->until == at_once) continue;  // nothing ends sooner, and covers() is not free
        earlier->until = std::min(earlier->until, ended_by(*earlier, version));
    }
    out.versions.insert(place, std::move(version));
    return out;
}

}  // namespace entente::registry
