// SPDX-License-Identifier: Apache-2.0
// Errors as RFC 9457 problem JSON. `type` is `urn:entente:problem:` and the code; `limit` names the
// limit that was met. The one table from codes to statuses is here.
#pragma once

#include "base/result.h"
#include "net/message.h"

namespace entente::net {

/// The status that a code answers with.
int status_of(Errc code);

/// What went wrong with a request, in words.
Response problem(const Error& error);
/// The same with a status of its own: 401, 403, 405, 413, 415, 421, 429, 503.
Response problem(int status, const char* code, const std::string& detail,
                 const std::string& limit = {});

/// The characters of a text that may have been cut between the bytes of one: details cite what was
/// sent, and JSON is UTF-8 (RFC 8259 8.1).
std::string whole_characters(std::string_view text);

/// Of a response with a status from 400: what the node said, as it would have been returned here.
Error error_of(const Response& response);

/// The reason phrase of RFC 9110 for a status that this server gives.
const char* reason_phrase(int status);

}  // namespace entente::net
