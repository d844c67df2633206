// SPDX-License-Identifier: Apache-2.0
#include "net/reason.h"

namespace entente::net {

const char* name(Reason reason) {
    switch (reason) {
        case Reason::unreachable: return "unreachable";
        case Reason::timeout: return "timeout";
        case Reason::no_tls13: return "no_tls13";
        case Reason::wrong_key: return "wrong_key";
        case Reason::refused_key: return "refused_key";
        case Reason::too_slow: return "too_slow";
        case Reason::too_large: return "too_large";
        case Reason::garbage: return "garbage";
        case Reason::cut_off: return "cut_off";
        case Reason::redirected: return "redirected";
        case Reason::refused: return "refused";
        case Reason::failing: return "failing";
        case Reason::rejected: return "rejected";
        case Reason::stopped: break;
    }
    return "stopped";
}

Error as_error(const Failure& failure) {
    Error out{Errc::unavailable, std::string(name(failure.reason)) + ": " + failure.detail};
    switch (failure.reason) {
        case Reason::too_large: out.code = Errc::too_large; break;
        case Reason::garbage: out.code = Errc::malformed; break;
        case Reason::wrong_key: out.code = Errc::unknown_key; break;
        case Reason::refused_key:
        case Reason::redirected:
        case Reason::refused: out.code = Errc::refused; break;
        case Reason::unreachable:
        case Reason::timeout:
        case Reason::no_tls13:
        case Reason::too_slow:
        case Reason::cut_off:
        case Reason::failing:
        case Reason::rejected:
        case Reason::stopped: break;
    }
    return out;
}

}  // namespace entente::net
