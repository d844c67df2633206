// SPDX-License-Identifier: Apache-2.0
// Passwords against libsodium's own verification of the same hash in its string form, and how often
// one may be tried.
#include "people/password.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "base/encode.h"
#include "people/attempts.h"

namespace entente::people {
namespace {

using std::chrono::minutes;

// The smallest cost that libsodium takes: what is tested is the form.
constexpr Cost cheap{1, crypto_pwhash_argon2id_MEMLIMIT_MIN};
const Instant noon = instant(1'800'000'000'000);

std::string unpadded(std::string text) {
    while (text.ends_with('=')) text.pop_back();
    return text;
}

TEST(Password, IsWhatLibsodiumVerifies) {
    Rng rng(7);
    for (const std::string password : {"four words of nothing", "كلمة السر الطويلة جدا", ""}) {
        const auto hash = hash_password(password, rng.bytes(), cheap);
        ASSERT_TRUE(hash);
        EXPECT_TRUE(is_password(*hash, password));
        EXPECT_FALSE(is_password(*hash, password + "x"));
        // argon2id:passes:bytes:salt:hash -> $argon2id$v=19$m=KiB,t=passes,p=1$salt$hash
        const std::size_t salt = hash->find(':', hash->find(':', 9) + 1) + 1;
        const std::size_t end = hash->find(':', salt);
        const Bytes raw_salt = *from_base64url(hash->substr(salt, end - salt));
        const Bytes raw_hash = *from_base64url(hash->substr(end + 1));
        const std::string phc = "$argon2id$v=19$m=" + std::to_string(cheap.memory_bytes / 1024) +
                                ",t=1,p=1$" + unpadded(to_base64(raw_salt)) + "$" +
                                unpadded(to_base64(raw_hash));
        EXPECT_EQ(crypto_pwhash_argon2id_str_verify(phc.c_str(), password.data(), password.size()),
                  0)
            << phc;
    }
}

TEST(Password, IsNeverOneThatIsNoHash) {
    Rng rng(8);
    const std::string good = *hash_password("four words of nothing", rng.bytes(), cheap);
    for (const std::string& wrong :
         {std::string(), std::string("argon2id"), good.substr(1), good + ":", good + "A",
          std::string("argon2id:1:8192::"), std::string("argon2id:99:8192") + good.substr(15)}) {
        EXPECT_FALSE(is_password(wrong, "four words of nothing")) << wrong;
    }
    EXPECT_FALSE(no_password("four words of nothing", cheap));
}

TEST(Password, IsLongEnoughAndMoreThanTheName) {
    const struct {
        const char* password;
        bool good;
    } cases[] = {
        {"four words of nothing", true},
        {"correcthorse", true},
        {"correcthors", false},
        {"", false},
        {"aaaaaaaaaaaaaaaaaaaa", false},
        {"abababababababab", false},
        {"nadianadianadia", false},
        {"nadianadia12345", false},
        {"nadia and four words", true},
        {"كلمة السر طويلة", true},
        {"كلمةالسر", false},  // 8 characters in 16 bytes
        {"\xff\xfe not UTF-8 at all", false},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(bool(check_password(one.password, "nadia")), one.good) << one.password;
    }
    EXPECT_EQ(check_password(std::string(1025, 'a') + "bcdefgh", "nadia").error().code,
              Errc::too_large);
}

TEST(Attempts, AreFewAndComeBackWithTime) {
    Attempts attempts;
    const auto taken = [&](const char* name, const char* address, Instant now) {
        int count = 0;
        while (attempts.take(name, address, now) == Duration(0)) ++count;
        return count;
    };
    EXPECT_EQ(taken("nadia", "192.0.2.1", noon), 10);
    EXPECT_EQ(attempts.take("nadia", "192.0.2.1", noon), minutes(1));
    EXPECT_EQ(taken("nadia", "192.0.2.2", noon), 10) << "from elsewhere she still gets in";
    EXPECT_EQ(taken("omar", "192.0.2.1", noon), 10) << "and others do from there";
    EXPECT_EQ(taken("nadia", "192.0.2.1", noon + minutes(3)), 3);
    attempts.forgive("nadia", "192.0.2.1");
    EXPECT_EQ(taken("nadia", "192.0.2.1", noon + minutes(3)), 10) << "who knew it starts afresh";
    EXPECT_EQ(taken("nadia", "192.0.2.1", noon + std::chrono::hours(99)), 10)
        << "nobody is locked out for ever";
}

TEST(Attempts, FromEverywhereHaveABoundOfTheirOwn) {
    Attempts attempts;
    int count = 0;
    for (int address = 0; address < 100; ++address) {
        for (int i = 0; i < 10; ++i) {
            count += attempts.take("nadia", std::to_string(address), noon) == Duration(0) ? 1 : 0;
        }
    }
    EXPECT_EQ(count, 100);
}

TEST(Attempts, RememberABoundedNumber) {
    Attempts attempts;
    for (std::size_t i = 0; i < 3 * Attempts::buckets_max; ++i) {
        EXPECT_EQ(attempts.take(std::to_string(i), "a", noon + Duration(i)), Duration(0));
    }
}

}  // namespace
}  // namespace entente::people
