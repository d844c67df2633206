#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 2, on the real lists of ../shared/data (or ENTENTE_SHARED): they stand in one register,
every row is accounted for, and a batch of plans over Africa (1,000, or 10,000 with ENTENTE_LONG=1)
agrees with a double loop (dw2_brute.cc; ENTENTE_BRUTE names the program)."""
import collections
import csv
import gzip
import json
import math
import os
import random
import subprocess
import sys

from harness import (BAD_INPUT, Case, HANG_S, LONG, OK, Register, SKIPPED, circle, feature, main,
                     shared_data, write_csv, write_json)

DATA = shared_data()
PLANS = 10_000 if LONG else 1_000
EXTRAS = 300
SEED = 2_350_045
AFRICA = (-17.5, -34.8, 51.3, 37.3)

HEALTHSITES = ("health/healthsites_africa.csv.gz", "--class", "clinic")
WHO = ("health/who_ssa_health_facilities.csv.gz", "--class", "clinic")
NUCLEAR = ("power/nuclear_power_plants.csv", "--class", "nuclear")
WRI = ("power/wri_geodb_power_plants.csv", "--class", "power")
LISTS = (HEALTHSITES, WHO, NUCLEAR, WRI)


def rows_of(name):
    path = DATA / name
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if name.endswith(".gz") else \
        path.open(encoding="utf-8", newline="")
    with opened as lines:
        return list(csv.DictReader(lines))


def add_up(plan):
    return (plan["to_add"] + plan["unchanged"] + plan["duplicates"] + plan["to_amend"]
            + plan["refused"])


def window(chance, share):
    """Perhaps a window, perhaps an open one."""
    if chance.random() > share:
        return {}
    day = chance.randrange(1, 28)
    out = {}
    if chance.random() < 0.8:
        out["time_start"] = f"2027-01-{day:02d}T00:00:00Z"
    if chance.random() < 0.8:
        out["time_end"] = f"2027-{chance.choice(('01', '02'))}-{day:02d}T12:00:00+03:00"
    return out


def band(chance, share):
    if chance.random() > share:
        return {}
    lower = chance.randrange(0, 9000, 100)
    reference = chance.choice(("W84", "AGL", "AMSL", "FL"))
    if reference == "FL":
        lower //= 30
    out = {"altitude_reference": reference}
    if chance.random() < 0.8:
        out["altitude_lower"] = lower
    if "altitude_lower" not in out or chance.random() < 0.8:
        out["altitude_upper"] = lower + chance.choice((0, 50, 500))
    return out


def ring(chance, lon, lat, size_m, corners):
    """A star-shaped ring around a point, closed; longitudes run on where they must."""
    dlat = size_m / 111_000
    dlon = dlat / max(0.02, math.cos(math.radians(lat)))
    points = []
    for i in range(corners):
        turn = 2 * math.pi * i / corners
        reach = chance.uniform(0.5, 1)
        points.append([round(lon + math.cos(turn) * dlon * reach, 6),
                       round(max(-90.0, min(90.0, lat + math.sin(turn) * dlat * reach)), 6)])
    return points + points[:1]


def polygon(chance, lon, lat, size_m):
    rings = [ring(chance, lon, lat, size_m, chance.randrange(3, 9) if size_m < 9_000 else 8)]
    if len(rings[0]) > 6 and chance.random() < 0.5:
        rings.append(ring(chance, lon, lat, size_m * 0.2, 5))
    return {"type": "Polygon", "coordinates": rings}


def line(chance, lon, lat, size_m):
    points = [[lon, lat]]
    for _ in range(chance.randrange(1, 5)):
        dlat = chance.uniform(-1, 1) * size_m / 111_000
        dlon = chance.uniform(-1, 1) * size_m / 111_000 / max(0.02, math.cos(math.radians(lat)))
        points.append([round(points[-1][0] + dlon, 6),
                       round(max(-89.9, min(89.9, points[-1][1] + dlat)), 6)])
    return {"type": "LineString", "coordinates": points}


def cap(south):
    """Around a pole, by way of the pole as GeoJSON has it."""
    sign = -1 if south else 1
    return {"type": "Polygon", "coordinates": [[
        [-180, 88 * sign], [-60, 87.5 * sign], [60, 88.5 * sign], [180, 88 * sign],
        [180, 90 * sign], [-180, 90 * sign], [-180, 88 * sign]]]}


class Maker:
    """Plans, and protections for them to meet, around places that are worth it."""

    def __init__(self, seed, towns):
        self.chance = random.Random(seed)
        self.towns = towns

    def place(self):
        kind = self.chance.random()
        if kind < 0.70:
            lon, lat = self.chance.choice(self.towns)
            return lon + self.chance.gauss(0, 0.05), lat + self.chance.gauss(0, 0.05)
        if kind < 0.85:
            west, south, east, north = AFRICA
            return self.chance.uniform(west, east), self.chance.uniform(south, north)
        if kind < 0.93:
            return (self.chance.choice((179.99, -179.99, 180, -180)),
                    self.chance.uniform(-60, 75))
        return self.chance.uniform(-180, 180), self.chance.choice((-1, 1)) * (
            90 - self.chance.choice((0, 0.001, 0.01, 0.1, 1)))

    def shape(self, size_m, **properties):
        lon, lat = (round(v, 7) for v in self.place())
        kind = self.chance.random()
        if kind < 0.02:
            return feature(cap(self.chance.random() < 0.5), **properties)
        if kind < 0.45 or abs(lat) > 89.5:
            return circle(lon, lat, round(size_m, 1), **properties)
        if kind < 0.75:
            return feature(polygon(self.chance, lon, lat, size_m), **properties)
        return feature(line(self.chance, lon, lat, size_m),
                       half_width_m=round(size_m / self.chance.uniform(5, 50), 1), **properties)

    def plan(self):
        size_m = 10 ** self.chance.uniform(1.5, 3.7 if self.chance.random() < 0.95 else 4.5)
        return self.shape(size_m, **band(self.chance, 0.4), **window(self.chance, 0.4))

    def protection(self, number):
        buffer = {"buffer_m": self.chance.choice((0, 10, 250, 3000))} \
            if self.chance.random() < 0.7 else {}
        accuracy = {"accuracy_m": self.chance.choice((0, 5, 100))} \
            if self.chance.random() < 0.5 else {}
        return self.shape(10 ** self.chance.uniform(1, 4), ref=f"x{number}", name=f"Extra {number}",
                          **{"class": "other"}, **buffer, **accuracy, **band(self.chance, 0.5),
                          **window(self.chance, 0.5))


class RealData(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = Register(cls.folder / "reg")
        cls.dry, cls.plans = {}, {}
        empty = cls.register.head()
        for name, *words in LISTS:
            if name == WRI[0]:
                cls.dry[name] = cls.register.must("import", DATA / name, *words, "--dry-run",
                                                  "--json").json
                cls.before_wri = cls.register.head()
            done = cls.register.must("import", DATA / name, *words, "--yes", "--json")
            cls.plans[name] = json.loads(done.out.splitlines()[0])
        assert empty[0] < cls.register.head()[0]

    def test_1_every_row_is_accounted_for(self):
        """accepted + unchanged + duplicates + refused = rows, in each list and in the log"""
        for (name, *_), rows in zip(LISTS, (56_854, 98_745, 804, 9_998)):
            plan = self.plans[name]
            self.assertEqual((plan["rows"], add_up(plan)), (rows, rows), name)
            self.assertEqual(len(plan["refusals"]), plan["refused"])
        added = sum(plan["to_add"] for plan in self.plans.values())
        self.assertEqual(self.register.head()[0], added + 2)  # charter and key come first
        rows = sum(plan["rows"] for plan in self.plans.values())
        print(f"{added:,} of {rows:,} rows added", flush=True)

    def test_2_rows_without_coordinates_are_refused_by_name(self):
        """2,350 rows of WHO and 45 nuclear plants: refused, by row, name and reason"""
        for (name, *_), column, at in ((WHO, "Facility name", ("Lat", "Long")),
                                       (NUCLEAR, "Name", ("Latitude", "Longitude"))):
            wanted = {i: row[column] for i, row in enumerate(rows_of(name), 1)
                      if not row[at[0]] or not row[at[1]]}
            got = {one["row"]: one["name"] for one in self.plans[name]["refusals"]
                   if "no coordinates" in one["reason"]}
            self.assertEqual(len(wanted), 2_350 if name == WHO[0] else 45)
            self.assertEqual(got, wanted)

    def test_3_repeats_are_told_from_contradictions(self):
        """healthsites: rows alike under one uuid are duplicates, rows that differ are refused"""
        fields = self.plans[HEALTHSITES[0]]["mappings"][0]["fields"]
        mapped = {choice["field"]: choice["column"] for choice in fields}
        self.assertEqual(mapped, {"ref": "uuid", "name": "name", "class": "amenity", "lat": "lat",
                                  "lon": "lon"})
        groups = collections.defaultdict(list)
        for row in rows_of(HEALTHSITES[0]):
            # As it is stated: to 1e-7 degrees, and a clinic what is no hospital.
            groups[row["uuid"]].append((row["name"].strip(), row["amenity"] == "hospital",
                                        round(float(row["lat"]), 7), round(float(row["lon"]), 7)))
        duplicates = sum(len(group) - 1 for group in groups.values() if len(set(group)) == 1)
        refused = sum(len(group) for group in groups.values() if len(set(group)) > 1)
        plan = self.plans[HEALTHSITES[0]]
        self.assertEqual((plan["duplicates"], plan["refused"]), (duplicates, refused))

    def test_4_a_dry_run_writes_nothing_and_says_what_will_be_done(self):
        """--dry-run: the same plan as the import after it, and not one entry more"""
        name = WRI[0]
        self.assertEqual(self.dry[name], self.plans[name])
        self.assertEqual(self.before_wri[0],
                         2 + sum(self.plans[n]["to_add"] for n, *_ in LISTS if n != name))

    def test_5_the_same_again_changes_nothing(self):
        """all four lists once more: all unchanged, the log's head the same"""
        head, files = self.register.head(), self.register.files()
        words = [str(DATA / name) for name, *_ in LISTS[:2]]
        done = self.register.must("import", *words, "--class", "clinic", "--yes", "--json")
        again = [json.loads(text) for text in done.out.splitlines()]
        for name, *words in LISTS[2:]:
            done = self.register.must("import", DATA / name, *words, "--yes", "--json")
            again += [json.loads(text) for text in done.out.splitlines()]
        for (name, *_), plan in zip(LISTS, again):
            first = self.plans[name]
            self.assertEqual((plan["to_add"], plan["to_amend"], plan["unchanged"]),
                             (0, 0, first["to_add"]), name)
            self.assertEqual((plan["duplicates"], plan["refused"]),
                             (first["duplicates"], first["refused"]), name)
        self.assertEqual(self.register.head(), head)
        self.assertEqual(self.register.files(), files)

    def test_6_what_changed_in_a_list_is_amended_only_when_asked(self):
        """a changed copy of the nuclear list: shown, made with --amend, rows that are gone stay"""
        rows = rows_of(NUCLEAR[0])
        kept = [dict(row) for row in rows if row["Latitude"]][:-9]
        for row in kept[:5]:
            row["Name"] += " (renamed)"
        kept[7]["Latitude"] = "58.0"
        (self.folder / "changed").mkdir()
        path = write_csv(self.folder / "changed" / "nuclear_power_plants.csv",
                         [row.values() for row in kept], kept[0].keys())
        before = self.register.head()
        shown = self.register.must("import", path, "--class", "nuclear", "--yes", "--json").json
        self.assertEqual((shown["to_add"], shown["to_amend"], shown["refused"]), (0, 6, 0))
        self.assertEqual(self.register.head(), before, "amended without --amend")
        by_row = {one["row"]: one for one in shown["amendments"]}
        self.assertEqual(by_row[1]["changes"][0]["after"], kept[0]["Name"])
        self.exits(BAD_INPUT, self.register.run("import", path, "--class", "nuclear", "--amend"))
        self.assertEqual(self.register.head(), before, "amended without a yes")
        self.register.must("import", path, "--class", "nuclear", "--yes", "--amend")
        self.assertEqual(self.register.head()[0], before[0] + 6)
        again = self.register.must("import", path, "--class", "nuclear", "--yes", "--amend",
                                   "--json").json
        self.assertEqual((again["unchanged"], again["to_amend"]), (len(kept), 0))

    def test_7_a_batch_of_plans_agrees_with_a_double_loop(self):
        """circles, polygons, corridors, heights, times, antimeridian and poles: none missed"""
        towns = [(float(row["lon"]), float(row["lat"])) for row in rows_of(HEALTHSITES[0])[::17]]
        maker = Maker(SEED, towns)
        extras = write_json(self.folder / "extras.geojson", {
            "type": "FeatureCollection",
            "features": [maker.protection(i) for i in range(EXTRAS)]})
        added = self.register.must("import", extras, "--yes", "--json").out.splitlines()
        self.assertEqual(json.loads(added[0])["refusals"], [])
        plans = self.folder / "plans.geojsonl"
        plans.write_text("".join(json.dumps(maker.plan()) + "\n" for _ in range(PLANS)))
        done = self.register.run("check", "--batch", plans, "--json")
        self.exits(10, done)
        answers = self.folder / "answers.jsonl"
        answers.write_text(done.out)
        self.assertEqual(done.out.count("\n"), PLANS)
        brute = subprocess.run([os.environ["ENTENTE_BRUTE"], str(self.register.path), str(plans),
                                str(answers)], capture_output=True, text=True, check=False,
                               timeout=HANG_S * 4)
        print(brute.stdout[-3000:].strip(), flush=True)
        self.assertEqual(brute.returncode, OK, brute.stdout[-3000:] + brute.stderr[-1000:])
        self.assertNotIn(" 0 touch,", brute.stdout)


if __name__ == "__main__":
    if DATA is None:
        print("SKIPPED: dw2 needs ../shared/data")
        sys.exit(SKIPPED)
    main()
