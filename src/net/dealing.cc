// SPDX-License-Identifier: Apache-2.0
#include "net/dealing.h"

#include <algorithm>

#include "net/problem.h"
#include "node/compose_dealing.h"

namespace entente::net {

Result<node::Audience> parties_in(const view::View& view, const formats::Json& json) {
    node::Audience out;
    const formats::Json* to = json.find("to");
    if (to == nullptr) return out;
    if (!to->is(formats::JsonKind::array)) {
        return fail(Errc::malformed, "to: expected an array of parties");
    }
    for (const formats::Json& one : to->elements) {
        auto party = PartyId::parse(one.text);
        if (!party) return at("to", party.error());
        if (*party == view.party() || view.charter().party(*party) == nullptr) {
            return fail(Errc::malformed,
                        "to: no other party '" + party->v + "' in charter " + view.charter().id);
        }
        out[*party] = node::Tier::exact;
    }
    return out;
}

std::set<PartyId> readers(const Desk::Inside& inside, const RecordId& id) {
    std::set<PartyId> out;
    if (inside.exchange == nullptr) return out;
    for (const auto& [party, slots] : inside.exchange->readers(id)) out.insert(party);
    return out;
}

Result<statement::Reply> reply_in(const formats::Json& json,
                                  std::initializer_list<statement::ReplyWord> words) {
    TRYV(only_members(json, {"word", "text", "contact"}));
    TRY(word_text, text_member(json, "word"));
    TRY(word, statement::parse_reply_word(word_text));
    if (std::find(words.begin(), words.end(), word) == words.end()) {
        std::string known;
        for (const auto one : words) known += (known.empty() ? "" : ", ") + std::string(name(one));
        return fail(Errc::malformed, "word: '" + word_text + "' is not said here; one of " + known);
    }
    statement::Reply out;
    out.word = word;
    for (const auto& [key, into] :
         {std::pair{"text", &out.text}, std::pair{"contact", &out.contact}}) {
        if (json.find(key) == nullptr) continue;
        TRY(text, text_member(json, key));
        *into = std::move(text);
    }
    return out;
}

Result<Said> log_reply(Api& api, const Call& call, statement::Reply reply, const PartyId& to) {
    TRY(actor, api.actor_of(call));
    return api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random,
            const Desk::Inside&) { return node::compose_reply(author, reply, actor, now, random); },
        {{to, node::Tier::exact}});
}

Response dealt(const Said& said, std::string location) {
    formats::JsonOut out;
    out.object([&] { said_members(out, said, {}); });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

Response no_such_record() {
    return problem(404, "not_found", "no such record in what you may see");
}

}  // namespace entente::net
