// SPDX-License-Identifier: Apache-2.0
// The rows of a store's file as they lie there, for scrubbing: what a page or a checksum finds
// wrong is named and passed over, and everything else is still read. It judges nothing that only
// keys or trees can judge (cli/scrub.cc does), and writes only what a repair is sure of. Holds the
// directory's lock as the writer.
//
//     TRY(rows, RawRows::open(path, [](Damage d) { ... }));
//     rows->pages();
//     rows->entries(origin, [](EntryIndex index, Bytes bytes) { ... });
#pragma once

#include <functional>
#include <memory>

#include "node/ports.h"
#include "store/sqlite_store.h"

namespace entente::store {

struct Damage {
    std::string row;   // `entry 17 of log ORIGIN`
    std::string what;  // what is wrong with it
    bool operator==(const Damage&) const = default;
};
using OnDamage = std::function<void(Damage)>;

struct RawHead {
    node::StoredHead head;
    bool whole = false;  // its checksum holds
};

/// What is written back, all or nothing.
struct Repairs {
    std::vector<std::pair<Origin, node::StoredEntry>> entries;  // bytes only, in place or anew
    std::vector<node::StoredHead> heads;
    std::vector<std::pair<std::string, Bytes>> local = {};
};

class RawRows {
  public:
    virtual ~RawRows() = default;
    /// Errors are those of a file that cannot be opened at all.
    static Result<std::unique_ptr<RawRows>> open(const std::string& path, OnDamage damage,
                                                 const Engine& engine = {});

    /// SQLite's own check of pages and indexes.
    virtual void pages() = 0;
    /// Heads with those that are damaged, which are named.
    virtual std::vector<RawHead> heads() = 0;
    /// Every origin under which an entry or a body lies.
    virtual std::vector<Origin> origins() = 0;
    virtual void entries(const Origin& origin,
                         const std::function<void(EntryIndex, Bytes&&)>& row) = 0;
    virtual void bodies(const Origin& origin,
                        const std::function<void(node::StoredBodies&&)>& row) = 0;
    virtual void documents(const std::function<void(BytesView hash, BytesView bytes)>& row) = 0;
    /// Only those whose checksums hold; the others, and gaps in lists, are named.
    virtual void releases(const std::function<void(node::StoredRelease&&)>& row) = 0;
    /// Checksums of cosignatures, outbox rows and small values. How many rows were read.
    virtual std::uint64_t others() = 0;

    /// A small value of the node's own, if it is there and its checksum holds.
    virtual std::optional<Bytes> local(const std::string& name) = 0;

    virtual Result<void> repair(const Repairs& repairs) = 0;
};

}  // namespace entente::store
