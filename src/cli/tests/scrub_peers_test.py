#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""entente scrub --from-peers: a flipped bit in one's own log or in the copy of another's is found
and mended from what other parties' nodes serve, over TLS; nothing is taken that does not lead to
what the log signed."""
import random
import re
import shutil
import sqlite3

from charter_world import World
from harness import Case, FAILURE, OK, circle, entente, main, write_json
from http_node import Node

SEED = 5
AT = (36.3, 33.5)


def contents(path):
    """Every row of every table but what only says when something was heard."""
    db = sqlite3.connect(f"file:{path / 'entente.db'}?mode=ro", uri=True)
    try:
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
                for table in ("head", "entry", "body", "document", "release", "cosignature")}
    finally:
        db.close()


class ScrubPeers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(SEED)
        cls.world = World(cls.folder / "world").begun()
        for party in ("fr", "ru", "msf", "un"):
            (cls.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))
        for number in range(12):
            said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                            AT[1], "--lon", AT[0] + number / 10, "--radius-m", 60, of="msf")
            record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
            cls.must("release", record, "--to", "fr", "--tier", "exact", of="msf")
        with Node(cls.world.dir("msf")) as msf:
            for party in ("fr", "ru"):
                cls.must("peer", "add", "msf", "--address", msf.peer_address, of=party)
                cls.must("sync", "msf", of=party)
        with Node(cls.world.dir("fr")) as node:
            cls.must("peer", "add", "fr", "--address", node.peer_address, of="msf")
            cls.must("sync", "fr", of="msf")
        with Node(cls.world.dir("msf")) as msf:
            for party in ("fr", "ru"):
                cls.must("peer", "add", "msf", "--address", msf.peer_address, of=party)
                cls.must("sync", "msf", of=party)

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def copy(self, party):
        path = self.folder / ("copy-" + party)
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.world.dir(party), path, ignore=shutil.ignore_patterns("node.sock"))
        return path

    def flip(self, path, table, column, which):
        db = sqlite3.connect(path / "entente.db")
        try:
            rows = db.execute(f"SELECT origin, idx, {column} FROM {table} WHERE {which}").fetchall()
            origin, index, value = self.rng.choice(rows)
            flipped = bytearray(value)
            flipped[self.rng.randrange(len(value))] ^= 1 << self.rng.randrange(8)
            with db:
                db.execute(f"UPDATE {table} SET {column} = ? WHERE origin = ? AND idx = ?",
                           (bytes(flipped), origin, index))
        finally:
            db.close()

    def know(self, path, **nodes):
        for party, node in nodes.items():
            self.world.must("peer", "add", party, "--address", node.peer_address, "--data", path)

    def test_1_a_good_store_with_copies_of_others_logs_has_nothing_damaged(self):
        for party in ("fr", "msf", "ru"):
            said = self.must("scrub", "--json", of=party).json
            self.assertEqual(said["findings"], [], party)
            self.assertGreater(said["logs"], 1)

    def test_2_ones_own_log_is_mended_from_a_copy(self):
        path = self.copy("msf")
        good = contents(path)
        verified = self.world.must("log", "verify", "--data", path, "--json").json
        for _ in range(6):
            self.flip(path, "entry", "bytes", "origin LIKE '%/msf'")
            self.exits(FAILURE, entente("log", "verify", "--data", path))
            self.exits(FAILURE, entente("scrub", "--data", path))
            with Node(self.world.dir("fr")) as fr:
                self.know(path, fr=fr)
                done = self.exits(OK, entente("scrub", "--from-peers", "--data", path))
            self.assertIn("repaired from the copy of fr", done.out)
            self.assertIn("ru could not be asked", done.out)
            self.assertEqual(contents(path), good)
        again = self.world.must("log", "verify", "--data", path, "--json").json
        self.assertEqual((again["tree_size"], again["root"]),
                         (verified["tree_size"], verified["root"]))

    def test_3_so_is_the_copy_of_anothers(self):
        path = self.copy("fr")
        good = contents(path)
        answered = entente("check", self.plan, "--data", path, "--json").json
        for source, word in (("msf", "msf"), ("ru", "ru")):
            self.flip(path, "entry", "bytes", "origin LIKE '%/msf'")
            with Node(self.world.dir(source)) as node:
                self.know(path, **{source: node})
                done = self.exits(OK, entente("scrub", "--from-peers", "--data", path))
            self.assertIn("repaired from the copy of " + word, done.out)
            self.assertEqual(contents(path), good)
        again = entente("check", self.plan, "--data", path, "--json")
        self.assertEqual(again.json["findings"], answered["findings"])

    def test_4_without_anybody_to_ask_it_says_so_and_changes_nothing(self):
        path = self.copy("msf")
        self.flip(path, "entry", "bytes", "origin LIKE '%/msf'")
        before = contents(path)
        done = self.exits(FAILURE, entente("scrub", "--from-peers", "--data", path))
        self.assertIn("fr could not be asked", done.out)
        self.assertEqual(contents(path), before)
        (path / "keys" / "channel").unlink()
        done = self.exits(FAILURE, entente("scrub", "--from-peers", "--data", path))
        self.assertIn("no peer was asked", done.out)


if __name__ == "__main__":
    main()
