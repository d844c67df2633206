// SPDX-License-Identifier: Apache-2.0
#include "sim/book.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::sim {
namespace {

Bits joined(Bits a, Bits b) { return static_cast<Bits>(a | b); }

}  // namespace

Bits bits_of(node::Tier tier) {
    switch (tier) {
        case node::Tier::none: return 0;
        case node::Tier::head: return 1;
        case node::Tier::coarse: return 1 | 2;
        case node::Tier::exact: return 1 | 4;
    }
    ASSERT(false);
}

void Book::say(const Meaning& meaning, EntryIndex entry) {
    Told& told = records_[meaning.record];
    told.author = meaning.author;
    told.moves = meaning.kind == statement::movement_kind;
    told.newer = !told.moves && meaning.kind != statement::protection_kind;
    told.versions.push_back(entry);
    if (told.moves) {
        Road& road = roads_[meaning.record];
        road.author = meaning.author;
        road.versions.push_back({entry, meaning.act, meaning.time, meaning.legs});
        told.withdrawn = meaning.legs.empty();
    } else {
        place(meaning, entry);
    }
    for (const auto& [party, tier] : meaning.audience) {
        told.given[party] = joined(told.given[party], bits_of(tier));
    }
    const bool head_only = told.moves ? told.withdrawn : meaning.act == statement::act::withdraw;
    said_[meaning.author].insert_or_assign(
        entry, Said{meaning.record, head_only ? Bits{1} : Bits{7}, told.given});
}

void Book::place(const Meaning& meaning, EntryIndex entry) {
    namespace act = statement::act;
    Told& told = records_.at(meaning.record);
    const auto end_all = [&](const auto& which) {
        for (Claim& claim : claims_) {
            if (claim.record == meaning.record && which(claim)) claim.ended_by.push_back(entry);
        }
    };
    if (meaning.act == act::withdraw) {
        end_all([](const Claim&) { return true; });
        told.withdrawn = true;
        told.sites.clear();
    } else if (meaning.act == act::confirm_move) {
        end_all([&](const Claim& claim) {
            return claim.site != told.site || claim.radius_dm > told.radius_dm;
        });
        told.sites = {told.site};
    } else if (meaning.act == act::add || meaning.act == act::amend) {
        // Where it shrinks, what lay outside of it is meant to end.
        end_all([&](const Claim& claim) {
            return claim.site == meaning.site && claim.radius_dm > meaning.radius_dm;
        });
        claims_.push_back(
            {meaning.author, meaning.record, entry, meaning.site, meaning.radius_dm, {}});
        told.withdrawn = false;
        told.site = meaning.site;
        told.radius_dm = meaning.radius_dm;
        told.sites.insert(meaning.site);
    }
}

std::set<EntryIndex> Book::relaxations(std::size_t author) const {
    std::set<EntryIndex> out;
    for (const Claim& one : claims_) {
        if (one.author == author) out.insert(one.ended_by.begin(), one.ended_by.end());
    }
    for (const auto& [record, road] : roads_) {
        if (road.author != author) continue;
        for (const RoadVersion& version : road.versions) {
            if (version.act != statement::act::add && version.act != statement::act::start) {
                out.insert(version.entry);
            }
        }
    }
    return out;
}

void Book::release(const RecordId& record, const PartyId& to, node::Tier tier) {
    Told& told = records_.at(record);
    told.given[to] = joined(told.given[to], bits_of(tier));
    for (const EntryIndex entry : told.versions) {
        Bits& allowed = said_[told.author].at(entry).allowed[to];
        allowed = joined(allowed, told.given[to]);
    }
}

const Said* Book::said(std::size_t author, EntryIndex entry) const {
    const auto log = said_.find(author);
    if (log == said_.end()) return nullptr;
    const auto found = log->second.find(entry);
    return found == log->second.end() ? nullptr : &found->second;
}

std::optional<Instant> Cosigners::final_at(EntryIndex entry, std::size_t k) const {
    std::vector<Instant> firsts;
    for (const auto& [mirror, heads] : seen_) {
        std::optional<Instant> first;
        for (const auto& [size, time] : heads) {
            if (size.v > entry.v && (!first || time < *first)) first = time;
        }
        if (first) firsts.push_back(*first);
    }
    if (k == 0 || firsts.size() < k) return std::nullopt;
    std::sort(firsts.begin(), firsts.end());
    return firsts[k - 1];
}

}  // namespace entente::sim
