// SPDX-License-Identifier: Apache-2.0
// Whether an incident is known by its district, or less finely, alone: then it was anywhere there.
// The point that it has stands for all of that, and nothing is near to it or far from it.
#pragma once

#include "view/statement.h"

namespace entente::view {

/// By the newest version that is open here, or its tear line. False of what is no incident.
bool was_anywhere(const SeenStatement& seen);

}  // namespace entente::view
