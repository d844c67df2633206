// SPDX-License-Identifier: Apache-2.0
#include "formats/presence.h"

#include "base/encode.h"

namespace entente::formats {
namespace {

void position_object(JsonOut& out, const view::GroupWord& word) {
    out.object([&] {
        out.member("party", word.party.v);
        out.member("id", word.id.text());
        out.member("leaf", to_base64(word.leaf.view()));
        out.member("stand", statement::name(word.stand));
        out.member("speaks", word.speaks);
        out.member("protects", word.protects);
    });
}

}  // namespace

void presence_members(JsonOut& out, const view::Seen& seen, const check::PresenceFound* found) {
    if (!seen.is_presence()) return;
    out.member("kind", statement::presence_kind);
    if (found == nullptr) return;
    out.name("presence");
    out.object([&] {
        out.member("group", found->said.group.text());
        out.name("names");
        out.array([&] {
            for (const std::string& name : found->stands.names) out.value(name);
        });
        out.member("grade", grade_text(found->said.grade));
        if (found->said.sponsor) out.member("sponsor", found->said.sponsor->v);
        out.member("restrains", found->restrains());
        out.member("because", check::name(found->because));
        out.member("contested", found->contested());
        out.name("positions");
        out.array([&] {
            for (const view::GroupWord& word : found->stands.words) position_object(out, word);
        });
    });
}

std::optional<check::PresenceFound> presence_at(const view::View& view, const view::Seen& seen,
                                                Instant now) {
    const statement::Presence* said = seen.presence();
    if (said == nullptr) return std::nullopt;
    return check::Presences(view, now).of(seen.party(), *said, {now, {}});
}

}  // namespace entente::formats
