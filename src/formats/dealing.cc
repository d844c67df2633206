// SPDX-License-Identifier: Apache-2.0
#include "formats/dealing.h"

#include <algorithm>

#include "base/encode.h"

namespace entente::formats {

Instant in_four_figures(Instant t) {
    static const Instant first = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
    static const Instant last = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
    return std::clamp(t, first, last);
}

void reply_object(JsonOut& out, const view::SeenReply& one) {
    const statement::Reply& reply = *one.reply;
    out.object([&] {
        out.member("party", one.party.v);
        out.member("word", statement::name(reply.word));
        out.member("text", reply.text);
        out.member("contact", reply.contact);
        out.member("automatic", reply.automatic);
        out.member("time", format_rfc3339(one.time));
        out.member("actor", one.actor);
        out.member("leaf", to_base64(one.leaf.view()));
        out.member("of_newest", one.newest);
        out.name("entries");
        out.array([&] {
            for (const Hash& leaf : reply.entries) out.value(to_base64(leaf.view()));
        });
    });
}

void replies_member(JsonOut& out, const std::vector<view::SeenReply>& replies) {
    out.name("replies");
    out.array([&] {
        for (const view::SeenReply& one : replies) reply_object(out, one);
    });
}

void versions_member(JsonOut& out, const registry::Dealing& dealing) {
    if (dealing.more) out.member("not_kept", dealing.not_kept());
    if (dealing.newer_withheld) out.member("newer_withheld", true);
    out.name("history");
    out.array([&] {
        for (const registry::DealingVersion& version : dealing.versions) {
            out.object([&] {
                out.member("version", version.number);
                out.member("act", version.act);
                out.member("actor", version.actor);
                out.member("time", format_rfc3339(version.time));
                out.member("entry", version.position.index.v);
                out.member("leaf", to_base64(version.position.leaf.view()));
            });
        }
    });
}

}  // namespace entente::formats
