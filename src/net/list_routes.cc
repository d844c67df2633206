// SPDX-License-Identifier: Apache-2.0
// GET /v1/protections, one of them with its history, and its proof.
#include "base/encode.h"
#include "base/sha256.h"
#include "formats/answer.h"
#include "formats/csv.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/paging.h"
#include "net/problem.h"
#include "view/filter.h"

namespace entente::net {
namespace {

struct Page {
    view::Filter filter;
    Paging paging;
};

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
    TRY(paging, paging_of(target));
    page.paging = paging;
    return page;
}

std::string feature(const view::Seen& seen, Instant now) {
    statement::Protection room;
    const statement::Protection* p = seen.listed(room);
    formats::Extras extras = {{"state", view::name(seen.state(now))}, {"party", seen.party().v}};
    if (!seen.bulk_exact()) extras.emplace_back("position", "coarse");
    if (seen.contested(now)) extras.emplace_back("contested", "yes");
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
        if (!page.paging.after) out.member("total", shown.total);
        if (shown.more) {
            out.member("next", std::to_string(place_of(view, shown.slots.back())));
        }
    });
    return out.text() + "\n";
}

std::string csv(const view::View& view, const Page& page, const Shown& shown, Instant now) {
    std::string out =
        page.paging.after ? "" : formats::csv_heading({"state", "party", "contested"});
    statement::Protection room;
    for (const view::Slot slot : shown.slots) {
        const view::Seen seen = view.at(slot);
        const statement::Protection* p = seen.listed(room);
        if (p == nullptr) continue;
        out += formats::csv_line(
            *p, seen.id().text(),
            {view::name(seen.state(now)), seen.party().v, seen.contested(now) ? "yes" : ""});
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
    if (!page.paging.after) header("Entente-Total", shown.total);
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
    const Shown shown = select(view, page->paging, [&](const view::Seen& seen) {
        // Objections are no protections, and have a list of their own.
        return !seen.objects() && view::passes(page->filter, seen, call.now);
    });
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
    // The version for whoever goes on from it (If-Match), and all that is shown: others' words are
    // in it, of challenges and of groups.
    response.etag = '"' + std::to_string(view.at(*slot).version()) + '-' +
                    to_hex(sha256(response.body).view().substr(0, 8)) + '"';
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
