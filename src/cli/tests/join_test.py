#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 1 of issue 6: the 1,848 incidents of UCDP GED for the Central African Republic, joined
to a register that four parties made around them over twenty years, by clocks that run as these
years did (libfaketime). Every row, on the author's node and on those of parties that were given
places, areas or nothing, is worked out a second time by second_join.py from vaults, and what it
reads is compared with the logs as they are exported. In ./test every 12th incident, in its long
form each of them."""
import base64
import csv
import gzip
import hashlib
import json
import os
import random
import re
import tomllib
import unittest
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from harness import BAD_INPUT, Case, LONG, OK, circle, entente, main, shared_data, write_json
from http_node import Node
from receipts_test import Sticks
from charter_world import PARTIES
from second_join import Holdings

DATA = shared_data()
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
NEVER = "aaaaaaaaaaaaaaaa"
WITHIN = 2000


@contextmanager
def clock(text):
    """The program's clock stands here now, and runs on as any does."""
    before = dict(os.environ)
    began = datetime.fromisoformat(text + "T12:00:00+00:00") - datetime.now(timezone.utc)
    os.environ.update(LD_PRELOAD=str(FAKETIME), FAKETIME=f"{round(began.total_seconds()):+d}",
                      FAKETIME_DONT_FAKE_MONOTONIC="1")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def millis(text):
    if text is None:
        return float("inf")
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
    at = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    return round(at.timestamp() * 1000)


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


class Register:
    """What four parties said around the places of the incidents, from 2001 to 2023."""

    def __init__(self, folder, rows):
        self.rng = random.Random(20151103)
        self.folder, self.rows, self.owner, self.at = folder, rows, {}, {}
        self.spots = sorted({tuple(one["geometry"]["coordinates"]) for one in rows})
        self.compared = rows if LONG else rows[::12]
        with clock("2001-01-01"):
            self.world = Sticks(folder / "world", officers=1).begun()
            self.rounds()
        with clock("2012-06-01"):
            first = self.import_places("un", "first", 150)
            self.give(first[:100], "fr", "exact")
            self.give(first[50:], "ru", "coarse")
            self.rounds()
        with clock("2013-03-01"):
            self.load(first[28:34] + first[80:90], 0.004)  # some of which are passed on as they are
            spared = [word for one in [first[3], *first[80:100]] for word in ("--except", one)]
            self.must("receipt", "give", "--all-of", "un", *spared, "--rung", "passed", "--unit",
                      "OPS", of="fr")
            self.must("receipt", "give", *first[36:80], "--rung", "confirmed", "--unit", "TACC",
                      of="fr")
            self.must("receipt", "give", first[9], *first[22:28], "--rung", "refused", "--reason",
                      "EXERCISE no such place", of="fr")
            self.load(first[10:16] + first[90:100], 0)
            self.load(first[16:22], 0.004)
            self.sealed = self.seal_a_check()
            self.rounds()
        with clock("2014-06-01"):
            self.load(first[80:90], 0)
            for one in first[:12]:
                self.must("protect", "amend", one, "--buffer-m", 1500, of="un")
            for one in first[12:24]:
                self.must("protect", "amend", one, "--buffer-m", 10, of="un")
            for one in first[24:36] + first[100:112]:
                self.must("protect", "withdraw", one, of="un")
            self.give(first[60:64], "ru", "exact")
            self.rounds()
        with clock("2016-01-01"):
            self.give(self.import_places("un", "second", 60), "fr", "coarse")
            for one in first[12:18]:  # what was made less is as much as before
                self.must("protect", "amend", one, "--buffer-m", 2000, of="un")
            self.give(self.import_places("fr", "third", 40), "un", "exact")
            self.rounds()
            self.must("receipt", "give", "--all-of", "fr", "--rung", "passed", "--unit", "HQ",
                      of="un")
        with clock("2023-07-01"):
            self.must("open", self.sealed, "--to", "un", of="fr")
            self.must("incident", "import", self.reduced(), "--list", "ucdp", "--contact",
                      "EXERCISE analysis", "--to", "fr,ru", of="un")
            self.rounds()

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def rounds(self):
        for _ in range(3):
            self.world.round()

    def give(self, records, to, tier):
        self.must("release", *records, "--to", to, "--tier", tier, of=self.owner[records[0]])

    def load(self, records, off):
        """fr's own system gives back where it has them, so many degrees off to the north."""
        at = [word for lon, lat in map(self.at.get, records)
              for word in ("--coordinates", f"{lat + off},{lon}")]
        self.must("receipt", "give", *records, "--rung", "loaded", *at, of="fr")

    def import_places(self, party, name, count):
        """Places up to some kilometres from where incidents were, some only for some years."""
        path = self.folder / f"{name}.csv"
        kinds = ("hospital", "school", "camp", "water")
        with open(path, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(("ref", "name", "class", "lat", "lon", "radius_m", "buffer_m",
                          "accuracy_m", "time_start", "time_end", "contact"))
            for number in range(count):
                row = self.rng.choice(self.compared)
                lon, lat = row["geometry"]["coordinates"]
                far = self.rng.choice((0, 0.002, 0.01, 0.04))
                noon = row["properties"]["date_start"][:10] + "T12:00:00Z"
                years = self.rng.choice((("", ""), ("", ""), ("", noon), (noon, ""), (
                    "2013-01-01T00:00:00Z", "2014-08-01T06:00:00Z")))
                out.writerow((f"EX-{name}-{number}", f"EXERCISE {name} {number}",
                              self.rng.choice(kinds),
                              round(lat + self.rng.uniform(-far, far), 6),
                              round(lon + self.rng.uniform(-far, far), 6),
                              self.rng.choice((0, 30, 400)), self.rng.choice(("", 200)),
                              self.rng.choice(("", 50)), *years, "EXERCISE liaison"))
        self.must("import", path, "--yes", of=party)
        listed = json.loads(self.must("list", "--format", "geojson", of=party).out)["features"]
        mine = [one for one in listed
                if one["properties"].get("name", "").startswith(f"EXERCISE {name} ")]
        ids = [one["id"] for one in mine]
        self.at.update({one["id"]: one["geometry"]["coordinates"] for one in mine})
        assert len(ids) == count
        self.owner.update({one: party for one in ids})
        return ids

    def seal_a_check(self):
        """fr looks at the busiest place, and keeps the answer to itself."""
        lon, lat = max(self.spots, key=lambda spot: sum(
            tuple(one["geometry"]["coordinates"]) == spot for one in self.rows))
        plan = write_json(self.folder / "plan.geojson", circle(
            lon, lat, 800, time_start="2013-03-20T00:00:00Z", time_end="2014-12-31T00:00:00Z"))
        done = entente("check", plan, "--seal", "--json", "--data", self.world.dir("fr"))
        return done.json["id"]

    def reduced(self):
        """The list itself, or as many of it as this run compares."""
        path = self.folder / "ged.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": self.compared}),
                        encoding="utf-8")
        return path


