// SPDX-License-Identifier: Apache-2.0
// POST /v1/check: one plan, or one a line. The answer is, byte for byte, what `entente check`
// prints for the same plan, moment and tree.
#include <charconv>
#include <cmath>

#include "base/limits.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "geo/box.h"
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {
namespace {

/// What stays the same over all plans of one request.
struct Asking {
    Api& api;
    const Call& call;
    std::shared_ptr<const Moment> moment;
    Metres margin;
    Instant at;
    bool from_network;
};

Result<Metres> margin_of(const std::string& text) {
    double metres = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), metres);
    const double most = static_cast<double>(limits::margin_dm_max) / 10;
    if (error != std::errc() || end != text.data() + text.size() ||
        !(metres >= 0 && metres <= most)) {
        return fail(Errc::malformed, "margin_m is 0 to 100000 metres");
    }
    return Metres{metres};
}

double box_area_km2(const geo::Box& box) {
    constexpr double radius_km = 6371.0088;
    constexpr double radians = 3.14159265358979323846 / 180 / 1e7;
    const double width = static_cast<double>(box.east - box.west) * radians;
    return radius_km * radius_km * width *
           (std::sin(box.north * radians) - std::sin(box.south * radians));
}

Result<void> within_area(const Asking& asking, const formats::Plan& plan) {
    if (!asking.from_network) return {};
    const double most = asking.api.options().limits.plan_area_km2_max;
    for (const geo::Volume4D& volume : plan.volumes) {
        if (box_area_km2(geo::bounding_box(volume.shape)) <= most) continue;
        return fail(Errc::too_large, "the box around a volume of the plan has more than " +
                                         std::to_string(std::llround(most)) +
                                         " km²; check it in parts (plan_area_km2_max)");
    }
    return {};
}

Result<check::Answer> answer_to(const Asking& asking, BytesView json) {
    thread_local index::Scratch scratch;
    TRY(plan, formats::read_plan(json));
    TRYV(within_area(asking, plan));
    const Moment& moment = *asking.moment;
    asking.api.counters().plans.fetch_add(1, std::memory_order_relaxed);
    return check::answer(moment.view, moment.state.index, scratch,
                         {std::move(plan.volumes), asking.margin}, moment.state.as_of, asking.at);
}

void add_findings(const check::Answer& answer, std::vector<RecordId>& found) {
    for (const check::Finding& finding : answer.findings) found.push_back(finding.id);
    for (const check::Finding& one : answer.objections) found.push_back(one.id);
}

Response check_one(const Asking& asking, const Request& request) {
    const auto answer = answer_to(asking, request.body);
    if (!answer) return problem(answer.error());
    std::vector<RecordId> found;
    add_findings(*answer, found);
    asking.api.note_findings(asking.call, found);
    const view::View& view = asking.moment->view;
    const bool words = accepts(request, "text/plain");
    Response response = words ? ok("text/plain; charset=utf-8", formats::answer_text(view, *answer))
                              : ok("application/json", formats::answer_json(view, *answer) + "\n");
    response.headers.emplace_back("Entente-Verdict", check::name(answer->verdict));
    return response;
}

/// A line an answer, in order; of a line that cannot be read, its number and why.
Response check_lines(const Asking& asking, BytesView body, std::uint64_t number) {
    std::string out;
    std::vector<RecordId> found;
    for (; !body.empty(); ++number) {
        const std::size_t end = std::min(body.find('\n'), body.size());
        const auto answer = answer_to(asking, body.substr(0, end));
        if (answer) {
            add_findings(*answer, found);
            formats::append_answer_json(out, asking.moment->view, *answer);
        } else {
            const std::string why = whole_characters(answer.error().detail);
            out += "{\"line\":" + std::to_string(number) +
                   ",\"error\":" + formats::quote_json(why) + "}";
        }
        out += '\n';
        body.remove_prefix(std::min(end + 1, body.size()));
    }
    asking.api.note_findings(asking.call, found);
    return ok("application/x-ndjson", std::move(out));
}

bool is_type(const std::string& content_type, std::string_view type) {
    return content_type.substr(0, content_type.find(';')) == type;
}

}  // namespace

Response check(Api& api, const Call& call) {
    const Request& request = call.request;
    if (auto known = call.target.only({"at", "margin_m", "first_line", "as"}); !known)
        return problem(known.error());
    const auto margin = call.target.has("margin_m") ? margin_of(call.target.value("margin_m"))
                                                    : Result<Metres>(Metres{0});
    if (!margin) return problem(margin.error());
    Instant at = call.now;
    if (call.target.has("at")) {
        const auto given = parse_rfc3339(call.target.value("at"));
        if (!given) return problem({given.error().code, "at: " + given.error().detail});
        at = *given;
    }
    auto moment = moment_for(api, call);
    if (!moment) return problem(moment.error());
    const Asking asking{api, call, *std::move(moment), *margin, at, request.door == Door::tcp};
    if (is_type(request.content_type, "application/x-ndjson")) {
        std::uint64_t first_line = 1;
        const std::string& text = call.target.value("first_line");
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), first_line);
        if (call.target.has("first_line") &&
            (error != std::errc() || end != text.data() + text.size())) {
            return problem(400, "malformed", "first_line: the number of the body's first line");
        }
        return check_lines(asking, request.body, first_line);
    }
    if (is_type(request.content_type, "application/geo+json") ||
        is_type(request.content_type, "application/json")) {
        return check_one(asking, request);
    }
    return problem(415, "unsupported_media_type",
                   "a plan is application/geo+json; many, one a line, are application/x-ndjson");
}

}  // namespace entente::net
