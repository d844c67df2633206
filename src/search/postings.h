// SPDX-License-Identifier: Apache-2.0
// Which documents have which word: a sorted list of their numbers for each word. What is taken out
// leaves nothing, not even the word where nobody else has it, so that a purge reaches it (PROTOCOL
// 30); this is why it is no library's.
//
// One owner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "search/bits.h"
#include "watch/question.h"

namespace entente::search {

class Postings {
  public:
    void add(Doc doc, const std::vector<std::string>& words);
    /// Whether it was there with each of these words.
    bool remove(Doc doc, const std::vector<std::string>& words);
    /// Those that have all of the words, ascending. Precondition: there are words.
    std::vector<Doc> with_all(const std::vector<watch::Word>& words) const;

    std::size_t words() const { return lists_.size(); }
    /// How often a word is in a document, in all.
    std::size_t entries() const { return entries_; }

  private:
    using Lists = std::map<std::string, std::vector<Doc>, std::less<>>;
    struct Range {
        Lists::const_iterator begin, end;
        std::size_t entries = 0;
    };
    Range range_of(const watch::Word& word) const;

    Lists lists_;
    std::size_t entries_ = 0;
};

}  // namespace entente::search
