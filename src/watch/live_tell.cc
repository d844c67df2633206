// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/encode.h"
#include "base/sha256.h"
#include "watch/live_state.h"

namespace entente::watch {
namespace {

AlertKind kind_of(Fact::Kind kind) {
    switch (kind) {
        case Fact::Kind::entered: return AlertKind::entered;
        case Fact::Kind::found_inside: return AlertKind::found_inside;
        case Fact::Kind::left: return AlertKind::left;
        case Fact::Kind::lost: return AlertKind::lost;
    }
    return AlertKind::lost;
}

/// 80 bits in 16 characters, as records have.
std::string id_from(const std::string& said) {
    const Hash hash = sha256(said);
    return to_base32(hash.view().substr(0, 10));
}

}  // namespace

Share Live::State::share_of(Subject subject, Asked protections) const {
    if (of_zone(subject)) {
        const Boundary& boundary = subjects[subject];
        const auto of = boundary.leaf.empty() ? Share::Of::zones_of_files : Share::Of::zones;
        return {boundary.party, of};
    }
    Whose whose;
    if (of_many(subject)) {
        const Many what = what_of(subject);
        whose = {parties[party_of(subject)], what == Many::over_budget};
        if (what == Many::zones) return {parties[party_of(subject)], Share::Of::zones};
    } else if (protections && protections->whose) {
        whose = protections->whose(subject & ~protection_bit);
    }
    const auto of = whose.over_budget ? Share::Of::over_budget : Share::Of::protections;
    return {std::string(whose.party), of};
}

/// What of it is not told of its subject.
void Live::State::finish(const Key& key, const Track& track, std::int64_t since, Alert& out) const {
    std::tie(out.by, out.track) = key;
    out.craft = track.craft;
    out.newest = track.window.spots().back().fixes.back();
    // Lengths before texts, so that no two lists of texts are one.
    std::string said = "entente/alert/v1\n" + std::string(name(out.kind)) + "\n" +
                       std::to_string(millis(out.time)) + "\n" + std::to_string(since) + "\n";
    for (const std::string* text :
         {&out.by, &out.track, &out.party, &out.zone, &out.version, &out.record}) {
        said += std::to_string(text->size()) + ":" + *text;
    }
    if (!out.leaf.empty()) said += "leaf:" + out.leaf;
    if (!out.more.empty()) said += "more:" + out.more;
    out.id = id_from(said);
}

Alert Live::State::alert(const Key& key, const Track& track, Subject subject, AlertKind kind,
                         Instant time, std::int64_t since, Asked protections) const {
    Alert out;
    out.kind = kind;
    out.time = time;
    out.share = share_of(subject, protections);
    if (of_zone(subject)) {
        const Boundary& boundary = subjects[subject];
        out.party = boundary.party;
        out.zone = boundary.id;
        out.version = boundary.version;
        out.name = boundary.name;
        out.leaf = boundary.leaf;
    } else if (of_many(subject)) {
        out.party = out.share.party;
        switch (what_of(subject)) {
            case Many::protections: out.more = many; break;
            case Many::over_budget: out.more = many_over_budget; break;
            case Many::zones: out.more = many_zones; break;
        }
    } else if (protections) {
        out.record = protections->id(subject & ~protection_bit);
    }
    finish(key, track, since, out);
    return out;
}

bool Live::State::may_tell(const Key& key, const Track& track, Subject subject, Asked protections,
                           std::vector<Alert>& out) {
    Share share = share_of(subject, protections);
    Spent& of = spent[share];
    if (of.alerts < alerts_of_share_max) {
        ++of.alerts;
        return true;
    }
    // A track is worked off to its end before the next is.
    if (std::exchange(of.beyond, &track) != &track) of.of_it = 0;
    if (++of.of_it == 2) {
        Alert rest;
        rest.kind = AlertKind::untold;
        rest.party = share.party;
        rest.more = many_alerts;
        rest.share = std::move(share);
        rest.time = track.window.spots().back().time();
        finish(key, track, 0, rest);
        out.push_back(std::move(rest));
    }
    return of.of_it == 1;
}

Alert Live::State::alert(const Key& key, const Track& track, const Fact& fact,
                         Asked protections) const {
    Alert out = alert(key, track, fact.subject, kind_of(fact.kind), fact.time, millis(fact.since),
                      protections);
    out.begun_before = fact.begun_before;
    if (fact.kind == Fact::Kind::left || fact.kind == Fact::Kind::lost) {
        out.inside = fact.time - fact.since;
    }
    return out;
}

void Live::State::tell(const Key& key, Track& track, Asked protections, std::vector<Alert>& out) {
    const LiveWindow::News news = track.window.settle(track.silent);
    const auto taken_back = [&](const std::string& id) {
        return std::find_if(track.taken_back.begin(), track.taken_back.end(),
                            [&](const TakenBack& one) { return one.id == id; });
    };
    // By its plain id is known how often it was taken back; it is told by one of its own each time.
    const auto id_of = [&](const std::string& plain) {
        const auto at = taken_back(plain);
        return at == track.taken_back.end()
                   ? plain
                   : id_from("again\n" + plain + "\n" + std::to_string(at->times));
    };
    for (const Fact& fact : news.wrong) {
        if (!may_tell(key, track, fact.subject, protections, out)) continue;
        Alert one = alert(key, track, fact, protections);
        const std::string plain = one.id;
        one.corrects = id_of(plain);
        one.id = id_from("corrected\n" + one.corrects);
        one.kind = AlertKind::corrected;
        out.push_back(std::move(one));
        if (const auto at = taken_back(plain); at != track.taken_back.end()) {
            ++at->times;
        } else {
            if (track.taken_back.size() == taken_back_max) track.taken_back.pop_front();
            track.taken_back.push_back({plain, 1});
        }
    }
    for (const Fact& fact : news.facts) {
        if (!may_tell(key, track, fact.subject, protections, out)) continue;
        Alert one = alert(key, track, fact, protections);
        one.id = id_of(one.id);
        out.push_back(std::move(one));
    }
}

void Live::State::foresee(const Key& key, Track& track, std::vector<Alert>& out) {
    if (boundaries.empty()) return;
    bool known = false;
    auto entries = foreseen(track, known);
    const Spot& last = track.window.spots().back();
    const auto inside_of = [&](Subject subject) {
        auto at = std::lower_bound(last.marks.begin(), last.marks.end(), subject,
                                   [](const Mark& m, Subject s) { return m.subject < s; });
        for (; at != last.marks.end() && at->subject == subject; ++at) {
            if (at->at_end) return true;
        }
        return false;
    };
    std::erase_if(entries, [&](const auto& one) { return inside_of(one.first); });
    // Nothing turns away from what was not looked at.
    for (Expected& one : track.expected) {
        const bool is_cut = of_zone(one.subject) &&
                            std::binary_search(cut.begin(), cut.end(), stated_by[one.subject]);
        if (is_cut) one.held = last.time();
    }
    const std::size_t before = track.expected.size();
    const auto middle = [&] {
        return track.expected.begin() + static_cast<std::ptrdiff_t>(before);
    };
    for (const auto& [subject, entry] : entries) {
        const auto told =
            std::lower_bound(track.expected.begin(), middle(), subject,
                             [](const Expected& e, Subject s) { return e.subject < s; });
        if (told != middle() && told->subject == subject) {
            told->held = last.time();
            continue;
        }
        track.expected.push_back({subject, last.time(), last.time()});
        if (!may_tell(key, track, subject, nullptr, out)) continue;
        Alert one = alert(key, track, subject, AlertKind::will_enter, last.time(), 0, nullptr);
        one.entry = entry;
        one.warning = entry - last.time();
        out.push_back(std::move(one));
    }
    std::inplace_merge(track.expected.begin(), middle(), track.expected.end(),
                       [](const Expected& a, const Expected& b) { return a.subject < b.subject; });
    std::erase_if(track.expected, [&](const Expected& one) {
        if (inside_of(one.subject)) return true;
        if (one.held >= last.time()) return false;
        // A turn that is not finished shows another way at each position.
        if (!known || last.time() - one.held < options.over) return false;
        if (may_tell(key, track, one.subject, nullptr, out)) {
            out.push_back(alert(key, track, one.subject, AlertKind::turned_away, last.time(),
                                millis(one.told), nullptr));
        }
        return true;
    });
}

}  // namespace entente::watch
