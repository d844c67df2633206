// SPDX-License-Identifier: Apache-2.0
// For tests only: Merkle hashes and proofs as RFC 6962 section 2.1 writes them down, slowly, and a
// small log that can be exported. No production code includes this.
#pragma once

#include <bit>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/sha256.h"
#include "tlog/key.h"
#include "tlog/log.h"
#include "tlog/tile.h"

namespace entente::tlog::oracle {

inline Hash mth(std::span<const Bytes> d) {
    if (d.empty()) return sha256("");
    if (d.size() == 1) return sha256(Bytes(1, '\0') + d[0]);
    const std::size_t k = std::bit_floor(d.size() - 1);
    return sha256({"\x01", mth(d.first(k)).view(), mth(d.subspan(k)).view()});
}

inline Proof path(std::size_t m, std::span<const Bytes> d) {
    if (d.size() == 1) return {};
    const std::size_t k = std::bit_floor(d.size() - 1);
    Proof out = m < k ? path(m, d.first(k)) : path(m - k, d.subspan(k));
    out.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
    return out;
}

inline Proof subproof(std::size_t m, std::span<const Bytes> d, bool whole) {
    if (m == d.size()) return whole ? Proof{} : Proof{mth(d)};
    const std::size_t k = std::bit_floor(d.size() - 1);
    Proof out = m <= k ? subproof(m, d.first(k), whole) : subproof(m - k, d.subspan(k), false);
    out.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
    return out;
}

/// Entries of different lengths, among them the empty one.
inline std::vector<Bytes> entries(std::size_t count) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(i % 50 == 7 ? Bytes() : "entry " + std::to_string(i) + Bytes(i % 5, '.'));
    }
    return out;
}

inline std::vector<BytesView> views(std::span<const Bytes> entries) {
    return {entries.begin(), entries.end()};
}

using Files = std::map<std::string, Bytes>;

/// The static directory of a log of these entries, as `log export` writes it.
inline Files exported(std::span<const Bytes> entries, const LogKey& key) {
    Log log(Origin{key.verifier().name});
    if (!entries.empty()) {
        const auto pending = log.prepare(views(entries)).value();
        ASSERT(log.adopt(pending).has_value());
    }
    const Bytes signature = key.sign(format_checkpoint(log.checkpoint()));
    Files out;
    out["checkpoint"] =
        sign_checkpoint(log.checkpoint(), key.verifier(), signature).value().bytes();
    for (const Tile& tile : tiles_of(log.size())) {
        Bytes& file = out[tile.path()];
        if (tile.kind == Tile::Kind::hashes) {
            file = hash_tile(log.tree(), tile);
            continue;
        }
        for (std::uint64_t i = 0; i < tile.width; ++i) {
            ASSERT(append_to_bundle(file, entries[tile.first().v + i]).has_value());
        }
    }
    return out;
}

}  // namespace entente::tlog::oracle
