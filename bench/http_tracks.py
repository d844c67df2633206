# SPDX-License-Identifier: Apache-2.0
"""Live tracks over HTTP: so many, each a position a second, in requests of some milliseconds' worth
over one connection; measured from when a request was due to its answer, which comes when its alerts
are published. Bodies are made before, so that what is measured is the node."""
import json
import math
import os
import random
import time
from pathlib import Path

from http_served import Served, cpu_of, percentile
from http_world import EAST, METRES_PER_DEGREE, NORTH, SOUTH, WEST, Land

TRACKS = 10_000
ZONES = 10_000
A_SECOND = 50  # requests


def write_zones(path, seed):
    """Polygons of six corners, 1 to 10 km from the middle."""
    land, chance, features = Land(seed), random.Random(seed), []
    for number in range(ZONES):
        lat, lon = land.place(0.7)
        size = 1000 * 10 ** chance.random() / METRES_PER_DEGREE
        ring = [[lon + size * math.cos(math.pi * i / 3) / math.cos(math.radians(lat)),
                 lat + size * math.sin(math.pi * i / 3)] for i in range(6)]
        features.append({"type": "Feature", "id": f"zone-{number}", "properties": {},
                         "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}),
                    encoding="utf-8")


class Mover:
    """Four in five fly at 60 to 250 m/s and know their height, the others drive."""

    def __init__(self, number, land, chance):
        self.lat, self.lon = land.place(0.7)
        self.flies = number % 5 != 0
        self.speed = chance.uniform(60, 250) if self.flies else chance.uniform(5, 20)
        self.heading, self.turn = chance.uniform(0, 2 * math.pi), chance.uniform(-0.01, 0.01)
        self.said = {"track": f"t{number}", "by": "bench",
                     "kind": "aircraft" if self.flies else "convoy"}
        if self.flies:
            self.said |= {"altitude": round(chance.uniform(300, 10_000), 1),
                          "altitude_reference": "W84"}

    def line(self, ms):
        self.heading += self.turn
        self.lat += self.speed * math.cos(self.heading) / METRES_PER_DEGREE
        self.lon += (self.speed * math.sin(self.heading) / METRES_PER_DEGREE /
                     math.cos(math.radians(self.lat)))
        self.lat = min(max(self.lat, SOUTH - 5), NORTH + 5)
        self.lon = min(max(self.lon, WEST - 5), EAST + 5)
        return json.dumps(self.said | {"time": ms, "lat": round(self.lat, 7),
                                       "lon": round(self.lon, 7)}) + "\n"


def bodies(seconds, seed):
    land, chance = Land(seed + 1), random.Random(seed + 1)
    movers = [Mover(number, land, chance) for number in range(TRACKS)]
    begin, each = round(time.time() * 1000), TRACKS // A_SECOND
    return ["".join(mover.line(begin + 1000 * k // A_SECOND) for mover in
                    movers[k % A_SECOND * each:(k % A_SECOND + 1) * each]).encode()
            for k in range(seconds * A_SECOND)]


def table(options, data):
    zones = Path(options.folder) / "zones.geojson"
    write_zones(zones, options.seed)
    with Served(options.program, data, "--zone", f"bench:1:{zones}") as served:
        client, took, alerts = served.client(), [], 0
        requests = bodies(options.seconds, options.seed)
        cpu, begin = sum(cpu_of(served.pid)), time.perf_counter()
        for number, body in enumerate(requests):
            due = begin + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            status, _, said = client.ask("POST", "/v1/tracks", body,
                                         Content_Type="application/x-ndjson")
            took.append(1000 * (time.perf_counter() - due))
            said = json.loads(said)
            if status != 200 or said["refused"]:
                raise SystemExit(f"{status}: {said}")
            alerts += said["alerts"]
        wall, used = time.perf_counter() - begin, sum(cpu_of(served.pid)) - cpu
    print(f"* {TRACKS:,} live tracks, a position a second, {ZONES:,} zones, {options.entries:,} "
          f"protections: {len(took):,} requests of {TRACKS // A_SECOND} positions, from when one "
          f"was due to its answer {percentile(took, 0.5):.1f} ms, 99 % "
          f"{percentile(took, 0.99):.1f}, most {max(took):.1f}; {alerts:,} alerts; "
          f"{100 * used / wall:.0f} % of a core; load {os.getloadavg()[0]:.1f}")
