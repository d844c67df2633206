// SPDX-License-Identifier: Apache-2.0
// What one log protects, stated once more in another under new ids (PROTOCOL 8): after joining a
// charter, to adopt what a leaver protected, in a successor log. Nothing here ends a protection.
//
//     TRY(drafts, restatements({solo.snapshot(), 0}, joint.snapshot(), "a.registrar", now));
//     TRY(composed, compose(author, drafts.front(), nullptr, now, random));
//
// Pure. Costs a pass over both registers.
#pragma once

#include "node/compose.h"
#include "registry/snapshot.h"

namespace entente::node {

/// The contents of the record that protect now: the newest one, and those before it that it has not
/// ended yet. Errc::refused where one cannot be read or is not understood here: it must not be
/// passed over.
Result<std::vector<statement::Protection>> in_force(const registry::Snapshot& snapshot,
                                                    const registry::Record& record, Instant now);

/// What is to be said under other terms so that no less is protected: where a place states no
/// buffer or accuracy, and the default of its class is smaller there, what it has had until now.
statement::Protection under_terms(statement::Protection protection,
                                  const statement::CharterTerms& before,
                                  const statement::CharterTerms& after);

struct OneLog {
    const registry::Snapshot& snapshot;
    registry::LogNumber number;
    bool stays = false;  // in the register: what of it cannot be read goes on protecting there
};

/// Whether a log of one's own in this register, other than that of the record, states this content
/// of it already.
bool is_restated(const registry::Snapshot& snapshot, const RecordId& was,
                 const statement::Protection& protection);

/// Drafts that state all that protects in this log now and that log 0 of `in` does not state yet,
/// so that the same call after a crash goes on where it stopped. Those of one record are
/// neighbours. Errc::refused where something of the log cannot be read, unless the log stays.
Result<std::vector<Draft>> restatements(const OneLog& of, const registry::Snapshot& in,
                                        const std::string& actor, Instant now);

}  // namespace entente::node
