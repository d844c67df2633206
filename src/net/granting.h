// SPDX-License-Identifier: Apache-2.0
// What becomes of a request for release (statement/request.h) at whose record it asks for: it is
// granted by releasing that, and who has it by now is shown beside what was answered.
#pragma once

#include "formats/json.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "node/peer.h"
#include "statement/request.h"
#include "view/statement.h"

namespace entente::net {

/// How deep an answer releases what is asked for: its member `release`, which is taken out.
Result<std::optional<node::Tier>> take_release(formats::Json& answer);

/// Releases what is asked for to whom it is asked for, as deep as this; who has that much is passed
/// over. Errc::not_found where it is no record or statement of this party's, errors otherwise as
/// node::Exchange::release. Waits for the desk.
Result<void> grant(Api& api, const view::SeenStatement& request, node::Tier tier);

/// The member `has`: of one's own record that is asked for, who of those that the request names has
/// it by now, how deep. Nothing is written where it is no such request, or the desk has too much to
/// do. Waits for the desk.
void has_member(formats::JsonOut& out, Api& api, const view::SeenStatement& request);

}  // namespace entente::net
