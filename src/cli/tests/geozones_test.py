#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The 4-D cases of ../shared/data/geozones (or ENTENTE_SHARED), which InterUSS made: flight intents
that conflict and that do not, against each other by geo and by index (zone_touches.cc;
ENTENTE_ZONE_TOUCHES names it); Swiss zones in ED-269 and ED-318 and the flights and areas of a KML,
with the real tracks laid over the zones, by `entente track`. Every answer is worked out here again
with other geometry: touches in exact fractions, inside-times as in real_tracks_test.py."""
import json
import os
import random
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from itertools import combinations

from depths import Depths, LEAN_M, ROUNDED_MS, leg_time, legs, metres_a_degree
from harness import (Case, HANG_S, LONG, OK, SKIPPED, entente, main, shared_data, write_csv,
                     write_json)
from intents import read_intents
from real_tracks_test import TRACKS, read_track

DATA = shared_data()
ZONES = DATA / "geozones" if DATA else None
SEED = 24_11_2015
BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)


# -- flight intents --

class Intent:
    """One volume: its corners [(lng, lat)] as fractions of a degree, metres W84, seconds."""

    def __init__(self, area, shifted_s=0):
        self.corners = [(Fraction(str(one["lng"])), Fraction(str(one["lat"])))
                        for one in area["outline_polygon"]["vertices"]]
        for end in ("altitude_lower", "altitude_upper"):
            assert (area[end]["reference"], area[end]["units"]) == ("W84", "M"), area
        self.band = [Fraction(str(area[end]["value"]))
                     for end in ("altitude_lower", "altitude_upper")]
        assert area["start_time"]["offset_from"]["offset"] == "-1s", area
        ends = area.get("duration") or area["end_time"]["offset_from"]["offset"]
        assert ends == "45m", area
        self.window = shifted_s - 1, shifted_s + (45 * 60 - 1 if "duration" in area else 45 * 60)

    def feature(self):
        ring = [[float(lng), float(lat)] for lng, lat in self.corners]
        start, end = ((BEGIN + timedelta(seconds=s)).isoformat() for s in self.window)
        return {"type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]},
                "properties": {"altitude_lower": float(self.band[0]),
                               "altitude_upper": float(self.band[1]),
                               "altitude_reference": "W84", "time_start": start, "time_end": end}}

    def edges(self):
        return list(zip(self.corners, self.corners[1:] + self.corners[:1]))


def turn(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def on_edge(p, a, b):
    return turn(a, b, p) == 0 and all(min(a[i], b[i]) <= p[i] <= max(a[i], b[i]) for i in (0, 1))


def edges_meet(a, b, c, d):
    if any(on_edge(p, *edge) for p, edge in ((a, (c, d)), (b, (c, d)), (c, (a, b)), (d, (a, b)))):
        return True
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def holds(one, p):
    inside = False
    for a, b in one.edges():
        if on_edge(p, a, b):
            return True
        if (a[1] > p[1]) != (b[1] > p[1]):
            inside ^= p[0] < a[0] + (p[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
    return inside


def shapes_meet(one, other):
    return (any(edges_meet(*e, *f) for e in one.edges() for f in other.edges())
            or holds(one, other.corners[0]) or holds(other, one.corners[0]))


def metres_apart(one, other):
    """Between shapes that do not meet: from corner to edge, near the equator."""
    north, east = metres_a_degree(0)

    def flat(p):
        return float(p[0]) * east, float(p[1]) * north

    def from_edge(p, a, b):
        (px, py), (ax, ay), (bx, by) = flat(p), flat(a), flat(b)
        long = (bx - ax) ** 2 + (by - ay) ** 2
        s = min(1, max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / long))
        return ((ax + s * (bx - ax) - px) ** 2 + (ay + s * (by - ay) - py) ** 2) ** 0.5
    return min(from_edge(p, *e) for a, b in ((one, other), (other, one))
               for p in a.corners for e in b.edges())


def conflict(one, other):
    """Heights with their ends, times without theirs, as is said in DESIGN 4. Nothing here is so
    near that the program's half metre of leaning decides."""
    level = shapes_meet(one, other)
    assert level or metres_apart(one, other) > LEAN_M
    return (level and one.band[0] <= other.band[1] and other.band[0] <= one.band[1]
            and one.window[0] < other.window[1] and other.window[0] < one.window[1])


