// SPDX-License-Identifier: Apache-2.0
#include "formats/objection.h"

#include "base/encode.h"
#include "base/printable.h"
#include "formats/dealing.h"

namespace entente::formats {

namespace {

void stop_members(JsonOut& out, const view::Seen& seen) {
    out.member("kind", statement::stop_kind);
    const statement::Stop* stop = seen.stop();
    if (stop == nullptr) return;
    out.name("stop");
    out.object([&] {
        out.member("to", stop->to.v);
        out.name("desks");
        out.array([&] {
            for (const std::string& desk : stop->desks) out.value(desk);
        });
        out.member("text", stop->text);
        if (!stop->activity) return;
        out.member("activity", stop->activity->activity.text());
        out.member("entry", to_base64(stop->activity->entry.view()));
    });
}

std::string stop_text(const view::Seen& seen) {
    const statement::Stop* stop = seen.stop();
    if (stop == nullptr) return "a STOP whose words are not shown to us";
    std::string out = "STOP, to " + stop->to.v + " (";
    for (const std::string& desk : stop->desks) {
        out += (&desk == &stop->desks.front() ? "" : ", then ") + printable(desk);
    }
    out += "): " + printable(stop->text);
    if (stop->activity) out += "; about activity " + stop->activity->activity.text();
    return out;
}

}  // namespace

void objection_members(JsonOut& out, const view::Seen& seen) {
    if (!seen.objects()) return;
    if (seen.stops()) return stop_members(out, seen);
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

namespace {

std::vector<view::SeenReply> answers_to(const view::View& view, const view::Seen& seen) {
    const Hash newest = seen.history().back().leaf;
    return view.replies(seen.id(), {&newest, 1});
}

}  // namespace

void answers_member(JsonOut& out, const view::View& view, const view::Seen& seen) {
    if (seen.more_replies()) out.member("more_replies", true);
    out.name("answers");
    out.array([&] {
        for (const view::SeenReply& one : answers_to(view, seen)) reply_object(out, one);
    });
}

std::string answers_text(const view::View& view, const view::Seen& seen) {
    std::string out;
    for (const view::SeenReply& one : answers_to(view, seen)) {
        const statement::Reply& reply = *one.reply;
        out += "  " + format_rfc3339(one.time) + "  " + one.party.v + " answered " +
               (reply.automatic ? "by its node: it has it" : statement::name(reply.word));
        if (!reply.contact.empty()) out += ", call " + printable(reply.contact);
        if (!reply.text.empty()) out += ": " + printable(reply.text);
        out += one.newest ? "\n" : " (to an earlier version)\n";
    }
    return out;
}

std::string objection_text(const view::Seen& seen) {
    if (!seen.objects()) return {};
    if (seen.stops()) return stop_text(seen);
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
