#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A restored node fetches its own log back (PROTOCOL 26), with the finished program over TLS: an
old backup and the signer as it was; entente scrub --from-peers brings what the others hold of the
log, names what is in no copy, and once every peer has told what it was given the node goes on where
it stopped."""
import re
import shutil
import socket

from charter_world import PARTIES, World
from harness import BAD_INPUT, CONFLICT, Case, FAILURE, OK, circle, entente, main, write_json
from http_node import Node

AT = (36.3, 33.5)
ROUNDS = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Restored(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world")
        text = cls.world.charter.read_text()
        beat = re.search(r"beat_every_s = \d+", text).group()
        cls.world.charter.write_text(text.replace(beat, "beat_every_s = 1"))
        cls.world.begun()
        # A node reads where the others are at its start.
        cls.ports = {party: free_port() for party in PARTIES}
        for party in PARTIES:
            (cls.world.dir(party) / "entente.toml").write_text(
                f'peer_listen = "127.0.0.1:{cls.ports[party]}"\npoll_every_s = 3600\n')
            for other in PARTIES:
                if other != party:
                    cls.world.must("peer", "add", other, "--address",
                                   f"https://127.0.0.1:{cls.ports[other]}", "--data",
                                   cls.world.dir(party))

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def protect(self, lat, *to):
        said = self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                         lat, "--lon", AT[0], "--radius-m", 60, "--to", *to, of="msf")
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    def until(self, said):
        for _ in range(ROUNDS):
            if said():
                return
            # While one of them does not know yet what it has released, asking it may fail.
            for party in PARTIES:
                entente("sync", "--data", self.world.dir(party))
        self.assertTrue(said(), "it never came to be so")

    def missing(self, of):
        return [(one["party"], one["missing"], one["misdeeds"])
                for one in self.must("peer", "status", "--json", of=of).json["peers"]
                if one["misdeeds"] or one["given"] != one["acknowledged"]]

    def test_it_fetches_its_log_and_goes_on(self):
        msf = self.world.dir("msf")
        backup = self.folder / "backup"
        nodes = {}

        def serve(*parties):
            for party in parties:
                nodes[party] = Node(self.world.dir(party))
                nodes[party].__enter__()

        def stop(*parties):
            for party in parties:
                nodes.pop(party).__exit__(None, None, None)

        serve(*PARTIES)
        try:
            first = self.protect(AT[1], "fr", "ru:coarse")
            self.until(lambda: not self.missing("msf"))
            stop("msf")
            self.must("backup", backup, "--with-vault-key", of="msf")
            serve("msf")
            second = self.protect(AT[1] + 1, "fr", "un")
            self.until(lambda: not self.missing("msf"))
            stop("msf")
            log = self.must("log", "verify", "--json", of="msf").json
            # The disk is lost; the signer's memory, kept apart, is not.
            kept = self.folder / "kept"
            shutil.copytree(msf / "signer", kept / "signer")
            shutil.copy(msf / "peers.toml", kept / "peers.toml")
            shutil.rmtree(msf)
            self.world.must("restore", "--data", msf, backup)
            shutil.rmtree(msf / "signer")
            shutil.copytree(kept / "signer", msf / "signer")
            shutil.copy(kept / "peers.toml", msf / "peers.toml")
            halted = entente("protect", "confirm", first, "--until", "2030-01-01T00:00:00Z",
                             "--data", msf)
            self.refused(halted, FAILURE, "signing is halted", "scrub --from-peers")
            done = self.exits(OK, entente("scrub", "--from-peers", "--data", msf))
            self.assertRegex(done.out, r"it ended before its entries \d+ to \d+; repaired from the")
            self.assertIn("are lost: they are in no copy of a log", done.out)
            again = self.must("log", "verify", "--json", of="msf").json
            self.assertEqual((again["tree_size"], again["root"]), (log["tree_size"], log["root"]))
            self.assertIn("nothing is damaged",
                          self.exits(OK, entente("scrub", "--data", msf)).out)
            # Nothing is said before the others have told what they were given.
            self.refused(entente("protect", "confirm", first, "--until", "2030-01-01T00:00:00Z",
                                 "--data", msf), FAILURE, "has not told yet")
            serve("msf")
            self.until(lambda: entente("protect", "confirm", first, "--until",
                                       "2030-01-01T00:00:00Z", "--data", msf).code == OK)
            third = self.protect(AT[1] + 2, "fr")
            self.until(lambda: not self.missing("msf"))
            for record in (first, second, third):
                self.must("show", record, of="fr")
            self.until(lambda: not any(self.missing(party) for party in PARTIES))
            # What it cannot read it says of itself, and loses nothing else.
            plan = write_json(self.folder / "plan.geojson", circle(*AT, 300))
            checked = self.exits(CONFLICT, entente("check", plan, "--data", msf))
            self.assertIn("may protect something but show no place here", checked.out)
            self.exits(BAD_INPUT, entente("show", second, "--data", msf))
        finally:
            stop(*list(nodes))


if __name__ == "__main__":
    main()
