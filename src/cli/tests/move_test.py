#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Movements: legs that start, end and are amended; what a check finds of them at which hour; and
per leg who has acknowledged it (domain F25, F26), among four parties who hand each other sticks."""
import re
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, CONFLICT, Case, OK, Register, circle, entente, main, write_json
from receipts_test import Sticks

NOW = datetime.now(timezone.utc).replace(microsecond=0)
LINES = ([[37.1, 36.2], [36.9, 36.1]], [[36.9, 36.1], [36.6, 35.9]], [[36.6, 35.9], [36.3, 35.9]])
MIDDLES = ((37.0, 36.15), (36.75, 36.0), (36.45, 35.9))


def at(hours):
    return (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def convoy(*legs):
    """(number, its line, hours from now when it starts and ends, vehicles)"""
    return {"type": "FeatureCollection",
            "properties": {"class": "relief", "name": "EXERCISE aid", "contact": "EXERCISE desk",
                           "vehicles": [{"callsign": "lorry", "type": "lorry"},
                                        {"callsign": "car", "colour": "white"}]},
            "features": [{"type": "Feature",
                          "geometry": {"type": "LineString", "coordinates": LINES[line]},
                          "properties": {"leg": number, "from": f"town {line}",
                                         "to": f"town {line + 1}", "half_width_m": 200,
                                         "time_start": at(start), "time_end": at(end),
                                         "vehicles": vehicles}}
                         for number, line, start, end, vehicles in legs]}


def plan(folder, leg, start, end):
    """A circle on the middle of a leg, at these hours from now."""
    return write_json(folder / "plan.geojson",
                      circle(*MIDDLES[leg], 100, time_start=at(start), time_end=at(end)))


class Alone(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = Register(cls.folder / "reg").path
        cls.file = write_json(cls.folder / "convoy.geojson",
                              convoy((1, 0, -2, 4, ["lorry", "car"]), (2, 1, 4, 6, ["lorry"])))
        said = cls.must("move", "add", cls.file)
        cls.id = re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    @classmethod
    def must(cls, *words):
        done = entente(*words, "--data", cls.data)
        if done.code != OK:
            raise AssertionError(str(done))
        return done

    def legs(self):
        return {one["leg"]: one for one in self.must("show", self.id, "--json").json["legs"]}

    def check(self, *of):
        return entente("check", plan(self.folder, *of), "--data", self.data)

    def test_1_the_check_knows_where_it_may_be_at_which_hour(self):
        self.exits(OK, self.check(0, -4, -3))  # before it starts
        done = self.exits(CONFLICT, self.check(0, 1, 2))
        self.assertIn("leg 1 from town 0 to town 1", done.out)
        self.exits(OK, self.check(1, 1, 2))  # it is not that far yet
        self.exits(CONFLICT, self.check(1, 5, 5.5))
        self.exits(CONFLICT, self.check(1, 29, 29.5))  # it may be late, by a day
        self.exits(OK, self.check(1, 30, 31))  # 24 hours past the window
        answer = entente("check", plan(self.folder, 0, 1, 2), "--data", self.data, "--json").json
        self.assertEqual([one["leg"] for one in answer["findings"]], [1])

    def test_2_starts_late_or_early_and_is_said_so(self):
        self.assertEqual(self.legs()[1]["state"], "late")
        self.must("move", "start", self.id, "--leg", 1, "--at", at(-3))
        leg = self.legs()[1]
        self.assertEqual((leg["state"], leg["early"], leg["since_version"]), ("under_way", True, 2))
        self.exits(CONFLICT, self.check(0, -2.5, -2.2))
        self.assertRegex(self.must("move", "list").out, r"1 +under_way EARLY")
        self.refused(entente("move", "start", self.id, "--leg", 1, "--data", self.data), BAD_INPUT,
                     "has started already")
        self.refused(entente("move", "start", self.id, "--leg", 2, "--at", at(-21), "--data",
                             self.data), BAD_INPUT, "more than a day before")
        self.refused(entente("move", "start", self.id, "--leg", 2, "--at", at(1), "--data",
                             self.data), BAD_INPUT, "not started ahead of time")

    def test_3_an_ended_leg_protects_no_more_and_does_not_come_back(self):
        self.refused(entente("move", "end", self.id, "--leg", 2, "--data", self.data), BAD_INPUT,
                     "leg 2 has not started")
        self.must("move", "end", self.id, "--leg", 1)
        self.exits(OK, self.check(0, 1, 2))
        self.exits(CONFLICT, self.check(1, 5, 5.5))
        self.refused(entente("move", "end", self.id, "--leg", 1, "--data", self.data), BAD_INPUT,
                     "no leg 1 any more; its legs are 2")
        self.refused(entente("move", "amend", self.id, self.file, "--data", self.data), BAD_INPUT,
                     "leg 1 has ended", "legs still there: 2")
        self.must("move", "amend", self.id,
                  write_json(self.folder / "next.geojson", convoy((2, 1, 4, 8, ["car"]))))
        leg = self.legs()[2]
        self.assertEqual((leg["vehicles"], leg["since_version"]), (["car"], 4))
        self.exits(CONFLICT, self.check(1, 31, 31.5))

    def test_4_is_no_place_that_stays(self):
        for words in (("withdraw", self.id), ("confirm", self.id, "--until", at(9)),
                      ("confirm-move", self.id)):
            self.refused(entente("protect", *words, "--data", self.data), BAD_INPUT,
                         "it is amended, started, ended or cancelled")
        self.refused(entente("protect", "amend", self.id, "--buffer-m", "9", "--data", self.data),
                     BAD_INPUT, "is no protection")
        house = re.search(r"\b[a-z2-7]{16}\b", self.must(
            "protect", "add", "--class", "school", "--name", "EXERCISE", "--lat", 10, "--lon",
            10).out).group()
        self.refused(entente("move", "cancel", house, "--data", self.data), BAD_INPUT, "no record")
        self.refused(entente("move", "add", write_json(self.folder / "house.geojson",
                                                       circle(1, 1, 1)), "--data", self.data),
                     BAD_INPUT, "a movement is a GeoJSON FeatureCollection")

    def test_5_what_is_cancelled_is_over(self):
        self.must("move", "cancel", self.id)
        self.assertEqual(self.legs()[2]["state"], "taken_out")
        self.assertRegex(self.must("move", "list", "--over").out, r"2 +taken_out")
        self.assertIn("no movement", self.must("move", "list").out)
        self.refused(entente("move", "start", self.id, "--leg", 2, "--data", self.data), BAD_INPUT,
                     "is over")
        self.must("log", "verify")


class Told(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        cls.file = write_json(cls.folder / "convoy.geojson",
                              convoy((1, 0, 1, 2, ["lorry"]), (2, 1, 2, 3, ["lorry", "car"])))
        said = cls.must("move", "add", cls.file, "--to", "fr,ru:coarse", of="msf")
        cls.id = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        for _ in range(2):
            cls.world.round()

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def rungs(self, party):
        shown = self.must("receipts", self.id, "--json", of="msf").json
        one, = (one for one in shown["records"] if one["party"] == party)
        return {leg["leg"]: leg["rung"] for leg in one["legs"]}

    def give(self, rung, *words):
        which = words or (self.id,)
        self.must("receipt", "give", *which, "--rung", rung, "--unit", "EXERCISE wing", of="fr")
        self.world.round("fr")

    def stuck(self):
        shown = self.must("stuck", "--json", of="msf").json["ours"]
        return {(one["leg"], one["party"]): one for one in shown if one["record"] == self.id}

    def here(self, party):
        """What that party has not passed down itself, by leg."""
        shown = self.must("stuck", "--json", of=party).json["theirs"]
        return {one.get("leg"): one for one in shown if one["record"] == self.id}

    def test_1_each_sees_as_much_as_it_was_given(self):
        exact = self.must("show", self.id, "--json", of="fr").json
        self.assertEqual([leg["leg"] for leg in exact["legs"]], [1, 2])
        coarse = self.must("show", self.id, "--json", of="ru").json
        self.assertEqual(coarse["legs"], [])
        self.assertNotIn("movement", coarse)
        self.assertNotIn("town", str(coarse))
        done = entente("move", "show", self.id, "--data", self.world.dir("un"))
        self.refused(done, BAD_INPUT, "no such record")
        # Of others' places, names and minutes: one by one.
        listed = self.must("move", "list", "--json", of="fr").json["movements"]
        self.assertNotIn("town", str(listed))
        for leg in listed[0]["legs"]:
            self.assertRegex(leg["time_start"] + leg["time_end"], r"^(.*:00:00Z){2}$")
            self.assertEqual(set(leg), {"leg", "state", "early", "time_start", "time_end"})
        plan_file = plan(self.folder, 0, 1, 1.5)
        self.assertEqual(entente("check", plan_file, "--data", self.world.dir("fr")).code, CONFLICT)

    def test_2_a_leg_is_not_confirmed_until_a_unit_has_confirmed_it(self):
        shown = self.must("move", "show", self.id, of="msf").out
        self.assertRegex(shown, r"1 +fr +exact +read_back .*NOT CONFIRMED BY ANY UNIT")
        self.assertRegex(shown, r"2 +ru +coarse +opened .*NOT CONFIRMED BY ANY UNIT")
        # So do those who were told, of what they have not passed down: by the hour, and where no
        # leg was shown the movement as one.
        self.assertEqual({leg: one["rung"] for leg, one in self.here("fr").items()},
                         {1: "opened", 2: "opened"})
        self.assertEqual({leg: one["party"] for leg, one in self.here("ru").items()}, {None: "msf"})
        self.assertEqual(self.here("un"), {})
        untold = self.must("stuck", "--json", of="msf").json["untold"]
        self.assertEqual(untold, [{"party": "un", "count": 1}], "nobody is told by silence")
        self.assertRegex(self.must("stuck", of="msf").out,
                         r"NOT TOLD: 1 of ours protect within 24 h and were never released to un")
        self.assertRegex(self.here("fr")[2]["protects_from"], r":00:00Z$")
        self.give("confirmed")
        self.assertEqual(self.here("fr"), {})
        self.assertEqual(self.rungs("fr"), {1: "confirmed", 2: "confirmed"})
        shown = self.must("move", "show", self.id, of="msf").out
        self.assertRegex(shown, r"1 +fr +exact +confirmed +EXERCISE wing *\n")

    def test_3_an_amended_leg_voids_the_receipts_for_it_and_no_others(self):
        # The car leaves the lorry half-way (F26).
        self.must("move", "amend", self.id,
                  write_json(self.folder / "changed.geojson",
                             convoy((1, 0, 1, 2, ["lorry"]), (2, 1, 2, 3, ["lorry"]),
                                    (3, 2, 2, 4, ["car"]))), of="msf")
        self.world.round("msf")
        self.world.round("fr")
        self.assertEqual(self.rungs("fr"), {1: "confirmed", 2: "read_back", 3: "read_back"})
        self.give("confirmed")
        self.assertEqual(set(self.rungs("fr").values()), {"confirmed"})

    def test_4_an_early_start_is_to_be_confirmed_anew_and_voids_nothing_else(self):
        self.must("move", "start", self.id, "--leg", 1, of="msf")
        self.world.round("msf")
        self.world.round("fr")
        self.assertEqual(self.rungs("fr"), {1: "read_back", 2: "confirmed", 3: "confirmed"})
        self.assertEqual(set(self.stuck()) & {(1, "fr"), (2, "fr")}, {(1, "fr")})
        self.assertEqual(set(self.here("fr")), {1})

    def test_5_all_but_this_one_confirms_none_of_its_legs(self):
        self.give("confirmed", "--all-of", "msf", "--except", self.id)
        self.assertEqual(self.rungs("fr")[1], "read_back")
        self.give("confirmed", "--all-of", "msf")
        self.assertEqual(self.rungs("fr")[1], "confirmed")

    def test_6_more_that_is_released_is_more_to_acknowledge(self):
        self.must("receipt", "give", self.id, "--rung", "confirmed", "--unit", "EXERCISE corps",
                  of="ru")
        self.world.round("ru")
        self.assertEqual(set(self.rungs("ru").values()), {"confirmed"})
        self.must("release", self.id, "--to", "ru", of="msf")
        self.world.round("msf")
        self.world.round("ru")
        self.assertEqual(set(self.rungs("ru").values()), {"read_back"})

    def test_7_a_mismatch_does_not_fall_off_the_list_as_the_road_goes_on(self):
        for lat in ("31.5", "36.15"):
            self.must("receipt", "give", self.id, "--rung", "loaded", "--coordinates", f"{lat},37",
                      "--unit", "EXERCISE wing", of="fr")
            self.world.round("fr")
            if lat == "31.5":
                self.give("confirmed")
                self.assertTrue(self.stuck()[1, "fr"]["differs"])
                self.assertIn("MISMATCH", self.must("move", "show", self.id, of="msf").out)
                self.must("move", "amend", self.id,
                          write_json(self.folder / "again.geojson",
                                     convoy((1, 0, 1, 2, ["lorry"]), (2, 1, 2, 3, ["lorry"]),
                                            (3, 2, 2, 5, ["car"]))), of="msf")
                self.world.round("msf")
                self.world.round("fr")
                self.assertTrue(self.stuck()[1, "fr"]["differs"])
        self.assertNotIn((1, "fr"), self.stuck())

    def test_9_who_confirms_a_version_without_a_leg_confirms_nothing_of_it(self):
        said = self.must("move", "add", write_json(
            self.folder / "two.geojson",
            convoy((1, 0, 1, 2, ["lorry"]), (2, 1, 2, 3, ["lorry"]))), "--to", "fr", of="msf")
        one = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        for _ in range(2):
            self.world.round()
        # Taken out, and it protects until that acts.
        self.must("move", "amend", one, write_json(self.folder / "one.geojson",
                                                   convoy((1, 0, 1, 2, ["lorry"]))), of="msf")
        for _ in range(2):
            self.world.round()
        self.give("confirmed", one)
        shown = self.must("receipts", one, "--json", of="msf").json
        row, = (row for row in shown["records"] if row["party"] == "fr")
        self.assertEqual({leg["leg"]: leg["rung"] for leg in row["legs"]},
                         {1: "confirmed", 2: "read_back"})

    def test_8_an_ended_leg_protects_at_the_others_until_they_hold_it_final(self):
        plan_file = plan(self.folder, 0, 1, 1.5)
        self.must("move", "end", self.id, "--leg", 1, of="msf")
        self.world.round("msf")
        self.assertEqual(entente("check", plan_file, "--data", self.world.dir("fr")).code, CONFLICT)
        for _ in range(3):
            self.world.round()
        # The delay of the charter is an hour; an ended leg does not wait for it.
        self.assertEqual(entente("check", plan_file, "--data", self.world.dir("fr")).code, OK)

    def test_9_what_protects_no_more_waits_for_nobody(self):
        # Never said to have ended, and 24 hours past its window.
        said = self.must("move", "add", write_json(self.folder / "old.geojson", convoy(
            (1, 0, -30, -26, ["car"]), (2, 1, -26, -20, ["car"]))), "--to", "fr", of="msf")
        old = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        self.assertRegex(said.out, r"leg 1 .*lapsed[^$]*leg 2 .*overdue")
        self.world.round("msf")
        self.world.round("fr")
        one, = self.must("receipts", old, "--json", of="msf").json["records"]
        self.assertEqual([leg["leg"] for leg in one["legs"]], [2])


if __name__ == "__main__":
    main()
