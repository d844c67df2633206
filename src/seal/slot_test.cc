// SPDX-License-Identifier: Apache-2.0
#include "seal/slot.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/x25519.h"

namespace entente::seal {
namespace {

const SlotContent used{{TreeSize{128}, sha256("r")}, {TreeSize{7}, sha256("a")}, "read_back"};

TEST(Slot, ContentHasTwoLines) {
    EXPECT_EQ(format_slot(used), "128 " + to_base64(sha256("r").view()) + "\n7 " +
                                     to_base64(sha256("a").view()) + " read_back\n");
    EXPECT_EQ(format_slot({}),
              "0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
              "0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= offered\n");
    for (const SlotContent& content : {used, SlotContent{}}) {
        EXPECT_EQ(parse_slot(format_slot(content)).value(), content);
    }
    SlotContent longest = used;
    longest.released.size.v = longest.acknowledged.size.v = (std::uint64_t{1} << 63) - 1;
    longest.rung = std::string(32, 'x');
    EXPECT_LE(format_slot(longest).size(), limits::slot_content_bytes_max);
    EXPECT_EQ(parse_slot(format_slot(longest)).value(), longest);
}

TEST(Slot, ContentHasOneForm) {
    const std::string r = to_base64(sha256("r").view());
    const std::string none = to_base64(sha256("").view());
    for (const std::string& bad : {
             std::string(),
             "1 " + r + "\n1 " + r + " offered",      // no last newline
             "1 " + r + "\n1 " + r + " offered\n\n",  // one too many
             "1 " + r + "\n1 " + r + "\n",            // no rung
             "1 " + r + "\n1 " + r + " \n",
             "1 " + r + "\n1 " + r + " Offered\n",
             "1 " + r + "\n1 " + r + " offered now\n",
             "01 " + r + "\n1 " + r + " offered\n",
             "+1 " + r + "\n1 " + r + " offered\n",
             "1  " + r + "\n1 " + r + " offered\n",
             "1 " + r + " \n1 " + r + " offered\n",
             "1 " + r + "\r\n1 " + r + " offered\n",
             "9223372036854775808 " + r + "\n1 " + r + " offered\n",
             "0 " + r + "\n1 " + r + " offered\n",     // an empty list's root
             "1 " + none + "\n1 " + r + " offered\n",  // and only its
             "1 " + r.substr(0, 43) + "\n1 " + r + " offered\n",
             "1 " + r + "\n1 " + r + " " + std::string(33, 'x') + "\n",
             "1 " + r + "\n1 " + r + " " + std::string(300, 'x') + "\n",
         }) {
        EXPECT_FALSE(parse_slot(bad)) << bad;
    }
}

TEST(Slot, IsTheSameForBothSidesAndForNobodyElse) {
    Rng rng(1);
    const SealingSecret a = SealingSecret::generate(rng.bytes());
    const SealingSecret b = SealingSecret::generate(rng.bytes());
    const SealingSecret c = SealingSecret::generate(rng.bytes());
    const Origin origin{"x/a"};
    const Hash salt = slot_salt(a.agree(b.public_key()), origin, EntryIndex{9});
    EXPECT_EQ(slot_salt(b.agree(a.public_key()), origin, EntryIndex{9}), salt);
    EXPECT_NE(slot_salt(c.agree(a.public_key()), origin, EntryIndex{9}), salt);
    EXPECT_NE(slot_salt(a.agree(b.public_key()), origin, EntryIndex{10}), salt);
    EXPECT_NE(slot_salt(a.agree(b.public_key()), Origin{"x/b"}, EntryIndex{9}), salt);
}

TEST(Slot, OpensOnlyToWhatWasPutIn) {
    const Hash salt = sha256("salt");
    const Bytes content = format_slot(used);
    const Hash slot = slot_hash(salt, content);
    EXPECT_EQ(open_slot(slot, {salt, content}).value(), used);
    EXPECT_EQ(open_slot(slot, {sha256("other"), content}).error().code, Errc::bad_proof);
    EXPECT_EQ(open_slot(slot, {salt, format_slot({})}).error().code, Errc::bad_proof);
    EXPECT_EQ(open_slot(slot, {salt, Bytes(100'000, 'x')}).error().code, Errc::bad_proof);
    // An author who put nonsense in has not said anything.
    const Bytes nonsense = "nonsense";
    EXPECT_EQ(open_slot(slot_hash(salt, nonsense), {salt, nonsense}).error().code, Errc::malformed);
}

}  // namespace
}  // namespace entente::seal
