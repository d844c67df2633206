// SPDX-License-Identifier: Apache-2.0
// /v1/messages: the hot line between duty roles, in words, each message acknowledged by every party
// that it is for.
#include <algorithm>
#include <tuple>

#include "base/limits.h"
#include "formats/message.h"
#include "net/dealing.h"
#include "net/paging.h"
#include "net/problem.h"
#include "node/compose_challenge.h"

namespace entente::net {
namespace {

const std::string found_at = "/v1/messages/";

using To = std::set<PartyId>;

/// Whom each of these is for, as far as that is known here: of others' messages this party.
Result<std::vector<To>> readers_of(Api& api, const std::vector<view::SeenMessage>& messages) {
    std::vector<To> out(messages.size());
    const PartyId self = api.desk().moment()->view.party();
    TRYV(api.desk().inside([&](const Desk::Inside& inside) {
        for (std::size_t i = 0; i < messages.size(); ++i) {
            out[i] = messages[i].own() ? readers(inside, messages[i].id()) : To{self};
        }
    }));
    return out;
}

/// Both members name what may be seen here, or neither does: which of them does not is not said.
bool names_what_is_seen(const view::View& view, const statement::Message& message) {
    return (!message.answers || view.find_message(*message.answers)) &&
           (!message.subject || view.knows(*message.subject));
}

std::optional<view::SeenMessage> named(const Moment& moment, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    return id ? moment.view.find_message(*id) : std::nullopt;
}

Result<statement::Reply> acknowledgement_in(BytesView body) {
    TRY(json, formats::parse_json(body, limits::plan_bytes_max));
    TRYV(only_members(json, {"desk", "text"}));
    TRY(desk, text_member(json, "desk"));
    if (desk.empty()) return fail(Errc::malformed, "desk: the duty role that has it");
    statement::Reply out;
    out.contact = std::move(desk);
    if (json.find("text") == nullptr) return out;
    TRY(text, text_member(json, "text"));
    out.text = std::move(text);
    return out;
}

struct Asked {
    bool unacknowledged = false;
    Paging paging;
};

/// `cursor`: how many of the newest are left out.
Result<Asked> asked(const Target& target) {
    TRYV(target.only({"unacknowledged", "limit", "cursor"}));
    TRY(unacknowledged, target.yes("unacknowledged"));
    TRY(paging, paging_of(target));
    return Asked{unacknowledged, paging};
}

/// In the order in which they were said, by their authors' clocks.
void sort(std::vector<view::SeenMessage>& messages) {
    std::sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.version().time, a.version().position.leaf) <
               std::tuple(b.version().time, b.version().position.leaf);
    });
}

struct Page {
    std::vector<view::SeenMessage> messages;
    std::vector<To> to;
    std::uint64_t total = 0;
    std::optional<std::uint64_t> next;
};

/// Leaves those that somebody they are for has not acknowledged.
Result<void> keep_waiting(Api& api, std::vector<view::SeenMessage>& messages) {
    TRY(to, readers_of(api, messages));
    std::vector<view::SeenMessage> kept;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (!formats::unacknowledged(messages[i], to[i]).empty()) kept.push_back(messages[i]);
    }
    messages = std::move(kept);
    return {};
}

Result<Page> page_of(Api& api, const view::View& view, const Asked& asked) {
    std::vector<view::SeenMessage> all = view.messages();
    sort(all);
    if (asked.unacknowledged) TRYV(keep_waiting(api, all));
    Page out;
    out.total = all.size();
    const std::uint64_t end = out.total - std::min(asked.paging.after.value_or(0), out.total);
    const std::uint64_t begin = end - std::min(end, asked.paging.limit);
    const auto at = [&](std::uint64_t i) { return all.begin() + static_cast<std::ptrdiff_t>(i); };
    out.messages.assign(at(begin), at(end));
    TRY(to, readers_of(api, out.messages));
    out.to = std::move(to);
    if (begin > 0) out.next = out.total - begin;
    return out;
}

}  // namespace

Response send_message(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    if (auto good =
            only_members(*json, {"to", "desks", "from", "text", "language", "answers", "about"});
        !good) {
        return problem(good.error());
    }
    const auto moment = api.desk().moment();
    auto message = formats::read_message(*json);
    if (!message) return problem(message.error());
    auto audience = parties_in(moment->view, *json);
    if (!audience) return problem(audience.error());
    if (audience->empty()) {
        return problem({Errc::malformed, "to: name the parties that it is for"});
    }
    if (!names_what_is_seen(moment->view, *message)) return no_such_record();
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            return node::compose_message(author, *message, *actor, now, random);
        },
        *audience);
    return result ? dealt(*result, found_at + result->id.text()) : problem(result.error());
}

Response list_messages(Api& api, const Call& call) {
    const auto wanted = asked(call.target);
    if (!wanted) return problem(wanted.error());
    const auto moment = api.desk().moment();
    const auto page = page_of(api, moment->view, *wanted);
    if (!page) return problem(page.error());
    formats::JsonOut out;
    out.object([&] {
        out.name("messages");
        out.array([&] {
            for (std::size_t i = 0; i < page->messages.size(); ++i) {
                out.object([&] {
                    formats::message_members(out, page->messages[i], page->to[i], call.now);
                });
            }
        });
        out.member("total", page->total);
        if (page->next) out.member("next", *page->next);
    });
    return ok("application/json", out.text() + "\n");
}

Response show_message(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const auto to = readers_of(api, {*seen});
    if (!to) return problem(to.error());
    formats::JsonOut out;
    out.object([&] { formats::message_members(out, *seen, to->front(), call.now); });
    return ok("application/json", out.text() + "\n");
}

Response acknowledge_message(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto reply = acknowledgement_in(call.request.body);
    if (!reply) return problem(reply.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    reply->of = seen->id();
    reply->to = seen->version().position.leaf;
    if (seen->own()) return problem({Errc::refused, "it is this party's own: others have it"});
    const auto result = log_reply(api, call, std::move(*reply), seen->party());
    return result ? dealt(*result, found_at + seen->id().text()) : problem(result.error());
}

}  // namespace entente::net
