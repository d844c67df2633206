// SPDX-License-Identifier: Apache-2.0
// Notices on their way out, on one thread: of each webhook and address the oldest one that is not
// acknowledged, the next when that was taken. What fails is tried again, twice as late each time;
// what failed often enough is set aside as a dead letter, listed and never lost, and the next one
// has its turn. An answer 2xx, or a mail server's word that it has the mail, is an acknowledgement;
// once it is durable nothing is sent again, and until then the same notice may come twice.
//
// Outbound only: it listens to nobody.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "net/backoff.h"
#include "net/notices.h"
#include "net/outbound.h"

namespace entente::net {

class Deliverer {
  public:
    struct Options {
        OutboundPolicy policy;
        std::function<Instant()> now;
        Random random;
    };
    /// All outlive it.
    Deliverer(Desk& desk, Notices& notices, std::unique_ptr<Outbound> out, Options options);
    /// What is under way is given up, and sent again at the next start.
    ~Deliverer();
    Deliverer(const Deliverer&) = delete;
    Deliverer& operator=(const Deliverer&) = delete;

    static constexpr std::size_t at_once_max = 32;

  private:
    /// What is told in one order.
    struct Line {
        explicit Line(Backoff retry) : backoff(retry) {}
        Backoff backoff;
        unsigned attempts = 0;  // of its first notice
        Instant due = Instant::min();
        std::optional<std::uint64_t> empty_at;  // when nothing was there to send
        std::uint64_t job = 0;                  // under way; 0: nothing is
        node::WaitingNotice sent;
    };
    void run();
    Duration begin_due(Instant now);
    void begin(Line& line, const watch::Subscription& to, const node::WaitingNotice& notice,
               Instant now);
    void finish(const Outbound::Done& done, Instant now);
    Backoff new_backoff();

    Desk& desk_;
    Notices& notices_;
    std::unique_ptr<Outbound> out_;
    Options options_;
    std::map<std::string, Line> lines_;  // by stream; its thread alone
    std::uint64_t jobs_ = 0;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace entente::net
