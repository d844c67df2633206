// SPDX-License-Identifier: Apache-2.0
// What `entente import` shows: which column gives which field, every row that was refused and why,
// what would be amended, and each batch once it is durable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "intake/plan.h"

namespace entente::cli {

struct LayerMapping {
    std::string layer;
    intake::Mapping mapping;
};

/// A file as read, before it is held against the register.
struct ReadFile {
    std::string path;
    std::string source;
    std::vector<LayerMapping> mappings;
    std::vector<std::string> warnings;
    intake::Planner planner;
};

void print_plan(const ReadFile& file, const intake::ImportPlan& plan, const ImportArgs& args);

struct Durable {
    std::size_t count;
    std::uint64_t first;
    std::uint64_t tree_size;
};
/// Once this is printed, the statements are never lost (PROTOCOL 31: acknowledged).
void print_durable(const Durable& batch, bool json);

struct Done {
    std::string path;
    std::size_t added;
    std::size_t amended;
    std::uint64_t tree_size;
};
void print_done(const Done& done, bool json);

}  // namespace entente::cli
