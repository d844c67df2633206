// SPDX-License-Identifier: Apache-2.0
#include "statement/challenge.h"

#include "base/encode.h"
#include "statement/body_keys.h"
#include "statement/line.h"
#include "statement/word.h"

namespace entente::statement {
namespace {

using canon::Object;

constexpr const char* grounds_names[grounds_count] = {"place",    "use",        "time", "duplicate",
                                                      "identity", "unverified", "other"};

}  // namespace

const char* name(Grounds grounds) { return grounds_names[static_cast<std::size_t>(grounds)]; }
Result<Grounds> parse_grounds(std::string_view text) {
    return parse_word<Grounds>(text, grounds_names, "what can be contested");
}

Result<void> validate(const Challenge& challenge) {
    TRYV(check_lines(challenge.text, "text"));
    if (challenge.text.empty()) {
        return fail(Errc::malformed, "who contests says why: 'text' is empty");
    }
    TRYV(check_line(challenge.contact, "contact"));
    if (challenge.contact.empty()) {
        return fail(Errc::malformed, "'contact' is missing: the role that can be asked about it");
    }
    TRYV(parse_grade(grade_text(challenge.grade)));
    return {};
}

Bytes encode_challenge(const Challenge& challenge) {
    Object out;
    put_keys(challenge.keys, Slot::exact, out);
    out.set("answer_by", millis(challenge.answer_by));
    out.set("contact", challenge.contact);
    out.set("grade", grade_text(challenge.grade));
    out.set("grounds", name(challenge.grounds));
    out.set("of", challenge.of.text());
    out.set("text", challenge.text);
    out.set("to", to_base64url(challenge.to.view()));
    return canon::encode(out);
}

Result<Challenge> decode_challenge(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Challenge out;
    TRY(keys, read_keys(fields));
    TRY(answer_by, fields.time("answer_by"));
    TRY(contact, fields.text("contact"));
    TRY(grade_text, fields.text("grade"));
    TRY(grade, parse_grade(grade_text));
    TRY(grounds_text, fields.text("grounds"));
    TRY(grounds, parse_grounds(grounds_text));
    TRY(of, fields.record("of"));
    TRY(text, fields.text("text"));
    TRY(to, fields.hash("to"));
    out.keys = std::move(keys);
    out.of = of;
    out.to = to;
    out.grounds = grounds;
    out.grade = grade;
    out.text = std::move(text);
    out.contact = std::move(contact);
    out.answer_by = answer_by;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
