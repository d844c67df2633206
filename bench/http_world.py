# SPDX-License-Identifier: Apache-2.0
"""What the HTTP benchmark asks about: the towns of bench/world.h (the same shape of data, another
generator), written as a CSV for `entente import`, and plans over them as GeoJSON. All of it is
invented, and made anew from a seed."""
import csv
import json
import math
import random

METRES_PER_DEGREE = 111_320.0
SOUTH, NORTH, WEST, EAST = 29.0, 38.0, 35.0, 49.0
TOWNS = 2_000
DAYS = 60
CLASSES = ["hospital", "clinic", "school", "camp", "water", "worship", "cultural", "food"]


class Land:
    """Towns with Zipf weights (exponent 0.7) and a spread of 1.5 to 8 km, as bench/world.cc."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.towns = [(*self.anywhere(), self.log_uniform(1_500, 8_000)) for _ in range(TOWNS)]
        self.cumulative = []
        total = 0.0
        for i in range(TOWNS):
            total += (i + 1) ** -0.7
            self.cumulative.append(total)

    def anywhere(self):
        return self.rng.uniform(SOUTH, NORTH), self.rng.uniform(WEST, EAST)

    def log_uniform(self, low, high):
        return math.exp(self.rng.uniform(math.log(low), math.log(high)))

    def in_town(self):
        lat, lon, spread = self.rng.choices(self.towns, cum_weights=self.cumulative)[0]
        north = self.rng.gauss(0, spread) / METRES_PER_DEGREE
        east = self.rng.gauss(0, spread) / METRES_PER_DEGREE / math.cos(math.radians(lat))
        return lat + north, lon + east

    def place(self, share_in_towns):
        return self.in_town() if self.rng.random() < share_in_towns else self.anywhere()


def moment(minutes):
    """RFC 3339 of that many minutes after 2026-01-01."""
    days, minutes = divmod(minutes, 24 * 60)
    month = 1
    for length in (31, 28, 31, 30, 31):
        if days < length:
            break
        days -= length
        month += 1
    return f"2026-{month:02}-{days + 1:02}T{minutes // 60:02}:{minutes % 60:02}:00Z"


def write_register(path, rows, seed):
    """Points with buffers of 100 to 2,000 m and bands 50 to 1,000 m thick; half are permanent, the
    others last 1 to 30 days."""
    land = Land(seed)
    rng = land.rng
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["ref", "name", "class", "lat", "lon", "buffer_m", "altitude_lower",
                      "altitude_upper", "altitude_reference", "time_start", "time_end", "contact"])
        for number in range(rows):
            lat, lon = land.place(0.9)
            kind = rng.choice(CLASSES)
            low = rng.uniform(-100, 1_500)
            window = ("", "")
            if rng.random() < 0.5:
                start = rng.randrange(DAYS * 24 * 60)
                window = (moment(start), moment(start + rng.randrange(24 * 60, 30 * 24 * 60)))
            out.writerow([number, f"EXERCISE {kind} {number}", kind, f"{lat:.7f}", f"{lon:.7f}",
                          f"{land.log_uniform(100, 2_000):.1f}", f"{low:.1f}",
                          f"{low + rng.uniform(50, 1_000):.1f}", "W84", *window, "duty desk"])


def plans(seed):
    """Endlessly: circles near towns, a band 100 to 2,000 m thick, a window of 1 to 6 hours. Their
    sizes are such that answers have some findings each; which to use, the node decides."""
    land = Land(seed)
    # The register's towns, but other plans each seed.
    rng = land.rng
    rng.seed(seed * 7919 + 1)
    while True:
        lat, lon = land.place(0.7)
        low = rng.uniform(0, 2_600)
        start = rng.randrange(DAYS * 24 * 60)
        yield json.dumps({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]},
            "properties": {
                "radius_m": round(land.log_uniform(100, 6_000), 1),
                "altitude_lower": round(low, 1),
                "altitude_upper": round(low + rng.uniform(100, 2_000), 1),
                "altitude_reference": "W84",
                "time_start": moment(start),
                "time_end": moment(start + rng.randrange(60, 360))}})
