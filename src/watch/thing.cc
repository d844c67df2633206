// SPDX-License-Identifier: Apache-2.0
#include "watch/thing.h"

#include <algorithm>

#include "base/assert.h"
#include "geo/distance.h"
#include "statement/said_codec.h"
#include "view/anywhere.h"
#include "view/gist.h"
#include "view/listed.h"

namespace entente::watch {
namespace {

/// Collects what people wrote, and passes over the rest.
class Texts final : public statement::Members {
  public:
    explicit Texts(Reading reading) : reading_(reading) {}
    std::vector<std::string> found;

    void line(const char* key, std::string& text, statement::Need) override { note(key, text); }
    void lines(const char* key, std::string& text, std::size_t, statement::Need) override {
        note(key, text);
    }
    void number(const char*, std::optional<std::int64_t>&) override {}
    void flag(const char*, bool&) override {}
    void time(const char*, std::optional<Instant>&) override {}
    void grade(const char*, std::optional<statement::Grade>&) override {}
    void record(const char*, std::optional<RecordId>&) override {}
    void leaf(const char*, std::optional<Hash>&) override {}
    void party(const char*, std::optional<PartyId>&) override {}
    void places(const char*, std::vector<geo::Place>&, std::size_t) override {}

  protected:
    void word_index(const char*, std::size_t&, const statement::Words&) override {}
    void texts(const char*, std::size_t, const Members::Texts&) override {}
    void items(const char* key, std::size_t, const Items& items) override {
        if (!shown(key)) return;
        ++depth_;
        for (std::size_t i = 0; i < items.size(); ++i) items.each(*this, i);
        --depth_;
    }
    bool object(const char* key, bool there,
                const std::function<void(statement::Members&)>& use) override {
        if (!there || !shown(key)) return there;
        ++depth_;
        use(*this);
        --depth_;
        return there;
    }

  private:
    bool shown(const std::string& key) const {
        return reading_ == Reading::exact || depth_ > 0 || !view::not_listed().contains(key);
    }
    void note(const std::string& key, const std::string& text) {
        const bool code = key == "language" || key == "script";
        if (!code && !text.empty() && shown(key)) found.push_back(text);
    }

    Reading reading_;
    int depth_ = 0;  // within a member
};

void add_texts(const statement::Protection& said, std::vector<std::string>& out) {
    const auto add = [&](const std::string& text) {
        if (!text.empty()) out.push_back(text);
    };
    for (const statement::Name& name : said.names) add(name.text);
    add(said.ref);
    add(said.source);
    add(said.contact);
    for (const auto& [key, text] : said.texts) add(text);
    for (const statement::Leg& leg : said.legs) {
        add(leg.from);
        add(leg.to);
    }
    for (const statement::Vehicle& one : said.vehicles) {
        for (const std::string* text :
             {&one.callsign, &one.type, &one.colour, &one.plate, &one.marking}) {
            add(*text);
        }
    }
    if (said.objection) add(said.objection->grounds);
    if (said.stop) {
        add(said.stop->text);
        for (const std::string& desk : said.stop->desks) add(desk);
    }
}

const char* kind_of(const view::Seen& seen) {
    if (seen.stops()) return statement::stop_kind;
    if (seen.objects()) return statement::objection_kind;
    if (seen.is_presence()) return statement::presence_kind;
    return seen.moves() ? statement::movement_kind : statement::protection_kind;
}

const char* kind_of(const view::SeenStatement& seen) {
    for (const std::string& one : kinds_compared()) {
        if (one == seen.kind()) return one.c_str();
    }
    ASSERT(false);  // is_statement
}

std::vector<Spot> spots_of(const view::Gist& gist) {
    std::vector<Spot> out;
    for (const view::GistPlace& place : gist.places) {
        Spot spot{place.volume, place.reach};
        const auto* area = std::get_if<geo::Area>(&spot.volume.shape);
        if (area != nullptr && !gist.exactly) spot.volume.shape = circle_around(*area);
        out.push_back(std::move(spot));
    }
    return out;
}

}  // namespace

const std::vector<std::string>& kinds_compared() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out{statement::protection_kind, statement::movement_kind,
                                     statement::objection_kind, statement::stop_kind,
                                     statement::presence_kind};
        for (const char* one : statement::dealing_kinds()) {
            if (statement::has_members(one)) out.emplace_back(one);
        }
        return out;
    }();
    return all;
}

geo::Shape circle_around(const geo::Area& area) {
    constexpr double small = 20'000;           // metres
    constexpr double share = 1.01, more = 10;  // edges are straight in longitude and latitude
    const geo::LatLng centre = geo::Prepared(area).center();
    double radius = 0;
    for (const geo::Polygon& polygon : area.polygons) {
        if (polygon.outer.pole != geo::Pole::none || polygon.outer.points.size() > 8) return area;
        for (const geo::LatLng& point : polygon.outer.points) {
            radius = std::max(radius, geo::geodesic(centre, point).v);
        }
    }
    radius = radius * share + more;
    if (radius > small) return area;
    return geo::Circle{centre, Decimetres{static_cast<std::int64_t>(radius * 10) + 1}};
}

Thing record_thing(const registry::Snapshot& snapshot, view::Slot slot, const Looking& looking,
                   Instant now) {
    const view::Seen seen(snapshot, slot, looking.depth);
    Thing out;
    out.id = seen.id();
    out.kind = kind_of(seen);
    out.party = seen.party();
    out.time = seen.history().back().time;
    out.withdrawn = seen.state(now) == view::State::withdrawn;
    const registry::Version& newest = snapshot.at(slot).newest();
    out.may_end = newest.until != registry::never || !newest.ended_by.empty() || newest.restated ||
                  newest.places.empty();
    out.has_class = !seen.objects();
    const std::string name = seen.class_name();
    if (out.has_class && statement::parse_class(name)) out.classes.push_back(name);
    out.spots = spots_of(view::gist(seen));
    statement::Protection room;
    const view::Seen listed(snapshot, slot, view::Depth::coarse);
    const statement::Protection* said =
        looking.reading == Reading::exact ? seen.protection() : listed.listed(room);
    if (said != nullptr)
        add_texts(*said, out.texts);
    else if (!seen.contact().empty())
        out.texts.push_back(seen.contact());
    return out;
}

Thing statement_thing(const registry::Snapshot& snapshot, view::DealingSlot slot,
                      const Looking& looking) {
    const view::SeenStatement seen(snapshot, slot);
    Thing out;
    out.id = seen.id();
    out.kind = kind_of(seen);
    out.party = seen.party();
    out.time = seen.dealing().versions.back().time;
    out.withdrawn = seen.withdrawn();
    const view::Gist gist = view::gist(seen, looking.depth);
    out.window = gist.window;
    out.grade = gist.grade;
    if (!view::was_anywhere(seen)) out.spots = spots_of(gist);
    Texts texts(looking.reading);
    if (const statement::Dealt* said = seen.said()) {
        statement::walk_of (*said)(texts);
        const auto* incident = std::get_if<statement::Incident>(said);
        if (incident != nullptr && looking.reading == Reading::exact) {
            for (const statement::Affected& object : incident->objects) {
                if (!object.what.empty()) out.classes.push_back(object.what);
            }
            out.has_class = !out.classes.empty();
        }
    }
    const registry::DealingVersion* shown = seen.shown();
    if (shown != nullptr && shown->tear) statement::walk_of (*shown->tear)(texts);
    out.texts = std::move(texts.found);
    return out;
}

}  // namespace entente::watch
