// SPDX-License-Identifier: Apache-2.0
#include "people/rows.h"

#include "base/encode.h"

namespace entente::people {

Result<RowReader> RowReader::open(BytesView bytes) {
    TRY(value, canon::decode(bytes, row_bytes_max));
    const canon::Object* object = value.object();
    if (object == nullptr) return fail(Errc::malformed, "a row of people.db is no object");
    return RowReader(*object);
}

const canon::Value* RowReader::take(const char* key) {
    const canon::Value* value = object_.find(key);
    if (value == nullptr) {
        bad(key);
    } else {
        ++taken_;
    }
    return value;
}

void RowReader::bad(const char* key) {
    if (fault_.empty()) fault_ = key;
}

std::string RowReader::text(const char* key) {
    const canon::Value* value = take(key);
    const std::string* out = value != nullptr ? value->text() : nullptr;
    if (out == nullptr) bad(key);
    return out != nullptr ? *out : std::string();
}

std::int64_t RowReader::integer(const char* key) {
    const canon::Value* value = take(key);
    const std::int64_t* out = value != nullptr ? value->integer() : nullptr;
    if (out == nullptr) bad(key);
    return out != nullptr ? *out : 0;
}

bool RowReader::boolean(const char* key) {
    const canon::Value* value = take(key);
    const bool* out = value != nullptr ? value->boolean() : nullptr;
    if (out == nullptr) bad(key);
    return out != nullptr && *out;
}

const canon::Array& RowReader::array(const char* key) {
    static const canon::Array none;
    const canon::Value* value = take(key);
    const canon::Array* list = value != nullptr ? value->array() : nullptr;
    if (list == nullptr) bad(key);
    return list != nullptr ? *list : none;
}

std::vector<std::string> RowReader::texts(const char* key) {
    std::vector<std::string> out;
    for (const canon::Value& one : array(key)) {
        const std::string* text = one.text();
        if (text == nullptr) {
            bad(key);
        } else {
            out.push_back(*text);
        }
    }
    return out;
}

Bytes RowReader::base64(const char* key) {
    const auto out = from_base64url(text(key));
    if (!out) bad(key);
    return out ? *out : Bytes();
}

Hash RowReader::hash(const char* key) {
    const auto out = hash_from_base64url(text(key));
    if (!out) bad(key);
    return out ? *out : Hash();
}

Roles RowReader::roles(const char* key) {
    const auto out = parse_roles(texts(key));
    if (!out) bad(key);
    return out ? *out : Roles();
}

std::vector<canon::Object> RowReader::objects(const char* key) {
    std::vector<canon::Object> out;
    for (const canon::Value& one : array(key)) {
        const canon::Object* object = one.object();
        if (object == nullptr) {
            bad(key);
        } else {
            out.push_back(*object);
        }
    }
    return out;
}

Result<void> RowReader::end(std::string_view what) const {
    const std::string row = "a row of people.db (" + std::string(what) + ")";
    if (!fault_.empty()) return fail(Errc::malformed, row + ": " + fault_ + " is not as it was");
    if (taken_ != object_.members().size()) {
        return fail(Errc::malformed, row + " says more than this entente knows; use the newer one");
    }
    return {};
}

canon::Array texts(const std::vector<std::string>& list) {
    canon::Array out;
    for (const std::string& one : list) out.emplace_back(one);
    return out;
}

Bytes encode(const Account& account) {
    canon::Object out;
    out.set("disabled", account.disabled);
    out.set("full_name", account.full_name);
    out.set("made", millis(account.made));
    out.set("name", account.name);
    out.set("password", account.password);
    out.set("roles", texts(account.roles.names()));
    return canon::encode(std::move(out));
}

Result<Account> decode_account(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Account out;
    out.disabled = row.boolean("disabled");
    out.full_name = row.text("full_name");
    out.made = instant(row.integer("made"));
    out.name = row.text("name");
    out.password = row.text("password");
    out.roles = row.roles("roles");
    TRYV(row.end("account"));
    return out;
}

Bytes encode(const Session& session) {
    canon::Object out;
    out.set("account", session.account);
    out.set("begun", millis(session.begun));
    out.set("from", session.from);
    out.set("hash", to_base64url(session.hash.view()));
    out.set("id", session.id);
    out.set("until", millis(session.until));
    return canon::encode(std::move(out));
}

Result<Session> decode_session(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Session out;
    out.account = row.text("account");
    out.begun = instant(row.integer("begun"));
    out.from = row.text("from");
    out.hash = row.hash("hash");
    out.id = row.text("id");
    out.until = instant(row.integer("until"));
    TRYV(row.end("session"));
    return out;
}

Bytes encode(const Token& token) {
    canon::Object out;
    out.set("account", token.account);
    out.set("hash", to_base64url(token.hash.view()));
    out.set("made", millis(token.made));
    out.set("name", token.name);
    out.set("roles", texts(token.roles.names()));
    out.set("until", millis(token.until));
    return canon::encode(std::move(out));
}

Result<Token> decode_token(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Token out;
    out.account = row.text("account");
    out.hash = row.hash("hash");
    out.made = instant(row.integer("made"));
    out.name = row.text("name");
    out.roles = row.roles("roles");
    out.until = instant(row.integer("until"));
    TRYV(row.end("token"));
    return out;
}

}  // namespace entente::people
