// SPDX-License-Identifier: Apache-2.0
#include "search/index.h"

#include <algorithm>
#include <limits>

#include "geo/window.h"

namespace entente::search {
namespace {

using view::Depth;
using watch::Looking;
using watch::Match;
using watch::Reading;
using watch::Thing;

constexpr Looking deep{Reading::exact, Depth::exact};
constexpr Looking shallow{Reading::listed, Depth::coarse};

constexpr std::uint32_t has_class_bit = 1u << 31;
constexpr std::uint32_t any_class_bit = 1u << 30;
static_assert(statement::protection_class_count < 30);

constexpr std::int64_t first_ms = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t last_ms = std::numeric_limits<std::int64_t>::max();

std::uint32_t bit_of(const std::string& name) {
    const auto known = statement::parse_class(name);
    return known ? 1u << static_cast<unsigned>(*known) : 0;
}

std::uint32_t class_bits(const Thing& thing) {
    if (!thing.has_class) return 0;
    std::uint32_t out = has_class_bit | (thing.classes.empty() ? any_class_bit : 0);
    for (const std::string& one : thing.classes) out |= bit_of(one);
    return out;
}

std::size_t number_of(Depth depth) { return depth == Depth::exact ? 0 : 1; }
std::size_t number_of(Reading reading) { return reading == Reading::listed ? 0 : 1; }

}  // namespace

bool before(const Mark& a, const Mark& b) {
    if (a.time != b.time) return a.time > b.time;
    return a.id != b.id ? a.id < b.id : a.record && !b.record;
}

Index::Span Index::span_of(const geo::Window& window) {
    return {window.start ? millis(*window.start) : first_ms,
            window.end ? millis(*window.end) : last_ms};
}

Progress Index::follow(const registry::Snapshot& snapshot, std::size_t most, Instant now) {
    if (astray_) restart();
    refresh(snapshot, now);
    return more(most, now);
}

Progress Index::more(std::size_t most, Instant now) {
    const std::size_t records = at_->size(), statements = at_->dealings().size();
    for (; most > 0 && records_.size() < records; --most) {
        records_.emplace_back();
        note(static_cast<Doc>(records_.size() - 1), now);
    }
    // After records, so that a word's list grows at its end.
    for (; most > 0 && records_.size() == records && statements_.size() < statements; --most) {
        statements_.emplace_back();
        note(statement_bit | static_cast<Doc>(statements_.size() - 1), now);
    }
    const Progress out{records_.size() + statements_.size(), records + statements};
    if (out.whole() && !begun_) {
        deep_.begin();
        own_shallow_.begin();
        begun_ = true;
        folder_.forget();
    }
    deep_.settle();
    own_shallow_.settle();
    return out;
}

/// Something was not there as it was put: then nothing of it is believed.
void Index::restart() {
    Index anew;
    std::swap(*this, anew);
}

/// A record or a dealing that changed is another object in the new snapshot, and the old one lives
/// as long as the snapshot before.
void Index::refresh(const registry::Snapshot& snapshot, Instant now) {
    std::vector<Doc> changed;
    const std::size_t records = snapshot.size(), statements = snapshot.dealings().size();
    for (std::size_t i = 0; i < records_.size(); ++i) {
        const auto slot = static_cast<view::Slot>(i);
        if (i >= records || &at_->at(slot) != &snapshot.at(slot)) changed.push_back(slot);
    }
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        const auto slot = static_cast<view::DealingSlot>(i);
        if (i >= statements || &at_->dealings().at(slot) != &snapshot.dealings().at(slot)) {
            changed.push_back(statement_bit | slot);
        }
    }
    for (const Doc doc : changed) forget(doc);
    if (!changed.empty()) folder_.forget();
    at_ = snapshot;
    records_.resize(std::min(records_.size(), records));
    statements_.resize(std::min(statements_.size(), statements));
    for (const Doc doc : changed) {
        if (doc < statement_bit ? doc < records : doc - statement_bit < statements) note(doc, now);
    }
}

Thing Index::thing(Doc doc, const Looking& looking, Instant now) const {
    return doc < statement_bit ? watch::record_thing(*at_, doc, looking, now)
                               : watch::statement_thing(*at_, doc - statement_bit, looking);
}

void Index::note(Doc doc, Instant now) {
    if (doc >= statement_bit && !view::is_statement(*at_, doc - statement_bit)) return;
    const Thing far = thing(doc, shallow, now), near = thing(doc, deep, now);
    Row& of = row(doc);
    of = row_of(far, near);
    of.there = true;
    of.own = far.party == at_->party();
    words_[number_of(Reading::listed)].add(doc, folder_.words(far.texts));
    words_[number_of(Reading::exact)].add(doc, folder_.words(near.texts));
    deep_.set(doc, near.spots);
    if (of.own) own_shallow_.set(doc, far.spots);
    for (const Depth depth : {Depth::exact, Depth::coarse}) {
        const std::size_t d = number_of(depth);
        const Thing& seen = depth == Depth::exact ? near : far;
        if (!of.placed[d]) unplaced_[d].set(doc);
        if (!of.mixed[d]) continue;
        for (const watch::Spot& spot : seen.spots) windows_[d][doc].push_back(spot.volume.window);
    }
}

