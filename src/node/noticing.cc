// SPDX-License-Identifier: Apache-2.0
#include "node/noticing.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <numeric>
#include <set>

#include "base/breaks.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

constexpr std::size_t page = 1000;

/// What is to be told of a record to a reader of this depth: all its versions, since what one ends
/// the one before may have protected.
watch::Concern concern_of(const registry::Snapshot& snapshot, registry::Slot slot,
                          view::Depth depth, const char* what) {
    const view::Seen seen(snapshot, slot, depth);
    const registry::Record& record = snapshot.at(slot);
    watch::Concern out;
    out.what = what;
    out.party = seen.party();
    out.unplaced = record.newer_withheld;
    for (const registry::Version& version : record.versions) {
        out.unplaced |= version.unplaced;
        if (version.objects()) continue;  // it is of no class: whoever looks for one is told
        if (version.content) {
            out.classes.emplace_back(statement::name(version.content->protection.protection_class));
        } else if (version.coarse) {
            out.classes.push_back(version.coarse->protection_class);
        }
        out.class_unknown |= !version.understood;
    }
    const view::Drawn drawn = seen.drawn_ever();
    for (const view::SeenPlace& place : drawn.places) {
        out.spots.push_back({place.reached->place.volume, place.reached->reach()});
    }
    return out;
}

/// A moment as its row has it.
Result<Instant> parse_clock(BytesView text) {
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (error != std::errc() || end != text.data() + text.size() || ms < 0) {
        return fail(Errc::malformed, "expected milliseconds since 1970");
    }
    return instant(ms);
}

/// Records to look at, each once: those that changed, or all of so many.
std::vector<registry::Slot> slots_of(const std::vector<registry::Slot>* changed, std::size_t all) {
    std::vector<registry::Slot> out;
    if (changed != nullptr) {
        out = *changed;
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    } else {
        out.resize(all);
        std::iota(out.begin(), out.end(), registry::Slot{0});
    }
    return out;
}

}  // namespace

bool Noticing::is_urgent(const std::string& what) {
    return what == watch::what::stop || what == watch::what::alarm;
}

void Noticing::Stream::count(const Notice& notice, bool comes) {
    const auto changed = [comes](std::size_t before) {
        return comes ? before + 1 : before - std::min<std::size_t>(before, 1);
    };
    rows = changed(rows);
    if (notice.what == watch::what::track) {
        const Share share = share_of(notice);
        of_tracks = changed(of_tracks);
        tracks[share] = changed(tracks[share]);
        if (notice.track) return;
        if (comes) {
            unkept.insert(share);
        } else {
            unkept.erase(share);
        }
    }
    if (!is_urgent(notice.what)) return;
    std::size_t& of = urgent[{notice.party, notice.what}];
    of = changed(of);
}

bool Noticing::Stream::has_room(const Notice& notice) const {
    if (rows < stream_rows_max + of_tracks) return true;
    if (!is_urgent(notice.what)) return false;
    const auto of = urgent.find({notice.party, notice.what});
    return of == urgent.end() || of->second < urgent_rows_max;
}

Result<void> Noticing::load() {
    TRY(stored, of_.store->local(told_name));
    std::optional<Told> told;
    if (stored) {
        auto read = decode_told(*stored);
        if (!read) return at(told_name, read.error());
        told = std::move(*read);
    }
    TRY(clock_row, of_.store->local(clock_name));
    std::optional<Instant> clock;
    if (clock_row) {
        auto read = parse_clock(*clock_row);
        if (!read) return at(clock_name, read.error());
        clock = *read;
    }
    TRY(stops, load_heard_stops());
    TRY(duty, load_signed_on());
    std::map<std::string, Stream> streams;
    std::map<std::string, std::set<std::string>> tracks;
    for (std::uint64_t after = 0;;) {
        TRY(rows, of_.store->outbox(after, page));
        for (const auto& [seq, row] : rows) {
            after = seq;
            if (row.subscriber.starts_with(done_of(""))) {
                tracks[row.subscriber.substr(done_of("").size())].insert(row.payload);
                continue;
            }
            Stream& stream = streams[row.subscriber];
            const auto notice = decode_notice(row.payload);
            if (notice && notice->track) {
                tracks[row.subscriber].insert(done_row(row.subscriber, *notice, seq));
            }
            stream.count(notice ? *notice : Notice{}, true);
            stream.overflowed |= notice && notice->what == overflow;
        }
        if (rows.size() < page) break;
    }
    told_ = std::move(told);
    clock_ = clock;
    heard_stops_ = std::move(stops);
    signed_on_ = std::move(duty);
    streams_ = std::move(streams);
    track_ids_.clear();
    for (const auto& [stream, rows] : tracks) {
        for (const std::string& row : rows) note_done_row(row, track_ids_[stream]);
    }
    loaded_ = true;
    forgotten_.reset();
    look_everywhere_ = true;  // when legs are due is known no more
    return {};
}