@unittest.skipUnless(DATA, "the real list is in ../shared/data")
class DoneWhen1(Case):
    exports = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = json.loads(gzip.open(
            DATA / "ucdp" / "GEDEvent_v23_1_CAF.geojson.gz").read())["features"]
        cls.register = Register(cls.folder, rows)
        cls.count = len(cls.register.compared)

    def dir(self, party):
        return self.register.world.dir(party)

    def exported(self, party):
        """Leaf hashes of its log, as anybody may have it; written once."""
        if party in self.exports:
            return self.exports[party]
        out = self.folder / f"export-{party}"
        self.register.must("log", "export", out, of=party)
        leaves = []
        for path in sorted(out.rglob("tile/entries/**/*")):
            if path.is_dir():
                continue
            data = path.read_bytes()
            while data:
                size = int.from_bytes(data[:2], "big")
                leaves.append(hashlib.sha256(b"\0" + data[2:2 + size]).digest())
                data = data[2 + size:]
        self.exports[party] = set(enumerate(leaves))
        return self.exports[party]

    def holdings(self, party):
        """What the second program reads; every entry of it stands in its log as exported."""
        terms = tomllib.loads(self.register.world.charter.read_text())
        mirrors = {one["mirror"].split("+")[0] for one in terms["party"]}
        buffers = terms["buffers_m"]
        out = Holdings(self.dir(party), party,
                       lambda kind: (buffers.get(kind, buffers["other"]) * 10, 0), mirrors, 3,
                       terms["terms"]["reduce_delay_s"] * 1000)
        logs = {}
        for row in out.rows:
            of = row.origin.split("/")[-1]
            if of not in logs:
                logs[of] = self.exported(of)
            self.assertIn((row.index, row.leaf), logs[of])
        return out

    def compare(self, node, second, seen):
        for record in second.incidents:
            answered = node.ask("GET", f"/v1/joins/{record}?within={WITHIN}")
            self.assertEqual(answered.status, 200, answered.body)
            join = json.loads(answered.body)
            mine, close = second.join(record, WITHIN)
            theirs = {(one["record"], one["version"], one["place"]): one for one in join["rows"]}
            seen["close"] += close
            if close == 0:  # otherwise the shapes' own tolerance decides which rows there are
                self.assertEqual(set(mine), set(theirs), record)
                self.assertEqual({one["party"]: (one["rows"], one["rows_total"])
                                  for one in join["parties"] if one["rows_total"]},
                                 {party: (count, count) for party, count in Counter(
                                     row["author"] for row in mine.values()).items()}, record)
            self.assertEqual(join["anywhere"], second.anywhere(record), record)
            for key in set(mine) & set(theirs):
                self.same_row(mine[key], theirs[key], (record, key), seen, second.party)
            self.same_lines(join, record)
            seen["incidents"] += 1
            seen["checks"] += len(join["checks"])
            seen["checks that named"] += any(one["named"] for one in join["checks"])

    def same_row(self, mine, theirs, where, seen, join_party):
        self.assertAlmostEqual(theirs["distance_m"], mine["distance"],
                               delta=1.1 if mine["coarse"] else 0.06, msg=where)
        self.assertAlmostEqual(theirs["reach_m"], mine["reach"], 6, where)
        for key in ("leaf", "entry", "coarse", "named", "stood", "touches"):
            self.assertEqual(theirs[key], mine[key], (where, key))
        self.assertEqual((millis(theirs["said"]), millis(theirs["until"])),
                         (mine["said"], mine["until"]), where)
        told = sorted((one["party"], one["tier"], one["by_then"], one["refused_by_then"],
                       one["differs_by_then"],
                       [(step["rung"], step["unit"], millis(step["time"]),
                         base64.b64decode(step["leaf"]), step["compared"], step["differs"])
                        for step in one["steps"]])
                      for one in theirs["told"])
        self.assertEqual(told, mine["told"], where)
        seen["given more later"] += len(told) > len({one[0] for one in told})
        hidden = mine["author"] != join_party and not (mine["touches"] or mine["named"])
        self.assertEqual(theirs["name"], "" if hidden else mine["name"], where)
        seen["rows"] += 1
        seen[mine["stood"]] += 1
        seen["coarse"] += mine["coarse"]
        seen["touches"] += mine["touches"] is True
        seen["anywhere"] += mine["touches"] is None
        for _, tier, by_then, refused, differs, steps in told:
            seen["told " + tier] += 1
            seen["by then " + by_then] += 1
            seen["refused by then"] += refused
            seen["differs by then"] += differs
            seen["set right by then"] += by_then == "loaded" and any(one[-1] for one in steps)
            seen["steps"] += len(steps)

    def same_lines(self, join, record):
        """The time line is in order, and has every leaf that the rows and checks rest on."""
        times = [millis(one["time"]) for one in join["lines"]]
        self.assertEqual(times, sorted(times))
        there = {leaf for line in join["lines"] for leaf in line["leaves"]}
        needed = {row["leaf"] for row in join["rows"]} | {join["leaf"]}
        needed |= {check["leaf"] for check in join["checks"]}
        needed |= {step["leaf"] for row in join["rows"] for told in row["told"]
                   for step in told["steps"]}
        self.assertLessEqual(needed, there, record)

    def test_1_every_row_a_second_time(self):
        """on the node of who says the incidents, and on those of who was told"""
        seen = Counter()
        for party in PARTIES:
            with self.subTest(party=party):
                second = self.holdings(party)
                with Node(self.dir(party)) as node:
                    self.compare(node, second, seen)
        self.assertEqual(seen["incidents"], 3 * self.count, "msf was told of none")
        print(dict(seen))
        for what in ("throughout", "partly", "other_hours", "ended", "later", "coarse", "touches",
                     "anywhere", "told exact", "told coarse", "given more later", "steps",
                     "by then confirmed", "by then passed", "by then offered", "by then loaded",
                     "refused by then", "differs by then", "set right by then",
                     "checks that named"):
            self.assertGreater(seen[what], 0, f"the world has no case of {what}: {seen}")
        self.assertLess(seen["close"], seen["rows"] / 100)

    def test_2_what_may_not_be_seen(self):
        """an incident that was not given has no join, as one that never was"""
        record = next(iter(self.holdings("un").incidents))
        with Node(self.dir("msf")) as node:
            answers = [node.ask("GET", f"/v1/joins/{one}") for one in (record, NEVER)]
        self.assertEqual([one.status for one in answers], [404, 404])
        self.assertEqual(*(one.body.replace(id_.encode(), b"ID")
                           for one, id_ in zip(answers, (record, NEVER))))

    def test_3_by_hand(self):
        """the verb, its table, and what it says of bad words"""
        record = next(iter(self.holdings("un").incidents))
        for within, says in (("x", "whole metres"), ("-1", "whole metres"),
                             ("10001", "whole metres")):
            self.refused(entente("incident", "join", record, "--within", within, "--data",
                                 self.dir("un")), BAD_INPUT, says)
        self.refused(entente("incident", "join", NEVER, "--data", self.dir("un")), BAD_INPUT,
                     NEVER)
        done = entente("incident", "join", record, "--lines", "--within", "10000", "--data",
                       self.dir("un"))
        self.exits(OK, done)
        self.assertIn("It does not say who did what.", done.out)
        table = entente("incident", "join", record, "--csv", "--within", "10000", "--data",
                        self.dir("un"))
        rows = list(csv.DictReader(table.out.splitlines()))
        self.assertGreater(len(rows), 0)
        self.assertLessEqual({"record", "stood", "told", "by_then", "leaf", "newer_withheld",
                              "refused_by_then", "differs_by_then", "steps_known"}, set(rows[0]))


if __name__ == "__main__":
    main()
