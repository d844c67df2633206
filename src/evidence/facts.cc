// SPDX-License-Identifier: Apache-2.0
#include "evidence/facts.h"

#include <algorithm>

#include "base/encode.h"
#include "base/sha256.h"
#include "evidence/entries.h"
#include "evidence/limits.h"
#include "statement/charter_chain.h"
#include "statement/succession.h"
#include "tlog/cosignature.h"

namespace entente::evidence {
namespace {

using statement::Charter;
using statement::CharterParty;

struct Cosigner {
    tlog::CosignerKey key;
    std::optional<PartyId> party;
};

/// The charter version that the file names, the hashes of all up to it by number, and everybody who
/// may cosign under it.
struct Chain {
    std::optional<Charter> charter;
    std::vector<CharterParty> cards;  // of earlier versions, newest first
    std::map<Hash, std::uint32_t> versions;
    std::vector<Cosigner> cosigners;
};

/// Witness and mirror keys of all parties, and outside witnesses.
Result<std::vector<Cosigner>> cosigners_of(const Charter& charter) {
    std::vector<Cosigner> out;
    for (const CharterParty& party : charter.parties) {
        if (party.witness.empty()) continue;
        for (const std::string* text : {&party.witness, &party.mirror}) {
            TRY(key, tlog::CosignerKey::parse(*text));
            out.push_back({std::move(key), party.id});
        }
    }
    for (const statement::OutsideWitness& witness : charter.witnesses) {
        TRY(key, tlog::CosignerKey::parse(witness.vkey));
        out.push_back({std::move(key), {}});
    }
    return out;
}

Result<Chain> read_chain(const File& file, std::span<const std::string> charters) {
    if (charters.empty()) return fail(Errc::malformed, "no charter was given");
    Chain out;
    for (std::size_t i = 0; i < charters.size(); ++i) {
        TRY(charter, i == 0 ? statement::verify_first(charters[0])
                            : statement::verify_successor(charters[i - 1], charters[i]));
        TRY(hash, statement::charter_hash(charters[i]));
        out.versions[hash] = charter.version;
        if (charter.id != file.charter || hash != file.charter_hash) {
            out.cards.insert(out.cards.begin(), charter.parties.begin(), charter.parties.end());
            continue;
        }
        TRY(cosigners, cosigners_of(charter));
        out.cosigners = std::move(cosigners);
        out.charter = std::move(charter);
        return out;
    }
    return fail(Errc::refused, "the file is under charter " + file.charter + ", hash " +
                                   to_base64(file.charter_hash.view()) +
                                   ", and that is not the one that was given");
}

/// An earlier state grows into a later one of `size` and `root`.
Result<void> check_earlier(const Earlier& one, TreeSize size, const Hash& root) {
    if (one.size.v == 0 || one.size >= size) {
        return fail(Errc::bad_proof, "size " + std::to_string(one.size.v) + " is not before " +
                                         std::to_string(size.v));
    }
    return tlog::verify_consistency({one.size, one.root, size, root}, one.growth);
}

class LogCheck {
  public:
    LogCheck(const ShownLog& shown, const CharterParty& party, const std::vector<Cosigner>& all)
        : shown_(shown) {
        // Whose word on this log is another's: nobody cosigns himself.
        for (const Cosigner& one : all) {
            if (one.party == party.id) continue;
            cosigners_.push_back(one);
            keys_.push_back(one.key);
        }
        out_.party = party.id;
        out_.origin = shown.origin;
        out_.key = party.log;
    }

