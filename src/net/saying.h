// SPDX-License-Identifier: Apache-2.0
// What the routes have in common that log a statement of one record: /v1/protections,
// /v1/movements, /v1/objections. Answers are 201 once it is durable, 202 where officers sign it
// first.
#pragma once

#include <initializer_list>

#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/api.h"

namespace entente::net {

/// What is to be said of a record that is there.
struct NextSaid {
    node::Draft draft;
    std::vector<std::string> ignored;
    Right right = Right::say;  // that it takes, beside the route's
};

/// `fr:exact,ru:coarse,un`: who gets it in the same breath; exact where no tier stands.
Result<node::Audience> audience_of(const view::View& view, std::string_view text);
/// Says a new record to this audience. `routes` is where it is found, without its id.
Response say_new(Api& api, const Call& call, formats::ReadProtection read, node::Audience audience,
                 const char* routes);
/// A new record, released to `?to=`, which takes the right to.
Response say_first(Api& api, const Call& call, Result<formats::ReadProtection> read,
                   const char* routes);
/// The next version of the record that the path names, which If-Match may say.
Response say_next(Api& api, const Call& call, Result<NextSaid> what);

/// Where a statement stands that is durable, and what of the request was kept out.
void said_members(formats::JsonOut& out, const Said& said, const std::vector<std::string>& ignored);

/// A member that must be there and be a text.
Result<std::string> text_member(const formats::Json& json, const char* key);
/// Refuses whatever is no object, or has other members.
Result<void> only_members(const formats::Json& json, std::initializer_list<const char*> known);

}  // namespace entente::net
