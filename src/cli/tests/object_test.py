#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Objections to activities (domain F5, F7): said on grounds, shown in every later check of these
volumes, lifted by their author alone and only when that is final; among four parties who hand each
other sticks."""
import base64
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone

from harness import (BAD_INPUT, CAUTION, CONFLICT, Case, OK, Register, circle, entente, main,
                     write_csv, write_json)
from receipts_test import Sticks

LEAF = base64.b64encode(hashlib.sha256(b"the activity").digest()).decode()
ACTIVITY = "a2b3c4d5e6f7a2b3"
AT = (36.2765, 33.5138)
LATER = "2060-01-01T00:00:00Z"
GROUNDS = "EXERCISE a clinic moves there"


def record_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


def codes(done):
    return [one["code"] for one in done.json["reasons"]]


class Alone(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = Register(cls.folder / "reg").path
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 200))

    def run_on(self, *words):
        return entente(*words, "--data", self.data)

    def must(self, *words):
        return self.exits(OK, self.run_on(*words))

    def add(self, *more, grounds=GROUNDS):
        return self.run_on("object", "add", "--activity", ACTIVITY, "--entry", LEAF, "--party",
                           "test", "--plan", self.plan, "--grounds", grounds, *more)

    def test_1_is_a_caution_of_its_own_and_no_protection(self):
        self.exits(OK, self.run_on("check", self.plan))
        said = self.exits(OK, self.add("--contact", "EXERCISE desk"))
        one = record_in(said)
        self.assertIn(GROUNDS, said.out)
        done = self.exits(CAUTION, self.run_on("check", self.plan, "--json"))
        self.assertEqual(codes(done), ["open_objection"])
        self.assertEqual((done.json["findings"], done.json["objections_total"]), ([], 1))
        found = done.json["objections"][0]
        self.assertEqual((found["id"], found["kind"], found["contact"], found["state"]),
                         (one, "objection", "EXERCISE desk", "in_force"))
        self.assertEqual(found["objection"], {"activity": ACTIVITY, "entry": LEAF,
                                              "grounds": GROUNDS, "found": [],
                                              "automatic": False})
        text = self.run_on("check", self.plan).out
        self.assertRegex(text, r"Objected to, or to stop:\n  test  on these grounds: EXERCISE a "
                                   r"clinic moves "
                               r"there; to activity " + ACTIVITY)
        self.assertNotIn(one, self.must("list").out)
        self.assertEqual(self.must("list", "--format", "csv").out.count("\n"), 1)
        # Nor does an import take it for a place that it knows.
        rows = write_csv(self.folder / "list.csv", [("r1", "EXERCISE", "clinic", 20, 20)])
        done = self.must("import", rows, "--yes", "--json").out.splitlines()[-1]
        self.assertEqual(json.loads(done)["added"], 1)
        listed = self.must("object", "list").out
        self.assertIn(one, listed)
        self.assertIn(GROUNDS, listed)
        self.assertIn(GROUNDS, self.must("object", "show", one).out)

    def test_2_grounds_are_stated_anew_and_it_is_lifted(self):
        one = self.must("object", "list", "--json").json["objections"][0]["id"]
        school = record_in(self.must("protect", "add", "--class", "school", "--name", "EXERCISE",
                                     "--lat", 10, "--lon", 10))
        self.must("object", "amend", one, "--grounds", "EXERCISE and a school", "--party", "test",
                  "--found", school)
        shown = self.must("object", "show", one, "--json").json
        self.assertEqual((shown["version"], shown["objection"]["grounds"],
                          shown["protection"]["properties"]["contact"]),
                         (2, "EXERCISE and a school", "EXERCISE desk"))
        leaf = self.must("show", school, "--json").json["history"][0]["leaf"]
        self.assertEqual(shown["objection"]["found"], [leaf])
        self.exits(CAUTION, self.run_on("check", self.plan))
        self.must("object", "lift", one)
        self.exits(OK, self.run_on("check", self.plan))
        self.assertIn("no objection is open", self.must("object", "list").out)
        self.assertIn(one, self.must("object", "list", "--lifted").out)
        self.refused(self.run_on("object", "lift", one), BAD_INPUT, "was lifted already")
        self.must("log", "verify")

    def test_3_is_followed_as_what_it_is(self):
        one = record_in(self.exits(OK, self.add()))
        for words in (("withdraw", one), ("confirm", one, "--until", LATER), ("confirm-move", one)):
            self.refused(self.run_on("protect", *words), BAD_INPUT, "it is amended or lifted")
        self.refused(self.run_on("move", "cancel", one), BAD_INPUT, "no record")
        house = record_in(self.must("protect", "add", "--class", "school", "--name", "EXERCISE",
                                    "--lat", 11, "--lon", 10))
        for verb in (("lift", house), ("amend", house, "--grounds", "x"), ("show", house)):
            self.refused(self.run_on("object", *verb), BAD_INPUT, "no")
        self.exits(CONFLICT, self.run_on("check", write_json(self.folder / "there.geojson",
                                                             circle(10, 11, 10))))

    def test_4_what_says_nothing_is_refused(self):
        for words, says in (((), "grounds"),
                            (("--found", ACTIVITY), "no record of this party"),
                            (("--to", "ru"), "no other party 'ru'")):
            done = self.add(*words, grounds="" if not words else GROUNDS)
            self.refused(done, BAD_INPUT, says)

    def test_5_a_flood_hides_no_place_and_is_counted_whole(self):
        self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat", AT[1],
                  "--lon", AT[0])
        before = len(self.must("object", "list", "--json").json["objections"])
        for number in range(12):
            self.exits(OK, self.add(grounds=f"EXERCISE {number}"))
        done = self.exits(CONFLICT, self.run_on("check", self.plan, "--json"))
        self.assertEqual(codes(done), ["touches", "open_objection"])
        reason = done.json["reasons"][1]
        self.assertEqual((reason["count"], reason["party"]), (before + 12, "test"))
        self.assertEqual((len(done.json["findings"]), len(done.json["objections"])), (1, 8))
        self.assertIn(f"and {before + 4} more of the same parties",
                      self.run_on("check", self.plan).out)
        listed = self.must("object", "list", "--json", "--activity", ACTIVITY).json
        self.assertEqual(listed["total"], before + 12)


class Told(Case):
    """msf objects to what ru plans: ru is told, fr is not, un gets an area."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=2).begun()
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 200))
        for party, what in (("ru", "objection"), ("un", "record"), ("fr", "objection")):
            cls.must("subscribe", "add", "--what", what, "--class", "hospital", of=party)
        cls.clinic = record_in(cls.must(
            "protect", "add", "--class", "clinic", "--name", "EXERCISE", "--lat", 10, "--lon", 10,
            "--to", "ru:coarse", of="msf"))
        cls.hidden = record_in(cls.must(
            "protect", "add", "--class", "clinic", "--name", "EXERCISE", "--lat", 11, "--lon", 10,
            "--to", "fr", of="msf"))
        said = cls.must("object", "add", "--activity", ACTIVITY, "--entry", LEAF, "--party", "ru",
                        "--plan", cls.plan, "--grounds", GROUNDS, "--contact", "EXERCISE desk",
                        "--found", cls.clinic, "--to", "un:coarse", of="msf")
        cls.id = record_in(said)
        for _ in range(2):
            cls.world.round()

    @classmethod
    def run_of(cls, *words, of):
        return entente(*words, "--data", cls.world.dir(of))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def check(self, of, *more):
        return self.run_of("check", self.plan, "--json", *more, of=of)

    def objections(self, of, *more):
        return [one["id"] for one in self.check(of, *more).json["objections"]]

    def test_1_whose_activity_it_is_reads_all_of_it_and_who_was_not_told_nothing(self):
        done = self.exits(CAUTION, self.check("ru"))
        self.assertIn("open_objection", codes(done))
        found = done.json["objections"][0]
        self.assertEqual((found["party"], found["objection"]["grounds"], found["contact"]),
                         ("msf", GROUNDS, "EXERCISE desk"))
        leaf = self.must("show", self.clinic, "--json", of="msf").json["history"][0]["leaf"]
        self.assertEqual(found["objection"]["found"], [leaf])
        area = self.check("un")
        self.assertIn("open_objection", codes(area))
        self.assertNotIn("objection", area.json["objections"][0])
        self.assertNotIn(GROUNDS, area.out)
        self.assertIn("grounds are not shown", self.run_of("check", self.plan, of="un").out)
        self.assertEqual(self.objections("fr"), [])
        self.assertNotIn(self.id, self.must("object", "list", of="fr").out)
        self.refused(self.run_of("object", "show", self.id, of="fr"), BAD_INPUT, "no such record")
        self.assertEqual(self.objections("msf", "--as", "ru"), [self.id])
        self.assertEqual(self.objections("msf", "--as", "fr"), [])
        for party in ("ru", "un"):
            self.assertNotIn(self.id, self.must("list", of=party).out)
            self.assertIn(self.id, self.must("object", "list", of=party).out)

    def notices(self, of):
        return self.must("notices", "list", "--json", of=of).json["notices"]

    def test_2_who_asked_to_be_told_is(self):
        told, = self.notices("ru")  # of a hospital too: an objection is of no class
        self.assertEqual((told["what"], told["detail"], told["party"], told["record"]),
                         ("objection", "add", "msf", self.id))
        self.assertIn("an objection, record " + self.id, told["text"])
        self.assertIn("it stands", told["text"])
        self.assertNotIn(GROUNDS, str(told), "as deep as a list of others' exact bodies")
        self.assertEqual((self.notices("un"), self.notices("fr")), ([], []))

    def test_3_it_rests_on_nothing_that_the_other_was_not_given(self):
        for party, record in (("ru", self.hidden), ("fr", self.clinic), ("ru", ACTIVITY)):
            done = self.run_of("object", "add", "--activity", ACTIVITY, "--entry", LEAF, "--party",
                               party, "--plan", self.plan, "--grounds", GROUNDS, "--found", record,
                               of="msf")
            self.refused(done, BAD_INPUT, "no record of this party that " + party + " was given")

    def test_4_nobody_else_lifts_it(self):
        self.refused(self.run_of("object", "lift", self.id, of="ru"), BAD_INPUT, "only its author")
        self.exits(CAUTION, self.check("ru"))

    def test_5_the_other_side_may_acknowledge_it_and_it_waits_for_no_unit(self):
        self.must("receipt", "give", self.id, "--rung", "passed", "--unit", "EXERCISE staff",
                  of="ru")
        self.world.round("ru")
        one, = (one for one in self.must("receipts", self.id, "--json", of="msf").json["records"]
                if one["party"] == "ru")
        self.assertEqual(one["rung"], "passed")
        for party, which in (("msf", "ours"), ("ru", "theirs")):
            stuck = self.must("stuck", "--json", of=party).json[which]
            self.assertNotIn(self.id, [row["record"] for row in stuck])
            self.assertIn(self.clinic, [row["record"] for row in stuck])

    def test_6_a_crew_takes_it_along_and_evidence_tells_of_it(self):
        device, pack = self.folder / "crew", self.folder / "crew.pack"
        self.world.must("device", "new", "--charter", self.world.charter, "--party", "ru", "--name",
                        "crew 7", "--out", device)
        now = datetime.now(timezone.utc)
        at = [(now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
              for hours in (-1, 0.5, 1, 10)]
        self.must("field-pack", "--device", device / "device", "--lat", AT[1], "--lon", AT[0],
                  "--radius-m", 20_000, "--from", at[0], "--until", at[3], "--out", pack, of="ru")
        plan = write_json(self.folder / "crew.geojson",
                          circle(*AT, 200, time_start=at[1], time_end=at[2]))
        done = self.exits(CAUTION, entente("check", "--pack", pack, "--device", device, plan))
        self.assertIn(GROUNDS, done.out)
        file = self.folder / "objection.evidence"
        self.must("evidence", self.id, "--out", file, of="msf")
        shown = self.exits(OK, entente("verify", file, "--charter", self.world.charter)).out
        self.assertIn("(add, objects)", shown)
        self.assertIn(f"objection to activity {ACTIVITY} (entry {LEAF}), on the grounds", shown)
        self.assertIn(GROUNDS, shown)

    def test_61_is_answered_and_stands(self):
        def answer(of, *words):
            return self.run_of("object", "answer", self.id, *words, of=of)
        self.refused(answer("msf", "--word", "noted"), BAD_INPUT, "own")
        self.refused(answer("fr", "--word", "noted"), BAD_INPUT, "no record")
        self.refused(answer("ru", "--word", "refused"), BAD_INPUT, "says why")
        self.refused(answer("ru", "--word", "missing"), BAD_INPUT, "noted, accepted, refused")
        self.exits(OK, answer("ru", "--word", "accepted", "--contact", "EXERCISE air desk",
                              "--text",
                              "EXERCISE it goes round"))
        self.world.round()
        shown = self.must("object", "show", self.id, "--json", of="msf").json["answers"]
        self.assertEqual([(one["party"], one["word"], one["text"]) for one in shown],
                         [("ru", "accepted", "EXERCISE it goes round")])
        self.assertIn("ru answered accepted, call EXERCISE air desk: EXERCISE it goes round",
                      self.must("object", "show", self.id, of="msf").out)
        self.assertNotIn("goes round", self.must("object", "show", self.id, of="un").out)
        self.exits(CAUTION, self.check("ru"))

    def test_7_lifting_it_takes_officers_and_is_slow(self):
        said = self.must("object", "lift", self.id, "--json", of="msf").json
        folder = self.world.dir("msf")
        for key in (folder / "keys" / "officer", folder / "offline" / "officer-2"):
            self.assertEqual(self.objections("msf"), [self.id])
            signed = self.must("approvals", "sign", said["proposal"], "--key", key, of="msf").out
        self.assertIn("signed, and said", signed)
        self.world.round("msf")  # ru has it, and nobody's word that others have stored it
        self.assertEqual(self.objections("ru"), [self.id])
        self.assertEqual(self.objections("ru", "--at", LATER), [self.id], "it is not final")
        for _ in range(2):
            self.world.round()
        self.assertEqual(self.objections("ru"), [self.id], "its delay has not passed")
        self.assertIn("pending", self.must("object", "show", self.id, of="ru").out)
        told = self.notices("ru")[-1]
        self.assertEqual((told["detail"], told["state"]), ("lift", "pending_relaxation"))
        self.assertIn("it stands until lifting it is final", told["text"])
        self.assertEqual(self.objections("ru", "--at", LATER), [], "it is final and late enough")
        self.must("log", "verify", of="msf")


if __name__ == "__main__":
    main()
