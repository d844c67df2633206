// SPDX-License-Identifier: Apache-2.0
// GET /v1/protections, one of them with its history, and its proof.
#include <algorithm>
#include <charconv>

#include "formats/answer.h"
#include "formats/csv.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"
#include "view/filter.h"

namespace entente::net {
namespace {

constexpr std::uint64_t limit_default = 100;
constexpr std::uint64_t limit_max = 1000;  // page_limit_max

struct Page {
    view::Filter filter;
    std::uint64_t limit = limit_default;
    std::optional<std::uint64_t> after;  // the record whose first entry this is was the last
};

Result<std::uint64_t> number(const char* what, const std::string& text, std::uint64_t low,
                             std::uint64_t high) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
        return fail(Errc::malformed, std::string(what) + ": a whole number from " +
                                         std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
}

Result<Page> page_of(const Target& target) {
    TRYV(target.only({"bbox", "class", "state", "text", "limit", "cursor", "as"}));
    Page page;
    page.filter.protection_class = target.value("class");
    page.filter.text = target.value("text");
    if (target.has("bbox")) {
        TRY(box, view::parse_bbox(target.value("bbox")));
        page.filter.box = box;
    }
    if (target.has("state")) {
        TRY(state, view::parse_state(target.value("state")));
        page.filter.state = state;
    }
    TRYV(view::validate(page.filter));
    if (target.has("limit")) {
        TRY(limit, number("limit", target.value("limit"), 1, limit_max));
        page.limit = limit;
    }
    if (target.has("cursor")) {
        TRY(after, number("cursor", target.value("cursor"), 0, std::uint64_t{1} << 53));
        page.after = after;
    }
    return page;
}

/// Where a record stands in the order of lists: of one log's by its first entry; of several by as
/// much of its id as a cursor holds.
std::uint64_t place_of(const view::View& view, view::Slot slot) {
    const view::Seen seen = view.at(slot);
    if (!view.several_logs()) return seen.first_entry().v;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 7; ++i) out = out << 8 | seen.id().bytes[i];
    return out >> 3;  // 53 bits
}

/// The first record after the cursor, where slots stand in the order of lists.
view::Slot begin_of(const view::View& view, const Page& page) {
    if (!page.after) return 0;
    view::Slot low = 0;
    auto high = static_cast<view::Slot>(view.size());
    while (low < high) {
        const view::Slot middle = low + (high - low) / 2;
        if (place_of(view, middle) <= *page.after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/// All records after the cursor, in the order of lists.
std::vector<view::Slot> in_order(const view::View& view, const Page& page) {
    std::vector<view::Slot> out;
    if (!view.several_logs()) {
        for (view::Slot slot = begin_of(view, page); slot < view.size(); ++slot) {
            out.push_back(slot);
        }
        return out;
    }
    std::vector<std::pair<std::uint64_t, view::Slot>> all;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const std::uint64_t place = place_of(view, slot);
        if (!page.after || place > *page.after) all.emplace_back(place, slot);
    }
    std::sort(all.begin(), all.end());
    for (const auto& [place, slot] : all) out.push_back(slot);
    return out;
}

/// What one page shows, and how it goes on.
struct Shown {
    std::vector<view::Slot> slots;
    bool more = false;
    std::uint64_t total = 0;  // counted on the first page only
};

Shown select(const view::View& view, const Page& page, Instant now) {
    Shown shown;
    for (const view::Slot slot : in_order(view, page)) {
        if (!view::passes(page.filter, view.at(slot), now)) continue;
        ++shown.total;
        // What shares its place with the last one stands on its page, or no page would have it.
        if (shown.slots.size() < page.limit ||
            (view.several_logs() && place_of(view, slot) == place_of(view, shown.slots.back()))) {
            shown.slots.push_back(slot);
        } else {
            shown.more = true;
            if (page.after) break;
        }
    }
    return shown;
}

std::string feature(const view::Seen& seen, Instant now) {
    statement::Protection room;
    const statement::Protection* p = seen.listed(room);
    formats::Extras extras = {{"state", view::name(seen.state(now))}, {"party", seen.party().v}};
    if (!seen.bulk_exact()) extras.emplace_back("position", "coarse");
    if (p != nullptr) return formats::write_feature(*p, seen.id().text(), extras);
    // Not understood here: it is listed all the same, without a shape that could be drawn wrong.
    formats::JsonOut out;
    out.object([&] {
        out.member("type", "Feature");
        out.member("id", seen.id().text());
        out.name("geometry");
        out.null();
        out.name("properties");
        out.object([&] {
            for (const auto& [key, value] : extras) out.member(key, value);
        });
    });
    return out.text();
}

std::string geojson(const view::View& view, const Page& page, const Shown& shown, Instant now) {
    formats::JsonOut out;
    out.object([&] {
        out.member("type", "FeatureCollection");
        out.name("features");
        out.array([&] {
            for (const view::Slot slot : shown.slots) out.raw("\n" + feature(view.at(slot), now));
        });
        if (!page.after) out.member("total", shown.total);
        if (shown.more) {
            out.member("next", std::to_string(place_of(view, shown.slots.back())));
        }
    });
    return out.text() + "\n";
}

std::string csv(const view::View& view, const Page& page, const Shown& shown, Instant now) {
    std::string out = page.after ? "" : formats::csv_heading({"state", "party"});
    statement::Protection room;
    for (const view::Slot slot : shown.slots) {
        const view::Seen seen = view.at(slot);
        const statement::Protection* p = seen.listed(room);
        if (p == nullptr) continue;
        out +=
            formats::csv_line(*p, seen.id().text(), {view::name(seen.state(now)), seen.party().v});
    }
    return out;
}

/// The page in the form that was asked for; how it goes on stands in the headers as well.
Response page_in_form(const Request& request, const Moment& moment, const view::View& view,
                      const Page& page, const Shown& shown, Instant now) {
    Response out;
    if (accepts(request, "text/csv")) {
        out = ok("text/csv; charset=utf-8", csv(view, page, shown, now));
    } else if (accepts(request, "text/plain")) {
        out = ok("text/plain; charset=utf-8", {});
        for (const view::Slot slot : shown.slots)
            out.body += formats::list_line(view.at(slot), now);
    } else if (request.accept == "application/x-ndjson") {
        out = ok("application/x-ndjson", {});
        for (const view::Slot slot : shown.slots) out.body += feature(view.at(slot), now) + "\n";
    } else {
        out = ok("application/geo+json", geojson(view, page, shown, now));
    }
    auto header = [&](const char* name, std::uint64_t value) {
        out.headers.emplace_back(name, std::to_string(value));
    };
    header("Entente-Tree-Size", moment.state.as_of.size.v);
    header("Entente-Records", view.size());
    if (!page.after) header("Entente-Total", shown.total);
    if (shown.more) header("Entente-Next", place_of(view, shown.slots.back()));
    if (const auto& as = moment.state.as_of.shown_to) {
        header("Entente-Given", as->given.v);
        header("Entente-Acknowledged", as->acknowledged.v);
    }
    return out;
}

/// The same answer whether the id was never minted or may not be seen (PROTOCOL 14).
Response no_record() { return problem(404, "not_found", "no such record in what you may see"); }

std::optional<view::Slot> slot_of(const view::View& view, const std::string& id) {
    const auto parsed = RecordId::parse(id);
    return parsed ? view.find(*parsed) : std::nullopt;
}

}  // namespace

Response list_protections(Api& api, const Call& call) {
    const auto page = page_of(call.target);
    if (!page) return problem(page.error());
    const auto from = moment_for(api, call);
    if (!from) return problem(from.error());
    const Moment& moment = **from;
    const bool exactly = call.who.may(Right::list_exact);
    const view::View view =
        moment.view.at_depth(exactly ? view::Depth::exact : view::Depth::coarse);
    const Shown shown = select(view, *page, call.now);
    std::vector<RecordId> exact;
    for (const view::Slot slot : shown.slots) {
        const view::Seen seen = view.at(slot);
        if (seen.bulk_exact()) exact.push_back(seen.id());
    }
    const char* act = accepts(call.request, "text/csv") ? "export" : "list";
    if (!exact.empty()) {
        if (auto refusal = api.audited(call, act, exact)) return std::move(*refusal);
    }
    return page_in_form(call.request, moment, view, *page, shown, call.now);
}

Response show_protection(Api& api, const Call& call) {
    if (auto known = call.target.only({"as"}); !known) return problem(known.error());
    const auto moment = moment_for(api, call);
    if (!moment) return problem(moment.error());
    const view::View& view = (*moment)->view;
    const auto slot = slot_of(view, call.parameters[0]);
    if (!slot) return no_record();
    if (auto refusal = api.audited(call, "show", {view.at(*slot).id()})) return std::move(*refusal);
    Response response =
        accepts(call.request, "text/plain")
            ? ok("text/plain; charset=utf-8", formats::record_text(view, *slot, call.now))
            : ok("application/json", formats::record_json(view, *slot, call.now) + "\n");
    if (call.target.has("as")) return response;
    const view::Seen seen = view.at(*slot);
    response.etag =
        '"' + std::to_string(seen.version()) + '-' + view::name(seen.state(call.now)) + '"';
    return response;
}

Response prove_protection(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    if (!slot) return no_record();
    if (!moment->view.at(*slot).in_own_log()) {
        return problem(404, "not_found",
                       "it stands in the log of " + moment->view.at(*slot).party().v +
                           ", whose copy is at /mirror/");
    }
    if (auto refusal = api.audited(call, "proof", {moment->view.at(*slot).id()})) {
        return std::move(*refusal);
    }
    auto proof = api.desk().prove(moment->view.at(*slot).history().back().index);
    if (!proof) return problem(proof.error());
    Response response = ok("text/plain; charset=utf-8", std::move(*proof));
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + call.parameters[0] + ".tlog-proof\"");
    return response;
}

Response show_evidence(Api& api, const Call& call) {
    if (auto known = call.target.only({"show"}); !known) return problem(known.error());
    const std::string& text = call.target.value("show");
    const auto show = text == "head" ? node::Tier::head
                      : text.empty() ? node::Tier::exact
                                     : node::parse_tier(text);
    if (!show) return problem({Errc::malformed, "show: exact, coarse or head"});
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    if (!slot) return no_record();
    const RecordId id = moment->view.at(*slot).id();
    if (auto refusal = api.audited(call, "evidence", {id})) return std::move(*refusal);
    auto file = api.desk().evidence(id, *show);
    if (!file) return problem(file.error());
    Response response = ok("application/octet-stream", std::move(*file));
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + call.parameters[0] + ".evidence\"");
    return response;
}

}  // namespace entente::net
