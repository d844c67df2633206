#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The six real tracks of ../shared/data (or ENTENTE_SHARED): the times inside of zones drawn about
them, as watch says them (track_times.cc; ENTENTE_TRACK_TIMES names the program), worked out again
here with other geometry, and at once for every zone one metre smaller and one metre larger: what
watch says lies between."""
import bisect
import gzip
import json
import math
import os
import random
import subprocess
import sys

from depths import Depths, GAP_MS, LEAN_M, ROUNDED_MS, leg_time, legs, metres_a_degree
from harness import Case, HANG_S, LONG, OK, SKIPPED, main, shared_data

DATA = shared_data()
TRACKS = ("border_control", "elal747", "noisy_landing", "rega_zh", "samu31", "texas")
ZONES = 200 if LONG else 24
SEED = 24_11_2015


def read_track(name):
    """[(ms, lat, lng, metres)], rounded as the program is given them."""
    with gzip.open(DATA / "tracks" / f"{name}.json.gz") as file:
        rows = json.load(file)
    return [(int(row["timestamp"]), round(row["latitude"] * 1e7) / 1e7,
             round(row["longitude"] * 1e7) / 1e7, round(row["altitude"] * 3.048) / 10)
            for row in rows]


class Zone(Depths):
    """A feature about a fix of the track, and how deep a point lies inside of it."""

    def __init__(self, chance, track):
        ms, lat, lng, height = chance.choice(track)
        self.size = 200 * 50 ** chance.random()  # 200 m to 10 km
        north, east = metres_a_degree(lat)
        self.scale = north, east
        self.at = (lat + chance.uniform(-1, 1) * self.size / north,
                   lng + chance.uniform(-1, 1) * self.size / east)
        self.kind = chance.choice(("circle", "corridor", "polygon"))
        properties = {}
        if self.kind == "circle":
            self.points = [self.at]
            properties["radius_m"] = self.radius = round(self.size, 1)
        else:
            corners = chance.randint(4, 9)  # none more than a half turn after the one before
            turns = [2 * math.pi * (i + chance.random()) / corners for i in range(corners)]
            self.points = [self.moved(turn, self.size * chance.uniform(0.5, 1)) for turn in turns]
            self.radius = round(self.size / 8, 1) if self.kind == "corridor" else 0
            if self.kind == "corridor":
                properties["half_width_m"] = self.radius
        self.band = None
        if chance.random() < 0.5:
            self.band = (round(height - chance.uniform(10, 400), 1),
                         round(height + chance.uniform(10, 400), 1))
            properties.update(altitude_lower=self.band[0], altitude_upper=self.band[1],
                              altitude_reference="AMSL")
        self.feature = {"type": "Feature", "geometry": self.geometry(), "properties": properties}

    def moved(self, turn, metres):
        return (round(self.at[0] + metres * math.sin(turn) / self.scale[0], 7),
                round(self.at[1] + metres * math.cos(turn) / self.scale[1], 7))

    def geometry(self):
        self.points = [(round(lat, 7), round(lng, 7)) for lat, lng in self.points]
        line = [[lng, lat] for lat, lng in self.points]
        if self.kind == "circle":
            return {"type": "Point", "coordinates": line[0]}
        if self.kind == "corridor":
            return {"type": "LineString", "coordinates": line}
        return {"type": "Polygon", "coordinates": [line + line[:1]]}


class RealTracks(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chance = random.Random(SEED)
        cls.tracks = {name: read_track(name) for name in TRACKS}
        cls.zones = {name: [Zone(chance, track) for _ in range(ZONES)]
                     for name, track in cls.tracks.items()}
        questions = [{"zone": zone.feature, "fixes": cls.rows(cls.tracks[name])}
                     for name in TRACKS for zone in cls.zones[name]]
        done = subprocess.run([os.environ["ENTENTE_TRACK_TIMES"]], text=True, timeout=HANG_S,
                              input="".join(json.dumps(q) + "\n" for q in questions),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode == OK, done.stderr
        answers = iter(map(json.loads, done.stdout.splitlines()))
        cls.answers = {name: [next(answers) for _ in range(ZONES)] for name in TRACKS}

    @staticmethod
    def rows(track):
        return [[ms, round(lat * 1e7), round(lng * 1e7), round(height * 10)]
                for ms, lat, lng, height in track]

    def test_times_inside_are_recomputed(self):
        """Done when 2 of issue 5: inside-times recomputed by a second program"""
        visited = 0
        for name in TRACKS:
            for zone, answer in zip(self.zones[name], self.answers[name]):
                said = sum(until - since for since, until in answer["stays"])
                way = legs(self.tracks[name])
                shrunk, grown = (sum(leg_time(zone, a, b, least) for a, b in way)
                                 for least in (LEAN_M, -LEAN_M))
                slack = ROUNDED_MS * (1 + len(answer["stays"]))
                told = (name, zone.feature, answer["stays"])
                self.assertLessEqual(shrunk - slack, said, told)
                self.assertLessEqual(said, grown + slack, told)
                visited += said > 0
        self.assertGreater(visited, len(TRACKS) * ZONES // 3)

    def test_every_fix_is_where_it_is_said_to_be(self):
        for name in TRACKS:
            for zone, answer in zip(self.zones[name], self.answers[name]):
                begins = [since for since, _ in answer["stays"]]
                for ms, *place in self.tracks[name]:
                    depth = zone.depth(*place)
                    if abs(depth) <= LEAN_M:
                        continue
                    one = bisect.bisect_right(begins, ms) - 1
                    inside = one >= 0 and ms <= answer["stays"][one][1]
                    self.assertEqual(inside, depth > 0, (name, zone.feature, ms))

    def test_live_they_give_the_same_stays(self):
        for name in TRACKS:
            for zone, answer in zip(self.zones[name], self.answers[name]):
                self.assertEqual(answer["live"], answer["stays"], (name, zone.feature))

    def test_what_is_not_known_is_said(self):
        gaps = {name: [[a[0] + 1, b[0]] for a, b in zip(track, track[1:]) if b[0] - a[0] > GAP_MS]
                for name, track in self.tracks.items()}
        self.assertTrue(gaps["texas"])
        for name in TRACKS:
            for answer in self.answers[name]:
                self.assertEqual(answer["unknown"], gaps[name])


if __name__ == "__main__":
    if DATA is None:
        print("SKIPPED: real tracks need ../shared/data")
        sys.exit(SKIPPED)
    main()
