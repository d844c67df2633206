#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ladder of receipts as persons climb it (PROTOCOL 11), and a withdrawal by two officers that
acts when it is final and its delay has passed (PROTOCOL 15): four parties with the finished
program, who hand each other sticks."""
import re

from charter_world import PARTIES, World
from harness import BAD_INPUT, CONFLICT, Case, OK, circle, entente, main, write_json

AT = (36.2765, 33.5138)


class Sticks(World):
    """The four, each with two officers, and what lies on their sticks."""

    def round(self, *sources):
        for source in sources or PARTIES:
            for to in PARTIES:
                if source == to:
                    continue
                stick = self.folder / f"{source}-{to}.pack"
                stick.unlink(missing_ok=True)
                self.must("pack", "--to", to, "--out", stick, "--data", self.dir(source))
                self.must("unpack", stick, "--data", self.dir(to))


class Receipts(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=2).begun()
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))
        cls.record = cls.protect(AT[1])
        cls.must("release", cls.record, "--to", "fr", of="msf")
        cls.must("release", cls.record, "--to", "ru", "--tier", "coarse", of="msf")
        for _ in range(2):
            cls.world.round()

    @classmethod
    def protect(cls, lat):
        said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat", lat,
                        "--lon", AT[0], "--radius-m", 60, of="msf")
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    @classmethod
    def run_of(cls, *words, of):
        return entente(*words, "--data", cls.world.dir(of))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def ladder(self, party, record=None):
        """What msf knows of how far the party got, after a round of sticks."""
        shown = self.must("receipts", record or self.record, "--json", of="msf").json
        one, = (one for one in shown["records"] if one["party"] == party)
        return one

    def give(self, *words, of="fr"):
        done = self.must("receipt", "give", *words, of=of)
        self.world.round(of)
        return done

    def test_1_nodes_climb_by_themselves_and_persons_go_on(self):
        self.assertEqual(self.ladder("fr")["rung"], "read_back")
        self.assertEqual(self.ladder("ru")["rung"], "opened")
        self.give(self.record, "--rung", "loaded", "--coordinates", f"{AT[1]},{AT[0]}")
        loaded = self.ladder("fr")
        self.assertEqual((loaded["rung"], loaded["differs"], loaded["overdue"]),
                         ("loaded", False, False))
        self.assertEqual(loaded["steps"][-1]["apart_m"], 0)
        self.give(self.record, "--rung", "passed", "--unit", "TACC", "--voice", "EXERCISE duty")
        self.give(self.record, "--rung", "confirmed", "--unit", "TACC")
        shown = self.must("receipts", self.record, of="msf").out
        self.assertRegex(shown, r"exact to fr\): confirmed")
        self.assertRegex(shown, r"passed +TACC .*by voice: EXERCISE duty")
        steps = [(one["rung"], one.get("unit")) for one in self.ladder("fr")["steps"]]
        self.assertEqual(steps, [("opened", None), ("read_back", None), ("loaded", None),
                                 ("passed", "TACC"), ("confirmed", "TACC")])
        self.assertTrue(all(one["actor"] for one in self.ladder("fr")["steps"]))
        self.assertRegex(shown, r"read_back .*read as 1\.\d km W of Damascus, SY")

    def test_2_what_came_back_from_elsewhere_is_a_mismatch_on_both_sides(self):
        # Latitude and longitude swapped, as in domain F5.
        done = self.give(self.record, "--rung", "loaded", "--coordinates", f"{AT[0]},{AT[1]}")
        self.assertIn("MISMATCH", done.out)
        self.assertTrue(self.ladder("fr")["differs"])
        shown = self.must("receipts", self.record, of="msf").out
        # A person reads it without a figure: the swapped point lies off another coast.
        self.assertRegex(shown, r"m apart MISMATCH; read as \d+\.\d km \w+ of .+, (TR|CY)")
        status = self.must("peer", "status", "--json", of="msf").json["peers"]
        fr, = (one for one in status if one["party"] == "fr")
        misdeed, = (one for one in fr["misdeeds"] if one["code"] == "loaded_differs")
        self.assertRegex(misdeed["text"], self.record + r" as a place \d{6} m from")

    def test_3_one_receipt_is_for_all_that_was_released_but_for_exceptions(self):
        other = self.protect(33.6)
        self.must("release", other, "--to", "ru", of="msf")
        for _ in range(2):
            self.world.round()
        self.give("--all-of", "msf", "--except", other, "--rung", "passed", "--unit", "OPS",
                  of="ru")
        self.assertEqual(self.ladder("ru")["rung"], "passed")
        self.assertEqual(self.ladder("ru", other)["rung"], "read_back")
        self.give(other, "--rung", "refused", "--reason", "EXERCISE no such place", of="ru")
        refused = self.ladder("ru", other)
        self.assertEqual((refused["rung"], refused["refused"]), ("read_back", True))
        self.assertIn("EXERCISE no such place", self.must("receipts", other, of="msf").out)

    def test_4_a_new_version_voids_what_was_acknowledged(self):
        self.must("protect", "amend", self.record, "--buffer-m", 900, of="msf")
        void = self.ladder("fr")
        self.assertEqual((void["version"], void["rung"], void["steps"]), (2, "offered", []))
        self.assertGreater(void["voided"], 3)
        for _ in range(2):
            self.world.round()
        self.assertEqual(self.ladder("fr")["rung"], "read_back")

    def test_5_say_what_to_do(self):
        own = self.protect(33.7)
        for words, of, says in (
                ((self.record, "--rung", "loaded"), "fr", "coordinates that came back"),
                ((self.record, "--rung", "loaded", "--coordinates", "1,2"), "ru", "nothing exact"),
                ((self.record, "--rung", "loaded", "--coordinates", "33,5 36,2"), "fr", "degrees"),
                ((self.record, "--rung", "passed"), "fr", "unit"),
                ((self.record, "--rung", "refused"), "fr", "reason"),
                ((self.record, "--rung", "passed", "--unit", "A"), "un", "in what you may see"),
                ((own, "--rung", "passed", "--unit", "A"), "msf", "no other party's"),
                (("--rung", "passed", "--unit", "A"), "fr", "records, or the party"),
                (("--all-of", "de", "--rung", "passed", "--unit", "A"), "fr", "no other party"),
                ((self.record, "--rung", "opened"), "fr", "opened")):
            with self.subTest(words=words):
                self.refused(self.run_of("receipt", "give", *words, of=of), BAD_INPUT, says)

    def test_6_a_withdrawal_by_two_officers_acts_when_final_and_late(self):
        said = self.must("protect", "withdraw", self.record, "--json", of="msf").json
        keys = self.world.dir("msf")
        first = keys / "keys" / "officer"
        second = keys / "offline" / "officer-2"
        size = self.must("log", "verify", "--json", of="msf").json["tree_size"]
        sign = ("approvals", "sign", said["proposal"], "--key")
        self.assertIn("2 signatures are needed", self.must(*sign, first, of="msf").out)
        self.assertEqual(self.must("log", "verify", "--json", of="msf").json["tree_size"], size)
        self.refused(self.run_of(*sign, first, of="msf"), BAD_INPUT, "already")
        stranger = self.world.dir("fr") / "keys" / "officer"
        self.refused(self.run_of(*sign, stranger, of="msf"), BAD_INPUT, "no officer's")
        self.assertIn("signed, and said", self.must(*sign, second, of="msf").out)
        later = "2060-01-01T00:00:00Z"

        def found(at):
            return self.record in self.run_of("check", self.plan, "--json", *at, of="fr").out
        self.world.round("msf")  # fr has it, and nobody's word that others have stored it
        self.assertTrue(found(()))
        for _ in range(2):
            self.world.round()
        self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
        self.assertIn("pending", self.must("show", self.record, of="fr").out)
        self.assertTrue(found(()), "its delay has not passed")
        self.assertFalse(found(("--at", later)), "it is final and late enough")


if __name__ == "__main__":
    main()
