// SPDX-License-Identifier: Apache-2.0
#include "statement/checked.h"

#include <set>

#include "base/encode.h"
#include "base/limits.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t logs_max = 1 + limits::parties_max;

Result<LogHead> read_head(const Fields& fields, const char* key) {
    TRY(object, fields.object(key));
    return decode_log_head(*object);
}

Result<CheckedLog> read_log(const Value& value) {
    TRY(fields, Fields::of(value, "log"));
    CheckedLog out;
    TRY(origin, fields.text("origin"));
    TRY(head, read_head(fields, "head"));
    if (fields.has("released")) {
        TRY(released, read_head(fields, "released"));
        out.released = released;
    }
    out.origin.v = std::move(origin);
    out.head = head;
    return out;
}

Result<void> check_word(const std::string& word, const char* what) {
    if (!word.empty() && word.size() <= word_bytes_max && is_utf8(word)) return {};
    return fail(Errc::malformed, std::string("'") + what + "' is a word of at most 64 bytes");
}

}  // namespace

Result<void> validate(const Checked& checked) {
    TRYV(check_word(checked.rules, "rules"));
    TRYV(check_word(checked.verdict, "verdict"));
    if (checked.touched < 0) return fail(Errc::malformed, "'touched' is a count");
    if (checked.logs.empty() || checked.logs.size() > logs_max) {
        return fail(Errc::malformed, "'logs' names one's own log and at most parties_max = " +
                                         std::to_string(limits::parties_max) + " others");
    }
    std::set<Origin> once;
    for (const CheckedLog& log : checked.logs) {
        if (log.origin.v.empty() || log.origin.v.size() > limits::key_name_bytes_max) {
            return fail(Errc::malformed, "a log's origin has 1 to key_name_bytes_max bytes");
        }
        if (!once.insert(log.origin).second) {
            return fail(Errc::malformed, "'logs' names " + log.origin.v + " twice");
        }
    }
    return {};
}

Object encode_checked(const Checked& checked) {
    Object out;
    out.set("asked_at", millis(checked.asked_at));
    out.set("charter", to_base64url(checked.charter.view()));
    Array logs;
    for (const CheckedLog& log : checked.logs) {
        Object one;
        one.set("head", encode_log_head(log.head));
        one.set("origin", log.origin.v);
        if (log.released.size.v > 0) one.set("released", encode_log_head(log.released));
        logs.emplace_back(std::move(one));
    }
    out.set("logs", std::move(logs));
    out.set("rules", checked.rules);
    out.set("touched", checked.touched);
    out.set("verdict", checked.verdict);
    return out;
}

Result<Checked> decode_checked(const Object& object) {
    const Fields fields(object);
    Checked out;
    TRY(asked_at, fields.integer("asked_at"));
    TRY(charter, fields.hash("charter"));
    TRY(logs, fields.array("logs"));
    TRY(rules, fields.text("rules"));
    TRY(touched, fields.integer("touched"));
    TRY(verdict, fields.text("verdict"));
    if (logs->size() > logs_max) return fail(Errc::too_large, "more logs than parties_max");
    for (const Value& value : *logs) {
        auto log = read_log(value);
        if (!log) return at("logs[" + std::to_string(out.logs.size()) + "]", log.error());
        out.logs.push_back(std::move(*log));
    }
    out.asked_at = instant(asked_at);
    out.charter = charter;
    out.rules = std::move(rules);
    out.verdict = std::move(verdict);
    out.touched = touched;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement
