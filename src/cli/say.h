// SPDX-License-Identifier: Apache-2.0
// What `protect` and `move` have in common: one statement sent to the register, and the record as
// it is then.
#pragma once

#include "cli/service.h"

namespace entente::cli {

/// Sends one statement and shows the record as it is then, or what officers must sign first.
Exit say(Service& service, const Common& common, const char* verb, net::Request request);

/// Sends what follows no record to the route of one, and says where it is durable.
Exit say_alone(const Common& common, const char* verb, const std::string& id,
               const std::string& route, const std::string& body);

/// A request that says the next version of the record at this route.
net::Request patch(const std::string& route, const std::string& body);

/// The version of a record that was got, from this process or over the socket.
std::string etag(const net::Response& record);

/// What a register without the record says of it.
Exit report_record(const char* verb, const std::string& id, const Error& error);

}  // namespace entente::cli
