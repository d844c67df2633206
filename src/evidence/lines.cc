// SPDX-License-Identifier: Apache-2.0
#include "evidence/lines.h"

#include <algorithm>
#include <cmath>

#include "base/encode.h"
#include "base/printable.h"
#include "evidence/talk.h"
#include "evidence/words.h"
#include "geo/distance.h"
#include "geo/prepared.h"
#include "geo/valid.h"

namespace entente::evidence {
namespace {

using statement::Slot;

std::string number(std::uint64_t n) { return std::to_string(n); }

/// What it is where that is no protection, or empty.
std::string spoken_against(const ProvenEntry& entry) {
    if (!entry.head) return {};
    if (entry.head->kind == statement::stop_kind) return "STOP";
    return entry.head->kind == statement::objection_kind ? "objection" : "";
}

std::string stop_words(const statement::Stop& stop, const std::vector<geo::Place>& where) {
    std::string out = "for";
    for (const std::string& desk : stop.desks) {
        out += (&desk == &stop.desks.front() ? " \"" : ", then \"") + desk + "\"";
    }
    out += ": \"" + stop.text + "\", ";
    if (stop.activity) out += "about activity " + stop.activity->activity.text() + ", ";
    return out + places_text(where);
}

std::string entry_text(const ProvenEntry& entry) { return "entry " + number(entry.index.v); }

}  // namespace

std::string content_text(const ProvenEntry& entry) {
    if (entry.exact) {
        const statement::Protection& it = entry.exact->protection;
        if (it.objection) {
            return "objection to activity " + it.objection->activity.text() + " (entry " +
                   to_base64(it.objection->entry.view()) + "), on the grounds \"" +
                   it.objection->grounds + "\", " + places_text(it.where);
        }
        if (it.stop) return "STOP to " + it.stop->to.v + ", " + stop_words(*it.stop, it.where);
        std::string out = statement::name(it.protection_class);
        for (const statement::Name& name : it.names) out += " \"" + name.text + "\"";
        if (it.presence) {
            out += ", presence of group " + it.presence->group.text() + ", grade " +
                   grade_text(it.presence->grade);
            if (it.presence->sponsor) out += ", vouched for by " + it.presence->sponsor->v;
        }
        return out + ", " + places_text(it.where);
    }
    if (!entry.coarse) return {};
    const std::string against = spoken_against(entry);
    const std::string& of = against.empty() ? entry.coarse->protection_class : against;
    return of + ", coarse: " + places_text(entry.coarse->where);
}

namespace {

/// How far what came back lies from what was said, where that is shown.
std::string apart_text(const ProvenEntry& said, const statement::ReadBack& read) {
    if (!said.exact || said.exact->protection.where.empty()) return {};
    const geo::Shape& shape = said.exact->protection.where.front().volume.shape;
    if (!geo::validate(shape)) return {};
    const Metres apart = geo::geodesic(geo::Prepared(shape).center(), read.at);
    return ", " + number(static_cast<std::uint64_t>(std::llround(apart.v))) +
           " m from where it was said to be";
}

class Lines {
  public:
    explicit Lines(const Report& report) : report_(report) {}

    std::vector<Line> run() {
        for (std::size_t i = 0; i < report_.said.size(); ++i) say(i);
        for (const Told& told : report_.told) tell(told);
        for (const Word& word : report_.words) hear(word);
        for (const Kept& kept : report_.kept) keep(kept);
        talk_lines(report_, out_);
        logs();
        claims();
        missing();
        return std::move(out_);
    }

  private:
    void add(Standing standing, std::string code, std::string text, std::string by,
             std::vector<Hash> rests_on) {
        out_.push_back(
            {standing, std::move(code), printable(text), printable(by), std::move(rests_on)});
    }
    const std::string& author_key() const { return report_.author_key; }

