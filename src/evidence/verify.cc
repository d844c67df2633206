// SPDX-License-Identifier: Apache-2.0
#include "evidence/verify.h"

#include <algorithm>

#include "evidence/lines.h"
#include "statement/succession.h"

namespace entente::evidence {
namespace {

using statement::LogHead;

/// Whether a cosignature that holds the entry is there, and when first.
template <class Wanted>
std::optional<Moment> first_cosigned(const ProvenLog& log, EntryIndex index, Wanted wanted) {
    std::optional<Moment> out;
    for (const CosignedAt& one : log.cosigned) {
        if (one.size.v <= index.v || !wanted(one)) continue;
        if (!out || one.time < out->at) out = Moment{one.time, one.cosigner};
    }
    return out;
}

class Meaning {
  public:
    explicit Meaning(Report& report) : out_(report), facts_(report.facts) {}

    Result<void> run() {
        for (const ProvenLog& log : facts_.logs) {
            if (log.origin == out_.file.author) author_ = &log;
        }
        if (author_ == nullptr) {
            return fail(Errc::malformed, "the log of the record's author is not in the file");
        }
        out_.author = author_->party;
        out_.author_key = author_->key;
        find_said();
        if (out_.said.empty()) {
            return fail(Errc::malformed,
                        "no version of record " + out_.file.record.text() + " is in the file");
        }
        find_told();
        for (const ProvenLog& log : facts_.logs) {
            if (&log != author_) find_words(log);
        }
        for (const ProvenLog& log : facts_.logs) find_talk(log);
        return {};
    }

  private:
    /// The latest moment that this log is known to have come after: a party's own clock, in a beat
    /// that stands below a head which this log had quoted by then.
    std::optional<Moment> after(const ProvenLog& log, EntryIndex index) const {
        std::optional<Moment> out;
        for (const ProvenEntry& entry : log.entries) {
            if (entry.index > index) break;
            if (!entry.beat) continue;
            for (const auto& [party, head] : entry.beat->heads) {
                for (const ProvenLog& quoted : facts_.logs) {
                    if (quoted.party != party || &quoted == &log || !quoted.has_head(head)) {
                        continue;
                    }
                    look_below(quoted, head, out);
                }
            }
        }
        return out;
    }
    static void look_below(const ProvenLog& quoted, const LogHead& head,
                           std::optional<Moment>& out) {
        for (const ProvenEntry& inside : quoted.entries) {
            if (inside.index.v >= head.size.v) break;
            if (!inside.beat || (out && inside.beat->time <= out->at)) continue;
            out = Moment{inside.beat->time, quoted.origin.v};
        }
    }

    /// Whether the author is known to have gone on in another log than the one of the record.
    bool went_on() const {
        const statement::Charter& charter = facts_.charter;
        const auto number = [&](const Origin& origin) {
            return statement::log_number(charter, out_.author, origin);
        };
        std::uint32_t newest = number(charter.origin(out_.author));
        for (const ProvenLog& log : facts_.logs) newest = std::max(newest, number(log.origin));
        return newest > number(author_->origin);
    }

    Bounds bounds(const ProvenLog& log, EntryIndex index) const {
        return {after(log, index),
                first_cosigned(log, index, [](const CosignedAt&) { return true; })};
    }

    void find_said() {
        for (const ProvenEntry& entry : author_->entries) {
            if (!entry.head || entry.head->keys.record != out_.file.record) continue;
            out_.said.push_back({&entry, entry.head->keys.version, bounds(*author_, entry.index)});
        }
    }

    /// Each release once, by the earliest beat that is shown for it.
    void find_told() {
        for (const ProvenEntry& beat : author_->entries) {
            for (const ProvenSlot& slot : beat.slots) {
                for (const ProvenRelease& one : slot.releases) tell(beat, slot, one);
            }
        }
        std::stable_sort(out_.told.begin(), out_.told.end(), [](const Told& a, const Told& b) {
            return std::tie(a.to, a.number) < std::tie(b.to, b.number);
        });
    }

    void tell(const ProvenEntry& beat, const ProvenSlot& slot, const ProvenRelease& one) {
        const auto said = std::find_if(
            out_.said.begin(), out_.said.end(),
            [&](const Said& version) { return version.entry->leaf == one.release.leaf; });
        const bool known = std::any_of(out_.told.begin(), out_.told.end(), [&](const Told& told) {
            return told.to == slot.party && told.number == one.number;
        });
        if (said == out_.said.end() || known) return;
        out_.told.push_back({slot.party, static_cast<std::size_t>(said - out_.said.begin()),
                             one.number, one.release.slots, &beat, bounds(*author_, beat.index)});
    }

    void find_words(const ProvenLog& log) {
        for (const ProvenEntry& entry : log.entries) {
            if (const ProvenSlot* slot = entry.slot_for(out_.author)) {
                Word word;
                word.rung = slot->content.rung;
                word.time = entry.beat->time;
                add_word(log, entry, std::move(word), slot->content.acknowledged);
            }
            if (!entry.receipt || entry.receipt->to != out_.author) continue;
            if (entry.receipt->held) {
                add_kept(log, entry);
                continue;
            }
            Word word;
            word.rung = statement::name(entry.receipt->rung);
            word.receipt = &*entry.receipt;
            word.time = entry.head->time;
            const auto& list = entry.receipt->list;
            add_word(log, entry, std::move(word),
                     list ? seal::ListHead{list->size, list->root} : seal::ListHead::empty());
        }
    }

