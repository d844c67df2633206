// SPDX-License-Identifier: Apache-2.0
#include "statement/responsibility.h"

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

constexpr const char* stance_names[stance_count] = {
    "claims", "attributes", "denies", "accepts", "silent", "under_review", "apologises"};

}  // namespace

const char* name(Stance stance) { return stance_names[static_cast<std::size_t>(stance)]; }

void members(Members& m, Responsibility& responsibility) {
    m.record("of", responsibility.of);
    m.leaf("leaf", responsibility.leaf);
    m.word("stance", responsibility.stance, {stance_names, stance_count, "a stance"});
    m.part("who", responsibility.who);
    m.part("whom", responsibility.whom);
    m.time("at", responsibility.at);
    m.lines("text", responsibility.text, limits::said_text_bytes_max, Need::may);
    m.line("language", responsibility.language, Need::may);
    m.list("sources", responsibility.sources, limits::sources_max);
    m.grade("grade", responsibility.grade);
    m.line("contact", responsibility.contact, Need::must);
}

Result<void> validate(const Responsibility& responsibility) {
    TRYV(check_said(responsibility));
    if (!responsibility.of) return fail(Errc::malformed, "'of' is missing: which incident?");
    if (responsibility.who) TRYV(check_actor(*responsibility.who, "who"));
    if (responsibility.whom) TRYV(check_actor(*responsibility.whom, "whom"));
    if (responsibility.stance == Stance::attributes && !responsibility.whom) {
        return fail(Errc::malformed, "'whom' is missing: to whom is it attributed?");
    }
    return check_sources(responsibility.sources);
}

}  // namespace entente::statement
