#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PROTOCOL 11 with the finished program: fr and ru never reach each other, msf reaches both. What
fr released to ru waits with msf, sealed; ru fetches it there, and fr's `receipts` says since when
it waited and when it was fetched, by msf's signed word."""
import re
import socket

from charter_world import PARTIES, World
from harness import CONFLICT, Case, circle, entente, main, write_json
from http_node import Node


AT = (36.3, 33.5)


class Deposit(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        free = [socket.create_server(("127.0.0.1", 0)) for _ in PARTIES]
        ports = {party: one.getsockname()[1] for party, one in zip(PARTIES, free)}
        for one in free:
            one.close()
        cls.world = World(cls.folder / "world", ports=ports)
        text = cls.world.charter.read_text()
        # A receipt is owed within a second: nothing here waits for an hour.
        cls.world.charter.write_text(re.sub(r"receipt_due_s = \d+", "receipt_due_s = 1", text))
        cls.world.begun()
        for party in PARTIES:
            (cls.world.dir(party) / "entente.toml").write_text(
                f'peer_listen = "127.0.0.1:{ports[party]}"\npoll_every_s = 3600\n')
        for party, other in (("fr", "ru"), ("ru", "fr")):  # nobody listens there
            cls.world.must("peer", "add", other, "--address", "https://127.0.0.1:1", "--data",
                           cls.world.dir(party))

    def of(self, party, *words):
        return self.world.must(*words, "--data", self.world.dir(party))

    def test_what_cannot_be_brought_waits_with_a_third(self):
        plan = write_json(self.folder / "plan.geojson", circle(*AT, 300))
        with Node(self.world.dir("msf")), Node(self.world.dir("fr")), Node(self.world.dir("ru")):
            self.of("fr", "sync", "msf")
            said = self.of("fr", "protect", "add", "--class", "hospital", "--name", "EXERCISE",
                           "--lat", AT[1], "--lon", AT[0], "--radius-m", 60)
            self.of("fr", "release", re.search(r"\b[a-z2-7]{16}\b", said.out).group(), "--to", "ru",
                    "--tier", "exact")
            waiting = []
            while not waiting:
                self.of("msf", "sync", "fr")
                self.of("fr", "sync", "msf")
                waiting = self.of("fr", "receipts", "--json").json["deposits"]
            self.assertEqual([(one["party"], one["with"]) for one in waiting], [("ru", "msf")])
            self.assertNotIn("fetched", waiting[0])
            self.assertIn("ru was not reached: what is released to it up to 1 waits with msf ",
                          self.of("fr", "receipts").out)
            while self.run_check(plan) != CONFLICT:
                self.of("ru", "sync", "msf")
            while "fetched" not in waiting[0]:
                self.of("fr", "sync", "msf")
                waiting = self.of("fr", "receipts", "--json").json["deposits"]
            self.assertGreaterEqual(waiting[0]["fetched"], waiting[0]["held"])
            self.assertIn("fetched by it ", self.of("fr", "receipts").out)
        # It lies nowhere in msf's files in the clear, nor is it msf's to see.
        for path in self.world.dir("msf").rglob("*"):
            if path.is_file():
                self.assertNotIn(b"EXERCISE\"", path.read_bytes(), path)

    def run_check(self, plan):
        return entente("check", plan, "--data", self.world.dir("ru")).code


if __name__ == "__main__":
    main()
