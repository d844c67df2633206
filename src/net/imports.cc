// SPDX-License-Identifier: Apache-2.0
#include "net/imports.h"

namespace entente::net {
namespace {

std::string key(const std::string& source, const std::string& ref) { return source + '\0' + ref; }

}  // namespace

Lookup::Lookup(const view::View& view, Instant moment) : view_(view) {
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        const statement::Protection* p = seen.protection();
        if (p == nullptr || !seen.in_own_log()) continue;  // others', and of a log that has ended
        if (p->presence) continue;                         // no list says where a group is
        if (seen.objects() || seen.state(moment) == view::State::withdrawn) continue;
        slots_.emplace(key(p->source, p->ref), slot);
    }
}

std::optional<intake::Known> Lookup::operator()(const std::string& source,
                                                const std::string& ref) const {
    const auto found = slots_.find(key(source, ref));
    if (found == slots_.end()) return std::nullopt;
    const view::Seen seen = view_.at(found->second);
    intake::Known known{seen.id(), *seen.protection()};
    known.protection.where.resize(1);  // a list states where a place is, not where it was
    return known;
}

}  // namespace entente::net
