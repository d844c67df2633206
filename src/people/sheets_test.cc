// SPDX-License-Identifier: Apache-2.0
// Sheets and their codes: no slip of a reader goes through, a code speaks for what was printed and
// nothing else, once and in its time, and a guess finds nothing.
#include "people/sheets.h"

#include <gtest/gtest.h>

#include "people/code.h"
#include "people/memory_store.h"

namespace entente::people {
namespace {

const Instant now = instant(1'800'000'000'000);
const By by{"nadia", "session", now};
constexpr auto hour = std::chrono::hours(1);

std::string plain(std::string code) {
    std::erase(code, '-');
    return code;
}

TEST(Code, ComesBackAsItWas) {
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, code_count - 1}) {
        EXPECT_EQ(read_code(code_of(number)), number);
    }
    EXPECT_EQ(code_of(0), "3333-3333");
    Rng rng(1);
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t number = rng.below(code_count);
        const std::string code = code_of(number);
        ASSERT_EQ(code.size(), 9u);
        std::string small = plain(code);
        for (char& c : small) c = static_cast<char>(std::tolower(c));
        EXPECT_EQ(read_code(small), number);
        EXPECT_EQ(read_code(" " + code.substr(0, 2) + " " + code.substr(2) + " "), number);
    }
}

TEST(Code, CatchesEveryWrongCharacterAndEveryTwoThatChangedPlaces) {
    Rng rng(2);
    for (int i = 0; i < 200; ++i) {
        const std::string code = plain(code_of(rng.below(code_count)));
        for (std::size_t at = 0; at < code.size(); ++at) {
            for (const char other : code_alphabet) {
                if (other == code[at]) continue;
                std::string wrong = code;
                wrong[at] = other;
                EXPECT_FALSE(read_code(wrong)) << code << " " << wrong;
            }
            for (std::size_t with = at + 1; with < code.size(); ++with) {
                std::string wrong = code;
                std::swap(wrong[at], wrong[with]);
                EXPECT_EQ(wrong == code, read_code(wrong).has_value()) << code << " " << wrong;
            }
        }
    }
}

TEST(Code, SaysWhatIsWrong) {
    const auto says = [](const char* text, const char* what) {
        const auto read = read_code(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, Errc::malformed);
        EXPECT_NE(read.error().detail.find(what), std::string::npos) << read.error().detail;
    };
    says("3333-333O", "'O' is in no code");
    says("3333-333\x01", "a character of it");
    says("3333-333", "7 characters");
    says("3333-33333", "9 characters");
    says("", "0 characters");
    says("3333-3334", "wrong, or two have changed places");
    for (const char c : std::string("01258BILOQSUZ")) {
        EXPECT_EQ(code_alphabet.find(c), std::string_view::npos) << c;
    }
}

SheetLine line_of(const char* leaf) {
    SheetLine out;
    out.version = 3;
    out.leaf = Hash::from(Bytes(32, leaf[0]));
    out.party = PartyId{"fr"};
    return out;
}

Sheet wish() {
    Sheet out;
    out.unit = "TACC";
    out.by = "nadia";
    out.lines = {line_of("a"), line_of("b")};
    out.expires = now + 24 * hour;
    return out;
}

By at(Instant when) { return {"omar", "token duty", when}; }

TEST(Sheets, FindTheirCodeOnceAndInItsTime) {
    MemoryStore store;
    Rng rng(3);
    auto sheets = Sheets::load(store).value();
    const Sheet one = sheets.print(wish(), rng.bytes(), by).value();
    const Sheet two = sheets.print(wish(), rng.bytes(), by).value();
    EXPECT_NE(code_of(one), code_of(two)) << "of one content";
    EXPECT_EQ(sheets.find(code_of(one), now).value(), one);
    EXPECT_EQ(Sheets::load(store).value().all(), sheets.all());
    ASSERT_TRUE(sheets.use(one.number, "omar", at(now + hour)));
    auto again = Sheets::load(store).value();
    const auto used = again.find(code_of(one), now + hour);
    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().code, Errc::refused);
    EXPECT_NE(used.error().detail.find("by omar"), std::string::npos) << used.error().detail;
    EXPECT_EQ(again.find(code_of(two), now + 24 * hour - Duration(1)).value(), two);
    const auto late = again.find(code_of(two), now + 24 * hour);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::stale);
    EXPECT_EQ(again.find(code_of(0), now).error().code, Errc::not_found);
    EXPECT_FALSE(again.use("aaaaaaaaaaaaaaaa", "omar", by));
    EXPECT_EQ(store.audit(0, 9).value().size(), 3u);
}

