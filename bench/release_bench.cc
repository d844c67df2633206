// SPDX-License-Identifier: Apache-2.0
// Releases without a network: an author's rows of vault and log are read from SQLite, taken out for
// each of several parties, put into parcels and noted in the lists (durable); one party opens its
// parcels, derives the list's root, opens every body, compares it with its commitment, and stores
// it under its own vault key (durable). One thread. Invented bodies of the sizes that an import of
// real lists has. Writes Markdown to standard output.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "base/limits.h"
#include "base/sha256.h"
#include "seal/commitment.h"
#include "seal/parcel.h"
#include "store/sqlite_store.h"
#include "tlog/merkle.h"

namespace entente::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return *std::move(result);
}
void need(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().detail);
}

struct Options {
    std::uint64_t entries = 155'599;
    std::uint64_t seed = 1;
};

const Origin author{"bench.abcdefghijklmnop/fr"};
constexpr std::uint64_t batch = 4096;

Bytes entry_bytes(std::uint64_t index) {
    Bytes out = "entry " + std::to_string(index);
    out.resize(203, ' ');
    return out;
}

seal::Bodies bodies_of(std::uint64_t index, Rng& rng) {
    const std::size_t sizes[] = {480, 360, 620 + rng.below(400)};
    seal::Bodies out;
    for (std::size_t slot = 0; slot < seal::slot_count; ++slot) {
        Bytes body = std::to_string(index) + " " + std::to_string(slot);
        body.resize(sizes[slot], 'x');
        out[slot] = seal::SaltedBody{sha256(body), std::move(body)};
    }
    return out;
}

node::StoredHead head_of(std::uint64_t size) {
    return {author, TreeSize{size}, sha256(std::to_string(size)), "note", 1};
}

/// The log in steps; what fills an entry is the caller's.
template <class Fill>
void fill(node::Store& store, std::uint64_t entries, const Fill& row) {
    std::optional<node::StoredHead> head;
    for (std::uint64_t next = 0; next < entries; next += batch) {
        node::Commit commit{head, head_of(std::min(entries, next + batch)), {}, {}};
        for (std::uint64_t i = next; i < commit.next.size.v; ++i) commit.entries.push_back(row(i));
        need(store.commit(commit));
        head = commit.next;
    }
}

struct Sent {
    std::vector<Bytes> parcels;
    Hash root;
};

/// All entries to one party: read, taken out, wrapped, listed.
Sent release(node::Store& store, const seal::Vault& vault, std::uint64_t entries,
             const PartyId& party, const seal::SlotSet& slots, const SealingKey& to) {
    Sent out;
    tlog::Tree list;
    node::Additions listed;
    seal::ParcelWriter parcel(author, party, 0, os_random());
    const auto close = [&] {
        need(store.add(listed));
        listed = {};
        out.parcels.push_back(std::move(parcel).seal(list.root(), to, os_random()));
    };
    need(store.scan(author, {0}, {entries}, [&](node::StoredEntry&& row) -> Result<void> {
        const Hash leaf = tlog::leaf_hash(row.entry);
        TRY(carried, vault.take_out(leaf, row.wrapped_keys, row.ciphertexts, slots));
        const Bytes release = seal::format_release({row.index, leaf, slots, sha256("label")});
        if (!parcel.add(release, carried)) {
            close();
            parcel = seal::ParcelWriter(author, party, row.index.v, os_random());
            if (!parcel.add(release, carried)) return fail(Errc::too_large, "an empty parcel");
        }
        list.append(tlog::leaf_hash(release));
        listed.releases.push_back({author, party, row.index.v, release});
        return {};
    }));
    close();
    out.root = list.root();
    return out;
}

