// SPDX-License-Identifier: Apache-2.0
// Reading whole files within a limit, whatever size they state.
#include "store/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"

namespace entente::store {
namespace {

std::string file_of(const Bytes& bytes) {
    const std::string path = testing::TempDir() + "/entente-files-test-" +
                             testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
}

TEST(Files, ReadsUpToTheLimitAndNotOneByteMore) {
    Rng rng(1);
    for (const std::size_t size : {0u, 1u, 2u, 4095u, 4096u, 4097u, 100'000u}) {
        Bytes bytes(size, '\0');
        for (char& c : bytes) c = static_cast<char>(rng.below(256));
        const std::string path = file_of(bytes);
        for (const std::size_t most : {size, size + 1, 2 * size + 3, std::size_t{1} << 25}) {
            const auto read = os_files().read(path, most);
            ASSERT_TRUE(read && *read) << size << " of at most " << most;
            EXPECT_EQ(**read, bytes);
        }
        if (size > 0) {
            EXPECT_EQ(os_files().read(path, size - 1).error().code, Errc::too_large);
        }
    }
}

TEST(Files, NothingForAFileThatIsNotThere) {
    const auto read = os_files().read(file_of("") + "-none", 10);
    ASSERT_TRUE(read);
    EXPECT_FALSE(*read);
}

// The kernel states 0 bytes for it, as for a file that grew since it was opened.
TEST(Files, ReadsOnWhereMoreComesThanWasStated) {
    const std::string path = "/proc/self/maps";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path << " here";
    const auto read = os_files().read(path, 1u << 24);
    ASSERT_TRUE(read && *read);
    EXPECT_GT((*read)->size(), 256u);
    EXPECT_TRUE((*read)->ends_with('\n'));
    EXPECT_EQ(os_files().read(path, 100).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::store
