// SPDX-License-Identifier: Apache-2.0
#include "statement/report.h"

#include "base/limits.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {

void members(Members& m, Report& report) {
    m.line("topic", report.topic, Need::must);
    m.lines("text", report.text, limits::said_text_bytes_max, Need::must);
    m.line("language", report.language, Need::may);
    m.time("from", report.from);
    m.time("until", report.until);
    m.places("volumes", report.volumes, limits::places_max);
    m.line("place", report.place, Need::may);
    m.grade("grade", report.grade);
    m.line("graded_by", report.graded_by, Need::may);
    m.time("graded_at", report.graded_at);
    m.list("sources", report.sources, limits::sources_max);
    m.records("about", report.about, limits::about_max);
    m.line("contact", report.contact, Need::must);
}

Result<void> validate(const Report& report) {
    TRYV(check_said(report));
    TRYV(check_span(report.from, report.until));
    TRYV(check_sources(report.sources));
    if (report.grade) return {};
    return fail(Errc::malformed,
                "'grade' is missing: a letter A to F and a figure 1 to 6; F6 where nothing can be "
                "judged");
}

}  // namespace entente::statement
