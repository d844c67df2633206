// SPDX-License-Identifier: Apache-2.0
// Notices of what other parties did with one's own records: what persons there said of them
// (loaded, passed, confirmed, refused), and a place that came back from elsewhere, whoever read it.
// What their nodes say by themselves is told to nobody: it stands in `receipts`.
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using statement::Rung;

bool is_persons(Rung rung) { return rung >= Rung::loaded; }

}  // namespace

Result<void> Noticing::receipt_causes(const Peer& peer, const std::set<Hash>& released,
                                      Pass& pass) const {
    const auto& heard = of_.exchange->heard();
    for (std::size_t i = std::min(pass.heard, heard.size()); i < heard.size(); ++i) {
        const HeardReceipt& one = heard[i];
        if (one.from != peer.id || !released.contains(one.position.leaf)) continue;
        const statement::Receipt& receipt = one.receipt;
        const std::string key =
            "receipt/" + peer.origin.v + "/" + std::to_string(one.position.index.v) + "/";
        Notice notice{{},
                      watch::what::receipt,
                      peer.id,
                      peer.origin,
                      one.position.index,
                      one.position.leaf,
                      statement::name(receipt.rung),
                      {},
                      0,
                      0,
                      pass.moment,
                      {}};
        if (receipt.entries.empty()) {
            if (is_persons(receipt.rung)) pass.causes.push_back({key + "all", notice, {}});
            continue;
        }
        for (const Hash& leaf : receipt.entries) {
            const auto differs = of_.exchange->differs(receipt, leaf);
            if (!is_persons(receipt.rung) && !differs) continue;
            const auto said = of_.exchange->own_version(leaf);
            if (!said) continue;  // of a log before, or purged: nothing of it is here
            notice.detail = differs ? "differs" : statement::name(receipt.rung);
            notice.record = said->first;
            notice.version = said->second;
            pass.causes.push_back(
                {key + notice.record->text() + "/" + std::to_string(notice.version), notice,
                 of_.node->snapshot().find(*notice.record)});
        }
    }
    return {};
}

}  // namespace entente::node