    void say(std::size_t i) {
        const Said& said = report_.said[i];
        const ProvenEntry& entry = *said.entry;
        const statement::Head& head = *entry.head;
        add(Standing::proven, "said",
            report_.author.v + " said version " + number(said.version) + " (" + head.act +
                (!head.protects                   ? ", protects nothing)"
                 : !spoken_against(entry).empty() ? ", objects)"
                                                  : ", protects)") +
                " of record " + report_.file.record.text() + " in " + entry_text(entry) +
                " of its log",
            author_key(), {entry.leaf});
        time("version " + number(said.version), said.bounds, {entry.leaf});
        for (const std::string& who : entry.approved_by) {
            add(Standing::proven, "signed_for",
                "version " + number(said.version) + " bears the signature of " + who, who,
                {entry.leaf});
        }
        if (entry.approvals_unknown > 0) {
            add(Standing::missing, "approval_unknown",
                number(entry.approvals_unknown) + " signature(s) for version " +
                    number(said.version) +
                    " are by keys that are not shown to be an officer's, or do not hold",
                "", {entry.leaf});
        }
        if (entry.coarse_covers) {
            add(*entry.coarse_covers ? Standing::proven : Standing::missing, "coarse",
                std::string("the coarse area of version ") + number(said.version) +
                    (*entry.coarse_covers
                         ? " is the author's own and holds the exact place with its buffer"
                         : " is the author's own, and that it holds the exact place cannot be "
                           "shown"),
                author_key(), {entry.leaf});
        }
    }

    void time(const std::string& what, const Bounds& bounds, std::vector<Hash> leaves) {
        const bool proven = bounds.after || bounds.before;
        add(proven ? Standing::proven : Standing::missing, proven ? "time" : "time_unproven",
            what + ": " + bounds_text(bounds),
            bounds.before  ? bounds.before->clock
            : bounds.after ? bounds.after->clock
                           : std::string(),
            std::move(leaves));
    }

    void tell(const Told& told) {
        const Said& said = report_.said[told.said];
        const std::vector<Hash> leaves = {told.beat->leaf, said.entry->leaf};
        const std::string what = "release " + number(told.number) + " to " + told.to.v;
        add(Standing::proven, "told",
            report_.author.v + " released version " + number(said.version) + " to " + told.to.v +
                ", " + tier_text(told.slots) + ": " + what + ", by the slot of its beat in " +
                entry_text(*told.beat),
            author_key(), leaves);
        time(what, told.bounds, leaves);
    }

    std::string releases_text(const std::vector<std::size_t>& told) const {
        std::string out;
        for (const std::size_t i : told) {
            out += (out.empty() ? "" : ", ") + number(report_.told[i].number) + " (version " +
                   number(report_.said[report_.told[i].said].version) + ")";
        }
        return (told.size() == 1 ? "release " : "releases ") + out;
    }

    void hear(const Word& word) {
        const bool receipt = word.receipt != nullptr;
        const std::string where = (receipt ? "its receipt in " : "its beat in ") +
                                  entry_text(*word.entry) + " of its log, which it dates " +
                                  moment_text(word.time);
        std::vector<Hash> leaves = {word.entry->leaf};
        for (const std::size_t i : word.covers) {
            leaves.push_back(report_.said[report_.told[i].said].entry->leaf);
        }
        if (!word.covers.empty()) {
            std::string text = word.from.v + " acknowledged " + releases_text(word.covers) +
                               " as '" + word.rung + "' in " + where;
            if (receipt && !word.receipt->unit.empty()) text += ", unit " + word.receipt->unit;
            if (receipt && !word.receipt->voice.empty()) {
                text += ", by voice: " + word.receipt->voice;
            }
            if (receipt && !word.receipt->reason.empty()) text += ": " + word.receipt->reason;
            add(Standing::proven, "acknowledged", text, word.key, leaves);
            time(entry_text(*word.entry) + " of " + word.from.v, word.bounds, {word.entry->leaf});
        }
        if (!word.lacks.empty()) silent(word, where);
        if (!word.list_proven) {
            add(Standing::missing, "other_list",
                word.from.v + " acknowledges " + number(word.list.size.v) + " releases in " +
                    where + ", and that list is not shown to be " + report_.author.v + "'s",
                word.key, {word.entry->leaf});
        }
    }

