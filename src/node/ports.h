// SPDX-License-Identifier: Apache-2.0
// The ports of a node: Store (log and vault), Signer (log key and last signed head). Whoever
// implements them sits at the edge; the node sees only these promises.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace entente::node {

/// One row of the log with its row of the vault. Open entries have no vault row: both empty.
struct StoredEntry {
    EntryIndex index;
    Bytes entry;         // canonical, at most limits::entry_bytes_max
    Bytes wrapped_keys;  // seal::Vault's; rewritten only by a purge
    Bytes ciphertexts;
    bool operator==(const StoredEntry&) const = default;
};

/// What is held of a log: the own one, or a mirror of another's.
struct StoredHead {
    Origin origin;
    TreeSize size;            // entries [0, size) are stored
    Hash root;                // of the tree of these
    Bytes note;               // the signed note under which they were verified, verbatim. Of a
                              // mirror it may speak of a larger tree: so far the rest is missing
    std::uint64_t epoch = 0;  // fencing: who may write; each commit states the one it expects
    bool operator==(const StoredHead&) const = default;
};

/// A message to a subscriber, delivered at least once, in order of seq.
struct OutboxRow {
    std::string subscriber;
    Bytes payload;
    bool operator==(const OutboxRow&) const = default;
};

/// The row of the vault beside an entry that is stored: others' bodies come in so when they are
/// released, and a purge rewrites one's own so.
struct StoredBodies {
    Origin origin;
    EntryIndex index;
    Bytes wrapped_keys;
    Bytes ciphertexts;
    bool operator==(const StoredBodies&) const = default;
};

/// One leaf of the list of an author's releases to a recipient (PROTOCOL 9; seal/release.h).
struct StoredRelease {
    Origin author;
    PartyId recipient;
    std::uint64_t number = 0;  // from 0
    Bytes leaf;                // at most limits::release_leaf_bytes_max
    bool operator==(const StoredRelease&) const = default;
};

/// What a witness or mirror said of a head.
struct StoredCosignature {
    Origin origin;
    TreeSize size;
    Hash root;
    std::string cosigner;  // 1 to 255 bytes that tell cosigners' keys apart
    Instant time;          // as it states
    Bytes line;            // the signature line of the note, verbatim
    Bytes mark = {};       // this node's, that it has verified the line (seal/mark.h), or nothing
    bool operator==(const StoredCosignature&) const = default;
};

/// What comes in beside entries.
struct Additions {
    std::vector<StoredBodies> bodies = {};  // each inserted, or in place of the row that is there
    std::vector<StoredRelease> releases = {};               // each the next number of its list
    std::vector<StoredCosignature> cosignatures = {};       // of two by one cosigner the earlier is
                                                            // kept; the same again brings its mark
    std::vector<std::pair<Hash, Bytes>> documents = {};     // as put_document
    std::vector<std::pair<std::string, Bytes>> local = {};  // as local(): inserted or replaced
    std::vector<OutboxRow> outbox = {};                     // in this order
    std::vector<std::uint64_t> outbox_done = {};  // by seq: not to be delivered any more, or
                                                  // never there
    bool operator==(const Additions&) const = default;
};

struct Commit {
    std::optional<StoredHead> expected;  // absent: the log does not exist yet
    StoredHead next;
    std::vector<StoredEntry> entries;  // indexes expected.size .. next.size-1, in order, no gap
    std::vector<OutboxRow> outbox;
    Additions additions = {};
};

/// Logs, one's own and mirrors of others', with their vault rows, releases and cosignatures: big,
/// durable, and never believed: what it returns is re-verified. One writer; not thread-safe except
/// where said.
class Store {
  public:
    virtual ~Store() = default;
    /// The newest head of this log, or nothing if the log does not exist.
    virtual Result<std::optional<StoredHead>> head(const Origin& origin) = 0;
    /// All or nothing, durable when it returns. Errc::stale if the stored head (size, root and
    /// epoch) is not `expected`; Errc::unavailable if the world failed, and then either nothing or
    /// everything was stored (ask head()).
    virtual Result<void> commit(const Commit& commit) = 0;
    /// The same without a log: all or nothing, durable when it returns. Errc::not_found for bodies
    /// of an entry that is not stored, Errc::stale for a release that is not the next of its list,
    /// Errc::refused for another document under a known hash.
    virtual Result<void> add(const Additions& additions) = 0;
    /// Every log that exists, in order.
    virtual Result<std::vector<Origin>> origins() = 0;
    /// Entries [begin, end) in order, one call of `row` each; stops at the first error it returns.
    /// Errc::not_found if one is missing.
    virtual Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                              const std::function<Result<void>(StoredEntry&&)>& row) = 0;
    /// Charter files and other open documents by their hash; kept for ever.
    virtual Result<void> put_document(const Hash& hash, BytesView bytes) = 0;
    virtual Result<std::optional<Bytes>> document(const Hash& hash) = 0;
    /// Releases of this list from number `first` on, in order; none is missing. Stops at the first
    /// error of `row`, which may add and scan.
    virtual Result<void> scan_releases(const Origin& author, const PartyId& recipient,
                                       std::uint64_t first,
                                       const std::function<Result<void>(StoredRelease&&)>& row) = 0;
    /// Cosignatures of heads of this log by size, root and cosigner; stops as above, and `row` may
    /// add the same rows with their marks.
    virtual Result<void> scan_cosignatures(
        const Origin& origin, const std::function<Result<void>(StoredCosignature&&)>& row) = 0;
    /// A small value of this node's own, by name (1 to 255 bytes). Nothing that a purge must reach
    /// belongs into one: forget() promises nothing about values that were replaced.
    virtual Result<std::optional<Bytes>> local(const std::string& name) = 0;
    /// After bodies were added in place of others (a purge): when it returns, the wrapped keys and
    /// ciphertexts that were replaced are in no file of the store any more (PROTOCOL 12).
    /// Errc::unavailable if that cannot be done now; backups and the disk's own spare blocks are
    /// beyond its reach.
    virtual Result<void> forget() = 0;
    /// Outbox rows with seq > after, at most `most`; and dropping those a subscriber acknowledged.
    virtual Result<std::vector<std::pair<std::uint64_t, OutboxRow>>> outbox(std::uint64_t after,
                                                                            std::size_t most) = 0;
    virtual Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) = 0;
    /// Those of one subscriber alone.
    virtual Result<std::vector<std::pair<std::uint64_t, OutboxRow>>> outbox_of(
        const std::string& subscriber, std::uint64_t after, std::size_t most) = 0;
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
