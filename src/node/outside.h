// SPDX-License-Identifier: Apache-2.0
// An outside witness that the charter names: no party, it cosigns one's own heads like the others
// (C2SP tlog-witness) and makes nothing final (PROTOCOL 16). What it says bounds when something was
// said (PROTOCOL 27). Plain state; Exchange::ask_witness and take_witness change it.
#pragma once

#include <optional>
#include <string>

#include "mirror/ask_witness.h"
#include "statement/charter.h"

namespace entente::node {

struct OutsideWitness {
    std::string name;  // as the charter has it
    std::string url;
    tlog::CosignerKey key;
    mirror::AskWitness ask;
    std::optional<Instant> answered;  // the newest cosignature, since the start
    std::optional<Error> trouble;     // of the newest attempt; nothing: it went well
    std::optional<Instant> troubled;  // when that was
};

/// What a person is told of one.
struct WitnessStatus {
    std::string name;
    std::string url;
    TreeSize cosigned;  // of one's own log; 0: nothing yet
    TreeSize size;      // of the newest head
    std::optional<Instant> answered;
    std::string trouble;  // empty: none
    std::optional<Instant> troubled;
};

/// A status and its body, as HTTP has them.
struct WitnessResponse {
    int status = 0;
    Bytes body;
};

}  // namespace entente::node
