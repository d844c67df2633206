// SPDX-License-Identifier: Apache-2.0
#include "store/file_signer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/fault_store.h"
#include "store/head_file.h"
#include "store/memory_signer.h"
#include "store/testing.h"
#include "tlog/checkpoint.h"

namespace entente::store {
namespace {

using node::SignedHead;
using node::SignerState;

tlog::LogKey test_key() {
    Rng rng(11);
    return must(tlog::LogKey::generate(test_origin.v, rng.bytes()));
}

SignedHead signed_head(std::uint64_t size) { return {TreeSize{size}, root_of(size)}; }

std::string text_of(const SignedHead& head) {
    return tlog::format_checkpoint({test_origin, head.size, head.root, {}});
}

/// The contract of node::Signer, against every signer that there is.
struct World {
    TempDir dir;
    bool in_files = false;
    std::unique_ptr<node::Signer> signer;

    explicit World(bool files) : in_files(files) {
        if (files) must(create_file_signer(path(), test_key()));
        open();
    }
    std::string path() const { return dir.path() + "/signer"; }
    void open() {
        if (in_files) {
            signer = must(open_file_signer(path()));
        } else if (!signer) {
            signer = std::make_unique<MemorySigner>(test_key());
        }
    }
};

class Signer : public ::testing::TestWithParam<bool> {
  protected:
    World world_{GetParam()};
    node::Signer& signer() { return *world_.signer; }
    Result<Bytes> propose(std::uint64_t size) {
        return signer().propose(signed_head(size), text_of(signed_head(size)));
    }
    SignerState state() {
        world_.open();  // what a new process would find
        return must(signer().state());
    }
};
INSTANTIATE_TEST_SUITE_P(All, Signer, ::testing::Values(false, true),
                         [](const auto& kind) { return kind.param ? "File" : "Memory"; });

TEST_P(Signer, SignsAndRemembers) {
    EXPECT_EQ(state().last, std::nullopt);
    const Bytes signature = must(propose(3));
    const auto key = must(tlog::VerifierKey::parse(must(signer().vkey())));
    EXPECT_TRUE(verify(key.key, text_of(signed_head(3)), signature));
    EXPECT_EQ(state().next, signed_head(3));
    EXPECT_EQ(state().last, std::nullopt);
    must(signer().settle());
    EXPECT_EQ(state().last, signed_head(3));
    EXPECT_EQ(state().next, std::nullopt);
}

TEST_P(Signer, ForgetsWhatWasDropped) {
    must(propose(3));
    must(signer().settle());
    must(propose(5));
    must(signer().drop());
    EXPECT_EQ(state().last, signed_head(3));
    EXPECT_EQ(state().next, std::nullopt);
    must(signer().drop());
    EXPECT_EQ(signer().settle().error().code, Errc::refused);
    must(propose(4));
}

TEST_P(Signer, RefusesASmallerTreeAndASecondOneOfTheSameSize) {
    must(propose(5));
    must(signer().settle());
    EXPECT_EQ(propose(4).error().code, Errc::refused);
    SignedHead fork = signed_head(5);
    fork.root = root_of(6);
    EXPECT_EQ(signer().propose(fork, text_of(fork)).error().code, Errc::refused);
    EXPECT_EQ(state().next, std::nullopt);
    must(propose(5));  // the same head once more
}

TEST_P(Signer, DoesNotOverwriteAPendingHead) {
    const Bytes first = must(propose(5));
    EXPECT_EQ(must(propose(5)), first);
    EXPECT_EQ(propose(6).error().code, Errc::refused);
    EXPECT_EQ(state().next, signed_head(5));
}

TEST_P(Signer, SignsNothingButTheCheckpointOfTheHead) {
    for (const std::string& text :
         {text_of(signed_head(6)), text_of(signed_head(5)) + "x\n", std::string()}) {
        EXPECT_EQ(signer().propose(signed_head(5), text).error().code, Errc::refused) << text;
    }
    EXPECT_EQ(state().next, std::nullopt);
}

TEST(FileSigner, RefusesAKeyThatOthersMayRead) {
    World world(true);
    const std::string file = world.path() + "/key";
    for (const auto loose : {std::filesystem::perms(0640), std::filesystem::perms(0604),
                             std::filesystem::perms(0700)}) {
        std::filesystem::permissions(file, loose);
        const auto opened = open_file_signer(world.path());
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Errc::refused);
        EXPECT_NE(opened.error().detail.find("chmod 600 " + file), std::string::npos);
    }
}

TEST(FileSigner, MakesItsFilesForItsOwnerOnly) {
    World world(true);
    must(world.signer->propose(signed_head(1), text_of(signed_head(1))));
    for (const char* file : {"/key", "/next"}) {
        EXPECT_EQ(must(os_files().stat(world.path() + file))->mode, 0600u) << file;
    }
    EXPECT_EQ(must(os_files().stat(world.path()))->mode, 0700u);
}

TEST(FileSigner, NeverOverwritesAKey) {
    World world(true);
    const auto again = create_file_signer(world.path(), test_key());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::refused);
    EXPECT_EQ(open_file_signer(world.dir.path()).error().code, Errc::not_found);
}

