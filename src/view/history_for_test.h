// SPDX-License-Identifier: Apache-2.0
// Histories of a party's statements (registry/history_for_test.h) as a View of them: for tests of
// rooms that may include view and not registry. Included by tests only.
#pragma once

#include "registry/history_for_test.h"
#include "view/view.h"

namespace entente::view::test {

using registry::test::History;
using registry::test::noon;
using registry::test::Said;

/// What the party itself sees now.
inline View view_of(const History& history) {
    return View(history.registry().snapshot(), Reader{PartyId{"fr"}});
}

/// The statement with names in its content, which Said has no word for.
inline registry::Understood named(const registry::Understood& made,
                                  std::vector<statement::Name> names) {
    registry::Understood out = made;
    auto content = std::make_shared<registry::Content>(*made.content);
    content->protection.names = std::move(names);
    out.content = std::move(content);
    return out;
}

}  // namespace entente::view::test
