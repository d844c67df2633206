// SPDX-License-Identifier: Apache-2.0
#include "node/recall.h"

#include <algorithm>

#include "base/encode.h"

namespace entente::node {
namespace {

constexpr const char* causes[] = {"incident", "dispute", "activity", "refusal"};
constexpr std::size_t text_bytes = 200;  // a hundred of them fit one purge

}  // namespace

Result<void> validate(const Hold& hold) {
    if (std::find(std::begin(causes), std::end(causes), hold.cause) == std::end(causes)) {
        return fail(Errc::malformed,
                    "a hold is because of an incident, dispute or activity, or a refusal; not '" +
                        hold.cause.substr(0, 40) + "'");
    }
    if (hold.text.empty() || hold.text.size() > text_bytes || !is_utf8(hold.text) ||
        hold.text.find('\n') != std::string::npos) {
        return fail(Errc::malformed, "a hold says in one line of at most 200 bytes what it is for");
    }
    return {};
}

std::string hold_name(const RecordId& record) { return "hold/" + record.text(); }

Bytes format_hold(const Hold& hold) { return hold.cause + "\n" + hold.text + "\n"; }

Result<std::optional<Hold>> parse_hold(BytesView bytes) {
    if (bytes.empty()) return std::optional<Hold>();
    const std::size_t line = bytes.find('\n');
    if (line == BytesView::npos || bytes.back() != '\n') {
        return fail(Errc::malformed, "a stored hold is cut short");
    }
    const BytesView text = bytes.substr(line + 1);
    Hold out{std::string(bytes.substr(0, line)), std::string(text.substr(0, text.size() - 1))};
    TRYV(validate(out));
    return std::optional<Hold>(std::move(out));
}

}  // namespace entente::node
