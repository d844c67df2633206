// SPDX-License-Identifier: Apache-2.0
// At the end of a world: who subscribed was told of everything that concerns them, each cause under
// one id, in the order of the logs, and nothing again that was acknowledged, whatever died and in
// whatever order entries and releases came (doc/protocol/notices.md).
#include <algorithm>
#include <set>

#include "sim/checks.h"
#include "tlog/merkle.h"

namespace entente::sim {

/// What the book says must be told, and its name.
struct Checks::Cause {
    std::string name;
    std::size_t author;
    EntryIndex entry;
    RecordId record;
    Bits open;
    bool must = true;                       // false: nobody needs to be told of it
    std::optional<RecordId> activity = {};  // that it is, or replies to
    std::optional<RecordId> talk = {};      // the challenge or message, as well
    std::optional<RecordId> stop = {};      // the STOP that it answers, or calls for
    bool deals = false;                     // it is told in an order of its own
    /// What a notice of it is about.
    bool is_of(const node::Notice& notice) const {
        if (activity) return notice.activity == activity;
        if (talk) return notice.talk == talk;
        return notice.record == stop.value_or(record);
    }
};

namespace {

/// Whether the entry states a place or a leg at one of the sites that the subscription is about.
bool is_somewhere(const Book& book, std::size_t author, EntryIndex entry) {
    const auto here = [](int site) { return site < Listener::area_sites; };
    for (const Claim& claim : book.claims()) {
        if (claim.author == author && claim.entry == entry && here(claim.site)) return true;
    }
    for (const auto& [record, road] : book.roads()) {
        for (const RoadVersion& version : road.versions) {
            if (road.author != author || version.entry != entry) continue;
            return std::any_of(version.legs.begin(), version.legs.end(),
                               [&](const RoadLeg& leg) { return here(leg.site); });
        }
    }
    return false;
}

}  // namespace

/// In the order of each log: entries of its own, and of others every release that shows one.
std::vector<Checks::Cause> Checks::causes(Seat& seat) {
    std::vector<Cause> out;
    for (Seat& author : world_.seats_) {
        if (!author.honest) continue;
        const Origin origin = origin_of(author);
        const std::size_t of = world_.number(author);
        const auto& said = world_.book_.said_by(of);
        if (of == world_.number(seat)) {
            for (const auto& [entry, one] : said) {
                out.push_back({"entry/" + origin.v + "/" + std::to_string(entry.v), of, entry,
                               one.record, 7});
            }
            continue;
        }
        if (behind_its_store(seat, author)) continue;
        std::map<Hash, EntryIndex> leaves;
        for (const auto& [entry, one] : said) {
            if (const auto stored = row(author, origin, entry)) {
                leaves.emplace(tlog::leaf_hash(stored->entry), entry);
            }
        }
        (void)seat.party->store().scan_releases(
            origin, seat.party->id(), 0, [&](node::StoredRelease&& row) -> Result<void> {
                TRY(release, seal::parse_release(row.leaf));
                const auto found = leaves.find(release.leaf);
                if (found == leaves.end()) return {};  // of a receipt, which is no record
                out.push_back({"release/" + origin.v + "/" + std::to_string(row.number), of,
                               found->second, said.at(found->second).record,
                               open_bits(seat, author, found->second)});
                return {};
            });
    }
    return out;
}

/// What it is about, and whether it is told at all. Who was only shown a reply to another party is
/// told of it where it knows by then what that is to; of a call only who has not decided.
bool Checks::is_told(const Seat& seat, Cause& cause) const {
    const Book& book = world_.book_;
    const Told& told = book.records().at(cause.record);
    cause.deals = told.deals();
    if (!cause.deals) return true;
    const Hash leaf = book.said(cause.author, cause.entry)->leaf;
    const bool own = cause.author == world_.number(seat);
    if (told.is(statement::activity_kind)) cause.activity = cause.record;
    if (told.is(statement::attempt_kind)) {
        cause.stop = book.called_by(leaf);
        cause.must = false;
        return !own && book.stops().at(*cause.stop).to == seat.party->id();
    }
    if (told.is(statement::challenge_kind) || told.is(statement::message_kind)) {
        cause.talk = cause.record;
    }
    const bool silent = told.is(statement::airspace_kind) || told.is(statement::group_kind) ||
                        told.is(statement::position_kind) || book.known().contains(cause.record);
    if (!told.is(statement::reply_kind)) return !silent;
    const Answered& reply = book.answered().at(leaf);
    cause.must = own || reply.to == seat.party->id();
    if (const auto stop = book.stops().find(reply.of); stop != book.stops().end()) {
        cause.stop = reply.of;
        return !reply.automatic && world_.seats_[reply.by].party->id() == stop->second.to;
    }
    (book.plans().contains(reply.of) ? cause.activity : cause.talk) = reply.of;
    return true;
}

/// Whether who heeds that party may be told of this: it is of its record, or of its word.
bool Checks::heeds(const node::Notice& notice, const PartyId& party) const {
    if (notice.party == party) return true;
    std::optional<RecordId> of;
    // An alarm may be by a position of another party on whose presence it is.
    if (notice.what == watch::what::stop || notice.what == watch::what::alarm) of = notice.record;
    if (notice.what == watch::what::challenge && world_.book_.contests().contains(*notice.talk)) {
        of = world_.book_.contests().at(*notice.talk).of;
    }
    const auto& records = world_.book_.records();
    if (!of || !records.contains(*of)) return false;
    return world_.seats_[records.at(*of).author].party->id() == party;
}

void Checks::told(Seat& seat) {
    Listener& listener = *seat.listener;
    for (const auto& done :
         {listener.make(nullptr, world_.clock(seat)), listener.read(world_.rng_, true)}) {
        if (!done) failed(seat, "its notices: " + done.error().detail);
    }
    if (!listener.wrong().empty()) failed(seat, listener.wrong());
    std::vector<Cause> all = causes(seat);
    std::erase_if(all, [&](Cause& cause) { return !is_told(seat, cause); });
    may_be_told_.clear();
    for (const Cause& one : all) may_be_told_.insert(node::notice_id(listener.board, one.name));
    std::erase_if(all, [](const Cause& cause) { return !cause.must; });
    // Of no class, and an activity of no place: whom that may concern is told.
    const auto is = [&](const Cause& cause, const char* kind) {
        return world_.book_.records().at(cause.record).is(kind);
    };
    const auto those = [&](const auto& which) {
        std::vector<Cause> out;
        std::copy_if(all.begin(), all.end(), std::back_inserter(out), which);
        return out;
    };
    const std::size_t heeded = (seat.founder + 1) % world_.founders_.parties.size();
    told(seat, listener.board, all);
    told(seat, listener.heeds,
         those([&](const Cause& cause) { return world_.seats_[cause.author].founder == heeded; }));
    told(seat, listener.roads, those([&](const Cause& cause) {
             return cause.activity || cause.stop || is(cause, statement::movement_kind) ||
                    is(cause, statement::objection_kind) || is(cause, statement::stop_kind);
         }));
    told(seat, listener.somewhere, those([&](const Cause& cause) {
             return cause.activity || (!cause.deals && (cause.open & 6) != 0 &&
                                       is_somewhere(world_.book_, cause.author, cause.entry));
         }));
    for (const auto& [id, heard] : listener.told(listener.heeds)) {
        if (!heeds(heard.notice, world_.founders_.parties[heeded].id)) {
            failed(seat, "who heeds one party is told of " + heard.notice.party.v);
        }
    }
    overdue_told(seat);
    for (const auto& peer : seat.party->exchange().peers()) {
        const std::string id = node::notice_id(listener.board, "log/" + peer->origin.v + "/forked");
        if (peer->fork && !listener.told(listener.board).contains(id)) {
            failed(seat, "nobody is told that the log of " + peer->id.v + " forked");
        }
    }
    world_.out_.told += listener.told(listener.board).size();
}

/// That a STOP to it was heard, calls more desks, or is not logged in time.
bool Checks::came_urgently(const Seat& seat, const node::Notice& notice) const {
    const std::set<std::string> details = {"heard", "called", "unlogged"};
    if (notice.what != watch::what::stop || !details.contains(notice.detail)) return false;
    if (seat.boxes.contains(notice.leaf)) return true;
    // What it died over it may have: then it is a STOP that was said to it.
    const auto& stops = world_.book_.stops();
    return seat.died_taking && std::any_of(stops.begin(), stops.end(), [&](const auto& one) {
               return one.second.leaf == notice.leaf && one.second.to == seat.party->id();
           });
}

/// That nobody answered a challenge in time: told to who made it and to who is asked.
bool Checks::was_overdue(const Seat& seat, const node::Notice& notice) const {
    const auto contest =
        notice.talk ? world_.book_.contests().find(*notice.talk) : world_.book_.contests().end();
    if (contest == world_.book_.contests().end() || notice.detail != "overdue") return false;
    const auto& versions = contest->second.versions;
    const std::uint32_t number = number_of(versions, notice.leaf);
    const bool ours = contest->second.author == world_.number(seat) ||
                      world_.seats_[contest->second.of_author].party->id() == seat.party->id();
    return ours && number != 0 && versions[number - 1].answer_by <= notice.time;
}

/// All of those that are overdue now were told.
void Checks::overdue_told(Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const Listener::Told& told = seat.listener->told(seat.listener->board);
    for (const view::SeenChallenge& seen : view.challenges()) {
        if (seen.state(world_.clock(seat)) != view::ChallengeState::overdue) continue;
        const bool any = std::any_of(told.begin(), told.end(), [&](const auto& one) {
            return one.second.notice.talk == seen.id() && one.second.notice.leaf == seen.leaf() &&
                   one.second.notice.detail == "overdue";
        });
        if (!any) failed(seat, "nobody is told that challenge " + seen.id().text() + " is overdue");
    }
}

/// `causes` were all told in this stream, in their order.
void Checks::told(Seat& seat, const std::string& stream, const std::vector<Cause>& causes) {
    const Listener::Told& told = seat.listener->told(stream);
    std::map<std::pair<std::size_t, bool>, std::uint64_t> last;  // by author, dealings apart
    for (const Cause& cause : causes) {
        const std::string id = node::notice_id(stream, cause.name);
        const auto found = told.find(id);
        if (found == told.end()) return failed(seat, stream + " is not told of " + cause.name);
        const Listener::Heard& heard = found->second;
        if (!heard.acknowledged) return failed(seat, stream + " still holds " + cause.name);
        if (!cause.is_of(heard.notice) || heard.notice.index != cause.entry) {
            return failed(seat, stream + " tells something else of " + cause.name);
        }
        std::uint64_t& before = last[{cause.author, cause.deals}];
        if (heard.seq <= before) {
            return failed(seat, stream + " tells of " + cause.name + " out of order");
        }
        before = heard.seq;
    }
    if (stream != seat.listener->board) return;
    // Everything is told there, and so nothing that did not happen.
    const std::set<std::string> whats = {watch::what::record, watch::what::objection,
                                         watch::what::stop, watch::what::challenge,
                                         watch::what::message};
    for (const auto& [id, heard] : told) {
        if (!whats.contains(heard.notice.what) || !honest(heard.notice.party)) continue;
        if (!may_be_told_.contains(id) && !came_urgently(seat, heard.notice) &&
            !was_overdue(seat, heard.notice)) {
            failed(seat, stream + " tells of entry " + std::to_string(heard.notice.index.v) +
                             " of " + heard.notice.origin.v + " and should not");
        }
    }
}

}  // namespace entente::sim
