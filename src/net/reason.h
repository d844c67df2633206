// SPDX-License-Identifier: Apache-2.0
// Why a peer gave no answer that is worth anything: a code for programs, of which `peer status`
// prints the name, and a sentence for people.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "base/result.h"

namespace entente::net {

enum class Reason : std::uint8_t {
    unreachable,  // no such name, nobody listens, no way there
    timeout,      // no connection in time, or no whole answer in time
    no_tls13,     // it speaks TLS, and not 1.3
    wrong_key,    // it showed another key than the charter has for it, or a certificate of nobody's
    refused_key,  // it does not take our key: its charter is another one, or older
    too_slow,     // next to nothing came
    too_large,    // a limit was met
    garbage,      // what came is not HTTP, not TLS, not gzip, or contradicts itself
    cut_off,      // the connection ended before the answer did
    redirected,   // it sends us elsewhere; nodes never do
    refused,      // it answered that it does not do this: 4xx
    failing,      // it answered that it cannot at the moment: 429, 5xx
    rejected,     // what it sent was read and is not as it must be: a proof, a signature, a form
    stopped,      // this node is stopping
};

const char* name(Reason reason);

struct Failure {
    Reason reason;
    std::string detail;
    bool operator==(const Failure&) const = default;
};

/// `too_slow: less than 16 bytes a second`, under the code that fits.
Error as_error(const Failure& failure);

}  // namespace entente::net
