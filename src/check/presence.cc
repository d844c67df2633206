// SPDX-License-Identifier: Apache-2.0
#include "check/presence.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/printable.h"

namespace entente::check {
namespace {

const char* words_of(Because because) {
    switch (because) {
        case Because::group_unknown: return "what group it is cannot be read here";
        case Because::is_protected: return "";  // who does is listed
        case Because::unread: return "not all that was said of the group can be read here";
        case Because::author_silent: return "its author has taken no position on the group";
        case Because::sponsor_silent:
            return "who vouches for it has taken no position on the group";
        case Because::nobody_protects: return "no party protects the group";
    }
    ASSERT(false);
}

std::string word_text(const view::GroupWord& word) {
    std::string out = word.party.v + ": ";
    if (word.speaks) out += statement::name(word.stand);
    if (word.protects && word.stand != statement::Stand::is_protected) {
        out += std::string(word.speaks ? ", " : "") + "an earlier word of it that protects goes on";
    } else if (!word.speaks) {
        out += "withdrawn";
    }
    return out;
}

}  // namespace

Because because_of(const PartyId& author, const statement::Presence& said,
                   const view::GroupStands& stands) {
    if (broken(Break::heed_not_protected) && stands.differ()) return Because::nobody_protects;
    if (stands.is_protected()) return Because::is_protected;
    if (!stands.known) return Because::group_unknown;
    if (stands.unread) return Because::unread;
    if (!stands.speaks(author)) return Because::author_silent;
    if (said.sponsor && !stands.speaks(*said.sponsor)) return Because::sponsor_silent;
    return Because::nobody_protects;
}

const char* name(Because because) {
    switch (because) {
        case Because::group_unknown: return "group_unknown";
        case Because::is_protected: return "protected";
        case Because::unread: return "unread";
        case Because::author_silent: return "author_silent";
        case Because::sponsor_silent: return "sponsor_silent";
        case Because::nobody_protects: return "nobody_protects";
    }
    ASSERT(false);
}

std::string presence_text(const PresenceFound& found) {
    std::string out = "presence of group ";
    for (const std::string& name : found.stands.names) out += printable(name) + ", ";
    out += found.said.group.text() + ", grade " + grade_text(found.said.grade);
    if (found.said.sponsor) out += ", vouched for by " + found.said.sponsor->v;
    for (const view::GroupWord& word : found.stands.words) out += "; " + word_text(word);
    const std::string why = words_of(found.because);
    if (!why.empty()) out += "; " + why;
    if (found.contested()) out += "; contested: the parties differ on this group";
    return out;
}

PresenceFound Presences::of(const PartyId& author, const statement::Presence& said,
                            const geo::Window& plan) {
    // No start: at any moment there ever was.
    const Instant earliest = std::min(now_, plan.start.value_or(Instant::min()));
    auto [found, is_new] = looked_up_.try_emplace({said.group, earliest});
    if (is_new) found->second = view_.group_stands(said.group, now_, earliest);
    PresenceFound out{said, found->second, Because::group_unknown};
    out.because = because_of(author, said, out.stands);
    return out;
}

}  // namespace entente::check
