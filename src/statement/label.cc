// SPDX-License-Identifier: Apache-2.0
#include "statement/label.h"

#include <algorithm>

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

constexpr const char* onward_names[onward_count] = {"ask", "none", "delegate", "free"};
constexpr const char* tlp_names[tlp_count] = {"unstated", "red",   "amber_strict",
                                              "amber",    "green", "everybody"};
constexpr const char* attribution_names[attribution_count] = {"ask", "must_not", "may", "must"};
constexpr const char* use_names[use_count] = {"protection", "analysis", "investigation",
                                              "publication"};

}  // namespace

const char* name(Onward onward) { return onward_names[static_cast<std::size_t>(onward)]; }
const char* name(Tlp tlp) { return tlp_names[static_cast<std::size_t>(tlp)]; }
const char* name(Attribution a) { return attribution_names[static_cast<std::size_t>(a)]; }
const char* name(Use use) { return use_names[static_cast<std::size_t>(use)]; }

void members(Members& m, Label& label) {
    m.word("tlp", label.tlp, {tlp_names, tlp_count, "a word of TLP 2.0"});
    m.word("onward", label.onward, {onward_names, onward_count, "who may pass it on"});
    m.parties("delegates", label.delegates, limits::parties_max);
    m.word("use", label.use, {use_names, use_count, "what it may be used for"});
    m.word("attribution", label.attribution,
           {attribution_names, attribution_count, "whether its author may be named"});
    m.line("scheme", label.scheme, Need::may);
    m.line("sensitivity", label.sensitivity, Need::may);
    m.time("review_at", label.review_at);
    m.time("expires", label.expires);
    m.line("purpose", label.purpose, Need::may);
    m.line("consent", label.consent, Need::may);
    m.flag("personal_data", label.personal_data);
}

Result<void> validate(const Label& label) {
    TRYV(check_object(walk_of(label)));
    if (write_object(walk_of(label)).size() > label_bytes_max) {
        return fail(Errc::too_large, "a label has at most " + std::to_string(label_bytes_max) +
                                         " bytes: say it in fewer words");
    }
    const bool delegates = label.onward == Onward::delegate;
    if (delegates == label.delegates.empty()) {
        return fail(Errc::malformed,
                    "'delegates' are named where 'onward' is delegate, and only there");
    }
    if (!label.sensitivity.empty() && label.scheme.empty()) {
        return fail(Errc::malformed,
                    "'scheme' is missing: whose words of sensitivity, and which version of them");
    }
    return {};
}

Bytes encode_label(const std::optional<Label>& label) {
    return label ? write_object(walk_of(*label)) : Bytes();
}

Result<std::optional<Label>> decode_label(BytesView bytes) {
    if (bytes.empty()) return std::optional<Label>();
    Label out;
    TRYV(read_object(bytes, label_bytes_max, walk_of(out)));
    TRYV(validate(out));
    if (write_object(walk_of(out)) != bytes) {
        return fail(Errc::malformed, "it has members that are not known here");
    }
    return std::optional(std::move(out));
}

}  // namespace entente::statement
