// SPDX-License-Identifier: Apache-2.0
#include "statement/control.h"

#include "base/limits.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {
namespace {

constexpr const char* holding_names[holding_count] = {"held", "contested", "unknown"};

}  // namespace

const char* name(Holding holding) { return holding_names[static_cast<std::size_t>(holding)]; }

void members(Members& m, Control& control) {
    m.line("area", control.area, Need::must);
    m.places("volumes", control.volumes, limits::places_max);
    m.part("holder", control.holder);
    m.word("holding", control.holding, {holding_names, holding_count, "how an area is held"});
    m.time("from", control.from);
    m.time("until", control.until);
    m.grade("grade", control.grade);
    m.list("sources", control.sources, limits::sources_max);
    m.lines("text", control.text, limits::said_text_bytes_max, Need::may);
    m.line("contact", control.contact, Need::must);
}

Result<void> validate(const Control& control) {
    TRYV(check_said(control));
    TRYV(check_span(control.from, control.until));
    TRYV(check_sources(control.sources));
    if (control.volumes.empty()) return fail(Errc::malformed, "'volumes' is empty: which area?");
    if (!control.grade) return fail(Errc::malformed, "'grade' is missing: how sure is it, as B2?");
    if (control.holder) return check_actor(*control.holder, "holder");
    if (control.holding == Holding::unknown) return {};
    return fail(Errc::malformed, "'holder' is missing: who holds it, or is 'holding' unknown?");
}

}  // namespace entente::statement
