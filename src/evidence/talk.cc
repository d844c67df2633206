// SPDX-License-Identifier: Apache-2.0
#include "evidence/talk.h"

#include <algorithm>

#include "base/printable.h"

namespace entente::evidence {
namespace {

std::string entry_text(const ProvenEntry& entry) {
    return "entry " + std::to_string(entry.index.v);
}

class TalkLines {
  public:
    TalkLines(const Report& report, std::vector<Line>& out) : report_(report), out_(out) {}

    void run() {
        for (const Call& one : report_.calls) call(one);
        for (const Answered& one : report_.answers) answer(one);
        if (is_stop(report_)) missing();
    }

  private:
    void add(Standing standing, const char* code, const std::string& text, const std::string& by,
             std::vector<Hash> rests_on) {
        out_.push_back({standing, code, printable(text), printable(by), std::move(rests_on)});
    }
    std::string version(std::size_t said) const {
        return "version " + std::to_string(report_.said[said].version);
    }
    void time(const std::string& what, const Bounds& bounds, const Hash& leaf) {
        const bool proven = bounds.after || bounds.before;
        add(proven ? Standing::proven : Standing::missing, proven ? "time" : "time_unproven",
            what + ": " + bounds_text(bounds),
            bounds.before  ? bounds.before->clock
            : bounds.after ? bounds.after->clock
                           : std::string(),
            {leaf});
    }

    /// That it was logged is proven; that it was done is its author's word.
    void call(const Call& one) {
        const ProvenEntry& entry = *one.entry;
        const std::vector<Hash> leaves = {entry.leaf, report_.said[one.said].entry->leaf};
        add(Standing::proven, "call",
            report_.author.v + " logged a call of " + desks_text(*one.attempt) + " with " +
                version(one.said) + " in " + entry_text(entry) + " of its log" +
                (one.attempt->automatic ? "" : ", by a person's word"),
            report_.author_key, leaves);
        time(entry_text(entry) + " of " + report_.author.v, one.bounds, entry.leaf);
        add(Standing::claimed, "tried",
            "the call in " + entry_text(entry) + " began at " + moment_text(one.attempt->at) +
                " and came to this: " + tried_text(*one.attempt),
            report_.author.v, {entry.leaf});
    }

    void answer(const Answered& one) {
        const ProvenEntry& entry = *one.entry;
        const statement::Reply& reply = *one.reply;
        add(Standing::proven, "answer",
            one.from.v + " answered '" + statement::name(reply.word) + "' to " + version(one.said) +
                " in " + entry_text(entry) + " of its log" +
                (reply.automatic ? ", by its node and no person" : ""),
            one.key, {entry.leaf, report_.said[one.said].entry->leaf});
        time(entry_text(entry) + " of " + one.from.v, one.bounds, entry.leaf);
        std::string says = one.from.v + " dates that " + moment_text(entry.head->time);
        if (!reply.contact.empty()) says += ", from its " + reply.contact;
        if (!reply.text.empty()) says += ": \"" + reply.text + "\"";
        add(Standing::claimed, "answer_words", says, one.from.v, {entry.leaf});
    }

    void missing() {
        const ProvenEntry& stop = *report_.said.front().entry;
        if (!stop.exact) {
            return add(Standing::missing, "talk",
                       "calls of the STOP and answers to it are shown only with its exact body", "",
                       {stop.leaf});
        }
        if (report_.calls.empty()) {
            add(Standing::missing, "call",
                "no call of the STOP is in the file, which does not show that there was none", "",
                {stop.leaf});
        }
        const PartyId& to = stop.exact->protection.stop->to;
        const bool answered = std::any_of(
            report_.answers.begin(), report_.answers.end(),
            [&](const Answered& one) { return one.from == to && !one.reply->automatic; });
        if (answered) return;
        add(Standing::missing, "answer",
            "no answer of a person of " + to.v +
                " is in the file, which does not show that there was none",
            "", {stop.leaf});
    }

    const Report& report_;
    std::vector<Line>& out_;
};

}  // namespace

bool is_stop(const Report& report) {
    return !report.said.empty() && report.said.front().entry->head->kind == statement::stop_kind;
}

std::string desks_text(const statement::Attempt& attempt) {
    std::string out;
    for (const std::string& desk : attempt.desks)
        out += (out.empty() ? "\"" : ", \"") + desk + "\"";
    return out;
}

std::string tried_text(const statement::Attempt& attempt) {
    std::string out;
    for (const statement::Tried& one : attempt.tried) {
        if (!out.empty()) out += "; ";
        out += statement::name(one.route);
        if (!one.via.empty()) out += " by " + one.via;
        out += std::string(": ") + statement::name(one.outcome);
        if (!one.detail.empty()) out += " (" + one.detail + ")";
    }
    return out;
}

void talk_lines(const Report& report, std::vector<Line>& out) { TalkLines(report, out).run(); }

}  // namespace entente::evidence
