// SPDX-License-Identifier: Apache-2.0
// A check on a device: the same answer as anywhere, and on top of it whatever the pack cannot know.
#include <algorithm>

#include "base/encode.h"
#include "base/sha256.h"
#include "geo/covers.h"
#include "node/field.h"

namespace entente::node {
namespace {

using check::Reason;
using check::Verdict;

class Limits {
  public:
    explicit Limits(const Field& field) : given_(field.given) {}

    void judge(const check::Question& question, std::vector<Reason>& out) const {
        const auto outside = [&](const char* code, const std::string& text, auto reaches_out) {
            const auto count = static_cast<std::size_t>(
                std::count_if(question.volumes.begin(), question.volumes.end(), reaches_out));
            if (count > 0) out.push_back({Verdict::incomplete, code, text, count});
        };
        outside("outside_pack_area", "the plan reaches out of the area that the pack is for",
                [&](const geo::Volume4D& one) {
                    return !geo::covers(given_.area, {0}, one.shape, {0});
                });
        outside("outside_pack_window",
                "the plan is not wholly within the time that the pack is for, " +
                    format_rfc3339(*given_.window.start) + " to " +
                    format_rfc3339(*given_.window.end),
                [&](const geo::Volume4D& one) {
                    return !one.window.start || !one.window.end ||
                           *one.window.start < *given_.window.start ||
                           *one.window.end > *given_.window.end;
                });
        if (question.margin > metres(given_.margin)) {
            out.push_back({Verdict::incomplete, "beyond_pack_margin",
                           "the pack is for margins of at most " +
                               std::to_string(given_.margin.v / 10) + " m",
                           1});
        }
    }

  private:
    const FieldWish& given_;
};

void judge_clock(const Field& field, Instant now, Instant highest_seen, std::vector<Reason>& out) {
    const Instant seen = std::max(highest_seen, field.made);
    if (now < seen) {
        out.push_back({Verdict::incomplete, "clock_behind",
                       "this device's clock is behind a time that it has seen, " +
                           format_rfc3339(seen) + ": set it right",
                       1});
    }
    const Duration limit = field.snapshot.charter().terms.age_limit;
    if (now - field.made > limit) {
        out.push_back({Verdict::incomplete, "pack_stale",
                       "the pack was made at " + format_rfc3339(field.made) +
                           ", longer ago than the charter allows a view to be",
                       1});
    }
}

}  // namespace

check::Answer check_field(const Field& field, index::Scratch& scratch,
                          const check::Question& question, Instant now, Instant highest_seen) {
    check::AsOf as_of = field.as_of;
    as_of.packed = field.made;
    as_of.age = std::max(Duration(0), now - field.made);
    const view::View view(field.snapshot, {field.snapshot.party()});
    check::Answer out = check::answer(view, field.index, scratch, question, as_of, now);
    Limits(field).judge(question, out.reasons);
    judge_clock(field, now, highest_seen, out.reasons);
    if (field.unplaced > 0) {
        out.reasons.push_back({Verdict::incomplete, "unplaced_entries",
                               std::to_string(field.unplaced) +
                                   " entries may protect something but show no place here",
                               field.unplaced});
    }
    std::stable_sort(out.reasons.begin(), out.reasons.end(),
                     [](const Reason& a, const Reason& b) { return a.weight > b.weight; });
    for (const Reason& reason : out.reasons) out.verdict = std::max(out.verdict, reason.weight);
    return out;
}

PartyId device_id(const SealingKey& key) {
    return {"device-" + to_base32(sha256(key.view()).view().substr(0, 10))};
}

}  // namespace entente::node
