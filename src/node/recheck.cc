// SPDX-License-Identifier: Apache-2.0
#include "node/recheck.h"

#include <algorithm>

#include "base/assert.h"
#include "node/index_of.h"
#include "statement/charter_chain.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

constexpr Slots all_slots = 7;

/// Of a log as it is held here: its own tree, or the copy's. Null where nothing of it is here.
const tlog::Tree* tree_of(const Exchange& exchange, const Origin& origin) {
    if (origin == exchange.node().origin()) return &exchange.node().log().tree();
    const mirror::Mirror* copy = exchange.copy_of(origin);
    return copy == nullptr ? nullptr : &copy->tree();
}

const Peer* peer_in(const Exchange& exchange, const Origin& origin) {
    for (const auto& peer : exchange.peers()) {
        if (peer->origin == origin) return peer.get();
    }
    return nullptr;
}

/// The list's first `size` releases, by leaf.
Result<std::map<Hash, Slots>> released(const Exchange& exchange, const Origin& author,
                                       const PartyId& recipient, TreeSize size) {
    std::map<Hash, Slots> out;
    if (size.v == 0) return out;
    TRYV(exchange.store().scan_releases(
        author, recipient, 0, [&](StoredRelease&& row) -> Result<void> {
            if (row.number >= size.v) return {};
            TRY(release, seal::parse_release(row.leaf));
            Slots& slots = out[release.leaf];
            slots = static_cast<Slots>(slots | slots_of(release.slots));
            return {};
        }));
    return out;
}

}  // namespace

const char* name(Compared word) {
    switch (word) {
        case Compared::same: return "same";
        case Compared::differs: return "differs";
        case Compared::not_compared: return "not_compared";
    }
    ASSERT(false);
}

Recheck::Recheck(statement::SealedCheck check, PartyId author, const Exchange& exchange)
    : check_(std::move(check)), author_(std::move(author)), mine_(author_ == exchange.self()),
      vault_(&exchange.vault()), charter_(exchange.node().charter().id),
      several_(exchange.node().charter().parties.size() > 1),
      registry_(exchange.node().charter(),
                exchange.node().charter().party(author_) != nullptr ? author_ : exchange.self()) {}

void Recheck::why_not(std::string code, std::string text, const PartyId& party, std::size_t count) {
    out_.reasons.push_back({std::move(code), std::move(text), party, count});
}

Result<Recheck> Recheck::begin(const Exchange& exchange, const view::SeenCheck& seen,
                               const RecheckWindow& window) {
    if (seen.check == nullptr) {
        return fail(Errc::refused, "what check " + seen.id.text() + " asked cannot be read here");
    }
    Recheck out(*seen.check, seen.party, exchange);
    out.look_at_rules(exchange);
    bool first = true;
    for (const statement::CheckedLog& named : out.check_.checked.logs) {
        TRYV(out.add_log(exchange, named, std::exchange(first, false)));
    }
    if (out.stopped_) {
        for (Log& log : out.logs_) log.size = {}, log.end = 0;
    }
    TRYV(out.set_window(exchange, seen, window));
    return out;
}

