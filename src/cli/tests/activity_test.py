#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Activities: alone, declared, started, ended, and meeting each other; then among four parties who
hand each other sticks: who sees which, what nodes reply by themselves, and sealed checks."""
import json
import re
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, CONFLICT, Case, INCOMPLETE, OK, Register, circle, entente, main, \
    write_json
from receipts_test import Sticks

NOW = datetime.now(timezone.utc).replace(microsecond=0)
HOUSE = (36.3, 33.5)


def at(hours):
    return (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def plan(folder, lon, lat, radius=300, start=-1, end=3):
    return write_json(folder / "plan.geojson",
                      circle(lon, lat, radius, time_start=at(start), time_end=at(end)))


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


class Alone(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = Register(cls.folder / "reg").path

    def run_of(self, *words):
        return entente(*words, "--data", self.data)

    def declare(self, *where, **times):
        done = self.run_of("activity", "declare", plan(self.folder, *where, **times), "--contact",
                           "EXERCISE desk", "--name", "جولة", "--sealed")
        self.assertIn(done.code, (OK, CONFLICT), str(done))
        return id_in(done)

    def shown(self, one):
        done = self.run_of("activity", "show", one, "--json")
        return done.json

    def test_1_has_a_life(self):
        one = self.declare(10, 10)
        self.assertEqual(self.shown(one)["state"], "running")  # its window has begun
        self.refused(self.run_of("activity", "end", one), BAD_INPUT, "has not started: cancel it")
        self.exits(OK, self.run_of("activity", "start", one))
        self.refused(self.run_of("activity", "start", one), BAD_INPUT, "has started already")
        self.exits(OK, self.run_of("activity", "amend", one, plan(self.folder, 11, 10),
                                   "--contact", "EXERCISE desk"))
        shown = self.shown(one)
        self.assertEqual(shown["version"], 3)
        self.assertIsNotNone(shown["started"])
        self.assertEqual(shown["plan"]["features"][0]["geometry"]["coordinates"], [11, 10])
        self.assertNotIn("accuracy_m", shown)
        for words, accuracy in ((("--accuracy", "150"), 150), ((), 150), (("--accuracy", "0"), 0)):
            self.exits(OK, self.run_of("activity", "amend", one, plan(self.folder, 11, 10),
                                       "--contact", "EXERCISE desk", *words))
            self.assertEqual(self.shown(one)["accuracy_m"], accuracy, "what is not said stays")
        self.exits(OK, self.run_of("activity", "end", one))
        self.assertEqual(self.shown(one)["state"], "ended")
        self.assertEqual(self.shown(one)["plan"]["features"], [])
        self.refused(self.run_of("activity", "cancel", one), BAD_INPUT, "is over")
        later = self.declare(10, 10, start=1, end=2)
        self.assertEqual(self.shown(later)["state"], "planned")
        self.refused(self.run_of("activity", "start", later), BAD_INPUT, "amend its windows")
        self.exits(OK, self.run_of("activity", "cancel", later))
        self.assertEqual(self.shown(later)["state"], "cancelled")
        listed = self.run_of("activity", "list", "--json").json["activities"]
        self.assertEqual({one, later} & {row["id"] for row in listed}, set())
        over = self.run_of("activity", "list", "--over", "--json").json["activities"]
        self.assertEqual({row["id"]: row["verdict"] for row in over}[one], None)

    def test_2_is_refused_with_what_to_do(self):
        def declare(file, *words):
            return self.run_of("activity", "declare", file, "--contact", "EXERCISE", *words)
        bare = write_json(self.folder / "bare.geojson", circle(1, 1, 10))
        self.refused(declare(bare, "--sealed"), BAD_INPUT, "time_start")
        self.refused(declare(plan(self.folder, 1, 1)), BAD_INPUT, "name the parties", "sealed")
        self.refused(declare(plan(self.folder, 1, 1), "--to", "ru"), BAD_INPUT, "no other party")
        self.refused(declare(plan(self.folder, 1, 1, start=-3, end=-2), "--sealed"), BAD_INPUT,
                     "declared before it happens")
        self.refused(declare(plan(self.folder, 1, 1), "--sealed", "--accuracy", "-1"), BAD_INPUT,
                     "accuracy_m is 0 to")
        self.refused(self.run_of("activity", "show", "aaaaaaaaaaaaaaaa"), BAD_INPUT, "no record")

    def test_3_is_checked_again_on_every_change(self):
        one = self.declare(20, 20)
        self.assertEqual(self.shown(one)["answer"]["verdict"], "no_registered_conflict")
        self.exits(OK, self.run_of("protect", "add", "--class", "clinic", "--name", "EXERCISE",
                                   "--lat", 20, "--lon", 20))
        shown = self.exits(CONFLICT, self.run_of("activity", "show", one))
        self.assertRegex(shown.out, r"  conflict: .*\n  touches [a-z2-7]{16} of test \(clinic\)\n")
        row, = (row for row in self.run_of("activity", "list", "--json").json["activities"]
                if row["id"] == one)
        self.assertEqual(row["verdict"], "conflict")
        done = self.exits(CONFLICT, self.run_of("activity", "start", one))
        self.assertIn("conflict", done.out)

    def test_4_two_in_one_volume_meet(self):
        one = self.declare(30, 30)
        done = self.run_of("activity", "declare", plan(self.folder, 30.001, 30, end=2),
                           "--contact", "other desk", "--sealed")
        self.assertIn(f"ALSO THERE: activity {one}", done.out)
        met, = self.shown(one)["meetings"]
        self.assertEqual((met["contact"], met["distance_m"]), ("other desk", 0))
        self.assertEqual(met["time_overlap"]["end"], at(2))
        self.declare(30.001, 30, start=4, end=5)  # when the first is over
        self.assertEqual(len(self.shown(one)["meetings"]), 1)

    def test_5_a_sealed_check_says_what_was_asked(self):
        self.exits(OK, self.run_of("protect", "add", "--class", "school", "--name", "EXERCISE",
                                   "--lat", 40, "--lon", 40))
        done = self.exits(CONFLICT, self.run_of("check", plan(self.folder, 40, 40), "--seal",
                                                "--margin", 12.34))
        shown = self.run_of("sealed", "show", id_in(done), "--json").json
        self.assertEqual(shown["checked"]["verdict"], "conflict")
        self.assertEqual((shown["margin_m"], len(shown["touched"])), (12.4, 1))
        self.assertEqual(shown["plan"]["features"][0]["properties"]["radius_m"], 300)
        listed = self.run_of("sealed", "list", "--json").json["checks"]
        self.assertEqual([one["verdict"] for one in listed], ["conflict"])
        self.refused(self.run_of("check", "--seal", "--batch", "x", "--json"), BAD_INPUT,
                     "--seal goes with one plan")
        self.refused(self.run_of("sealed", "show", "aaaaaaaaaaaaaaaa"), BAD_INPUT, "no record")


class Joint(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        for _ in range(2):
            cls.world.round()

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def protect(self, lon, lat, **texts):
        house = circle(lon, lat, 20, name="EXERCISE", contact="health desk",
                       **{"class": "hospital"}, **texts)
        return id_in(self.must("protect", "add", write_json(self.folder / "house.geojson", house),
                               of="msf"))

    def declare(self, lon, lat, *words, of, radius=300):
        done = self.run_of("activity", "declare", plan(self.folder, lon, lat, radius), "--contact",
                           f"{of} desk", *words, of=of)
        self.assertIn(done.code, (OK, CONFLICT, INCOMPLETE), str(done))
        return id_in(done)

    def replies(self, one, of):
        shown = self.run_of("activity", "show", one, "--json", of=of).json
        return sorted((r["party"], r["word"], r["contact"], len(r["entries"]))
                      for r in shown["replies"])

    def test_1_is_seen_by_those_it_is_declared_to(self):
        one = self.declare(10, 10, "--to", "fr", of="ru")
        sealed = self.declare(11, 10, "--sealed", of="ru")
        self.world.round("ru")
        self.assertEqual(self.run_of("activity", "show", one, "--json", of="fr").json["party"],
                         "ru")
        for party in ("msf", "un"):
            answers = {self.run_of("activity", "show", asked, of=party).err.replace(asked, "ID")
                       for asked in (one, sealed, "aaaaaaaaaaaaaaaa")}
            self.assertEqual(len(answers), 1, answers)
            listed = self.must("activity", "list", "--over", "--json", of=party).json
            self.assertEqual(listed["activities"], [])
        self.must("open", sealed, "--to", "un", of="ru")
        self.world.round("ru")
        self.assertEqual(self.run_of("activity", "show", sealed, "--json", of="un").json["own"],
                         False)
        self.refused(self.run_of("activity", "cancel", one, of="fr"), BAD_INPUT,
                     "only its author")

    def test_2_the_node_says_what_was_missing_and_whom_to_call(self):
        house = self.protect(*HOUSE)
        self.must("release", house, "--to", "fr", of="msf")
        one = self.declare(*HOUSE, "--to", "msf", of="fr")  # fr has not heard of the house
        self.world.round("fr")
        self.world.round("msf")
        said = [("msf", "conflict", "health desk", 1), ("msf", "missing", "", 1)]
        self.assertEqual(self.replies(one, "fr"), said)
        shown = self.run_of("activity", "show", one, of="fr")
        self.assertEqual(shown.code, CONFLICT)
        self.assertIn("msf replied missing (by itself)", shown.out)
        self.assertIn("msf replied conflict (by itself), call health desk", shown.out)
        for _ in range(2):
            self.world.round()
        self.assertEqual(self.replies(one, "fr"), said, "said once")

    def test_3_of_what_was_not_released_only_its_area_and_only_if_allowed(self):
        self.protect(50, 50)
        self.protect(60, 50, automatic_reply="coarse")
        secret, touching, beside = (self.declare(lon, 50, "--to", "msf", of="ru", radius=100)
                                    for lon in (50, 60, 60.003))
        self.world.round("ru")
        self.world.round("msf")
        self.assertEqual(self.replies(secret, "ru"), [])
        expected = [("msf", "conflict", "health desk", 0)]
        self.assertEqual(self.replies(touching, "ru"), expected)
        self.assertEqual(self.replies(beside, "ru"), expected)
        # People there see all of it, and say so.
        self.assertEqual(self.run_of("activity", "show", secret, of="msf").code, CONFLICT)
        self.must("activity", "reply", secret, "refused", "--text", "EXERCISE: not there",
                  of="msf")
        self.world.round("msf")
        self.assertEqual(self.replies(secret, "ru"), [("msf", "refused", "", 0)])
        self.refused(self.run_of("activity", "reply", secret, "refused", of="msf"), BAD_INPUT,
                     "says why")
        self.refused(self.run_of("activity", "reply", secret, "noted", of="ru"), BAD_INPUT,
                     "party's own")

    def test_6_an_objection_is_to_the_activity_as_it_was_declared(self):
        one = self.declare(80, 50, "--to", "msf", of="ru")
        self.world.round("ru")
        for asked in ("aaaaaaaaaaaaaaaa", one):
            self.refused(self.run_of("object", "add", "--activity", asked, "--grounds", "EXERCISE",
                                     of="un"), BAD_INPUT, "no activity of another party")
        self.must("object", "add", "--activity", one, "--grounds", "EXERCISE a clinic moves there",
                  of="msf")
        self.world.round("msf")
        shown = self.run_of("activity", "show", one, "--json", of="ru").json["answer"]
        self.assertEqual([each["objection"]["grounds"] for each in shown["objections"]],
                         ["EXERCISE a clinic moves there"])
        self.assertIn("open_objection", [each["code"] for each in shown["reasons"]])

    def test_4_allows_an_automatic_reply_in_one_way_only(self):
        house = circle(61, 50, 20, name="EXERCISE", automatic_reply="exact",
                       **{"class": "hospital"})
        done = self.run_of("protect", "add", write_json(self.folder / "house.geojson", house),
                           of="msf")
        self.refused(done, BAD_INPUT, "'automatic_reply' is 'coarse', or left out")

    def test_5_a_sealed_check_is_opened_to_whom_it_is_to_be_shown(self):
        done = self.run_of("check", plan(self.folder, 70, 50), "--seal", of="ru")
        one = id_in(done)
        self.world.round("ru")
        self.refused(self.run_of("sealed", "show", one, of="un"), BAD_INPUT, "no record")
        self.must("open", one, "--to", "un", of="ru")
        self.world.round("ru")
        shown = json.loads(self.must("sealed", "show", one, "--json", of="un").out)
        self.assertEqual((shown["party"], shown["own"]), ("ru", False))
        self.assertEqual(len(shown["checked"]["logs"]), 4)


if __name__ == "__main__":
    main()
