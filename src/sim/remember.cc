// SPDX-License-Identifier: Apache-2.0
// What makes a world cheap: what libsodium said of a signature or a key once is remembered, for in
// a world every head and cosignature is verified by every party, and again at each of its starts.
// Both are functions of their bytes and of nothing else, all of which are compared. Linked into the
// tests of this room alone, between the core and the library (cmake/sim.cmake).
#include "sim/remember.h"

#include <sodium.h>

#include <string>
#include <unordered_map>

namespace {

struct Remembered {
    bool on = true;
    std::uint64_t asked = 0;  // signatures
    std::unordered_map<std::string, int> answers;
};

Remembered& remembered() {
    static thread_local Remembered out;
    return out;
}

template <class Ask>
int once(std::string key, const Ask& ask) {
    Remembered& known = remembered();
    if (!known.on) return ask();
    const auto found = known.answers.find(key);
    if (found != known.answers.end()) return found->second;
    const int said = ask();
    known.answers.emplace(std::move(key), said);
    return said;
}

std::string text(const unsigned char* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's --wrap names them
extern "C" {
int __real_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key);
int __real_crypto_core_ed25519_is_valid_point(const unsigned char* point);

int __wrap_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key) {
    ++remembered().asked;
    return once(text(signature, crypto_sign_BYTES) + text(key, crypto_sign_PUBLICKEYBYTES) +
                    text(message, size),
                [&] { return __real_crypto_sign_verify_detached(signature, message, size, key); });
}

int __wrap_crypto_core_ed25519_is_valid_point(const unsigned char* point) {
    return once(text(point, crypto_core_ed25519_BYTES),
                [&] { return __real_crypto_core_ed25519_is_valid_point(point); });
}
}
// NOLINTEND(bugprone-reserved-identifier): as above

namespace entente::sim {

void remember_signatures(bool on) { remembered().on = on; }
void forget_signatures() { remembered().answers.clear(); }
std::uint64_t signatures_asked() { return remembered().asked; }

}  // namespace entente::sim
