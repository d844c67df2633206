// SPDX-License-Identifier: Apache-2.0
#include "node/told.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>

#include "geo/distance.h"
#include "geo/prepared.h"

namespace entente::node {

using statement::Rung;

std::size_t ToldList::ByLeaf::operator()(const Hash& leaf) const {
    std::size_t out = 0;
    std::memcpy(&out, leaf.bytes.data(), sizeof out);
    return out;
}

Result<bool> ToldList::read(Store& store, std::size_t most) {
    std::size_t rows = 0;
    // A scan ends with its first error: that is how it is left before its end.
    const auto done =
        store.scan_releases(author_, recipient_, next_, [&](StoredRelease&& row) -> Result<void> {
            if (rows++ == most) return fail(Errc::unavailable, "enough for now");
            TRY(release, seal::parse_release(row.leaf));
            const Slots given = slots_of(release.slots);
            Listed& one = listed_.emplace(release.leaf, Listed{row.number, 0, given, row.number})
                              .first->second;
            const auto slots = static_cast<Slots>(one.slots | given);
            if (slots != one.slots) one.whole_since = row.number;
            one.slots = slots;
            next_ = row.number + 1;
            return {};
        });
    if (!done && rows <= most) return tl::unexpected(done.error());
    return done.has_value();
}

void ToldList::hear(const std::vector<HeardReceipt>& all,
                    const std::function<bool(const HeardReceipt&)>& counts) {
    all_ = &all;
    std::set<std::pair<Rung, std::string>> more;
    for (; heard_ < all.size(); ++heard_) {
        if (!counts(all[heard_])) continue;
        const statement::Receipt& said = all[heard_].receipt;
        for (const Hash& leaf : said.entries) {
            const auto named = listed_.find(leaf);  // whatever else it names is nothing of ours
            if (named != listed_.end()) named->second.named.push_back(heard_);
        }
        if (!said.list || !said.entries.empty()) continue;
        if (said.rung == Rung::offered) continue;  // it says what is missing
        lists_[{said.rung, said.unit}].push_back(heard_);
        more.insert({said.rung, said.unit});
    }
    for (const auto& of : more) {
        auto& lists = lists_.at(of);
        std::stable_sort(lists.begin(), lists.end(), [&](Number a, Number b) {
            return receipt(a).receipt.list->size < receipt(b).receipt.list->size;
        });
    }
}

const Listed* ToldList::find(const Hash& leaf) const {
    const auto found = listed_.find(leaf);
    return found == listed_.end() ? nullptr : &found->second;
}

/// Of each rung and unit the receipt for the smallest list that takes in this release, and excepts
/// no version of the record: who leaves one out means the record.
std::vector<ToldList::Number> ToldList::for_list(
    std::uint64_t number, const std::vector<registry::Version>& versions) const {
    std::vector<Number> out;
    for (const auto& [of, lists] : lists_) {
        auto one = std::partition_point(lists.begin(), lists.end(), [&](Number list) {
            return receipt(list).receipt.list->size.v <= number;
        });
        one = std::find_if(one, lists.end(), [&](Number list) {
            const auto& except = receipt(list).receipt.exceptions;
            return std::none_of(versions.begin(), versions.end(), [&](const auto& version) {
                return std::binary_search(except.begin(), except.end(), version.position.index);
            });
        });
        if (one != lists.end()) out.push_back(*one);
    }
    return out;
}

/// Where in its log the party first said that it holds the list up to this release.
EntryIndex ToldList::held_from(std::uint64_t number) const {
    EntryIndex out{UINT64_MAX};
    for (const auto& [of, lists] : lists_) {
        for (const Number list : lists) {
            if (receipt(list).receipt.list->size.v > number)
                out = std::min(out, receipt(list).position.index);
        }
    }
    return out;
}

namespace {

LadderStep step_of(const HeardReceipt& heard) {
    const statement::Receipt& receipt = heard.receipt;
    return {receipt.rung,        receipt.unit, receipt.voice,
            receipt.reason,      heard.actor,  heard.time,
            heard.position.leaf, {},           {}};
}

}  // namespace

std::vector<LadderStep> ToldList::steps_for(const registry::Record& record,
                                            const registry::Version& version,
                                            const Compare& compare, bool first) const {
    std::vector<LadderStep> steps;
    const Hash& leaf = version.position.leaf;
    const Listed* given = find(leaf);
    if (given == nullptr || all_ == nullptr) return steps;
    const std::uint64_t since = first ? given->number : given->whole_since;
    const EntryIndex from = since == given->number ? EntryIndex{0} : held_from(since);
    for (const Number number : given->named) {
        const HeardReceipt& heard = receipt(number);
        if (heard.position.index < from) continue;
        steps.push_back(step_of(heard));
        for (const auto& read : heard.receipt.read_back) {
            if (read.entry != leaf) continue;
            steps.back().at = compare(read, heard.receipt.rung);
            steps.back().read = read;
        }
    }
    for (const Number list : for_list(since, record.versions)) {
        steps.push_back(step_of(receipt(list)));
    }
    std::sort(steps.begin(), steps.end(), [](const LadderStep& a, const LadderStep& b) {
        return std::tie(a.rung, a.time, a.leaf.bytes) < std::tie(b.rung, b.time, b.leaf.bytes);
    });
    return steps;
}

Compare loaded_here(const registry::Record& record) {
    return [&record](const statement::ReadBack& read, Rung rung) -> std::optional<LoadedAt> {
        if (rung != Rung::loaded) return std::nullopt;  // the node's own reading is of these bytes
        for (const registry::Version& version : record.versions) {
            if (version.position.leaf != read.entry || !version.content) continue;
            const auto& where = version.content->protection.where;
            if (where.empty()) return std::nullopt;
            const geo::LatLng said = geo::Prepared(where.front().volume.shape).center();
            const Metres apart = geo::geodesic(said, read.at);
            return LoadedAt{record.id, apart, apart > loaded_apart_max};
        }
        return std::nullopt;  // its body is here no more: nothing to compare with
    };
}

}  // namespace entente::node
