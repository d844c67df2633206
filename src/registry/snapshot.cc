// SPDX-License-Identifier: Apache-2.0
#include "registry/snapshot.h"

#include <algorithm>
#include <cmath>

#include "base/sha256.h"
#include "statement/where.h"

namespace entente::registry {
namespace {

template <class Integer>
std::string decimal(Integer value) {
    return std::to_string(value) + "\n";
}

void append_places(Bytes& text, const Version& version) {
    for (const Reached& reached : version.places) {
        text += statement::canon::encode(statement::encode_where({reached.place}));
        text += decimal(std::llround(reached.buffer.v * 10)) +
                decimal(std::llround(reached.accuracy.v * 10));
    }
}

Hash hash_of(const Record& record, const LogState& log) {
    Bytes text = "entente/record-state/v1\n" + record.id.text() + "\n" + log.origin.v + "\n";
    text += record.newer_withheld ? "newer withheld\n" : "";
    text += record.tag_reused ? "tag reused\n" : "";
    for (const Version& version : record.versions) {
        text += decimal(std::uint64_t{version.number});
        text += version.understood ? "understood\n" : "unknown\n";
        text += version.coarse_only ? "coarse\n" : "";
        text += version.may_act() ? "may act\n" : "";
        text += version.restated ? "restated\n" : "";
        text += version.sort == Sort::movement ? "moves\n" : "";
        text += version.sort == Sort::presence ? "presence\n" : "";
        text += version.objects() ? "objects\n" : "";
        text += version.stops() ? "stops\n" : "";
        text += version.position.leaf.view();
        text += decimal(millis(version.until));
        for (const Ending& ending : version.ended_by) {
            text += decimal(ending.index.v) + decimal(millis(ending.time));
            text += ending.prompt ? "prompt\n" : "";
        }
        append_places(text, version);
    }
    return sha256(text);
}

Hash hash_of(const Dealing& dealing, const LogState& log) {
    Bytes text = "entente/dealing-state/v1\n" + dealing.id.text() + "\n" + log.origin.v + "\n";
    for (const DealingVersion& version : dealing.versions) {
        text += decimal(std::uint64_t{version.number}) + version.kind + "\n" + version.act + "\n";
        text += version.said ? "understood\n" : "";
        text += version.position.leaf.view();
    }
    if (dealing.more) text += "more\n";
    if (dealing.newer_withheld) text += "newer withheld\n";
    return sha256(text);
}

}  // namespace

Instant LogState::end_by_finality(const Version& version) const {
    Instant end = version.until;
    for (const Ending& ending : version.ended_by) {
        const auto final = finality->of(ending.index);
        if (!final) continue;
        // Not before the time it claims: else statements dated ahead would each fall into another
        // day of the limit of PROTOCOL 15.
        end = std::min(end, std::max(*final + relaxing.delay_of(ending.prompt), ending.time));
    }
    return end;
}

std::size_t Snapshot::unplaced() const {
    std::size_t out = 0;
    for (const auto& log : logs_) out += log->unplaced;
    return out;
}

Hash Snapshot::hash() const {
    Bytes all = "entente/register/v1\n";
    records_.each_by_id(
        [&](const Record& record) { all += hash_of(record, log(record.log)).view(); });
    dealings_.each_by_id([&](const Dealing& one) { all += hash_of(one, log(one.log)).view(); });
    std::vector<std::string> lines;
    for (const auto& log : logs_) {
        if (log->unplaced == 0 && !log->forked && !log->left) continue;
        lines.push_back(log->origin.v + "\n" + decimal(std::uint64_t{log->unplaced}) +
                        (log->forked ? "forked at " + decimal(log->forked->v) : "") +
                        (log->left ? "left\n" : ""));
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) all += line;
    return sha256(all);
}

}  // namespace entente::registry
