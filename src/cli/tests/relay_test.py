#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Relays (PROTOCOL 28) with three real nodes: fr and ru state no address and never talk to each
other, un does. A protection that fr releases to ru reaches it over un's node, ru's receipt comes
back, and what un keeps for them shows nothing of either."""
import re

from charter_world import World
from harness import BAD_INPUT, CONFLICT, Case, INCOMPLETE, circle, entente, main, write_json
from http_node import Node

AT = (36.3, 33.5)
SECRET = "EXERCISE a name that nobody in between reads"
ROUNDS = 20


class Three(World):
    """fr and ru with `relay = "un"` and no address."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        self.charter = folder / "charter.toml"
        self.must("charter", "new", "--name", "moscow", "--out", self.charter, "--exercise")
        for party in ("fr", "ru", "un"):
            reach = ("--address", "https://127.0.0.1:8713") if party == "un" else ("--relay", "un")
            self.must("init", "--data", self.dir(party), "--party", party, "--name", party.upper(),
                      "--charter", self.charter, "--officers", 1, *reach)
            port = 'peer_listen = "127.0.0.1:0"\n' if party == "un" else ""
            (self.dir(party) / "entente.toml").write_text(port + "poll_every_s = 3600\n")
        self.must("charter", "add", self.charter,
                  *(self.card(party) for party in ("fr", "ru", "un")))
        self.sign(self.charter, "fr", "ru", "un")
        self.adopt(self.charter, "fr", "ru", "un")


def by_party(answer):
    return {one["party"]: one for one in answer["peers"]}


class Relay(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Three(cls.folder / "world")
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def check(self, party):
        return entente("check", self.plan, "--data", self.world.dir(party))

    def until(self, said):
        """Both ask un, in turns, until it is so; as often as a poll would, and no more."""
        for _ in range(ROUNDS):
            if said():
                return
            for party in ("fr", "ru"):
                self.must("sync", "un", of=party)
        self.assertTrue(said(), "nothing came over the relay")

    def rungs(self):
        receipts = self.must("receipts", "--json", of="fr").json["receipts"]
        return {one["rung"] for one in receipts if one["from"] == "ru"}

    def test_a_protection_reaches_who_cannot_be_asked_and_its_receipt_comes_back(self):
        said = self.must("protect", "add", "--class", "hospital", "--name", SECRET, "--lat", AT[1],
                         "--lon", AT[0], "--radius-m", 60, "--to", "ru", of="fr")
        record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        self.exits(INCOMPLETE, self.check("ru"))
        with Node(self.world.dir("un")) as un:
            for party in ("fr", "ru"):
                self.must("peer", "add", "un", "--address", un.peer_address, of=party)
            with Node(self.world.dir("fr")), Node(self.world.dir("ru")):
                self.until(lambda: self.check("ru").code == CONFLICT)
                self.until(lambda: {"opened", "read_back"} <= self.rungs())
                self.assertIn(record, self.check("ru").out)
                self.exits(BAD_INPUT, entente("show", record, "--data", self.world.dir("un")))
                for party, other in (("fr", "ru"), ("ru", "fr")):
                    status = by_party(self.must("peer", "status", "--json", of=party).json)[other]
                    self.assertEqual(status["misdeeds"], [], party)
                    self.assertEqual(status["missing"], [], party)
                    self.assertGreater(status["final"], 0)
            kept = list((self.world.dir("un") / "relay").iterdir())
            self.assertEqual({path.name for path in kept}, {"fr.ru.pack", "ru.fr.pack"})
            for path in kept:
                self.assertNotIn(SECRET.encode(), path.read_bytes())
                self.assertNotIn(b"entente/parcel", path.read_bytes())
            # Nor is it for anybody but the one that it was left for.
            done = entente("unpack", kept[0], "--data", self.world.dir("un"))
            self.exits(BAD_INPUT, done)
        # The same by the verb alone, where nobody serves fr.
        with Node(self.world.dir("un")) as un:
            self.must("peer", "add", "un", "--address", un.peer_address, of="fr")
            self.must("peer", "add", "un", "--address", un.peer_address, of="ru")
            self.must("protect", "amend", record, "--buffer-m", 900, of="fr")
            self.until(lambda: entente("show", record, "--json", "--data",
                                       self.world.dir("ru")).json["version"] == 2)


if __name__ == "__main__":
    main()
