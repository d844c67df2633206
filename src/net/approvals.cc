// SPDX-License-Identifier: Apache-2.0
#include "net/approvals.h"

#include <algorithm>

namespace entente::net {

using people::Proposal;

Approvals::Approvals(Desk& desk, people::Proposals* proposals, people::Roster* roster,
                     std::vector<people::Officer> founding)
    : desk_(desk), founding_(std::move(founding)), proposals_(proposals), roster_(roster) {
    if (proposals_ == nullptr) {  // an empty store in memory does not fail
        no_proposals_ = *people::Proposals::load(no_store_);
        proposals_ = &*no_proposals_;
    }
    if (roster_ == nullptr) {
        no_roster_ = *people::Roster::load(no_store_);
        roster_ = &*no_roster_;
    }
}

Result<node::Proposed> Approvals::open(const Proposal& proposal) const {
    if (proposal.wrapped_keys.empty()) {
        return fail(Errc::not_found, "this proposal is done, and its bodies are gone from here");
    }
    return desk_.open(proposal.what, {proposal.wrapped_keys, proposal.ciphertexts});
}

std::optional<std::string> Approvals::officer_of(BytesView key) {
    for (const people::Officer& officer : officers()) {
        if (officer.key == key) return officer.name;
    }
    return std::nullopt;
}

std::vector<people::Officer> Approvals::officers() {
    std::vector<people::Officer> out = with_proposals([](const people::Proposals& proposals) {
        std::vector<people::Officer> named;
        for (const auto& [name, officer] : proposals.officers()) named.push_back(officer);
        return named;
    });
    const auto add = [&](people::Officer officer) {
        const auto same = [&](const people::Officer& one) { return one.key == officer.key; };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(officer));
    };
    if (const auto own = desk_.own_officer()) add({"officer", Bytes(own->view()), 0, {}});
    for (const people::Officer& officer : founding_) add(officer);
    return out;
}

Result<EntryIndex> Approvals::log(const std::string& id, const people::By& by) {
    const std::lock_guard one_at_a_time(logging_);
    const auto found = with_proposals([&](const people::Proposals& proposals) {
        const Proposal* proposal = proposals.find(id);
        return proposal != nullptr ? std::optional(*proposal) : std::nullopt;
    });
    if (!found) return fail(Errc::not_found, "there is no such proposal");
    if (found->state == Proposal::State::logged) return EntryIndex{found->entry};
    if (found->state != Proposal::State::waiting || !found->has_enough()) {
        return fail(Errc::refused, "this proposal has not the signatures to be logged");
    }
    TRY(proposed, open(*found));
    auto ready = std::make_shared<Signed>();
    const RecordId record = proposed.head.keys.record;
    ready->proposed = std::move(proposed);
    for (const people::Signature& one : found->signatures) {
        ready->approvals.push_back({one.key, one.signature});
    }
    auto entry = desk_.find(*ready);
    if (!entry) {
        TRY(said, desk_.say({{}, record, {}, {}, ready}));
        entry = said.entry;
    }
    TRYV(with_proposals(
        [&](people::Proposals& proposals) { return proposals.logged(id, entry->v, by); }));
    return *entry;
}

void Approvals::log_all(const people::By& by) {
    std::vector<std::string> ready;
    with_proposals([&](const people::Proposals& proposals) {
        for (const auto& [id, proposal] : proposals.all()) {
            if (proposal.state == Proposal::State::waiting && proposal.has_enough()) {
                ready.push_back(id);
            }
        }
    });
    for (const std::string& id : ready) (void)log(id, by);
}

}  // namespace entente::net
