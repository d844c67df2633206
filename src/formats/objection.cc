// SPDX-License-Identifier: Apache-2.0
#include "formats/objection.h"

#include "base/encode.h"
#include "base/printable.h"

namespace entente::formats {

void objection_members(JsonOut& out, const view::Seen& seen) {
    if (!seen.objects()) return;
    out.member("kind", statement::objection_kind);
    const statement::Objection* objection = seen.objection();
    if (objection == nullptr) return;
    out.name("objection");
    out.object([&] {
        out.member("activity", objection->activity.text());
        out.member("entry", to_base64(objection->entry.view()));
        out.member("grounds", objection->grounds);
        out.name("found");
        out.array([&] {
            for (const Hash& leaf : objection->found) out.value(to_base64(leaf.view()));
        });
        out.member("automatic", objection->automatic);
    });
}

std::string objection_text(const view::Seen& seen) {
    if (!seen.objects()) return {};
    const statement::Objection* objection = seen.objection();
    if (objection == nullptr) return "an objection whose grounds are not shown to us";
    std::string out = std::string(objection->automatic ? "said by its node" : "on these grounds") +
                      ": " + printable(objection->grounds) + "; to activity " +
                      objection->activity.text();
    if (!objection->found.empty()) {
        out += "; rests on " + std::to_string(objection->found.size()) +
               (objection->found.size() == 1 ? " statement" : " statements");
    }
    return out;
}

}  // namespace entente::formats