    void silent(const Word& word, const std::string& where) {
        std::vector<Hash> leaves = {word.entry->leaf};
        for (const std::size_t i : word.lacks) leaves.push_back(report_.told[i].beat->leaf);
        add(Standing::proven, "silent",
            word.from.v + " had not acknowledged " + releases_text(word.lacks) + " in " + where +
                ": its slot for " + report_.author.v + " says " + number(word.list.size.v) +
                " release(s)",
            word.key, leaves);
        time(entry_text(*word.entry) + " of " + word.from.v, word.bounds, {word.entry->leaf});
        if (word.had_cosigned) {
            add(Standing::proven, "held",
                word.from.v + " had " + report_.author.v + "'s log with these releases' beats at " +
                    moment_text(word.had_cosigned->at) + ", by its own clock",
                word.had_cosigned->clock, leaves);
        }
        if (word.had_quoted) {
            add(Standing::proven, "quoted",
                word.from.v + " had quoted such a head before that beat", word.key,
                {*word.had_quoted});
        }
        if (!word.had_cosigned && !word.had_quoted) {
            add(Standing::missing, "held_unproven",
                "that " + word.from.v + " had " + report_.author.v +
                    "'s log with these releases by then is not shown",
                "", leaves);
        }
    }

    void keep(const Kept& kept) {
        const statement::HeldFor& held = *kept.receipt->held;
        const bool fetched = kept.receipt->rung == statement::Rung::passed;
        std::vector<Hash> leaves = {kept.entry->leaf};
        for (const std::size_t i : kept.holds) {
            leaves.push_back(report_.said[report_.told[i].said].entry->leaf);
        }
        add(Standing::proven, fetched ? "fetched" : "kept",
            kept.with.v + " said in its receipt in " + entry_text(*kept.entry) +
                " of its log that what " + report_.author.v + " had left with it for " +
                held.recipient.v + ", sealed, after " + releases_text(kept.holds) +
                (fetched ? " was fetched at " : " waited there since ") + moment_text(held.at) +
                ", by its own clock",
            kept.key, leaves);
        time(entry_text(*kept.entry) + " of " + kept.with.v, kept.bounds, {kept.entry->leaf});
    }

    void logs() {
        for (const ProvenLog& log : report_.facts.logs) {
            if (!log.adopted) {
                add(Standing::missing, "adoption",
                    "entry 0 of the log of " + log.party.v +
                        ", which adopts its charter, is not in the file",
                    "", {});
                continue;
            }
            add(Standing::proven, "adopted",
                "the log of " + log.party.v + " begins by adopting version " +
                    number(*log.adopted) + " of charter " + report_.file.charter,
                log.key, {log.entries.front().leaf});
        }
    }

    void claims() {
        add(Standing::claimed, "made",
            "this file was made by " + report_.file.by.v + " at " + moment_text(report_.file.at),
            "", {});
        for (const Said& said : report_.said) {
            const ProvenEntry& entry = *said.entry;
            const statement::Head& head = *entry.head;
            add(Standing::claimed, "dated",
                "version " + number(said.version) + " is of " + moment_text(head.time) +
                    ", typed by " + head.actor,
                report_.author.v, {entry.leaf});
            const std::string content = content_text(entry);
            if (content.empty()) continue;
            add(Standing::claimed, "content",
                "what version " + number(said.version) + " says is true: " + content,
                report_.author.v, {entry.leaf});
        }
        for (const Word& word : report_.words) {
            if (word.receipt == nullptr) continue;
            for (const statement::ReadBack& read : word.receipt->read_back) read_back(word, read);
        }
    }

    void read_back(const Word& word, const statement::ReadBack& read) {
        const bool loaded = word.receipt->rung == statement::Rung::loaded;
        for (const Said& said : report_.said) {
            if (said.entry->leaf != read.entry) continue;
            add(Standing::claimed, loaded ? "loaded" : "read_back",
                word.from.v + (loaded ? " has loaded version " : " reads version ") +
                    number(said.version) + " as the point " + point_text(read.at) +
                    (read.near.empty() ? "" : ", " + statement::near_text(read)) +
                    apart_text(*said.entry, read),
                word.from.v, {word.entry->leaf, read.entry});
        }
    }

