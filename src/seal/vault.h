// SPDX-License-Identifier: Apache-2.0
// Bodies at rest: the bytes of a vault row (PROTOCOL 30, 31: `wrapped_keys`, `ciphertexts`).
// Each body has a fresh key of its own, so that it can be released alone and destroyed alone; the
// keys of one entry are wrapped together under the vault key. It is not the store, and does not
// know commitments: who opens a body compares it with its entry (commitment.h).
//
// wrapped_keys, version 1:
//     u8 version = 1 | u8 state of head, coarse, exact: 0 unused, 1 sealed, 2 purged | 24 nonce |
//     XChaCha20-Poly1305 under the vault key of the 32-byte keys of the sealed slots, in order,
//     with associated data "entente/vault/keys/v1\n" || leaf hash || the 4 bytes before the nonce
// ciphertexts, version 1:
//     u8 version = 1 | u32 big-endian length of each slot's ciphertext, 0 if unused | these:
//     ChaCha20-Poly1305 (RFC 8439) under the body's key, nonce zero (the key is used once), of
//     salt || body, with associated data "entente/vault/body/v1\n" || leaf hash || u8 slot
//
//     Vault vault(key);
//     Sealed row = vault.seal(leaf, bodies, os_random());
//     TRY(opened, vault.open(leaf, row.wrapped_keys, row.ciphertexts));
//
// Const methods are safe from several threads.
#pragma once

#include <array>
#include <optional>

#include "base/ed25519.h"

namespace entente::seal {

constexpr std::size_t slot_count = 3;  // head, coarse, exact

struct SaltedBody {
    Hash salt;
    Bytes body;  // at most limits::body_bytes_max
    bool operator==(const SaltedBody&) const = default;
};
using Bodies = std::array<std::optional<SaltedBody>, slot_count>;

/// The numbers are on disk and never change.
enum class SlotState : std::uint8_t { unused = 0, sealed = 1, purged = 2 };

struct Sealed {
    Bytes wrapped_keys;
    Bytes ciphertexts;
};

/// Which bodies of an entry.
using SlotSet = std::array<bool, slot_count>;

/// Bodies on their way from one vault into another: of each slot its key and the ciphertext that
/// the author made once, which stays as it is (its associated data are leaf and slot). The
/// ciphertexts are views into the row or parcel they were taken from.
struct Carried {
    SlotSet slots{};
    std::array<Secret, slot_count> keys;
    std::array<BytesView, slot_count> ciphertexts;
};

struct Opened {
    Bodies bodies;  // present exactly where the state is `sealed`
    std::array<SlotState, slot_count> states{};
    bool operator==(const Opened&) const = default;
};

class Vault {
  public:
    explicit Vault(const Secret& key);

    /// Precondition: each body within limits::body_bytes_max.
    Sealed seal(const Hash& leaf_hash, const Bodies& bodies, const Random& random) const;
    /// Errc::malformed for a bad form, Errc::bad_signature where a key or row is not this one's.
    Result<Opened> open(const Hash& leaf_hash, BytesView wrapped_keys, BytesView ciphertexts) const;
    /// The slots' states without the bodies; the row is authenticated all the same.
    Result<std::array<SlotState, slot_count>> states(const Hash& leaf_hash,
                                                     BytesView wrapped_keys) const;
    /// New wrapped_keys in which this slot's key is no more (PROTOCOL 12). Whoever stores it must
    /// overwrite the old. A slot already purged stays so; an unused one is Errc::not_found.
    /// Precondition: slot < slot_count.
    Result<Bytes> purge(const Hash& leaf_hash, BytesView wrapped_keys, std::size_t slot,
                        const Random& random) const;

    /// For a release: these bodies as they lie in the row, without opening them. Errc::not_found if
    /// one of them is not there or was purged.
    Result<Carried> take_out(const Hash& leaf_hash, BytesView wrapped_keys, BytesView ciphertexts,
                             const SlotSet& slots) const;
    /// For a recipient: the row (or none yet: both empty) with what was released in it. A slot that
    /// is released takes the place of what the row has in it: it fills an unused one, it renews a
    /// sealed one, and it ends a purge, because who releases again means it to be read. Others stay
    /// as they are, purged ones purged. Whoever calls has compared the bodies with their
    /// commitments first (open_carried). Errc::malformed where a ciphertext cannot be a body's.
    Result<Sealed> put_in(const Hash& leaf_hash, BytesView wrapped_keys, BytesView ciphertexts,
                          const Carried& released, const Random& random) const;

    /// A key for another use, which this context names. Who has it knows nothing of the vault's.
    Secret derive(BytesView context) const;

  private:
    Secret key_;
};

/// The bodies that are carried. Errc::bad_signature if one is not this leaf's and slot's.
Result<Bodies> open_carried(const Hash& leaf_hash, const Carried& carried);

}  // namespace entente::seal
