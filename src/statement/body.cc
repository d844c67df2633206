// SPDX-License-Identifier: Apache-2.0
#include "statement/body.h"

#include "base/encode.h"
#include "base/limits.h"
#include "statement/body_keys.h"
#include "statement/protection_codec.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

Result<std::vector<geo::Place>> read_where(const Fields& fields) {
    TRY(array, fields.array("where"));
    return decode_where(*array);
}

Object head_object(const Head& head) {
    Object out;
    put_keys(head.keys, Slot::head, out);
    out.set("act", head.act);
    out.set("actor", head.actor);
    if (head.follows) out.set("follows", to_base64url(head.follows->view()));
    out.set("kind", head.kind);
    if (!head.label.empty()) {
        out.set("label", canon::decode(head.label, limits::body_bytes_max).value());
    }
    out.set("protects", head.protects);
    out.set("secret", to_base64url(head.secret.view()));
    out.set("time", millis(head.time));
    Array used;
    for (std::size_t i = 0; i < slot_count; ++i) {
        if (head.used[i]) used.emplace_back(static_cast<int>(i) + 1);
    }
    out.set("used", std::move(used));
    if (head.was) out.set("was", head.was->text());
    return out;
}

Result<std::vector<Approval>> read_approvals(const Array& array) {
    std::vector<Approval> out;
    if (array.size() > limits::approvals_max) {
        return fail(Errc::too_large, "more approvals than approvals_max");
    }
    for (const Value& value : array) {
        TRY(fields, Fields::of(value, "approval"));
        TRY(key_text, fields.text("key"));
        TRY(key, from_base64url(key_text));
        TRY(signature_text, fields.text("signature"));
        TRY(signature, from_base64url(signature_text));
        if (key.size() != 32 || signature.size() != 64) {
            return fail(Errc::malformed, "an approval has a key of 32 and a signature of 64 bytes");
        }
        out.push_back({std::move(key), std::move(signature)});
    }
    return out;
}

Result<std::array<bool, slot_count>> read_used(const Array& array) {
    std::array<bool, slot_count> used{};
    for (const Value& value : array) {
        const std::int64_t* slot = value.integer();
        if (slot == nullptr || *slot < 1 || *slot > static_cast<int>(slot_count)) {
            return fail(Errc::malformed, "'used' lists slots 1 to 3");
        }
        used[static_cast<std::size_t>(*slot - 1)] = true;
    }
    return used;
}

}  // namespace

Bytes encode_head_unapproved(const Head& head) { return canon::encode(head_object(head)); }

Bytes encode_head(const Head& head) {
    Array approvals;
    for (const Approval& approval : head.approvals) {
        Object one;
        one.set("key", to_base64url(approval.key));
        one.set("signature", to_base64url(approval.signature));
        approvals.emplace_back(std::move(one));
    }
    Object out = head_object(head);
    out.set("approvals", std::move(approvals));
    return canon::encode(out);
}

Result<Bytes> unapproved_head(BytesView head) {
    TRY(value, decode_body(head, Slot::head));
    Object out;
    for (const auto& [key, member] : value.object()->members()) {
        if (key != "approvals") out.set(key, member);
    }
    return canon::encode(out);
}

Result<Head> decode_head(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::head));
    const Fields fields(*value.object());
    Head head;
    TRY(keys, read_keys(fields));
    head.keys = keys;
    TRY(kind, fields.text("kind"));
    TRY(act, fields.text("act"));
    TRY(protects, fields.boolean("protects"));
    TRY(secret, fields.hash("secret"));
    TRY(used_array, fields.array("used"));
    TRY(used, read_used(*used_array));
    TRY(time, fields.integer("time"));
    TRY(actor, fields.text("actor"));
    TRY(approvals_array, fields.array("approvals"));
    TRY(approvals, read_approvals(*approvals_array));
    if (fields.has("follows")) {
        TRY(follows, fields.hash("follows"));
        head.follows = follows;
    }
    if (fields.has("was")) {
        TRY(text, fields.text("was"));
        TRY(was, RecordId::parse(text));
        head.was = was;
    }
    head.kind = std::move(kind);
    head.act = std::move(act);
    head.protects = protects;
    head.secret = secret;
    head.used = used;
    head.time = instant(time);
    head.actor = std::move(actor);
    // Whatever it is: a label that is not understood takes nothing of the head away (label.h).
    if (const Value* label = value.object()->find("label")) head.label = canon::encode(*label);
    head.approvals = std::move(approvals);
    return head;
}

Bytes encode_coarse(const Coarse& coarse) {
    Object out;
    put_keys(coarse.keys, Slot::coarse, out);
    out.set("class", coarse.protection_class);
    if (!coarse.contact.empty()) out.set("contact", coarse.contact);
    out.set("where", encode_where(coarse.where));
    return canon::encode(out);
}

Result<Coarse> decode_coarse(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::coarse));
    const Fields fields(*value.object());
    TRY(keys, read_keys(fields));
    TRY(protection_class, fields.text("class"));
    TRY(contact, fields.text_or_empty("contact"));
    TRY(where, read_where(fields));
    return Coarse{keys, std::move(protection_class), std::move(contact), std::move(where)};
}

Coarse coarse_of(const Exact& exact) {
    return {exact.keys, name(exact.protection.protection_class), exact.protection.contact,
            exact.coarse.where};
}

Result<NotUnderstood> decode_unknown(BytesView bytes, Slot slot) {
    TRY(value, decode_body(bytes, slot));
    const Fields fields(*value.object());
    TRY(keys, read_keys(fields));
    TRY(where, read_where(fields));
    return NotUnderstood{keys, std::move(where)};
}

Bytes encode_exact(const Exact& exact) {
    Object out = protection_object(exact.protection);
    put_keys(exact.keys, Slot::exact, out);
    Object coarse;
    coarse.set("salt", to_base64url(exact.coarse.salt.view()));
    coarse.set("where", encode_where(exact.coarse.where));
    out.set("coarse", std::move(coarse));
    return canon::encode(out);
}

Result<Exact> decode_exact(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    TRY(keys, read_keys(fields));
    TRY(protection, read_protection(*value.object()));
    TRY(coarse_object, fields.object("coarse"));
    const Fields coarse(*coarse_object);
    TRY(salt, coarse.hash("salt"));
    TRY(where, read_where(coarse));
    return Exact{keys, std::move(protection), {salt, std::move(where)}};
}

Bytes content(const Protection& protection) { return canon::encode(protection_object(protection)); }

}  // namespace entente::statement
