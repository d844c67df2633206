// SPDX-License-Identifier: Apache-2.0
// Every change to the register as an event, in order of the log: event n + 1 tells entry n, so that
// a listener's whole state is the number of the last event it has, and it resumes without a gap by
// saying it. Nothing is queued for anybody: who is slow reads later, out of the register itself.
//
// Any thread; the desk adds, listeners read and wait.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "view/view.h"

namespace entente::net {

class Changes {
  public:
    /// Stands for an entry that changed no record.
    static constexpr view::Slot no_slot = 0xFFFF'FFFF;
    /// Of a dealing, by its own numbers: an entry that changed an activity, or what is said of one.
    static constexpr view::Slot dealing_bit = 0x8000'0000;
    /// Something came urgently that no log shows yet; a party said what it did with what it was
    /// told. Neither has a slot: whoever shows them asks for them again.
    static constexpr view::Slot urgent_slot = 0xFFFF'FFFE;
    static constexpr view::Slot receipt_slot = 0xFFFF'FFFD;
    static bool is_record(view::Slot slot) { return (slot & dealing_bit) == 0; }

    /// Everything that the register of one party alone holds already, from whatever order its
    /// records stand in: event n + 1 tells entry n of its log.
    void begin(const view::View& view, TreeSize size);
    /// Of an exchange, in which changes come out of several logs, only what changes from now on is
    /// told: event `first` + 1 is the next. Whoever resumes at a lower number has missed something.
    /// Numbers say nothing of the own log then, which has `size` entries: events name its size
    /// apart.
    void begin_at(std::uint64_t first, TreeSize size);
    /// The next entries, one slot each, and how many the own log has by then. Called by the desk
    /// after the moment that holds them is published, and before anybody hears that they are
    /// durable.
    void add(const view::View& view, const std::vector<view::Slot>& slots, TreeSize size);
    /// So many open entries, which change no record.
    void add_open(std::size_t count);

    /// The number of the newest event.
    std::uint64_t size() const;
    /// What begin_at() was given, or 0: events up to this number are not told any more.
    std::uint64_t first() const;
    /// Events after the first `after` ones, at most `most` entries of them, as server-sent events;
    /// moves `after` on. Entries that changed no record give none. The view holds these entries.
    std::string since(std::uint64_t& after, std::size_t most, const view::View& view) const;
    /// The records that the entries [begin, end) changed; end <= size().
    std::vector<view::Slot> slots(std::uint64_t begin, std::uint64_t end) const;
    /// Calls `*wake` once, from any thread, as soon as there is more than `after`; not at all if
    /// nobody holds it any more by then.
    using Wake = std::function<void()>;
    void on_more(std::uint64_t after, const std::shared_ptr<const Wake>& wake);

  private:
    static constexpr std::size_t recent_max = 4096;
    static std::string event(const view::View& view, view::Slot slot, std::uint64_t number,
                             std::optional<TreeSize> size);

    mutable std::mutex mutex_;  // guards all that follows
    std::uint64_t first_ = 0;
    std::optional<TreeSize> tree_size_;  // of the own log; absent where events count its entries
    std::vector<view::Slot> slot_of_entry_;  // of event first_ + 1 + i
    std::deque<std::string> recent_;         // the newest events, ready to send
    std::vector<std::weak_ptr<const Wake>> waiting_;
    std::size_t waiting_limit_ = 64;  // above it, those that are gone are dropped
};

}  // namespace entente::net
