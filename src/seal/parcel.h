// SPDX-License-Identifier: Apache-2.0
// Parcels: releases on their way to one recipient (PROTOCOL 9; doc/protocol/exchange.md,
// "Releases"). A fresh release key for each parcel wraps the bodies' keys; it travels in a box
// sealed to the recipient. Who can open a parcel may pass the bodies on; nothing here hinders that.
//
//     ParcelWriter parcel(author, recipient, first, random);
//     while (parcel.add(leaf, carried)) ...;                       // false: it is full
//     Bytes bytes = std::move(parcel).seal(root, their_key, random);
//
//     TRY(parcel, open_parcel(bytes, secret));                     // of views into the bytes
//     // The caller compares context, list root, bodies.
//
// Cost: one XChaCha20-Poly1305 of 64 or 96 bytes and a copy a release. Not thread-safe.
#pragma once

#include <vector>

#include "base/x25519.h"
#include "seal/release.h"

namespace entente::seal {

/// What a parcel says it is: releases [first, size) of a list whose root at `size` is `root`.
struct ParcelContext {
    Origin author;
    PartyId recipient;
    std::uint64_t first = 0;
    TreeSize size;
    Hash root;
    bool operator==(const ParcelContext&) const = default;
};

class ParcelWriter {
  public:
    ParcelWriter(Origin author, PartyId recipient, std::uint64_t first, const Random& random);

    /// The next release of the list, by its leaf (format_release) and the bodies of its slots, but
    /// for those that were recalled since (PROTOCOL 12): they are left out of `carried`. False, and
    /// nothing done, if it would pass limits::parcel_releases_max or limits::parcel_bytes_max.
    bool add(BytesView leaf, const Carried& carried);
    std::uint64_t count() const { return count_; }
    /// The list's size after these.
    TreeSize size() const { return {first_ + count_}; }
    /// `root`: the list's at size(). Precondition: count() > 0.
    Bytes seal(const Hash& root, const SealingKey& to, const Random& random) &&;

  private:
    Origin author_;
    PartyId recipient_;
    std::uint64_t first_;
    std::uint64_t count_ = 0;
    Secret release_key_;
    Bytes releases_;
};

struct Delivered {
    Release release;
    BytesView leaf;   // the release's bytes
    Carried carried;  // release.slots, but for what was recalled since (never the head)
};

struct Parcel {
    ParcelContext context;
    std::vector<Delivered> releases;  // context.first .. context.size - 1; views into the parcel
};

/// The context alone, before anything is opened. Limits, form, and nothing else.
Result<ParcelContext> parcel_context(BytesView parcel);
/// Errc::bad_signature if it is not sealed to this key, its context is not the one that was sealed,
/// or a key or leaf was altered. Whether the context is the expected one, the leaves lead to its
/// root, and the bodies are those of the entries, is for the caller.
Result<Parcel> open_parcel(BytesView parcel, const SealingSecret& secret);

}  // namespace entente::seal
