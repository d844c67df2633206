// SPDX-License-Identifier: Apache-2.0
// The time line of an incident: who said what when, line by line with the leaves that it rests on.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "evidence/join.h"

namespace entente::evidence {
namespace {

/// The stance or opinion that this version says; empty where there is none, or it is not open.
std::string word_of(const registry::DealingVersion& version) {
    if (!version.said) return {};
    if (const auto* one = std::get_if<statement::Responsibility>(version.said.get()))
        return statement::name(one->stance);
    const auto* one = std::get_if<statement::Assessment>(version.said.get());
    return one != nullptr ? statement::name(one->opinion) : "";
}

class Lines {
  public:
    void add(Instant time, const PartyId& party, std::string what, const RecordId& record,
             std::string more, std::vector<Hash> leaves, bool differs = false) {
        out_.push_back(
            {time, party, std::move(what), record, std::move(more), std::move(leaves), differs});
    }

    /// Every version of a record of which one is in a row; its withdrawal too.
    void add_record(const view::Seen& seen) {
        for (const view::SeenVersion& version : seen.history()) {
            add(version.time, seen.party(), "said", seen.id(), version.act, {version.leaf});
        }
    }

    void add_told(const JoinRow& row) {
        for (const Told& told : row.told) {
            for (const Step& step : told.steps) {
                add(step.time, told.party, statement::name(step.rung), row.record, step.unit,
                    {step.leaf, row.leaf}, step.differs);
            }
        }
    }

    void add_check(const JoinCheck& check) {
        std::vector<Hash> leaves{check.leaf};
        leaves.insert(leaves.end(), check.named.begin(), check.named.end());
        add(check.said, check.party,
            check.kind == statement::activity_kind ? "declared" : "checked", check.record,
            check.verdict, std::move(leaves));
    }

    /// Each version with its own word: what was said before goes on having been said.
    void add_statement(const view::SeenStatement& seen, const std::string& what) {
        for (const registry::DealingVersion& version : seen.dealing().versions) {
            const std::string word = word_of(version);
            add(version.time, seen.party(), what, seen.id(),
                word.empty() ? version.act : version.act + " " + word, {version.position.leaf});
        }
    }

    std::vector<JoinLine> finish() {
        std::sort(out_.begin(), out_.end(), [](const JoinLine& a, const JoinLine& b) {
            return std::tie(a.time, a.party, a.what, a.record, a.leaves, a.more, a.differs) <
                   std::tie(b.time, b.party, b.what, b.record, b.leaves, b.more, b.differs);
        });
        out_.erase(std::unique(out_.begin(), out_.end()), out_.end());
        return std::move(out_);
    }

  private:
    std::vector<JoinLine> out_;
};

}  // namespace

std::vector<JoinLine> time_line(const view::View& view, const view::SeenStatement& incident,
                                const Join& join) {
    Lines lines;
    std::set<RecordId> records;
    for (const JoinRow& row : join.rows) {
        if (records.insert(row.record).second) lines.add_record(view.at(*view.find(row.record)));
        lines.add_told(row);
    }
    for (const JoinCheck& check : join.checks) lines.add_check(check);
    const PartyId& party = incident.party();
    const std::vector<Hash> leaf{join.scene.leaf};
    const geo::Window& window = join.scene.window;
    if (window.start) lines.add(*window.start, party, "from", incident.id(), {}, leaf);
    if (window.end) lines.add(*window.end, party, "until", incident.id(), {}, leaf);
    lines.add_statement(incident, "incident");
    for (const char* kind :
         {statement::responsibility_kind, statement::assessment_kind, statement::report_kind}) {
        for (const view::SeenStatement& one : view.statements_about(incident.id(), kind)) {
            lines.add_statement(one, kind);
        }
    }
    return lines.finish();
}

}  // namespace entente::evidence
