// SPDX-License-Identifier: Apache-2.0
#include "formats/message.h"

#include <algorithm>

#include "base/encode.h"
#include "formats/json.h"

namespace entente::formats {
namespace {

using statement::Message;

Result<std::string> text_of(const Json& json, const char* key, bool required) {
    const Json* member = json.find(key);
    if (member == nullptr && !required) return std::string();
    if (member != nullptr && member->is(JsonKind::text)) return member->text;
    return fail(Errc::malformed, std::string(key) + ": expected a text");
}

Result<std::optional<RecordId>> record_of(const Json& json, const char* key) {
    if (json.find(key) == nullptr) return std::optional<RecordId>();
    TRY(text, text_of(json, key, true));
    auto id = RecordId::parse(text);
    if (!id) return at(key, id.error());
    return std::optional(*id);
}

Result<std::vector<std::string>> desks_of(const Json& json) {
    const Json* member = json.find("desks");
    if (member == nullptr || !member->is(JsonKind::array)) {
        return fail(Errc::malformed, "desks: expected an array of duty roles");
    }
    std::vector<std::string> out;
    for (const Json& one : member->elements) {
        if (!one.is(JsonKind::text)) return fail(Errc::malformed, "desks: expected texts");
        out.push_back(one.text);
    }
    return out;
}

void acknowledgement(JsonOut& out, const view::SeenReply& one) {
    out.object([&] {
        out.member("party", one.party.v);
        out.member("desk", one.reply->contact);
        out.member("text", one.reply->text);
        out.member("time", format_rfc3339(one.time));
        out.member("actor", one.actor);
        out.member("leaf", to_base64(one.leaf.view()));
    });
}

void said_members(JsonOut& out, const Message& said) {
    out.member("from", said.from);
    out.name("desks");
    out.array([&] {
        for (const std::string& desk : said.desks) out.value(desk);
    });
    out.member("text", said.text);
    out.member("language", said.language);
    if (said.answers) out.member("answers", said.answers->text());
    if (said.subject) out.member("about", said.subject->text());
}

}  // namespace

Result<Message> read_message(const Json& json) {
    Message out;
    TRY(from, text_of(json, "from", true));
    TRY(desks, desks_of(json));
    TRY(text, text_of(json, "text", true));
    TRY(language, text_of(json, "language", false));
    TRY(answers, record_of(json, "answers"));
    TRY(about, record_of(json, "about"));
    out.from = std::move(from);
    out.desks = std::move(desks);
    out.text = std::move(text);
    out.language = std::move(language);
    out.answers = answers;
    out.subject = about;
    return out;
}

std::vector<PartyId> unacknowledged(const view::SeenMessage& seen, const std::set<PartyId>& to) {
    const auto said = seen.acknowledgements();
    std::vector<PartyId> out;
    for (const PartyId& party : to) {
        const bool has = std::any_of(said.begin(), said.end(),
                                     [&](const auto& one) { return one.party == party; });
        if (!has) out.push_back(party);
    }
    return out;
}

void message_members(JsonOut& out, const view::SeenMessage& seen, const std::set<PartyId>& to,
                     Instant now) {
    const registry::DealingVersion& version = seen.version();
    out.member("id", seen.id().text());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    out.member("time", format_rfc3339(version.time));
    out.member("actor", version.actor);
    out.member("entry", version.position.index.v);
    out.member("leaf", to_base64(version.position.leaf.view()));
    if (const Message* said = seen.message()) said_members(out, *said);
    out.name("to");
    out.array([&] {
        for (const PartyId& party : to) out.value(party.v);
    });
    out.name("acknowledged");
    out.array([&] {
        for (const view::SeenReply& one : seen.acknowledgements()) acknowledgement(out, one);
    });
    // By its author's clock, which may be ahead of this one.
    const auto waits = std::chrono::duration_cast<std::chrono::seconds>(now - version.time).count();
    out.name("waits_for");
    out.array([&] {
        for (const PartyId& party : unacknowledged(seen, to)) {
            out.object([&] {
                out.member("party", party.v);
                out.member("for_s", std::max<std::int64_t>(waits, 0));
            });
        }
    });
}

}  // namespace entente::formats
