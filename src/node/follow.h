// SPDX-License-Identifier: Apache-2.0
// Following one other node: what to ask it next, and what to do with its answer. Sans-IO: an edge
// carries the questions (HTTP, a pack on a stick, a simulated link). It asks for heads, fetches
// what is newer of every log that the other node has, then the releases to us. Each answer is a
// step that stands by itself, so that a broken link loses at most one answer.
//
//     Follow follow(exchange, PartyId{"ru"});
//     while (auto step = follow.next(now)) follow.take(ask(*step), now);
//
// Owned by the thread that owns the Exchange.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "mirror/pull.h"
#include "node/exchange.h"

namespace entente::node {

/// One question.
struct Step {
    std::string path;  // doc/protocol/exchange.md
    std::string etag;  // of the answer we have: the other side may say that nothing changed
    Bytes body = {};   // posted, if there is any
};

/// One answer; a failure of the world is an error instead.
struct StepAnswer {
    bool unchanged = false;  // since the etag
    std::string etag;
    Bytes body;
};

/// What goes over this node beside what it says itself (PROTOCOL 28).
struct Relayed {
    /// Whom we hand packs to by it, since they cannot ask us; it is one of them where it cannot.
    std::vector<PartyId> hand_over = {};
    /// Whom we cannot ask, and may have left something for us here.
    std::vector<PartyId> ask_for = {};
};

class Follow {
  public:
    /// `by_file`: what comes may be old, and nobody is to blame for that.
    Follow(Exchange& exchange, PartyId peer, Duration poll_every, bool by_file = false)
        : exchange_(exchange), peer_(std::move(peer)), poll_every_(poll_every), by_file_(by_file) {}
    Follow(Exchange& exchange, PartyId peer, Duration poll_every, Relayed relayed)
        : exchange_(exchange), peer_(std::move(peer)), poll_every_(poll_every),
          relayed_(std::move(relayed)) {}

    const PartyId& peer() const { return peer_; }
    /// Nothing: there is nothing to ask before due().
    std::optional<Step> next(Instant now);
    /// The answer to the step that next() gave last.
    void take(Result<StepAnswer> answer, Instant now);
    /// When to ask again; in the past where something is under way.
    Instant due() const { return due_; }
    /// Asks at once instead.
    void hurry() { due_ = Instant::min(); }
    /// Why the last round stopped, or nothing where it went to its end.
    const std::optional<Error>& trouble() const { return trouble_; }

    static constexpr std::size_t handed_bytes_max = 4096;  // of the answer to what is handed over
    /// Bytes of the answer to the step that next() gave last that need be read, at most.
    std::size_t answer_bytes_max() const;

  private:
    enum class Phase : std::uint8_t {
        resting,
        heads,
        pulling,
        charter,
        successors,
        releases,
        former,
        received,
        packs,
        handing,
        deposits,
        deposit,
        held
    };

    Result<void> took(const StepAnswer& answer, Instant now);
    Result<void> took_heads(const StepAnswer& answer, Instant now);
    /// Gives what a pull has verified to the exchange, to be stored.
    Result<void> take_verified(Instant now);
    Result<void> took_file(const mirror::Checked<void>& taken, Instant now);
    Result<void> took_charter(const StepAnswer& answer, Instant now);
    Result<void> took_successors(const StepAnswer& answer, Instant now);
    Result<void> took_releases(const StepAnswer& answer, Instant now);
    bool ask_former(Instant now);
    Result<void> took_former(const Result<StepAnswer>& answer, Instant now);
    Result<void> took_pack(const StepAnswer& answer, Instant now);
    void took_handed(const StepAnswer& answer);
    Result<bool> hand_next(Instant now);
    bool ask_next();
    Result<void> took_deposits(const StepAnswer& answer, Instant now);
    Result<void> took_deposit(Result<void> taken, Instant now);
    Result<void> took_held(const Result<void>& taken, Instant now);
    Result<void> next_log(Instant now);
    Result<void> other_branch(Instant now);
    Result<void> go_on(Instant now);
    void end_round(Instant now, std::optional<Error> trouble);

    Exchange& exchange_;
    PartyId peer_;
    Duration poll_every_;
    bool by_file_ = false;
    TreeSize shown_;    // of its own log, by itself, over this line
    Origin shown_log_;  // which was this
    Phase phase_ = Phase::resting;
    Instant due_ = Instant::min();
    std::string mark_;      // of the newest heads, once all that they speak of is here
    std::string etag_;      // of the answer to what is asked with that mark
    bool fetched_ = false;  // something in this round: then heads are asked for once more
    std::deque<Wanted> wanted_;
    std::optional<mirror::Pull> pull_;
    Relayed relayed_;
    std::deque<PartyId> to_ask_, to_hand_;  // of this round
    std::map<PartyId, std::string> packs_;  // etags of the newest that were taken in
    Bytes handing_;                         // the pack that is on its way
    TreeSize handing_size_;                 // of our log in it
    std::map<PartyId, TreeSize> handed_;    // our log's, with the newest pack to each
    std::optional<TreeSize> held_there_;    // of our log, as this peer has said
    bool ask_deposits_ = false;             // in this round
    std::deque<PartyId> to_keep_;           // recipients whose parcels it wants to leave here
    std::deque<PartyId> to_fetch_;          // authors of whom it may hold something for us
    std::map<PartyId, Instant> asked_;      // of those, when
    std::uint32_t former_ = 0;              // the log before of which something is asked
    std::map<std::uint32_t, Instant> former_asked_;  // of those that gave nothing new, when
    unsigned failures_ = 0;                          // rounds in a row
    std::optional<Error> trouble_;
};

}  // namespace entente::node
