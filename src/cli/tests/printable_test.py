#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What another party writes in a name, a contact, a reason or an answer does nothing to the
reader's terminal: no verb prints a character that a terminal obeys, in text or in JSON, and no line
ends but where the program ends it."""
import json
import re
import unicodedata

from charter_world import World
from harness import Case, circle, entente, main, write_json
from http_node import Node

SITE = (36.3, 33.5)
CLEAR = "\x1b[2J\x1b[H"          # wipes the screen
LIE = "\nNo registered conflict"  # a line of its own
CSI = "\u009b2K"                 # wipes the line, as one character
TURN = "\u202e\u2066"            # turns what follows
EVIL = f"EXERCISE {CLEAR}{LIE}{CSI}{TURN}\r\x07 end"
ONE_LINE = EVIL.replace("\n", " ")
TURNING = set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def obeyed(text):
    """The characters of a text that a terminal obeys, newlines aside."""
    return {c for c in text if c != "\n" and (unicodedata.category(c) == "Cc" or c in TURNING)}


class Printable(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world", officers=2).begun()
        for party in ("fr", "msf"):
            (cls.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        feature = write_json(cls.folder / "evil.geojson", {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": SITE},
            "properties": {"class": "hospital", "radius_m": 60, "name": EVIL, "name:ar": EVIL,
                           "contact": EVIL, "ref": EVIL, "source": EVIL, "use": EVIL}})
        said = cls.must("protect", "add", feature, of="msf")
        cls.own = said.out
        cls.record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        cls.must("release", cls.record, "--to", "fr", "--tier", "exact", of="msf")
        cls.heard("fr", of="msf")
        cls.must("hold", cls.record, "--because", "incident", "--text", ONE_LINE, of="fr")
        cls.must("receipt", "give", cls.record, "--rung", "refused", "--reason", EVIL, of="fr")
        cls.must("recall", cls.record, "--from", "fr", "--coarse", "--reason", EVIL, of="msf")
        cls.heard("fr", of="msf")
        cls.heard("msf", of="fr")

    @classmethod
    def heard(cls, party, of):
        """`party` asks the node of another for all that there is."""
        with Node(cls.world.dir(of)) as node:
            cls.must("peer", "add", of, "--address", node.peer_address, of=party)
            cls.must("sync", of, of=party)

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def harmless(self, *words, of):
        done = entente(*words, "--data", self.world.dir(of))
        said = done.out + done.err
        self.assertEqual(obeyed(said), set(), words)
        self.assertNotIn(LIE, said, words)

    def test_no_verb_prints_what_a_terminal_obeys(self):
        plan = write_json(self.folder / "plan.geojson", circle(*SITE, 300))
        self.assertIn("EXERCISE", self.own)
        self.assertEqual(obeyed(self.own), set())
        for of in ("msf", "fr"):
            for words in (("show", self.record), ("list",), ("check", plan), ("peer", "status"),
                          ("receipts", self.record), ("peer", "list"), ("audit", "list"),
                          ("log", "verify"), ("doctor",), ("list", "--text", EVIL)):
                self.harmless(*words, of=of)
                self.harmless(*words, "--json", of=of)

    def test_files_of_strangers_do_not_either(self):
        """lists with evil columns and cells, plans and features with evil members"""
        cells = self.folder / "evil.csv"
        heading = '"name","lat","lon","class","x \x1b[8m\u202e"'
        cells.write_text(f'{heading}\n"{ONE_LINE}","95","36","hospital","a"\n'
                         f'"{ONE_LINE}","33.6","36.4","{ONE_LINE}","b"\n', encoding="utf-8")
        plan = circle(*SITE, 300)
        plan["properties"][f"x {ONE_LINE}"] = 1
        plan = write_json(self.folder / "evil-plan.geojson", plan)
        for words in (("import", cells, "--dry-run"), ("check", plan), ("protect", "add", plan)):
            self.harmless(*words, of="msf")
        for words in (("list", "--format", "csv"), ("audit", "list", "--format", "csv")):
            self.assertEqual(obeyed(self.must(*words, of="msf").out), set())  # cells have lines
        self.harmless("import", cells, "--dry-run", "--json", of="msf")

    def test_what_is_hashed_keeps_every_character(self):
        """the audit verifies, and officers can sign"""
        data = self.world.dir("msf")
        self.harmless("show", self.record, "--reason", ONE_LINE, of="msf")
        self.assertIn("hold together", self.must("audit", "verify", of="msf").out)
        proposal = re.search(r"proposal ([a-z2-7]{16})",
                             self.must("protect", "amend", self.record, "--radius-m", 5,
                                       "--name", ONE_LINE, of="msf").out)
        for key in (data / "keys" / "officer", data / "offline" / "officer-2"):
            signed = self.must("approvals", "sign", proposal.group(1), "--key", key, of="msf")
            self.assertEqual(obeyed(signed.out), set())
        self.assertIn("signed, and said", signed.out)

    def test_evidence_of_it_does_not_either(self):
        out, page = self.folder / "evil.evidence", self.folder / "evil.html"
        self.harmless("evidence", self.record, "--out", out, "--html", page, of="msf")
        done = entente("verify", out, "--charter", self.world.charter)
        self.assertIn("EXERCISE", done.out)
        for said in (done.out, page.read_text(encoding="utf-8")):
            self.assertEqual(obeyed(said), set())

    def test_json_still_says_what_was_written(self):
        shown = entente("show", self.record, "--json", "--data", self.world.dir("msf"))
        names = [v for k, v in json.loads(shown.out)["protection"]["properties"].items()
                 if k.startswith("name")]
        self.assertEqual(names, [EVIL, EVIL])


if __name__ == "__main__":
    main()