/// By what the answer was made beside entries and bodies.
void Recheck::look_at_rules(const Exchange& exchange) {
    const statement::Checked& checked = check_.checked;
    const Node& node = exchange.node();
    if (checked.rules != check::rules_version) {
        why_not("rules", "it was answered by " + checked.rules + ", and this program knows " +
                             check::rules_version);
        stopped_ = true;
    }
    if (node.charter().party(author_) == nullptr) {
        why_not("charter", author_.v + " is no party of the charter in force here", author_);
        stopped_ = true;
    }
    if (checked.charter != node.charter_hash()) {
        why_not("charter", "it names another version of the charter than is in force here");
        stopped_ = true;
    } else {
        const auto file = exchange.store().document(checked.charter);
        const auto charter = file && *file
                                 ? statement::parse_charter(**file)
                                 : Result<statement::Charter>(fail(Errc::not_found, "not stored"));
        if (!charter || charter->terms != node.charter().terms) {
            why_not("terms",
                    "while parties adopt the charter one after the other the stricter of two "
                    "limits holds: which did when it was asked is not known");
            stopped_ = true;
        }
    }
    for (const statement::CharterParty& party : node.charter().parties) {
        const Origin& of = party.id == exchange.self()          ? node.origin()
                           : exchange.peer(party.id) != nullptr ? exchange.peer(party.id)->origin
                                                                : node.charter().origin(party.id);
        const auto names = [&](const statement::CheckedLog& log) { return log.origin == of; };
        if (std::none_of(checked.logs.begin(), checked.logs.end(), names)) {
            why_not("log_unnamed", "it names no log of " + party.id.v, party.id);
        }
    }
    if (!exchange.former().empty()) {
        why_not("former_logs", "logs that parties kept before those in force are not named in it",
                {}, exchange.former().size());
    }
}

Result<void> Recheck::add_log(const Exchange& exchange, const statement::CheckedLog& named,
                              bool first) {
    Log log;
    log.origin = named.origin;
    log.size = named.head.size;
    const Node& node = exchange.node();
    const Peer* peer = peer_in(exchange, named.origin);
    const bool own = named.origin == node.origin();
    if (!own && peer == nullptr) {
        why_not("log_unknown", "it names the log " + named.origin.v +
                                   ", which is none of those in "
                                   "force here");
        stopped_ = true;
        return {};
    }
    log.party = own ? exchange.self() : peer->id;
    const auto number = own ? registry::LogNumber{0} : peer->log;
    const registry::LogState& state = node.snapshot().log(number);
    if (state.forked) {
        why_not("forked", "the log of " + log.party.v + " contradicted itself", log.party);
        stopped_ = true;
    }
    const tlog::Tree* tree = tree_of(exchange, named.origin);
    if (tree == nullptr || tree->size() < named.head.size) {
        why_not("head_missing",
                "of the log of " + log.party.v + " " +
                    std::to_string(tree == nullptr ? 0 : tree->size().v) +
                    " entries are here, and it names a head of " +
                    std::to_string(named.head.size.v),
                log.party, named.head.size.v - (tree == nullptr ? 0 : tree->size().v));
        stopped_ = true;
    } else if (named.head.size.v > 0 && tree->root(named.head.size) != named.head.root) {
        why_not("other_head",
                "the head of " + std::to_string(named.head.size.v) +
                    " entries that it names is "
                    "none of the log of " +
                    log.party.v + " as it is here",
                log.party);
        stopped_ = true;
    }
    if (first && log.party != author_) {
        why_not("log_unknown", "the first log that it names is not its author's", author_);
        stopped_ = true;
    }
    log.all = first;
    log.end = log.size.v;
    log.finality = *state.finality;
    if (!own) log.closed = peer->closed;
    if (!first) TRYV(add_given(exchange, named, log));
    log.number = registry_.add_log(log.origin, log.party);
    registry_.set_finality(log.number, log.finality);
    logs_.push_back(std::move(log));
    return {};
}

