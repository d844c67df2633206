#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The served node as a program meets it: checks under wrk, vector tiles, listeners of events, live
tracks, all over a register of invented protections that `entente import` made once (about two
minutes; kept in --folder). Prints Markdown; bench/README.md has the method.

    bench/http_bench.py --program build/bench/entente [check] [tiles] [events] [tracks]
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

import http_check
import http_events
import http_tiles
import http_tracks
import http_world
from http_served import Served

PARTS = ("check", "tiles", "events", "tracks")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--program", required=True, help="the entente to measure")
    parser.add_argument("--folder", default="build/bench/http", help="where the register is kept")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--plans", type=int, default=20_000)
    parser.add_argument("--tiles", type=int, default=100, help="places a zoom")
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--statements", type=int, default=100, help="a second")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="a round of checks or events")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return options


def register(options):
    """The register of that many protections; made where it is not there, whole or not at all."""
    folder = Path(options.folder)
    data = folder / f"register-{options.entries}-{options.seed}"
    if data.exists():
        return data
    folder.mkdir(parents=True, exist_ok=True)
    making, rows = folder / "making", folder / "register.csv"
    if making.exists():
        raise SystemExit(f"{making} is left from a run that did not end; remove it")
    print(f"making {data}", file=sys.stderr)
    http_world.write_register(rows, options.entries, options.seed)

    def run(*words):
        subprocess.run([options.program, *words], check=True, stdout=subprocess.DEVNULL)

    run("init", "--data", making, "--party", "bench", "--name", "Bench", "--exercise")
    run("import", "--data", making, "--source", "bench", "--yes", rows)
    rows.unlink()
    making.rename(data)
    return data


def main():
    options = arguments()
    data = register(options)
    print(f"### http: {options.entries:,} protections, {options.rounds} rounds of "
          f"{options.seconds} s\n")
    print(f"* load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} "
          "cores.")
    parts = options.parts or PARTS
    with Served(options.program, data) as served:
        if "check" in parts:
            http_check.table(served, Path(options.folder), options)
        if "tiles" in parts:
            http_tiles.table(served, options)
        if "events" in parts:
            http_events.table(served, options)
    if "tracks" in parts:
        http_tracks.table(options, data)


if __name__ == "__main__":
    main()
