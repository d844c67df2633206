// SPDX-License-Identifier: Apache-2.0
// How many requests a second an address may make: a bucket that holds one second's worth and fills
// as time passes. Any thread; remembers at most addresses_max addresses.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/time.h"

namespace entente::net {

class Rate {
  public:
    /// Takes one request out of the bucket of (address, known); false if it is empty.
    bool take(const std::string& address, bool known, double per_second, Instant now);

    static constexpr std::size_t addresses_max = 4096;

  private:
    struct Bucket {
        double left;
        Instant at;
    };
    bool make_room(bool known, Instant now);

    std::mutex mutex_;  // guards buckets_
    std::map<std::pair<std::string, bool>, Bucket> buckets_;
};

}  // namespace entente::net
