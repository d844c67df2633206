// SPDX-License-Identifier: Apache-2.0
#include "seal/vault.h"

#include <sodium.h>

#include "base/assert.h"
#include "base/limits.h"

namespace entente::seal {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t salt_bytes = 32;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t states_bytes = 1 + slot_count;            // version, states
constexpr std::size_t wrap_bytes = states_bytes + nonce_bytes;  // what stands before the keys
constexpr std::size_t lengths_bytes = 1 + 4 * slot_count;       // version, lengths
constexpr char version = 1;
constexpr BytesView keys_context = "entente/vault/keys/v1\n";
constexpr BytesView body_context = "entente/vault/body/v1\n";

static_assert(nonce_bytes == 24);
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == tag_bytes);
static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == tag_bytes);

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }
unsigned char* raw(Bytes& b) { return reinterpret_cast<unsigned char*>(b.data()); }

using Keys = std::array<Secret, slot_count>;
using States = std::array<SlotState, slot_count>;

// Fixed-size associated data, on the stack: `context || leaf hash || tail`.
class Associated {
  public:
    Associated(BytesView context, const Hash& leaf, BytesView tail) {
        for (BytesView part : {context, leaf.view(), tail}) {
            ASSERT(size_ + part.size() <= sizeof bytes_);
            std::memcpy(bytes_ + size_, part.data(), part.size());
            size_ += part.size();
        }
    }
    const unsigned char* data() const { return bytes_; }
    std::size_t size() const { return size_; }

  private:
    unsigned char bytes_[64];
    std::size_t size_ = 0;
};

Associated body_associated(const Hash& leaf, std::size_t slot) {
    const char tail = static_cast<char>(slot);
    return Associated(body_context, leaf, BytesView(&tail, 1));
}

// The key encrypts once in its life, so a fixed nonce is as good as a drawn one.
constexpr unsigned char zero_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {};

void append_length(Bytes& out, std::size_t length) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift & 255);
}

bool plausible_length(std::size_t length) {
    return length >= salt_bytes + tag_bytes &&
           length <= salt_bytes + limits::body_bytes_max + tag_bytes;
}

// Appends the ciphertext of salt || body, encrypted in place.
void seal_body(Bytes& out, const Hash& leaf, std::size_t slot, const SaltedBody& body,
               const Secret& key) {
    ASSERT(body.body.size() <= limits::body_bytes_max);
    const std::size_t begin = out.size();
    const std::size_t plain = salt_bytes + body.body.size();
    out += body.salt.view();
    out += body.body;
    out.resize(begin + plain + tag_bytes);
    const Associated associated = body_associated(leaf, slot);
    unsigned char* const at = raw(out) + begin;
    crypto_aead_chacha20poly1305_ietf_encrypt(at, nullptr, at, plain, associated.data(),
                                              associated.size(), nullptr, zero_nonce,
                                              key.bytes.data());
}

Result<SaltedBody> open_body(BytesView ciphertext, const Hash& leaf, std::size_t slot,
                             const Secret& key) {
    const Associated associated = body_associated(leaf, slot);
    Bytes plain(ciphertext.size() - tag_bytes, '\0');
    if (crypto_aead_chacha20poly1305_ietf_decrypt(
            raw(plain), nullptr, nullptr, raw(ciphertext), ciphertext.size(), associated.data(),
            associated.size(), zero_nonce, key.bytes.data()) != 0) {
        return fail(Errc::bad_signature, "the ciphertext of slot " + std::to_string(slot) +
                                             " was altered, or is another entry's");
    }
    SaltedBody out{.salt = Hash::from(BytesView(plain).substr(0, salt_bytes)), .body = {}};
    plain.erase(0, salt_bytes);
    out.body = std::move(plain);
    return out;
}

// `nonce` has nonce_bytes, `keys` hold those of the sealed slots.
Bytes wrap(const Secret& vault_key, const Hash& leaf, const States& states, const Keys& keys,
           const unsigned char* nonce) {
    Bytes out(1, version);
    for (SlotState state : states) out += static_cast<char>(state);
    const Associated associated(keys_context, leaf, out);
    out.append(reinterpret_cast<const char*>(nonce), nonce_bytes);
    out.reserve(wrap_bytes + slot_count * key_bytes + tag_bytes);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (states[slot] == SlotState::sealed) out += keys[slot].view();
    }
    const std::size_t plain = out.size() - wrap_bytes;
    out.resize(out.size() + tag_bytes);
    unsigned char* const at = raw(out) + wrap_bytes;
    crypto_aead_xchacha20poly1305_ietf_encrypt(at, nullptr, at, plain, associated.data(),
                                               associated.size(), nullptr, nonce,
                                               vault_key.bytes.data());
    return out;
}