TEST(FileSigner, FindsADamagedKeyWithoutShowingIt) {
    World world(true);
    const std::string secret = test_key().text();
    std::ofstream(world.path() + "/key") << secret.substr(0, secret.size() - 2) << "\n";
    const auto opened = open_file_signer(world.path());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail.find(secret.substr(secret.size() - 12, 8)), std::string::npos);
    EXPECT_NE(opened.error().detail.find(world.path() + "/key"), std::string::npos);
}

// Every cut and every flipped bit of a remembered head is found, and nothing is signed after it.
TEST(FileSigner, FindsATornMemory) {
    World world(true);
    must(world.signer->propose(signed_head(300), text_of(signed_head(300))));
    must(world.signer->settle());
    const std::string file = world.path() + "/last";
    const Bytes good = *must(os_files().read(file, head_file_bytes_max));
    const auto refuses = [&](const Bytes& bytes) {
        must(os_files().write(file, bytes));
        const auto state = world.signer->state();
        return !state && state.error().detail.find(file) != std::string::npos &&
               !world.signer->propose(signed_head(301), text_of(signed_head(301)));
    };
    for (std::size_t size = 0; size < good.size(); size += 7) {
        EXPECT_TRUE(refuses(good.substr(0, size))) << size;
    }
    for (std::size_t at = 0; at < good.size(); at += 3) {
        Bytes bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        EXPECT_TRUE(refuses(bad)) << at;
    }
    EXPECT_TRUE(refuses(good + "\n"));
    EXPECT_FALSE(refuses(good));
}

TEST(HeadFile, RefusesAnotherKeysMemory) {
    const Bytes bytes = format_head_file("a+00000000+AAAA", signed_head(3));
    EXPECT_EQ(must(parse_head_file(bytes, "a+00000000+AAAA")), signed_head(3));
    EXPECT_FALSE(parse_head_file(bytes, "b+00000000+AAAA"));
}

TEST(FaultSigner, FailsTheWriteThatItWasTold) {
    MemorySigner memory(test_key());
    FaultSigner signer(memory);
    signer.fail_write(0, Fault::not_persisted);
    signer.fail_write(1, Fault::persisted);
    const SignedHead head = signed_head(2);
    EXPECT_EQ(signer.propose(head, text_of(head)).error().code, Errc::unavailable);
    EXPECT_EQ(must(signer.state()).next, std::nullopt);
    EXPECT_EQ(signer.propose(head, text_of(head)).error().code, Errc::unavailable);
    EXPECT_EQ(must(signer.state()).next, head);
    must(signer.settle());
}

}  // namespace
}  // namespace entente::store
