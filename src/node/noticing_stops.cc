// SPDX-License-Identifier: Apache-2.0
// Notices of STOPs that came urgently, before their author's log shows them: told at once; told
// again for the desks that a later call calls, and once where the log still does not show it after
// as long as both sides have to log it. When the log has one, that is told as of any statement.
#include "base/encode.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

/// Both sides have logged what is urgent by then (PROTOCOL 28).
constexpr Duration logged_within = std::chrono::minutes(10);
constexpr std::uint8_t late_bit = 0x80;

}  // namespace

/// Of each how many desks were called, and `late_bit` where its log should show it by now.
Noticing::HeardStages Noticing::heard_stages(Instant now) const {
    HeardStages out;
    if (!of_.heard_stops) return out;
    for (const HeardStop& one : of_.heard_stops()) {
        const bool late = one.came + logged_within <= now;
        out[one.leaf] = static_cast<std::uint8_t>(one.desks.size() | (late ? late_bit : 0u));
    }
    return out;
}

void Noticing::stop_causes(Pass& pass) const {
    if (!of_.heard_stops) return;
    for (const HeardStop& one : of_.heard_stops()) {
        const auto told = heard_stops_.find(one.leaf);
        const unsigned before = told == heard_stops_.end() ? 0u : told->second;
        const unsigned stage = pass.stops.at(one.leaf);
        if (stage == before) continue;
        const bool late = (stage & late_bit) != (before & late_bit);
        const char* const detail = before == 0 ? "heard" : late ? "unlogged" : "called";
        const Peer* peer = of_.exchange != nullptr ? of_.exchange->peer(one.from) : nullptr;
        Notice notice;
        notice.what = watch::what::stop;
        notice.party = one.from;
        if (peer != nullptr) notice.origin = peer->origin;
        notice.leaf = one.leaf;
        notice.detail = detail;
        notice.record = one.record;
        notice.version = 1;
        notice.time = pass.moment;
        // A later call concerns whom it calls; that there is a STOP, everybody whom it names.
        const bool calls = notice.detail == "called";
        pass.causes.push_back(
            {"stop/" + one.from.v + "/" + to_hex(one.leaf.view()) + "/" + std::to_string(stage),
             notice,
             {},
             calls || !one.said.stop ? one.desks : one.said.stop->desks});
    }
}

Bytes Noticing::encode_stages(const HeardStages& stages) {
    Bytes out;
    for (const auto& [leaf, stage] : stages) {
        out += leaf.view();
        out += static_cast<char>(stage);
    }
    return out;
}

Result<Noticing::HeardStages> Noticing::load_heard_stops() {
    constexpr std::size_t row_bytes = sizeof(Hash::bytes) + 1;
    TRY(row, of_.store->local(heard_stops_name));
    HeardStages out;
    if (!row) return out;
    if (row->size() % row_bytes != 0) {
        return fail(Errc::malformed, std::string(heard_stops_name) + " is cut short");
    }
    for (std::size_t i = 0; i < row->size(); i += row_bytes) {
        const BytesView one = BytesView(*row).substr(i, row_bytes);
        out[Hash::from(one.substr(0, sizeof(Hash::bytes)))] = static_cast<std::uint8_t>(one.back());
    }
    return out;
}

}  // namespace entente::node
