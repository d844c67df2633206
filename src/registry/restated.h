// SPDX-License-Identifier: Apache-2.0
// What a party states once more in a successor log (PROTOCOL 8, 25): where that surely protects all
// that a version in the log before protects, that version ends, as if it had been amended; else
// both protect. Only the same party's later log counts, so nobody ends what is another's, and what
// somebody else put into the log before with its stolen key is never stated once more.
//
// A function of the set of what is open, whatever the order it came in.
#pragma once

#include <map>
#include <set>
#include <span>

#include "registry/snapshot.h"

namespace entente::registry {

class Restatements {
  public:
    /// The record `by` names `was` in its first head.
    void note(const RecordId& was, const RecordId& by) { by_[was].insert(by); }
    /// Marks versions of what changed, and of what that states once more; the slots of records that
    /// are other for it are added to `changed`.
    void settle(Records& records, std::span<const std::shared_ptr<const LogState>> logs,
                std::vector<Slot>& changed) const;

  private:
    bool ends(const Records& records, std::span<const std::shared_ptr<const LogState>> logs,
              const Record& record, const Version& version) const;

    std::map<RecordId, std::set<RecordId>> by_;
};

}  // namespace entente::registry
