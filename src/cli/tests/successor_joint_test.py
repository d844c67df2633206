#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A party among others goes on in a successor log (PROTOCOL 7, 25, 26), with the finished program
over TLS: its signer is lost, its root says so, the others follow, and releases, receipts and
evidence go on."""
import re
import shutil
import socket

from charter_world import PARTIES, World
from harness import BAD_INPUT, CONFLICT, Case, OK, circle, entente, main, write_json
from http_node import Node

AT = (36.3, 33.5)
ROUNDS = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class SuccessorAmongOthers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world")
        text = cls.world.charter.read_text()
        beat = re.search(r"beat_every_s = \d+", text).group()
        cls.world.charter.write_text(text.replace(beat, "beat_every_s = 1"))
        cls.world.begun()
        ports = {party: free_port() for party in PARTIES}
        for party in PARTIES:
            (cls.world.dir(party) / "entente.toml").write_text(
                f'peer_listen = "127.0.0.1:{ports[party]}"\npoll_every_s = 3600\n')
            for other in PARTIES:
                if other != party:
                    cls.world.must("peer", "add", other, "--address",
                                   f"https://127.0.0.1:{ports[other]}", "--data",
                                   cls.world.dir(party))
        cls.nodes = {}

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def serve(self, *parties):
        for party in parties:
            self.nodes[party] = Node(self.world.dir(party))
            self.nodes[party].__enter__()

    def stop(self, *parties):
        for party in parties:
            self.nodes.pop(party).__exit__(None, None, None)

    def protect(self, lat, *to):
        said = self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                         lat, "--lon", AT[0], "--radius-m", 60, "--to", *to, of="msf")
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    def sync(self):
        for party in PARTIES:
            entente("sync", "--data", self.world.dir(party))

    def until(self, said):
        for _ in range(ROUNDS):
            if said():
                return
            self.sync()
        self.assertTrue(said(), "it never came to be so")

    def peers(self, of):
        return self.must("peer", "status", "--json", of=of).json["peers"]

    def settled(self):
        """Everybody has acknowledged all of everybody, and nobody has anything against another."""
        return not any(one["misdeeds"] or one["given"] != one["acknowledged"]
                       for party in PARTIES for one in self.peers(party))

    def check(self, lat, of):
        plan = write_json(self.folder / "plan.geojson", circle(AT[0], lat, 300))
        return entente("check", plan, "--data", self.world.dir(of))

    def rotate(self, root="msf"):
        return entente("key", "rotate", "log", "--data", self.world.dir("msf"), "--root",
                       self.world.root(root))

    def log_of_msf(self, at):
        return next(one["origin"] for one in self.peers(at) if one["party"] == "msf")

    def test_its_peers_follow_it(self):
        msf = self.world.dir("msf")
        self.serve(*PARTIES)
        try:
            first = self.protect(AT[1], "fr", "ru:coarse")
            ended = self.protect(AT[1] + 3, "fr")
            self.until(self.settled)
            self.stop("msf")
            before = self.must("log", "vkey", of="msf").out.strip()
            self.refused(self.rotate("fr"), BAD_INPUT, "not the root key")
            shutil.rmtree(msf / "signer")
            said = self.exits(OK, self.rotate())
            self.assertRegex(said.out, r"2 records of \S+/msf stated anew")
            self.assertRegex(self.must("log", "vkey", of="msf").out,
                             re.escape(before.split("+")[0]) + r"/2\+")
            self.interrupted(msf)
            self.serve("msf")
            self.until(lambda: self.settled() and all(
                self.log_of_msf(party).endswith("/msf/2") for party in PARTIES if party != "msf"))
            self.exits(CONFLICT, self.check(AT[1], "fr"))
            # What is new reaches them, and they say so.
            second = self.protect(AT[1] + 1, "fr")
            self.until(self.settled)
            self.exits(CONFLICT, self.check(AT[1] + 1, "fr"))
            ladder = self.must("receipts", second, "--json", of="msf").out
            self.assertIn("read_back", ladder)
            for party, record, to in (("msf", second, {"fr"}), ("fr", second, {"fr"}),
                                      ("fr", first, {"fr"}), ("msf", first, {"fr", "ru"}),
                                      ("msf", ended, {"fr"})):
                with self.subTest(party, record=record):
                    self.evidence(party, record, to)
            self.stop("fr")
            for party in ("msf", "fr"):
                if party == "msf":
                    self.stop("msf")
                self.assertIn("nothing is damaged",
                              self.exits(OK, entente("scrub", "--data", self.world.dir(party))).out)
            self.serve("fr", "msf")
            self.exits(CONFLICT, self.check(AT[1], "fr"))
            self.until(self.settled)
            self.must("show", ended, of="fr")
        finally:
            self.stop(*list(self.nodes))

    def evidence(self, party, record, to):
        file = self.folder / f"{party}-{record}.evidence"
        self.must("evidence", record, "--out", file, of=party)
        done = entente("verify", file, "--charter", self.world.charter, "--json")
        self.assertEqual(done.code, OK, done)
        lines = [one for one in done.json["lines"] if one["standing"] == "proven"]
        for code, words in (("told", r" to (\w+), "), ("acknowledged", r"^(\w+) acknowledged ")):
            said = {re.search(words, one["text"]).group(1) for one in lines if one["code"] == code}
            self.assertEqual(said, to, code)
        self.assertNotIn("silent", [one["code"] for one in lines])

    def interrupted(self, done):
        """Before signer/ is in its place nothing is signed, and the same call goes on."""
        again = self.folder / "again"
        shutil.copytree(done, again, ignore=shutil.ignore_patterns("node.sock"))
        (again / "signer").rename(again / "signer.next")
        if (again / "signer.1").exists():
            (again / "signer.1").rename(again / "signer")
        self.assertNotEqual(entente("list", "--data", again).code, OK)
        self.exits(OK, entente("key", "rotate", "log", "--data", again, "--root",
                               self.world.root("msf")))
        self.exits(OK, entente("list", "--data", again))
        self.assertIn("/2+", self.exits(OK, entente("log", "vkey", "--data", again)).out)


if __name__ == "__main__":
    main()