TEST(Sheets, CodeIsOfEverythingThatIsPrinted) {
    MemoryStore store;
    Rng rng(4);
    auto sheets = Sheets::load(store).value();
    const Sheet sheet = sheets.print(wish(), rng.bytes(), by).value();
    const auto other = [&](const auto& change) {
        Sheet changed = sheet;
        change(changed);
        EXPECT_NE(code_of(changed), code_of(sheet));
    };
    other([](Sheet& one) { one.unit = "TACC "; });
    other([](Sheet& one) { one.lines[1].leaf = line_of("c").leaf; });
    other([](Sheet& one) { one.lines.pop_back(); });
    other([](Sheet& one) { std::swap(one.lines[0], one.lines[1]); });
    other([](Sheet& one) { one.lines[0].record.bytes[0] ^= 1; });
    other([](Sheet& one) { one.secret[31] ^= 1; });
}

TEST(Sheets, AreWithinBoundsAndForgottenInTheEnd) {
    MemoryStore store;
    Rng rng(5);
    auto sheets = Sheets::load(store).value();
    const auto refused = [&](const auto& spoil, Errc code) {
        Sheet bad = wish();
        spoil(bad);
        EXPECT_EQ(sheets.print(bad, rng.bytes(), by).error().code, code);
    };
    refused([](Sheet& one) { one.lines.clear(); }, Errc::malformed);
    refused([](Sheet& one) { one.expires = now; }, Errc::malformed);
    refused([](Sheet& one) { one.expires = now + Sheets::life_max + Duration(1); },
            Errc::malformed);
    refused([](Sheet& one) { one.lines.resize(Sheets::lines_max + 1); }, Errc::too_large);
    std::vector<Sheet> printed;
    for (std::size_t i = 0; i < Sheets::open_max; ++i) {
        printed.push_back(sheets.print(wish(), rng.bytes(), by).value());
    }
    refused([](Sheet&) {}, Errc::too_large);
    ASSERT_TRUE(sheets.use(printed[0].number, "omar", by));
    ASSERT_TRUE(sheets.print(wish(), rng.bytes(), by)) << "one has been read back";
    const Instant later = now + 24 * hour + Sheets::kept_after;
    Sheet last = wish();
    last.expires = later + hour;
    ASSERT_TRUE(sheets.print(last, rng.bytes(), at(later)));
    EXPECT_EQ(sheets.all().size(), 1u) << "the others are long over";
    EXPECT_EQ(Sheets::load(store).value().all(), sheets.all());
}

TEST(Sheets, AreReadInNoOtherForm) {
    MemoryStore store;
    Rng rng(6);
    auto sheets = Sheets::load(store).value();
    const Sheet sheet = sheets.print(wish(), rng.bytes(), by).value();
    Bytes good;
    ASSERT_TRUE(store.scan([&](Table table, const std::string& key, const Bytes& bytes) {
        EXPECT_EQ(table, Table::sheet);
        EXPECT_EQ(key, sheet.number);
        good = bytes;
        return Result<void>();
    }));
    for (std::size_t size = 0; size < good.size(); ++size) {
        ASSERT_TRUE(store.commit({{Table::sheet, sheet.number, good.substr(0, size)}}, {}));
        EXPECT_FALSE(Sheets::load(store));
    }
    EXPECT_EQ(parse_table("sheet"), Table::sheet);
}

}  // namespace
}  // namespace entente::people
