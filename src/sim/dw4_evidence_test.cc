// SPDX-License-Identifier: Apache-2.0
// Done when 4: an evidence file, of what was told and of silence, of which any one byte was changed
// is refused with the reason; and whoever makes the hash of its first line anew changes nothing
// that is proven. (Proofs: tlog/checkpoint_test.cc and mirror/fork_test.cc flip every bit of
// theirs.)
#include <cstdlib>

#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

bool long_form() { return std::getenv("ENTENTE_LONG") != nullptr; }

struct Made {
    Four four;
    Bytes file;
    std::string code;  // of a line that this file is about
};

std::unique_ptr<Made> made(bool silence) {
    auto out = std::make_unique<Made>();
    out->four.rounds(silence ? 3 : 1);
    const RecordId id = say(out->four);
    out->four.rounds(3, silence ? &out->four.ru() : nullptr);
    out->file = out->four.file(out->four.msf(), id);
    out->code = silence ? "silent" : "acknowledged";
    return out;
}

bool is_about(const evidence::Report& report, const std::string& code) {
    return std::any_of(report.lines.begin(), report.lines.end(),
                       [&](const auto& line) { return line.code == code; });
}

class DoneWhen4 : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Of, DoneWhen4, testing::Bool(),
                         [](const auto& of) { return of.param ? "Silence" : "WhatWasTold"; });

TEST_P(DoneWhen4, AnEvidenceFileOfWhichAnyOneByteWasChangedIsRefusedWithTheReason) {
    const auto made = sim::made(GetParam());
    const Bytes& file = made->file;
    const auto whole = made->four.verify(file);
    ASSERT_TRUE(whole) << whole.error().detail;
    ASSERT_TRUE(is_about(*whole, made->code));
    const std::size_t first_line = file.find('\n') + 1;
    Bytes changed = file;
    for (std::size_t i = 0; i < file.size(); i += long_form() || i < 256 ? 1 : 13) {
        for (int bit = 0; bit < 8; ++bit) {
            if (!long_form() && bit != static_cast<int>(i / 13 % 8)) continue;
            changed[i] = static_cast<char>(file[i] ^ (1 << bit));
            const auto report = made->four.verify(changed);
            ASSERT_FALSE(report) << "byte " << i << ", bit " << bit;
            const std::string& reason = report.error().detail;
            const char* says = i >= first_line ? "was changed" : "";
            ASSERT_NE(reason.find(says), std::string::npos) << reason;
            ASSERT_FALSE(reason.empty()) << "byte " << i;
        }
        changed[i] = file[i];
    }
}

TEST_P(DoneWhen4, AnEvidenceFileThatIsShorterOrLongerIsRefused) {
    const auto made = sim::made(GetParam());
    const Bytes& file = made->file;
    const std::size_t step = long_form() ? 1 : 97;
    for (std::size_t size = 0; size < file.size(); size += step) {
        ASSERT_FALSE(made->four.verify(BytesView(file).substr(0, size))) << size;
    }
    EXPECT_FALSE(made->four.verify(file + "\n"));
    EXPECT_FALSE(made->four.verify(file + file));
}

// Only who made the file and when may be changed so, which nobody signs and which it calls claimed.
TEST_P(DoneWhen4, UnderAHashMadeAnewNothingThatIsProvenCanBeChanged) {
    const auto made = sim::made(GetParam());
    const BytesView rest = BytesView(made->file).substr(made->file.find('\n') + 1);
    ASSERT_EQ(resealed(rest), made->file);
    const auto whole = made->four.verify(made->file);
    ASSERT_TRUE(whole);
    const std::size_t step = long_form() ? 1 : 151;
    std::size_t passed = 0;
    for (std::size_t i = 0; i < rest.size(); i += i < 100 ? 1 : step) {
        for (const int bit : {0, 1}) {
            Bytes changed(rest);
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            const auto report = made->four.verify(resealed(changed));
            if (!report) {
                ASSERT_FALSE(report.error().detail.empty());
                continue;
            }
            ++passed;
            ASSERT_EQ(report->lines.size(), whole->lines.size());
            for (std::size_t n = 0; n < whole->lines.size(); ++n) {
                if (whole->lines[n].code == "made") continue;
                ASSERT_EQ(report->lines[n].text, whole->lines[n].text) << "byte " << i;
            }
        }
    }
    EXPECT_GT(passed, 0u) << "the digits of the time at which the file was made";
    EXPECT_LT(passed, 64u);
}

}  // namespace
}  // namespace entente::sim
