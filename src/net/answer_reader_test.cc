// SPDX-License-Identifier: Apache-2.0
// Answers read line by line and piece by piece: what is taken, what is refused, and that neither
// chance nor the size of the pieces gets anything past a limit.
#include "net/answer_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.h"

namespace entente::net {
namespace {

using Lines = std::vector<std::string>;
using Answer = tl::expected<Response, Failure>;

struct Limits {
    std::size_t header = 500;
    std::size_t body = 1000;
};

/// As libcurl would hand it over, in pieces of at most `piece` bytes.
Answer read(const Lines& lines, std::string_view body, std::size_t piece,
            const Limits& limits = {}) {
    AnswerReader reader(limits.header, limits.body);
    for (const std::string& line : lines) {
        if (!reader.header(line)) return reader.finish();
    }
    for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
        if (!reader.body(body.substr(0, piece))) break;
    }
    return reader.finish();
}

TEST(AnswerReader, KeepsWhatTheLastStatusLineBegan) {
    const Answer answer =
        read({"HTTP/1.1 100 Continue\r\n", "ETag: \"old\"\r\n", "\r\n", "HTTP/1.1 200 OK\r\n",
              "Content-Type:  text/plain \r\n", "eTaG: \"a\"\r\n", "\r\n"},
             "hello", 2);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->type, "text/plain");
    EXPECT_EQ(answer->etag, "\"a\"");
    EXPECT_EQ(answer->body, "hello");
}

TEST(AnswerReader, StopsAtEachLimitAndNotBefore) {
    const Limits exact{27, 5};
    const Lines lines{"HTTP/1.1 200 OK\r\n", "A: 1234\r\n"};
    ASSERT_EQ(lines[0].size() + lines[1].size(), 26u);
    EXPECT_TRUE(read(lines, "hello", 9, exact));
    EXPECT_EQ(read(lines, "hello!", 9, exact).error().reason, Reason::too_large);
    EXPECT_TRUE(read({lines[0], "A: 12345\r\n"}, "", 9, exact));
    EXPECT_EQ(read({lines[0], "A: 123456\r\n"}, "", 9, exact).error().reason, Reason::too_large);
    const std::string packed = gzip("hello!");
    ASSERT_GT(packed.size(), 5u);
    EXPECT_EQ(read({lines[0], "Content-Encoding: gzip\r\n"}, packed, 9, {100, 5}).error().reason,
              Reason::too_large);
}

TEST(AnswerReader, RefusesWhatHasTwoMeanings) {
    const Lines cases[] = {
        {},
        {"HTTP/1.1\r\n"},
        {"HTTP/1.1 20\r\n"},
        {"HTTP/1.1 099 x\r\n"},
        {"HTTP/1.1 2x0 x\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: 05\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Content-Encoding: br\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip, gzip\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n", "Content-Encoding: gzip\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: gzip\r\n"},
        {"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked, chunked\r\n"},
    };
    for (const Lines& lines : cases) {
        const Answer answer = read(lines, "", 9);
        ASSERT_FALSE(answer) << (lines.empty() ? "" : lines.back());
        EXPECT_EQ(answer.error().reason, Reason::garbage) << (lines.empty() ? "" : lines.back());
    }
    EXPECT_TRUE(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: 5\r\n"},
                     "hello", 9));
    EXPECT_TRUE(read({"HTTP/1.1 200 OK\r\n", "Content-Encoding: identity\r\n"}, "hello", 9));
}

TEST(AnswerReader, TakesNothingOutOfTrailers) {
    AnswerReader reader(500, 1000);
    ASSERT_TRUE(reader.header("HTTP/1.1 200 OK\r\n"));
    ASSERT_TRUE(reader.header("\r\n"));
    ASSERT_TRUE(reader.body("x"));
    ASSERT_TRUE(reader.header("ETag: \"late\"\r\n"));
    ASSERT_TRUE(reader.header("Content-Encoding: gzip\r\n"));
    ASSERT_TRUE(reader.body("y"));
    const Answer answer = reader.finish();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "xy");
    EXPECT_EQ(answer->etag, "");
}

/// Answers made of what answers are made of, cut, doubled and bitten.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : rng_(seed) {}

    Lines lines() {
        static const Lines known = {"HTTP/1.1 200 OK\r\n",
                                    "HTTP/1.1 304 Not Modified\r\n",
                                    "HTTP/1.0 500\r\n",
                                    "HTTP/1.1 100 \r\n",
                                    "Content-Encoding: gzip\r\n",
                                    "Content-Length: 7\r\n",
                                    "Content-Length: 9999\r\n",
                                    "Transfer-Encoding: chunked\r\n",
                                    "ETag: \"x\"\r\n",
                                    "\r\n",
                                    "no colon\r\n",
                                    ": \r\n"};
        Lines out{known[0]};
        for (std::uint64_t i = rng_.below(8); i > 0; --i) {
            std::string line = known[rng_.below(known.size())];
            if (rng_.below(3) == 0) bite(line);
            if (rng_.below(20) == 0) line.insert(line.size() / 2, rng_.below(600), 'x');
            out.push_back(std::move(line));
        }
        return out;
    }
    std::string body() {
        std::string out(rng_.below(3000), 'b');
        if (rng_.below(2) == 0) out = gzip(out);
        if (rng_.below(2) == 0) bite(out);
        return out;
    }
    std::size_t piece() { return 1 + rng_.below(200); }

  private:
    void bite(std::string& bytes) {
        if (bytes.empty()) return;
        const std::size_t at = rng_.below(bytes.size());
        switch (rng_.below(3)) {
            case 0: bytes[at] = static_cast<char>(rng_.below(256)); break;
            case 1: bytes.resize(at); break;
            default: bytes.insert(at, bytes, at, 40); break;
        }
    }
    Rng rng_;
};

TEST(AnswerReader, GivesTheSameInPiecesOfAnySizeAndNeverMoreThanItsLimits) {
    const std::uint64_t rounds = std::getenv("ENTENTE_LONG") != nullptr ? 1'000'000 : 5'000;
    const Limits limits;
    std::uint64_t taken = 0;
    for (std::uint64_t seed = 0; seed < rounds; ++seed) {
        Chance chance(seed);
        const Lines lines = chance.lines();
        const std::string body = chance.body();
        const Answer whole = read(lines, body, 1'000'000, limits);
        const Answer pieces = read(lines, body, chance.piece(), limits);
        ASSERT_EQ(whole.has_value(), pieces.has_value()) << seed;
        if (!whole) {
            // Of two faults the one that comes first depends on the pieces.
            ASSERT_FALSE(whole.error().detail.empty()) << seed;
            continue;
        }
        ++taken;
        ASSERT_EQ(whole->body, pieces->body) << seed;
        ASSERT_EQ(whole->status, pieces->status) << seed;
        ASSERT_GE(whole->status, 100) << seed;
        ASSERT_LE(whole->body.size(), limits.body) << seed;
        std::size_t header = 0;
        for (const std::string& line : lines) header += line.size();
        ASSERT_LE(header, limits.header) << seed;
    }
    EXPECT_GT(taken, rounds / 20) << "the answers are too bad to test anything";
}

}  // namespace
}  // namespace entente::net
