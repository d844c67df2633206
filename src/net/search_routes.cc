// SPDX-License-Identifier: Apache-2.0
// POST /v1/search: everything that one may see, by words, area, time and what else is asked
// (doc/protocol/search.md). Who may not read records exactly is answered by what lists show, counts
// too; others' exact places are compared, and given, by nobody in bulk.
#include <charconv>

#include "formats/found.h"
#include "net/api.h"
#include "net/problem.h"
#include "net/search_json.h"

namespace entente::net {
namespace {

using watch::Looking;
using watch::Match;

constexpr std::size_t limit_default = 100;
constexpr std::size_t limit_max = 1000;  // page_limit_max

enum class Form : std::uint8_t { json, geojson, csv };

struct Wish {
    std::string text;
    watch::Question question;
    search::Paging paging;
    Form form = Form::json;
    std::vector<std::string> ignored;
};

Looking looking_of(const Who& who) {
    return {who.may(Right::read_exact) ? watch::Reading::exact : watch::Reading::listed,
            who.may(Right::list_exact) ? view::Depth::exact : view::Depth::coarse};
}

std::string text_of(const search::Mark& mark) {
    return std::to_string(millis(mark.time)) + "." + mark.id.text() + (mark.record ? ".r" : ".s");
}

Result<search::Mark> parse_mark(const std::string& text) {
    const auto wrong = [] { return fail(Errc::malformed, "cursor: `next` of the page before"); };
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    const std::string rest = text.substr(static_cast<std::size_t>(end - text.data()));
    constexpr std::size_t id_size = 16;
    if (error != std::errc() || rest.size() != id_size + 3 || rest[0] != '.') return wrong();
    const auto id = RecordId::parse(rest.substr(1, id_size));
    const std::string side = rest.substr(1 + id_size);
    if (!id || (side != ".r" && side != ".s")) return wrong();
    return search::Mark{instant(ms), *id, side == ".r"};
}

Result<Match> which_of(const std::string& text) {
    if (text.empty() || text == "fitting") return Match::yes;
    if (text == "no_place") return Match::no_place;
    if (text == "no_grade") return Match::no_grade;
    return fail(Errc::malformed, "which: one of fitting, no_place, no_grade");
}

Result<Form> form_of(const std::string& text) {
    if (text.empty() || text == "json") return Form::json;
    if (text == "geojson") return Form::geojson;
    if (text == "csv") return Form::csv;
    return fail(Errc::malformed, "format: one of json, geojson, csv");
}

Result<std::size_t> limit_in(const Body& body) {
    const formats::Json* member = body.member("limit");
    if (member == nullptr) return limit_default;
    std::size_t out = 0;
    if (member->is(formats::JsonKind::number)) {
        const std::string& text = member->text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (error != std::errc() || end != text.data() + text.size()) out = 0;
    }
    if (out >= 1 && out <= limit_max) return out;
    return fail(Errc::malformed, "limit: a whole number from 1 to 1000");
}

Result<Wish> wish_of(const Call& call, const view::View& view) {
    TRYV(call.target.only({}));
    TRY(body, Body::read(call.request, {"text", "area", "margin_m", "from", "until", "kinds",
                                        "classes", "parties", "source", "information", "withdrawn",
                                        "which", "limit", "cursor", "format"}));
    Wish out;
    TRY(text, body.text_or_none("text"));
    constexpr std::size_t text_max = limits::text_bytes_max;
    if (text.size() > text_max) {
        return fail(Errc::too_large, "text: more than 1024 bytes (text_bytes_max)");
    }
    TRY(area, area_in(body, true));
    TRY(window, window_in(body));
    TRY(kinds, kinds_in(body));
    TRY(classes, classes_in(body));
    TRY(parties, parties_named(body, view));
    TRY(source, at_least_in(body, "source"));
    TRY(information, at_least_in(body, "information"));
    TRY(withdrawn, body.boolean("withdrawn"));
    TRY(which_text, body.text_or_none("which"));
    TRY(which, which_of(which_text));
    TRY(limit, limit_in(body));
    TRY(cursor, body.text_or_none("cursor"));
    TRY(form_text, body.text_or_none("format"));
    TRY(form, form_of(form_text));
    out.text = std::move(text);
    out.question = {{},
                    std::move(area.area),
                    window,
                    std::move(kinds),
                    std::move(classes),
                    std::move(parties),
                    source,
                    information,
                    withdrawn.value_or(false)};
    out.paging = {which, limit, {}};
    if (!cursor.empty()) {
        TRY(after, parse_mark(cursor));
        out.paging.after = after;
    }
    out.form = form;
    out.ignored = std::move(area.ignored);
    return out;
}

std::vector<formats::FoundThing> things(const SearchDesk::Answer& answer, view::Depth depth,
                                        Instant now) {
    const registry::Snapshot& snapshot = answer.moment->state.snapshot;
    std::vector<formats::FoundThing> out;
    for (const search::Hit& hit : answer.found.hits) {
        out.push_back(hit.mark.record
                          ? formats::found_thing(view::Seen(snapshot, hit.slot, depth), now)
                          : formats::found_thing(view::SeenStatement(snapshot, hit.slot), depth));
    }
    return out;
}

/// Whether bodies decided what was found: then the count alone says something of them.
bool by_bodies(const Wish& wish, const Looking& looking) {
    const watch::Question& asked = wish.question;
    const bool asks =
        !wish.text.empty() || !asked.classes.empty() || asked.source || asked.information;
    return asks && looking.reading == watch::Reading::exact;
}

/// Which of them were read exactly: as what fits, or as places and words of one's own that are
/// shown.
std::vector<RecordId> read_exactly(const std::vector<formats::FoundThing>& all, const Wish& wish,
                                   const Looking& looking) {
    std::vector<RecordId> out;
    for (const formats::FoundThing& one : all) {
        const bool places = one.gist.exactly && !one.gist.places.empty();
        const bool shown = wish.form != Form::json && (places || one.said != nullptr);
        if (by_bodies(wish, looking) || shown) out.push_back(one.id);
    }
    return out;
}

void standing_members(formats::JsonOut& out, const SearchDesk::Answer& answer,
                      const Looking& looking) {
    const search::Found& found = answer.found;
    out.name("next");
    found.more ? out.value(text_of(found.hits.back().mark)) : out.null();
    out.member("total", found.total);
    out.member("no_place", found.no_place);
    out.member("no_grade", found.no_grade);
    out.member("complete", answer.progress.whole());
    out.member("indexed", std::uint64_t{answer.progress.done});
    out.member("of", std::uint64_t{answer.progress.all});
    out.member("reading", looking.reading == watch::Reading::exact ? "exact" : "listed");
}

std::string json(const std::vector<formats::FoundThing>& all, const SearchDesk::Answer& answer,
                 const Wish& wish, const Looking& looking) {
    formats::JsonOut out;
    out.object([&] {
        if (wish.form == Form::geojson) out.member("type", "FeatureCollection");
        out.name(wish.form == Form::geojson ? "features" : "hits");
        out.array([&] {
            for (const formats::FoundThing& one : all) {
                if (wish.form == Form::geojson) {
                    out.raw("\n" + formats::found_feature(one));
                } else {
                    out.object([&] { formats::found_members(out, one); });
                }
            }
        });
        standing_members(out, answer, looking);
        out.name("ignored");
        out.array([&] {
            for (const std::string& one : wish.ignored) out.value(one);
        });
    });
    return std::move(out).text() + "\n";
}

Response in_form(const std::vector<formats::FoundThing>& all, const SearchDesk::Answer& answer,
                 const Wish& wish, const Looking& looking) {
    Response out;
    if (wish.form == Form::csv) {
        std::string text = wish.paging.after ? "" : formats::found_heading();
        for (const formats::FoundThing& one : all) text += formats::found_line(one);
        out = ok("text/csv; charset=utf-8", std::move(text));
    } else {
        out = ok(wish.form == Form::geojson ? "application/geo+json" : "application/json",
                 json(all, answer, wish, looking));
    }
    const search::Found& found = answer.found;
    out.headers.emplace_back("Entente-Shown", std::to_string(found.hits.size()));
    out.headers.emplace_back("Entente-Total", std::to_string(found.total));
    out.headers.emplace_back("Entente-No-Place", std::to_string(found.no_place));
    out.headers.emplace_back("Entente-No-Grade", std::to_string(found.no_grade));
    out.headers.emplace_back("Entente-Complete", answer.progress.whole() ? "yes" : "no");
    if (found.more) out.headers.emplace_back("Entente-Next", text_of(found.hits.back().mark));
    return out;
}

}  // namespace

Response search(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    auto wish = wish_of(call, api.desk().moment()->view);
    if (!wish) return problem(wish.error());
    const Looking looking = looking_of(call.who);
    const auto answer =
        api.searches().find(wish->question, wish->text, looking, wish->paging, call.now);
    if (!answer) return problem(answer.error());
    const auto all = things(*answer, looking.depth, call.now);
    const auto exact = read_exactly(all, *wish, looking);
    if (!exact.empty() || by_bodies(*wish, looking)) {
        const char* act = wish->form == Form::json ? "search" : "export";
        if (auto refused = api.audited(call, act, exact, wish->text)) return std::move(*refused);
    }
    return in_form(all, *answer, *wish, looking);
}

}  // namespace entente::net
