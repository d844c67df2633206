// SPDX-License-Identifier: Apache-2.0
// Activities against protections, against each other, and against what changes: which of them need
// somebody now. The same definition of touching as a check (geo/distance.h); windows [start, end).
// Pure; from any thread with a Scratch of its own.
#pragma once

#include "check/answer.h"
#include "view/activity.h"

namespace entente::check {

/// What the index of activities holds for one: nothing once its author has ended it. Its window
/// decides what else of it matters at a moment.
std::vector<index::Item> activity_items(view::DealingSlot slot, const view::SeenActivity& seen);

/// The activity as a question, from `now` on: volumes whose window is over are left out, and its
/// accuracy is the margin. Nothing where nothing of it is left.
std::optional<Question> question_of(const view::SeenActivity& seen, Instant now);

/// Another activity in the same volume at the same time.
struct Meeting {
    view::DealingSlot slot = 0;
    std::size_t volume = 0;  // of the question
    Metres distance;         // between the shapes, 0 if they overlap
    geo::Window time_overlap;
};

/// Activities that the question's volumes touch, `except` this one, nearest first, each once; those
/// that are ended, cancelled or lapsed by `now` left out.
std::vector<Meeting> meetings(const view::View& view, const index::Index& activities,
                              index::Scratch& scratch, const Question& question,
                              const std::optional<RecordId>& except, Instant now);

/// Activities that may still happen and that one of the record's places touches, from `now` on.
/// Ascending, each once.
std::vector<view::DealingSlot> touched(const view::View& view, const index::Index& activities,
                                       index::Scratch& scratch, const view::Seen& record,
                                       Instant now);
/// Those that one touches, or comes nearer to than the policy distance: whose answer a change of
/// these places may change.
std::vector<view::DealingSlot> concerned(const view::View& view, const index::Index& activities,
                                         index::Scratch& scratch, const view::Seen& record,
                                         Instant now);

}  // namespace entente::check
