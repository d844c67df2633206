// SPDX-License-Identifier: Apache-2.0
// The ports of a node: Store (log and vault), Signer (log key and last signed head). Whoever
// implements them sits at the edge; the node sees only these promises.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace entente::node {

/// One row of the log with its row of the vault. Open entries have no vault row: both empty.
struct StoredEntry {
    EntryIndex index;
    Bytes entry;         // canonical, at most limits::entry_bytes_max
    Bytes wrapped_keys;  // seal::Vault's; rewritten only by a purge
    Bytes ciphertexts;
    bool operator==(const StoredEntry&) const = default;
};

/// A signed head of the own log as stored.
struct StoredHead {
    Origin origin;
    TreeSize size;
    Hash root;
    Bytes note;               // the signed note, verbatim
    std::uint64_t epoch = 0;  // fencing: who may write; each commit states the one it expects
    bool operator==(const StoredHead&) const = default;
};

/// A message to a subscriber, delivered at least once, in order of seq.
struct OutboxRow {
    std::string subscriber;
    Bytes payload;
    bool operator==(const OutboxRow&) const = default;
};

struct Commit {
    std::optional<StoredHead> expected;  // absent: the log does not exist yet
    StoredHead next;
    std::vector<StoredEntry> entries;  // indexes expected.size .. next.size-1, in order, no gap
    std::vector<OutboxRow> outbox;
};

/// Entries, bodies, outbox rows and heads of logs: big, durable, and never believed: what it
/// returns is re-verified. One writer; not thread-safe except where said.
class Store {
  public:
    virtual ~Store() = default;
    /// The newest head of this log, or nothing if the log does not exist.
    virtual Result<std::optional<StoredHead>> head(const Origin& origin) = 0;
    /// All or nothing, durable when it returns. Errc::stale if the stored head (size, root and
    /// epoch) is not `expected`; Errc::unavailable if the world failed, and then either nothing or
    /// everything was stored (ask head()).
    virtual Result<void> commit(const Commit& commit) = 0;
    /// Entries [begin, end) in order, one call of `row` each; stops at the first error it returns.
    /// Errc::not_found if one is missing.
    virtual Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                              const std::function<Result<void>(StoredEntry&&)>& row) = 0;
    /// Charter files and other open documents by their hash; kept for ever.
    virtual Result<void> put_document(const Hash& hash, BytesView bytes) = 0;
    virtual Result<std::optional<Bytes>> document(const Hash& hash) = 0;
    /// Outbox rows with seq > after, at most `most`; and dropping those a subscriber acknowledged.
    virtual Result<std::vector<std::pair<std::uint64_t, OutboxRow>>> outbox(std::uint64_t after,
                                                                            std::size_t most) = 0;
    virtual Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) = 0;
};

/// What the signer remembers of the log, apart from the store and in no backup (PROTOCOL 26).
struct SignedHead {
    TreeSize size;
    Hash root;
    bool operator==(const SignedHead&) const = default;
};
struct SignerState {
    std::optional<SignedHead> last;  // what is known to be committed
    std::optional<SignedHead> next;  // what was about to be
};

/// The log key with its memory. Order of work: propose (durable) -> Store::commit -> settle
/// (durable) -> only then acknowledge or publish.
class Signer {
  public:
    virtual ~Signer() = default;
    /// The verifier key of the log (C2SP signed-note, Ed25519 0x01).
    virtual Result<std::string> vkey() = 0;
    virtual Result<SignerState> state() = 0;
    /// Writes `next` durably, then returns the Ed25519 signature over `text`. Refuses a head that
    /// is smaller than `last`, or of its size with another root.
    virtual Result<Bytes> propose(const SignedHead& next, BytesView text) = 0;
    /// Makes `last` = `next`, durably.
    virtual Result<void> settle() = 0;
    /// Forgets `next`, durably: the store is known not to hold it.
    virtual Result<void> drop() = 0;
};

}  // namespace entente::node
