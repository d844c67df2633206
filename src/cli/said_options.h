// SPDX-License-Identifier: Apache-2.0
// Options of the command line out of the members of a statement (statement/members.h): one for
// each, by its own name, and back to the JSON that the API takes. Things of several members are
// given as `key=value;key=value`, once more for each; `;;` is a `;` in a value.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "statement/said_codec.h"

namespace CLI {
class App;
}

namespace entente::cli {

/// `'key=…;key=…'`: what a thing of these members may have.
std::string keys_of(const statement::Walk& walk);
/// Such a text as the JSON of the thing. A list has commas; yes and no are such.
Result<std::string> thing_of(const statement::Walk& walk, const std::string& text);

class SaidOptions {
  public:
    /// Adds the options of a kind. What they take lives as long as this.
    void add(CLI::App& app, const std::string& kind);
    /// `{…}` of those that were given, and of those of these names that they are there no more.
    /// Errors name the option.
    Result<std::string> json(const std::vector<std::string>& clear = {}) const;

  private:
    struct One;
    std::vector<std::shared_ptr<One>> all_;
};

}  // namespace entente::cli
