#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An outside witness that the charter names, of another hand than entente (witness.py), asked by a
served node over loopback: what it cosigns, what `peer status` says of it, and that it stands in
evidence as a clock of its own."""
import shutil

from charter_world import World
from harness import Case, OK, entente, main
from http_node import Node
from witness import Witness


class Outside(Case):
    def setUp(self):
        super().setUp()
        self.witness = Witness()
        self.addCleanup(self.witness.close)
        self.addCleanup(shutil.rmtree, self.witness.folder)
        shutil.rmtree(self.folder / "world", ignore_errors=True)
        self.world = World(self.folder / "world")
        self.named(self.world.charter)
        self.world.begun()
        self.msf = self.world.dir("msf")
        # The charter's ports may be anybody's on this machine.
        (self.msf / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\npoll_every_s = 0.2\n')
        self.witness.know(self.world.must("log", "vkey", "--data", self.msf).out.strip())

    def named(self, charter):
        """The charter, with the witness in it."""
        text = charter.read_text()
        table = (f'\n[[witness]]\nname = "harbour"\nvkey = "{self.witness.vkey()}"\n'
                 f'url = "{self.witness.url}"\n')
        at = text.find("\n[signatures]")
        charter.write_text(text + table if at < 0 else text[:at] + table + text[at:])
        return charter

    def say(self):
        return self.world.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                               "--lat", 33.5, "--lon", 36.3, "--radius-m", 25, "--json", "--data",
                               self.msf).json["id"]

    def status(self):
        peers = self.world.must("peer", "status", "--data", self.msf, "--json").json
        self.assertEqual(len(peers["witnesses"]), 1)
        return peers["witnesses"][0]

    def cosigned(self):
        """The size of a head whose cosignature the node has taken in: only then it asks for the
        next."""
        size = self.witness.next("cosigned")[1]
        self.say()
        self.witness.next("cosigned")
        return size

    def test_cosigns_and_stands_in_evidence(self):
        with Node(self.msf):
            self.cosigned()
            record = self.say()
            size = self.cosigned()
            status = self.status()
            self.assertGreaterEqual(status["cosigned"], size)
            self.assertIn("answered", status)
            self.assertNotIn("trouble", status)
            text = self.world.must("peer", "status", "--data", self.msf).out
            self.assertIn("witness harbour has cosigned", text)
            file = self.folder / "it.evidence"
            self.world.must("evidence", record, "--out", file, "--data", self.msf)
        done = entente("verify", file, "--charter", self.world.charter, "--json")
        self.assertEqual(done.code, OK, done)
        times = [one for one in done.json["lines"] if one["code"] == "time"]
        self.assertEqual({one["by"] for one in times}, {self.witness.name}, times)
        self.assertNotIn("time_unproven", {one["code"] for one in done.json["lines"]})

    def test_goes_on_after_a_restart_with_a_proof(self):
        with Node(self.msf):
            size = self.cosigned()
        self.assertGreaterEqual(self.status()["cosigned"], size)
        with Node(self.msf):
            self.say()
            self.witness.next("named")
            self.assertGreater(self.cosigned(), size)

    def test_that_lies_is_named_and_believed_again_later(self):
        self.witness.lies = True
        with Node(self.msf):
            self.witness.next("lied")
            self.witness.next("lied")  # so the first answer was taken in
            status = self.status()
            self.assertEqual(status["cosigned"], 0)
            self.assertIn("no cosignature of witness.test/harbour", status["trouble"])
            self.assertIn("no cosignature of",
                          self.world.must("peer", "status", "--data", self.msf).out)
            self.witness.lies = False
            self.cosigned()
            self.assertNotIn("trouble", self.status())


if __name__ == "__main__":
    main()
