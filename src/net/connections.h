// SPDX-License-Identifier: Apache-2.0
// The connections of one worker without their sockets: what each is doing, and which one makes room
// when there are too many. Those who have not said who they are make way first, then those that
// wait, then those whose request has not come whole: else slow ones could keep everybody out. One
// party has only so many of its own, so that it cannot keep the others out.
//
// Of the worker's thread, but size().
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <string>

namespace entente::net {

enum class Doing : std::uint8_t { greeting, waiting, reading, working, streaming };

struct Connected {
    Doing doing = Doing::greeting;
    std::function<void()> close;  // closes the socket
    std::function<void()> wake;   // of one that streams
    std::string party;            // between nodes: whose it is, once the handshake has told
};

class Connections {
  public:
    using At = std::list<Connected>::iterator;
    Connections(std::size_t most, std::size_t most_of_a_party)
        : most_(most), most_of_a_party_(most_of_a_party) {}

    At add();
    void remove(At at);
    /// It waits from now on.
    void waits(At at);
    /// False if there are as many as may be, and all are busy.
    bool make_room();
    /// Whose it is; false if that party has as many as it may, and all are busy.
    bool belongs_to(At at, const std::string& party);
    /// Closes what waits, wakes what streams.
    void finish();

    bool empty() const { return list_.empty(); }
    std::size_t size() const { return size_; }

  private:
    bool close_first(Doing doing, const std::string* party);

    std::size_t most_;
    std::size_t most_of_a_party_;
    std::list<Connected> list_;  // those that do the same stand in the order in which they began to
    std::atomic<std::size_t> size_ = 0;
};

}  // namespace entente::net
