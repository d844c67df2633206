// SPDX-License-Identifier: Apache-2.0
// The duty roster as a member of an answer: of /v1/duty and of /v1/about, where peers look.
#pragma once

#include "formats/json_out.h"
#include "net/api.h"

namespace entente::net {

/// `duty`: every role with who holds it, or an empty holder.
void duty_member(formats::JsonOut& out, Api& api);

}  // namespace entente::net