class FlightIntents(Case):
    @staticmethod
    def said(pairs):
        """What geo and index say of each pair, both ways round; they must agree."""
        questions = [{"a": a.feature(), "b": b.feature()} for one, other in pairs
                     for a, b in ((one, other), (other, one))]
        done = subprocess.run([os.environ["ENTENTE_ZONE_TOUCHES"]], text=True, timeout=HANG_S,
                              input="".join(json.dumps(q) + "\n" for q in questions),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode == OK, done.stderr
        answers = [{*map(bool, json.loads(line).values())} for line in done.stdout.splitlines()]
        assert len(answers) == len(questions)
        both = [answers[i] | answers[i + 1] for i in range(0, len(answers), 2)]
        assert all(len(one) == 1 for one in both), "geo, index or an order disagrees"
        return [one.pop() for one in both]

    def test_intents_conflict_as_their_names_say(self):
        intents = {name: Intent(area) for name, area in
                   read_intents(ZONES / "interuss_conflicting_flights.yaml").items()}
        pairs = list(combinations(sorted(intents), 2))
        said = dict(zip(pairs, self.said([(intents[a], intents[b]) for a, b in pairs])))
        for a, b in pairs:
            self.assertEqual(said[a, b], conflict(intents[a], intents[b]), (a, b))
        self.assertEqual(len(pairs), 13 * 12 // 2)

        def pair(a, b):
            return said[min(a, b), max(a, b)]
        # 1 and 2 cross; 1m is 1 modified and still crosses 2; 1c is 1 changed so that it does not;
        # 2m is 2 modified: it leaves 1, and crosses 1c as that is flown.
        for a, b, meet in (("flight1_planned", "flight2_planned", True),
                           ("flight1_activated", "flight2_activated", True),
                           ("flight1m_planned", "flight2_planned", True),
                           ("flight1m_activated", "flight2_activated", True),
                           ("flight1c_planned", "flight2_planned", False),
                           ("flight1c_activated", "flight2_activated", False),
                           ("flight1c_activated", "flight2m_activated", True),
                           ("flight1_planned", "flight2m_activated", False),
                           ("flight1_planned", "equal_prio_flight2_planned", True),
                           ("flight1c_activated", "equal_prio_flight2_nonconforming", False),
                           # From 45.13 m up, and 1 ends at 30, 1c at 35: height alone keeps apart.
                           ("flight1_planned", "equal_prio_flight2m_planned", False),
                           ("flight1c_activated", "equal_prio_flight2m_planned", False)):
            self.assertEqual(pair(a, b), meet, (a, b))

    def test_intents_that_do_not_conflict(self):
        intents = {name: Intent(area) for name, area in
                   read_intents(ZONES / "interuss_non_conflicting.yaml").items()}
        ones = [one for name, one in intents.items() if name.startswith("flight_1")]
        twos = [one for name, one in intents.items() if name.startswith("flight_2")]
        pairs = [(a, b) for a in ones for b in twos]
        self.assertEqual(len(pairs), 9)
        self.assertEqual(self.said(pairs), [False] * 9)
        self.assertEqual([conflict(a, b) for a, b in pairs], [False] * 9)

    def test_moved_in_time_they_conflict_until_their_windows_only_meet(self):
        areas = read_intents(ZONES / "interuss_conflicting_flights.yaml")
        one = Intent(areas["flight1_planned"])
        long = one.window[1] - one.window[0]
        pairs = [(one, Intent(areas["flight2_planned"], shifted))
                 for shifted in (0, long - 1, long, long + 1, -long + 1, -long, 86_400)]
        expected = [True, True, False, False, True, False, False]
        self.assertEqual(self.said(pairs), expected)
        self.assertEqual([conflict(a, b) for a, b in pairs], expected)

    def test_moved_in_height_they_conflict_while_their_bands_meet(self):
        areas = read_intents(ZONES / "interuss_conflicting_flights.yaml")
        one = Intent(areas["flight1_planned"])
        pairs = []
        for lower in ("30.0", "30.1", "29.9"):
            other = Intent(areas["flight2_planned"])
            other.band = [Fraction(lower), Fraction("60")]
            pairs.append((one, other))
        self.assertEqual(self.said(pairs), [True, False, True])
        self.assertEqual([conflict(a, b) for a, b in pairs], [True, False, True])


# -- zones and tracks --

class Outline(Depths):
    kind, radius = "polygon", 0

    def __init__(self, ring, band=None):
        """`ring`: [lng, lat(, height)], closed."""
        self.points = [(round(lat * 1e7) / 1e7, round(lng * 1e7) / 1e7)
                       for lng, lat, *_ in ring[:-1]]
        self.band = band


def laid_over(track, outline, chance):
    """The track moved so that one of its fixes lies on a corner or the middle of the zone."""
    _, lat, lng, _ = chance.choice(track)
    corners = outline.points
    middle = tuple(sum(p[i] for p in corners) / len(corners) for i in (0, 1))
    to = chance.choice([*corners, middle, middle])
    return [(ms, round((one + to[0] - lat) * 1e7) / 1e7,
             round(((other + to[1] - lng) + 540) % 360 * 1e7) / 1e7 - 180, height)
            for ms, one, other, height in track]


class ZonesAndTracks(Case):
    number = 0

    def asked(self, track, *files, reference=None, gap_s=60):
        """{zone: (inside_ms, stays)} of `entente track`."""
        ZonesAndTracks.number += 1
        table = write_csv(self.folder / f"track-{self.number}.csv",
                          [[ms, f"{lat:.7f}", f"{lng:.7f}", f"{height:.1f}"]
                           for ms, lat, lng, height in track], ["time", "lat", "lon", "altitude"])
        words = [word for file in files for word in ("--in", file)]
        words += ["--altitude-reference", reference] if reference else []
        done = entente("track", table, *words, "--gap-s", gap_s, "--json")
        self.assertEqual(done.code, OK, done)
        return [(zone["zone"], zone["inside_ms"], zone["stays"]) for zone in done.json["zones"]]

    def recompute(self, track, outline, said, stays, told):
        """Inside-times by the second program, of a zone a metre smaller and a metre larger."""
        shrunk, grown = (sum(leg_time(outline, a, b, least) for a, b in legs(track))
                         for least in (LEAN_M, -LEAN_M))
        slack = ROUNDED_MS * (1 + len(stays))
        self.assertLessEqual(shrunk - slack, said, told)
        self.assertLessEqual(said, grown + slack, told)
        return said > 0

    def test_ed318_and_ed269_zones_are_crossed_for_as_long_as_is_recomputed(self):
        with open(ZONES / "interuss_ed318_sample.json", encoding="utf-8") as file:
            swiss = {one["properties"]["identifier"]: one for one in json.load(file)["features"]}
        with open(ZONES / "interuss_ed269_sample.json", encoding="utf-8") as file:
            older = {one["identifier"]: one for one in json.load(file)["UASZoneList"]}
        self.assertEqual((sorted(swiss), list(older)),
                         (["BLns058", "LSTB002", "LSZB003"], ["LSXX"]))
        rings = {name: one["geometry"]["coordinates"][0] for name, one in swiss.items()}
        rings["LSXX"] = older["LSXX"]["geometry"][0]["horizontalProjection"]["coordinates"][0]
        lower = {name: one["geometry"]["layer"]["lower"] for name, one in swiss.items()}
        lower["LSXX"] = 0
        chance, visited, asked = random.Random(SEED), 0, 0
        files = [ZONES / "interuss_ed318_sample.json", ZONES / "interuss_ed269_sample.json"]
        for name in TRACKS if LONG else TRACKS[3:]:
            track = read_track(name)
            for over in rings:
                moved = laid_over(track, Outline(rings[over]), chance)
                # Heights over ground between -40 and 260 m, so that 60 m decides now and then.
                least = min(height for *_, height in moved)
                moved = [(ms, lat, lng, round((height - least) % 300 * 10) / 10 - 40)
                         for ms, lat, lng, height in moved]
                # From sea level no height is surely under or over one that is given from ground.
                for reference in ("AGL", "AMSL"):
                    for zone, said, stays in self.asked(moved, *files, reference=reference):
                        one = zone.rsplit("(", 1)[1].rstrip(")")
                        band = (lower[one], 1e9) if reference == "AGL" else None
                        visited += self.recompute(moved, Outline(rings[one], band), said, stays,
                                                  (name, over, zone, reference))
                        asked += 1
        self.assertEqual(asked, (6 if LONG else 3) * 4 * 4 * 2)
        self.assertGreater(visited, asked // 6)

    def test_kml_flights_pass_their_areas(self):
        spaces = {"k": "http://www.opengis.net/kml/2.2"}
        flights = []
        for folder in ElementTree.parse(ZONES / "interuss_dcdemo.kml").iter(
                "{http://www.opengis.net/kml/2.2}Folder"):
            if not (folder.findtext("k:name", "", spaces)).startswith("flight:"):
                continue
            line, areas = None, {}
            for mark in folder.findall("k:Placemark", spaces):
                places = [[float(number) for number in one.split(",")] for one in
                          mark.findtext(".//k:coordinates", "", spaces).split()]
                if mark.find("k:LineString", spaces) is not None:
                    line = places
                elif mark.find("k:Polygon", spaces) is not None:
                    areas[mark.findtext("k:name", "", spaces)] = places
            flights.append((folder.findtext("k:name", "", spaces), line, areas))
        self.assertEqual([len(areas) for _, _, areas in flights], [5, 4, 4])
        visited = 0
        for name, line, areas in flights:
            # The file says a sample a second; its heights are over the sea.
            track = [(1_600_000_000_000 + 1000 * i, round(lat * 1e7) / 1e7, round(lng * 1e7) / 1e7,
                      round(height * 10) / 10) for i, (lng, lat, height) in enumerate(line)]
            features, outlines = [], []
            for area, ring in areas.items():
                flat = [[lng, lat] for lng, lat, _ in ring]
                height = ring[0][2]
                for band in (None, (height - 8, height + 8)):
                    heights = {} if band is None else {
                        "altitude_lower": band[0], "altitude_upper": band[1],
                        "altitude_reference": "AMSL"}
                    features.append({"type": "Feature", "id": area,
                                     "geometry": {"type": "Polygon", "coordinates": [flat]},
                                     "properties": heights})
                    outlines.append(Outline(flat, band))
            file = write_json(self.folder / "areas.geojson",
                              {"type": "FeatureCollection", "features": features})
            answers = self.asked(track, file, reference="AMSL")
            self.assertEqual(len(answers), len(outlines))
            for outline, (zone, said, stays) in zip(outlines, answers):
                visited += self.recompute(track, outline, said, stays, (name, zone))
        self.assertGreater(visited, 13)


if __name__ == "__main__":
    if DATA is None:
        print("SKIPPED: geozones need ../shared/data")
        sys.exit(SKIPPED)
    main()
