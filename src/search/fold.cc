// SPDX-License-Identifier: Apache-2.0
#include "search/fold.h"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <unordered_map>

#include "base/assert.h"
#include "base/cut.h"

namespace entente::search {
namespace {

using icu::UnicodeString;

bool is_word(UChar32 c) { return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

/// Signs of which each is a word or part of one, without spaces between words.
bool is_sign(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0; }

bool without_spaces(UChar32 c) {
    if (c < 0x0E00) return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR: return true;
        default: return false;
    }
}

/// Vowel points, and what else Arabic and Hebrew are written with or without.
bool is_point(UChar32 c) {
    return (c >= 0x064B && c <= 0x065F) || c == 0x0670 || c == 0x0640 ||
           (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE) || c == 0x200C || c == 0x200D;
}

/// One letter for those that are written one for another.
UChar32 arabic(UChar32 c) {
    switch (c) {
        case 0x0622:
        case 0x0623:
        case 0x0625:
        case 0x0671: return 0x0627;  // alef with a hamza, a madda, a wasla
        case 0x0649:
        case 0x06CC: return 0x064A;  // alef maksura and the Persian yeh
        case 0x06A9: return 0x0643;  // the Persian kaf
        case 0x0629:
        case 0x06C0: return 0x0647;  // teh marbuta
        default: return c;
    }
}

bool plain_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool ascii_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

struct Folder::Tools {
    Tools() {
        UErrorCode status = U_ZERO_ERROR;
        nfkc = icu::Normalizer2::getNFKCCasefoldInstance(status);
        latin.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower",
                                                        UTRANS_FORWARD, status));
        breaks.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
        ASSERT(U_SUCCESS(status) != 0);  // ICU brings its data with it
    }

    std::string to_latin(const UnicodeString& word) {
        UnicodeString text = word;
        latin->transliterate(text);
        std::string utf8, out;
        text.toUTF8String(utf8);
        for (std::size_t i = 0; i < utf8.size() && out.size() < word_bytes_max; ++i) {
            // Marks of soft signs, and the spaces between the sounds of signs.
            const auto c = static_cast<unsigned char>(utf8[i]);
            if (c >= 0x80 || ascii_word(utf8[i])) out += utf8[i];
        }
        out.resize(whole_characters(out, word_bytes_max));
        return out;
    }

    /// Of a word that is longer than any, its beginning: of what it becomes word_bytes_max count.
    std::string folded(UnicodeString word) {
        if (word.length() > length_max) word.truncate(word.getChar32Start(length_max));
        std::string key;
        word.toUTF8String(key);
        const auto found = known.find(key);
        if (found != known.end()) return found->second;
        if (known.size() >= known_max) known.clear();
        return known.emplace(std::move(key), to_latin(word)).first->second;
    }

    /// Where words of signs end is a guess that another text makes otherwise: who asks for one asks
    /// for its signs.
    enum class Signs : std::uint8_t { with_words, alone };
    /// use(word) for each word of the text; use_sign(sign) for each sign of a word of signs.
    template <class Use, class UseSign>
    void each(std::string_view text, Signs how, Use use, UseSign use_sign) {
        UErrorCode status = U_ZERO_ERROR;
        UnicodeString raw = UnicodeString::fromUTF8({text.data(), static_cast<int>(text.size())});
        UnicodeString all;
        nfkc->normalize(raw, all, status);
        if (U_FAILURE(status) != 0) return;
        UnicodeString word;
        bool spaceless = false, signs = false;
        const auto end = [&] {
            if (word.isEmpty()) return;
            spaceless ? each_broken(word, signs, how, use, use_sign) : use(folded(word));
            word.remove();
            signs = false;
        };
        for (int i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
            const UChar32 c = arabic(all.char32At(i));
            if (is_point(c)) continue;
            const bool without = without_spaces(c);
            if (!is_word(c)) {
                end();
                continue;
            }
            const bool mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
            if (without != spaceless && !mark) end();
            if (word.isEmpty()) spaceless = without;
            signs |= is_sign(c);
            word.append(c);
        }
        end();
    }

    template <class Use, class UseSign>
    void each_broken(const UnicodeString& run, bool signs, Signs how, Use use, UseSign use_sign) {
        const bool words = !signs || how == Signs::with_words;
        breaks->setText(run);
        int begin = breaks->first();
        for (int end = breaks->next(); words && end != icu::BreakIterator::DONE;
             end = breaks->next()) {
            const UnicodeString word = run.tempSubStringBetween(begin, end);
            begin = end;
            use(folded(word));
        }
        if (!signs) return;
        for (int i = 0; i < run.length(); i = run.moveIndex32(i, 1)) {
            if (!is_sign(run.char32At(i))) continue;
            std::string sign;
            UnicodeString(run.char32At(i)).toUTF8String(sign);
            use_sign(sign);
        }
    }

    static constexpr std::size_t known_max = 100'000;
    static constexpr int length_max = 256;  // in UTF-16
    const icu::Normalizer2* nfkc = nullptr;
    std::unique_ptr<icu::Transliterator> latin;
    std::unique_ptr<icu::BreakIterator> breaks;
    std::unordered_map<std::string, std::string> known;
};

namespace {

/// Nearly every text of many is of these letters alone, and needs no library.
template <class Use>
void each_ascii(std::string_view text, Use use) {
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (ascii_word(c)) {
            if (word.size() < Folder::word_bytes_max) {
                word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            }
        } else if (!word.empty()) {
            use(word);
            word.clear();
        }
    }
}

}  // namespace

Folder::Folder() = default;
Folder::~Folder() = default;
Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(Folder&&) noexcept = default;

/// Made when the first text needs it: ICU takes 20 ms to read its data.
Folder::Tools& Folder::tools() {
    if (!tools_) tools_ = std::make_unique<Tools>();
    return *tools_;
}

std::vector<std::string> Folder::words(const std::vector<std::string>& texts) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& word) {
        if (!word.empty()) out.push_back(word);
    };
    for (const std::string& text : texts) {
        if (plain_ascii(text)) {
            each_ascii(text, add);
        } else {
            tools().each(text, Tools::Signs::with_words, add, add);
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Result<std::vector<watch::Word>> Folder::asked(std::string_view text) {
    std::vector<watch::Word> out;
    bool of_signs = false;  // whether the last one is found by its signs
    const auto add = [&](const std::string& word) {
        of_signs = false;
        if (!word.empty()) out.push_back({word, false});
    };
    if (plain_ascii(text)) {
        each_ascii(text, add);
    } else {
        tools().each(text, Tools::Signs::alone, add, [&](const std::string& sign) {
            add(sign);
            of_signs = true;
        });
    }
    if (out.empty()) return fail(Errc::malformed, "text: it has no word to look for");
    if (out.size() > asked_max) {
        return fail(Errc::too_large, "text: more than " + std::to_string(asked_max) + " words");
    }
    const char last = text.back();
    out.back().begins = !of_signs && last != ' ' && last != '.' && last != '"';
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void Folder::forget() {
    if (tools_) tools_->known.clear();
}

}  // namespace entente::search