void Index::forget(Doc doc) {
    Row& of = row(doc);
    if (!of.there) return;
    // What it was noted with is worked out once more, so that it need not be kept.
    for (const Looking& looking : {shallow, deep}) {
        const Thing seen = thing(doc, looking, of.time);
        if (!words_[number_of(looking.reading)].remove(doc, folder_.words(seen.texts))) {
            astray_ = true;
        }
    }
    deep_.set(doc, {});
    if (of.own) own_shallow_.set(doc, {});
    for (auto& windows : windows_) windows.erase(doc);
    of = {};
}

Index::Row Index::row_of(const Thing& far, const Thing& near) {
    Row out;
    out.time = near.time;
    out.says = span_of(near.window);
    out.party = party_number(near.party);
    const auto& kinds = watch::kinds_compared();
    const auto kind = std::find(kinds.begin(), kinds.end(), near.kind);
    out.kind = static_cast<std::uint8_t>(kind - kinds.begin());
    out.withdrawn = near.withdrawn;
    out.may_end = near.may_end;
    if (near.grade) {
        out.source = near.grade->source;
        out.information = near.grade->information;
    }
    out.classes[number_of(Reading::listed)] = class_bits(far);
    out.classes[number_of(Reading::exact)] = class_bits(near);
    for (const Depth depth : {Depth::exact, Depth::coarse}) {
        const std::size_t d = number_of(depth);
        const auto& spots = (depth == Depth::exact ? near : far).spots;
        out.placed[d] = !spots.empty();
        out.spots[d] = {last_ms, first_ms};
        for (const watch::Spot& spot : spots) {
            const Span one = span_of(spot.volume.window);
            out.spots[d].begin = std::min(out.spots[d].begin, one.begin);
            out.spots[d].end = std::max(out.spots[d].end, one.end);
            out.mixed[d] |= spot.volume.window != spots.front().volume.window;
        }
    }
    return out;
}

std::uint16_t Index::party_number(const PartyId& party) {
    const auto found = std::find(parties_.begin(), parties_.end(), party);
    const auto number = static_cast<std::uint16_t>(found - parties_.begin());
    if (found == parties_.end()) parties_.push_back(party);
    return number;
}

Index::Wanted Index::wanted_of(const watch::Asked& asked, const Looking& looking,
                               Instant now) const {
    const watch::Question& question = asked.question();
    Wanted out{&question,
               number_of(looking.reading),
               number_of(looking.depth),
               {},
               {},
               0,
               span_of(question.window),
               now};
    const auto among = [](const auto& list, const auto& one) {
        return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
    };
    for (const std::string& kind : watch::kinds_compared()) {
        out.kinds.push_back(among(question.kinds, kind));
    }
    for (const PartyId& party : parties_) out.parties.push_back(among(question.parties, party));
    for (const std::string& one : question.classes) out.classes |= bit_of(one);
    return out;
}

bool Index::time_fits(const Row& row, Doc doc, const Wanted& wanted) const {
    const auto overlap = [&](const Span& span) {
        return span.begin < wanted.window.end && wanted.window.begin < span.end;
    };
    if (!overlap(row.says)) return false;
    if (!row.placed[wanted.depth]) return true;
    if (!overlap(row.spots[wanted.depth])) return false;
    if (!row.mixed[wanted.depth]) return true;
    const auto& windows = windows_[wanted.depth].at(doc);
    return std::any_of(windows.begin(), windows.end(), [&](const geo::Window& one) {
        return geo::overlap(wanted.question->window, one);
    });
}

/// As watch::Asked::match() but for words and area.
Match Index::match(const Row& row, Doc doc, const Wanted& wanted) const {
    const watch::Question& question = *wanted.question;
    if (!row.there || !wanted.kinds[row.kind] || !wanted.parties[row.party]) return Match::no;
    const std::uint32_t classes = row.classes[wanted.reading];
    if (!question.classes.empty() && (classes & (wanted.classes | any_class_bit)) == 0) {
        return Match::no;
    }
    if (!time_fits(row, doc, wanted)) return Match::no;
    std::optional<statement::Grade> grade;
    if (row.source != 0) grade = {row.source, row.information};
    const Match out = watch::grade_match(question, grade);
    if (out == Match::no || question.withdrawn) return out;
    const bool gone = row.may_end
                          ? view::Seen(*at_, doc).state(wanted.now) == view::State::withdrawn
                          : row.withdrawn;
    return gone ? Match::no : out;
}

