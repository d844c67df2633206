// SPDX-License-Identifier: Apache-2.0
// A register of `un`, which has the log of `fr` beside its own, full of things to be found, for
// tests. Included by tests only.
#pragma once

#include "base/random.h"
#include "registry/exchange_for_test.h"
#include "view/statement.h"

namespace entente::view::test {

using registry::Understood;
using registry::test::noon;

inline const char* const some_words[] = {
    "hospital", "Hôpital", "мост",   "school", "Kunduz", "Кундуз", "قندوز", "مستشفى",
    "北京",     "医院",    "bridge", "bri",    "convoy", "grid",   "βόμβα", "בית"};

/// One statement or protection of somebody's, in one version.
struct Tale {
    bool own = false;
    int number = 0;
    std::uint32_t version = 1;
};

class World {
  public:
    explicit World(std::uint64_t seed) : rng_(seed) {}

    const registry::Snapshot& snapshot() { return exchange_.settled(); }
    Rng& rng() { return rng_; }

    std::string text() {
        std::string out;
        for (std::uint64_t n = 1 + rng_.below(4); n > 0; --n) {
            out += std::string(out.empty() ? "" : " ") + some_words[rng_.below(16)];
        }
        return out;
    }
    geo::Place place() {
        geo::Place out;
        const auto lat = static_cast<std::int32_t>(rng_.between(-2e7, 2e7));
        const auto lng = static_cast<std::int64_t>(rng_.between(-2e7, 2e7));
        out.volume.shape = geo::Circle{{lat, lng}, {static_cast<std::int64_t>(rng_.below(30'000))}};
        if (rng_.below(4) == 0) {
            const std::int32_t d = 50'000;
            out.volume.shape = geo::Area{
                {{{{{lat, lng}, {lat, lng + d}, {lat + d, lng + d}}, geo::Pole::none}, {}}}};
        }
        if (rng_.below(2) == 0) out.volume.window = window();
        if (rng_.below(2) == 0) out.accuracy = Decimetres{1000};
        return out;
    }
    geo::Window window() {
        const Instant begin = noon + std::chrono::minutes(rng_.below(600));
        geo::Window out{begin, begin + std::chrono::minutes(1 + rng_.below(200))};
        if (rng_.below(5) == 0) out.start.reset();
        if (rng_.below(5) == 0) out.end.reset();
        return out;
    }
    std::vector<geo::Place> places() {
        std::vector<geo::Place> out;
        for (std::uint64_t n = rng_.below(3); n > 0; --n) out.push_back(place());
        return out;
    }
    statement::Grade grade() {
        return {static_cast<char>('A' + rng_.below(6)), static_cast<char>('1' + rng_.below(6))};
    }

    statement::Dealt statement() {
        if (rng_.below(3) == 0) {
            statement::Incident one;
            one.sort = text();
            one.text = text();
            one.from = noon + std::chrono::minutes(rng_.below(600));
            one.until = *one.from + std::chrono::minutes(1 + rng_.below(100));
            one.volumes = places();
            one.contact = "desk";
            if (rng_.below(2) == 0) one.grade = grade();
            if (rng_.below(2) == 0)
                one.objects = {{{}, text(), rng_.below(2) ? "hospital" : "barn"}};
            return one;
        }
        if (rng_.below(4) == 0) {
            statement::Group one;
            one.names = {{text(), "en", ""}};
            one.text = text();
            one.contact = "desk";
            return one;
        }
        statement::Report one;
        one.topic = text();
        one.text = text();
        one.volumes = places();
        if (rng_.below(2) == 0) {
            const geo::Window when = window();
            one.from = when.start;
            one.until = when.end;
        }
        one.grade = grade();
        one.sources = {{statement::SourceKind::media, text(), {}, {}}};
        one.contact = "desk";
        return one;
    }

    /// Says something more, or something again.
    void go_on() {
        if (rng_.below(3) == 0) {
            say_protection();
            return;
        }
        const bool again = !said_.empty() && rng_.below(4) == 0;
        if (!again) said_.push_back({rng_.below(2) == 0, next_++, 0});
        Tale& of = said_[again ? rng_.below(said_.size()) : said_.size() - 1];
        ++of.version;
        const bool withdraws = of.version > 1 && rng_.below(4) == 0;
        if (of.version == 1) kinds_[of.number] = statement();
        statement::Dealt what = kinds_[of.number];
        if (of.version > 1) {
            // Its kind stays.
            do what = statement();
            while (what.index() != kinds_[of.number].index());
        }
        say(of, std::move(what), withdraws, rng_.below(8) == 0);
    }

    void say(const Tale& of, statement::Dealt what, bool withdraws = false, bool torn = false) {
        registry::test::Teller& by = of.own ? exchange_.un() : exchange_.fr();
        Understood out;
        out.position = by.position(std::to_string(of.number) + "/" + std::to_string(of.version));
        out.head.emplace();
        out.head->secret = sha256("statement " + std::to_string(of.number));
        const RecordId id = statement::record_id(by.origin(), out.head->secret);
        out.head->keys = {"joint", by.origin(), id, of.version};
        out.head->kind = kind_of(what);
        out.head->act = withdraws ? "withdraw" : of.version == 1 ? "add" : "amend";
        out.head->protects = false;
        out.head->time = noon + std::chrono::seconds(rng_.below(40));
        out.opened = withdraws ? 1 : 5;
        const bool tears = torn && statement::tears(kind_of(what));
        if (tears && !withdraws) {
            out.tear = std::make_shared<const statement::Tear>(
                statement::tear(statement::tear_of(what), text(), {}));
            out.opened = 3;
        } else if (!withdraws) {
            out.dealt = std::make_shared<const statement::Dealt>(std::move(what));
        }
        heard_.push_back({of.own, out});
        apply(of.own, out);
    }

    void say_protection() {
        const bool own = rng_.below(2) == 0;
        registry::test::Said said;
        said.record = protections_++;
        said.class_name = rng_.below(3) == 0 ? "school" : rng_.below(6) == 0 ? "zoo" : "hospital";
        said.time = noon + std::chrono::seconds(rng_.below(40));
        said.where = std::vector<geo::Place>{place()};
        if (rng_.below(4) == 0) said.where->push_back(place());
        registry::test::Teller& by = own ? exchange_.un() : exchange_.fr();
        Understood out = by.make(said).open(own || rng_.below(2) == 0 ? 7 : 3);
        if (out.content) {
            registry::Content content = *out.content;
            content.protection.names = {{text(), "", ""}};
            content.protection.texts["note"] = text();
            out.content = std::make_shared<const registry::Content>(std::move(content));
        }
        heard_.push_back({own, out});
        apply(own, out);
        if (own && rng_.below(6) == 0) {
            said.act = "withdraw";
            said.version = 2;
            said.approvals = "o";
            apply(own, by.make(said).open());
        }
    }

    /// A body of something that was said is closed, as by a recall.
    void close_something() {
        if (heard_.empty()) return;
        const std::size_t which = rng_.below(heard_.size());
        auto& [own, said] = heard_[which];
        if (own) return;
        Understood shut = said;
        shut.closed = static_cast<std::uint8_t>(shut.opened & 6);
        shut.opened = 1;
        shut.content.reset();
        shut.coarse.reset();
        shut.dealt.reset();
        shut.tear.reset();
        apply(own, shut);
        heard_.erase(heard_.begin() + static_cast<std::ptrdiff_t>(which));
    }

  private:
    void apply(bool own, const Understood& said) {
        exchange_.registry().apply(own ? 0 : exchange_.log(), said);
    }

    Rng rng_;
    registry::test::Exchange exchange_;
    std::vector<Tale> said_;
    std::map<int, statement::Dealt> kinds_;
    std::vector<std::pair<bool, Understood>> heard_;
    int next_ = 1'000;
    int protections_ = 0;
};

}  // namespace entente::view::test
