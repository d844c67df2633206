// SPDX-License-Identifier: Apache-2.0
// A sealed check that is open here, asked again as of the heads that it names (PROTOCOL 24): out of
// the entries and bodies that this node holds, as its author had them then, as far as that is known
// here. What cannot be known is named, and then nothing is called the same. How many sealed entries
// of the author's log stay unopened to this reader is counted beside it.
//
//     TRY(recheck, Recheck::begin(exchange, seen, {}));    // on the thread that owns the exchange
//     while (auto rows = recheck.wants())                  // rows are read there,
//         TRYV(recheck.take(read(*rows)));                 // and opened on any thread
//     Rechecked said = std::move(recheck).finish();
//
// Cost: as a start of the node, over the entries below those heads.
#pragma once

#include "node/exchange.h"
#include "view/sealed_check.h"

namespace entente::node {

/// Why something was not compared.
struct NotCompared {
    std::string code;  // doc/protocol/dealings.md lists them
    std::string text;
    PartyId party;          // whose log it speaks of; empty: of no one party's
    std::size_t count = 0;  // of what it speaks
};

enum class Compared : std::uint8_t { same, differs, not_compared };
const char* name(Compared word);

struct Rechecked {
    Compared word = Compared::not_compared;       // of all: `same` only if all was compared
    Compared verdict = Compared::not_compared;    // of the verdict alone
    std::optional<check::Verdict> found_verdict;  // what the register says; if all of it is here
    std::size_t found = 0;                        // that touches, of what is here
    std::size_t agreed = 0;                       // stated, and found
    std::vector<Hash> not_found;                  // stated, and not found
    std::vector<Hash> not_stated;                 // found, and not stated
    std::vector<Hash> not_read;                   // stated, and not compared
    std::vector<NotCompared> reasons;
    // Of the author's log:
    EntryIndex window_begin, window_end;
    std::size_t sealed = 0;    // entries in [begin, end)
    std::size_t unopened = 0;  // of these, those that this reader cannot read
};

/// Entries of the author's log whose sealed ones are counted; absent: from the head that the check
/// names to its own entry.
struct RecheckWindow {
    std::optional<EntryIndex> begin;
    std::optional<EntryIndex> end;
};

class Recheck {
  public:
    /// Errc::malformed for a window that is none, or of which not all is held here.
    static Result<Recheck> begin(const Exchange& exchange, const view::SeenCheck& seen,
                                 const RecheckWindow& window);

    struct Rows {
        Origin origin;
        EntryIndex begin;
        EntryIndex end;
    };
    /// What is to be read next; nothing once all is.
    std::optional<Rows> wants() const;
    /// Precondition: the rows of wants(), all of them.
    Result<void> take(std::vector<StoredEntry> rows);
    /// Precondition: wants() nothing.
    Rechecked finish() &&;

    static constexpr std::uint64_t rows_at_once = 2048;

  private:
    struct Log {
        PartyId party;
        Origin origin;
        TreeSize size;                       // of the head that the check names; 0: not applied
        bool all = false;                    // the author's own: it had all bodies
        bool guessed = false;                // what the author held of it is not known here
        std::map<Hash, Slots> given;         // by leaf: what the author had been given
        std::map<EntryIndex, Slots> closed;  // bodies that were destroyed since
        std::set<Hash> recalled;  // entries of which it has destroyed some, then or since
        registry::Finality finality;
        registry::LogNumber number = 0;
        std::uint64_t next = 0;  // rows [next, end) are still to be read
        std::uint64_t end = 0;
        std::size_t unread = 0;  // entries with bodies that the author had, and that are not here
    };
    struct Known {
        std::size_t log = 0;
        bool whole = false;  // all that the author had of it is open
    };

    Recheck(statement::SealedCheck check, PartyId author, const Exchange& exchange);
    void why_not(std::string code, std::string text, const PartyId& party = {},
                 std::size_t count = 0);
    void look_at_rules(const Exchange& exchange);
    Result<void> add_log(const Exchange& exchange, const statement::CheckedLog& named, bool first);
    Result<void> add_given(const Exchange& exchange, const statement::CheckedLog& named, Log& log);
    Result<void> set_window(const Exchange& exchange, const view::SeenCheck& seen,
                            const RecheckWindow& window);
    Result<void> take(Log& log, std::size_t number, const StoredEntry& row);
    void apply(Log& log, std::size_t number, const registry::Position& position,
               const statement::SealedEntry& entry, seal::Bodies bodies);
    check::Answer ask(const registry::Snapshot& snapshot) const;
    void compare(Rechecked& out);
    void compare_touched(const check::Answer& answer, bool whole, Rechecked& out);
    void compare_verdict(const check::Answer& answer, bool whole, Rechecked& out);

    statement::SealedCheck check_;
    PartyId author_;
    bool mine_;
    bool stopped_ = false;  // nothing can be asked again
    const seal::Vault* vault_;
    std::string charter_;
    bool several_;  // parties
    registry::Registry registry_;
    std::vector<Log> logs_;  // the author's first
    std::map<Hash, Known> known_;
    bool truncated_ = false;  // more touched than are listed
    Rechecked out_;
};

}  // namespace entente::node
