# SPDX-License-Identifier: Apache-2.0
"""Vector tiles over HTTP, as a browser asks for them (gzip accepted), one after the other on one
connection: each tile's first request since the register last changed, and the same again from the
node's cache. Between rounds one protection is added, which makes every tile cold."""
import gzip
import json
import math
import random
import time

import http_world
from http_served import percentile

ZOOMS = range(19)


def tile_of(lat, lon, zoom):
    n = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"/v1/tiles/{zoom}/{int((lon + 180) / 360 * n)}/{int(y * n)}.mvt"


def addresses(seed, count):
    """By zoom: different tiles over places drawn as the protections are."""
    land = http_world.Land(seed)
    land.rng.seed(seed + 17)
    places = [land.place(0.9) for _ in range(count)]
    return {zoom: list(dict.fromkeys(tile_of(*place, zoom) for place in places))
            for zoom in ZOOMS}


def timed(client, target):
    start = time.perf_counter()
    status, headers, body = client.ask("GET", target, Accept_Encoding="gzip")
    taken = (time.perf_counter() - start) * 1e3
    if status != 200:
        raise SystemExit(f"{target}: {status} {body[:200]!r}")
    raw = len(gzip.decompress(body)) if headers["Content-Encoding"] == "gzip" else len(body)
    return taken, raw, len(body)


def add_one(client, number):
    status, _, body = client.ask("POST", "/v1/protections", json.dumps({
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [-30 + number / 1e3, 0]},
        "properties": {"class": "clinic", "ref": f"tile-{time.time_ns()}", "name": "EXERCISE"},
    }), Content_Type="application/geo+json")
    if status != 201:
        raise SystemExit(f"POST /v1/protections: {status} {body[:200]!r}")


def table(served, options):
    client = served.client()
    by_zoom = addresses(options.seed, options.tiles)
    first, _, _ = timed(client, by_zoom[0][0])
    print(f"* the first tile of all, which builds the picture of the register: {first:.0f} ms.\n")
    cold, kept, raw, sent = ({zoom: [] for zoom in ZOOMS} for _ in range(4))
    for number in range(options.rounds):
        add_one(client, number)
        order = [(zoom, one) for zoom in ZOOMS for one in by_zoom[zoom]]
        random.Random(number).shuffle(order)
        for zoom, target in order:
            taken, raw_bytes, sent_bytes = timed(client, target)
            cold[zoom].append(taken)
            raw[zoom].append(raw_bytes)
            sent[zoom].append(sent_bytes)
            kept[zoom].append(timed(client, target)[0])  # at once: it is kept for 10 s
    print("| zoom | tiles | cold p50 ms | cold p99 ms | cached p50 ms | cached p99 ms | "
          "median kB | worst kB | worst kB sent (gzip) |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for zoom in ZOOMS:
        print(f"| {zoom} | {len(by_zoom[zoom])} | {percentile(cold[zoom], 0.5):.2f} "
              f"| {percentile(cold[zoom], 0.99):.2f} | {percentile(kept[zoom], 0.5):.2f} "
              f"| {percentile(kept[zoom], 0.99):.2f} | {percentile(raw[zoom], 0.5) / 1e3:.1f} "
              f"| {max(raw[zoom]) / 1e3:.1f} | {max(sent[zoom]) / 1e3:.1f} |")
    print(flush=True)
