// SPDX-License-Identifier: Apache-2.0
// What somebody looks for among all that they may see, and whether a thing fits it: the one
// definition, which the search index (search/) answers as and standing questions are compared by.
//
//     const Asked asked(std::move(question));
//     if (asked.match(thing, words) == Match::yes) ...     // pure; safe from any thread
//
// It is about reading, and no check: nothing follows for a plan from what is found or not found.
// What shows no place fits no area, and what has no grade that could be judged is not called worse
// than another: both are told apart, and counted.
#pragma once

#include <functional>

#include "base/result.h"
#include "watch/thing.h"

namespace entente::watch {

/// A word as texts are compared: folded by whoever knows scripts (search/fold.h).
struct Word {
    std::string text;
    bool begins = false;  // whatever begins so
    auto operator<=>(const Word&) const = default;
};

/// How texts become words: an edge's (search/fold.h), since it takes a library.
struct Folding {
    std::function<std::vector<std::string>(const std::vector<std::string>& texts)> words;
    std::function<Result<std::vector<Word>>(std::string_view text)> asked;
};

struct Question {
    std::vector<Word> words;         // all of them, anywhere in the texts; none: any
    std::vector<geo::Place> area;    // valid; its buffer is a margin; empty: anywhere
    geo::Window window;              // of what the thing says of when; unstated times fit
    std::vector<std::string> kinds;  // empty: all, here and below
    std::vector<std::string> classes;
    std::vector<PartyId> parties;
    std::optional<char> source;       // A to E: at least so reliable
    std::optional<char> information;  // 1 to 5: at least so credible
    bool withdrawn = false;           // whether what is withdrawn is meant too
};

enum class Match : std::uint8_t {
    no,
    yes,
    no_place,  // fits but for the area, with which it cannot be compared
    no_grade,  // fits but for the grade, which it has not, or which says that nothing can be judged
};

/// Everything but words, area and grade.
bool fits_beside(const Question& question, const Thing& thing);
/// Match::yes, no or no_grade.
Match grade_match(const Question& question, const std::optional<statement::Grade>& grade);
/// Folded words against what is wanted.
bool has_words(const std::vector<Word>& wanted, const std::vector<std::string>& words);

/// What stands in a subscription, but for its words. Precondition: it has a standing question.
Question question_of(const Subscription& subscription);

class Asked {
  public:
    explicit Asked(Question question);
    const Question& question() const { return question_; }
    /// `words`: the thing's texts, folded.
    Match match(const Thing& thing, const std::vector<std::string>& words) const;
    /// Whether this spot, with its window, is in the area. Precondition: there is an area.
    bool touches(const Spot& spot) const;

    struct Zone {
        geo::Prepared shape;
        geo::Box box;  // with the margin
        Metres margin;
        geo::Band band;
    };
    const std::vector<Zone>& zones() const { return zones_; }

  private:
    Question question_;
    std::vector<Zone> zones_;
};

}  // namespace entente::watch