/// use(doc, Match::yes) or, of what has no place while an area is asked for, Match::no_place; what
/// words and area leave over.
template <class Use>
void Index::each_candidate(const watch::Asked& asked, const Looking& looking, Use use) const {
    const watch::Question& question = asked.question();
    const std::size_t depth = number_of(looking.depth);
    Bits touched;
    const bool placed = !question.area.empty();
    if (placed) deep_.touching(asked, touched);
    Bits own_touched;
    if (placed && looking.depth == Depth::coarse) own_shallow_.touching(asked, own_touched);
    const auto place = [&](Doc doc) {
        const Row& of = row(doc);
        if (!of.there || !placed) return Match::yes;
        if (!of.placed[depth]) return Match::no_place;
        const bool shallow_one = of.own && looking.depth == Depth::coarse;
        return (shallow_one ? own_touched : touched).has(doc) ? Match::yes : Match::no;
    };
    const auto look = [&](Doc doc) {
        const Match one = place(doc);
        if (one != Match::no) use(doc, one);
    };
    if (!question.words.empty()) {
        for (const Doc doc : words_[number_of(looking.reading)].with_all(question.words)) look(doc);
    } else if (placed) {
        Bits all = unplaced_[depth];
        touched.each([&](Doc doc) { all.set(doc); });
        own_touched.each([&](Doc doc) { all.set(doc); });
        all.each([&](Doc doc) {
            const std::size_t slot = doc % statement_bit;
            if (slot < (doc < statement_bit ? records_ : statements_).size()) look(doc);
        });
    } else {
        for (std::size_t i = 0; i < records_.size(); ++i) look(static_cast<Doc>(i));
        for (std::size_t i = 0; i < statements_.size(); ++i) {
            look(statement_bit | static_cast<Doc>(i));
        }
    }
}

Mark Index::mark_of(Doc doc) const {
    const bool record = doc < statement_bit;
    return {row(doc).time, record ? at_->at(doc).id : at_->dealings().at(doc - statement_bit).id,
            record};
}

/// The first so many of very many, in the order of marks, without keeping the others.
class Index::First {
  public:
    First(const Index& index, std::size_t limit) : index_(index), limit_(limit) {}

    void add(Instant time, Doc doc) {
        ++seen_;
        if (least_ && time < *least_) return;
        all_.push_back({time, doc});
        if (all_.size() < 2 * limit_ + room) return;
        cut();
        least_ = all_.back().time;
    }
    /// Sorted; more says whether there were others.
    std::vector<Hit> take(bool& more) {
        cut();
        more = seen_ > all_.size();
        std::vector<Hit> out;
        for (const One& one : all_) {
            out.push_back({index_.mark_of(one.doc), one.doc % statement_bit});
        }
        return out;
    }

  private:
    struct One {
        Instant time;  // beside the number: what it is of lies far away
        Doc doc;
    };
    static constexpr std::size_t room = 4096;

    void cut() {
        const auto order = [&](const One& a, const One& b) {
            return a.time != b.time ? a.time > b.time
                                    : before(index_.mark_of(a.doc), index_.mark_of(b.doc));
        };
        const std::size_t count = std::min(limit_, all_.size());
        const auto end = all_.begin() + static_cast<std::ptrdiff_t>(count);
        std::nth_element(all_.begin(), end, all_.end(), order);
        std::sort(all_.begin(), end, order);
        all_.resize(count);
    }

    const Index& index_;
    std::size_t limit_;
    std::size_t seen_ = 0;
    std::vector<One> all_;
    std::optional<Instant> least_;  // what is older is not among the first
};

Found Index::find(const watch::Asked& asked, const Looking& looking, const Paging& paging,
                  Instant now) const {
    Found out;
    if (!at_) return out;
    First first(*this, paging.limit);
    const Wanted wanted = wanted_of(asked, looking, now);
    each_candidate(asked, looking, [&](Doc doc, Match place) {
        const Row& of = row(doc);
        Match one = match(of, doc, wanted);
        if (one == Match::no) return;
        if (place == Match::no_place) one = Match::no_place;
        (one == Match::yes ? out.total : one == Match::no_place ? out.no_place : out.no_grade)++;
        if (one != paging.which) return;
        if (paging.after && of.time > paging.after->time) return;
        if (paging.after && of.time == paging.after->time && !before(*paging.after, mark_of(doc))) {
            return;
        }
        first.add(of.time, doc);
    });
    out.hits = first.take(out.more);
    return out;
}

Held Index::held() const {
    return {records_.size() + statements_.size(), words_[0].words() + words_[1].words(),
            words_[0].entries() + words_[1].entries()};
}

}  // namespace entente::search
