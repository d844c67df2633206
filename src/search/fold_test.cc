// SPDX-License-Identifier: Apache-2.0
#include "search/fold.h"

#include <gtest/gtest.h>

namespace entente::search {
namespace {

/// Whether what says `text` is found by who asks for `asked`.
bool finds(const std::string& asked, const std::string& text) {
    Folder folder;
    const auto words = folder.asked(asked);
    return words && watch::has_words(*words, folder.words({text}));
}

TEST(Fold, CaseAndAccentsAreNoDifference) {
    EXPECT_TRUE(finds("hopital", "L'Hôpital de la Croix"));
    EXPECT_TRUE(finds("HÔPITAL", "hopital"));
    EXPECT_TRUE(finds("strasse", "Lange Straße 5"));
    EXPECT_TRUE(finds("Łódź", "lodz"));
    EXPECT_TRUE(finds("istanbul", "İSTANBUL"));
    EXPECT_TRUE(finds("ﬁre", "fire"));  // a ligature
    EXPECT_FALSE(finds("hospital", "hôpital"));
}

TEST(Fold, CyrillicAndGreekAreFoundInLatinLetters) {
    EXPECT_TRUE(finds("Кундуз", "a hospital in Kunduz"));
    EXPECT_TRUE(finds("Kunduz", "больница, Кундуз"));
    EXPECT_TRUE(finds("КУНДУЗ", "кундуз"));
    EXPECT_TRUE(finds("Athena", "Αθήνα"));
    EXPECT_TRUE(finds("harkov", "Харьков"));
    EXPECT_FALSE(finds("kharkiv", "Харьков"));  // another transliteration than ICU's
}

TEST(Fold, ArabicIsFoundWithAndWithoutPointsAndByItsConsonants) {
    EXPECT_TRUE(finds("قندوز", "مستشفى قُندُوز"));
    EXPECT_TRUE(finds("qndwz", "قندوز"));
    EXPECT_FALSE(finds("kunduz", "قندوز"));  // its vowels are not written
    EXPECT_TRUE(finds("احمد", "أحمد"));
    EXPECT_TRUE(finds("مستشفي", "مستشفى"));
    EXPECT_TRUE(finds("مدرسه", "مدرسة"));
    EXPECT_TRUE(finds("کابل", "كابل"));  // a Persian and an Arabic kaf
    EXPECT_TRUE(finds("حلـــب", "حلب"));
}

TEST(Fold, HebrewIsFoundWithAndWithoutPoints) {
    EXPECT_TRUE(finds("בית", "בֵּית חוֹלִים"));
    EXPECT_TRUE(finds("byt", "בית חולים"));
    EXPECT_FALSE(finds("beit", "בית חולים"));
}

TEST(Fold, SignsAreFoundWhereverWordsAreThoughtToEnd) {
    EXPECT_TRUE(finds("北京", "他在北京工作"));
    EXPECT_TRUE(finds("beijing", "北京"));
    EXPECT_TRUE(finds("医院", "喀布尔医院被毁"));
    EXPECT_TRUE(finds("院", "喀布尔医院"));
    EXPECT_FALSE(finds("上海", "他在北京工作"));
    EXPECT_TRUE(finds("病院", "東京の病院"));
}

TEST(Fold, ScriptsWithoutSpacesAreBroken) {
    EXPECT_TRUE(finds("โรงพยาบาล", "เขาอยู่ที่โรงพยาบาล"));
    EXPECT_TRUE(finds("서울", "서울 병원"));
    EXPECT_TRUE(finds("seoul", "서울") || finds("seo", "서울"));
}

TEST(Fold, TheLastWordIsOnlyBegun) {
    EXPECT_TRUE(finds("bri", "the bridge"));
    EXPECT_FALSE(finds("bri ", "the bridge"));
    EXPECT_FALSE(finds("bri the", "the bridge"));
    EXPECT_TRUE(finds("the bri", "the bridge"));
    EXPECT_FALSE(finds("\"bri\"", "the bridge"));
}

TEST(Fold, WhatHasNoWordIsRefusedByName) {
    Folder folder;
    EXPECT_FALSE(folder.asked(""));
    EXPECT_FALSE(folder.asked(" .,- "));
    EXPECT_FALSE(folder.asked("\xD9\x8B"));  // a vowel point alone
    std::string many;
    for (int i = 0; i < 40; ++i) many += "w" + std::to_string(i) + " ";
    EXPECT_EQ(folder.asked(many).error().code, Errc::too_large);
}

TEST(Fold, EndlessWordsAreCut) {
    Folder folder;
    EXPECT_EQ(folder.words({std::string(1000, 'a')}).front().size(), Folder::word_bytes_max);
    std::string signs;
    for (int i = 0; i < 500; ++i) signs += "ж";
    EXPECT_LE(folder.words({signs}).front().size(), Folder::word_bytes_max);
}

}  // namespace
}  // namespace entente::search
