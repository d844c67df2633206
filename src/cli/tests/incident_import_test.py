#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Incidents out of lists that others keep. The 1,848 of UCDP GED for the Central African Republic,
each compared with what this script reads out of the file itself; brought again, changed, and
spoilt; and a table shaped as ACLED's."""
import gzip
import json
import math
import unittest
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, Case, OK, Register, main, shared_data, write_csv

DATA = shared_data()

PLACES = ["unstated", "exact", "near", "district", "region", "region", "country", "country"]
TIMES = ["unstated", "day", "week", "week", "month", "year"]
ACLED = ["event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
         "actor2", "location", "latitude", "longitude", "geo_precision", "source", "notes",
         "fatalities"]


def span(start, end, lon):
    """The hours of UTC that hold these days by the clock there, which is within four hours of the
    sun's."""
    ahead, behind = (14, 12) if abs(lon) > 150 else (
        math.ceil(lon / 15 + 4 - 1e-9), math.ceil(4 - lon / 15 - 1e-9))
    begin, until = (datetime.fromisoformat(one[:10]).replace(tzinfo=timezone.utc)
                    for one in (start, end))
    return tuple(one.strftime("%Y-%m-%dT%H:%M:%SZ") for one in (
        begin - timedelta(hours=ahead), until + timedelta(days=1, hours=behind)))


