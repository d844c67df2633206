// SPDX-License-Identifier: Apache-2.0
// A question to the search, as a request's body has it: /v1/search, and what stands of it in a
// subscription.
#pragma once

#include "net/body.h"
#include "view/view.h"
#include "watch/question.h"

namespace entente::net {

/// `area` and `margin_m`; nothing where there is no area. Volumes with a time are refused where
/// `timeless`: `from` and `until` say when.
struct AreaRead {
    std::vector<geo::Place> area;
    std::vector<std::string> ignored;
};
Result<AreaRead> area_in(const Body& body, bool timeless);
/// `classes`; and `parties`, of this charter.
Result<std::vector<std::string>> classes_in(const Body& body);
Result<std::vector<PartyId>> parties_named(const Body& body, const view::View& view);
/// `kinds`.
Result<std::vector<std::string>> kinds_in(const Body& body);
/// `from` and `until`.
Result<geo::Window> window_in(const Body& body);
/// `source` (A to E) or `information` (1 to 5).
Result<std::optional<char>> at_least_in(const Body& body, const char* key);
/// A list of texts, or none.
Result<std::vector<std::string>> texts_or_none(const Body& body, const char* key);

}  // namespace entente::net
