// SPDX-License-Identifier: Apache-2.0
#include "cli/scrub_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "cli/console.h"
#include "cli/data_dir.h"
#include "mirror/mirror.h"
#include "seal/commitment.h"
#include "tlog/tile.h"

namespace entente::cli {
namespace {

using tlog::tile_width;

/// Entries that a log can have here; a damaged index beyond makes no memory grow.
constexpr std::uint64_t far_beyond = 1u << 20;

class LogScrub {
  public:
    LogScrub(store::RawRows& rows, const LogFacts& facts, const seal::Vault* vault,
             Findings& findings)
        : rows_(rows), facts_(facts), vault_(vault), findings_(findings), lost_(facts.lost) {}

    LogRead run() {
        read_note();
        read_entries();
        settle_size();
        compare();
        mend_head();
        extend();
        read_bodies();
        out_.leaves = std::move(leaves_);
        return std::move(out_);
    }

  private:
    std::string log() const { return "log " + facts_.origin.v; }
    std::string entry(std::uint64_t index) const {
        return "entry " + std::to_string(index) + " of " + log();
    }
    std::string head_row() const { return "the head of " + log(); }

    void read_note();
    Result<tlog::SignedCheckpoint> read_standing(const node::StoredHead& stored) const;
    void read_entries();
    void settle_size();
    void compare();
    const std::vector<Source>& sources();
    bool mend_from(const Source& source, std::vector<Finding>& rejected);
    void mend_head();
    void extend();
    bool extend_from(const Source& source);
    void note_lost(std::uint64_t begin, std::uint64_t end);
    void read_bodies();
    void check_body(const node::StoredBodies& row);
    bool leads_to_root() const;
    void put(std::uint64_t index, const Bytes& bytes);

    store::RawRows& rows_;
    const LogFacts& facts_;
    const seal::Vault* vault_;
    Findings& findings_;
    LogRead out_;

