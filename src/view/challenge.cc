// SPDX-License-Identifier: Apache-2.0
#include "view/challenge.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::view {
namespace {

using registry::Dealing;
using registry::DealingVersion;
using registry::Record;
using registry::Slot;
using registry::Snapshot;
using statement::Challenge;
using statement::ReplyWord;

/// How often a record is followed back to one that it states once more.
constexpr int restated_max = 16;

const Challenge* challenge_of(const DealingVersion& version) {
    return version.said ? std::get_if<Challenge>(version.said.get()) : nullptr;
}

/// An act that is not known withdraws nothing, nor does one of two that claim to be the newest.
bool is_withdrawn(const Dealing& dealing) {
    const auto newest = dealing.newest();
    return std::all_of(newest.begin(), newest.end(), [](const DealingVersion& version) {
        return version.act == statement::act::withdraw;
    });
}

bool contests(const Dealing& dealing, const RecordId& id) {
    return std::any_of(dealing.versions.begin(), dealing.versions.end(), [&](const auto& version) {
        const Challenge* said = challenge_of(version);
        return said != nullptr && said->of == id;
    });
}

/// use(slot) for each until it says true; whether it did.
template <class Use>
bool each_open(const Snapshot& snapshot, const Record& record, Use use) {
    const PartyId& author = snapshot.log(record.log).party;
    const Record* at = &record;
    for (int i = 0; i < restated_max; ++i) {
        for (const DealingSlot slot : snapshot.dealings().about(at->id)) {
            const Dealing& dealing = snapshot.dealings().at(slot);
            const bool counts = is_of_kind(dealing, statement::challenge_kind) &&
                                snapshot.log(dealing.log).party != author &&
                                contests(dealing, at->id) && !is_withdrawn(dealing);
            if (counts && use(slot)) return true;
        }
        const auto& was = at->versions.front().was;
        const auto before = was ? snapshot.find(*was) : std::nullopt;
        if (!before) break;
        at = &snapshot.at(*before);
    }
    return false;
}

}  // namespace

const char* name(ChallengeState state) {
    switch (state) {
        case ChallengeState::open: return "open";
        case ChallengeState::overdue: return "overdue";
        case ChallengeState::answered: return "answered";
        case ChallengeState::elsewhere: return "elsewhere";
        case ChallengeState::withdrawn: return "withdrawn";
        case ChallengeState::not_understood: return "not_understood";
    }
    ASSERT(false);
}

const Challenge* SeenChallenge::challenge() const {
    const auto& all = dealing_->versions;
    const auto last = std::find_if(all.rbegin(), all.rend(), challenge_of);
    return last == all.rend() ? nullptr : challenge_of(*last);
}

std::optional<PartyId> SeenChallenge::author() const {
    const Challenge* said = challenge();
    const auto slot = said != nullptr ? snapshot_->find(said->of) : std::nullopt;
    if (!slot) return std::nullopt;
    return snapshot_->log(snapshot_->at(*slot).log).party;
}

bool SeenChallenge::withdrawn() const { return is_withdrawn(*dealing_); }

std::optional<SeenReply> SeenChallenge::answer() const {
    const auto author = this->author();
    for (SeenReply& one : replies()) {
        const bool its = author && one.party == *author && !one.reply->automatic;
        const ReplyWord word = one.reply->word;
        const bool says = word == ReplyWord::accepted || word == ReplyWord::refused;
        if (its && says && one.newest) return std::move(one);
    }
    return std::nullopt;
}

ChallengeState SeenChallenge::state(Instant now) const {
    if (withdrawn()) return ChallengeState::withdrawn;
    const auto newest = dealing_->newest();
    const Challenge* said = challenge();
    if (said == nullptr || !std::all_of(newest.begin(), newest.end(), [](const auto& version) {
            return challenge_of(version) != nullptr || version.act == statement::act::withdraw;
        })) {
        return ChallengeState::not_understood;
    }
    if (answer()) return ChallengeState::answered;
    const auto author = this->author();
    if (!own() && author != snapshot_->party()) return ChallengeState::elsewhere;
    return said->answer_by <= now ? ChallengeState::overdue : ChallengeState::open;
}

bool is_challenge(const Snapshot& snapshot, DealingSlot slot) {
    return is_of_kind(snapshot.dealings().at(slot), statement::challenge_kind);
}

std::vector<DealingSlot> open_challenges(const Snapshot& snapshot, const Record& record) {
    std::vector<DealingSlot> out;
    each_open(snapshot, record, [&](DealingSlot slot) {
        out.push_back(slot);
        return false;
    });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

bool is_contested(const Snapshot& snapshot, const Record& record) {
    return each_open(snapshot, record, [](DealingSlot) { return true; });
}

std::vector<Slot> contested_by(const Snapshot& snapshot, DealingSlot slot) {
    std::vector<Slot> out;
    for (const DealingVersion& version : snapshot.dealings().at(slot).versions) {
        const Challenge* said = challenge_of(version);
        const auto of = said != nullptr ? snapshot.find(said->of) : std::nullopt;
        if (!of) continue;
        out.push_back(*of);
        const auto& versions = snapshot.at(*of).versions;
        const bool restated = std::any_of(versions.begin(), versions.end(),
                                          [](const auto& one) { return one.restated; });
        // Seldom: a challenge to what its author has stated once more in another log.
        for (Slot other = 0; restated && other < snapshot.size(); ++other) {
            if (snapshot.at(other).versions.front().was) out.push_back(other);
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace entente::view
