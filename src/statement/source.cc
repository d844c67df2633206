// SPDX-License-Identifier: Apache-2.0
#include "statement/source.h"

namespace entente::statement {
namespace {

constexpr const char* kind_names[source_kind_count] = {"other", "observer", "sensor", "document",
                                                       "media", "party",    "open"};

}  // namespace

const char* name(SourceKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

void members(Members& m, Source& source) {
    m.word("kind", source.kind, {kind_names, source_kind_count, "a kind of source"});
    m.line("line", source.line, Need::may);
    m.record("of", source.of);
    m.grade("grade", source.grade);
}

Result<void> check_sources(const std::vector<Source>& sources) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!sources[i].line.empty() || sources[i].of) continue;
        return fail(Errc::malformed,
                    "source " + std::to_string(i + 1) +
                        " has neither 'line' (by which it comes) nor 'of' (a record it is from)");
    }
    return {};
}

void members(Members& m, Actor& actor) {
    m.party("party", actor.party);
    m.record("group", actor.group);
    m.line("name", actor.name, Need::may);
}

Result<void> check_actor(const Actor& actor, const char* what) {
    const int said = (actor.party ? 1 : 0) + (actor.group ? 1 : 0) + (actor.name.empty() ? 0 : 1);
    if (said == 1) return {};
    return fail(Errc::malformed,
                std::string(what) + ": one of 'party', 'group' (a record) and 'name'");
}

}  // namespace entente::statement