class Import(Case):
    def take(self, register, file, *more, code=OK):
        done = register.run("incident", "import", file, "--contact", "EXERCISE analysis",
                            "--json", *more)
        self.exits(code, done)
        return done.json

    def all_of(self, register):
        out, cursor = [], ()
        while True:
            page = register.run("incident", "list", "--json", *cursor).json
            out += page["statements"]
            if page["next"] is None:
                return out
            cursor = ("--cursor", page["next"])

    @unittest.skipUnless(DATA, "the real list is in ../shared/data")
    def test_1_ucdp_as_it_stands_in_the_file(self):
        """every row, by a second reading of the file"""
        path = DATA / "ucdp" / "GEDEvent_v23_1_CAF.geojson.gz"
        rows = [one for one in json.loads(gzip.open(path).read())["features"]]
        register = Register(self.folder / "ucdp")
        dry = self.take(register, path, "--list", "ucdp", "--dry-run")
        self.assertEqual((dry["added"], self.all_of(register)), (len(rows), []))
        done = self.take(register, path, "--list", "ucdp")
        self.assertEqual((done["rows"], done["added"], done["refused"]), (1848, 1848, 0))
        said = {one["said"]["list_id"]: one["said"] for one in self.all_of(register)}
        self.assertEqual(len(said), 1848)
        for row in rows:
            self.judge(row, said[str(row["properties"]["id"])])
        again = self.take(register, path, "--list", "ucdp")
        self.assertEqual((again["added"], again["corrected"], again["same"]), (0, 0, 1848))

    def judge(self, row, said):
        was = row["properties"]
        self.assertEqual((said["from"], said["until"]),
                         span(was["date_start"], was["date_end"],
                              row["geometry"]["coordinates"][0]), was["id"])
        self.assertEqual(said["time_precision"], TIMES[was["date_prec"]])
        self.assertEqual(said["place_precision"], PLACES[was["where_prec"]])
        feature = said["volumes"]["features"][0]
        for mine, theirs in zip(feature["geometry"]["coordinates"],
                                row["geometry"]["coordinates"]):
            self.assertAlmostEqual(mine, theirs, 7)
        self.assertEqual(said.get("accuracy_m"), 25000 if was["where_prec"] == 2 else None)
        by_basis = {one["basis"]: one for one in said["casualties"]}
        whole = by_basis["all of them"]
        self.assertEqual((whole["least"], whole["best"], whole["most"]),
                         (min(was["low"], was["best"]), was["best"],
                          max(was["high"], was["best"])), was["id"])
        self.assertEqual((whole["category"], whole["harm"]), ("all", "killed"))
        for basis, column in (("side a", "deaths_a"), ("side b", "deaths_b"),
                              ("civilians", "deaths_civilians"),
                              ("not known which", "deaths_unknown")):
            self.assertEqual(by_basis[basis]["best"], was[column], was["id"])
        self.assertNotIn("who", said)
        self.assertIn(was["dyad_name"], said["text"])

    def test_2_a_list_that_shrinks_and_changes(self):
        """corrects what is other by now, and takes nothing back"""
        register = Register(self.folder / "acled")
        row = ["SYR1", "2015-10-03", "1", "Explosions/Remote violence", "Air/drone strike", "A",
               "B", "EXERCISE", "36.65", "68.85", "2", "AFP; Reuters", "EXERCISE notes", "42"]
        second = ["SYR2", "2015-10-04", "3", "Battles", "Armed clash", "A", "B", "EXERCISE", "36.7",
                  "68.9", "1", "AFP", "EXERCISE", "0"]
        file = write_csv(self.folder / "a.csv", [row, second], ACLED)
        self.assertEqual(self.take(register, file, "--list", "acled")["added"], 2)
        said = {one["said"]["list_id"]: one for one in self.all_of(register)}
        first = said["SYR1"]["said"]
        self.assertEqual((first["sort"], first["list"]), ("air_drone_strike", "ACLED"))
        self.assertEqual([one["line"] for one in first["sources"]], ["AFP", "Reuters"])
        self.assertEqual(first["casualties"][0]["best"], 42)
        self.assertNotIn("casualties", said["SYR2"]["said"], "0 is no word there")
        self.assertEqual((said["SYR2"]["said"]["from"], said["SYR2"]["said"]["until"]),
                         span("2015-09-04", "2015-11-03", 68.9))
        self.assertLess(first["from"], "2015-10-02T21:38:00Z", "02:08 on the 3rd, by its clock")
        self.assertGreater(first["until"], "2015-10-03T19:29:00Z")
        register.must("incident", "amend", first_id := said["SYR1"]["id"], "--from",
                      "2015-10-02T21:30:00Z", "--until", "2015-10-02T22:45:00Z",
                      "--time-precision", "minute", "--casualties",
                      "category=all;harm=killed;best=42;basis=all of them", "--casualties",
                      "category=medical;harm=killed;best=14;basis=by name")
        row[-1] = "0"
        file = write_csv(self.folder / "b.csv", [row], ACLED)
        done = self.take(register, file, "--list", "acled")
        self.assertEqual((done["corrected"], done["same"]), (1, 0))
        now = {one["said"]["list_id"]: one for one in self.all_of(register)}
        self.assertEqual([one["basis"] for one in now["SYR1"]["said"]["casualties"]], ["by name"],
                         "what people counted stays, what the list counted is its own to change")
        self.assertEqual((now["SYR1"]["id"], now["SYR1"]["said"]["from"],
                          now["SYR1"]["said"]["time_precision"]),
                         (first_id, "2015-10-02T21:30:00Z", "minute"),
                         "what is known here more precisely than the list has it stays")
        self.assertEqual((now["SYR1"]["version"], now["SYR2"]["version"]), (3, 1))
        self.exits(OK, register.run("incident", "withdraw", now["SYR2"]["id"]))
        file = write_csv(self.folder / "c.csv", [second], ACLED)
        done = self.take(register, file, "--list", "acled")
        self.assertEqual((done["withdrawn"], done["added"]), (1, 0), "its author's word stands")

    def test_3_rows_that_cannot_be_read_are_named(self):
        """with the column and what it holds; the others are taken"""
        register = Register(self.folder / "spoilt")
        good = ["X1", "2015-10-03", "1", "Battles", "", "", "", "", "1", "2", "1", "", "", ""]
        bad = {"event_date": "03/10/2015", "latitude": "36,65", "fatalities": "many",
               "event_id_cnty": ""}
        rows = [good] + [[value if name == column else cell for name, cell in zip(ACLED, good)]
                         for column, value in bad.items()]
        file = write_csv(self.folder / "bad.csv", rows, ACLED)
        done = register.run("incident", "import", file, "--list", "acled", "--contact", "x")
        self.exits(BAD_INPUT, done)
        self.assertIn("5 rows: 1 added", done.out)
        for number, column in enumerate(bad, 2):
            self.assertIn(f"row {number}: column '{column}'", done.err)
        self.exits(BAD_INPUT, register.run("incident", "import", file, "--list", "gdelt",
                                           "--contact", "x"))


if __name__ == "__main__":
    main()