    std::optional<tlog::SignedCheckpoint> note_;  // verified
    std::vector<Hash> leaves_;
    std::vector<char> there_;
    std::vector<std::optional<statement::SealedEntry>> sealed_;
    std::vector<std::pair<std::uint64_t, std::string>> no_form_;
    std::uint64_t size_ = 0;
    std::optional<Hash> root_;  // that was signed at this size
    bool proven_ = false;       // the entries lead to it
    std::size_t suspects_ = 0;
    std::vector<Finding> unopened_;
    node::LostBodies lost_;
    std::optional<std::vector<Source>> sources_;  // once they were asked for
};

void LogScrub::read_note() {
    if (!facts_.head) {
        findings_.add(head_row(), "it is not there, though entries are");
        return;
    }
    if (!facts_.key) return;  // nobody's key: its checksum must do
    auto note = facts_.own
                    ? tlog::open_checkpoint(facts_.head->head.note, facts_.origin, *facts_.key)
                    : read_standing(facts_.head->head);
    if (note) {
        note_ = std::move(*note);
    } else {
        findings_.add(head_row(), "its note: " + note.error().detail);
    }
}

/// Beside a copy lies the head that it was verified under, and the proof from what is held to it;
/// beside a log that this party kept before, while nothing of it came from others, its head alone.
Result<tlog::SignedCheckpoint> LogScrub::read_standing(const node::StoredHead& stored) const {
    auto alone = tlog::open_checkpoint(stored.note, facts_.origin, *facts_.key);
    if (alone && alone->checkpoint.size == stored.size) return alone;
    TRY(standing, mirror::Standing::parse(stored.note));
    TRY(head, tlog::open_checkpoint(tlog::format_note(standing.head), facts_.origin, *facts_.key));
    const tlog::Consistency claim{standing.size, stored.root, head.checkpoint.size,
                                  head.checkpoint.root};
    if (standing.size != stored.size) {
        return fail(Errc::bad_proof, "it is of another size than the head's row");
    }
    if (claim.old_size.v > 0) TRYV(tlog::verify_consistency(claim, standing.rest));
    return head;
}

void LogScrub::put(std::uint64_t index, const Bytes& bytes) {
    leaves_[index] = tlog::leaf_hash(bytes);
    there_[index] = 1;
    sealed_[index].reset();
    auto decoded = statement::decode_entry(bytes);
    if (!decoded) {
        no_form_.emplace_back(index, decoded.error().detail);
    } else if (const auto* sealed = std::get_if<statement::SealedEntry>(&*decoded)) {
        sealed_[index] = *sealed;
    }
}

void LogScrub::read_entries() {
    rows_.entries(facts_.origin, [&](EntryIndex index, Bytes&& bytes) {
        ++out_.entries;
        if (index.v > leaves_.size() + far_beyond) {
            findings_.add(entry(index.v), "it stands far beyond the others");
            return;
        }
        if (index.v >= leaves_.size()) {
            leaves_.resize(index.v + 1);
            there_.resize(index.v + 1);
            sealed_.resize(index.v + 1);
        }
        put(index.v, bytes);
    });
}

/// Of size and root the best witness: what the log's key signed; then the head's columns under
/// their checksum; then what the signer remembers.
void LogScrub::settle_size() {
    const bool columns = facts_.head && facts_.head->whole;
    if (columns) {
        size_ = facts_.head->head.size.v;
        root_ = facts_.head->head.root;
    } else if (facts_.signed_last) {
        size_ = facts_.signed_last->size.v;
        root_ = facts_.signed_last->root;
    } else if (note_ && note_->checkpoint.size.v <= leaves_.size()) {
        size_ = note_->checkpoint.size.v;
    } else {
        size_ = leaves_.size();
    }
    if (note_ && note_->checkpoint.size.v == size_) {
        if (root_ && *root_ != note_->checkpoint.root) {
            findings_.add(head_row(), "its root is not the one that the log's key signed");
        }
        root_ = note_->checkpoint.root;
    }
    if (size_ > leaves_.size() + far_beyond) {
        findings_.add(log(), fmt::format("its head says {} entries, and {} are there",
                                         grouped(size_), grouped(leaves_.size())));
        size_ = leaves_.size();
        root_.reset();
    }
    for (std::uint64_t i = size_; i < leaves_.size(); ++i) {
        if (there_[i] != 0) findings_.add(entry(i), "it stands beyond the head");
    }
    leaves_.resize(size_);
    there_.resize(size_);
    sealed_.resize(size_);
}

bool LogScrub::leads_to_root() const {
    if (!root_ || std::count(there_.begin(), there_.end(), 0) > 0) return false;
    tlog::Frontier tree;
    for (const Hash& leaf : leaves_) tree.append(leaf);
    return tree.root() == *root_;
}

void LogScrub::compare() {
    proven_ = leads_to_root();
    if (proven_) return;
    std::vector<Finding> rejected;
    for (const Source& source : sources()) {
        if (mend_from(source, rejected)) {
            proven_ = true;
            // Who shows another history than was signed is named, and harms nothing.
            for (const Finding& one : rejected) findings_.remark(one.row + ": " + one.what);
            return;
        }
    }
    for (Finding& one : rejected) findings_.add(std::move(one.row), std::move(one.what));
    for (std::uint64_t i = 0; i < size_; ++i) {
        if (there_[i] != 0) continue;
        findings_.add(entry(i), "it is not there");
        ++suspects_;
    }
    for (const auto& [index, why] : no_form_) {
        if (index >= size_) continue;
        findings_.add(entry(index), why);
        ++suspects_;
    }
    if (!root_) findings_.add(log(), "no signed root is left to compare its entries with");
}

const std::vector<Source>& LogScrub::sources() {
    if (!sources_) sources_ = facts_.sources ? facts_.sources() : std::vector<Source>();
    return *sources_;
}

/// Takes the source's bytes wherever they differ, and writes them if all then lead to the root.
bool LogScrub::mend_from(const Source& source, std::vector<Finding>& rejected) {
    if (!root_) return false;
    const std::uint64_t end = std::min(size_, source.head.checkpoint.size.v);
    std::vector<Hash> leaves = leaves_;
    std::vector<char> there = there_;
    store::Repairs repairs;
    for (std::uint64_t begin = 0; begin < end; begin += tile_width) {
        const std::uint64_t stop = std::min(begin + tile_width, end);
        const auto bundle = source.bundles({begin}, {stop});
        const auto entries = bundle
                                 ? tlog::parse_bundle(*bundle, stop - begin)
                                 : Result<std::vector<BytesView>>(tl::unexpected(bundle.error()));
        if (!entries) {
            rejected.push_back({source.name, entries.error().detail, {}});
            continue;
        }
        for (std::uint64_t i = begin; i < stop; ++i) {
            const BytesView bytes = (*entries)[i - begin];
            const Hash leaf = tlog::leaf_hash(bytes);
            if (there[i] != 0 && leaves[i] == leaf) continue;
            leaves[i] = leaf;
            there[i] = 1;
            repairs.entries.push_back({facts_.origin, {{i}, Bytes(bytes), {}, {}}});
        }
    }
    tlog::Frontier tree;
    for (const Hash& leaf : leaves) tree.append(leaf);
    if (std::count(there.begin(), there.end(), 0) > 0 || tree.root() != *root_) {
        rejected.push_back({source.name,
                            "together with it the entries of " + log() +
                                " do not lead to the signed root either; nothing was taken from it",
                            {}});
        return false;
    }
    const auto written = rows_.repair(repairs);
    for (const auto& [origin, row] : repairs.entries) {
        const bool was_there = there_[row.index.v] != 0;
        findings_.add(entry(row.index.v),
                      was_there ? "its bytes are not those that were signed" : "it is not there",
                      written ? source.name : std::string());
    }
    if (!written) {
        findings_.add(log(), "nothing could be written: " + written.error().detail);
        return false;
    }
    no_form_.clear();
    for (const auto& [origin, row] : repairs.entries) put(row.index.v, row.entry);
    return true;
}

/// Writes the head anew from a note that fits the entries: the stored one, or the source's.
void LogScrub::mend_head() {
    const bool whole = facts_.head && facts_.head->whole && (note_ || !facts_.key);
    if (whole) return;
    std::vector<std::pair<const tlog::SignedCheckpoint*, std::string>> notes;
    if (note_) notes.emplace_back(&*note_, "its own signed note");
    for (const Source& source : sources()) notes.emplace_back(&source.head, source.name);
    tlog::Frontier tree;
    if (std::count(there_.begin(), there_.end(), 0) > 0) return;
    for (const Hash& leaf : leaves_) tree.append(leaf);
    for (const auto& [note, from] : notes) {
        if (note->checkpoint.size.v != size_ || note->checkpoint.root != tree.root()) {
            continue;
        }
        // Beside a copy lies what it stands on: here a head whose entries are all held. The epoch
        // fences several writers of one log, which a file has not: always 1.
        const Bytes bytes = facts_.own
                                ? note->bytes()
                                : mirror::Standing{note->checkpoint.size, {}, note->note}.bytes();
        const node::StoredHead head{facts_.origin, note->checkpoint.size, note->checkpoint.root,
                                    bytes, 1};
        if (!rows_.repair({{}, {head}})) return;
        proven_ = true;
        findings_.mend(head_row(), from);
        return;
    }
}

/// One's own log as a store that was put back has it may end before what others hold of it.
void LogScrub::extend() {
    if (!facts_.own || !facts_.extend || !proven_) return;
    for (const Source& source : sources()) {
        if (source.head.checkpoint.size.v > size_ && extend_from(source)) return;
    }
}

/// All of what follows, under the head that our own key signed, or nothing. What stood beside the
/// entries is in no copy; what was released since, its recipients tell (node/lost.h).
bool LogScrub::extend_from(const Source& source) {
    const std::uint64_t end = source.head.checkpoint.size.v;
    std::vector<Hash> leaves = leaves_;
    store::Repairs repairs;
    for (std::uint64_t begin = size_; begin < end;) {
        const std::uint64_t stop = std::min((begin / tile_width + 1) * tile_width, end);
        const auto bundle = source.bundles({begin}, {stop});
        const auto entries = bundle
                                 ? tlog::parse_bundle(*bundle, stop - begin)
                                 : Result<std::vector<BytesView>>(tl::unexpected(bundle.error()));
        if (!entries) {
            findings_.remark(source.name + ": " + entries.error().detail);
            return false;
        }
        for (const BytesView bytes : *entries) {
            leaves.push_back(tlog::leaf_hash(bytes));
            repairs.entries.push_back({facts_.origin, {{leaves.size() - 1}, Bytes(bytes), {}, {}}});
        }
        begin = stop;
    }
    tlog::Frontier tree;
    for (const Hash& leaf : leaves) tree.append(leaf);
    if (tree.root() != source.head.checkpoint.root) {
        findings_.add(log(), fmt::format("{} holds a head of {} entries that this log's key signed "
                                         "and that does not follow on what is here, or it shows "
                                         "other entries; nothing was taken from it",
                                         source.name, end));
        return false;
    }
    const std::uint64_t begin = size_;
    node::LostBodies lost = facts_.lost;
    lost.push_back({{begin}, {end}});
    repairs.heads.push_back({facts_.origin, {end}, tree.root(), source.head.bytes(), 1});
    repairs.local.emplace_back(facts_.lost_bodies_row, node::format_lost(lost));
    repairs.local.emplace_back(facts_.lost_lists_row, "1\n");
    const auto written = rows_.repair(repairs);
    findings_.add(log(), fmt::format("it ended before its entries {} to {}", begin, end - 1),
                  written ? source.name : std::string());
    if (!written) {
        findings_.add(log(), "nothing could be written: " + written.error().detail);
        return false;
    }
    size_ = end;
    leaves_.resize(end);
    there_.resize(end);
    sealed_.resize(end);
    for (const auto& [origin, row] : repairs.entries) put(row.index.v, row.entry);
    note_lost(begin, end);
    lost_ = std::move(lost);
    return true;
}

void LogScrub::note_lost(std::uint64_t begin, std::uint64_t end) {
    std::uint64_t bodies = 0;
    for (std::uint64_t i = begin; i < std::min(end, size_); ++i) bodies += sealed_[i] ? 1 : 0;
    if (bodies == 0) return;
    findings_.remark(fmt::format(
        "the bodies of {} of the entries {} to {} of {} are lost: they are in no copy of a log, "
        "and "
        "every answer here says that something may be missing. A newer backup of entente.db has "
        "them; to whom they were released, they have them under their own keys, and an evidence "
        "file of theirs shows them (entente evidence). State anew what is to go on protecting",
        bodies, begin, end - 1, log()));
}

void LogScrub::check_body(const node::StoredBodies& row) {
    const std::uint64_t i = row.index.v;
    // Where the tree is not proven, the entry itself may be the one that changed.
    const std::string name = proven_ ? "the bodies of " + entry(i) : entry(i) + ", or its bodies";
    const auto bad = [&](const std::string& what) {
        findings_.add(name, what);
        ++suspects_;
    };
    if (!sealed_[i]) return bad("a body lies beside an entry that is not sealed");
    if (vault_ == nullptr) return;
    const auto opened = vault_->open(leaves_[i], row.wrapped_keys, row.ciphertexts);
    if (!opened) {
        ++suspects_;
        unopened_.push_back({name, opened.error().detail, {}});
        return;
    }
    for (std::size_t slot = 0; slot < seal::slot_count; ++slot) {
        const auto& body = opened->bodies[slot];
        if (!body) continue;
        if (seal::commitment(body->salt, body->body) == sealed_[i]->commitments[slot]) continue;
        return bad("the body in slot " + std::to_string(slot + 1) +
                   " is not the one that the entry commits to");
    }
}

void LogScrub::read_bodies() {
    std::vector<char> seen(size_);
    rows_.bodies(facts_.origin, [&](node::StoredBodies&& row) {
        ++out_.bodies;
        if (row.index.v >= size_ || there_[row.index.v] == 0) {
            findings_.add("the bodies of " + entry(row.index.v), "their entry is not there");
            return;
        }
        seen[row.index.v] = 1;
        check_body(row);
    });
    for (const node::EntryRange& one : facts_.lost) note_lost(one.begin.v, one.end.v);
    if (unopened_.size() > 1 && unopened_.size() == out_.bodies) {
        findings_.add("keys/vault", fmt::format("it opens none of the {} bodies of {}: it was "
                                                "changed, or is another register's",
                                                grouped(out_.bodies), log()));
    } else {
        for (Finding& one : unopened_) findings_.add(std::move(one.row), std::move(one.what));
    }
    for (std::uint64_t i = 0; facts_.own && i < size_; ++i) {
        if (!sealed_[i] || seen[i] != 0 || node::is_lost(lost_, {i})) continue;
        findings_.add("the bodies of " + entry(i), "they are not there");
    }
    if (!proven_ && suspects_ == 0 && root_) {
        findings_.add("an entry of " + log(),
                      "the entries do not lead to the signed root, and which of them changed only "
                      "another copy can tell: entente scrub --from-peers, or --from EXPORT");
    }
}

}  // namespace

void Findings::mend(const std::string& row, const std::string& from) {
    for (Finding& finding : all_) {
        if (finding.row == row) finding.repaired = from;
    }
}

std::size_t Findings::left() const {
    return static_cast<std::size_t>(std::count_if(
        all_.begin(), all_.end(), [](const Finding& f) { return f.repaired.empty(); }));
}

Result<Bytes> part_of_bundle(BytesView file, const tlog::Tile& tile, EntryIndex begin,
                             EntryIndex end) {
    auto entries = tlog::parse_bundle(file, tile.width);
    if (!entries) return at(tile.path(), entries.error());
    const std::uint64_t skip = begin.v - tile.index * tile_width;
    Bytes out;
    for (std::uint64_t i = skip; i < skip + (end.v - begin.v); ++i) {
        TRYV(tlog::append_to_bundle(out, (*entries)[i]));
    }
    return out;
}

Result<Source> open_export(const std::string& dir, const std::vector<tlog::VerifierKey>& keys) {
    TRY(bytes, read_file(dir + "/checkpoint", limits::note_bytes_max));
    const std::string origin = bytes.substr(0, bytes.find('\n'));
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const tlog::VerifierKey& k) { return k.name == origin; });
    if (key == keys.end()) {
        return fail(Errc::unknown_key, dir + ": a copy of log " + origin.substr(0, 100) +
                                           ", which is no party's of this charter");
    }
    auto head = tlog::open_checkpoint(bytes, {origin}, *key);
    if (!head) return at(dir + "/checkpoint", head.error());
    const std::uint64_t size = head->checkpoint.size.v;
    const Bundles bundles = [dir, size](EntryIndex begin, EntryIndex end) -> Result<Bytes> {
        tlog::Tile tile{tlog::Tile::Kind::entries, 0, begin.v / tile_width, 0};
        tile.width = std::min(tile_width, size - tile.index * tile_width);
        TRY(file, read_file(dir + "/" + tile.path(), limits::tile_file_bytes_max));
        return part_of_bundle(file, tile, begin, end);
    };
    return Source{dir, std::move(*head), bundles};
}

LogRead scrub_log(store::RawRows& rows, const LogFacts& facts, const seal::Vault* vault,
                  Findings& findings) {
    return LogScrub(rows, facts, vault, findings).run();
}

}  // namespace entente::cli
