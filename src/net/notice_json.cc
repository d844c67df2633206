// SPDX-License-Identifier: Apache-2.0
#include "net/notice_json.h"

#include "base/encode.h"
#include "base/printable.h"
#include "net/track_json.h"
#include "statement/body.h"
#include "view/airspace.h"
#include "view/gist.h"

namespace entente::net {
namespace {

namespace act = statement::act;

/// What was done to a record, in words.
std::string done(const std::string& code) {
    if (code == act::add) return "was stated";
    if (code == act::amend) return "was amended";
    if (code == act::confirm) return "was confirmed";
    if (code == act::confirm_move) return "has moved, confirmed";
    if (code == act::withdraw) return "a withdrawal was said";
    if (code == act::lift) return "its author says to lift it";
    return "something was said (" + code + ")";
}

std::string standing(const view::Seen& seen, Instant now) {
    const view::State state = seen.state(now);
    if (seen.objects() && state == view::State::withdrawn) return "it is lifted";
    if (seen.objects() && state == view::State::pending_relaxation) {
        return "it stands until lifting it is final";
    }
    if (seen.objects() && state != view::State::not_understood) return "it stands";
    switch (state) {
        case view::State::in_force: return "it protects";
        case view::State::unconfirmed: return "it protects, unconfirmed";
        case view::State::pending_relaxation:
            return "what would relax it is pending, and until then old and new both protect";
        case view::State::not_understood: return "it is not understood here, and protects";
        case view::State::withdrawn: return "it is withdrawn";
    }
    return {};
}

std::string of_log(const node::Notice& notice) {
    const std::string whose = "the log of " + notice.party.v;
    if (notice.detail == "forked") {
        return whose +
               " contradicted itself: both of its branches protect, nothing after that "
               "relaxes anything";
    }
    if (notice.detail == "left") return notice.party.v + " left: its protections stay, unconfirmed";
    return whose +
           " has an entry that may protect something and shows no place here: answers are "
           "incomplete";
}

/// What another party did with one's own record, or with all of them.
std::string received(const std::string& code) {
    if (code == "loaded") return "loaded into a system";
    if (code == "passed") return "passed to a unit";
    if (code == "confirmed") return "confirmed by a unit";
    if (code == "refused") return "REFUSED";
    if (code == "differs") return "read back as ANOTHER PLACE than was said";
    return code;
}

std::string stands(const std::string& code) {
    if (code == "late") return "is late: its time has begun, and nobody has said that it started";
    if (code == "early") return "has set out before its time";
    if (code == "overdue") {
        return "is overdue: its time is past, and nobody has said that it ended; it protects for "
               "24 hours past it";
    }
    if (code == "lapsed") {
        return "has lapsed: nobody has said that it ended, and 24 hours past its time it protects "
               "no more";
    }
    return code;
}

/// `activity <id> of ru "relief flight"`, as far as it may be seen.
std::string activity_named(const view::View& view, const RecordId& id) {
    std::string out = "activity " + id.text();
    const auto seen = view.find_activity(id);
    if (!seen) return out;
    out += " of " + seen->party().v;
    const statement::Activity* activity = seen->activity();
    if (activity != nullptr && !activity->name.empty()) out += " \"" + activity->name + "\"";
    return out;
}

/// What was said of an activity, or replied to it.
std::string of_activity(const view::View& view, const node::Notice& notice) {
    if (!notice.activity) return "something was said of an activity";
    constexpr std::string_view replied = "replied_";
    const std::string named = activity_named(view, *notice.activity);
    if (notice.detail.starts_with(replied)) {
        return notice.party.v + " replied \"" + notice.detail.substr(replied.size()) + "\" to " +
               named;
    }
    const std::string& code = notice.detail;
    const std::string what = code == act::add      ? "was declared"
                             : code == act::amend  ? "was amended"
                             : code == act::start  ? "has started"
                             : code == act::end    ? "has ended"
                             : code == act::cancel ? "was cancelled"
                             : code == "overdue"
                                 ? "is overdue: its time is past, and nobody has said that it ended"
                                 : "has something new said of it";
    return named + " " + what;
}

/// What there is to say of a STOP, with its words where they may be read.
std::string of_stop(const view::View& view, const node::Notice& notice,
                    const std::optional<view::Seen>& seen,
                    const std::vector<node::HeardStop>& heard) {
    constexpr std::string_view replied = "replied_";
    const std::string id = notice.record->text();
    if (notice.detail.starts_with(replied)) {
        return notice.party.v + " answered \"" + notice.detail.substr(replied.size()) +
               "\" to STOP " + id;
    }
    if (notice.detail == act::lift) return notice.party.v + " says to lift STOP " + id;
    const bool own = notice.party == view.party();
    std::string out = own ? "we say STOP" : "STOP, says " + notice.party.v;
    if (notice.detail == "unlogged") {
        return notice.party.v + " has sent STOP " + id +
               " and not logged it within ten minutes; it stands all the same";
    }
    const statement::Stop* stop = seen ? seen->stop() : nullptr;
    for (const node::HeardStop& one : heard) {
        if (one.leaf == notice.leaf) stop = &*one.said.stop;
    }
    if (stop != nullptr) out += ", to " + stop->to.v + ": \"" + stop->text + "\"";
    out += " (" + id + ")";
    if (notice.detail == "called") out += ", calls: nobody has answered yet so that it ends";
    if (notice.detail == "waiting") out += ", waits: nobody has answered yet so that it ends";
    if (notice.detail == "heard") out += ", urgently; its log does not show it yet";
    const bool to_us = notice.detail == "heard" || notice.detail == "called" ||
                       notice.detail == "waiting" || (stop != nullptr && stop->to == view.party());
    return to_us ? out + ": answer it now" : out;
}

/// `challenge <id> of ru to record <id>`, `message <id> of ru`, as far as it may be seen.
std::string talk_named(const view::View& view, const node::Notice& notice) {
    std::string out = notice.what + " " + notice.talk->text();
    if (const auto seen = view.find_challenge(*notice.talk)) {
        out += " of " + seen->party().v;
        const statement::Challenge* said = seen->challenge();
        if (said != nullptr) out += " to record " + said->of.text();
    }
    if (const auto seen = view.find_message(*notice.talk)) {
        out += " of " + seen->party().v;
        const statement::Message* said = seen->message();
        if (said != nullptr) out += " from its " + said->from + " for " + said->desks.front();
    }
    return out;
}

/// What was said of a challenge or on the hot line, or replied to it.
std::string of_talk(const view::View& view, const node::Notice& notice) {
    if (!notice.talk) return "something was said of a " + notice.what;
    constexpr std::string_view replied = "replied_";
    const std::string named = talk_named(view, notice);
    const bool talks = notice.what == watch::what::message;
    if (notice.detail.starts_with(replied)) {
        const std::string word = notice.detail.substr(replied.size());
        if (talks && word == "noted") return notice.party.v + " acknowledged " + named;
        return notice.party.v + " replied \"" + word + "\" to " + named;
    }
    const std::string& code = notice.detail;
    if (talks && code == "waiting") return named + " waits: acknowledge it";
    if (talks) return named + (code == act::add ? ": acknowledge it" : " has something new said");
    if (code == "overdue") {
        const auto seen = view.find_challenge(*notice.talk);
        const bool ours = seen && seen->author() == view.party();
        return named + " is overdue: " +
               (ours ? "its time is past, and we have not answered it; answer it now"
                     : "its time is past, and it is not answered");
    }
    return named + (code == act::add        ? " was made: it is contested, and protects as before"
                    : code == act::amend    ? " was amended"
                    : code == act::withdraw ? " was withdrawn"
                                            : " has something new said of it");
}

/// What fits a standing question, as far as a list shows it.
std::string of_match(const view::View& view, const node::Notice& notice,
                     const std::optional<view::Seen>& seen) {
    std::string out = notice.party.v + ": ";
    const auto said = seen ? std::nullopt : view.find_statement(*notice.record);
    if (seen) {
        const std::string title = view::gist(*seen).title;
        out += seen->objects() ? "an objection" : seen->class_name();
        if (title != seen->class_name()) out += " \"" + title + "\"";
        out += ", ";
    } else if (said) {
        // As for a reader of any depth: its title stands in every list.
        out += said->kind() + " \"" + view::gist(*said, view::Depth::coarse).title + "\", ";
    }
    const std::string& code = notice.detail;
    const std::string what = code == act::add ? "it is new, and fits or may fit"
                             : code == act::withdraw
                                 ? "it is WITHDRAWN, and fitted or may have fitted"
                                 : "it is said anew, and fits or may fit";
    return out + "record " + notice.record->text() + ", version " + std::to_string(notice.version) +
           ": " + what + " a question that you left standing";
}

/// What an incident is joined to.
std::string of_join(const node::Notice& notice, const std::string& record) {
    const std::string version = record + "version " + std::to_string(notice.version);
    const std::string then = "; ask for the join: who had been told of it, and what was checked";
    if (notice.detail == "anywhere") {
        return "incident " + notice.talk->text() +
               " is known by its district alone, and may have been anywhere there: at the point "
               "that stands for it was " +
               version + ", in force in that time or a part of it" + then;
    }
    return "incident " + notice.talk->text() + ": there and then " + version + " was in force" +
           (notice.detail == "partly" ? " for a part of that time" : "") + then;
}

/// The names that a list shows of it.
std::vector<std::string> names_of(const view::Seen& seen) {
    statement::Protection room;
    const statement::Protection* listed = seen.listed(room);
    std::vector<std::string> out;
    if (listed == nullptr) return out;
    for (const statement::Name& name : listed->names) out.push_back(name.text);
    return out;
}

std::optional<view::Seen> find(const view::View& view, const node::Notice& notice) {
    const auto slot = notice.record ? view.find(*notice.record) : std::nullopt;
    return slot ? std::optional(view.at(*slot)) : std::nullopt;
}

/// What a notice of a live track leaves to the register: the record, and how a zone is called.
watch::Alert whole(const Moment& moment, const node::Notice& notice) {
    watch::Alert out = *notice.track;
    if (notice.record) out.record = notice.record->text();
    const auto zone = RecordId::parse(out.zone);
    if (out.leaf.empty() || !zone) return out;
    const auto seen = view::find_airspace(moment.state.snapshot, *zone);
    if (!seen) return out;
    for (const view::AirspaceVersion& one : seen->versions()) {
        if (one.airspace == nullptr || one.version->position.leaf != notice.leaf) continue;
        out.name = one.airspace->name;
    }
    return out;
}

std::string of_track(const view::View& view, const Moment& moment, const node::Notice& notice) {
    if (!notice.track && notice.detail.empty()) {
        return "a live track crossed a line, or will: which one, and what, is told to those who "
               "may open records";
    }
    if (!notice.track) {
        return "more alerts of live tracks were made by what " + notice.party.v +
               " asserts than are kept for you: look at the alerts themselves, then acknowledge "
               "these";
    }
    const watch::Alert alert = whole(moment, notice);
    const auto seen = find(view, notice);
    std::string where = "protection " + alert.record;
    if (seen) {
        const auto names = names_of(*seen);
        where = seen->class_name() + (names.empty() ? "" : " \"" + names.front() + "\"") + " of " +
                seen->party().v + ", record " + alert.record;
    }
    return words_of_track(alert, where);
}

}  // namespace

node::WaitingNotice told_to(bool reads_exactly, const node::WaitingNotice& waiting) {
    const std::string& what = waiting.notice.what;
    const bool exact = what == watch::what::join || what == watch::what::track;
    if (reads_exactly || !exact) return waiting;
    node::WaitingNotice out{waiting.seq, {}};
    out.notice.id = waiting.notice.id;
    out.notice.what = what;
    out.notice.time = waiting.notice.time;
    out.notice.subscriptions = waiting.notice.subscriptions;
    return out;
}

std::vector<RecordId> of_tracks(const std::vector<node::WaitingNotice>& notices) {
    std::vector<RecordId> out;
    for (const node::WaitingNotice& one : notices) {
        if (one.notice.track && one.notice.record) out.push_back(*one.notice.record);
    }
    return out;
}

std::string notice_text(const view::View& view, const Moment& moment, const node::Notice& notice,
                        Instant now) {
    if (notice.what == node::overflow) {
        return "more was said than is kept for you: from here on nothing was told one by one; "
               "read the register again, then acknowledge this";
    }
    if (notice.what == node::unreadable) {
        return "a notice that was kept for you can be read no more: read the register again, then "
               "acknowledge this";
    }
    if (!notice.record && notice.what == watch::what::join) {
        return "an incident was joined to what had been said before it: which one, and to what, is "
               "told to those who may open records";
    }
    if (notice.what == watch::what::track) return printable(of_track(view, moment, notice));
    if (!notice.record && notice.what == watch::what::receipt) {
        return printable(notice.party.v + " says of all that was released to it up to then: " +
                         received(notice.detail));
    }
    if (notice.what == watch::what::alarm && notice.activity && !notice.record) {
        return printable("ALARM: " + activity_named(view, *notice.activity) + ", " + notice.detail +
                         ", touches what protects: look at it now");
    }
    if (notice.what == watch::what::activity) return printable(of_activity(view, notice));
    if (notice.what == watch::what::challenge || notice.what == watch::what::message) {
        return printable(of_talk(view, notice));
    }
    if (!notice.record) return of_log(notice);
    const auto seen = find(view, notice);
    if (notice.what == watch::what::match) return printable(of_match(view, notice, seen));
    if (notice.what == watch::what::stop)
        return printable(of_stop(view, notice, seen, moment.heard));
    std::string out = notice.party.v + ": ";
    if (seen) {
        out += seen->objects() ? "an objection" : seen->class_name();
        const auto names = names_of(*seen);
        if (!names.empty()) out += " \"" + names.front() + "\"";
        out += ", ";
    }
    if (notice.what == watch::what::join && notice.talk) {
        return printable(of_join(notice, out + "record " + notice.record->text() + ", "));
    }
    const bool protects = view.find(*notice.record).has_value();
    out += (protects ? "record " : "statement ") + notice.record->text() + ": ";
    if (notice.what == watch::what::withheld) {
        out += "it has a newer version that is not shown here";
        if (protects) out += "; the old one still protects";
        return printable(out);
    }
    if (notice.what == watch::what::alarm && notice.activity) {
        return printable("ALARM: " + activity_named(view, *notice.activity) + ", " + notice.detail +
                         ", is touched by " + out + "look at it again now");
    }
    if (notice.what == watch::what::leg) {
        out += "leg " + std::to_string(notice.leg) + " " + stands(notice.detail);
        return printable(out);
    }
    out += notice.what == watch::what::receipt ? received(notice.detail) : done(notice.detail);
    if (notice.version > 0) out += " (version " + std::to_string(notice.version) + ")";
    if (seen) out += "; now " + standing(*seen, now);
    return printable(out);
}

void notice_object(formats::JsonOut& out, const view::View& view, const Moment& moment,
                   const node::WaitingNotice& waiting, Instant now) {
    const node::Notice& notice = waiting.notice;
    out.object([&] {
        out.member("id", notice.id);
        out.member("seq", waiting.seq);
        out.member("time", format_rfc3339(notice.time));
        out.member("what", notice.what);
        out.member("detail", notice.detail);
        out.member("party", notice.party.v);
        out.member("origin", notice.origin.v);
        out.member("entry", notice.index.v);
        if (notice.leaf != Hash()) out.member("leaf", to_base64(notice.leaf.view()));
        if (notice.record) out.member("record", notice.record->text());
        if (notice.version > 0) out.member("version", notice.version);
        if (notice.leg > 0) out.member("leg", notice.leg);
        if (notice.activity) out.member("activity", notice.activity->text());
        if (notice.talk) {
            const bool join = notice.what == watch::what::join;
            out.member(join ? "incident" : notice.what, notice.talk->text());
        }
        if (notice.track) {
            out.name("track");
            out.object([&] { said_of_track(out, whole(moment, notice)); });
        }
        if (const auto seen = find(view, notice)) {
            out.member("class", seen->class_name());
            out.name("names");
            out.array([&] {
                for (const std::string& name : names_of(*seen)) out.value(name);
            });
            out.member("state", view::name(seen->state(now)));
            out.member("newest_version", seen->version());
        }
        out.name("subscriptions");
        out.array([&] {
            for (const std::string& one : notice.subscriptions) out.value(one);
        });
        out.member("text", notice_text(view, moment, notice, now));
    });
}

}  // namespace entente::net
