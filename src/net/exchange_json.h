// SPDX-License-Identifier: Apache-2.0
// Pieces of JSON that more than one route about other parties gives: codes with their sentences,
// and how it stands with the line to a node.
#pragma once

#include "formats/json_out.h"
#include "net/follower.h"

namespace entente::net {

using Remarks = std::vector<std::pair<std::string, std::string>>;  // code, sentence

inline void remarks_member(formats::JsonOut& out, std::string_view name, const Remarks& remarks) {
    out.name(name);
    out.array([&] {
        for (const auto& [code, text] : remarks) {
            out.object([&] {
                out.member("code", code);
                out.member("text", text);
            });
        }
    });
}

/// Null where nobody of this name is asked.
inline const Contact* find_contact(const std::vector<Contact>& contacts, const std::string& name) {
    for (const Contact& one : contacts) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

inline void contact_object(formats::JsonOut& out, const Contact& one) {
    out.object([&] {
        out.member("url", one.url);
        out.member("reachable", one.reachable);
        out.member("under_way", one.under_way);
        if (one.answered) out.member("answered", format_rfc3339(*one.answered));
        if (one.trouble) {
            out.name("trouble");
            out.object([&] {
                out.member("code", name(one.trouble->reason));
                out.member("text", one.trouble->detail);
                if (one.troubled) out.member("at", format_rfc3339(*one.troubled));
            });
        }
        out.member("failures", std::uint64_t{one.failures});
        out.member("next", format_rfc3339(one.next));
        out.member("requests", one.requests);
        out.member("bytes_in", one.bytes_in);
    });
}

}  // namespace entente::net
