// SPDX-License-Identifier: Apache-2.0
#include "statement/reply.h"

#include "base/encode.h"
#include "statement/body_keys.h"
#include "statement/leaves.h"
#include "statement/line.h"

namespace entente::statement {
namespace {

using canon::Object;

constexpr const char* word_names[reply_word_count] = {"noted", "accepted", "refused", "missing",
                                                      "conflict"};

}  // namespace

const char* name(ReplyWord word) { return word_names[static_cast<std::size_t>(word)]; }

Result<ReplyWord> parse_reply_word(std::string_view text) {
    for (std::size_t i = 0; i < reply_word_count; ++i) {
        if (text == word_names[i]) return static_cast<ReplyWord>(i);
    }
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                     "' is no word of a reply; they are noted, accepted, refused, "
                                     "missing, conflict");
}

Result<void> validate(const Reply& reply) {
    if (reply.keys.version > 1) {
        return fail(Errc::refused, "a reply is version 1 of a record of its own");
    }
    TRYV(check_lines(reply.text, "text"));
    TRYV(check_line(reply.contact, "contact"));
    if (reply.word == ReplyWord::refused && reply.text.empty()) {
        return fail(Errc::malformed, "who refuses says why: 'text' is empty");
    }
    if (reply.word == ReplyWord::conflict && reply.contact.empty()) {
        return fail(Errc::malformed, "a conflict names the desk to call: 'contact' is empty");
    }
    if (reply.word == ReplyWord::missing && reply.entries.empty()) {
        return fail(Errc::malformed, "'missing' names what was missing: 'entries' is empty");
    }
    return check_leaves(reply.entries, reply_entries_max, "entries");
}

Bytes encode_reply(const Reply& reply) {
    Object out;
    put_keys(reply.keys, Slot::exact, out);
    if (reply.automatic) out.set("automatic", true);
    if (!reply.contact.empty()) out.set("contact", reply.contact);
    if (!reply.entries.empty()) out.set("entries", encode_leaves(reply.entries));
    out.set("of", reply.of.text());
    if (!reply.text.empty()) out.set("text", reply.text);
    out.set("to", to_base64url(reply.to.view()));
    out.set("word", name(reply.word));
    return canon::encode(out);
}

Result<Reply> decode_reply(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Reply out;
    TRY(keys, read_keys(fields));
    TRY(contact, fields.text_or_empty("contact"));
    TRY(entries, decode_leaves(fields, "entries", reply_entries_max));
    TRY(of, fields.record("of"));
    TRY(text, fields.text_or_empty("text"));
    TRY(to, fields.hash("to"));
    TRY(word_text, fields.text("word"));
    TRY(word, parse_reply_word(word_text));
    TRY(automatic, fields.flag("automatic"));
    out.keys = std::move(keys);
    out.to = to;
    out.of = of;
    out.word = word;
    out.text = std::move(text);
    out.contact = std::move(contact);
    out.entries = std::move(entries);
    out.automatic = automatic;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
