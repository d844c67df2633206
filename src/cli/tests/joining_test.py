#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Joining from a register of one's own, leaving, and adopting what a party that left protected
(PROTOCOL 8): with the finished program, over sticks. Nothing of it ends a protection."""
import json
import re
import shutil

from charter_world import World
from harness import BAD_INPUT, CAUTION, CONFLICT, INCOMPLETE, Case, OK, circle, entente, main, \
    write_json

AT = (36.3, 33.5)


class Joining(Case):
    def setUp(self):
        self.world = World(self.folder / self._testMethodName).begun()
        self.plan = write_json(self.folder / "plan.geojson", circle(*AT, 300))

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def protect(self, directory, lat=AT[1]):
        said = self.world.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                               "--lat", lat, "--lon", AT[0], "--radius-m", 60, "--data", directory)
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    def carry(self, source, to):
        stick = self.world.folder / f"{source}-{to}.pack"
        stick.unlink(missing_ok=True)
        self.must("pack", "--to", to, "--out", stick, of=source)
        self.must("unpack", stick, of=to)

    def listed(self, directory):
        return self.world.must("list", "--data", directory, "--format", "csv").out.splitlines()[1:]

    def solo(self):
        solo = self.world.folder / "solo"
        self.world.must("init", "--data", solo, "--party", "fr", "--name", "FR", "--exercise")
        return solo

    def test_a_register_of_ones_own_goes_on_in_the_joint_log(self):
        solo, joint = self.solo(), self.world.dir("fr")
        before = self.protect(solo)
        gone = self.protect(solo, lat=10)
        self.world.must("protect", "withdraw", gone, "--data", solo)
        kept = self.world.folder / "kept"
        shutil.copytree(solo, kept)
        self.exits(INCOMPLETE, entente("check", self.plan, "--data", joint))  # nobody was heard
        said = self.world.must("charter", "join", "--from", solo, "--data", joint)
        self.assertIn("1 record of solo-", said.out)
        self.exits(CONFLICT, entente("check", self.plan, "--data", joint))
        self.assertEqual(len(self.listed(joint)), 1)
        self.assertNotIn(before, self.listed(joint)[0])  # under a new id
        # The old log has ended and stays readable.
        self.refused(entente("protect", "add", "--class", "hospital", "--lat", 1, "--lon", 1,
                             "--data", solo), BAD_INPUT, "ended with a leave")
        self.exits(CONFLICT, entente("check", self.plan, "--data", solo))
        self.world.must("show", before, "--data", solo)
        self.world.must("log", "verify", "--data", solo)
        self.refused(entente("charter", "join", "--from", solo, "--data", joint), BAD_INPUT,
                     "ended already")
        # As after a crash between the two logs: nothing is stated twice.
        said = self.world.must("charter", "join", "--from", kept, "--data", joint)
        self.assertIn("0 records", said.out)
        self.assertEqual(len(self.listed(joint)), 1)

    def test_what_was_said_after_a_join_that_died_is_not_lost(self):
        solo, joint = self.solo(), self.world.dir("fr")
        self.protect(solo)
        kept = self.world.folder / "kept"
        shutil.copytree(solo, kept)
        self.world.must("charter", "join", "--from", solo, "--data", joint)
        self.protect(kept, lat=10)
        said = self.world.must("charter", "join", "--from", kept, "--data", joint)
        self.assertIn("1 record of", said.out)
        self.assertEqual(len(self.listed(joint)), 2)

    def test_it_protects_no_less_where_the_joint_charter_gives_less_by_default(self):
        solo = self.solo()
        self.protect(solo)  # leaves its buffer to the charter: 500 m alone
        near = write_json(self.folder / "near.geojson", circle(AT[0], AT[1] + 0.005, 10))
        self.exits(CONFLICT, entente("check", near, "--data", solo))
        world = World(self.world.folder / "narrow")
        text = world.charter.read_text()
        head, buffers = text.split("[buffers_m]")
        self.assertIn("hospital = 500", buffers)
        world.charter.write_text(head + "[buffers_m]"
                                 + buffers.replace("hospital = 500", "hospital = 10", 1))
        world.begun()
        joint = world.dir("fr")
        self.protect(joint)
        self.exits(INCOMPLETE, entente("check", near, "--data", joint))
        self.world.must("charter", "join", "--from", solo, "--data", joint)
        self.exits(CONFLICT, entente("check", near, "--data", joint))

    def test_join_takes_a_solo_register_and_a_joint_one(self):
        solo = self.solo()
        self.refused(entente("charter", "join", "--from", self.world.dir("ru"), "--data",
                             self.world.dir("fr")), BAD_INPUT, "--from is a register of one's own")
        real = self.world.folder / "real"
        self.world.must("init", "--data", real, "--party", "fr", "--name", "FR")
        self.refused(entente("charter", "join", "--from", real, "--data", self.world.dir("fr")),
                     BAD_INPUT, "exercise")
        self.refused(entente("charter", "leave", "--yes", "--data", solo), BAD_INPUT, "alone")

    def without_msf(self):
        """A second version that names msf no more."""
        second = self.world.amended()
        blocks = re.split(r"(?m)^(?=\[\[party\]\]|\[terms|\[signatures)", second.read_text())
        second.write_text("".join(b for b in blocks if not ('id = "msf"' in b
                                                            and b.startswith("[[party]]"))))
        self.world.sign(second, "fr", "ru", "un")
        return second

    def test_what_a_party_that_left_protected_stays_and_another_adopts_it(self):
        record = self.protect(self.world.dir("msf"))
        self.must("release", record, "--to", "fr", "--tier", "exact", of="msf")
        self.must("release", record, "--to", "ru", "--tier", "coarse", of="msf")
        for party in ("fr", "ru", "un"):
            self.carry("msf", party)
        self.refused(self.run_of("protect", "adopt", record, of="fr"), BAD_INPUT, "has not left")
        self.refused(self.run_of("charter", "leave", of="msf"), BAD_INPUT, "--yes")
        self.must("charter", "leave", "--yes", "--reason", "EXERCISE", of="msf")
        self.refused(self.run_of("protect", "add", "--class", "hospital", "--lat", 1, "--lon", 1,
                                 of="msf"), BAD_INPUT, "ended with a leave")
        for party in ("fr", "ru", "un"):
            self.carry("msf", party)
        checked = self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
        self.assertIn("author_left", checked.out)
        self.assertIn("without msf, which has left", checked.out)
        far = write_json(self.folder / "far.geojson", circle(0, 0, 10))
        for other in ("ru", "un"):
            self.carry(other, "fr")
        self.exits(CAUTION, self.run_of("check", far, of="fr"))  # it waits for msf no more
        self.refused(self.run_of("protect", "adopt", record, of="ru"), BAD_INPUT, "only its area")
        self.refused(self.run_of("protect", "adopt", record, of="un"), BAD_INPUT, "no record")
        self.assertIn("both protect", self.must("protect", "adopt", record, of="fr").out)
        self.refused(self.run_of("protect", "adopt", record, of="fr"), BAD_INPUT, "already")
        audit = self.must("audit", "list", "--json", of="fr").out.splitlines()
        adopted = [one for one in (json.loads(json.loads(line)["line"]) for line in audit)
                   if one["act"] == "adopt"]
        self.assertEqual([one["records"] for one in adopted], [[record]])
        self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
        self.assertEqual(len(self.listed(self.world.dir("fr"))), 2)

    def test_a_charter_that_names_it_no_more_ends_nothing_that_it_protects(self):
        record = self.protect(self.world.dir("msf"))
        self.must("release", record, "--to", "fr", "--tier", "exact", of="msf")
        self.carry("msf", "fr")
        self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
        self.world.adopt(self.without_msf(), "fr")
        checked = self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
        self.assertIn("author_left", checked.out)
        self.must("protect", "adopt", record, of="fr")


if __name__ == "__main__":
    main()
