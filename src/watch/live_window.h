// SPDX-License-Identifier: Apache-2.0
// The last positions of one live track, what each leg between them touched, and the facts that
// follow. For this room only. What falls out at the front leaves behind since when the track is in
// what it was in, so that facts of the rest stay as they were.
#pragma once

#include <deque>
#include <functional>

#include "watch/leg.h"

namespace entente::watch {

/// What a track can be inside of, as its owner numbers it.
using Subject = std::uint32_t;

/// A time in a subject on the leg that ends at a group, ends included, or at the group alone.
struct Mark {
    Subject subject = 0;
    Instant first;
    Instant last;
    bool at_end = false;  // it was inside at the group itself
    bool fresh = false;   // and was not looked for before: it may have begun earlier
    auto operator<=>(const Mark&) const = default;
};

/// The positions of one time.
struct Spot {
    std::vector<Fix> fixes;  // in order, each once
    geo::AltitudeReference reference = geo::AltitudeReference::amsl;
    bool joined = false;      // the way from the spot before is known
    bool looked = false;      // marks are as the fixes are
    std::vector<Mark> marks;  // in order, those of a subject disjoint
    Instant time() const { return fixes.front().time; }
};

struct Fact {
    enum class Kind : std::uint8_t { entered, found_inside, left, lost };
    Subject subject = 0;
    Instant time;
    Kind kind = Kind::entered;
    Instant since;  // of left, lost: when the stay began
    bool begun_before = false;
    auto operator<=>(const Fact&) const = default;
};

class LiveWindow {
  public:
    enum class Put : std::uint8_t { added, repeated, too_late, crowded };
    /// Sets `late` where the window has a later spot. A height from another reference than others
    /// of its time is dropped: then every height counts.
    Put put(const Fix& fix, geo::AltitudeReference reference, bool& late);

    /// Fills `joined` and `marks` of a spot; the one before it is null at the front. `held`: marks
    /// that were found of the way of which this is a part now, before a late position came, or
    /// none.
    using Look = std::function<void(const Spot* before, const std::vector<Mark>& held, Spot& spot)>;
    void look(const Look& look);

    /// What became true since it was last asked, and what was told and is not so. `silent`: nothing
    /// came for too long. Everything is looked at.
    struct News {
        std::vector<Fact> facts;
        std::vector<Fact> wrong;
    };
    News settle(bool silent);

    /// Leaves the newest `spots`. Everything is settled.
    void trim(std::size_t spots, bool silent);

    /// Subjects that do not stay are forgotten; it is in these, too, at the last spot, and all of
    /// this was told. Everything is settled.
    void change(const std::function<bool(Subject)>& stays, const std::vector<Mark>& fresh,
                bool silent);

    const std::deque<Spot>& spots() const { return spots_; }
    std::deque<Spot>& spots() { return spots_; }

  private:
    /// Since when it is in something at the front.
    struct Standing {
        Subject subject = 0;
        Instant since;
        bool begun_before = false;
    };
    struct Stay;
    std::vector<Fact> facts(bool silent) const;
    std::vector<Standing> standing_behind(const Spot& before, const Spot& spot) const;
    bool quiet() const;

    std::deque<Spot> spots_;
    bool trimmed_ = false;            // there were spots before
    std::vector<Standing> standing_;  // at the front, of what began before it; by subject
    std::vector<Fact> told_;          // in order
};

}  // namespace entente::watch
