// SPDX-License-Identifier: Apache-2.0
// Notices of live tracks. Positions are not logged and alerts are no entries: what makes a notice
// here is an alert as it comes. One that is found again, because positions were sent again to a
// node that had forgotten them, has the same id: it is told no more where it waits or was
// acknowledged.
#include <algorithm>

#include "base/encode.h"
#include "node/noticing_pass.h"

namespace entente::node {

Noticing::Stream::Share Noticing::Stream::share_of(const Notice& notice) {
    if (notice.track) return {notice.party, watch::name(notice.track->share.of)};
    constexpr std::string_view prefix = "unkept_";
    return {notice.party, notice.detail.substr(std::min(prefix.size(), notice.detail.size()))};
}

/// Whether something is to be told: this, or once, in its place, that more was not told.
bool Noticing::Stream::make_room_of_track(Notice& notice, std::string& key) const {
    const Share share = share_of(notice);
    if (unkept.contains(share)) return false;
    const auto found = tracks.find(share);
    if (found == tracks.end() || found->second < track_rows_max) return true;
    notice.track.reset();
    notice.record.reset();
    notice.leaf = {};
    notice.detail = "unkept_" + share.second;
    key = "unkept/" + key;
    return true;
}

/// Whose word it is: the author's of what protects, who asserts the zone; else one's own.
Noticing::Cause Noticing::cause_of(const TrackAlert& alert, Instant now) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const watch::Alert& said = alert.said;
    Cause out{"track/" + said.id, {}, {}};
    out.exact = true;
    out.spots = alert.spots;
    Notice& notice = out.notice;
    notice.what = watch::what::track;
    notice.detail = watch::name(said.kind);
    notice.time = now;
    notice.origin = of_.node->origin();
    notice.index.v = of_.node->log().size().v;
    notice.party = PartyId::parse(said.party).value_or(snapshot.party());
    if (const auto record = RecordId::parse(said.record)) {
        notice.record = *record;
        out.slot = snapshot.find(*record);
        if (out.slot) notice.party = view::Seen(snapshot, *out.slot).party();
    }
    if (const auto leaf = hash_from_base64(said.leaf)) notice.leaf = *leaf;
    notice.track = said;
    notice.track->record.clear();
    notice.track->share.party.clear();
    notice.track->newest = {};
    if (!said.leaf.empty()) notice.track->name.clear();  // the register has it
    return out;
}

Result<std::size_t> Noticing::tell_tracks(std::span<const Subscriber> subscribers,
                                          std::span<const TrackAlert> alerts, Instant now) {
    if (subscribers.empty() || alerts.empty()) return std::size_t{0};
    if (!loaded_) TRYV(load());
    Pass pass{};
    pass.moment = now;
    pass.streams = streams_;
    for (const TrackAlert& one : alerts) tell(cause_of(one, now), subscribers, pass);
    const std::size_t made = pass.rows.size();
    if (made == 0) return made;
    Additions additions;
    additions.outbox = std::move(pass.rows);
    TRYV(change(additions));
    streams_ = std::move(pass.streams);
    for (const auto& [stream, row] : pass.track_ids) note_done_row(row, track_ids_[stream]);
    return made;
}

bool Noticing::is_known(const std::string& stream, const std::string& id, const Pass& pass) const {
    const auto known = track_ids_.find(stream);
    if (known != track_ids_.end() && known->second.contains(id)) return true;
    return std::any_of(pass.track_ids.begin(), pass.track_ids.end(), [&](const auto& one) {
        return one.first == stream && id_in(one.second) == id;
    });
}

constexpr std::size_t seq_size = 20, id_size = 32;  // characters

std::string Noticing::done_row(const std::string& stream, const Notice& notice, std::uint64_t seq) {
    const std::string number = std::to_string(seq), &corrects = notice.track->corrects;
    return std::string(seq_size - number.size(), '0') + number + " " + notice.id +
           (corrects.empty() ? "" : " " + notice_id(stream, "track/" + corrects));
}

std::string Noticing::id_in(const std::string& done_row) {
    return done_row.substr(std::min(seq_size + 1, done_row.size()), id_size);
}

/// In the order of their rows.
void Noticing::note_done_row(const std::string& row, std::set<std::string>& ids) {
    ids.insert(id_in(row));
    constexpr std::size_t corrected = seq_size + 1 + id_size + 1;
    if (row.size() > corrected) ids.erase(row.substr(corrected));
}

/// Rows that say of which alerts it is acknowledged that they were told: of those that are done, as
/// many as `gone`. The oldest of such rows that go in their place.
Result<std::vector<std::string>> Noticing::note_done(const std::string& stream,
                                                     std::span<const Notice> gone,
                                                     Additions& additions) {
    std::vector<std::string> oldest;
    for (std::size_t i = 0; i < gone.size(); ++i) {
        if (!gone[i].track) continue;
        additions.outbox.push_back(
            {done_of(stream), done_row(stream, gone[i], additions.outbox_done[i])});
    }
    if (additions.outbox.empty()) return oldest;
    TRY(rows, of_.store->outbox_of(done_of(stream), 0, track_done_max));
    const std::size_t all = rows.size() + additions.outbox.size();
    for (const auto& [seq, row] : rows) {
        if (all - oldest.size() <= track_done_max) break;
        additions.outbox_done.push_back(seq);
        oldest.push_back(row.payload);
    }
    return oldest;
}

}  // namespace entente::node
