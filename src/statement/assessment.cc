// SPDX-License-Identifier: Apache-2.0
#include "statement/assessment.h"

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

constexpr const char* opinion_names[opinion_count] = {"cannot_judge", "agrees", "doubts",
                                                      "disagrees"};

}  // namespace

const char* name(Opinion opinion) { return opinion_names[static_cast<std::size_t>(opinion)]; }

void members(Members& m, Assessment& assessment) {
    m.record("of", assessment.of);
    m.leaf("leaf", assessment.leaf);
    m.word("opinion", assessment.opinion, {opinion_names, opinion_count, "an opinion"});
    m.grade("grade", assessment.grade);
    m.line("graded_by", assessment.graded_by, Need::may);
    m.lines("text", assessment.text, limits::said_text_bytes_max, Need::may);
    m.line("contact", assessment.contact, Need::must);
}

Result<void> validate(const Assessment& assessment) {
    TRYV(check_said(assessment));
    if (!assessment.of || !assessment.leaf) {
        return fail(Errc::malformed,
                    "'of' and 'leaf' are missing: what is assessed, in which version");
    }
    if (!assessment.grade) return fail(Errc::malformed, "'grade' is missing: one's own, as B2");
    const bool against =
        assessment.opinion == Opinion::doubts || assessment.opinion == Opinion::disagrees;
    if (against && assessment.text.empty()) {
        return fail(Errc::malformed, "who doubts or disagrees says why: 'text' is empty");
    }
    return {};
}

}  // namespace entente::statement
