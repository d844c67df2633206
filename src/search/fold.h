// SPDX-License-Identifier: Apache-2.0
// The words of a text as texts are compared, whatever script they are in: without case, accents and
// vowel points, in Latin letters, so that `Кундуз` finds what says `Kunduz` and `hopital` what says
// `Hôpital`. ICU does the work: NFKC with case folding, its transliterator to Latin, and its word
// breaks where a script has no spaces.
//
//     Folder folder;
//     folder.words("Кундуз, больница");      // {"bol'nica" without its mark, "kunduz"}
//     folder.asked("Kund");                  // {"kund", begins}
//
// What it cannot do is what transliteration cannot: Arabic and Hebrew are written without their
// vowels, so `قندوز` is `qndwz` and not `kunduz` (doc/protocol/search.md has the list). Words of
// Chinese and Japanese signs are found by each sign as well, wherever words are thought to end.
//
// One owner: it remembers words that it has folded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "watch/question.h"

namespace entente::search {

class Folder {
  public:
    Folder();
    ~Folder();
    Folder(Folder&&) noexcept;
    Folder& operator=(Folder&&) noexcept;

    /// Ascending, each once. Of all these texts together.
    std::vector<std::string> words(const std::vector<std::string>& texts);
    /// The words that a question asks for; the last one is only begun, unless something stands
    /// behind it. Errc::malformed where there are none, Errc::too_large for too many.
    Result<std::vector<watch::Word>> asked(std::string_view text);
    /// Words that were folded are remembered no more: some may be of what was purged.
    void forget();

    static constexpr std::size_t asked_max = 32;
    /// Bytes of a word; what is longer is cut.
    static constexpr std::size_t word_bytes_max = 64;

  private:
    struct Tools;
    Tools& tools();
    std::unique_ptr<Tools> tools_;
};

}  // namespace entente::search
