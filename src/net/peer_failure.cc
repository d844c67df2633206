// SPDX-License-Identifier: Apache-2.0
#include "net/peer_failure.h"

#include <curl/curl.h>
#include <fmt/format.h>

namespace entente::net {
namespace {

bool says(const Outcome& outcome, std::string_view words) {
    return outcome.said.find(words) != std::string::npos;
}

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

Failure timed_out(const Outcome& outcome) {
    const PeerLimits& limits = outcome.limits;
    if (!outcome.connected) {
        return {Reason::timeout,
                fmt::format("no connection within {} s", seconds(limits.connect_max))};
    }
    if (says(outcome, "too slow")) {
        return {Reason::too_slow,
                fmt::format("less than {} bytes a second for {} s", limits.bytes_per_second_min,
                            limits.slow_max.count())};
    }
    return {Reason::timeout, fmt::format("no whole answer within {} s", seconds(limits.total_max))};
}

Failure wrong_key() {
    return {Reason::wrong_key,
            "the key that it shows is not the channel key that the charter has for it"};
}

/// A handshake that failed here, or that the other side ended with an alert; in TLS 1.3 it judges
/// our key only when we are already asking (RFC 8446 4.6.2, appendix E.1), so that its alert may
/// come in place of the answer.
Failure handshake(const Outcome& outcome) {
    if (outcome.mismatch) return wrong_key();
    if (says(outcome, "alert protocol version") || says(outcome, "unsupported protocol")) {
        return {Reason::no_tls13, "it speaks no TLS 1.3"};
    }
    if (outcome.pinned && says(outcome, " alert ")) {
        return {Reason::refused_key,
                "it does not take this node's channel key (" + outcome.said + ")"};
    }
    return {Reason::garbage, "no TLS came back (" + outcome.said + ")"};
}

}  // namespace

Failure failure_of(const Outcome& outcome) {
    switch (outcome.code) {
        case CURLE_OPERATION_TIMEDOUT: return timed_out(outcome);
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
        case CURLE_INTERFACE_FAILED:
        case CURLE_PROXY: return {Reason::unreachable, outcome.said};
        case CURLE_SSL_CONNECT_ERROR: return handshake(outcome);
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_PEER_FAILED_VERIFICATION:
            if (outcome.pinned) return wrong_key();
            return {Reason::wrong_key, outcome.said};
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING:
            if (says(outcome, " alert ")) return handshake(outcome);
            return {Reason::cut_off, outcome.said};
        case CURLE_PARTIAL_FILE: return {Reason::cut_off, outcome.said};
        case CURLE_FILESIZE_EXCEEDED:
            return {Reason::too_large, fmt::format("it announces more than {} bytes (body_max)",
                                                   outcome.limits.body_max)};
        case CURLE_OUT_OF_MEMORY:  // its word for a header line beyond its own limit of 100 KiB
            return {Reason::too_large, "a header line is too long"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING: return {Reason::garbage, outcome.said};
        default: break;
    }
    return {Reason::failing, outcome.said.empty()
                                 ? curl_easy_strerror(static_cast<CURLcode>(outcome.code))
                                 : outcome.said};
}

}  // namespace entente::net
