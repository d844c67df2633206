// SPDX-License-Identifier: Apache-2.0
// Exports of trees of telling sizes, verified by audit() and by tools/verify_tiles.py, and damaged.
#include "tlog/audit.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "base/random.h"
#include "tlog/oracle.h"
#include "tlog/vectors.h"

namespace entente::tlog {
namespace {

constexpr std::size_t telling_sizes[] = {0, 1, 255, 256, 257, 65'537, 155'599};

const LogKey& log_key() {
    Rng rng(42);
    static const LogKey key = LogKey::generate("entente-0123456789abcdef/un", rng.bytes()).value();
    return key;
}

oracle::Files files_of(std::size_t size) {
    return oracle::exported(oracle::entries(size), log_key());
}

AuditWants wants() { return {.origin = {log_key().verifier().name}, .key = log_key().verifier()}; }

Result<SignedCheckpoint> audit_files(const oracle::Files& files) {
    const Get get = [&files](const std::string& path) -> Result<Bytes> {
        const auto file = files.find(path);
        if (file == files.end()) return fail(Errc::not_found, "no such file");
        return file->second;
    };
    return audit(get, wants());
}

void flip(Bytes& bytes, std::uint64_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
}

// `tile/1`, `tile/entries.p`, `checkpoint`: what a file is, leaving out which.
std::string kind_of(const std::string& path) {
    const std::string kind = path.substr(0, path.find('/', 5));
    return path.find(".p/") == path.npos ? kind : kind + ".p";
}

TEST(Audit, AcceptsWhatWasExported) {
    for (const std::size_t size : telling_sizes) {
        const oracle::Files files = files_of(size);
        std::uint64_t last = 0;
        std::uint64_t total = 0;
        AuditWants wanted = wants();
        wanted.progress = [&](std::uint64_t done, std::uint64_t of) {
            EXPECT_EQ(done, last + 1);
            last = done;
            total = of;
        };
        const auto head =
            audit([&](const std::string& path) -> Result<Bytes> { return files.at(path); }, wanted);
        ASSERT_TRUE(head) << size << ": " << head.error().detail;
        EXPECT_EQ(head->checkpoint.size.v, size);
        EXPECT_EQ(last, files.size());
        EXPECT_EQ(total, files.size());
    }
}

TEST(Audit, NamesTheFileOfOneFlippedBit) {
    for (const std::size_t size : telling_sizes) {
        oracle::Files files = files_of(size);
        Rng rng(size + 1);
        std::map<std::string, std::vector<std::string>> kinds;
        for (const auto& [path, bytes] : files) kinds[kind_of(path)].push_back(path);
        const int rounds = vectors::is_long() ? 300 : size > 1000 ? 1 : 40;
        for (const auto& [kind, paths] : kinds) {
            for (int round = 0; round < rounds; ++round) {
                const std::string& path = paths[rng.below(paths.size())];
                Bytes& bytes = files[path];
                const std::uint64_t bit = rng.below(bytes.size() * 8);
                flip(bytes, bit);
                const auto head = audit_files(files);
                ASSERT_FALSE(head) << size << " " << path << " bit " << bit;
                EXPECT_EQ(head.error().detail.rfind(path, 0), 0u)
                    << path << ": " << head.error().detail;
                flip(bytes, bit);
            }
        }
        ASSERT_TRUE(audit_files(files));
    }
}

TEST(Audit, NamesTheEntryAndItsHash) {
    oracle::Files files = files_of(1000);
    files["tile/entries/003.p/232"][35] = '!';
    EXPECT_EQ(audit_files(files).error().detail,
              "tile/entries/003.p/232: entry 770 does not hash to tile/0/003.p/232[2], and the "
              "entries do not lead to the signed root");
    files = files_of(1000);
    flip(files["tile/0/002"], 33 * 256);
    EXPECT_EQ(audit_files(files).error().detail,
              "tile/0/002[33]: entry 545 does not hash to it; the entries are the signed ones, so "
              "this tile is wrong");
    files = files_of(1000);
    flip(files["tile/1/000.p/3"], 256);
    EXPECT_EQ(audit_files(files).error().detail,
              "tile/1/000.p/3[1]: is not the root of entries 256 to 511; the entries are the "
              "signed ones, so this tile is wrong");
}

TEST(Audit, NamesMissingShortAndLongFiles) {
    const oracle::Files good = files_of(300);
    for (const auto& [path, bytes] : good) {
        oracle::Files files = good;
        files.erase(path);
        EXPECT_EQ(audit_files(files).error().detail, path + ": no such file");
        files[path] = bytes.substr(0, bytes.size() - 1);
        EXPECT_EQ(audit_files(files).error().detail.rfind(path, 0), 0u) << path;
        files[path] = bytes + "x";
        EXPECT_EQ(audit_files(files).error().detail.rfind(path, 0), 0u) << path;
        files[path] = "";
        EXPECT_EQ(audit_files(files).error().detail.rfind(path, 0), 0u) << path;
    }
}

TEST(Audit, ASignedRootThatIsNotTheEntriesIsTheCheckpointsFault) {
    oracle::Files files = files_of(300);
    Checkpoint head{
        .origin = {log_key().verifier().name}, .size = {300}, .root = {}, .extensions = {}};
    const Bytes signature = log_key().sign(format_checkpoint(head));
    files["checkpoint"] = sign_checkpoint(head, log_key().verifier(), signature).value().bytes();
    EXPECT_EQ(audit_files(files).error().detail.rfind("checkpoint: its root is not", 0), 0u);
    // A size beyond all memory is met file by file.
    head.size.v = std::uint64_t{1} << 62;
    files["checkpoint"] =
        sign_checkpoint(head, log_key().verifier(), log_key().sign(format_checkpoint(head)))
            .value()
            .bytes();
    EXPECT_EQ(audit_files(files).error().detail, "tile/entries/001: no such file");
}

// The same exports on disk, for the verifier in Python.
class PythonAudit : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::system("python3 -c '' && openssl version >/dev/null") != 0) {
            GTEST_SKIP() << "python3 or the openssl program is not there";
        }
        std::string name = (std::filesystem::temp_directory_path() / "tiles-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override {
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }
    void write(const oracle::Files& files) {
        std::filesystem::remove_all(folder_);
        for (const auto& [path, bytes] : files) write(path, bytes);
    }
    void write(const std::string& path, const Bytes& bytes) {
        std::filesystem::create_directories((folder_ / path).parent_path());
        std::ofstream(folder_ / path, std::ios::binary) << bytes;
    }
    /// What the script says, with its exit status in front: "0 ok: ...", "1 tile/0/003: ...".
    std::string verify(const VerifierKey& key = log_key().verifier()) {
        const std::string command =
            "python3 tools/verify_tiles.py '" + folder_.string() + "' '" + key.text() + "' 2>&1";
        FILE* pipe = popen(command.c_str(), "r");
        std::string out;
        for (int c; (c = std::fgetc(pipe)) != EOF;) out += static_cast<char>(c);
        return std::to_string(WEXITSTATUS(pclose(pipe))) + " " + out;
    }
    std::filesystem::path folder_;
};

