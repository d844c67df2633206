// SPDX-License-Identifier: Apache-2.0
// What the verbs for people have in common: one request with a JSON body, its answer as JSON, a
// table for people, a secret from the terminal.
#pragma once

#include <string>
#include <vector>

#include "cli/service.h"
#include "formats/json.h"

namespace entente::cli {

struct Answered {
    std::string text;  // as it came
    formats::Json json;
};

/// Sends `body` (none if empty) and reads the answer.
Result<Answered> ask_json(Service& service, net::Method method, const std::string& target,
                          const std::string& body = {});

/// The member's text, number or boolean as text; texts of a list with commas between. Printable:
/// others' texts are among them.
std::string member(const formats::Json& json, const char* key);

/// A text with every byte of it: for what is hashed, never for a terminal. Empty where there is
/// none.
std::string as_it_came(const formats::Json& json, const char* key);

/// A count of the node's; 0 where there is none.
std::uint64_t number(const formats::Json& json, const char* key);

/// Rows under a heading, each column as wide as it needs, each cell printable.
void print_table(const std::vector<std::string>& heading,
                 std::vector<std::vector<std::string>> rows);

/// A secret: from the terminal without showing it (twice, where `twice`), otherwise the first line
/// of standard input.
Result<std::string> read_secret(const std::string& prompt, bool twice);

}  // namespace entente::cli
