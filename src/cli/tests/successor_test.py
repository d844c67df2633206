#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A successor log (PROTOCOL 7, 25, 26): a register of one's own goes on under a new log key after a
restore, a loss or a theft. What protected goes on protecting, and can be ended again."""
import csv
import io
import re
import shutil

from harness import BAD_INPUT, CONFLICT, FAILURE, OK, Case, Register, circle, entente, main, \
    write_json

AT = (36.3, 33.5)


class Successor(Case):
    def setUp(self):
        self.home = self.folder / self._testMethodName
        self.home.mkdir()
        self.register = Register(self.home / "reg")
        self.kept = self.add(self.register)
        self.gone = self.add(self.register, lat=10)
        self.register.must("protect", "withdraw", self.gone)
        self.plan = write_json(self.home / "plan.geojson", circle(*AT, 300))
        self.other = write_json(self.home / "other.geojson", circle(AT[0], 10, 300))

    @staticmethod
    def add(register, lat=AT[1]):
        said = register.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                             "--lat", lat, "--lon", AT[0], "--radius-m", 60)
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    def root(self):
        return self.home / "reg/offline/root"

    def rotate(self, register):
        return entente("key", "rotate", "log", "--data", register.path, "--root", self.root())

    def ids(self, register):
        lines = io.StringIO(register.must("list", "--format", "csv").out)
        return {one["id"] for one in csv.DictReader(lines)}

    def vkey(self, register):
        return register.must("log", "vkey").out.strip()

    def goes_on(self, register, number=2):
        """It says new things in a log of its own name; what protected does, and nothing else."""
        self.assertRegex(self.vkey(register), rf"/test/{number}\+")
        self.exits(CONFLICT, register.run("check", self.plan))
        self.exits(OK, register.run("check", self.other))
        register.must("log", "verify")
        self.assertIn("nothing is damaged", register.must("scrub").out)
        listed = self.ids(register)
        self.assertEqual(len(listed), 1)
        self.assertNotIn(self.kept, listed)
        anew = listed.pop()
        register.must("show", self.kept)
        self.refused(register.run("protect", "withdraw", self.kept), BAD_INPUT,
                     "stated anew as")
        added = self.add(register, lat=20)
        register.must("protect", "withdraw", added)
        register.must("protect", "withdraw", anew)
        self.exits(OK, register.run("check", self.plan))
        self.add(register)
        self.exits(CONFLICT, register.run("check", self.plan))

    def test_after_a_restore(self):
        """nothing is signed, and no signer's memory is needed any more once the root has spoken"""
        self.register.must("backup", self.home / "backup", "--with-vault-key")
        self.exits(OK, entente("restore", "--data", self.home / "back", self.home / "backup"))
        back = Register(self.home / "back")
        self.refused(back.run("protect", "withdraw", self.kept), FAILURE, "successor")
        self.exits(CONFLICT, back.run("check", self.plan))
        said = self.exits(OK, self.rotate(back))
        self.assertIn("1 record of", said.out)
        self.assertIn("could not be signed any more", said.out)
        self.goes_on(back)

    def test_with_a_key_that_can_still_sign(self):
        """the log before ends with an entry that names the next one, and so on"""
        first = self.vkey(self.register)
        said = self.exits(OK, self.rotate(self.register))
        self.assertIn("has ended", said.out)
        self.assertNotEqual(self.vkey(self.register), first)
        self.goes_on(self.register)
        self.kept = self.ids(self.register).pop()
        self.exits(OK, self.rotate(self.register))
        self.goes_on(self.register, 3)
        # A backup of it comes back, and can go on in yet another.
        self.register.must("backup", self.home / "backup", "--with-vault-key")
        self.exits(OK, entente("restore", "--data", self.home / "back", self.home / "backup"))
        back = Register(self.home / "back")
        self.kept = self.ids(back).pop()
        self.exits(OK, self.rotate(back))
        self.goes_on(back, 4)

    def test_where_the_signer_is_lost(self):
        shutil.rmtree(self.register.path / "signer")
        self.refused(self.register.run("list"), FAILURE, "successor")
        self.exits(OK, self.rotate(self.register))
        self.goes_on(self.register)

    def test_wherever_it_stopped(self):
        """the same call goes on: nothing is stated twice, and no third log begins"""
        self.exits(OK, self.rotate(self.register))
        done = self.register.path
        for step in ("signer in place", "signer moved", "charter missing"):
            again = self.home / step.replace(" ", "-")
            shutil.copytree(done, again)
            shutil.copy(again / "charters/1.toml", again / "charter.toml")
            if step != "charter missing":
                (again / "signer").rename(again / "signer.next")
            if step == "signer in place":
                (again / "signer.1").rename(again / "signer")
            with self.subTest(step):
                there = Register(again)
                self.exits(OK, self.rotate(there))
                self.goes_on(there)

    def test_only_the_root_opens_one(self):
        before = self.register.files()
        other = Register(self.home / "other")
        self.refused(entente("key", "rotate", "log", "--data", self.register.path, "--root",
                             other.path / "offline/root"), BAD_INPUT, "not the root key")
        self.assertEqual(self.register.files(), before)
        self.assertIn(self.kept, self.ids(self.register))


if __name__ == "__main__":
    main()
