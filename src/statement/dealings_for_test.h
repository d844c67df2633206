// SPDX-License-Identifier: Apache-2.0
// One of every kind of dealing, with fixed values: for this room's tests and vectors.
#pragma once

#include <algorithm>

#include "statement/dealing.h"
#include "statement/samples_for_test.h"

namespace entente::statement::samples {

inline Activity activity() {
    Activity out;
    out.keys = keys();
    out.name = "ممر 7";
    out.contact = "air operations desk";
    geo::Place volume = places().front();
    volume.buffer.reset();
    out.volumes = {volume};
    out.started = noon;
    out.checked = {noon,
                   sha256("the charter"),
                   "entente/rules/3",
                   "caution",
                   2,
                   {{origin, {{7}, sha256("own")}, {}},
                    {{"joint-abcdefghijklmnop/ru"}, {{9}, sha256("ru")}, {{3}, sha256("given")}}}};
    return out;
}

inline Reply reply() {
    Reply out;
    out.keys = keys();
    out.to = sha256("an activity");
    out.of = keys().record;
    out.word = ReplyWord::conflict;
    out.text = "two lines\nof it";
    out.contact = "health desk";
    out.entries = {sha256("one"), sha256("two")};
    std::sort(out.entries.begin(), out.entries.end());
    out.automatic = true;
    return out;
}

inline SealedCheck sealed_check() {
    SealedCheck out;
    out.keys = keys();
    geo::Place volume = places().front();
    volume.buffer.reset();
    volume.accuracy.reset();
    out.volumes = {volume};
    out.margin = {50};
    out.checked = activity().checked;
    out.touched = reply().entries;
    return out;
}

inline Attempt attempt() {
    Attempt out;
    out.keys = keys();
    out.of = keys().record;
    out.to = sha256("a STOP");
    out.desks = {"duty", "air operations"};
    out.at = noon;
    out.tried = {{Route::direct, "ru", AttemptOutcome::failed, "nobody listens"},
                 {Route::relay, "un", AttemptOutcome::handed, ""},
                 {Route::voice, "", AttemptOutcome::no_answer, "the line of 2015"}};
    out.automatic = true;
    return out;
}

inline Message message() {
    Message out;
    out.keys = keys();
    out.from = "liaison";
    out.desks = {"duty"};
    out.text = "Your flight 7 is north\nof the line.";
    out.language = "en";
    out.answers = keys().record;
    out.subject = record_id(origin, sha256("a subject"));
    return out;
}

inline Challenge challenge() {
    Challenge out;
    out.keys = keys();
    out.of = record_id(origin, sha256("a hospital"));
    out.to = sha256("its version");
    out.grounds = Grounds::use;
    out.grade = {'C', '3'};
    out.text = "seen empty on two days";
    out.contact = "liaison";
    out.answer_by = noon + std::chrono::hours(72);
    return out;
}

inline Airspace airspace() {
    Airspace out;
    out.keys = keys();
    out.name = "EXERCISE border, north";
    out.contact = "air control";
    out.frequency = "121.500 MHz";
    out.language = "en";
    out.text = "as of the map of 1939";
    out.volumes = places();
    for (geo::Place& volume : out.volumes) volume.buffer.reset();
    return out;
}

inline RecordId some_record(const char* what) { return record_id(origin, sha256(what)); }

inline std::vector<geo::Place> bare_places() {
    auto out = places();
    for (geo::Place& volume : out) volume.buffer.reset();
    return out;
}

inline std::vector<Source> sources() {
    return {{SourceKind::media, "AFP, 2015-11-24", {}, Grade{'B', '2'}},
            {SourceKind::party, "", some_record("another report"), {}}};
}

inline Report report() {
    Report out;
    out.keys = keys();
    out.topic = "EXERCISE convoy";
    out.text = "Twelve lorries,\nmarked.";
    out.language = "en";
    out.from = noon;
    out.until = noon + std::chrono::minutes(10);
    out.volumes = bare_places();
    out.place = "north of the bridge";
    out.grade = Grade{'C', '3'};
    out.graded_by = "analysis";
    out.graded_at = noon + std::chrono::hours(1);
    out.sources = sources();
    out.about = {some_record("an incident")};
    out.contact = "liaison";
    return out;
}

inline Assessment assessment() {
    Assessment out;
    out.keys = keys();
    out.of = some_record("a report");
    out.leaf = sha256("its version");
    out.opinion = Opinion::doubts;
    out.grade = Grade{'D', '4'};
    out.graded_by = "analysis";
    out.text = "the bridge was closed";
    out.contact = "liaison";
    return out;
}

inline Incident incident() {
    Incident out;
    out.keys = keys();
    out.sort = "air_strike";
    out.text = "EXERCISE";
    out.language = "en";
    out.from = noon;
    out.until = noon + std::chrono::hours(24);
    out.time_precision = TimePrecision::day;
    out.volumes = bare_places();
    out.place_precision = PlacePrecision::near;
    out.place = "the hospital";
    out.objects = {{some_record("a hospital"), "the hospital", "hospital", Damage::damaged}};
    out.casualties = {{Category::civilian, Harm::killed, 10, 12, 20, "hospital register", noon},
                      {Category::medical, Harm::missing, {}, 0, {}, "", {}}};
    out.sources = {sources().front()};
    out.grade = Grade{'B', '2'};
    out.graded_by = "analysis";
    out.list = "a list";
    out.list_id = "17";
    out.contact = "liaison";
    return out;
}

inline Responsibility responsibility() {
    Responsibility out;
    out.keys = keys();
    out.of = some_record("an incident");
    out.leaf = sha256("its version");
    out.stance = Stance::attributes;
    out.who = Actor{PartyId{"un"}, {}, ""};
    out.whom = Actor{{}, {}, "unknown aircraft"};
    out.at = noon;
    out.text = "as it said in New York";
    out.language = "en";
    out.sources = {sources().front()};
    out.grade = Grade{'A', '1'};
    out.contact = "liaison";
    return out;
}

inline Link link() {
    Link out;
    out.keys = keys();
    out.incident = some_record("an incident");
    out.other = some_record("another");
    out.relation = Relation::part_of;
    out.text = "the same night";
    out.contact = "liaison";
    return out;
}

inline Group group() {
    Group out;
    out.keys = keys();
    out.names = {{"EXERCISE brigade", "en", "Latn"}, {"لواء", "ar", "Arab"}};
    out.text = "a brigade of the north";
    out.same = {some_record("another's record of it")};
    out.contact = "liaison";
    return out;
}

inline Position position() {
    Position out;
    out.keys = keys();
    out.group = some_record("a group");
    out.stand = Stand::is_protected;
    out.text = "it fights the same enemy";
    out.from = noon;
    out.until = noon + std::chrono::hours(1000);
    out.contact = "liaison";
    return out;
}

inline Control control() {
    Control out;
    out.keys = keys();
    out.area = "EXERCISE valley";
    out.volumes = bare_places();
    out.holder = Actor{{}, some_record("a group"), ""};
    out.holding = Holding::contested;
    out.from = noon;
    out.grade = Grade{'C', '3'};
    out.sources = {sources().front()};
    out.text = "since the spring";
    out.contact = "liaison";
    return out;
}

inline Request request() {
    Request out;
    out.keys = keys();
    out.of = some_record("a report");
    out.parties = {PartyId{"msf"}, PartyId{"un"}};
    out.text = "their clinic is near";
    out.contact = "liaison";
    return out;
}

inline Tear torn() {
    const Dealt whole = report();
    Tear out = tear(tear_of(whole), "EXERCISE lorries about", {});
    out.keys = keys();
    return out;
}

inline std::vector<Dealt> one_of_each() {
    return {activity(), reply(),    sealed_check(), attempt(),  message(),        challenge(),
            airspace(), report(),   assessment(),   incident(), responsibility(), link(),
            group(),    position(), control(),      request()};
}

}  // namespace entente::statement::samples
