// SPDX-License-Identifier: Apache-2.0
#include "node/gather_log.h"

#include <algorithm>

#include "node/exchange_state.h"
#include "statement/succession.h"

namespace entente::node {
namespace {

constexpr std::uint64_t beats_searched_max = 65'536;  // entries
constexpr std::uint64_t beats_searched_each = 256;

}  // namespace

const tlog::SignedCheckpoint* GatherLog::head() const {
    if (peer_ == nullptr) return &node_.head();
    const auto& head = peer_->mirror.head();
    return head ? &*head : nullptr;
}

TreeSize GatherLog::size() const {
    return head() == nullptr ? TreeSize{0} : std::min(tree().size(), head()->checkpoint.size);
}

void GatherLog::want(EntryIndex index, bool dated) {
    entries_[index].index = index;
    if (dated) dated_.insert(index);
}

Result<std::optional<GatherLog::Found>> GatherLog::beat_before(Store& store, EntryIndex end,
                                                               const Fits& fits) const {
    std::uint64_t stop = std::min(end.v, size().v);
    const std::uint64_t last = stop - std::min(stop, beats_searched_max);
    while (stop > last) {
        const std::uint64_t begin = std::max(last, stop - std::min(stop, beats_searched_each));
        std::optional<Found> found;
        TRYV(store.scan(origin(), {begin}, {stop}, [&](StoredEntry&& row) -> Result<void> {
            const auto entry = statement::decode_entry(row.entry);
            const auto* open = entry ? std::get_if<statement::OpenEntry>(&*entry) : nullptr;
            if (open == nullptr || open->kind != statement::beat_kind) return {};
            auto beat = statement::decode_beat(*open);
            if (beat && fits(*beat)) found = Found{row.index, std::move(*beat)};
            return {};
        }));
        if (found) return found;
        stop = begin;
    }
    return std::optional<Found>();
}

/// Of each dated entry and owner the earliest line that covers it: who witnesses and mirrors says
/// the same twice. Of the newest head every line.
Result<void> GatherLog::date(Store& store, std::span<const Cosigner> cosigners) {
    std::map<std::pair<EntryIndex, std::string>, StoredCosignature> best;
    const TreeSize newest = head()->checkpoint.size;
    TRYV(store.scan_cosignatures(origin(), [&](StoredCosignature&& row) -> Result<void> {
        const bool newest_head = row.size == newest && row.root == head()->checkpoint.root;
        const bool inside = row.size < newest && row.size <= tree().size();
        if (!newest_head && (!inside || tree().root(row.size) != row.root)) return {};
        const auto who = std::find_if(cosigners.begin(), cosigners.end(), [&](const Cosigner& one) {
            return one.key.name == row.cosigner;
        });
        if (who == cosigners.end()) return {};
        const auto earlier = [&](EntryIndex index) {
            const auto known = best.find({index, who->owner});
            return known == best.end() || row.time < known->second.time;
        };
        std::vector<EntryIndex> gains;
        for (const EntryIndex index : dated_) {
            if (index.v >= row.size.v) break;
            if (earlier(index)) gains.push_back(index);
        }
        if (gains.empty() && !newest_head) return {};
        // A key of an earlier charter proves nothing under this one.
        TRY(line, parse_line(row.line));
        TRY(cosignature, tlog::Cosignature::parse(line));
        if (!cosignature.is_of(who->key)) return {};
        if (newest_head) lines_[newest][row.cosigner] = row.line;
        for (const EntryIndex index : gains) best[{index, who->owner}] = row;
        return {};
    }));
    for (const auto& [key, row] : best) lines_[row.size][row.cosigner] = row.line;
    return {};
}

Result<std::vector<GatherLog::Cosigner>> cosigners_of(const statement::Charter& charter,
                                                      const Origin& origin) {
    std::vector<GatherLog::Cosigner> out;
    const auto add = [&](const std::string& vkey, const std::string& owner) -> Result<void> {
        if (vkey.empty()) return {};
        TRY(key, tlog::CosignerKey::parse(vkey));
        out.push_back({std::move(key), owner});
        return {};
    };
    for (const statement::CharterParty& party : charter.parties) {
        if (statement::log_number(charter, party.id, origin) != 0) continue;
        TRYV(add(party.witness, "party " + party.id.v));
        TRYV(add(party.mirror, "party " + party.id.v));
    }
    for (const auto& witness : charter.witnesses) {
        TRYV(add(witness.vkey, "witness " + witness.name));
    }
    return out;
}

Result<evidence::ShownLog> GatherLog::finish(Store& store, std::span<const Cosigner> cosigners) && {
    if (head() == nullptr) return fail(Errc::not_found, "no head of " + origin().v + " is here");
    TRYV(date(store, cosigners));
    const TreeSize newest = head()->checkpoint.size;
    evidence::ShownLog out{origin(), {}, {}, {}};
    const auto& key = peer_ == nullptr ? node_.verifier() : peer_->mirror.log();
    out.head = tlog::without_cosignatures(*head(), key).bytes();
    for (const auto& [cosigner, line] : lines_[newest]) out.head += line;
    for (const auto& [size, lines] : lines_) heads_.insert(size);
    for (const TreeSize size : heads_) {
        if (size == newest) continue;
        TRY(growth, peer_ == nullptr ? tree().consistency_proof(size, newest)
                                     : peer_->mirror.consistency_proof(size));
        evidence::EarlierHead one{{size, tree().root(size), std::move(growth)}, {}};
        for (const auto& [cosigner, line] : lines_[size]) one.lines += line;
        out.earlier.push_back(std::move(one));
    }
    for (auto& [index, shown] : entries_) {
        TRYV(store.scan(origin(), index, {index.v + 1}, [&, &entry = shown](StoredEntry&& row) {
            entry.entry = std::move(row.entry);
            return Result<void>();
        }));
        TRY(proof, peer_ == nullptr ? tree().inclusion_proof(index, newest)
                                    : peer_->mirror.inclusion_proof(index));
        shown.proof = std::move(proof);
        out.entries.push_back(std::move(shown));
    }
    return out;
}

}  // namespace entente::node
