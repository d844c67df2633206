#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The exchange by file with the finished program, network off: four parties hand each other sticks;
what each then knows and acknowledges, and what no node takes in. One of them serves its register
meanwhile, so that both ways of asking are gone through."""
import re

from charter_world import PARTIES, World
from harness import (BAD_INPUT, CAUTION, CONFLICT, Case, OK, circle, entente, main,
                     write_json)
from http_node import Node

AT = (36.3, 33.5)


class Sticks(World):
    """The four, and what lies on their sticks."""

    def pack(self, source, to, *options):
        stick = self.folder / f"{source}-{to}.pack"
        stick.unlink(missing_ok=True)
        self.must("pack", "--to", to, "--out", stick, "--data", self.dir(source), *options)
        return stick

    def round(self):
        for source in PARTIES:
            for to in PARTIES:
                if source != to:
                    self.must("unpack", self.pack(source, to), "--data", self.dir(to))

    def protect(self, party, **audience):
        said = self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                         AT[1], "--lon", AT[0], "--radius-m", 60, "--data", self.dir(party))
        record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        for to, tier in audience.items():
            self.must("release", record, "--to", to, "--tier", tier, "--data", self.dir(party))
        return record


class Packs(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world").begun()
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))
        # The charter's ports may be anybody's on this machine.
        (cls.world.dir("ru") / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\n')
        cls.record = cls.world.protect("msf", fr="exact", ru="coarse")

    def check(self, party):
        return entente("check", self.plan, "--data", self.world.dir(party))

    def test_1_carry_the_whole_exchange_with_the_network_off(self):
        with Node(self.world.dir("ru")):
            for _ in range(3):
                self.world.round()
            self.exits(CAUTION, self.check("ru"))
        self.exits(CONFLICT, self.check("fr"))
        self.exits(OK, self.check("un"))
        receipts = self.world.must("receipts", "--data", self.world.dir("msf"), "--json").json
        rungs = {(one["from"], one["rung"]) for one in receipts["receipts"]}
        self.assertLessEqual({("fr", "opened"), ("fr", "read_back"), ("ru", "opened")}, rungs)
        peers = self.world.must("peer", "status", "--data", self.world.dir("msf"), "--json").json
        for one in peers["peers"]:
            self.assertEqual(one["given"], one["acknowledged"], one)
            self.assertEqual(one["missing"], [], one)
            self.assertEqual(one["misdeeds"], [], one)
            self.assertGreater(one["final"], 0, one)

    def test_2_what_is_for_somebody_else_or_altered_is_refused(self):
        stick = self.world.pack("msf", "fr")
        fr, ru = self.world.dir("fr"), self.world.dir("ru")
        self.refused(entente("unpack", stick, "--data", ru), BAD_INPUT, "for fr, this node is ru")
        good = stick.read_bytes()
        altered = bytearray(good)
        altered[len(good) // 2] ^= 1
        stick.write_bytes(altered)
        self.refused(entente("unpack", stick, "--data", fr), BAD_INPUT, "no channel key of msf")
        stick.write_bytes(good[:-1])
        self.refused(entente("unpack", stick, "--data", fr), BAD_INPUT, "cut short")
        stick.write_bytes(b"GIF89a")
        self.refused(entente("unpack", stick, "--data", fr), BAD_INPUT, "entente/pack/v1")
        other = Sticks(self.folder / "other").begun()
        self.refused(entente("unpack", other.pack("msf", "fr"), "--data", fr), BAD_INPUT,
                     "of the charter")
        # A bad one among good ones keeps nobody from the good.
        good_stick = self.world.folder / "good.pack"
        good_stick.write_bytes(good)
        done = self.refused(entente("unpack", stick, good_stick, "--data", fr), BAD_INPUT,
                            "msf-fr.pack")
        self.assertIn("good.pack: from msf", done.out)

    def test_3_say_what_to_do(self):
        msf = self.world.dir("msf")
        there = self.world.pack("msf", "un")
        self.refused(entente("pack", "--to", "un", "--out", there, "--data", msf), BAD_INPUT,
                     "is there already")
        self.refused(entente("pack", "--to", "nobody", "--out", there, "--data", msf), BAD_INPUT)
        self.refused(entente("unpack", self.folder / "none", "--data", msf), BAD_INPUT, "none")
        # A node that lost what it had is told to ask for all.
        whole = self.world.pack("msf", "fr", "--whole")
        again = self.world.must("unpack", whole, "--data", self.world.dir("fr"), "--json").json
        self.assertEqual(again["releases"], 0)
        self.assertGreater(whole.stat().st_size, self.world.pack("msf", "fr").stat().st_size)

    def test_4_what_a_party_protected_that_the_charter_names_no_more_stays(self):
        """PROTOCOL 8: a version without it relaxes nothing"""
        second = self.world.folder / "second.toml"
        self.world.must("charter", "amend", self.world.charter, "--out", second)
        text = second.read_text()
        blocks = re.findall(r"\[\[party\]\]\n.*?\n(?=\[)", text, re.DOTALL)
        (msf,) = [block for block in blocks if 'id = "msf"' in block]
        second.write_text(text.replace(msf, ""))
        self.world.sign(second, "fr", "ru", "un")
        self.world.adopt(second, "fr")
        found = self.check("fr")
        self.exits(CONFLICT, found)
        self.assertIn(self.record, found.out)
        self.assertIn("author_left", found.out)


if __name__ == "__main__":
    main()