    Result<ProvenLog> run(std::size_t& lines_left) {
        TRY(key, tlog::VerifierKey::parse(out_.key));
        TRY(head, tlog::open_checkpoint(shown_.head, shown_.origin, key));
        TRYV(take_lines(head.checkpoint, head.note, 1, lines_left));
        const TreeSize size = head.checkpoint.size;
        for (const EarlierHead& one : shown_.earlier) {
            const std::string where = "head of size " + std::to_string(one.head.size.v);
            if (auto grows = check_earlier(one.head, size, head.checkpoint.root); !grows) {
                return at(where, grows.error());
            }
            out_.heads.push_back({one.head.size, one.head.root});
            if (one.lines.empty()) continue;
            const tlog::Checkpoint then{shown_.origin, one.head.size, one.head.root, {}};
            auto note = tlog::parse_note(tlog::format_checkpoint(then) + "\n" + one.lines);
            if (!note) return at(where, note.error());
            if (auto took = take_lines(then, *note, 0, lines_left); !took) {
                return at(where, took.error());
            }
        }
        out_.heads.push_back({size, head.checkpoint.root});
        for (const ShownEntry& entry : shown_.entries) {
            const Hash leaf = tlog::leaf_hash(entry.entry);
            const std::string where = "entry " + std::to_string(entry.index.v);
            if (auto in = tlog::verify_inclusion({leaf, entry.index, size, head.checkpoint.root},
                                                 entry.proof);
                !in) {
                return at(where, in.error());
            }
        }
        return std::move(out_);
    }

  private:
    /// Cosignatures, all of which hold and are known cosigners'. `own`: lines of the log itself.
    Result<void> take_lines(const tlog::Checkpoint& head, const tlog::Note& note, std::size_t own,
                            std::size_t& lines_left) {
        if (note.signatures.size() > lines_left) {
            return fail(Errc::too_large, "more cosignatures than evidence_lines_max = " +
                                             std::to_string(limits::evidence_lines_max));
        }
        lines_left -= note.signatures.size();
        TRY(lines, tlog::cosignatures_of(note, keys_));
        if (lines.size() + own != note.signatures.size()) {
            return fail(Errc::unknown_key,
                        "a signature line is by none of the charter's cosigners for this log");
        }
        for (const tlog::Cosignature& line : lines) {
            const auto who = std::find_if(cosigners_.begin(), cosigners_.end(),
                                          [&](const Cosigner& c) { return line.is_of(c.key); });
            out_.cosigned.push_back({head.size, line.time, line.name, who->party});
        }
        return {};
    }

