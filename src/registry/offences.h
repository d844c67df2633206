// SPDX-License-Identifier: Apache-2.0
// What an author has done that the protocol does not allow, by entry: each harms only what its
// author says, and everybody who is shown it can show it to others. A set: neither order nor
// repetition matters.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/ids.h"

namespace entente::registry {

enum class Wrong : std::uint8_t {
    malformed_entry,        // of neither form: it is void, and counted
    void_body,              // a body that is the entry's by its commitment, and is not what it says
    tag_reused,             // another entry claims to be the same version
    coarse_does_not_cover,  // the exact place lies outside of the coarse area
    coarse_not_opened,      // the exact body opens another coarse body than is committed to
};
constexpr std::size_t wrong_count = 5;
/// For programs; the words never change.
const char* name(Wrong wrong);

struct Offence {
    EntryIndex index;
    Wrong code;
    std::string text;  // for people
    bool operator==(const Offence&) const = default;
};

constexpr std::size_t offences_listed_max = 1000;

/// The offences of one log, as far as they are listed.
struct Offences {
    std::vector<Offence> first;  // in order of index, at most offences_listed_max
    std::size_t total = 0;
};

class OffenceBook {
  public:
    /// Whether it is new.
    bool add(EntryIndex index, Wrong wrong);
    Offences list() const;

  private:
    std::map<EntryIndex, std::uint8_t> wrongs_;  // as bits
    std::size_t total_ = 0;
};

}  // namespace entente::registry
