// SPDX-License-Identifier: Apache-2.0
// One thread of sockets: it takes connections and serves each with one coroutine, from request to
// response to request. What is slow it hands to a pool. Boost.Beast is in worker.cc alone.
//
// take(), finish() and open() from any thread; run() is the thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/front.h"
#include "net/limits.h"
#include "net/tls.h"

namespace entente::net {

/// Runs a job on another thread.
using Elsewhere = std::function<void(std::function<void()>)>;

struct Accepted {
    int descriptor = -1;  // a connected stream socket; the worker closes it
    int family = 0;       // AF_INET, AF_INET6, AF_UNIX
    Door door = Door::tcp;
    std::string peer;
    std::shared_ptr<Tls> tls;  // null: none
};

class Worker {
  public:
    Worker(Front& front, Elsewhere elsewhere, const Limits& limits, std::size_t connections_max);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void take(Accepted accepted);
    void run();
    /// Closes what waits, ends streams, lets what is under way finish; then run() returns.
    void finish();
    std::size_t open() const;

    struct State;  // of worker.cc

  private:
    std::unique_ptr<State> state_;
};

}  // namespace entente::net