/// What there is to tell of by now.
Told Noticing::present() const {
    Told out;
    out[of_.node->origin()].entries = of_.node->log().size().v;
    if (of_.exchange != nullptr) {
        for (const auto* peers : {&of_.exchange->peers(), &of_.exchange->former()}) {
            for (const auto& peer : *peers) {
                LogTold& one = out[peer->origin];
                one.entries = peer->mirror.size().v;
                one.releases = peer->received.size().v;
                // Entries come before what releases them: until all is here that its newest beat
                // speaks of, a version is on its way rather than withheld.
                const auto told = told_ ? told_->find(peer->origin) : Told::const_iterator();
                const bool before = told_ && told != told_->end();
                one.withheld = peer->complete() ? one.entries : before ? told->second.withheld : 0;
            }
        }
    }
    for (const auto& log : of_.node->snapshot().logs()) {
        LogTold& one = out[log->origin];
        one.unplaced = log->unplaced;
        const auto told = told_ ? told_->find(log->origin) : Told::const_iterator();
        if (told_ && told != told_->end()) one.unplaced_told = told->second.unplaced_told;
        one.forked = log->forked.has_value();
        one.left = log->author_left();
    }
    return out;
}

Result<void> Noticing::begin(Instant now) {
    if (!loaded_) TRYV(load());
    const Told told = present();
    if (told_ == told && clock_ == now) return {};
    Additions additions;
    additions.local.emplace_back(told_name, encode_told(told));
    additions.local.emplace_back(clock_name, std::to_string(millis(now)));
    additions.local.emplace_back(forgotten_name, Bytes());
    if (auto written = of_.store->add(additions); !written) {
        loaded_ = false;
        return written;
    }
    told_ = told;
    clock_ = now;
    look_everywhere_ = true;  // when legs are due
    return {};
}

/// Whether its owner has signed on to this role since the pass before.
bool Noticing::newly_on(const Subscriber& subscriber, const std::string& role, const Pass& pass) {
    const auto on = subscriber.on_duty.find(role);
    return on != subscriber.on_duty.end() &&
           pass.signed_on.contains({subscriber.wants->subscription().id, role, on->second});
}