/// What the recipient does with them.
void receive(node::Store& store, const seal::Vault& vault, const SealingSecret& secret,
             const Sent& sent, Rng& rng) {
    tlog::Tree list;
    for (const Bytes& bytes : sent.parcels) {
        const seal::Parcel parcel = need(seal::open_parcel(bytes, secret));
        if (parcel.context.first != list.size().v) throw std::runtime_error("a gap");
        node::Additions additions;
        for (const seal::Delivered& delivered : parcel.releases) {
            list.append(tlog::leaf_hash(delivered.leaf));
            const Hash& leaf = delivered.release.leaf;
            const seal::Bodies bodies = need(seal::open_carried(leaf, delivered.carried));
            for (const auto& body : bodies) {
                if (!body) continue;
                // As many hashes as the comparison takes; the invented entry has no commitments.
                if (seal::commitment(body->salt, body->body) == Hash{}) throw std::logic_error("");
            }
            seal::Sealed row = need(vault.put_in(leaf, "", "", delivered.carried, rng.bytes()));
            additions.bodies.push_back({author, delivered.release.entry,
                                        std::move(row.wrapped_keys), std::move(row.ciphertexts)});
            additions.releases.push_back({author, parcel.context.recipient,
                                          parcel.context.first + additions.releases.size(),
                                          Bytes(delivered.leaf)});
        }
        if (list.root() != parcel.context.root) throw std::runtime_error("another root");
        need(store.add(additions));
    }
    if (list.root() != sent.root) throw std::runtime_error("another root");
}

void run(const Options& o) {
    const std::string dir = std::filesystem::temp_directory_path() / "entente-release-bench";
    std::filesystem::remove_all(dir);
    for (const char* name : {"", "/author", "/recipient"}) {
        std::filesystem::create_directory(dir + name);
    }
    Rng rng(o.seed);
    const seal::Vault own(Secret::generate(rng.bytes())), others(Secret::generate(rng.bytes()));
    auto store = need(store::open_sqlite(dir + "/author/log.db", store::OpenMode::create));
    fill(*store, o.entries, [&](std::uint64_t i) {
        node::StoredEntry row{{i}, entry_bytes(i), {}, {}};
        seal::Sealed sealed = own.seal(tlog::leaf_hash(row.entry), bodies_of(i, rng), rng.bytes());
        row.wrapped_keys = std::move(sealed.wrapped_keys);
        row.ciphertexts = std::move(sealed.ciphertexts);
        return row;
    });
    auto mirror = need(store::open_sqlite(dir + "/recipient/log.db", store::OpenMode::create));
    fill(*mirror, o.entries, [](std::uint64_t i) {
        return node::StoredEntry{{i}, entry_bytes(i), {}, {}};
    });

    const std::pair<const char*, seal::SlotSet> parties[] = {
        {"msf", seal::tier_coarse}, {"ru", seal::tier_exact}, {"un", seal::tier_exact}};
    const double n = static_cast<double>(o.entries);
    const auto start = Clock::now();
    Sent last;
    std::size_t bytes = 0;
    const SealingSecret secret = SealingSecret::generate(rng.bytes());
    for (const auto& [party, slots] : parties) {
        last = release(*store, own, o.entries, PartyId{party}, slots, secret.public_key());
        for (const Bytes& parcel : last.parcels) bytes += parcel.size();
    }
    const double sealing = seconds_since(start);
    std::printf("### releases: %llu records to three parties, SQLite, durable, one thread\n\n",
                static_cast<unsigned long long>(o.entries));
    std::printf("* read, taken out, in parcels, listed: %.2f s in all, %.0f releases/s, %.0f MB\n",
                sealing, 3 * n / sealing, static_cast<double>(bytes) / 1e6);
    const auto opening = Clock::now();
    receive(*mirror, others, secret, last, rng);
    const double received = seconds_since(opening);
    std::printf(
        "* one party opens its parcels, derives the root, opens and stores all bodies: "
        "%.2f s, %.0f releases/s\n\n",
        received, n / received);
    std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    entente::bench::Options o;
    CLI::App app("releases to three parties, sealed and opened");
    app.add_option("--entries", o.entries);
    app.add_option("--seed", o.seed);
    CLI11_PARSE(app, argc, argv);
    try {
        entente::bench::run(o);
    } catch (const std::exception& e) {  // Throws: need() in this file
        std::fprintf(stderr, "release_bench: %s\n", e.what());
        return 1;
    }
    return 0;
}