    const ShownLog& shown_;
    std::vector<Cosigner> cosigners_;
    std::vector<tlog::CosignerKey> keys_;
    ProvenLog out_;
};

/// The slot is this beat's, and the releases are under the list that it says.
Result<ProvenSlot> check_slot(const OpenedSlot& shown, const statement::Beat& beat) {
    const auto slot = beat.slots.find(shown.party);
    if (slot == beat.slots.end()) return fail(Errc::bad_proof, "the beat has no such slot");
    TRY(content, seal::open_slot(slot->second, shown.opening));
    ProvenSlot out{shown.party, content, {}, {}};
    const seal::ListHead& list = content.released;
    for (const Earlier& one : shown.lists) {
        TRYV(check_earlier(one, list.size, list.root));
        out.lists.push_back({one.size, one.root});
    }
    out.lists.push_back(list);
    for (const ShownRelease& one : shown.releases) {
        const std::string where = "release " + std::to_string(one.number);
        auto release = seal::parse_release(one.leaf);
        if (!release) return at(where, release.error());
        auto in = tlog::verify_inclusion(
            {tlog::leaf_hash(one.leaf), {one.number}, list.size, list.root}, one.proof);
        if (!in) return at(where, in.error());
        out.releases.push_back({one.number, *release});
    }
    return out;
}

Result<ProvenEntry> check_entry(const ShownEntry& shown, EntryContext& context) {
    TRY(out, read_entry(shown, context));
    if (!out.beat && !shown.slots.empty()) {
        return fail(Errc::bad_proof, "slots are opened of an entry that is no beat");
    }
    for (const OpenedSlot& slot : shown.slots) {
        auto proven = check_slot(slot, *out.beat);
        if (!proven) return at("slot for " + slot.party.v, proven.error());
        out.slots.push_back(std::move(*proven));
    }
    return out;
}

/// A release names an entry by index and leaf: where both are in the file they must agree.
Result<void> check_releases(const ProvenLog& log) {
    std::map<EntryIndex, Hash> leaves;
    for (const ProvenEntry& entry : log.entries) leaves[entry.index] = entry.leaf;
    for (const ProvenEntry& entry : log.entries) {
        for (const ProvenSlot& slot : entry.slots) {
            for (const ProvenRelease& one : slot.releases) {
                const auto leaf = leaves.find(one.release.entry);
                if (leaf != leaves.end() && leaf->second == one.release.leaf) continue;
                return fail(Errc::bad_proof, "release " + std::to_string(one.number) + " to " +
                                                 slot.party.v +
                                                 " is of an entry that is not in the file");
            }
        }
    }
    return {};
}

Result<void> check_adoption(ProvenLog& log, const Chain& chain) {
    if (log.entries.empty() || log.entries.front().index.v != 0) return {};
    const auto& open = log.entries.front().open;
    const auto* text = open && open->kind == "charter" ? open->fields.find("hash") : nullptr;
    const auto hash = text != nullptr && text->text() != nullptr
                          ? hash_from_base64url(*text->text())
                          : fail(Errc::malformed, "");
    const auto version = hash ? chain.versions.find(*hash) : chain.versions.end();
    if (version == chain.versions.end()) {
        return fail(Errc::bad_proof, "entry 0 adopts another charter than the one given");
    }
    log.adopted = version->second;
    return {};
}

/// Whose log it is, with its key: by the charter, or by the key entry in it with which the party's
/// root opened it as a successor.
Result<CharterParty> keeper_of(const ShownLog& shown, const Chain& chain) {
    const Charter& charter = *chain.charter;
    for (const CharterParty& party : charter.parties) {
        if (charter.origin(party.id) == shown.origin) return party;
    }
    for (const ShownEntry& entry : shown.entries) {
        const auto said = statement::read_succession(entry.entry, charter);
        if (!said || statement::log_name(charter, said->party, said->number) != shown.origin) {
            continue;
        }
        CharterParty out = *charter.party(said->party);
        out.log = statement::vkey_of(charter, *said);
        return out;
    }
    // One that an earlier version named, before this one named its successor.
    for (const CharterParty& card : chain.cards) {
        const CharterParty* const now = charter.party(card.id);
        if (now == nullptr || card.log.substr(0, card.log.find('+')) != shown.origin.v) continue;
        CharterParty out = *now;
        out.log = card.log;
        return out;
    }
    return fail(Errc::unknown_key, "no party of the charter keeps this log");
}

Result<ProvenLog> check_log(const ShownLog& shown, const Chain& chain, std::size_t& lines_left) {
    const Charter& charter = *chain.charter;
    TRY(party, keeper_of(shown, chain));
    TRY(out, LogCheck(shown, party, chain.cosigners).run(lines_left));
    EntryContext context{charter, party, shown.origin, {}};
    for (const ShownEntry& entry : shown.entries) {
        auto proven = check_entry(entry, context);
        if (!proven) return at("entry " + std::to_string(entry.index.v), proven.error());
        out.entries.push_back(std::move(*proven));
    }
    TRYV(check_adoption(out, chain));
    TRYV(check_releases(out));
    return out;
}

}  // namespace

bool ProvenSlot::has_list(const seal::ListHead& list) const {
    return std::find(lists.begin(), lists.end(), list) != lists.end();
}

const ProvenSlot* ProvenEntry::slot_for(const PartyId& party) const {
    for (const ProvenSlot& slot : slots) {
        if (slot.party == party) return &slot;
    }
    return nullptr;
}

bool ProvenLog::has_head(const statement::LogHead& head) const {
    return std::find(heads.begin(), heads.end(), head) != heads.end();
}

Result<Facts> check(const File& file, std::span<const std::string> charters) {
    TRY(chain, read_chain(file, charters));
    Facts out;
    std::size_t lines_left = limits::evidence_lines_max;
    for (const ShownLog& shown : file.logs) {
        auto log = check_log(shown, chain, lines_left);
        if (!log)
            return at("log " + shown.origin.v.substr(0, limits::key_name_bytes_max), log.error());
        out.logs.push_back(std::move(*log));
    }
    out.charter = std::move(*chain.charter);
    return out;
}

}  // namespace entente::evidence
