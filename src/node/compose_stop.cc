// SPDX-License-Identifier: Apache-2.0
#include "node/compose_stop.h"

namespace entente::node {

using statement::Protection;
using Stated = std::optional<Protection>;

Result<Stated> next_of_stop(const Author& author, const Draft& draft,
                            const registry::Record& record) {
    namespace act = statement::act;
    const std::string id = "STOP " + record.id.text();
    if (record.newest().withdraws) {
        return fail(Errc::refused, id + " was lifted already; say a new one");
    }
    if (draft.act == act::lift) return Stated();
    if (draft.act != act::amend || !draft.protection.stop) {
        return fail(Errc::refused, id + ": it is amended or lifted, not '" + draft.act + "'");
    }
    const registry::Content* content = record.content();
    if (content == nullptr || !content->protection.stop) {
        return fail(Errc::refused, id + " cannot be read here");
    }
    const Protection& before = content->protection;
    Protection next = draft.protection;
    if (next.stop->to != before.stop->to) {
        return fail(Errc::refused, id + " is to " + before.stop->to.v + "; say another one");
    }
    if (next.contact.empty()) next.contact = before.contact;
    if (next.where.empty()) {
        next.where = before.where;
    } else {
        TRY(more, amended(next, record, *author.terms));
        next.where = std::move(more.where);
    }
    return Stated(std::move(next));
}

}  // namespace entente::node
