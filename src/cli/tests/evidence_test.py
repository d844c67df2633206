#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`entente evidence` and `entente verify`: a file is made where the register is, and verified where
there is only the file and the charter; what was told, and what was never acknowledged."""
import re
import shutil

from harness import BAD_INPUT, Case, FAILURE, OK, Register, entente, main
from packs_test import Sticks

LEAF = re.compile(r"[A-Za-z0-9+/]{43}=")


class Evidence(Case):
    def made(self):
        register = Register(self.folder / "reg")
        said = register.must("protect", "add", "--class", "hospital", "--name", "<Al & Noor>",
                             "--lat", "33.5", "--lon", "36.3", "--radius-m", "25", "--json")
        record = said.json["id"]
        file = self.folder / "it.evidence"
        page = self.folder / "it.evidence.html"
        register.must("evidence", record, "--out", file)
        charter = self.folder / "charter.toml"
        shutil.copy(register.path / "charter.toml", charter)
        shutil.rmtree(register.path)
        return record, file, charter, page

    def test_verifies_with_the_charter_alone(self):
        record, file, charter, page = self.made()
        done = entente("verify", file, "--charter", charter, "--json")
        self.assertEqual(done.code, OK, done)
        report = done.json
        self.assertEqual(report["record"], record)
        codes = {(line["standing"], line["code"]) for line in report["lines"]}
        self.assertIn(("proven", "said"), codes)
        self.assertIn(("proven", "coarse"), codes)
        self.assertIn(("missing", "time_unproven"), codes)
        self.assertIn(("claimed", "content"), codes)
        text = entente("verify", file, "--charter", charter)
        self.assertEqual(text.code, OK, text)
        self.assertIn("only claimed", text.out)
        html = page.read_text(encoding="utf-8")
        self.assertIn("&lt;Al &amp; Noor&gt;", html)
        self.assertNotIn("<Al", html)

    def test_refuses_a_changed_byte_and_another_charter(self):
        _, file, charter, _ = self.made()
        whole = file.read_bytes()
        for at in (0, 30, 70, len(whole) // 2, len(whole) - 1):
            changed = bytearray(whole)
            changed[at] ^= 1
            file.write_bytes(changed)
            done = entente("verify", file, "--charter", charter)
            self.assertIn(done.code, (BAD_INPUT, FAILURE), done)
            self.assertIn("is refused", done.err)
            self.assertEqual(done.out, "")
        file.write_bytes(whole)
        other = Register(self.folder / "other").path / "charter.toml"
        done = entente("verify", file, "--charter", other)
        self.assertEqual(done.code, BAD_INPUT, done)

    def test_says_what_to_do(self):
        record, file, charter, _ = self.made()
        self.refused(entente("verify", self.folder / "none", "--charter", charter), BAD_INPUT,
                     "none")
        self.refused(entente("verify", charter, "--charter", charter), BAD_INPUT,
                     "not an evidence file")
        self.refused(entente("verify", file), BAD_INPUT, "--charter")
        self.refused(entente("verify", file, "--charter", file), BAD_INPUT)
        other = Register(self.folder / "other")
        self.refused(other.run("evidence", record, "--out", self.folder / "no"), BAD_INPUT,
                     "no such record")
        self.refused(other.run("evidence", "!", "--out", self.folder / "no"), BAD_INPUT)
        self.assertFalse((self.folder / "no").exists())


class Told(Case):
    """Four parties, by sticks. ru says something of its own before it has heard of the hospital: so
    there is a beat of its log that acknowledges nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world").begun()
        cls.world.round()
        cls.record = cls.world.protect("msf", fr="exact", ru="coarse")
        cls.world.protect("ru", msf="coarse")
        cls.carry("ru", "msf")
        cls.silence = cls.evidence("msf", "silence")
        for _ in range(3):
            cls.world.round()
        cls.told = cls.evidence("msf", "told")
        cls.received = cls.evidence("ru", "received")
        cls.hidden = cls.evidence("msf", "hidden", "--show", "head")
        cls.charter = cls.folder / "charter.toml"
        shutil.copy(cls.world.charter, cls.charter)
        shutil.rmtree(cls.world.folder)  # no node, no register, no key

    @classmethod
    def carry(cls, source, to):
        cls.world.must("unpack", cls.world.pack(source, to), "--data", cls.world.dir(to))

    @classmethod
    def evidence(cls, party, name, *options):
        file = cls.folder / f"{name}.evidence"
        cls.world.must("evidence", cls.record, "--out", file, "--data", cls.world.dir(party),
                       *options)
        return file

    def verified(self, file):
        done = entente("verify", file, "--charter", self.charter, "--json")
        self.assertEqual(done.code, OK, done)
        return done.json["lines"]

    def find(self, lines, standing, code, words=""):
        return [one for one in lines
                if (one["standing"], one["code"]) == (standing, code) and words in one["text"]]

    def test_proves_what_was_told_and_acknowledged(self):
        lines = self.verified(self.told)
        self.assertTrue(self.find(lines, "proven", "told", "to fr, exact"))
        self.assertTrue(self.find(lines, "proven", "told", "to ru, coarse"))
        self.assertTrue(self.find(lines, "proven", "acknowledged", "fr acknowledged release 0"))
        self.assertTrue(self.find(lines, "proven", "acknowledged", "as 'read_back'"))
        self.assertTrue(self.find(lines, "proven", "acknowledged", "ru acknowledged release 0"))
        self.assertFalse(self.find(lines, "proven", "silent"))
        self.assertTrue(self.find(lines, "missing", "told", "no release to un"))
        for one in lines:
            if one["standing"] == "proven":
                self.assertTrue(one["by"] and one["rests_on"], one)

    def test_proves_silence(self):
        lines = self.verified(self.silence)
        self.assertTrue(self.find(lines, "proven", "silent", "ru had not acknowledged release 0"))
        self.assertFalse(self.find(lines, "proven", "acknowledged"))
        self.assertTrue(self.find(lines, "missing", "word", "of fr"),
                        "a beat of before the release is no silence about it")

    def test_a_recipient_shows_what_it_was_told(self):
        lines = self.verified(self.received)
        self.assertTrue(self.find(lines, "proven", "told", "to ru, coarse"))
        self.assertTrue(self.find(lines, "proven", "acknowledged", "ru acknowledged"))
        self.assertTrue(self.find(lines, "missing", "body", "exact body"))
        self.assertFalse(self.find(lines, "proven", "told", "to fr"))

    def test_shows_no_more_than_asked(self):
        self.assertNotIn(b"EXERCISE", self.hidden.read_bytes())
        self.assertIn(b"EXERCISE", self.told.read_bytes())
        self.assertTrue(self.find(self.verified(self.hidden), "missing", "body", "exact body"))

    def test_the_page_says_the_same_with_the_same_leaves(self):
        for file in (self.told, self.silence):
            page = (self.folder / (file.name + ".html")).read_text(encoding="utf-8")
            for one in self.verified(file):
                for leaf in one["rests_on"]:
                    self.assertRegex(leaf, LEAF)
                    self.assertIn(leaf, page)
            self.assertNotRegex(page, r"(?i)<script|https?://|\bsrc=|\bhref=")
            again = self.folder / "again.html"
            entente("verify", file, "--charter", self.charter, "--html", again)
            self.assertEqual(again.read_text(encoding="utf-8"), page)


if __name__ == "__main__":
    main()
