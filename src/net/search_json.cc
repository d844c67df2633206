// SPDX-License-Identifier: Apache-2.0
#include "net/search_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/limits.h"
#include "formats/geojson.h"
#include "statement/protection.h"

namespace entente::net {
namespace {

/// Metres as they were written, rounded outward to decimetres.
Result<std::optional<Decimetres>> margin_of(const Body& body) {
    const formats::Json* member = body.member("margin_m");
    if (member == nullptr) return std::optional<Decimetres>();
    double v = -1;
    if (member->is(formats::JsonKind::number)) {
        const std::string& text = member->text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
        if (error != std::errc() || end != text.data() + text.size()) v = -1;
    }
    if (!(v >= 0 && v <= static_cast<double>(limits::margin_dm_max) / 10)) {
        return fail(Errc::malformed, "margin_m is 0 to 100000 metres");
    }
    return std::optional(Decimetres{static_cast<std::int64_t>(std::ceil(v * 10))});
}

Result<std::optional<Instant>> time_in(const Body& body, const char* key) {
    TRY(text, body.text_or_none(key));
    if (text.empty()) return std::optional<Instant>();
    auto time = parse_rfc3339(text);
    if (!time) return at(key, time.error());
    return std::optional(*time);
}

}  // namespace

Result<std::vector<std::string>> texts_or_none(const Body& body, const char* key) {
    if (!body.has(key)) return std::vector<std::string>();
    return body.texts(key);
}

Result<AreaRead> area_in(const Body& body, bool timeless) {
    AreaRead out;
    TRY(margin, margin_of(body));
    const formats::Json* area = body.member("area");
    if (area == nullptr) {
        if (!margin) return out;
        return fail(Errc::malformed, "margin_m: around what? there is no area");
    }
    auto plan = formats::read_plan(*area);
    if (!plan) return at("area", plan.error());
    if (plan->volumes.size() > limits::places_max) {
        return fail(Errc::too_large, "area: more than " + std::to_string(limits::places_max) +
                                         " volumes (places_max)");
    }
    for (geo::Volume4D& volume : plan->volumes) {
        if (timeless && (volume.window.start || volume.window.end)) {
            return fail(Errc::malformed, "area: when is said beside it, by `from` and `until`");
        }
        out.area.push_back({std::move(volume), margin, {}});
    }
    out.ignored = std::move(plan->ignored);
    return out;
}

Result<std::vector<std::string>> classes_in(const Body& body) {
    TRY(classes, texts_or_none(body, "classes"));
    for (const std::string& one : classes) TRYV(statement::parse_class(one));
    return classes;
}

Result<std::vector<PartyId>> parties_named(const Body& body, const view::View& view) {
    TRY(parties, texts_or_none(body, "parties"));
    std::vector<PartyId> out;
    for (const std::string& one : parties) {
        TRY(party, PartyId::parse(one));
        if (view.charter().party(party) == nullptr) {
            return fail(Errc::malformed, "parties: the charter has no party " + party.v);
        }
        out.push_back(std::move(party));
    }
    return out;
}

Result<std::vector<std::string>> kinds_in(const Body& body) {
    TRY(kinds, texts_or_none(body, "kinds"));
    const auto& known = watch::kinds_compared();
    for (const std::string& one : kinds) {
        if (std::find(known.begin(), known.end(), one) != known.end()) continue;
        std::string all;
        for (const std::string& kind : known) all += (all.empty() ? "" : ", ") + kind;
        return fail(Errc::malformed,
                    "kinds: '" + one.substr(0, 40) + "' is not searched; some of " + all);
    }
    return kinds;
}

Result<geo::Window> window_in(const Body& body) {
    TRY(from, time_in(body, "from"));
    TRY(until, time_in(body, "until"));
    if (from && until && *until <= *from) {
        return fail(Errc::malformed, "until: it is not after `from`");
    }
    return geo::Window{from, until};
}

Result<std::optional<char>> at_least_in(const Body& body, const char* key) {
    TRY(text, body.text_or_none(key));
    if (text.empty()) return std::optional<char>();
    const bool source = std::string_view(key) == "source";
    const char least = source ? 'A' : '1', most = source ? 'E' : '5';
    if (text.size() == 1 && text[0] >= least && text[0] <= most) return std::optional(text[0]);
    return fail(Errc::malformed,
                source ? "source: A to E, at least so reliable; what cannot be judged (F) is "
                         "counted apart"
                       : "information: 1 to 5, at least so credible; what cannot be judged (6) is "
                         "counted apart");
}

}  // namespace entente::net
