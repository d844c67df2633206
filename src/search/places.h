// SPDX-License-Identifier: Apache-2.0
// Where documents are: the index of volumes (index/) of all that was said of places, kept up as it
// changes. Until begin() nothing is packed, and a question looks at each.
//
// One owner. A merge of the index runs on a thread of its own.
#pragma once

#include <future>
#include <map>
#include <vector>

#include "index/index.h"
#include "search/bits.h"
#include "watch/question.h"

namespace entente::search {

class Places {
  public:
    /// What a document says from now on of where it is; nothing: it says nothing.
    void set(Doc doc, const std::vector<watch::Spot>& spots);
    /// All that was set so far is packed. Takes a second for a million.
    void begin();
    /// Adds those that some zone of the question touches.
    void touching(const watch::Asked& asked, Bits& out) const;
    /// What was set since the last call is looked for from now on.
    void settle();

  private:
    using Items = std::vector<index::Item>;

    bool begun_ = false;
    Items first_;                   // before begin()
    std::map<Doc, Items> changed_;  // since begin() or settle(); before it, of what is in first_
    index::Index index_;
    std::future<index::Index> merging_;
    std::map<Doc, Items> meanwhile_;  // what changed since it began
    Bits placed_;                     // what is in first_
    mutable index::Scratch scratch_;
};

}  // namespace entente::search
