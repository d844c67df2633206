// SPDX-License-Identifier: Apache-2.0
// `entente charter join`, `entente charter leave`, `entente protect adopt` (PROTOCOL 8): what a
// register of one's own protects goes on in the joint log under new ids; a log ends; what a party
// that left protected is stated by another. All of them with the node stopped. Nothing here ends a
// protection, and the same call after a crash goes on where it stopped.
#include <fmt/format.h>

#include "cli/staff.h"
#include "cli/state_anew.h"
#include "cli/verbs.h"
#include "node/restate.h"

namespace entente::cli {
namespace {

std::string actor_of(const Common& common) {
    return common.actor.empty() ? login_name() : common.actor;
}

Result<void> join(const CharterArgs& args) {
    Common from = args.common;
    from.data = args.from;
    TRY(solo, Session::open(from, {Access::write, false, {}}));
    TRY(joint, Session::open(args.common, {Access::write, false, {}}));
    const statement::Charter& before = solo.node().charter();
    const statement::Charter& after = joint.node().charter();
    if (!before.solo || after.solo) {
        return fail(Errc::refused,
                    fmt::format("--from is a register of one's own, --data one under a charter of "
                                "several; they are {} and {}",
                                before.id, after.id));
    }
    if (before.exercise != after.exercise) {
        return fail(Errc::refused, "an exercise and what is meant are never mixed");
    }
    if (solo.node().snapshot().log(0).left) {
        return fail(Errc::refused, args.from +
                                       " has ended already; all of it was stated anew "
                                       "before that");
    }
    const Instant moment = now();
    TRY(drafts, node::restatements({solo.node().snapshot(), 0}, joint.node().snapshot(),
                                   actor_of(args.common), moment));
    TRY(count, state_anew(joint, std::move(drafts), moment));
    TRYV(end_log(solo, "joined " + after.id, joint.node().origin()));
    fmt::print(
        "{} {} of {} stated anew in {} under new ids; nobody else has them yet: entente "
        "release\n{} has ended and stays readable\n",
        grouped(count), count == 1 ? "record" : "records", solo.node().origin().v,
        joint.node().origin().v, args.from);
    return {};
}

Result<void> leave(const CharterArgs& args) {
    TRY(session, Session::open(args.common, {Access::write, false, {}}));
    const statement::Charter& charter = session.node().charter();
    if (charter.solo) return fail(Errc::refused, "a party alone leaves nobody");
    const std::string party = session.node().snapshot().party().v;
    const std::string question = fmt::format(
        "{} leaves {}: its log ends, for ever. What it protects stays, unconfirmed, and others may "
        "adopt it. Leave?",
        party, charter.id);
    if (!args.yes && !confirm(question)) {
        return fail(Errc::refused, "nothing was done; --yes leaves without asking");
    }
    TRYV(end_log(session, args.reason, {}));
    fmt::print(
        "{} has left {}. Keep the node served until the others have its last entry; the next "
        "version of the charter names it no more\n",
        party, charter.id);
    return {};
}

/// What protects of a leaver's record, as far as it is known here.
Result<std::vector<statement::Protection>> adoptable(const registry::Snapshot& snapshot,
                                                     const registry::Record& record,
                                                     Instant moment) {
    if (record.content() == nullptr) {
        return fail(Errc::refused,
                    "only its area is known here, not the place: what is known of it "
                    "otherwise is stated with entente protect add");
    }
    TRY(contents, node::in_force(snapshot, record, moment));
    if (contents.empty()) {
        return fail(Errc::refused, "record " + record.id.text() + " protects nothing any more");
    }
    return contents;
}

/// Own records that state this one once more.
std::vector<const registry::Record*> restating(const registry::Snapshot& snapshot,
                                               const RecordId& was) {
    std::vector<const registry::Record*> out;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const registry::Record& one = snapshot.at(static_cast<registry::Slot>(i));
        if (one.log == 0 && one.versions.front().was == was) out.push_back(&one);
    }
    return out;
}

/// What is stated anew was read exactly: the audit has it before anybody hears of it (DESIGN 9).
Result<void> note_adoption(Session& session, const ProtectArgs& args, const RecordId& id,
                           Instant moment) {
    TRY(staff, open_staff({session.data()}));
    people::Reading reading;
    reading.time = moment;
    reading.who = "owner";
    reading.how = "command line as " + actor_of(args.common);
    reading.act = "adopt";
    reading.records = {id.text()};
    reading.why = args.common.reason;
    return staff.store->commit({}, {reading});
}

Result<void> adopt(const ProtectArgs& args) {
    TRY(id, RecordId::parse(args.id));
    TRY(session, Session::open(args.common, {Access::write, false, {}}));
    const registry::Snapshot& snapshot = session.node().snapshot();
    const auto slot = snapshot.find(id);
    if (!slot) return fail(Errc::not_found, "no record " + id.text() + " in this register");
    const registry::Record& record = snapshot.at(*slot);
    const registry::LogState& log = snapshot.log(record.log);
    const std::string author = log.party.v;
    if (log.own || !log.author_left()) {
        return fail(Errc::refused, fmt::format("{} has not left: only what a party that left "
                                               "protected is adopted by another",
                                               author));
    }
    const Instant moment = now();
    TRY(contents, adoptable(snapshot, record, moment));
    std::vector<node::Draft> drafts;
    for (statement::Protection& one : contents) {
        if (node::is_restated(snapshot, id, one)) continue;
        drafts.push_back({statement::act::add, actor_of(args.common), std::move(one), {}, id});
    }
    if (drafts.empty()) return fail(Errc::refused, "record " + id.text() + " is adopted already");
    TRYV(note_adoption(session, args, id, moment));
    TRYV(state_anew(session, std::move(drafts), moment));
    std::string own;
    for (const registry::Record* one : restating(session.node().snapshot(), id)) {
        own += (own.empty() ? "" : ", ") + one->id.text();
    }
    fmt::print(
        "{} adopts {} of {} as {}; both protect, and nobody else has it yet: entente release\n",
        snapshot.party().v, id.text(), author, own);
    return {};
}

}  // namespace

Exit charter_join(const CharterArgs& args) {
    const auto done = join(args);
    return done ? Exit::ok : report("charter join", done.error());
}

Exit charter_leave(const CharterArgs& args) {
    const auto done = leave(args);
    return done ? Exit::ok : report("charter leave", done.error());
}

Exit protect_adopt(const ProtectArgs& args) {
    const auto done = adopt(args);
    return done ? Exit::ok : report("protect adopt", done.error());
}

}  // namespace entente::cli
