// SPDX-License-Identifier: Apache-2.0
// Notices of what was said of records: of one's own log each entry, of another's the release that
// shows it, or the entry that says without one that there is a newer version; and of what befell a
// log as a whole.
#include <algorithm>

#include "node/noticing_pass.h"
#include "statement/fields.h"

namespace entente::node {
namespace {

namespace canon = statement::canon;

/// What others wrote is kept out of the outbox, unless it is a word as the protocol has them.
std::string code_of(const std::string& act) { return canon::is_key(act) ? act : "unknown"; }

/// That a party's log says this version of a record.
Notice said(const std::pair<PartyId, Origin>& by, const registry::Record& record,
            const registry::Version& version, Instant moment) {
    const bool objects = std::all_of(record.versions.begin(), record.versions.end(),
                                     [](const auto& one) { return one.objects(); });
    const bool stops = std::all_of(record.versions.begin(), record.versions.end(),
                                   [](const auto& one) { return one.stops(); });
    return {{},
            stops     ? watch::what::stop
            : objects ? watch::what::objection
                      : watch::what::record,
            by.first,
            by.second,
            version.position.index,
            version.position.leaf,
            code_of(version.act),
            record.id,
            version.number,
            0,
            moment,
            {}};
}

}  // namespace

Result<void> Noticing::own_causes(Pass& pass) const {
    const Origin& origin = of_.node->origin();
    const std::uint64_t begin = pass.told(origin).entries, end = pass.now[origin].entries;
    if (begin >= end) return {};
    std::map<std::uint64_t, Cause> found;
    for (const registry::Slot slot : pass.slots) {
        const registry::Record& record = of_.node->snapshot().at(slot);
        if (record.log != 0) continue;
        for (const registry::Version& version : record.versions) {
            const std::uint64_t index = version.position.index.v;
            if (index < begin || index >= end) continue;
            const std::string key = "entry/" + origin.v + "/" + std::to_string(index);
            pass.fresh.emplace(slot, version.number);
            found.emplace(index, Cause{key,
                                       said({of_.node->snapshot().party(), origin}, record, version,
                                            pass.moment),
                                       slot});
        }
    }
    for (auto& [index, cause] : found) pass.causes.push_back(std::move(cause));
    return {};
}

Result<void> Noticing::peer_causes(const Peer& peer, Pass& pass) const {
    const std::uint64_t begin = pass.told(peer.origin).releases;
    if (begin >= pass.now[peer.origin].releases) return {};
    std::map<Hash, std::vector<std::uint64_t>> released;  // by leaf
    TRYV(of_.store->scan_releases(peer.origin, of_.exchange->self(), begin,
                                  [&](StoredRelease&& row) -> Result<void> {
                                      TRY(release, seal::parse_release(row.leaf));
                                      released[release.leaf].push_back(row.number);
                                      return {};
                                  }));
    std::map<std::uint64_t, Cause> found;
    for (const registry::Slot slot : pass.slots) {
        const registry::Record& record = of_.node->snapshot().at(slot);
        if (record.log != peer.log) continue;
        for (const registry::Version& version : record.versions) {
            const auto numbers = released.find(version.position.leaf);
            if (numbers == released.end()) continue;
            pass.fresh.emplace(slot, version.number);
            for (const std::uint64_t n : numbers->second) {
                const std::string key = "release/" + peer.origin.v + "/" + std::to_string(n);
                found.emplace(
                    n,
                    Cause{key, said({peer.id, peer.origin}, record, version, pass.moment), slot});
            }
        }
    }
    for (auto& [n, cause] : found) pass.causes.push_back(std::move(cause));
    std::set<Hash> leaves;
    for (const auto& [leaf, numbers] : released) leaves.insert(leaf);
    pass.released[peer.log] = std::move(released);
    return receipt_causes(peer, leaves, pass);
}

/// A version that is missing here: of a record of the register, or of what is said of a group.
struct Noticing::Missing {
    std::optional<registry::Slot> record;
    std::optional<registry::DealingSlot> dealing;
};

namespace {

/// The tags of versions that are here, which another entry may bear too, and of those behind.
template <class Known, class Missing>
void add_missing_tags(const Known& known, const Missing& missing, std::map<Hash, Missing>& out) {
    for (const auto& version : known.versions) {
        out.emplace(statement::version_tag(known.secret, version.number), missing);
        if (version.number == UINT32_MAX) continue;
        out.emplace(statement::version_tag(known.secret, version.number + 1), missing);
    }
}

template <class Known>
bool is_here(const Known& known, const registry::Position& position) {
    return std::any_of(known.versions.begin(), known.versions.end(),
                       [&](const auto& one) { return one.position == position; });
}

}  // namespace

/// Entries that came without a body and bear the tag of a version that is missing here.
Result<void> Noticing::withheld_causes(const Peer& peer, Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const std::uint64_t begin = pass.told(peer.origin).withheld;
    const std::uint64_t end = pass.now[peer.origin].withheld;
    if (begin >= end) return {};
    std::map<Hash, Missing> tags;
    for (const registry::Slot slot : withheld_) {
        const registry::Record& record = snapshot.at(slot);
        if (record.log != peer.log || !record.newer_withheld) continue;
        add_missing_tags(record, Missing{slot, {}}, tags);
    }
    for (const registry::DealingSlot slot : withheld_dealings_) {
        const registry::Dealing& dealing = snapshot.dealings().at(slot);
        if (dealing.log != peer.log || !dealing.newer_withheld) continue;
        add_missing_tags(dealing, Missing{{}, slot}, tags);
    }
    if (tags.empty()) return {};
    return of_.store->scan(peer.origin, {begin}, {end}, [&](StoredEntry&& row) -> Result<void> {
        const auto entry = statement::decode_entry(row.entry);
        const auto* sealed = entry ? std::get_if<statement::SealedEntry>(&*entry) : nullptr;
        const auto found = sealed != nullptr ? tags.find(sealed->tag) : tags.end();
        if (found == tags.end()) return {};
        const Missing& of = found->second;
        const registry::Position position{row.index, tlog::leaf_hash(row.entry)};
        if (of.record && is_here(snapshot.at(*of.record), position)) return {};
        if (of.dealing && is_here(snapshot.dealings().at(*of.dealing), position)) return {};
        Cause cause{"withheld/" + peer.origin.v + "/" + std::to_string(row.index.v), {}, of.record};
        cause.notice.what = cause.notice.detail = watch::what::withheld;
        cause.notice.party = peer.id;
        cause.notice.origin = peer.origin;
        cause.notice.index = position.index;
        cause.notice.leaf = position.leaf;
        cause.notice.record =
            of.record ? snapshot.at(*of.record).id : snapshot.dealings().at(*of.dealing).id;
        cause.notice.time = pass.moment;
        if (of.dealing && says_of_groups(snapshot.dealings().at(*of.dealing))) {
            pass.withheld.emplace(*of.dealing, position);
        }
        pass.causes.push_back(std::move(cause));
        return {};
    });
}

bool Noticing::says_of_groups(const registry::Dealing& dealing) {
    const auto does = [](const registry::DealingVersion& one) {
        return one.kind == statement::group_kind || one.kind == statement::position_kind;
    };
    return std::any_of(dealing.versions.begin(), dealing.versions.end(), does);
}

/// What is to be looked at again: of a log that is not whole here yet, or right now.
void Noticing::note_withheld(const Pass& pass) {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const registry::Slot slot : pass.slots) {
        if (snapshot.at(slot).newer_withheld) withheld_.insert(slot);
    }
    for (const registry::DealingSlot slot : dealt(pass)) {
        const registry::Dealing& dealing = snapshot.dealings().at(slot);
        const bool alone = !snapshot.find(dealing.id);  // else it is told as a record
        if (dealing.newer_withheld && alone) withheld_dealings_.insert(slot);
    }
}

