// SPDX-License-Identifier: Apache-2.0
// Breaks one rule of the core for as long as it lives (base/breaks.h). For all nodes of this
// thread.
#pragma once

#include <string>

#include "base/breaks.h"

namespace entente::sim {

class Breaking {
  public:
    explicit Breaking(Break rule);
    Breaking(const Breaking&) = delete;
    Breaking& operator=(const Breaking&) = delete;
    ~Breaking();
};

std::string name(Break rule);

}  // namespace entente::sim
