// SPDX-License-Identifier: Apache-2.0
#include "node/peer_wire.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace entente::node {
namespace {

TEST(PeerWire, HeadsComeBackAsTheyWere) {
    const std::vector<Bytes> notes{"one\n", "", "three\nlines\n\n— a b\n"};
    const Bytes frame = format_heads(notes, "0a-17");
    const auto read = parse_heads(frame);
    ASSERT_TRUE(read);
    EXPECT_EQ(std::vector<Bytes>(read->notes.begin(), read->notes.end()), notes);
    EXPECT_EQ(read->mark, "0a-17");
    ASSERT_TRUE(parse_heads(format_heads({}, {})));
}

TEST(PeerWire, HeadsOfAnotherFormAreRefused) {
    const Bytes good = format_heads({"one\n", "two\n"}, "1");
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto read = parse_heads(good.substr(0, size));
        EXPECT_TRUE(!read || read->notes.size() < 2) << size;
    }
    for (const char* text :
         {"", "entente/heads/v2\n\n", "entente/heads/v1\n", "entente/heads/v1\nA\n",
          "entente/heads/v1\n1&x=2\n", "entente/heads/v1\n\n04\none\n", "entente/heads/v1\n\n-1\n",
          "entente/heads/v1\n\n99999999999999999999\n", "entente/heads/v1\n\n5\none\n"}) {
        EXPECT_FALSE(parse_heads(text)) << text;
    }
    EXPECT_FALSE(parse_heads(format_heads({}, std::string(mark_bytes_max + 1, 'a'))));
    Bytes many = "entente/heads/v1\n\n";
    for (std::size_t i = 0; i <= heads_max; ++i) many += "0\n";
    EXPECT_EQ(parse_heads(many).error().code, Errc::too_large);
    EXPECT_EQ(parse_heads(Bytes(heads_bytes_max + 1, '0')).error().code, Errc::too_large);
}

TEST(PeerWire, ReleasesComeBackAsTheyWere) {
    for (const Bytes& parcel : {Bytes(), Bytes("entente/parcel/v1\n\0\n\n", 21)}) {
        const std::vector<Hash> proof{sha256("a"), sha256("b")};
        const Bytes frame = format_releases({{17}, "3 root\n0 root offered\n", proof, parcel});
        const auto read = parse_releases(frame);
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(read->beat, EntryIndex{17});
        EXPECT_EQ(read->content, "3 root\n0 root offered\n");
        EXPECT_EQ(read->proof, proof);
        EXPECT_EQ(read->parcel, parcel);
    }
}

TEST(PeerWire, ReleasesOfAnotherFormAreRefused) {
    for (const char* text :
         {"", "entente/releases/v1\n", "entente/releases/v1\n017\na\nb\n\n",
          "entente/releases/v1\n17\na\n\n\n", "entente/releases/v1\n17\na\nb\n",
          "entente/releases/v1\n17\na\nb\nparcel\n\n", "entente/releases/v1\n\na\nb\n\n"}) {
        EXPECT_FALSE(parse_releases(text)) << text;
    }
    EXPECT_EQ(parse_releases(Bytes(releases_bytes_max + 1, '0')).error().code, Errc::too_large);
}

TEST(ReceivedFrame, ComesBackAsItWas) {
    const ReceivedFrame frame{{17}, "3 root\n1 root opened\n", 2, {"a leaf\n", "another\n"}};
    const Bytes bytes = format_received(frame);
    const auto read = parse_received(bytes);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->beat, frame.beat);
    EXPECT_EQ(read->content, frame.content);
    EXPECT_EQ(read->first, frame.first);
    EXPECT_EQ(read->leaves, frame.leaves);
    EXPECT_EQ(format_received(*read), bytes);
    // Cut anywhere, it is shorter by whole releases or it is refused.
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        const auto less = parse_received(BytesView(bytes).substr(0, cut));
        if (!less) continue;
        EXPECT_LT(less->leaves.size(), frame.leaves.size()) << cut;
    }
    EXPECT_FALSE(parse_received(bytes + "99\nshort"));
    EXPECT_FALSE(parse_received(bytes + "5000\n" + Bytes(5000, 'x'))) << "longer than a leaf";
    EXPECT_EQ(parse_received(Bytes(received_bytes_max + 1, 'x')).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::node