void Noticing::withheld_is_told() {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const auto done = [&](const auto& one) {
        const LogTold& of = (*told_)[snapshot.log(one.log).origin];
        return !one.newer_withheld || of.withheld == of.entries;
    };
    std::erase_if(withheld_, [&](registry::Slot slot) { return done(snapshot.at(slot)); });
    std::erase_if(withheld_dealings_,
                  [&](registry::DealingSlot slot) { return done(snapshot.dealings().at(slot)); });
}

void Noticing::log_causes(Pass& pass) const {
    for (const auto& log : of_.node->snapshot().logs()) {
        const LogTold& before = pass.told(log->origin);
        LogTold& now = pass.now[log->origin];
        const auto add = [&](const char* code, const std::string& key) {
            Cause cause{"log/" + log->origin.v + "/" + key, {}, {}};
            cause.notice = {
                {}, watch::what::log, log->party, log->origin, {now.entries}, {}, code, {}, 0,
                0,  pass.moment,      {}};
            pass.causes.push_back(std::move(cause));
        };
        if (now.forked && !before.forked) add("forked", "forked");
        if (now.left && !before.left) add("left", "left");
        // There may be fewer in between, and then as many again, which is another thing to tell.
        if (now.unplaced > before.unplaced) {
            add("unplaced", "unplaced/" + std::to_string(++now.unplaced_told) + "/" +
                                std::to_string(now.unplaced));
        }
    }
}

}  // namespace entente::node
