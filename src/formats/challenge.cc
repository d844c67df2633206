// SPDX-License-Identifier: Apache-2.0
#include "formats/challenge.h"

#include <algorithm>

#include "base/encode.h"
#include "formats/dealing.h"
#include "formats/json.h"

namespace entente::formats {
namespace {

using statement::Challenge;
using view::ChallengeState;

Result<std::optional<std::string>> text_of(const Json& json, const char* key) {
    const Json* member = json.find(key);
    if (member == nullptr) return std::optional<std::string>();
    if (member->is(JsonKind::text)) return std::optional(member->text);
    return fail(Errc::malformed, std::string(key) + ": expected a text");
}

void time_member(JsonOut& out, const char* key, const std::optional<Instant>& t) {
    out.name(key);
    if (t)
        out.value(format_rfc3339(*t));
    else
        out.null();
}

/// For how long nobody has answered although the time is past.
std::int64_t overdue_s(const Challenge& said, Instant now) {
    return std::chrono::duration_cast<std::chrono::seconds>(now - said.answer_by).count();
}

void clock_members(JsonOut& out, const view::SeenChallenge& seen, Instant now) {
    const Challenge* said = seen.challenge();
    const ChallengeState state = seen.state(now);
    out.member("state", view::name(state));
    time_member(out, "answer_by",
                said != nullptr ? std::optional(in_four_figures(said->answer_by)) : std::nullopt);
    if (state == ChallengeState::overdue) out.member("overdue_s", overdue_s(*said, now));
    const auto answer = state == ChallengeState::answered ? seen.answer() : std::nullopt;
    if (!answer) return;
    out.member("answer", statement::name(answer->reply->word));
    out.member("answered_at", format_rfc3339(answer->time));
    out.member("answered_late", answer->time >= said->answer_by);
}

}  // namespace

Result<ReadChallenge> read_challenge(const Json& json) {
    ReadChallenge out;
    TRY(grounds, text_of(json, "grounds"));
    TRY(grade, text_of(json, "grade"));
    TRY(text, text_of(json, "text"));
    TRY(contact, text_of(json, "contact"));
    TRY(answer_by, text_of(json, "answer_by"));
    if (grounds) {
        auto read = statement::parse_grounds(*grounds);
        if (!read) return at("grounds", read.error());
        out.grounds = *read;
    }
    if (grade) {
        auto read = statement::parse_grade(*grade);
        if (!read) return at("grade", read.error());
        out.grade = *read;
    }
    if (answer_by) {
        auto read = parse_rfc3339(*answer_by);
        if (!read) return at("answer_by", read.error());
        out.answer_by = *read;
    }
    out.text = std::move(text);
    out.contact = std::move(contact);
    return out;
}

void challenge_members(JsonOut& out, const view::SeenChallenge& seen, bool whole, Instant now) {
    const Challenge* said = seen.challenge();
    const auto author = seen.author();
    out.member("id", seen.id().text());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    if (said != nullptr) out.member("record", said->of.text());
    if (author) out.member("author", author->v);
    if (said != nullptr) {
        out.member("grounds", statement::name(said->grounds));
        out.member("grade", statement::grade_text(said->grade));
    }
    out.member("contact", said != nullptr ? said->contact : "");
    clock_members(out, seen, now);
    out.member("version", seen.version());
    out.member("leaf", to_base64(seen.leaf().view()));
    out.member("time", format_rfc3339(seen.versions().back().time));
    if (!whole) return;
    if (said != nullptr) {
        out.member("text", said->text);
        out.member("to", to_base64(said->to.view()));
    }
    versions_member(out, seen.dealing());
    replies_member(out, seen.replies());
    if (seen.more_replies()) out.member("more_replies", true);
}

}  // namespace entente::formats
