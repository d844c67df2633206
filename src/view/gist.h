// SPDX-License-Identifier: Apache-2.0
// The gist of a record or a statement as it may stand among many others (a list, an export, what a
// search found): what it is called, when, where and how sure, and no more than lists show of it
// (view/listed.h). Exact places are one's own alone, for whom lists show those; of all others it
// has coarse areas (DESIGN 9).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statement/grade.h"
#include "view/view.h"

namespace entente::view {

struct GistPlace {
    geo::Volume4D volume;
    Metres reach;  // buffer and accuracy
};

struct Gist {
    std::string title;   // one line; of a party's own words
    geo::Window window;  // what it says of when; open: all times
    std::vector<GistPlace> places;
    bool exactly = false;  // whether the places are exact ones
    std::optional<statement::Grade> grade;
};

/// As deep as `seen` is.
Gist gist(const Seen& seen);
Gist gist(const SeenStatement& seen, Depth depth);

}  // namespace entente::view
