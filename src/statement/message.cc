// SPDX-License-Identifier: Apache-2.0
#include "statement/message.h"

#include "statement/body_keys.h"
#include "statement/desks.h"
#include "statement/line.h"

namespace entente::statement {

using canon::Object;

Result<void> validate(const Message& message) {
    if (message.keys.version > 1) {
        return fail(Errc::refused, "a message is version 1 of a record of its own");
    }
    TRYV(check_line(message.from, "from"));
    if (message.from.empty()) {
        return fail(Errc::malformed, "'from' is missing: the duty role that can be called back");
    }
    TRYV(check_desks(message.desks));
    TRYV(check_lines(message.text, "text"));
    if (message.text.empty()) return fail(Errc::malformed, "a message says something");
    return check_line(message.language, "language");
}

Bytes encode_message(const Message& message) {
    Object out;
    put_keys(message.keys, Slot::exact, out);
    if (message.answers) out.set("answers", message.answers->text());
    out.set("desks", encode_desks(message.desks));
    out.set("from", message.from);
    if (!message.language.empty()) out.set("language", message.language);
    if (message.subject) out.set("subject", message.subject->text());
    out.set("text", message.text);
    return canon::encode(out);
}

Result<Message> decode_message(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Message out;
    TRY(keys, read_keys(fields));
    TRY(answers, fields.optional_record("answers"));
    TRY(desks, decode_desks(fields));
    TRY(from, fields.text("from"));
    TRY(language, fields.text_or_empty("language"));
    TRY(subject, fields.optional_record("subject"));
    TRY(text, fields.text("text"));
    out.keys = std::move(keys);
    out.from = std::move(from);
    out.desks = std::move(desks);
    out.text = std::move(text);
    out.language = std::move(language);
    out.answers = answers;
    out.subject = subject;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