/// What the author had been given of this log when it asked.
Result<void> Recheck::add_given(const Exchange& exchange, const statement::CheckedLog& named,
                                Log& log) {
    const statement::LogHead& list = named.released;
    const Peer* peer = peer_in(exchange, mine_ ? named.origin : check_.checked.logs[0].origin);
    if (mine_ || log.party == exchange.self()) {
        // Ours to the author, or to us as the author: the list is here.
        const tlog::Tree* held =
            peer == nullptr ? nullptr : (mine_ ? &peer->received : &peer->given);
        if (held == nullptr || held->size() < list.size ||
            (list.size.v > 0 && held->root(list.size) != list.root)) {
            why_not("releases_missing",
                    "the list of what " + log.party.v + " had released to " + author_.v +
                        " that it names is not the one that is here",
                    log.party);
            stopped_ = true;
            return {};
        }
        TRY(given, released(exchange, log.origin, author_, list.size));
        log.given = std::move(given);
        if (mine_) return {};
        for (const auto& [leaf, recall] : peer->made_recalls) {
            log.recalled.insert(recall.gone.begin(), recall.gone.end());
        }
        return {};
    }
    if (list.size.v == 0) return {};  // nothing, and so it is known
    log.guessed = true;
    why_not("releases_unknown",
            "what " + log.party.v + " had released to " + author_.v +
                " is not known here: what is here of it may be more or less",
            log.party, list.size.v);
    return {};
}

Result<void> Recheck::set_window(const Exchange& exchange, const view::SeenCheck& seen,
                                 const RecheckWindow& window) {
    const Origin& origin = check_.keys.origin;
    const tlog::Tree* tree = tree_of(exchange, origin);
    const std::uint64_t held = tree == nullptr ? 0 : tree->size().v;
    const bool named = !check_.checked.logs.empty() && check_.checked.logs[0].origin == origin;
    const std::uint64_t asked = named ? check_.checked.logs[0].head.size.v : seen.entry.v;
    out_.window_end = window.end.value_or(seen.entry);
    out_.window_begin = window.begin.value_or(EntryIndex{std::min(asked, out_.window_end.v)});
    if (out_.window_begin > out_.window_end || out_.window_end.v > held) {
        return fail(Errc::malformed, "from, until: entries of its author's log, of which " +
                                         std::to_string(held) +
                                         " are here, the first no later "
                                         "than the last");
    }
    auto log = std::find_if(logs_.begin(), logs_.end(),
                            [&](const Log& one) { return one.origin == origin; });
    if (log == logs_.end()) {
        Log more;
        more.party = author_;
        more.origin = origin;
        more.all = true;
        log = logs_.insert(logs_.end(), std::move(more));
    }
    if (log->end == 0) log->next = out_.window_begin.v;
    log->end = std::max(log->end, out_.window_end.v);
    return {};
}

std::optional<Recheck::Rows> Recheck::wants() const {
    for (const Log& log : logs_) {
        if (log.next >= log.end) continue;
        const std::uint64_t end = std::min(log.next + rows_at_once, log.end);
        return Rows{log.origin, {log.next}, {end}};
    }
    return std::nullopt;
}

Result<void> Recheck::take(std::vector<StoredEntry> rows) {
    const auto log =
        std::find_if(logs_.begin(), logs_.end(), [](const Log& one) { return one.next < one.end; });
    ASSERT(log != logs_.end());
    const auto number = static_cast<std::size_t>(log - logs_.begin());
    for (const StoredEntry& row : rows) {
        ASSERT(row.index.v == log->next);
        TRYV(take(*log, number, row));
        ++log->next;
    }
    return {};
}

Result<void> Recheck::take(Log& log, std::size_t number, const StoredEntry& row) {
    const registry::Position position{row.index, tlog::leaf_hash(row.entry)};
    const bool counts = row.index.v < log.size.v;
    const auto entry = statement::decode_entry(row.entry);
    if (!entry) {
        if (counts) registry_.note_malformed(log.number, position);
        return {};
    }
    if (const auto* open = std::get_if<statement::OpenEntry>(&*entry)) {
        if (counts) registry_.apply(log.number, position, *open);
        return {};
    }
    const auto& sealed = std::get<statement::SealedEntry>(*entry);
    seal::Bodies bodies;
    if (!row.wrapped_keys.empty()) {
        auto opened = vault_->open(position.leaf, row.wrapped_keys, row.ciphertexts);
        if (!opened) {
            return at("entry " + std::to_string(row.index.v) + " of " + log.origin.v + ": vault",
                      opened.error());
        }
        bodies = std::move(opened->bodies);
    }
    if (const auto closed = log.closed.find(row.index); closed != log.closed.end()) {
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            if ((closed->second >> i & 1) != 0) bodies[i].reset();
        }
    }
    const bool in_window = log.origin == check_.keys.origin && row.index >= out_.window_begin &&
                           row.index < out_.window_end;
    out_.sealed += in_window;
    out_.unopened += in_window && !bodies[0];
    if (counts) apply(log, number, position, sealed, std::move(bodies));
    return {};
}

