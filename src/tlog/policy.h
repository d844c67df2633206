// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-policy: which logs are accepted, and which sets of witnesses are enough, as a text that
// verifiers of others read too. Only Ed25519 keys are understood (0x01 of logs, 0x04 of witnesses).
//
//     log demo-x/fr+d18b…+AX…
//     witness un demo-x/un/mirror+55ee…+BF…
//     witness ru demo-x/ru/mirror+85ec…+BG…
//     group mirrors all un ru
//     quorum mirrors
//
//     TRY(policy, parse_policy(text));
//     TRY(verdict, evaluate(policy, note));      // who signed, who cosigned, when it was enough
#pragma once

#include <map>
#include <optional>

#include "tlog/cosignature.h"

namespace entente::tlog {

/// A policy. parse_policy makes good ones; satisfied() and evaluate() expect no others.
struct Policy {
    struct Log {
        VerifierKey key;  // its name is the log's origin
        std::string url;  // empty: none stated
        bool operator==(const Log&) const = default;
    };
    struct Witness {
        std::string name;  // within this policy only
        CosignerKey key;
        std::string url;
        bool operator==(const Witness&) const = default;
    };
    /// Enough if at least `threshold` of its members are.
    struct Group {
        std::string name;
        std::size_t threshold = 0;         // 1 to the number of members
        std::vector<std::string> members;  // witnesses, and groups that stand before this one
        bool operator==(const Group&) const = default;
    };
    std::vector<Log> logs;
    std::vector<Witness> witnesses;
    std::vector<Group> groups;
    std::string quorum;  // of a witness or group; "none": no cosignature is asked for
    bool operator==(const Policy&) const = default;

    bool asks_for_nobody() const { return quorum == "none"; }
    /// When the quorum had cosigned, if each of these witnesses (by their name here) did at its
    /// time: of a group the threshold-th smallest of its members' times. Nothing if they are not
    /// enough, and where nobody is asked for.
    std::optional<Instant> enough_at(const std::map<std::string, Instant>& cosigned) const;
};

/// Errors name the line. Comments are not kept; errors of keys are those of their parsers.
Result<Policy> parse_policy(std::string_view text);
/// Logs, witnesses, groups, quorum; parse_policy reads the same policy again.
std::string format_policy(const Policy& policy);

/// What a policy says of a checkpoint.
struct PolicyVerdict {
    SignedCheckpoint head;                    // signed by a log that the policy lists
    std::map<std::string, Instant> cosigned;  // by which of its witnesses, when first
    std::optional<Instant> enough_at;         // see Policy
    bool satisfied = false;
};

/// Errc::unknown_key if no listed log signed it under its own name, Errc::bad_signature or
/// malformed if a known key's line does not verify. That cosignatures are not enough is no error.
Result<PolicyVerdict> evaluate(const Policy& policy, BytesView note);

}  // namespace entente::tlog
