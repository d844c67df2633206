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

inline std::vector<Dealt> one_of_each() {
    return {activity(), reply(), sealed_check(), attempt(), message(), challenge(), airspace()};
}

}  // namespace entente::statement::samples
