// SPDX-License-Identifier: Apache-2.0
// The search index: everything that is to be found in one register, by words, area, time and what
// else a watch::Question names. It answers as watch::Asked::match() would of each thing by itself,
// and holds nothing on disk.
//
//     search::Index index;
//     while (!index.follow(snapshot, 500, now).whole()) {}    // a part at a time, then what
//     changed auto found = index.find(asked, looking, {}, now);       // of the snapshot that it
//     followed
//
// It is worked out from the register and follows it: whatever is other in a new snapshot is taken
// out, words and all, before anything is answered from that, so a body that a purge or a recall has
// closed is found no more (PROTOCOL 30). Things are kept in two readings (watch/thing.h), and a
// question is answered in the one that its asker may have, counts too.
//
// One owner: whoever shares it guards it.
#pragma once

#include <array>
#include <unordered_map>

#include "search/fold.h"
#include "search/found.h"
#include "search/places.h"
#include "search/postings.h"
#include "watch/question.h"

namespace entente::search {

class Index {
  public:
    /// What changed since the snapshot before, and of what was not there yet at most `most` things.
    Progress follow(const registry::Snapshot& snapshot, std::size_t most, Instant now);
    /// So many things more of the same snapshot. Precondition: one was followed.
    Progress more(std::size_t most, Instant now);
    /// Of the snapshot that was followed last.
    Found find(const watch::Asked& asked, const watch::Looking& looking, const Paging& paging,
               Instant now) const;
    /// As Folder::asked.
    Result<std::vector<watch::Word>> words_of(std::string_view text) { return folder_.asked(text); }
    /// Null before the first follow().
    const registry::Snapshot* snapshot() const { return at_ ? &*at_ : nullptr; }
    Held held() const;

  private:
    struct Span {
        std::int64_t begin, end;
    };
    /// A thing without its words and places.
    struct Row {
        Instant time;
        Span says;                             // when, in its own word
        std::array<Span, 2> spots;             // the hull of its spots' windows, by depth
        std::array<std::uint32_t, 2> classes;  // by reading
        std::uint16_t party = 0;
        std::uint8_t kind = 0;
        bool there = false;
        bool own = false;
        bool withdrawn = false;  // of a statement
        bool may_end = false;
        std::array<bool, 2> placed{};  // by depth
        std::array<bool, 2> mixed{};   // by depth: its spots have several windows
        char source = 0, information = 0;
    };
    /// A question as rows are compared with it.
    struct Wanted {
        const watch::Question* question;
        std::size_t reading, depth;
        std::vector<bool> kinds, parties;
        std::uint32_t classes;
        Span window;
        Instant now;
    };

    static Span span_of(const geo::Window& window);
    class First;
    void restart();
    void refresh(const registry::Snapshot& snapshot, Instant now);
    void note(Doc doc, Instant now);
    void forget(Doc doc);
    Row row_of(const watch::Thing& far, const watch::Thing& near);
    Row& row(Doc doc) {
        return doc < statement_bit ? records_[doc] : statements_[doc - statement_bit];
    }
    const Row& row(Doc doc) const { return const_cast<Index*>(this)->row(doc); }
    watch::Thing thing(Doc doc, const watch::Looking& looking, Instant now) const;
    std::uint16_t party_number(const PartyId& party);
    Wanted wanted_of(const watch::Asked& asked, const watch::Looking& looking, Instant now) const;
    watch::Match match(const Row& row, Doc doc, const Wanted& wanted) const;
    bool time_fits(const Row& row, Doc doc, const Wanted& wanted) const;
    template <class Use>
    void each_candidate(const watch::Asked& asked, const watch::Looking& looking, Use use) const;
    Mark mark_of(Doc doc) const;

    Folder folder_;
    std::optional<registry::Snapshot> at_;
    std::vector<Row> records_, statements_;  // by slot
    std::array<Postings, 2> words_;          // by reading
    Places deep_, own_shallow_;     // one's own coarsely, for whom lists show no exact ones
    std::array<Bits, 2> unplaced_;  // by depth; may hold what is not there any more
    std::array<std::unordered_map<Doc, std::vector<geo::Window>>, 2> windows_;  // of mixed rows
    std::vector<PartyId> parties_;
    bool begun_ = false;   // places are packed
    bool astray_ = false;  // something was not there as it should have been
};

}  // namespace entente::search
