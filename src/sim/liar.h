// SPDX-License-Identifier: Apache-2.0
// What a lying party answers in place of the truth: garbage, bits turned, what it answered long
// ago, nothing. Two branches of one log are not its business: the world seats such a party twice.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "node/follow.h"

namespace entente::sim {

class Liar {
  public:
    /// How often it lies; never by default.
    void set(double often) { often_ = often; }
    /// The answer that is sent in place of this one. Counts lies.
    Result<node::StepAnswer> instead(const std::string& path, Result<node::StepAnswer> honest,
                                     Rng& rng, std::uint64_t& lies);

  private:
    bool lies_ever() const { return often_ > 0; }
    bool lies_now(Rng& rng) const;
    void remember(const std::string& path, const Bytes& body, Rng& rng);

    double often_ = 0;
    std::vector<Bytes> old_;  // answers of any kind, for replay
    std::map<std::string, Bytes> old_of_;
};

}  // namespace entente::sim
