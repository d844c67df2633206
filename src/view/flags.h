// SPDX-License-Identifier: Apache-2.0
// What has to be said of a record's standing beside that it protects (PROTOCOL 17): a small set. No
// flag ever lowers a verdict, but that another party's record over its budget is a caution (19).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace entente::view {

/// In the order in which they are shown.
enum class Flag : std::uint8_t {
    unconfirmed,         // past its reconfirm-by date
    contested,           // somebody disputes it
    author_left,         // its party left the exchange, or is not in the charter any more
    absent,              // its party is marked absent
    over_budget,         // more than the charter allows its party (PROTOCOL 19)
    newer_withheld,      // a version exists that was not shown to us
    tag_reused,          // two entries claim to be one version of it
    coarse,              // only its coarse area is known here
    pending_relaxation,  // a withdrawal or reduction was said and does not act yet
    not_understood,      // said in a form that this version does not know
};
constexpr std::size_t flag_count = 10;
const char* name(Flag flag);

class Flags {
  public:
    void set(Flag flag, bool on = true) {
        if (on) bits_ |= bit(flag);
    }
    bool has(Flag flag) const { return (bits_ & bit(flag)) != 0; }
    bool empty() const { return bits_ == 0; }
    std::vector<Flag> list() const;
    bool operator==(const Flags&) const = default;

  private:
    static constexpr std::uint32_t bit(Flag flag) { return 1u << static_cast<unsigned>(flag); }
    std::uint32_t bits_ = 0;
};

}  // namespace entente::view
