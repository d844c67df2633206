// SPDX-License-Identifier: Apache-2.0
// Notices of STOPs that came urgently, before their author's log shows them: told at once, and once
// each. When the log has one, that is told as of any statement.
#include "base/encode.h"
#include "node/noticing_pass.h"

namespace entente::node {

std::set<Hash> Noticing::heard_leaves() const {
    std::set<Hash> out;
    if (!of_.heard_stops) return out;
    for (const HeardStop& one : of_.heard_stops()) out.insert(one.leaf);
    return out;
}

void Noticing::stop_causes(Pass& pass) const {
    if (!of_.heard_stops) return;
    for (const HeardStop& one : of_.heard_stops()) {
        if (heard_stops_.contains(one.leaf)) continue;
        const Peer* peer = of_.exchange != nullptr ? of_.exchange->peer(one.from) : nullptr;
        Notice notice;
        notice.what = watch::what::stop;
        notice.party = one.from;
        if (peer != nullptr) notice.origin = peer->origin;
        notice.leaf = one.leaf;
        notice.detail = "heard";
        notice.record = one.record;
        notice.version = 1;
        notice.time = pass.moment;
        pass.causes.push_back({"stop/" + one.from.v + "/" + to_hex(one.leaf.view()), notice, {}});
    }
}

Bytes Noticing::encode_leaves(const std::set<Hash>& leaves) {
    Bytes out;
    for (const Hash& leaf : leaves) out += leaf.view();
    return out;
}

Result<std::set<Hash>> Noticing::load_heard_stops() {
    TRY(row, of_.store->local(heard_stops_name));
    std::set<Hash> out;
    if (!row) return out;
    if (row->size() % sizeof(Hash::bytes) != 0) {
        return fail(Errc::malformed, std::string(heard_stops_name) + " is cut short");
    }
    for (std::size_t i = 0; i < row->size(); i += sizeof(Hash::bytes)) {
        out.insert(Hash::from(BytesView(*row).substr(i, sizeof(Hash::bytes))));
    }
    return out;
}

}  // namespace entente::node
