// SPDX-License-Identifier: Apache-2.0
// Asks a witness for its cosignature (C2SP tlog-witness, POST add-checkpoint): a node of the
// charter by its channel key, or an outsider by its address alone. Strict servers and lax ones are
// out there; what each answer can only mean is taken, and nothing of it is believed: cosignatures
// are verified by whoever holds the witness's key.
//
//     auto said = add_checkpoint(*client, request);
//     if (said && said->said == WitnessReply::cosigned) take(said->lines);
#pragma once

#include "net/peer_client.h"

namespace entente::net {

struct WitnessReply {
    enum Said : std::uint8_t {
        cosigned,     // lines
        at_size,      // it last cosigned this size: prove consistency from there
        unknown_log,  // it does not know the log, or not this key of it
        refused,      // malformed to it, or not consistent with what it knows
        later,        // overloaded or broken at the moment
    };
    Said said = refused;
    Bytes lines;         // note signature lines, as they came
    TreeSize size;       // of at_size
    std::string detail;  // status and the beginning of what it wrote, for people
};

/// What the answer of a witness means.
tl::expected<WitnessReply, Failure> read_witness_reply(const Response& response);

/// Sends `old <size>`, proof and checkpoint as C2SP frames them. With only the log's signatures:
/// some witnesses take no more than 10 KiB.
tl::expected<WitnessReply, Failure> add_checkpoint(PeerClient& witness, BytesView request);

}  // namespace entente::net
