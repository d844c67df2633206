// SPDX-License-Identifier: Apache-2.0
// A start finds what was changed in the store beside the log itself: here the charter that is kept
// as a document. (Entries, bodies and heads: tests/dw4_flip_test.py.)
#include <gtest/gtest.h>

#include "node/genesis.h"
#include "node/node.h"
#include "store/fault_store.h"
#include "store/memory_signer.h"
#include "store/memory_store.h"

namespace entente::cli {
namespace {

/// A store that hands out the charter with one byte changed, or says that it has none.
class OtherDocument : public store::FaultStore {
  public:
    OtherDocument(node::Store& store, std::optional<std::size_t> byte)
        : FaultStore(store), byte_(byte) {}
    Result<std::optional<Bytes>> document(const Hash& hash) override {
        TRY(stored, FaultStore::document(hash));
        if (!stored || !byte_) return std::optional<Bytes>();
        (*stored)[*byte_] = static_cast<char>((*stored)[*byte_] ^ 1);
        return stored;
    }

  private:
    std::optional<std::size_t> byte_;
};

TEST(DoneWhen4, AChangedByteInTheStoredCharterIsFoundAndNamed) {
    Rng rng(12);
    const auto genesis = node::found({PartyId{"fr"}, "France"}, rng.bytes());
    ASSERT_TRUE(genesis);
    const std::string& file = genesis->charter_file;
    store::MemoryStore kept;
    store::MemorySigner signer(genesis->log);
    ASSERT_TRUE(node::Node::create(kept, signer, file, genesis->entries));
    ASSERT_TRUE(node::Opening::begin(kept, signer, file));
    for (std::size_t byte = 0; byte < file.size(); ++byte) {
        OtherDocument store(kept, byte);
        const auto opening = node::Opening::begin(store, signer, file);
        ASSERT_FALSE(opening) << byte;
        EXPECT_EQ(opening.error().code, Errc::bad_proof);
        EXPECT_NE(opening.error().detail.find("at byte " + std::to_string(byte) + ":"),
                  std::string::npos)
            << opening.error().detail;
    }
    OtherDocument without(kept, std::nullopt);
    const auto opening = node::Opening::begin(without, signer, file);
    ASSERT_FALSE(opening);
    EXPECT_NE(opening.error().detail.find("does not hold the charter"), std::string::npos);
}

TEST(NodeLog, OpenEntriesCountFromTheEntryAfterThemAndAreReadAgain) {
    Rng rng(13);
    const auto genesis = node::found({PartyId{"fr"}, "France"}, rng.bytes());
    ASSERT_TRUE(genesis);
    store::MemoryStore kept;
    store::MemorySigner signer(genesis->log);
    ASSERT_TRUE(node::Node::create(kept, signer, genesis->charter_file, genesis->entries));
    const seal::Vault vault(genesis->vault);
    const auto open = [&] {
        auto opening = node::Opening::begin(kept, signer, genesis->charter_file).value();
        const registry::Context context = opening.context();
        EXPECT_TRUE(kept.scan(opening.origin(), {0}, {opening.size().v}, [&](auto&& row) {
            return opening.add(node::open_row(context, vault, row).value());
        }));
        return std::move(opening).finish(false).value();
    };
    node::Node node = open();
    const SecretKey second = SecretKey::generate(rng.bytes());
    const Bytes entry = statement::encode_entry(registry::make_key_entry(
        {"officer", second.public_key(), 0}, node.origin(), genesis->root));
    const auto receipt = node.log({{}, {entry}}, instant(1'448'539'200'000));
    ASSERT_TRUE(receipt) << receipt.error().detail;
    EXPECT_EQ(receipt->first.v, 2u);
    EXPECT_EQ(node.log().size().v, 3u);
    const node::Node again = open();
    for (const node::Node* one : {static_cast<const node::Node*>(&node), &again}) {
        const std::vector<PublicKey> signers = {second.public_key()};
        EXPECT_FALSE(one->authority().officers_approve({2}, signers));
        EXPECT_TRUE(one->authority().officers_approve({3}, signers));
    }
    const auto sealed = node.log({{}, {"{}"}}, instant(1'448'539'200'000));
    ASSERT_FALSE(sealed);
    EXPECT_EQ(node.log().size().v, 3u) << "nothing half done";
}

}  // namespace
}  // namespace entente::cli