TEST_F(PythonAudit, AcceptsWhatWasExported) {
    for (const std::size_t size : telling_sizes) {
        write(files_of(size));
        const std::string said = verify();
        EXPECT_EQ(said.rfind("0 ok: " + log_key().verifier().name + " " + std::to_string(size), 0),
                  0u)
            << said;
    }
}

TEST_F(PythonAudit, NamesTheFileOfOneFlippedBit) {
    const oracle::Files files = files_of(65'537);
    write(files);
    Rng rng(77);
    std::map<std::string, std::vector<std::string>> kinds;
    for (const auto& [path, bytes] : files) kinds[kind_of(path)].push_back(path);
    const int rounds = vectors::is_long() ? 50 : 1;
    for (const auto& [kind, paths] : kinds) {
        for (int round = 0; round < rounds; ++round) {
            const std::string& path = paths[rng.below(paths.size())];
            Bytes bytes = files.at(path);
            flip(bytes, rng.below(bytes.size() * 8));
            write(path, bytes);
            const std::string said = verify();
            EXPECT_EQ(said.rfind("1 " + path, 0), 0u) << path << ": " << said;
            write(path, files.at(path));
        }
    }
    EXPECT_EQ(verify().rfind("0 ok", 0), 0u);
}

TEST_F(PythonAudit, ChecksOlderPartialTilesAndNamesStrayFiles) {
    oracle::Files files = files_of(300);
    for (const auto& [path, bytes] : files_of(280)) files.try_emplace(path, bytes);
    write(files);
    EXPECT_EQ(verify().rfind("0 ok", 0), 0u);
    for (const char* path : {"tile/0/001.p/24", "tile/entries/001.p/24"}) {
        Bytes bytes = files.at(path);
        flip(bytes, 77);
        write(path, bytes);
        const std::string said = verify();
        EXPECT_EQ(said.rfind(std::string("1 ") + path, 0), 0u) << said;
        write(path, files.at(path));
    }
    write("tile/0/009", Bytes(8192, 'x'));
    EXPECT_EQ(verify().rfind("1 tile/0/009", 0), 0u);
}

TEST_F(PythonAudit, RefusesAnotherKey) {
    write(files_of(3));
    Rng rng(43);
    const LogKey other = LogKey::generate(log_key().verifier().name, rng.bytes()).value();
    EXPECT_EQ(verify(other.verifier()).rfind("1 checkpoint", 0), 0u);
}

}  // namespace
}  // namespace entente::tlog
