// SPDX-License-Identifier: Apache-2.0
#include "net/body.h"

#include <algorithm>

#include "net/problem.h"

namespace entente::net {

using formats::JsonKind;

Result<Body> Body::read(const Request& request, std::initializer_list<const char*> known) {
    TRY(json, formats::parse_json(request.body, request.body.size()));
    if (!json.is(JsonKind::object)) return fail(Errc::malformed, "expected a JSON object");
    for (const auto& [key, value] : json.members) {
        const bool is_known =
            std::any_of(known.begin(), known.end(), [&](const char* one) { return key == one; });
        if (!is_known) return fail(Errc::malformed, "`" + key + "` means nothing here");
    }
    return Body(std::move(json));
}

Result<std::string> Body::text(const char* key) const {
    const formats::Json* member = json_.find(key);
    if (member == nullptr || !member->is(JsonKind::text)) {
        return fail(Errc::malformed, std::string(key) + ": expected a text");
    }
    return member->text;
}

Result<std::string> Body::text_or_none(const char* key) const {
    if (!has(key)) return std::string();
    return text(key);
}

Result<std::vector<std::string>> Body::texts(const char* key) const {
    const formats::Json* member = json_.find(key);
    if (member == nullptr || !member->is(JsonKind::array)) {
        return fail(Errc::malformed, std::string(key) + ": expected a list of texts");
    }
    std::vector<std::string> out;
    for (const formats::Json& one : member->elements) {
        if (!one.is(JsonKind::text)) {
            return fail(Errc::malformed, std::string(key) + ": expected a list of texts");
        }
        out.push_back(one.text);
    }
    return out;
}

Result<std::optional<bool>> Body::boolean(const char* key) const {
    const formats::Json* member = json_.find(key);
    if (member == nullptr) return std::optional<bool>();
    if (!member->is(JsonKind::boolean)) {
        return fail(Errc::malformed, std::string(key) + ": expected true or false");
    }
    return std::optional(member->boolean);
}

bool is_json(const Request& request) {
    return request.content_type.substr(0, request.content_type.find(';')) == "application/json";
}

Response not_json() { return problem(415, "unsupported_media_type", "expected application/json"); }

}  // namespace entente::net
