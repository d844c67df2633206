// SPDX-License-Identifier: Apache-2.0
// testdata/vectors/exchange.json, which tools/exchange_vectors.py makes with cryptography of
// another hand: agreement, slot, releases and parcel, both ways.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "base/encode.h"
#include "seal/parcel.h"
#include "seal/slot.h"

namespace entente::seal {
namespace {

namespace json = boost::json;

class ExchangeVectors : public ::testing::Test {
  protected:
    json::value file_ = [] {
        std::ifstream file("testdata/vectors/exchange.json");
        std::stringstream text;
        text << file.rdbuf();
        return json::parse(text.str());
    }();

    std::string text(const json::value& of, const char* key) {
        return of.at(key).as_string().c_str();
    }
    Bytes hex(const char* key) { return from_hex(text(file_, key)).value(); }
    static Hash hash(const std::string& text) { return Hash::from(from_hex(text).value()); }
    SealingSecret secret(const char* key) {
        return SealingSecret::from(Secret::from(hex(key)).value());
    }
};

TEST_F(ExchangeVectors, OfTheSlot) {
    const SealingSecret a = secret("secret_a"), b = secret("secret_b");
    EXPECT_EQ(Bytes(a.public_key().view()), hex("public_a"));
    const SealingKey of_b = SealingKey::from(hex("public_b")).value();
    EXPECT_EQ(Bytes(a.agree(of_b).view()), hex("shared"));
    const json::value& slot = file_.at("slot");
    const Hash salt = slot_salt(b.agree(a.public_key()), Origin{text(file_, "author")},
                                EntryIndex{slot.at("beat").to_number<std::uint64_t>()});
    EXPECT_EQ(salt, hash(text(slot, "salt")));
    const SlotContent content =
        open_slot(hash(text(slot, "slot")), {salt, text(slot, "content")}).value();
    EXPECT_EQ(content.released, (ListHead{TreeSize{4}, hash(text(file_, "root"))}));
    EXPECT_EQ(content.acknowledged, ListHead::empty());
    EXPECT_EQ(content.rung, "offered");
}

TEST_F(ExchangeVectors, OfTheParcel) {
    const Bytes bytes = hex("parcel");
    const Parcel parcel = open_parcel(bytes, secret("secret_b")).value();
    EXPECT_EQ(parcel.context,
              (ParcelContext{Origin{text(file_, "author")}, PartyId{text(file_, "recipient")}, 2,
                             TreeSize{4}, hash(text(file_, "root"))}));
    const json::array& releases = file_.at("releases").as_array();
    ASSERT_EQ(parcel.releases.size(), releases.size());
    for (std::size_t i = 0; i < releases.size(); ++i) {
        const Delivered& delivered = parcel.releases[i];
        EXPECT_EQ(delivered.leaf, text(releases[i], "release"));
        EXPECT_EQ(delivered.release.leaf, hash(text(releases[i], "leaf")));
        const Bodies bodies = open_carried(delivered.release.leaf, delivered.carried).value();
        Bodies want;
        for (const json::value& body : releases[i].at("bodies").as_array()) {
            want[body.at("slot").to_number<std::size_t>() - 1] =
                SaltedBody{hash(text(body, "salt")), text(body, "body")};
        }
        EXPECT_EQ(bodies, want);
    }
}

// With the same chance the same parcel comes out, byte for byte.
TEST_F(ExchangeVectors, OfTheParcelsMaking) {
    const Bytes bytes = hex("parcel");
    const Parcel parcel = open_parcel(bytes, secret("secret_b")).value();
    const auto give = [](Bytes key) -> Random {
        return [key](std::uint8_t* out, std::size_t size) { std::memcpy(out, key.data(), size); };
    };
    ParcelWriter writer(parcel.context.author, parcel.context.recipient, parcel.context.first,
                        give(hex("release_key")));
    for (const Delivered& delivered : parcel.releases) {
        EXPECT_EQ(format_release(delivered.release), delivered.leaf);
        ASSERT_TRUE(writer.add(delivered.leaf, delivered.carried));
    }
    EXPECT_EQ(writer.size(), parcel.context.size);
    EXPECT_EQ(std::move(writer).seal(parcel.context.root, secret("secret_b").public_key(),
                                     give(hex("ephemeral"))),
              bytes);
}

}  // namespace
}  // namespace entente::seal
