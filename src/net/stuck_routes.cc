// SPDX-License-Identifier: Apache-2.0
// GET /v1/stuck: what protects soon and no unit has confirmed: of one's own records those that
// others were told of, and of the others' those that were told here.
#include <algorithm>
#include <charconv>

#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"
#include "node/stuck.h"

namespace entente::net {
namespace {

constexpr int hours_default = 24;
constexpr int hours_max = 30 * 24;

Result<int> hours_of(const Target& target) {
    if (!target.has("hours")) return hours_default;
    const std::string& text = target.value("hours");
    int hours = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
    if (error != std::errc() || end != text.data() + text.size() || hours < 1 ||
        hours > hours_max) {
        return fail(Errc::malformed,
                    "hours: a whole number from 1 to " + std::to_string(hours_max));
    }
    return hours;
}

/// Others' places, names and minutes are shown record by record (DESIGN 9): here from the hour on.
Instant shown_from(const node::Stuck& one, bool own, Instant now) {
    return own ? one.from
               : std::max(now, Instant(std::chrono::floor<std::chrono::hours>(one.from)));
}

void stuck_object(formats::JsonOut& out, const view::View& view, const node::Stuck& one,
                  Instant now) {
    const auto slot = view.find(one.record);
    const bool own = slot && view.at(*slot).own();
    statement::Protection room;
    const statement::Protection* p = slot ? view.at(*slot).listed(room) : nullptr;
    out.object([&] {
        out.member("record", one.record.text());
        out.member("class", slot ? view.at(*slot).class_name() : "");
        out.member("name", p != nullptr && !p->names.empty() ? p->names.front().text : "");
        if (one.leg != 0) out.member("leg", one.leg);
        out.member("party", one.party.v);
        out.member("tier", (one.slots & 4) != 0 ? "exact" : "coarse");
        out.member("rung", statement::name(one.rung));
        out.member("refused", one.refused);
        out.member("differs", one.differs);
        out.member("overdue", one.overdue);
        out.member("protects_from", format_rfc3339(shown_from(one, own, now)));
    });
}

}  // namespace

Response list_stuck(Api& api, const Call& call) {
    if (auto known = call.target.only({"hours"}); !known) return problem(known.error());
    const auto hours = hours_of(call.target);
    if (!hours) return problem(hours.error());
    const auto moment = api.desk().moment();
    const view::View view = moment->view.at_depth(
        call.who.may(Right::list_exact) ? view::Depth::exact : view::Depth::coarse);
    auto listed =
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(theirs, exchange.ladders({}, now));
            TRY(here, exchange.ladders_here(now));
            formats::JsonOut out;
            const auto list = [&](const char* name, const std::vector<node::Ladder>& ladders) {
                out.name(std::string_view(name));
                out.array([&] {
                    for (const node::Stuck& one :
                         node::stuck(ladders, view, now, std::chrono::hours(*hours))) {
                        stuck_object(out, view, one, now);
                    }
                });
            };
            out.object([&] {
                out.member("hours", std::int64_t{*hours});
                out.member("now", format_rfc3339(now));
                list("ours", theirs);
                list("theirs", here);
                out.name("untold");
                out.array([&] {
                    for (const auto& peer : exchange.peers()) {
                        const std::size_t count =
                            node::untold(peer->given_slots, view, now, std::chrono::hours(*hours));
                        if (count == 0) continue;
                        out.object([&] {
                            out.member("party", peer->id.v);
                            out.member("count", count);
                        });
                    }
                });
            });
            return out.text() + "\n";
        });
    if (!listed) return problem(listed.error());
    return ok("application/json", std::move(*listed));
}

}  // namespace entente::net
