// SPDX-License-Identifier: Apache-2.0
// A list that was read, on its way into the register: what its columns mean, and which records its
// rows already are. Reading the file itself is the edge's (reader), which hands it over as a
// ReadFile.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "intake/plan.h"
#include "view/view.h"

namespace entente::net {

struct LayerMapping {
    std::string layer;
    intake::Mapping mapping;
};

/// A file as read, before it is held against the register.
struct ReadList {
    std::string name;  // as the person calls it
    std::string source;
    std::vector<LayerMapping> mappings;
    std::vector<std::string> warnings;
    intake::Planner planner;
};

/// Reads the bytes of a file of this name, apart and within limits. Any thread.
using ReadFile =
    std::function<Result<ReadList>(const std::string& name, const std::string& bytes,
                                   const std::string& source, const intake::MappingOptions&)>;

/// Which record a (source, ref) of the register is. Withdrawn records are not found: what a list
/// brings again protects again.
class Lookup {
  public:
    /// The view outlives it.
    Lookup(const view::View& view, Instant moment);
    std::optional<intake::Known> operator()(const std::string& source,
                                            const std::string& ref) const;

  private:
    const view::View& view_;
    std::unordered_map<std::string, view::Slot> slots_;
};

}  // namespace entente::net