/// The rows that a cause makes, one a stream.
void Noticing::tell(const Cause& cause, std::span<const Subscriber> subscribers, Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const char* const what = cause.notice.what.c_str();
    std::map<view::Depth, watch::Concern> concerns;
    const auto concern = [&](view::Depth depth) -> const watch::Concern& {
        auto found = concerns.find(depth);
        if (found == concerns.end()) {
            watch::Concern made;
            made.what = what;
            made.party = cause.notice.party;
            made.unplaced = cause.notice.what == watch::what::stop ||
                            cause.notice.what == watch::what::withheld;
            if (cause.slot) made = concern_of(snapshot, *cause.slot, depth, what);
            if (!cause.slot && cause.spots) made.spots = *cause.spots;
            made.by = cause.notice.party;
            made.desks = cause.desks;
            if (cause.slot && cause.desks.empty() && cause.notice.what == watch::what::stop) {
                made.desks = desks_of(view::Seen(snapshot, *cause.slot), snapshot.party());
            }
            found = concerns.emplace(depth, std::move(made)).first;
        }
        return found->second;
    };
    std::map<std::string, Notice> notices;  // by stream
    Compared compared;
    for (const Subscriber& one : subscribers) {
        if (cause.briefs && !newly_on(one, cause.desks.front(), pass)) continue;
        if (cause.exact && !one.reads_exactly) continue;
        const bool told = cause.notice.what == unreadable ||
                          (cause.matches ? fits(cause, one, compared)
                                         : one.wants->matches(concern(one.depth), one.on_duty));
        if (!told) continue;
        const std::string stream = watch::stream_of(one.wants->subscription());
        Notice& notice = notices.try_emplace(stream, cause.notice).first->second;
        notice.subscriptions.push_back(one.wants->subscription().id);
    }
    for (auto& [name, notice] : notices) {
        Stream& stream = pass.streams[name];
        std::string key = cause.key;
        const bool of_track = notice.track.has_value();
        if (of_track && is_known(name, notice_id(name, key), pass)) continue;
        if (of_track && !stream.make_room_of_track(notice, key)) continue;
        const bool full = !of_track && !stream.has_room(notice);
        if (stream.overflowed && (full || !(of_track || is_urgent(notice.what)))) continue;
        if (full) {
            stream.overflowed = true;
            key = std::string(overflow) + "/" + key;
            notice = {
                {}, overflow, notice.party, notice.origin,       notice.index, {}, overflow, {},
                0,  0,        pass.moment,  notice.subscriptions};
        }
        notice.id = notice_id(name, key);
        stream.count(notice, true);
        if (notice.track) pass.track_ids.emplace_back(name, done_row(name, notice, 0));
        pass.rows.push_back({name, encode_notice(notice)});
    }
}

Result<void> Noticing::write(Pass& pass) {
    Additions additions;
    if (pass.rows.empty() || !broken(Break::tell_twice)) {
        additions.local.emplace_back(told_name, encode_told(pass.now));
    }
    additions.local.emplace_back(clock_name, std::to_string(millis(pass.until)));
    if (pass.stops != heard_stops_) {
        additions.local.emplace_back(heard_stops_name, encode_stages(pass.stops));
    }
    if (pass.on_duty != signed_on_) {
        additions.local.emplace_back(duty_name, encode_signed_on(pass.on_duty));
    }
    if (!pass.forgotten.empty()) additions.local.emplace_back(forgotten_name, Bytes());
    additions.outbox = std::move(pass.rows);
    return of_.store->add(additions);
}

Result<void> Noticing::find_causes(Pass& pass) {
    TRYV(own_causes(pass));
    if (of_.exchange != nullptr) {
        for (const auto* peers : {&of_.exchange->peers(), &of_.exchange->former()}) {
            for (const auto& peer : *peers) {
                TRYV(peer_causes(*peer, pass));
                TRYV(withheld_causes(*peer, pass));
            }
        }
    }
    stop_causes(pass);
    activity_causes(pass);
    alarm_causes(pass);
    overdue_activities(pass);
    declared_alarms(pass);
    position_alarms(pass);
    recall_alarms(pass);
    fork_alarms(pass);
    match_causes(pass);
    join_causes(pass);
    log_causes(pass);
    leg_causes(pass);
    early_legs(pass);
    challenge_causes(pass);
    duty_causes(pass);
    return {};
}