/// As its author had it: what it had been given of the entry and nothing more.
void Recheck::apply(Log& log, std::size_t number, const registry::Position& position,
                    const statement::SealedEntry& entry, seal::Bodies bodies) {
    Slots had = log.all || log.guessed ? all_slots : Slots{0};
    if (const auto given = log.given.find(position.leaf); given != log.given.end()) {
        had = given->second;
    }
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        if ((had >> i & 1) == 0) bodies[i].reset();
    }
    Known known{number, had == 0};
    if (!bodies[0]) {
        registry_.note_sealed(log.number, position, entry);
    } else {
        const auto read = registry::understand({log.origin, charter_}, position, entry, bodies);
        known.whole = read.head.has_value();
        for (std::size_t i = 0; read.head && i < bodies.size(); ++i) {
            // The exact body opens the coarse one, and protects as much.
            const bool said = (read.opened >> i & 1) != 0 || (i == 1 && (read.opened & 4) != 0);
            if (read.head->used[i] && (had >> i & 1) != 0 && !said) known.whole = false;
        }
        registry_.apply(log.number, read);
    }
    if (log.recalled.contains(position.leaf)) known.whole = false;
    if (!known.whole && !log.guessed) ++log.unread;
    known_[position.leaf] = known;
}

check::Answer Recheck::ask(const registry::Snapshot& snapshot) const {
    check::Question question{{}, metres(check_.margin)};
    for (const geo::Place& place : check_.volumes) question.volumes.push_back(place.volume);
    check::AsOf as_of;
    as_of.party = author_;
    as_of.origin = check_.keys.origin;
    as_of.shown_to = check::ShownTo{author_, {}, {}};  // how fresh it was is not asked here
    index::Scratch scratch;
    return check::answer(view::View(snapshot, {author_}), index_of(snapshot), scratch, question,
                         as_of, check_.checked.asked_at);
}

void Recheck::compare_touched(const check::Answer& answer, bool whole, Rechecked& out) {
    std::vector<Hash> found;
    for (const check::Finding& one : answer.findings) found.push_back(one.leaf);
    std::sort(found.begin(), found.end());
    const std::vector<Hash>& stated = check_.touched;  // ascending
    const bool all_found = answer.findings_total == answer.findings.size();
    const auto stated_total =
        static_cast<std::size_t>(std::max<std::int64_t>(check_.checked.touched, 0));
    const bool all_stated = stated_total == stated.size();
    out.found = answer.findings_total;
    // A relaxation may have been final by then, or have become so as of then only later.
    std::vector<Hash> before_final;
    const bool some_missing =
        !std::includes(found.begin(), found.end(), stated.begin(), stated.end());
    if (some_missing && several_) {
        for (const Log& log : logs_) registry_.set_finality(log.number, {});
        registry_.settle();
        for (const check::Finding& one : ask(registry_.snapshot()).findings) {
            before_final.push_back(one.leaf);
        }
    }
    std::size_t relaxed = 0;
    for (const Hash& leaf : stated) {
        if (std::binary_search(found.begin(), found.end(), leaf)) {
            ++out.agreed;
            continue;
        }
        const auto known = known_.find(leaf);
        const bool read =
            known != known_.end() && known->second.whole && !logs_[known->second.log].guessed;
        const bool nowhere = known == known_.end() && whole;
        const bool by_then =
            std::find(before_final.begin(), before_final.end(), leaf) != before_final.end();
        relaxed += by_then;
        const bool sure = (read || nowhere) && (whole || all_found) && !by_then;
        (sure ? out.not_found : out.not_read).push_back(leaf);
    }
    if (relaxed > 0) {
        why_not("relaxed",
                std::to_string(relaxed) +
                    " of what it touched had been relaxed before: whether "
                    "that was final to its author by then is not known",
                {}, relaxed);
    }
    for (const Hash& leaf : found) {
        if (std::binary_search(stated.begin(), stated.end(), leaf)) continue;
        const Known& known = known_.at(leaf);
        // Where more was touched than is listed, only the same list of the same things compares.
        const bool sure = known.whole && !logs_[known.log].guessed && (whole || all_stated);
        if (sure) out.not_stated.push_back(leaf);
    }
    if (!whole && !all_stated) {
        why_not("more_touched", "it touched more than the nearest that it lists", {},
                stated_total - std::min(stated_total, stated.size()));
    }
}

