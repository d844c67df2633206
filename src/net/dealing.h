// SPDX-License-Identifier: Apache-2.0
// What the routes of dealings have in common: /v1/activities, /v1/challenges, /v1/messages.
#pragma once

#include <initializer_list>
#include <set>

#include "net/saying.h"

namespace entente::net {

/// The member `to`, where it stands: other parties of the charter, which get it whole.
Result<node::Audience> parties_in(const view::View& view, const formats::Json& json);
/// Who has something of one's own record. On the desk's thread.
std::set<PartyId> readers(const Desk::Inside& inside, const RecordId& id);
/// `word`, `text` and `contact` of a reply, to nothing yet. Errc::malformed for a word that is not
/// among them.
Result<statement::Reply> reply_in(const formats::Json& json,
                                  std::initializer_list<statement::ReplyWord> words);
/// Logs the reply for this party alone.
Result<Said> log_reply(Api& api, const Call& call, statement::Reply reply, const PartyId& to);
/// 201 with where it stands; `location` is the path of what was said, or replied to.
Response dealt(const Said& said, std::string location);
/// The same answer whether the id was never minted or may not be seen (PROTOCOL 14).
Response no_such_record();

}  // namespace entente::net