    void add_word(const ProvenLog& log, const ProvenEntry& entry, Word word,
                  const seal::ListHead& list) {
        word.from = log.party;
        word.key = log.key;
        word.entry = &entry;
        word.list = list;
        word.list_proven = list.size.v == 0 || is_list_to(log.party, list);
        word.bounds = bounds(log, entry.index);
        // A slot speaks of the list in force and names no log: of one before it is silent only
        // where it names a state of that list.
        const bool of_this = !went_on() || (list.size.v > 0 && word.list_proven);
        for (std::size_t i = 0; i < out_.told.size(); ++i) {
            const Told& told = out_.told[i];
            if (told.to != log.party) continue;
            if (acknowledges(word, told)) {
                word.covers.push_back(i);
            } else if (word.receipt == nullptr && of_this && told.number >= list.size.v) {
                word.lacks.push_back(i);
            }
        }
        if (!word.lacks.empty()) find_held(log, word);
        if (!word.had_quoted) {
            // A beat of before the release is no silence about it, and without a quoted head only
            // the two claims say which was first.
            std::erase_if(word.lacks,
                          [&](std::size_t i) { return word.time < out_.told[i].beat->beat->time; });
        }
        out_.words.push_back(std::move(word));
    }

    void add_kept(const ProvenLog& log, const ProvenEntry& entry) {
        const statement::Receipt& receipt = *entry.receipt;
        if (!receipt.list) return;
        Kept kept{log.party, log.key, &entry, &receipt, bounds(log, entry.index), {}};
        const seal::ListHead list{receipt.list->size, receipt.list->root};
        for (std::size_t i = 0; i < out_.told.size(); ++i) {
            const Told& told = out_.told[i];
            if (told.to == receipt.held->recipient && told.number < list.size.v &&
                in_list(list, told)) {
                kept.holds.push_back(i);
            }
        }
        if (!kept.holds.empty()) out_.kept.push_back(std::move(kept));
    }

    /// Which version has this leaf.
    std::optional<std::size_t> said_with(const Hash& leaf) const {
        for (std::size_t i = 0; i < out_.said.size(); ++i) {
            if (out_.said[i].entry->leaf == leaf) return i;
        }
        return std::nullopt;
    }

    /// Calls out of the author's logs, and answers out of all others'.
    void find_talk(const ProvenLog& log) {
        for (const ProvenEntry& entry : log.entries) {
            if (!entry.dealt) continue;
            const auto* call = std::get_if<statement::Attempt>(&*entry.dealt);
            const auto* reply = std::get_if<statement::Reply>(&*entry.dealt);
            const RecordId& record = out_.file.record;
            if (call != nullptr && call->of == record && log.party == out_.author) {
                const auto said = said_with(call->to);
                if (said) out_.calls.push_back({&entry, call, *said, bounds(log, entry.index)});
            }
            if (reply != nullptr && reply->of == record && log.party != out_.author) {
                const auto said = said_with(reply->to);
                if (!said) continue;
                out_.answers.push_back(
                    {log.party, log.key, &entry, reply, *said, bounds(log, entry.index)});
            }
        }
    }

    bool is_list_to(const PartyId& party, const seal::ListHead& list) const {
        return std::any_of(author_->entries.begin(), author_->entries.end(),
                           [&](const ProvenEntry& entry) {
                               const ProvenSlot* slot = entry.slot_for(party);
                               return slot != nullptr && slot->has_list(list);
                           });
    }

    /// Whether the release stands, under that number, in this very list.
    bool in_list(const seal::ListHead& list, const Told& told) const {
        return std::any_of(
            author_->entries.begin(), author_->entries.end(), [&](const ProvenEntry& entry) {
                const ProvenSlot* slot = entry.slot_for(told.to);
                return slot != nullptr && slot->has_list(list) &&
                       std::any_of(slot->releases.begin(), slot->releases.end(),
                                   [&](const ProvenRelease& one) {
                                       return one.number == told.number &&
                                              one.release.leaf == out_.said[told.said].entry->leaf;
                                   });
            });
    }

    bool acknowledges(const Word& word, const Told& told) const {
        const statement::Receipt* receipt = word.receipt;
        const ProvenEntry& said = *out_.said[told.said].entry;
        if (receipt != nullptr && !receipt->entries.empty()) {
            const auto& leaves = receipt->entries;
            return std::find(leaves.begin(), leaves.end(), said.leaf) != leaves.end();
        }
        if (told.number >= word.list.size.v || !in_list(word.list, told)) return false;
        if (receipt == nullptr) return true;
        const auto& exceptions = receipt->exceptions;
        return std::find(exceptions.begin(), exceptions.end(), said.index) == exceptions.end();
    }

    /// That the party had the author's log with the release in it, by its own entries and keys.
    void find_held(const ProvenLog& log, Word& word) const {
        EntryIndex last{0};
        for (const std::size_t i : word.lacks) {
            last = std::max(last, out_.told[i].beat->index);
        }
        for (const ProvenEntry& entry : log.entries) {
            if (entry.index > word.entry->index) break;
            if (!entry.beat || word.had_quoted) continue;
            const auto head = entry.beat->heads.find(out_.author);
            if (head == entry.beat->heads.end() || head->second.size.v <= last.v) continue;
            if (author_->has_head(head->second)) word.had_quoted = entry.leaf;
        }
        word.had_cosigned = first_cosigned(
            *author_, last, [&](const CosignedAt& one) { return one.party == log.party; });
    }

    Report& out_;
    const Facts& facts_;
    const ProvenLog* author_ = nullptr;
};

}  // namespace

Result<Report> verify(BytesView bytes, std::span<const std::string> charters) {
    Report out;
    TRY(file, parse_file(bytes));
    out.file = std::move(file);
    TRY(facts, check(out.file, charters));
    out.facts = std::move(facts);
    TRYV(Meaning(out).run());
    out.lines = lines_of(out);
    return out;
}

}  // namespace entente::evidence
