// SPDX-License-Identifier: Apache-2.0
#include "cli/state_anew.h"

#include <set>

#include "statement/leave.h"

namespace entente::cli {
namespace {

constexpr std::size_t batch_max = 4096;

}  // namespace

Result<std::size_t> state_anew(Session& session, std::vector<node::Draft> drafts, Instant moment) {
    std::set<RecordId> records;
    std::vector<Session::Said> batch;
    std::vector<node::Audience> audiences;
    const auto log = [&]() -> Result<void> {
        if (batch.empty()) return {};
        TRY(composed, session.compose(batch, moment));
        TRYV(session.exchange().log({std::move(composed), {}, {}}, audiences, moment));
        batch.clear();
        audiences.clear();
        return {};
    };
    for (node::Draft& draft : drafts) {
        if (records.insert(*draft.was).second && batch.size() >= batch_max) TRYV(log());
        audiences.push_back(session.exchange().audience_of(*draft.was));
        batch.push_back({std::move(draft), nullptr});
    }
    TRYV(log());
    return records.size();
}

Result<void> end_log(Session& session, const std::string& reason, Origin next) {
    const Instant moment = now();
    const statement::Leave leave{moment, reason, std::move(next)};
    TRYV(statement::validate(leave));
    // Without a beat behind it: it is the last entry.
    TRYV(session.node().log({{}, {statement::encode_leave(leave)}, {}}, moment));
    return {};
}

}  // namespace entente::cli
