// SPDX-License-Identifier: Apache-2.0
// The evidence file for one record (DESIGN 6; doc/protocol/evidence.md), out of what this node
// holds. Of an own record: all its versions, what was released of it to whom, what of it others
// acknowledged, and the newest word of those who had not. Of another party's: what it released to
// us and what we said to that. Nothing is signed and nothing is told to anybody.
//
//     TRY(file, gather({node, exchange, store, vault}, {.record = id, .now = now}));
//     Bytes bytes = evidence::format_file(file);
//
// Cost: a pass over the lists of releases to the parties concerned, and over the log's
// cosignatures. The thread that owns the Node.
#pragma once

#include "evidence/file.h"
#include "node/exchange.h"

namespace entente::node {

struct Holdings {
    const Node& node;
    const Exchange& exchange;
    Store& store;
    const seal::Vault& vault;
    /// Opens slots. Null where the exchange has its keys.
    const SealingSecret* sealing = nullptr;
};

struct Gathering {
    RecordId record;
    Tier show = Tier::exact;  // the most of a body that goes into the file; the head always does
    Instant now;
};

/// Errc::not_found for a record that is not here.
Result<evidence::File> gather(const Holdings& holdings, const Gathering& wanted);

}  // namespace entente::node