void Recheck::compare_verdict(const check::Answer& answer, bool whole, Rechecked& out) {
    using check::Verdict;
    const std::string& stated = check_.checked.verdict;
    if (!whole) {
        const bool conflict = std::any_of(
            answer.findings.begin(), answer.findings.end(), [&](const check::Finding& one) {
                return one.weight == Verdict::conflict && known_.at(one.leaf).whole &&
                       std::binary_search(check_.touched.begin(), check_.touched.end(), one.leaf);
            });
        if (conflict && stated == check::name(Verdict::conflict)) out.verdict = Compared::same;
        return;
    }
    out.found_verdict = answer.verdict;
    if (stated == check::name(answer.verdict)) {
        // Too old a view of others makes an answer incomplete and no worse.
        const bool decided = !several_ || answer.verdict >= Verdict::incomplete;
        if (decided) out.verdict = Compared::same;
    } else {
        const bool worse_by_age =
            several_ && answer.verdict < Verdict::incomplete &&
            (stated == check::name(Verdict::incomplete) ||
             (stated == check::name(Verdict::caution) && answer.verdict < Verdict::caution));
        // A STOP may have been here before its log had it (PROTOCOL 28): no answer states that.
        const bool by_stop = several_ && stated == check::name(Verdict::conflict);
        if (by_stop) why_not("unlogged_stop", "it may rest on a STOP that no log showed yet");
        if (!worse_by_age && !by_stop) out.verdict = Compared::differs;
    }
    if (out.verdict == Compared::not_compared) {
        why_not("freshness",
                "how old its author's view of the others was, and what of them it knew to be "
                "missing, is not stated: what of the verdict rests on that was not compared");
    }
}

void Recheck::compare(Rechecked& out) {
    for (const Log& log : logs_) {
        if (log.unread == 0) continue;
        why_not("bodies_missing",
                "of " + std::to_string(log.unread) + " entries of " + log.party.v +
                    " not all that " + author_.v + " had is open here",
                log.party, log.unread);
    }
    const bool whole = out_.reasons.empty();
    registry_.settle();
    const check::Answer answer = ask(registry_.snapshot());
    compare_touched(answer, whole, out);
    const bool all = whole && out.not_read.empty();
    compare_verdict(answer, all, out);
    const bool total_differs =
        all && static_cast<std::int64_t>(answer.findings_total) != check_.checked.touched;
    if (!out.not_found.empty() || !out.not_stated.empty() || total_differs ||
        out.verdict == Compared::differs) {
        out.word = Compared::differs;
    } else if (out_.reasons.empty() && out.not_read.empty() && out.verdict == Compared::same) {
        out.word = Compared::same;
    }
}

Rechecked Recheck::finish() && {
    ASSERT(!wants());
    if (stopped_) {
        out_.not_read = check_.touched;
    } else {
        compare(out_);
    }
    return std::move(out_);
}

}  // namespace entente::node
