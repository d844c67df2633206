// SPDX-License-Identifier: Apache-2.0
// The newest alerts of live tracks, in order of their numbers. When they are too many, the oldest
// of the largest share goes (watch/live.h): whoever gives rise to more than others do pushes out
// what is of itself, and nothing of others. So numbers have gaps, and a reader is told up to which
// one it may have missed something.
//
//     KeptAlerts kept(20'000);
//     kept.add({number, record, json}, share);     // numbers rise
//     auto page = kept.since(after, 200);
//
// Not safe from several threads. Cost: the logarithm of what is held; of one that goes, as much for
// each share.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "watch/live.h"

namespace entente::net {

class KeptAlerts {
  public:
    explicit KeptAlerts(std::size_t most) : most_(most) {}

    struct Told {
        std::uint64_t number = 0;
        std::optional<RecordId> record;  // whose place it tells something of
        std::string json;                // TrackAlert
    };
    /// Precondition: its number is above those before.
    void add(Told told, const watch::Share& share);

    /// Those after number `after`, at most so many.
    std::vector<Told> since(std::uint64_t after, std::size_t most) const;
    /// The lowest number that is held; 0 where none is.
    std::uint64_t oldest() const { return all_.empty() ? 0 : all_.begin()->first; }
    /// The highest number of any that went; 0 where none did.
    std::uint64_t gone() const { return gone_; }

  private:
    std::size_t most_;
    std::map<std::uint64_t, Told> all_;
    std::map<watch::Share, std::deque<std::uint64_t>> shares_;  // their numbers, none empty
    std::uint64_t gone_ = 0;
};

}  // namespace entente::net
