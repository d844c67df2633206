// SPDX-License-Identifier: Apache-2.0
#include "net/stop_json.h"

#include "base/encode.h"
#include "formats/activity.h"
#include "formats/dealing.h"

namespace entente::net {
namespace {

using formats::JsonOut;

void texts(JsonOut& out, const char* key, const std::vector<std::string>& all) {
    out.name(key);
    out.array([&] {
        for (const std::string& one : all) out.value(one);
    });
}

void words(JsonOut& out, const statement::Stop& stop) {
    out.member("to", stop.to.v);
    out.member("text", stop.text);
    texts(out, "desks", stop.desks);
    if (!stop.activity) return;
    out.member("activity", stop.activity->activity.text());
    out.member("entry", to_base64(stop.activity->entry.view()));
}

void next_member(JsonOut& out, const std::optional<node::NextCall>& next) {
    out.name("next");
    if (!next) {
        out.null();
        return;
    }
    out.object([&] {
        texts(out, "desks", next->desks);
        out.member("due", format_rfc3339(next->due));
    });
}

void attempt_object(JsonOut& out, const view::SeenAttempt& one) {
    const statement::Attempt& attempt = *one.attempt;
    out.object([&] {
        out.member("party", one.party.v);
        out.member("at", format_rfc3339(attempt.at));
        out.member("automatic", attempt.automatic);
        out.member("actor", one.actor);
        out.member("leaf", to_base64(one.leaf.view()));
        texts(out, "desks", attempt.desks);
        out.name("tried");
        out.array([&] {
            for (const statement::Tried& tried : attempt.tried) {
                out.object([&] {
                    out.member("route", statement::name(tried.route));
                    out.member("via", tried.via);
                    out.member("outcome", statement::name(tried.outcome));
                    out.member("detail", tried.detail);
                });
            }
        });
    });
}

}  // namespace

void stop_members(JsonOut& out, const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    out.member("id", seen.id().text());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    out.member("state", view::name(seen.state(now)));
    out.member("contact", seen.contact());
    out.member("said", format_rfc3339(seen.history().front().time));
    const auto calling = node::calling_of(view, slot, now);
    if (!calling) return;  // its words are not shown to us
    words(out, *seen.stop());
    out.member("open", calling->open);
    out.member("lifting", calling->lifting);
    out.member("answered", node::name(calling->answered()));
    const auto at = calling->answered_at();
    out.name("answered_at");
    at ? out.value(format_rfc3339(*at)) : out.null();
    out.member("attempts", std::uint64_t{calling->attempts.size()});
    out.member("replies", std::uint64_t{calling->replies.size()});
    next_member(out,
                seen.own() ? node::next_call(*calling, view.charter().terms, now) : std::nullopt);
}

void heard_members(JsonOut& out, const view::View& view, const node::HeardStop& stop, bool whole) {
    out.member("id", stop.record.text());
    out.member("party", stop.from.v);
    out.member("contact", stop.said.contact);
    words(out, *stop.said.stop);
    out.member("sent", format_rfc3339(stop.sent));
    out.member("came", format_rfc3339(stop.came));
    texts(out, "called", stop.desks);
    node::Calling calling;
    calling.author = stop.from;
    calling.to = view.party();
    calling.replies = view.replies(stop.record, {&stop.leaf, 1});
    out.member("answered", node::name(calling.answered()));
    if (!whole) return;
    out.name("plan");
    formats::volumes_collection(out, stop.said.where);
}

void calling_members(JsonOut& out, const view::View& view, view::Slot slot, Instant now) {
    const auto calling = node::calling_of(view, slot, now);
    if (!calling) return;
    out.name("calls");
    out.array([&] {
        for (const view::SeenAttempt& one : calling->attempts) attempt_object(out, one);
    });
    if (view.at(slot).more_replies()) out.member("more_replies", true);
    out.name("answers");
    out.array([&] {
        for (const view::SeenReply& one : calling->replies) formats::reply_object(out, one);
    });
}

}  // namespace entente::net
