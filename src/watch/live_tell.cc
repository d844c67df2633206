// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

Alert Live::State::alert(const Key& key, const Track& track, Subject subject, AlertKind kind,
                         Instant time, std::int64_t since, Asked protections) const {
    Alert out;
    out.kind = kind;
    std::tie(out.by, out.track) = key;
    out.craft = track.craft;
    if (subject == many_subject) {
        out.zone = many;
    } else if ((subject & protection_bit) != 0) {
        out.record = protections ? protections->id(subject & ~protection_bit) : "";
    } else {
        const Boundary& boundary = subjects[subject];
        out.party = boundary.party;
        out.zone = boundary.id;
        out.version = boundary.version;
        out.name = boundary.name;
        out.leaf = boundary.leaf;
    }
    out.time = time;
    out.newest = track.window.spots().back().fixes.back();
    // Lengths before texts, so that no two lists of texts are one.
    std::string said = "entente/alert/v1\n" + std::string(name(kind)) + "\n" +
                       std::to_string(millis(time)) + "\n" + std::to_string(since) + "\n";
    for (const std::string* text :
         {&out.by, &out.track, &out.party, &out.zone, &out.version, &out.record}) {
        said += std::to_string(text->size()) + ":" + *text;
    }
    if (!out.leaf.empty()) said += "leaf:" + out.leaf;
    out.id = id_from(said);
    return out;
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
        return std::any_of(last.marks.begin(), last.marks.end(),
                           [&](const Mark& one) { return one.subject == subject && one.at_end; });
    };
    std::erase_if(entries, [&](const auto& one) { return inside_of(one.first); });
    for (const auto& [subject, entry] : entries) {
        const auto told = std::find_if(track.expected.begin(), track.expected.end(),
                                       [s = subject](const Expected& e) { return e.subject == s; });
        if (told != track.expected.end()) {
            told->held = last.time();
            continue;
        }
        track.expected.push_back({subject, last.time(), last.time()});
        Alert one = alert(key, track, subject, AlertKind::will_enter, last.time(), 0, nullptr);
        one.entry = entry;
        one.warning = entry - last.time();
        out.push_back(std::move(one));
    }
    std::erase_if(track.expected, [&](const Expected& one) {
        if (one.held >= last.time()) return false;
        if (inside_of(one.subject)) return true;
        // A turn that is not finished shows another way at each position.
        if (!known || last.time() - one.held < options.over) return false;
        Alert away = alert(key, track, one.subject, AlertKind::turned_away, last.time(),
                           millis(one.told), nullptr);
        out.push_back(std::move(away));
        return true;
    });
}

}  // namespace entente::watch
