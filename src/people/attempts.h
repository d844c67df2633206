// SPDX-License-Identifier: Apache-2.0
// How often somebody may try a password: a bucket of attempts_max for each name from each address,
// a larger one for each name from anywhere, filling by one a minute. So guessing is slow, nobody is
// locked out for ever, and a stranger's tries from elsewhere cost the person little. One owner.
#pragma once

#include <map>
#include <string>

#include "base/time.h"

namespace entente::people {

class Attempts {
  public:
    /// Takes one attempt; if none is left, how long until there is one.
    Duration take(const std::string& name, const std::string& address, Instant now);
    /// After the right password: what was taken from this address is given back.
    void forgive(const std::string& name, const std::string& address);

    static constexpr double attempts_max = 10;
    static constexpr double attempts_anywhere_max = 100;
    static constexpr Duration one_more_after = std::chrono::minutes(1);
    static constexpr std::size_t buckets_max = 8192;

  private:
    struct Bucket {
        double left;
        Instant at;
    };
    Bucket& bucket(const std::string& key, double most, Instant now);
    void make_room(Instant now);

    std::map<std::string, Bucket> buckets_;
};

}  // namespace entente::people
