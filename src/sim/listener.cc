// SPDX-License-Identifier: Apache-2.0
#include "sim/listener.h"

#include <algorithm>

#include "sim/checks.h"

namespace entente::sim {
namespace {

/// All sites below area_sites: they lie northward from the first, a fifth of a degree apart.
geo::Place area() {
    const geo::LatLng first = place_of(0, 0), last = place_of(Listener::area_sites - 1, 0);
    constexpr std::int32_t aside = 500'000;
    geo::Ring ring;
    ring.points = {{first.lat_e7 - aside, first.lng_e7 - aside},
                   {first.lat_e7 - aside, first.lng_e7 + aside},
                   {last.lat_e7 + aside, first.lng_e7 + aside},
                   {last.lat_e7 + aside, first.lng_e7 - aside}};
    geo::Place out;
    out.volume.shape = geo::Area{{geo::Polygon{ring, {}}}};
    out.buffer = Decimetres{0};
    return out;
}

watch::Subscription hook(std::string id) {
    watch::Subscription out;
    out.id = std::move(id);
    out.owner = "nadia";
    out.route = {"webhook", "https://example.org/" + out.id};
    return out;
}

watch::Subscription of_party(const PartyId& party) {
    watch::Subscription out = hook("a2b3c4d5e6f7a2b3");
    out.parties = {party};
    return out;
}

watch::Subscription of_roads() {
    watch::Subscription out = hook("b2b3c4d5e6f7a2b3");
    out.classes = {"relief"};
    return out;
}

watch::Subscription of_area() {
    watch::Subscription out = hook("c2b3c4d5e6f7a2b3");
    out.area = {area()};
    return out;
}

watch::Subscription of_everything() {
    watch::Subscription out;
    out.id = "d2b3c4d5e6f7a2b3";
    out.owner = "nadia";
    return out;
}

}  // namespace

Listener::Listener(Party& party, const PartyId& heeded)
    : party_(party), store_(party.faults(), party.kill()), board(subscribe(of_everything())),
      heeds(subscribe(of_party(heeded))), roads(subscribe(of_roads())),
      somewhere(subscribe(of_area())) {}

std::string Listener::subscribe(watch::Subscription subscription) {
    const std::string stream = watch::stream_of(subscription);
    subscribers_.push_back({std::make_shared<const watch::Matcher>(std::move(subscription))});
    told_[stream];
    return stream;
}

Result<void> Listener::start(Instant now,
                             std::function<std::vector<node::HeardStop>()> heard_stops) {
    noticing_.emplace(node::Noticing::Of{
        &party_.node(), &party_.exchange(), &store_, {}, {}, std::move(heard_stops)});
    TRY(told, store_.local(node::Noticing::told_name));
    if (!told) return noticing_->begin(now);
    TRYV(see_what_is_durable());
    return make(nullptr, now);
}

Result<void> Listener::make(const std::vector<registry::Slot>* changed, Instant now) {
    TRYV(noticing_->make(subscribers_, changed, now));
    return {};
}

Result<void> Listener::read(Rng& rng, bool all) {
    TRYV(see_what_is_durable());
    for (auto& [stream, told] : told_) {
        const std::size_t most = all ? node::Noticing::stream_rows_max : 1 + rng.below(12);
        TRY(rows, noticing_->waiting(stream, 0, most));
        std::vector<std::uint64_t> seqs;
        std::uint64_t last = 0;
        const std::uint64_t how = rng.below(3);  // 0: none of them, 1: the first, 2: some
        for (const node::WaitingNotice& one : rows) {
            if (one.seq <= last) wrong_ = stream + " is out of order";
            last = one.seq;
            take(stream, one);
            if (all || how == 1 || (how == 2 && rng.below(2) == 0)) seqs.push_back(one.seq);
        }
        if (!seqs.empty()) TRYV(acknowledge(stream, std::move(seqs)));
    }
    return {};
}

bool Listener::has(const Hash& leaf, const std::string& detail) {
    const auto is_it = [&](const node::Notice& one) {
        return one.leaf == leaf && one.detail == detail;
    };
    for (const auto& [id, heard] : told_.at(board)) {
        if (is_it(heard.notice)) return true;
    }
    const auto rows = noticing_->waiting(board, 0, node::Noticing::stream_rows_max);
    return rows && std::any_of(rows->begin(), rows->end(),
                               [&](const auto& one) { return is_it(one.notice); });
}

void Listener::take(const std::string& stream, const node::WaitingNotice& one) {
    Told& told = told_[stream];
    const std::string& id = one.notice.id;
    const auto known = told.find(id);
    if (known != told.end()) {
        if (known->second.seq != one.seq || known->second.acknowledged) {
            wrong_ = stream + " tells again of " + one.notice.what + " " + one.notice.detail +
                     " of entry " + std::to_string(one.notice.index.v) + " of " +
                     one.notice.origin.v + ": row " + std::to_string(known->second.seq) +
                     (known->second.acknowledged ? ", acknowledged" : "") + ", and row " +
                     std::to_string(one.seq);
        }
        return;
    }
    told.emplace(id, Heard{one.seq, one.notice, false});
}

Result<void> Listener::acknowledge(const std::string& stream, std::vector<std::uint64_t> seqs) {
    under_way_ = stream;
    under_way_seqs_ = std::move(seqs);
    (void)noticing_->acknowledge(stream, under_way_seqs_);  // or it dies here
    return see_what_is_durable();
}

/// What was acknowledged when the process died, or when its store failed, is durable if its row is
/// gone; one that is there still counts as not acknowledged.
Result<void> Listener::see_what_is_durable() {
    if (under_way_.empty()) return {};
    for (auto& [id, heard] : told_[under_way_]) {
        if (std::find(under_way_seqs_.begin(), under_way_seqs_.end(), heard.seq) ==
            under_way_seqs_.end()) {
            continue;
        }
        TRY(rows, noticing_->waiting(under_way_, heard.seq - 1, 1));
        heard.acknowledged = rows.empty() || rows.front().seq != heard.seq;
    }
    under_way_.clear();
    return {};
}

}  // namespace entente::sim
