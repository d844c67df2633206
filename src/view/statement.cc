// SPDX-License-Identifier: Apache-2.0
#include "view/statement.h"

#include <algorithm>

namespace entente::view {

using registry::Dealing;
using registry::DealingVersion;
using registry::Snapshot;

bool SeenStatement::withdrawn() const { return view::withdrawn(*dealing_); }

bool withdrawn(const registry::Dealing& dealing) {
    const auto newest = dealing.newest();
    return std::all_of(newest.begin(), newest.end(), [](const DealingVersion& version) {
        return version.act == statement::act::withdraw;
    });
}

const statement::Tear* SeenStatement::torn() const {
    const DealingVersion* shown = dealing_->shown();
    return shown != nullptr && !shown->said ? shown->tear.get() : nullptr;
}

statement::Label SeenStatement::label() const {
    const auto& versions = dealing_->versions;
    std::optional<statement::Label> out;
    std::uint32_t number = 0;
    // A withdrawal says no label of its own: the one before it goes on.
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->act == statement::act::withdraw) continue;
        if (out && version->number != number) break;
        const auto label =
            version->label ? statement::decode_label(*version->label) : statement::decode_label({});
        const statement::Label said = label && *label ? **label : statement::Label::closed();
        // Where two claim to be the newest and differ, neither is believed.
        if (out && *out != said) return statement::Label::closed();
        out = said;
        number = version->number;
    }
    return out.value_or(statement::Label::closed());
}

bool is_statement(const Snapshot& snapshot, DealingSlot slot) {
    return statement::has_members(snapshot.dealings().at(slot).kind());
}

std::vector<SeenStatement> statements(const Snapshot& snapshot, std::string_view kind) {
    std::vector<SeenStatement> out;
    if (!kind.empty()) {
        for (const DealingSlot slot : snapshot.dealings().of_kind(kind)) {
            const bool is_one = is_statement(snapshot, slot);
            if (is_one && snapshot.dealings().at(slot).kind() == kind)
                out.emplace_back(snapshot, slot);
        }
        return out;
    }
    const auto count = static_cast<DealingSlot>(snapshot.dealings().size());
    for (DealingSlot slot = 0; slot < count; ++slot) {
        if (is_statement(snapshot, slot)) out.emplace_back(snapshot, slot);
    }
    return out;
}

std::optional<SeenStatement> find_statement(const Snapshot& snapshot, const RecordId& id) {
    const auto slot = snapshot.dealings().find(id);
    if (!slot || !is_statement(snapshot, *slot)) return std::nullopt;
    return SeenStatement(snapshot, *slot);
}

std::vector<SeenStatement> statements_about(const Snapshot& snapshot, const RecordId& id,
                                            std::string_view kind) {
    std::vector<SeenStatement> out;
    for (const DealingSlot slot : snapshot.dealings().about(id)) {
        if (snapshot.dealings().at(slot).kind() == kind) out.emplace_back(snapshot, slot);
    }
    return out;
}

}  // namespace entente::view
