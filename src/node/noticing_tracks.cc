// SPDX-License-Identifier: Apache-2.0
// Notices of live tracks. Positions are not logged and alerts are no entries: what makes a notice
// here is an alert as it comes, and nothing is compared with what was told before. An alert that is
// found again, because positions were sent again to a node that had ended meanwhile, has the same
// id, and so has its notice.
#include "base/encode.h"
#include "node/noticing_pass.h"

namespace entente::node {

/// Whether something is to be told: this, or once, in its place, that more was not told.
bool Noticing::Stream::make_room_of_track(Notice& notice, std::string& key) const {
    if (untold.contains(notice.party)) return false;
    const auto found = tracks.find(notice.party);
    if (found == tracks.end() || found->second < track_rows_max) return true;
    notice.track.reset();
    notice.record.reset();
    notice.leaf = {};
    notice.detail = "untold";
    key = "untold/" + key;
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
    notice.track->share = {};
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
    return made;
}

}  // namespace entente::node
