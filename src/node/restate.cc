// SPDX-License-Identifier: Apache-2.0
#include "node/restate.h"

#include <algorithm>

namespace entente::node {
namespace {

using statement::Protection;

/// What log 0 states once more, by the id that it had before.
using Restated = std::multimap<RecordId, const Protection*>;

Restated restated(const registry::Snapshot& in) {
    Restated out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const registry::Record& record = in.at(static_cast<registry::Slot>(i));
        const registry::Version& first = record.versions.front();
        if (record.log == 0 && first.was && first.content) {
            out.emplace(*first.was, &first.content->protection);
        }
    }
    return out;
}

bool holds(const Restated& done, const RecordId& was, const Protection& protection) {
    const auto [begin, end] = done.equal_range(was);
    return std::any_of(begin, end, [&](const auto& one) { return *one.second == protection; });
}

struct Known {
    std::vector<Protection> contents;
    std::uint32_t unreadable = 0;  // number of a version that protects and is not understood here
};

Known what_protects(const registry::Snapshot& snapshot, const registry::Record& record,
                    Instant now) {
    Known out;
    const registry::LogState& log = snapshot.log(record.log);
    for (const registry::Version& version : record.versions) {
        const bool newest = &version == &record.newest();
        if (version.withdraws || (!newest && log.end_of(version) <= now)) continue;
        if (version.content == nullptr || !version.understood) {
            out.unreadable = version.number;
        } else {
            out.contents.push_back(version.content->protection);
        }
    }
    return out;
}

}  // namespace

Result<std::vector<Protection>> in_force(const registry::Snapshot& snapshot,
                                         const registry::Record& record, Instant now) {
    Known known = what_protects(snapshot, record, now);
    if (known.unreadable == 0) return std::move(known.contents);
    return fail(Errc::refused, "version " + std::to_string(known.unreadable) + " of record " +
                                   record.id.text() +
                                   " protects and cannot be read here, and so not be stated anew; "
                                   "nothing was ended");
}

Protection under_terms(Protection protection, const statement::CharterTerms& before,
                       const statement::CharterTerms& after) {
    const auto of = static_cast<std::size_t>(protection.protection_class);
    for (geo::Place& place : protection.where) {
        if (!place.buffer && before.buffers[of] > after.buffers[of]) {
            place.buffer = before.buffers[of];
        }
        if (!place.accuracy && before.accuracies[of] > after.accuracies[of]) {
            place.accuracy = before.accuracies[of];
        }
    }
    return protection;
}

bool is_restated(const registry::Snapshot& snapshot, const RecordId& was,
                 const Protection& protection) {
    return holds(restated(snapshot), was, protection);
}

Result<std::vector<Draft>> restatements(const OneLog& of, const registry::Snapshot& in,
                                        const std::string& actor, Instant now) {
    const registry::LogState& log = of.snapshot.log(of.number);
    if (log.unplaced > 0 && !of.stays) {
        return fail(Errc::refused, std::to_string(log.unplaced) + " entries of " + log.origin.v +
                                       " may protect something and cannot be read here, and so "
                                       "not be stated anew; nothing was ended");
    }
    const Restated done = restated(in);
    std::vector<Draft> out;
    for (std::size_t i = 0; i < of.snapshot.size(); ++i) {
        const registry::Record& record = of.snapshot.at(static_cast<registry::Slot>(i));
        if (record.log != of.number) continue;
        if (!of.stays) TRYV(in_force(of.snapshot, record, now));
        for (Protection& one : what_protects(of.snapshot, record, now).contents) {
            Protection said =
                under_terms(std::move(one), of.snapshot.charter().terms, in.charter().terms);
            if (holds(done, record.id, said)) continue;
            out.push_back({statement::act::add, actor, std::move(said), {}, record.id});
        }
    }
    return out;
}

}  // namespace entente::node
