// SPDX-License-Identifier: Apache-2.0
#include "net/witness.h"

#include <charconv>

#include "net/problem.h"

namespace entente::net {
namespace {

constexpr std::size_t quoted_max = 200;  // bytes of an answer that people see

/// `812\n`: the one thing that a 409 may say; some say nothing (then the roots differ).
std::optional<TreeSize> size_in(std::string_view body) {
    if (body.ends_with('\n')) body.remove_suffix(1);
    if (body.size() > 1 && body.front() == '0') return std::nullopt;
    TreeSize out;
    const auto [stop, error] = std::from_chars(body.data(), body.data() + body.size(), out.v);
    const bool whole = error == std::errc() && stop == body.data() + body.size();
    return whole ? std::optional(out) : std::nullopt;
}

/// What may be shown on a terminal of what a stranger wrote.
std::string quoted(std::string_view body) {
    std::string out = whole_characters(body.substr(0, quoted_max));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return out;
}

}  // namespace

tl::expected<WitnessReply, Failure> read_witness_reply(const Response& response) {
    const std::string& body = response.bytes();
    WitnessReply out;
    out.detail = std::to_string(response.status) + " " + quoted(body);
    switch (response.status) {
        case 200:
            if (body.empty()) {
                return tl::unexpected(Failure{Reason::garbage, "200 without a cosignature"});
            }
            out.said = WitnessReply::cosigned;
            out.lines = body;
            return out;
        case 409:
            if (const auto size = size_in(body)) {
                out.said = WitnessReply::at_size;
                out.size = *size;
            }
            return out;
        case 403:
        case 404: out.said = WitnessReply::unknown_log; return out;
        case 429: out.said = WitnessReply::later; return out;
        default: break;
    }
    if (response.status >= 500) out.said = WitnessReply::later;
    if (response.status >= 400) return out;
    const Reason reason = response.status >= 300 ? Reason::redirected : Reason::garbage;
    return tl::unexpected(Failure{reason, "a witness answered " + out.detail});
}

tl::expected<WitnessReply, Failure> add_checkpoint(PeerClient& witness, BytesView request) {
    const Reply reply = witness.post("/add-checkpoint", "text/plain; charset=utf-8", request);
    if (!reply) return tl::unexpected(reply.error());
    return read_witness_reply(*reply);
}

}  // namespace entente::net
