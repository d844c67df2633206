// SPDX-License-Identifier: Apache-2.0
#include "store/commit.h"

#include "base/breaks.h"
#include "base/encode.h"
#include "base/limits.h"

namespace entente::store {
namespace {

using node::StoredHead;

std::string describe(const std::optional<StoredHead>& head) {
    if (!head) return "no log";
    return "size " + std::to_string(head->size.v) + ", root " + to_base64(head->root.view()) +
           ", epoch " + std::to_string(head->epoch);
}

bool same(const std::optional<StoredHead>& a, const std::optional<StoredHead>& b) {
    if (!a || !b) return !a && !b;
    return a->size == b->size && a->root == b->root && a->epoch == b->epoch;
}

/// Origins, cosigners, names of values.
Result<void> check_name(const char* what, const std::string& name) {
    if (!name.empty() && name.size() <= limits::key_name_bytes_max) return {};
    return fail(Errc::malformed, std::string(what) + " has 1 to 255 bytes, this one has " +
                                     std::to_string(name.size()));
}

/// SQLite's integers end there, and so do trees (C2SP tlog-checkpoint).
Result<void> check_number(const char* what, std::uint64_t number) {
    if (number < (std::uint64_t{1} << 63)) return {};
    return fail(Errc::malformed,
                std::string(what) + " " + std::to_string(number) + " is beyond the largest tree");
}

Result<void> check_bytes(const std::string& what, const Bytes& bytes, std::size_t most,
                         const char* limit) {
    if (bytes.size() <= most) return {};
    return fail(Errc::too_large, what + " has " + std::to_string(bytes.size()) + " bytes, " +
                                     limit + " is " + std::to_string(most));
}

}  // namespace

Result<void> check_form(const node::Additions& additions) {
    // A vault row in any version of its form: three bodies, salts, tags, and keys.
    constexpr std::size_t row_bytes_max = 4 * limits::body_bytes_max;
    constexpr std::size_t mark_bytes_max = 64;
    for (const node::StoredBodies& row : additions.bodies) {
        TRYV(check_name("the origin of bodies", row.origin.v));
        TRYV(check_number("an entry of bodies", row.index.v));
        const std::string what = "bodies of entry " + std::to_string(row.index.v);
        TRYV(check_bytes(what, row.wrapped_keys, row_bytes_max, "a vault row's limit"));
        TRYV(check_bytes(what, row.ciphertexts, row_bytes_max, "a vault row's limit"));
    }
    for (const node::StoredRelease& release : additions.releases) {
        TRYV(check_name("the author of a release", release.author.v));
        TRYV(check_name("the recipient of a release", release.recipient.v));
        TRYV(check_number("a release's number", release.number));
        TRYV(check_bytes(release_name(release.author, release.recipient, release.number),
                         release.leaf, limits::release_leaf_bytes_max, "release_leaf_bytes_max"));
    }
    for (const node::StoredCosignature& cosignature : additions.cosignatures) {
        TRYV(check_name("the origin of a cosignature", cosignature.origin.v));
        TRYV(check_name("a cosigner", cosignature.cosigner));
        TRYV(check_number("a cosigned size", cosignature.size.v));
        TRYV(check_bytes("a cosignature", cosignature.line, limits::note_bytes_max,
                         "note_bytes_max"));
        TRYV(check_bytes("the mark of a cosignature", cosignature.mark, mark_bytes_max,
                         "a mark's limit"));
    }
    for (const auto& [name, value] : additions.local) {
        TRYV(check_name("the name of a local value", name));
        TRYV(check_bytes("the local value " + name, value, limits::local_value_bytes_max,
                         "local_value_bytes_max"));
    }
    for (const node::OutboxRow& row : additions.outbox) {
        TRYV(check_name("the subscriber of an outbox row", row.subscriber));
        TRYV(check_bytes("an outbox row", row.payload, limits::body_bytes_max, "body_bytes_max"));
    }
    for (const std::uint64_t seq : additions.outbox_done) {
        TRYV(check_number("an outbox row", seq));
    }
    return {};
}

Result<void> check_form(const node::Commit& commit) {
    const std::string& origin = commit.next.origin.v;
    const auto malformed = [&](const std::string& what) {
        return fail(Errc::malformed, "commit to log " + origin + ": " + what);
    };
    TRYV(check_name("commit: an origin", origin));
    TRYV(check_form(commit.additions));
    std::uint64_t begin = 0;
    if (commit.expected) {
        const StoredHead& old = *commit.expected;
        begin = old.size.v;
        if (old.origin != commit.next.origin) return malformed("expects a head of " + old.origin.v);
        if (commit.next.epoch < old.epoch) return malformed("the epoch falls");
        if (commit.next.size == old.size && commit.next.root != old.root) {
            return malformed("another root at the same size");
        }
    }
    if (commit.next.size.v < begin || commit.next.size.v - begin != commit.entries.size()) {
        return malformed(std::to_string(commit.entries.size()) + " entries do not lead from size " +
                         std::to_string(begin) + " to " + std::to_string(commit.next.size.v));
    }
    for (std::size_t i = 0; i < commit.entries.size(); ++i) {
        const node::StoredEntry& entry = commit.entries[i];
        if (entry.index.v != begin + i) {
            return malformed("entry " + std::to_string(entry.index.v) + " stands where " +
                             std::to_string(begin + i) + " should");
        }
        if (entry.entry.size() > limits::entry_bytes_max) {
            return malformed("entry " + std::to_string(entry.index.v) + " has " +
                             std::to_string(entry.entry.size()) + " bytes, entry_bytes_max is " +
                             std::to_string(limits::entry_bytes_max));
        }
    }
    return {};
}

Result<void> check_expected(const node::Commit& commit, const std::optional<StoredHead>& stored) {
    if (same(stored, commit.expected)) return {};
    return fail(Errc::stale, "the log " + commit.next.origin.v +
                                 " was written by somebody else: expected " +
                                 describe(commit.expected) + ", found " + describe(stored) +
                                 "; start again from what is stored");
}

tl::unexpected<Error> missing_entry(const Origin& origin, EntryIndex index) {
    return fail(Errc::not_found, "entry " + std::to_string(index.v) + " of log " + origin.v +
                                     " is not stored; restore the data directory from a backup");
}

tl::unexpected<Error> other_document(const Hash& hash) {
    return fail(Errc::refused, "another document is stored under the hash " +
                                   to_base64(hash.view()) + ", and documents are never replaced");
}

tl::unexpected<Error> no_entry_for(const node::StoredBodies& bodies) {
    return fail(Errc::not_found, "bodies of entry " + std::to_string(bodies.index.v) + " of log " +
                                     bodies.origin.v +
                                     ", which is not stored; the entry must come first");
}

tl::unexpected<Error> not_the_next(const node::StoredRelease& release, std::uint64_t next) {
    return fail(Errc::stale, release_name(release.author, release.recipient, release.number) +
                                 " is not the next, which is " + std::to_string(next) +
                                 "; start again from what is stored");
}

std::string release_name(const Origin& author, const PartyId& recipient, std::uint64_t number) {
    return "release " + std::to_string(number) + " of " + author.v + " to " + recipient.v;
}

tl::unexpected<Error> nothing_proposed() {
    return fail(Errc::refused, "nothing was proposed to the signer, so nothing can be settled");
}

Result<void> check_proposal(const node::SignerState& state, const node::SignedHead& next) {
    if (state.next && *state.next != next) {
        return fail(Errc::refused, "the signer has proposed size " +
                                       std::to_string(state.next->size.v) +
                                       ", which must be settled or dropped first");
    }
    const std::optional<node::SignedHead>& last = state.last;
    if (!last) return {};
    if (next.size < last->size) {
        return fail(Errc::refused, "the signer has signed size " + std::to_string(last->size.v) +
                                       " and never signs a smaller tree (asked for " +
                                       std::to_string(next.size.v) + ")");
    }
    if (next.size == last->size && next.root != last->root) {
        return fail(Errc::refused, "the signer has signed another root at size " +
                                       std::to_string(next.size.v) +
                                       " and never signs two trees of one size");
    }
    return {};
}

Result<void> check_cosigned(const Origin& origin, const std::optional<node::SignedHead>& held,
                            const std::optional<node::SignedHead>& expected,
                            const node::SignedHead& next) {
    const auto size = [](const auto& head) {
        return head ? "size " + std::to_string(head->size.v) : std::string("nothing");
    };
    if (held != expected) {
        return fail(Errc::stale, "of " + origin.v + " " + size(held) + " was cosigned last, not " +
                                     size(expected) + "; start again from what is remembered");
    }
    if (!held || held == next || held->size < next.size) return {};
    if (broken(Break::sign_smaller_tree)) return {};
    return fail(Errc::refused,
                "of " + origin.v + " " + size(held) +
                    " was cosigned, and never afterwards a smaller tree or another of that size");
}

Result<void> check_text(const std::string& name, const node::SignedHead& next, BytesView text) {
    const std::string expected =
        name + "\n" + std::to_string(next.size.v) + "\n" + to_base64(next.root.view()) + "\n";
    if (text == expected) return {};
    return fail(Errc::refused, "the text to sign is not the checkpoint of log " + name +
                                   " at size " + std::to_string(next.size.v));
}

}  // namespace entente::store
