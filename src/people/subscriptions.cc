// SPDX-License-Identifier: Apache-2.0
#include "people/subscriptions.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "people/rows.h"
#include "statement/protection.h"
#include "statement/where.h"

namespace entente::people {
namespace {

std::size_t vertices(const geo::Shape& shape) {
    if (const auto* line = std::get_if<geo::Corridor>(&shape)) return line->line.size();
    const auto* area = std::get_if<geo::Area>(&shape);
    if (area == nullptr) return 1;
    std::size_t out = 0;
    for (const geo::Polygon& polygon : area->polygons) {
        out += polygon.outer.points.size();
        for (const geo::Ring& hole : polygon.holes) out += hole.points.size();
    }
    return out;
}

Result<void> few(const char* what, std::size_t count, std::size_t most, const char* limit) {
    if (count <= most) return {};
    return fail(Errc::too_large, std::string(what) + ": " + std::to_string(count) +
                                     " are more than " + std::to_string(most) + " (" + limit + ")");
}

Result<void> validate_area(const std::vector<geo::Place>& area) {
    TRYV(few("area", area.size(), limits::places_max, "places_max"));
    std::size_t points = 0;
    for (std::size_t i = 0; i < area.size(); ++i) {
        points += vertices(area[i].volume.shape);
        if (auto valid = geo::validate(area[i]); !valid) {
            return at("area[" + std::to_string(i) + "]", valid.error());
        }
    }
    return few("the points of the area", points, limits::vertices_max, "vertices_max");
}

Result<void> validate_what(const std::vector<std::string>& list) {
    const auto& known = watch::known_whats();
    for (const std::string& one : list) {
        if (std::find(known.begin(), known.end(), one) != known.end()) continue;
        std::string all;
        for (const std::string& word : known) all += (all.empty() ? "" : ", ") + word;
        return fail(Errc::malformed,
                    "`" + one.substr(0, 64) + "` is nothing one is told of; some of " + all);
    }
    return {};
}

Result<void> validate_duties(const watch::Subscription& subscription) {
    if (subscription.duties.empty()) return {};
    for (const std::string& role : subscription.duties) TRYV(check_name("duty", role));
    // Nobody signs on as the owner of the data directory, so it would tell of nothing, ever.
    if (!subscription.owner.empty()) return {};
    return fail(Errc::malformed, "duty: whose? person names who signs on to it");
}

Result<void> validate_route(const watch::Route& route) {
    if (route.kind == "board") {
        if (route.to.empty()) return {};
        return fail(Errc::malformed, "to: a board is one's own, and goes to nobody else");
    }
    if (route.kind != "webhook" && route.kind != "mail") {
        return fail(Errc::malformed, "route: one of board, webhook, mail");
    }
    constexpr std::size_t to_bytes_max = limits::url_bytes_max;
    const bool good =
        !route.to.empty() && route.to.size() <= to_bytes_max &&
        std::all_of(route.to.begin(), route.to.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (good) return {};
    return fail(Errc::malformed, "to: the address that notices go to, in at most 512 characters");
}

Result<void> validate_standing(const watch::Subscription& subscription) {
    if (!subscription.standing) return {};
    const watch::Standing& standing = *subscription.standing;
    if (standing.name.empty() || standing.name.size() > Subscriptions::name_bytes_max ||
        !is_utf8(standing.name)) {
        return fail(Errc::malformed, "name: what the question is called, in at most 256 bytes");
    }
    if (standing.text.size() > limits::text_bytes_max || !is_utf8(standing.text)) {
        return fail(Errc::malformed, "text: at most 1024 bytes of UTF-8 (text_bytes_max)");
    }
    TRYV(few("kinds", standing.kinds.size(), Subscriptions::list_max, "list_max"));
    if (!subscription.duties.empty()) {
        return fail(Errc::malformed, "duty: a standing question is asked for a person, not a desk");
    }
    const bool match_alone = subscription.what.empty() ||
                             subscription.what == std::vector<std::string>{watch::what::match};
    if (match_alone) return {};
    return fail(Errc::malformed, "what: a standing question tells of what fits it alone (match)");
}

std::string one_or_none(const std::optional<char>& letter) {
    return letter ? std::string(1, *letter) : std::string();
}

std::optional<char> letter_of(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text[0]);
}

Bytes encode_standing(const watch::Standing& standing) {
    canon::Object out;
    if (standing.window.start) out.set("from", millis(*standing.window.start));
    out.set("information", one_or_none(standing.information));
    out.set("kinds", texts(standing.kinds));
    out.set("name", standing.name);
    out.set("source", one_or_none(standing.source));
    out.set("text", standing.text);
    if (standing.window.end) out.set("until", millis(*standing.window.end));
    return canon::encode(std::move(out));
}

Result<watch::Standing> decode_standing(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    watch::Standing out;
    if (row.has("from")) out.window.start = instant(row.integer("from"));
    out.information = letter_of(row.text("information"));
    out.kinds = row.texts("kinds");
    out.name = row.text("name");
    out.source = letter_of(row.text("source"));
    out.text = row.text("text");
    if (row.has("until")) out.window.end = instant(row.integer("until"));
    TRYV(row.end("standing question"));
    return out;
}

}  // namespace

Result<void> validate(const watch::Subscription& subscription) {
    TRYV(validate_standing(subscription));
    TRYV(validate_area(subscription.area));
    constexpr std::size_t most = Subscriptions::list_max;
    TRYV(few("classes", subscription.classes.size(), most, "list_max"));
    TRYV(few("parties", subscription.parties.size(), most, "list_max"));
    TRYV(few("what", subscription.what.size(), most, "list_max"));
    TRYV(few("duty", subscription.duties.size(), most, "list_max"));
    TRYV(validate_duties(subscription));
    for (const std::string& one : subscription.classes) TRYV(statement::parse_class(one));
    TRYV(validate_what(subscription.what));
    return validate_route(subscription.route);
}

Bytes encode(const watch::Subscription& subscription) {
    canon::Object out;
    std::vector<std::string> parties;
    for (const PartyId& party : subscription.parties) parties.push_back(party.v);
    out.set("area", statement::encode_where(subscription.area));
    out.set("classes", texts(subscription.classes));
    if (!subscription.duties.empty()) out.set("duty", texts(subscription.duties));
    out.set("id", subscription.id);
    out.set("made", millis(subscription.made));
    out.set("owner", subscription.owner);
    out.set("parties", texts(parties));
    out.set("route", subscription.route.kind);
    out.set("secret", to_base64url(subscription.secret));
    if (subscription.standing) out.set("standing", encode_standing(*subscription.standing));
    out.set("to", subscription.route.to);
    out.set("what", texts(subscription.what));
    return canon::encode(std::move(out));
}

Result<watch::Subscription> decode_subscription(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    watch::Subscription out;
    canon::Array area;
    for (canon::Object& one : row.objects("area")) area.emplace_back(std::move(one));
    out.classes = row.texts("classes");
    if (row.has("duty")) out.duties = row.texts("duty");
    out.id = row.text("id");
    out.made = instant(row.integer("made"));
    out.owner = row.text("owner");
    const std::vector<std::string> parties = row.texts("parties");
    out.route.kind = row.text("route");
    out.secret = row.base64("secret");
    std::string standing;
    if (row.has("standing")) standing = row.text("standing");
    out.route.to = row.text("to");
    out.what = row.texts("what");
    TRYV(row.end("subscription"));
    if (!standing.empty()) {
        TRY(question, decode_standing(standing));
        out.standing = std::move(question);
    }
    for (const std::string& one : parties) {
        TRY(party, PartyId::parse(one));
        out.parties.push_back(std::move(party));
    }
    if (!area.empty()) {
        TRY(places, statement::decode_where(area));
        out.area = std::move(places);
    }
    TRYV(validate_area(out.area));  // what a Matcher takes for granted
    return out;
}

Result<Subscriptions> Subscriptions::load(Store& store) {
    Subscriptions out(store);
    TRYV(store.scan([&](Table table, const std::string& key, const Bytes& bytes) -> Result<void> {
        if (table != Table::subscription) return {};
        auto read = decode_subscription(bytes);
        if (!read) return at("subscription " + key, read.error());
        out.all_.emplace(key, std::make_shared<const watch::Matcher>(std::move(*read)));
        return {};
    }));
    return out;
}

Result<void> Subscriptions::add(watch::Subscription subscription, const By& by) {
    TRYV(validate(subscription));
    TRYV(few("subscriptions", all_.size() + 1, all_max, "all_max"));
    const auto theirs = std::count_if(all_.begin(), all_.end(), [&](const auto& one) {
        return one.second->subscription().owner == subscription.owner;
    });
    TRYV(few("subscriptions of one person", static_cast<std::size_t>(theirs) + 1, person_max,
             "person_max"));
    if (all_.contains(subscription.id)) return fail(Errc::refused, "there is one of this id");
    std::string what = subscription.id + " " + subscription.route.kind;
    // What it looks for is what is read by it.
    if (subscription.standing) what += " " + subscription.standing->text;
    TRYV(store_->commit({{Table::subscription, subscription.id, encode(subscription)}},
                        {made_by(by, "subscribed", what)}));
    std::string id = subscription.id;
    all_.emplace(std::move(id), std::make_shared<const watch::Matcher>(std::move(subscription)));
    return {};
}

Result<void> Subscriptions::note(const std::string& act, const std::string& what, const By& by) {
    return store_->commit({}, {made_by(by, act, what)});
}

Result<void> Subscriptions::remove(const std::string& id, const By& by) {
    if (!all_.contains(id)) return fail(Errc::not_found, "there is no subscription " + id);
    TRYV(store_->commit({{Table::subscription, id, {}}}, {made_by(by, "unsubscribed", id)}));
    all_.erase(id);
    return {};
}

}  // namespace entente::people
