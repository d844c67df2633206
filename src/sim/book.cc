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
    told.kind = meaning.kind;
    told.versions.push_back(entry);
    bool head_only = meaning.act == statement::act::withdraw;
    if (told.moves()) {
        Road& road = roads_[meaning.record];
        road.author = meaning.author;
        road.versions.push_back({entry, meaning.act, meaning.time, meaning.legs});
        head_only = told.withdrawn = meaning.legs.empty();
    } else if (told.is(statement::activity_kind)) {
        Plan& plan = plans_[meaning.record];
        plan.author = meaning.author;
        plan.versions.push_back(
            {entry, meaning.leaf, meaning.act, meaning.volumes, meaning.started});
        head_only = plan.over();
    } else if (told.is(statement::reply_kind)) {
        answered_.emplace(meaning.leaf, *meaning.answered);
    } else if (told.is(statement::objection_kind)) {
        object(meaning, entry);
        head_only = told.withdrawn;
    } else if (told.stops()) {
        stop(meaning, entry);
        head_only = told.withdrawn;
    } else if (told.deals()) {
        talk(meaning);
    } else {
        place(meaning, entry);
    }
    const Bits used = head_only ? 1 : told.deals() ? 5 : 7;
    for (const auto& [party, tier] : meaning.audience) {
        // Who is told of an end alone has no more than that: what follows it is not owed whole.
        told.given[party] = joined(told.given[party], bits_of(tier) & used);
    }
    said_[meaning.author].insert_or_assign(
        entry, Said{meaning.author, meaning.record, meaning.leaf, used, told.given});
    leaves_[meaning.leaf] = {meaning.author, entry};
}

/// A volume stays objected to, in its hours, until that is lifted; where the same place is stated
/// anew for other hours, those before are meant to end.
void Book::object(const Meaning& meaning, EntryIndex entry) {
    Told& told = records_.at(meaning.record);
    told.withdrawn = meaning.act == statement::act::lift;
    for (Claim& claim : claims_) {
        if (claim.record != meaning.record) continue;
        const auto anew = [&](const PlanVolume& one) { return one.site == claim.site; };
        const auto held = [&](const PlanVolume& one) { return one.holds(*claim.objects); };
        const auto& now = meaning.volumes;
        if (told.withdrawn || (std::any_of(now.begin(), now.end(), anew) &&
                               std::none_of(now.begin(), now.end(), held))) {
            claim.ended_by.push_back(entry);
        }
    }
    if (told.withdrawn) return;
    told.volumes = meaning.volumes;
    told.activity = meaning.activity;
    told.contact = meaning.contact;
    for (const PlanVolume& one : meaning.volumes) {
        claims_.push_back(
            {meaning.author, meaning.record, entry, one.site, one.radius_dm, {}, one});
    }
}

/// It is in force in its volume until it is lifted.
void Book::stop(const Meaning& meaning, EntryIndex entry) {
    Told& told = records_.at(meaning.record);
    if (meaning.act == statement::act::lift) {
        told.withdrawn = stops_.at(meaning.record).lifted = true;
        for (Claim& claim : claims_) {
            if (claim.record == meaning.record) claim.ended_by.push_back(entry);
        }
        return;
    }
    StopSaid said = *meaning.stop;
    said.author = meaning.author;
    said.leaf = meaning.leaf;
    told.contact = meaning.contact;
    const PlanVolume& one = said.volume;
    claims_.push_back(
        {meaning.author, meaning.record, entry, one.site, one.radius_dm, {}, one, true});
    stops_.emplace(meaning.record, std::move(said));
}

void Book::talk(const Meaning& meaning) {
    const bool withdrawn = meaning.act == statement::act::withdraw;
    if (meaning.kind == statement::attempt_kind) {
        StopCall call = *meaning.call;
        call.leaf = meaning.leaf;
        called_.emplace(call.leaf, call.stop);
        stops_.at(call.stop).calls.push_back(std::move(call));
    } else if (meaning.kind == statement::challenge_kind) {
        Contest& one = contests_[meaning.record];
        one.author = meaning.author;
        if (!withdrawn) one.of = meaning.contests;
        one.of_author = records_.at(one.of).author;
        one.versions.push_back({meaning.leaf, withdrawn, meaning.answer_by, meaning.text});
    } else if (meaning.kind == statement::message_kind) {
        messages_.emplace(meaning.record, MessageSaid{meaning.author, meaning.leaf, meaning.text});
    } else if (meaning.kind == statement::group_kind) {
        groups_.emplace(meaning.record, GroupSaid{meaning.author, meaning.leaf});
    } else if (meaning.kind == statement::position_kind) {
        StandSaid& one = stands_[meaning.record];
        one.author = meaning.author;
        one.group = meaning.group;
        one.versions.push_back({meaning.leaf, withdrawn, meaning.stand});
    } else if (meaning.known) {
        KnownSaid& one = known_[meaning.record];
        one.author = meaning.author;
        one.kind = meaning.kind;
        one.versions.push_back(*meaning.known);
        one.versions.back().leaf = meaning.leaf;
    } else if (meaning.kind == statement::airspace_kind) {
        Zone& zone = zones_[meaning.record];
        zone.author = meaning.author;
        zone.versions.push_back(
            {meaning.leaf, withdrawn, withdrawn ? PlanVolume() : meaning.volumes.front()});
    }
}

std::optional<RecordId> Book::called_by(const Hash& leaf) const {
    const auto found = called_.find(leaf);
    return found == called_.end() ? std::nullopt : std::optional(found->second);
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
        told.contact = meaning.contact;
        told.allows = meaning.allows;
        told.group = meaning.group;
        told.sponsor = meaning.sponsor;
        told.from = meaning.time;
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
    const Bits used = told.deals() ? 5 : 7;
    told.given[to] = joined(told.given[to], bits_of(tier) & used);
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

const Said* Book::with_leaf(const Hash& leaf) const {
    const auto found = leaves_.find(leaf);
    return found == leaves_.end() ? nullptr : said(found->second.first, found->second.second);
}

bool Book::was_at(const RecordId& record, int site) const {
    const auto here = [&](const auto& one) { return one.site == site; };
    if (const auto road = roads_.find(record); road != roads_.end()) {
        const auto& all = road->second.versions;
        return std::any_of(all.begin(), all.end(), [&](const RoadVersion& version) {
            return std::any_of(version.legs.begin(), version.legs.end(), here);
        });
    }
    return std::any_of(claims_.begin(), claims_.end(), [&](const Claim& claim) {
        return claim.record == record && claim.site == site;
    });
}

std::optional<std::set<Hash>> Book::said_before(const Answered& reply) const {
    std::optional<std::set<Hash>> out;
    for (const auto& [leaf, one] : answered_) {
        if (!one.automatic || one.by != reply.by || one.version != reply.version ||
            one.word != reply.word || one.contact != reply.contact) {
            continue;
        }
        if (!out) out.emplace();
        out->insert(one.entries.begin(), one.entries.end());
    }
    return out;
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
