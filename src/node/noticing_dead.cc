// SPDX-License-Identifier: Apache-2.0
// What is sent rather than shown on a board: the next of each stream, and what could not be sent.
#include "node/noticing.h"

namespace entente::node {

/// After a write that failed it may be there all the same: then everything is read again.
Result<void> Noticing::change(const Additions& additions) {
    auto written = of_.store->add(additions);
    if (!written) loaded_ = false;
    return written;
}

Result<void> Noticing::set_unreadable_aside(
    const std::string& stream, std::span<const std::pair<std::uint64_t, OutboxRow>> rows) {
    if (!loaded_) TRYV(load());
    Additions additions;
    std::size_t of_dead = 0;
    for (const auto& [seq, row] : rows) {
        additions.outbox_done.push_back(seq);
        additions.outbox.push_back({unread_of(stream), row.payload});
        Notice notice;
        notice.id = notice_id(stream, std::string(unreadable) + "/" + std::to_string(seq));
        notice.what = notice.detail = unreadable;
        notice.party = of_.node->snapshot().party();
        notice.origin = of_.node->origin();
        notice.time = clock_.value_or(Instant());
        additions.outbox.push_back({stream, encode_notice(notice)});
        of_dead += row.subscriber == stream ? 0u : 1u;
    }
    TRYV(change(additions));
    streams_[unread_of(stream)].rows += rows.size();
    streams_[stream].rows += of_dead;
    Stream& dead = streams_[dead_of(stream)];
    dead.rows -= std::min(dead.rows, of_dead);
    return {};
}

Result<std::map<std::string, WaitingNotice>> Noticing::first_of(
    std::span<const std::string> streams) {
    if (!loaded_) TRYV(load());
    std::map<std::string, WaitingNotice> out;
    for (const std::string& stream : streams) {
        const auto known = streams_.find(stream);
        if (known == streams_.end() || known->second.rows == 0) continue;
        TRY(rows, waiting(stream, 0, 1));
        if (!rows.empty()) out.emplace(stream, std::move(rows.front()));
    }
    return out;
}

Result<void> Noticing::set_aside(const std::string& stream, const WaitingNotice& notice,
                                 std::uint32_t attempts, const std::string& why, Instant now) {
    if (!loaded_) TRYV(load());
    TRY(rows, waiting(stream, notice.seq - 1, 1));
    if (rows.empty() || rows.front().seq != notice.seq) return {};
    Stream& dead = streams_[dead_of(stream)];
    if (dead.rows >= dead_max) {
        return fail(Errc::refused, "there are as many dead letters as are kept (dead_max)");
    }
    Additions additions;
    additions.outbox_done = {notice.seq};
    additions.outbox = {
        {dead_of(stream), encode_dead({notice.notice, notice.seq, attempts, why, now})}};
    TRYV(change(additions));
    Stream& of = streams_[stream];
    of.count(notice.notice, false);
    if (notice.notice.what == overflow) of.overflowed = false;
    ++dead.rows;
    return {};
}

Result<std::vector<DeadLetter>> Noticing::dead(const std::string& stream) {
    TRY(rows, of_.store->outbox_of(dead_of(stream), 0, dead_max));
    std::vector<DeadLetter> out;
    std::vector<std::pair<std::uint64_t, OutboxRow>> bad;
    for (const auto& row : rows) {
        auto letter = decode_dead(row.second.payload);
        if (letter) {
            out.push_back(std::move(*letter));
        } else {
            bad.push_back(row);
        }
    }
    if (!bad.empty()) TRYV(set_unreadable_aside(stream, bad));
    return out;
}

Result<void> Noticing::take_back(const std::string& stream, const std::string& id, bool again,
                                 bool& found) {
    if (!loaded_) TRYV(load());
    TRY(rows, of_.store->outbox_of(dead_of(stream), 0, dead_max));
    for (const auto& [seq, row] : rows) {
        const auto letter = decode_dead(row.payload);
        if (!letter || letter->notice.id != id) continue;
        found = true;
        Additions additions;
        additions.outbox_done = {seq};
        if (again) additions.outbox = {{stream, encode_notice(letter->notice)}};
        TRYV(change(additions));
        Stream& dead = streams_[dead_of(stream)];
        dead.rows -= std::min<std::size_t>(dead.rows, 1);
        if (again) streams_[stream].count(letter->notice, true);
        return {};
    }
    return {};
}

Result<bool> Noticing::retry(const std::string& stream, const std::string& id) {
    bool found = false;
    TRYV(take_back(stream, id, true, found));
    return found;
}

Result<bool> Noticing::drop(const std::string& stream, const std::string& id) {
    bool found = false;
    TRYV(take_back(stream, id, false, found));
    return found;
}

Result<void> Noticing::end(const std::string& stream) {
    if (!loaded_) TRYV(load());
    constexpr std::size_t page = 1000;
    for (const std::string& of : {stream, dead_of(stream), unread_of(stream), done_of(stream)}) {
        for (bool more = true; more;) {
            TRY(rows, of_.store->outbox_of(of, 0, page));
            Additions additions;
            for (const auto& [seq, row] : rows) additions.outbox_done.push_back(seq);
            if (!rows.empty()) TRYV(change(additions));
            more = rows.size() == page;
        }
        streams_.erase(of);
    }
    track_ids_.erase(stream);
    return {};
}

Result<std::vector<std::string>> Noticing::streams() {
    if (!loaded_) TRYV(load());
    std::vector<std::string> out;
    for (const auto& [name, stream] : streams_) out.push_back(name);
    return out;
}

}  // namespace entente::node