struct Unwrapped {
    States states{};
    Keys keys;
};

Result<Unwrapped> unwrap(const Secret& vault_key, const Hash& leaf, BytesView wrapped) {
    const auto bad = [](const char* why) {
        return fail(Errc::malformed, std::string("wrapped keys: ") + why);
    };
    if (wrapped.size() < wrap_bytes + tag_bytes) return bad("too short");
    if (wrapped[0] != version) return bad("of another version than 1; a newer entente wrote them");
    Unwrapped out;
    std::size_t sealed = 0;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        const auto state = static_cast<unsigned char>(wrapped[1 + slot]);
        if (state > 2) return bad("a slot's state is none of unused, sealed, purged");
        out.states[slot] = static_cast<SlotState>(state);
        if (out.states[slot] == SlotState::sealed) ++sealed;
    }
    if (wrapped.size() != wrap_bytes + sealed * key_bytes + tag_bytes) {
        return bad("their length does not fit the slots' states");
    }
    const Associated associated(keys_context, leaf, wrapped.substr(0, states_bytes));
    unsigned char plain[slot_count * key_bytes];
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, nullptr, nullptr, raw(wrapped) + wrap_bytes, wrapped.size() - wrap_bytes,
            associated.data(), associated.size(), raw(wrapped) + states_bytes,
            vault_key.bytes.data()) != 0) {
        return fail(Errc::bad_signature,
                    "wrapped keys: not under this vault key, altered, or another entry's");
    }
    const unsigned char* next = plain;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (out.states[slot] != SlotState::sealed) continue;
        std::memcpy(out.keys[slot].bytes.data(), next, key_bytes);
        next += key_bytes;
    }
    sodium_memzero(plain, sizeof plain);
    return out;
}

// The slots' ciphertexts as views; empty where unused. A purged slot may keep its ciphertext, which
// nobody can open any more, or have lost it.
Result<std::array<BytesView, slot_count>> parse_ciphertexts(const States& states, BytesView bytes) {
    const auto bad = [](const std::string& why) {
        return fail(Errc::malformed, "ciphertexts: " + why);
    };
    constexpr std::size_t body_max = salt_bytes + limits::body_bytes_max + tag_bytes;
    if (bytes.size() < lengths_bytes) return bad("too short");
    if (bytes.size() > lengths_bytes + slot_count * body_max) return bad("too long");
    if (bytes[0] != version) return bad("of another version than 1; a newer entente wrote them");
    std::array<BytesView, slot_count> out;
    std::size_t at = lengths_bytes;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        std::size_t length = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            length = length << 8 | static_cast<unsigned char>(bytes[1 + 4 * slot + k]);
        }
        const bool plausible = plausible_length(length);
        const bool wanted = states[slot] == SlotState::sealed;
        const bool excluded = states[slot] == SlotState::unused;
        if ((wanted && !plausible) || (excluded && length != 0) || (length != 0 && !plausible) ||
            length > bytes.size() - at) {
            return bad("slot " + std::to_string(slot) + " cannot have " + std::to_string(length) +
                       " bytes here");
        }
        out[slot] = bytes.substr(at, length);
        at += length;
    }
    if (at != bytes.size()) return bad("bytes beyond the last slot");
    return out;
}

Bytes join_ciphertexts(const std::array<BytesView, slot_count>& parts) {
    Bytes out(1, version);
    for (const BytesView part : parts) append_length(out, part.size());
    for (const BytesView part : parts) out += part;
    return out;
}

}  // namespace

Vault::Vault(const Secret& key) : key_(key) { ASSERT(sodium_init() >= 0); }

Sealed Vault::seal(const Hash& leaf_hash, const Bodies& bodies, const Random& random) const {
    // One draw for all: a draw is a system call, and costs more than a key.
    unsigned char drawn[nonce_bytes + slot_count * key_bytes];
    random(drawn, sizeof drawn);
    Keys keys;
    States states{};
    std::size_t size = lengths_bytes;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!bodies[slot]) continue;
        states[slot] = SlotState::sealed;
        std::memcpy(keys[slot].bytes.data(), drawn + nonce_bytes + slot * key_bytes, key_bytes);
        size += salt_bytes + bodies[slot]->body.size() + tag_bytes;
    }
    Sealed out;
    out.wrapped_keys = wrap(key_, leaf_hash, states, keys, drawn);
    sodium_memzero(drawn, sizeof drawn);
    out.ciphertexts.reserve(size);
    out.ciphertexts += version;
    for (const auto& body : bodies) {
        append_length(out.ciphertexts, body ? salt_bytes + body->body.size() + tag_bytes : 0);
    }
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!bodies[slot]) continue;
        seal_body(out.ciphertexts, leaf_hash, slot, *bodies[slot], keys[slot]);
    }
    return out;
}

