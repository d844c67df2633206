// SPDX-License-Identifier: Apache-2.0
// The members of a small JSON body, read strictly: a member that means nothing is refused, because
// a misspelt one would be left out.
//
//     TRY(body, Body::read(call.request, {"name", "roles"}));
//     TRY(name, body.text("name"));
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "formats/json.h"
#include "net/message.h"

namespace entente::net {

class Body {
  public:
    /// Errc::malformed for what is no object, or has a member that is not `known`. Whether the
    /// Content-Type is JSON is is_json()'s.
    static Result<Body> read(const Request& request, std::initializer_list<const char*> known);

    bool has(const char* key) const { return json_.find(key) != nullptr; }
    /// Null where it is absent.
    const formats::Json* member(const char* key) const { return json_.find(key); }
    Result<std::string> text(const char* key) const;
    /// Empty where it is absent.
    Result<std::string> text_or_none(const char* key) const;
    Result<std::vector<std::string>> texts(const char* key) const;
    Result<std::optional<bool>> boolean(const char* key) const;

  private:
    explicit Body(formats::Json json) : json_(std::move(json)) {}
    formats::Json json_;
};

bool is_json(const Request& request);
/// 415.
Response not_json();

}  // namespace entente::net
