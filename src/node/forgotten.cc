// SPDX-License-Identifier: Apache-2.0
#include "node/forgotten.h"

#include <algorithm>
#include <set>

#include "base/encode.h"
#include "check/presence.h"
#include "statement/fields.h"

namespace entente::node {

std::vector<const statement::Presence*> presences_said(const registry::Record& record,
                                                       const registry::LogState& log, Instant now) {
    std::vector<const statement::Presence*> out;
    for (const registry::Version& version : record.versions) {
        const auto* content = version.content.get();
        if (content == nullptr || !content->protection.presence) continue;
        if (log.end_of(version) > now) out.push_back(&*content->protection.presence);
    }
    return out;
}

bool is_conflict(const registry::Snapshot& snapshot, registry::Slot presence, Instant now,
                 const view::Unheard& unheard) {
    const registry::Record& record = snapshot.at(presence);
    const registry::LogState& log = snapshot.log(record.log);
    const auto said = presences_said(record, log, now);
    return std::any_of(said.begin(), said.end(), [&](const statement::Presence* one) {
        const auto stands = view::group_stands(snapshot, one->group, now, now, unheard);
        return check::because_of(log.party, *one, stands) != check::Because::nobody_protects;
    });
}

Forgetting before_forgetting(const registry::Snapshot& snapshot, registry::DealingSlot dealing,
                             const registry::Position& entry, Instant now) {
    Forgetting out;
    out.what.origin = snapshot.log(snapshot.dealings().at(dealing).log).origin;
    out.what.entry = entry;
    out.presences = view::presences_of(snapshot, view::groups_by(snapshot, dealing));
    for (const registry::Slot presence : out.presences) {
        if (!is_conflict(snapshot, presence, now)) {
            out.what.cautions.push_back(snapshot.at(presence).id);
        }
    }
    return out;
}

bool add_forgotten(std::vector<Forgotten>& all, Forgotten what) {
    std::set<RecordId> known;
    for (const Forgotten& one : all) known.insert(one.cautions.begin(), one.cautions.end());
    std::erase_if(what.cautions, [&](const RecordId& id) { return known.contains(id); });
    if (what.cautions.empty()) return false;
    all.push_back(std::move(what));
    return true;
}

Bytes encode_forgotten(const std::vector<Forgotten>& all) {
    namespace canon = statement::canon;
    canon::Array out;
    for (const Forgotten& one : all) {
        canon::Array cautions;
        for (const RecordId& id : one.cautions) cautions.emplace_back(id.text());
        canon::Object object;
        object.set("cautions", std::move(cautions));
        object.set("index", static_cast<std::int64_t>(one.entry.index.v));
        object.set("leaf", to_base64url(one.entry.leaf.view()));
        object.set("origin", one.origin.v);
        out.emplace_back(std::move(object));
    }
    return canon::encode(std::move(out));
}

Result<std::vector<Forgotten>> decode_forgotten(BytesView bytes) {
    constexpr std::size_t bytes_max = 64 * 1024 * 1024;
    std::vector<Forgotten> out;
    if (bytes.empty()) return out;
    TRY(value, statement::canon::decode(bytes, bytes_max));
    if (value.array() == nullptr) return fail(Errc::malformed, "what was forgotten is no list");
    for (const statement::canon::Value& one : *value.array()) {
        TRY(fields, statement::Fields::of(one, "what was forgotten"));
        TRY(cautions, fields.array("cautions"));
        TRY(index, fields.integer("index"));
        TRY(leaf, fields.hash("leaf"));
        TRY(origin, fields.text("origin"));
        if (index < 0) return fail(Errc::malformed, "index: from 0 on");
        Forgotten& row = out.emplace_back();
        row.origin = Origin{std::move(origin)};
        row.entry = {{static_cast<std::uint64_t>(index)}, leaf};
        for (const statement::canon::Value& id : *cautions) {
            if (id.text() == nullptr) return fail(Errc::malformed, "cautions: expected texts");
            TRY(record, RecordId::parse(*id.text()));
            row.cautions.push_back(record);
        }
    }
    if (encode_forgotten(out) != bytes) {
        return fail(Errc::malformed, "what was forgotten is not as it was written");
    }
    return out;
}

}  // namespace entente::node
