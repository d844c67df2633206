// SPDX-License-Identifier: Apache-2.0
// The tags of one log that somebody else keeps (PROTOCOL 4): which were seen, which twice, and
// which record's version a tag would be. All entries show their tags, so who knows a record's
// secret sees that a next version exists even where it is withheld from him.
//
// Tags are told apart by their first 128 bits: to make two that are alike takes their author 2^64
// hashes, and would only make his own records protect for longer. They are a stranger's bytes, so
// they stand in a tree: no choice of them makes it slow.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "base/ids.h"

namespace entente::registry {

class Tags {
  public:
    using Slot = std::uint32_t;
    /// Whose version a tag is: a record's of the register, a dealing's, or that of both.
    struct Of {
        std::optional<Slot> record, dealing;
    };

    /// An entry bears this tag. The same entry any number of times is one. Who is to be looked at
    /// again, if anybody waits for this tag.
    Of saw(const Hash& tag, EntryIndex index);
    /// The tag is that of a version of this record, seen or not yet.
    void expect(const Hash& tag, Slot slot);
    /// The same of a dealing.
    void expect_dealing(const Hash& tag, Slot slot);
    /// How many entries bear it.
    std::size_t count(const Hash& tag) const;
    /// All that bear it, if there are several; else nothing.
    std::set<EntryIndex> sharing(const Hash& tag) const;

  private:
    using Key = std::array<std::uint8_t, 16>;
    struct Seen {
        EntryIndex first;
        Slot record = nobody, dealing = nobody;
        bool any = false;
    };
    static constexpr Slot nobody = UINT32_MAX;
    static Key key_of(const Hash& tag);

    std::map<Key, Seen> seen_;
    std::map<Key, std::set<EntryIndex>> again_;  // of tags that several entries bear, all of them
};

}  // namespace entente::registry
