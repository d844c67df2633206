// SPDX-License-Identifier: Apache-2.0
// For tests only: a log of a few lines, which signs what it is asked to, lies included.
#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/assert.h"
#include "mirror/mirror.h"
#include "tlog/key.h"
#include "tlog/tile.h"

namespace entente::mirror::test {

inline bool is_long() {
    const char* const env = std::getenv("ENTENTE_LONG");
    return env != nullptr && std::string_view(env) == "1";
}

/// A log under one key. Branches of one name share the key; `branch` is the index from which on
/// their entries differ from those of the plain log.
class World {
  public:
    explicit World(std::size_t entries, std::size_t branch = ~std::size_t{0},
                   const std::string& name = "demo-x/fr")
        : key_(make_key(name)) {
        for (std::size_t i = 0; i < entries; ++i) append(entry_text(i, i >= branch));
    }
    static Bytes entry_text(std::size_t i, bool forked) {
        return (forked ? "forked " : "entry ") + std::to_string(i) + Bytes(i % 7, '.');
    }
    void append(Bytes entry) {
        tree_.append(tlog::leaf_hash(entry));
        entries_.push_back(std::move(entry));
    }

    const tlog::VerifierKey& log() const { return key_.verifier(); }
    const tlog::LogKey& key() const { return key_; }
    const tlog::Tree& tree() const { return tree_; }
    const std::vector<Bytes>& entries() const { return entries_; }

    /// The signed head of this size.
    const tlog::SignedCheckpoint& head(std::size_t size) const {
        auto& slot = heads_[size];
        if (slot.note.text.empty()) slot = signed_head(size, tree_.root({size}));
        return slot;
    }
    /// Any root under any size, signed.
    tlog::SignedCheckpoint signed_head(std::size_t size, const Hash& root) const {
        const tlog::Checkpoint checkpoint{{log().name}, {size}, root, {}};
        const std::string text = tlog::format_checkpoint(checkpoint);
        return {checkpoint, {text, {{log().name, log().id(), key_.sign(text)}}}};
    }
    tlog::Proof proof(std::size_t older, std::size_t newer) const {
        if (older == 0 || older == newer) return {};
        return tree_.consistency_proof({older}, {newer}).value();
    }
    /// What a source of this log would show a mirror that holds `held` entries and knows the head
    /// of size `from`.
    Chunk chunk(std::size_t held, std::size_t from, std::size_t to, std::size_t size) const {
        Chunk out{head(size), {from}, proof(from, size), {held}, {}, proof(to, size)};
        out.entries.assign(entries_.begin() + static_cast<std::ptrdiff_t>(held),
                           entries_.begin() + static_cast<std::ptrdiff_t>(to));
        return out;
    }

  private:
    static tlog::LogKey make_key(const std::string& name) {
        Rng rng(name.size());
        return tlog::LogKey::generate(name, rng.bytes()).value();
    }
    tlog::LogKey key_;
    tlog::Tree tree_;
    std::vector<Bytes> entries_;
    mutable std::map<std::size_t, tlog::SignedCheckpoint> heads_;
};

/// A mirror of the log that holds `held` entries and knows the head of size `newest`.
inline Mirror mirror_of(const World& world, std::size_t held, std::size_t newest) {
    Mirror out(world.log());
    ASSERT(out.adopt(out.advance(world.chunk(0, 0, held, newest)).value()).has_value());
    return out;
}

}  // namespace entente::mirror::test
