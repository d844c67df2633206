// SPDX-License-Identifier: Apache-2.0
#include "node/compose_objection.h"

namespace entente::node {

using statement::Protection;
using Stated = std::optional<Protection>;

Result<Stated> next_of_objection(const Author& author, const Draft& draft,
                                 const registry::Record& record) {
    namespace act = statement::act;
    const std::string id = "objection " + record.id.text();
    if (record.newest().withdraws) {
        return fail(Errc::refused, id + " was lifted already; object anew");
    }
    if (draft.act == act::lift) return Stated();
    if (draft.act != act::amend || !draft.protection.objection) {
        return fail(Errc::refused, id + ": it is amended or lifted, not '" + draft.act + "'");
    }
    const registry::Content* content = record.content();
    if (content == nullptr || !content->protection.objection) {
        return fail(Errc::refused, id + " cannot be read here");
    }
    Protection next = draft.protection;
    if (next.contact.empty()) next.contact = content->protection.contact;
    if (next.where.empty()) {
        next.where = content->protection.where;
    } else {
        TRY(more, amended(next, record, *author.terms));
        next.where = std::move(more.where);
    }
    if (next.objection->activity != content->protection.objection->activity) {
        return fail(Errc::refused, id + " is to activity " +
                                       content->protection.objection->activity.text() +
                                       "; object to another one anew");
    }
    return Stated(std::move(next));
}

}  // namespace entente::node
