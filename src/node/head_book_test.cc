// SPDX-License-Identifier: Apache-2.0
#include "node/head_book.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/sha256.h"

namespace entente::node {
namespace {

const Origin origin{"c/ru"};

tlog::Checkpoint head_of(std::uint64_t size) {
    return {origin, {size}, sha256(std::to_string(size)), {}};
}

tlog::SignedCheckpoint signed_head(std::uint64_t size) {
    return {head_of(size), {tlog::format_checkpoint(head_of(size)), {{origin.v, 1, "log"}}}};
}

tlog::NoteSignature line_of(const std::string& cosigner, std::uint64_t size) {
    return {cosigner, 2, "cosigned " + std::to_string(size)};
}

/// What somebody holds who reads such notes and nothing else.
class Reader {
  public:
    void read(const std::vector<Bytes>& notes) {
        for (const Bytes& bytes : notes) {
            const auto note = tlog::parse_note(bytes);
            ASSERT_TRUE(note);
            const auto head = tlog::parse_checkpoint(note->text);
            ASSERT_TRUE(head);
            for (const tlog::NoteSignature& line : note->signatures) {
                if (line.name == origin.v) {
                    book_.set_newest({*head, *note}, 1);
                } else {
                    book_.add(*head, line.name, line, 1);
                }
            }
        }
    }
    std::vector<Bytes> holds() const { return book_.notes(); }

  private:
    HeadBook book_;
};

TEST(HeadBook, WhoReadsOnlyWhatCameSinceHoldsAllOfIt) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Rng rng(seed);
        HeadBook book;
        Reader reader;
        HeadBook::Turn turn = 0, told = 0;
        for (int step = 0; step < 200; ++step) {
            const std::uint64_t size = 1 + rng.below(40);
            switch (rng.below(4)) {
                case 0: book.set_newest(signed_head(size), ++turn); break;
                case 1: {
                    reader.read(book.notes(told));
                    told = turn;
                    ASSERT_EQ(reader.holds(), book.notes()) << "seed " << seed;
                    ASSERT_TRUE(book.notes(told).empty());
                    break;
                }
                default: {
                    const std::string name = "c/" + std::to_string(rng.below(5)) + "/mirror";
                    const bool old = book.is_old(name, {size});
                    const auto before = book.size_of(name);
                    EXPECT_EQ(old, before && size <= before->v);
                    EXPECT_EQ(book.add(head_of(size), name, line_of(name, size), ++turn), !old);
                }
            }
        }
    }
}

TEST(HeadBook, TellsTheLineThatIsNewAndNotThoseBesideIt) {
    HeadBook book;
    book.set_newest(signed_head(9), 1);
    book.add(head_of(9), "c/fr/mirror", line_of("c/fr/mirror", 9), 2);
    book.add(head_of(9), "c/un/mirror", line_of("c/un/mirror", 9), 3);
    const auto note = tlog::parse_note(book.notes(2).at(0));
    ASSERT_TRUE(note);
    ASSERT_EQ(note->signatures.size(), 2u) << "the log's own and one other";
    EXPECT_EQ(note->signatures[1], line_of("c/un/mirror", 9));
}

}  // namespace
}  // namespace entente::node