Result<Opened> Vault::open(const Hash& leaf_hash, BytesView wrapped_keys,
                           BytesView ciphertexts) const {
    TRY(unwrapped, unwrap(key_, leaf_hash, wrapped_keys));
    TRY(parts, parse_ciphertexts(unwrapped.states, ciphertexts));
    Opened out;
    out.states = unwrapped.states;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (out.states[slot] != SlotState::sealed) continue;
        TRY(body, open_body(parts[slot], leaf_hash, slot, unwrapped.keys[slot]));
        out.bodies[slot] = std::move(body);
    }
    return out;
}

Result<std::array<SlotState, slot_count>> Vault::states(const Hash& leaf_hash,
                                                        BytesView wrapped_keys) const {
    TRY(unwrapped, unwrap(key_, leaf_hash, wrapped_keys));
    return unwrapped.states;
}

Result<Bytes> Vault::purge(const Hash& leaf_hash, BytesView wrapped_keys, std::size_t slot,
                           const Random& random) const {
    ASSERT(slot < slot_count);
    TRY(unwrapped, unwrap(key_, leaf_hash, wrapped_keys));
    if (unwrapped.states[slot] == SlotState::unused) {
        return fail(Errc::not_found,
                    "slot " + std::to_string(slot) + " of this entry has no body to purge");
    }
    unwrapped.states[slot] = SlotState::purged;
    unsigned char nonce[nonce_bytes];
    random(nonce, sizeof nonce);
    return wrap(key_, leaf_hash, unwrapped.states, unwrapped.keys, nonce);
}

Result<Carried> Vault::take_out(const Hash& leaf_hash, BytesView wrapped_keys,
                                BytesView ciphertexts, const SlotSet& slots) const {
    TRY(unwrapped, unwrap(key_, leaf_hash, wrapped_keys));
    TRY(parts, parse_ciphertexts(unwrapped.states, ciphertexts));
    Carried out;
    out.slots = slots;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!slots[slot]) continue;
        if (unwrapped.states[slot] != SlotState::sealed) {
            const bool purged = unwrapped.states[slot] == SlotState::purged;
            return fail(Errc::not_found, "slot " + std::to_string(slot) + " of this entry " +
                                             (purged ? "was purged" : "has no body") +
                                             ", so that it cannot be released");
        }
        out.keys[slot] = unwrapped.keys[slot];
        out.ciphertexts[slot] = parts[slot];
    }
    return out;
}

Result<Sealed> Vault::put_in(const Hash& leaf_hash, BytesView wrapped_keys, BytesView ciphertexts,
                             const Carried& released, const Random& random) const {
    Unwrapped row;
    std::array<BytesView, slot_count> parts;
    if (!wrapped_keys.empty() || !ciphertexts.empty()) {
        TRY(unwrapped, unwrap(key_, leaf_hash, wrapped_keys));
        TRY(there, parse_ciphertexts(unwrapped.states, ciphertexts));
        row = std::move(unwrapped);
        parts = there;
    }
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!released.slots[slot]) continue;
        if (!plausible_length(released.ciphertexts[slot].size())) {
            return fail(Errc::malformed,
                        "slot " + std::to_string(slot) + " cannot have a ciphertext of " +
                            std::to_string(released.ciphertexts[slot].size()) + " bytes");
        }
        row.states[slot] = SlotState::sealed;
        row.keys[slot] = released.keys[slot];
        parts[slot] = released.ciphertexts[slot];
    }
    unsigned char nonce[nonce_bytes];
    random(nonce, sizeof nonce);
    return Sealed{wrap(key_, leaf_hash, row.states, row.keys, nonce), join_ciphertexts(parts)};
}

Secret Vault::derive(BytesView context) const {
    Secret out;
    crypto_generichash(out.bytes.data(), out.bytes.size(), raw(context), context.size(),
                       key_.bytes.data(), key_.bytes.size());
    return out;
}

Result<Bodies> open_carried(const Hash& leaf_hash, const Carried& carried) {
    Bodies out;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!carried.slots[slot]) continue;
        if (!plausible_length(carried.ciphertexts[slot].size())) {
            return fail(Errc::malformed, "slot " + std::to_string(slot) +
                                             ": a ciphertext of a length that no body has");
        }
        TRY(body, open_body(carried.ciphertexts[slot], leaf_hash, slot, carried.keys[slot]));
        out[slot] = std::move(body);
    }
    return out;
}

}  // namespace entente::seal
