// SPDX-License-Identifier: Apache-2.0
// What a list leaves out of a statement (view/statement.h): where exactly, what is read at length,
// and whom it is from. Whatever shows or compares many statements at once keeps to it.
#pragma once

#include <set>
#include <string>

namespace entente::view {

/// Exact positions of others leave a node record by record (DESIGN 9), and what is read at length
/// or names a source is read by itself, with its label.
inline const std::set<std::string>& not_listed() {
    static const std::set<std::string> all{"volumes", "accuracy_m", "place",     "text",
                                           "sources", "objects",    "casualties"};
    return all;
}

}  // namespace entente::view
