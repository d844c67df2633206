// SPDX-License-Identifier: Apache-2.0
#include "sim/in_words.h"

#include "base/encode.h"
#include "node/index_of.h"
#include "node/joining.h"

namespace entente::sim {
namespace {

constexpr Metres within{500};

std::string row_in_words(const evidence::JoinRow& row, Ends ends) {
    std::string out = " " + row.record.text() + " " + std::to_string(row.version) +
                      (row.stood == evidence::Stood::later ? " later" : "") +
                      (row.touches ? " touches" : "") + (row.named ? " named" : "") + " " +
                      std::to_string(row.distance.value_or(Metres{-1}).v);
    if (ends == Ends::told) {
        out +=
            std::string(" ") + evidence::name(row.stood) + " " + std::to_string(millis(row.until));
    }
    return out + "\n";
}

std::string join_in_words(const view::View& view, const view::SeenStatement& seen,
                          const evidence::Join& join, Ends ends) {
    std::string out = seen.id().text() + " " + std::to_string(join.rows_total) + "\n";
    for (const evidence::JoinRow& row : join.rows) out += row_in_words(row, ends);
    for (const evidence::JoinLine& line : evidence::time_line(view, seen, join)) {
        out += " " + line.party.v + " " + line.what + " " + line.more + " " + line.record.text();
        for (const Hash& leaf : line.leaves) out += " " + to_hex(leaf.view());
        out += "\n";
    }
    const view::Corroboration lines = view.corroboration(seen.id());
    out += " " + std::to_string(lines.lines.size()) + "/" + std::to_string(lines.reports) + "\n";
    return out;
}

}  // namespace

std::string in_words(const registry::Snapshot& snapshot, const std::vector<RecordId>& incidents,
                     Instant now, Ends ends) {
    const view::View view(snapshot, {snapshot.party()});
    const index::Index index = node::index_of(snapshot);
    index::Scratch scratch;
    std::string out;
    for (const RecordId& id : incidents) {
        const auto seen = view.find_statement(id);
        const auto scene = seen ? evidence::scene_of(*seen) : std::nullopt;
        if (!scene) continue;
        const auto near = node::near_scene(index, scratch, *scene, within);
        out += join_in_words(view, *seen, evidence::join(view, *seen, near, within), ends);
    }
    for (const view::Standing& one : view.standings(now)) {
        out += one.name + " " + view::name(one.accord) + (one.is_protected ? " protected" : "") +
               " " + std::to_string(one.by_party.size()) + " " + std::to_string(one.silent.size()) +
               "\n";
    }
    return out;
}

}  // namespace entente::sim