    void missing() {
        static constexpr const char* names[] = {"head", "coarse", "exact"};
        std::uint32_t next = 1;
        for (const Said& said : report_.said) {
            for (; next < said.version; ++next) {
                add(Standing::missing, "version",
                    "version " + number(next) + " of the record is not in the file", "", {});
            }
            next = std::max(next, said.version) + 1;
            for (const Slot slot : {Slot::coarse, Slot::exact}) {
                const auto i = static_cast<std::size_t>(slot);
                const bool opened = slot == Slot::coarse && said.entry->coarse.has_value();
                if (!said.entry->head->used[i] || said.entry->shown[i] || opened) continue;
                add(Standing::missing, "body",
                    std::string("the ") + names[i] + " body of version " + number(said.version) +
                        " is not shown; the entry commits to it",
                    "", {said.entry->leaf});
            }
        }
        for (const ProvenLog& log : report_.facts.logs) {
            for (const ProvenEntry& entry : log.entries) not_shown(log, entry);
        }
        add(Standing::missing, "later",
            "whether there are later versions, releases or receipts than those in the file", "",
            {});
        for (const statement::CharterParty& party : report_.facts.charter.parties) {
            if (party.id != report_.author) missing_of(party.id);
        }
    }

    void not_shown(const ProvenLog& log, const ProvenEntry& entry) {
        if (!entry.head || entry.head->kind != statement::receipt_kind) return;
        if (entry.shown[static_cast<std::size_t>(Slot::exact)]) return;
        add(Standing::missing, "receipt",
            "what " + log.party.v + " says in its receipt in " + entry_text(entry) +
                " of its log is not shown: it holds coordinates, of this record or of others too",
            "", {entry.leaf});
    }

    void missing_of(const PartyId& party) {
        std::vector<bool> told(report_.told.size());
        bool any = false;
        for (const Told& one : report_.told) any |= one.to == party;
        if (!any) {
            return add(Standing::missing, "told",
                       "no release to " + party.v +
                           " is in the file, which does not show that there was none",
                       "", {});
        }
        for (const Word& word : report_.words) {
            for (const std::size_t i : word.covers) told[i] = true;
            for (const std::size_t i : word.lacks) told[i] = true;
        }
        for (std::size_t i = 0; i < told.size(); ++i) {
            if (report_.told[i].to != party || told[i]) continue;
            add(Standing::missing, "word",
                "neither an acknowledgement nor a silence of " + party.v + " for release " +
                    number(report_.told[i].number) + " is in the file",
                "", {report_.told[i].beat->leaf});
        }
    }

    const Report& report_;
    std::vector<Line> out_;
};

}  // namespace

std::vector<Line> lines_of(const Report& report) { return Lines(report).run(); }

const char* name(Standing standing) {
    switch (standing) {
        case Standing::proven: return "proven";
        case Standing::claimed: return "claimed";
        case Standing::missing: break;
    }
    return "missing";
}

std::string moment_text(Instant at) {
    // RFC 3339 has years 0001 to 9999; a stranger's number may be any.
    constexpr std::int64_t first = -62'135'596'800'000, last = 253'402'300'799'999;
    if (millis(at) >= first && millis(at) <= last) return format_rfc3339(at);
    return std::to_string(millis(at)) + " ms after 1970";
}

std::string bounds_text(const Bounds& bounds) {
    if (!bounds.after && !bounds.before) return "time unproven";
    std::string out;
    if (bounds.after) {
        out = "after " + moment_text(bounds.after->at) + " (clock of " + bounds.after->clock + ")";
    }
    if (bounds.before) {
        out += std::string(out.empty() ? "" : ", ") + "not after " +
               moment_text(bounds.before->at) + " (clock of " + bounds.before->clock + ")";
    }
    return out;
}

std::string tier_text(const seal::SlotSet& slots) {
    if (slots[2]) return "exact";
    return slots[1] ? "coarse" : "head alone";
}

}  // namespace entente::evidence