Result<std::size_t> Noticing::make(std::span<const Subscriber> subscribers,
                                   const std::vector<registry::Slot>* changed, Instant now) {
    if (subscribers.empty()) {
        look_everywhere_ = true;  // should somebody subscribe without begin()
        return std::size_t{0};
    }
    if (!loaded_) TRYV(load());
    if (!told_) {
        TRYV(begin(now));
        return std::size_t{0};
    }
    // Of a store from before there were clocks: from now on. One set back tells nothing again.
    const Instant clock = clock_.value_or(now);
    const bool everywhere = changed == nullptr || look_everywhere_;
    Pass pass{*told_, present(), {}, everywhere, now, clock, std::max(now, clock)};
    pass.streams = streams_;
    pass.slots = slots_of(everywhere ? nullptr : changed, of_.node->snapshot().size());
    if (!everywhere) pass.heard = heard_;
    look_everywhere_ = true;  // until it is done
    note_withheld(pass);
    schedule(pass.clock, pass.slots);
    pass.stops = heard_stages(now);
    pass.on_duty = signed_on(subscribers);
    pass.standing = note_standing(subscribers);
    std::set_difference(pass.on_duty.begin(), pass.on_duty.end(), signed_on_.begin(),
                        signed_on_.end(), std::inserter(pass.signed_on, pass.signed_on.end()));
    TRY(forgotten, load_forgotten());
    pass.forgotten = std::move(forgotten);
    if (everywhere || pass.now != pass.before) answers_due_ = next_answer_due(pass.clock);
    if (pass.now == pass.before && clock_ && !legs_due(pass.until) && !answers_due(pass.until) &&
        pass.stops == heard_stops_ && pass.on_duty == signed_on_ && pass.forgotten.empty()) {
        look_everywhere_ = false;
        if (of_.exchange != nullptr) forgotten_ = of_.exchange->forgotten();
        return std::size_t{0};
    }
    for (const auto& [at, slot] : due_) {
        if (at > pass.until) break;
        pass.due.push_back(slot);
    }
    TRYV(find_causes(pass));
    for (const Cause& cause : pass.causes) tell(cause, subscribers, pass);
    const std::size_t made = pass.rows.size();
    if (auto written = write(pass); !written) {
        loaded_ = false;  // it may be there all the same
        return tl::unexpected(written.error());
    }
    told_ = std::move(pass.now);
    clock_ = pass.until;
    heard_stops_ = std::move(pass.stops);
    signed_on_ = std::move(pass.on_duty);
    streams_ = std::move(pass.streams);
    if (of_.exchange != nullptr) {
        heard_ = of_.exchange->heard().size();
        forgotten_ = of_.exchange->forgotten();
    }
    dealt_ = of_.node->changed_dealings().size();
    schedule(pass.until, pass.due);
    if (answers_due(pass.until)) answers_due_ = next_answer_due(pass.until);
    look_everywhere_ = false;
    withheld_is_told();
    return made;
}

Result<std::vector<WaitingNotice>> Noticing::waiting(const std::string& stream, std::uint64_t after,
                                                     std::size_t most) {
    TRY(rows, of_.store->outbox_of(stream, after, most));
    std::vector<WaitingNotice> out;
    std::vector<std::pair<std::uint64_t, OutboxRow>> bad;
    for (auto& row : rows) {
        auto notice = decode_notice(row.second.payload);
        if (notice) {
            out.push_back({row.first, std::move(*notice)});
        } else {
            bad.push_back(std::move(row));
        }
    }
    if (bad.empty()) return out;
    TRYV(set_unreadable_aside(stream, bad));
    return waiting(stream, after, most);
}

Result<std::size_t> Noticing::count(const std::string& stream) {
    if (!loaded_) TRYV(load());
    const auto found = streams_.find(stream);
    return found == streams_.end() ? std::size_t{0} : found->second.rows;
}

Result<std::size_t> Noticing::acknowledge(const std::string& stream,
                                          std::span<const std::uint64_t> seqs) {
    if (!loaded_) TRYV(load());
    Additions additions;
    std::vector<Notice> gone;
    for (const std::uint64_t seq : std::set<std::uint64_t>(seqs.begin(), seqs.end())) {
        if (seq == 0) continue;
        TRY(rows, waiting(stream, seq - 1, 1));
        if (rows.empty() || rows.front().seq != seq) continue;
        gone.push_back(std::move(rows.front().notice));
        additions.outbox_done.push_back(seq);
    }
    const std::size_t done = additions.outbox_done.size();
    if (done == 0) return done;
    TRY(oldest, note_done(stream, gone, additions));
    TRYV(change(additions));
    for (const std::string& row : oldest) track_ids_[stream].erase(id_in(row));
    Stream& of = streams_[stream];
    for (const Notice& one : gone) {
        of.count(one, false);
        if (one.what == overflow) of.overflowed = false;
    }
    return done;
}

}  // namespace entente::node
