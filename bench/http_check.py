# SPDX-License-Identifier: Apache-2.0
"""Checks over HTTP under wrk: one plan a request, and a hundred. The node says which plans."""
import json
import os
import random
import subprocess
import time
from pathlib import Path

import http_world
from http_served import CORES, cpu_of, cpu_of_all, median

FINDINGS_MAX = 50
FINDINGS_MEDIAN = 5
CANDIDATES_AT_ONCE = 500
SCRIPT = Path(__file__).with_name("http_check.lua")


def asked(client, lines):
    """The answers of the node, and the bytes of each."""
    _, _, body = client.ask("POST", "/v1/check", "\n".join(lines).encode(),
                            Content_Type="application/x-ndjson")
    return [(json.loads(line), len(line)) for line in body.splitlines()]


def choose(served, count, seed):
    """Different plans of at most FINDINGS_MAX findings, half of them below FINDINGS_MEDIAN."""
    source = http_world.plans(seed)
    client = served.client()
    below, at, above = [], [], []
    while 2 * min(len(below), len(above)) + len(at) < count:
        lines = [next(source) for _ in range(CANDIDATES_AT_ONCE)]
        for line, (answer, size) in zip(lines, asked(client, lines)):
            found = answer["findings_total"]
            if found > FINDINGS_MAX:
                continue
            group = below if found < FINDINGS_MEDIAN else above if found > FINDINGS_MEDIAN else at
            group.append((line, found, answer["nearby_total"], size))
    half = min(len(below), len(above), (count - 1) // 2)  # so that one is at the median itself
    chosen = below[:half] + above[:half] + at[:count - 2 * half]
    random.Random(seed).shuffle(chosen)
    return chosen


def describe(chosen):
    found, near, size = ([plan[i] for plan in chosen] for i in (1, 2, 3))
    return (f"{len(chosen):,} plans, all different: findings median {median(found)}, mean "
            f"{sum(found) / len(found):.1f}, most {max(found)}; nearby (outside, within 500 m) "
            f"mean {sum(near) / len(near):.1f}; answers of median {median(size):,} bytes, mean "
            f"{sum(size) // len(size):,}")


def wrk(served, plans, batch, seconds):
    """One run: what wrk measured, and the processor time of both and of everything else."""
    before = (time.monotonic(), cpu_of(served.pid), cpu_of_all())
    process = subprocess.Popen(
        ["wrk", "-t1", "-c32", f"-d{seconds}", "--timeout", "10s", "--latency", "-s", SCRIPT,
         f"http://127.0.0.1:{served.port}", "--", plans, served.token, str(batch)],
        stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    wall = time.monotonic() - before[0]
    user, system = (b - a for a, b in zip(before[1], cpu_of(served.pid)))
    own = usage.ru_utime + usage.ru_stime
    others = cpu_of_all() - before[2] - user - system - own
    line = next(one for one in text.splitlines() if one.startswith("figures"))
    requests, microseconds, errors, p50, p99 = (int(one) for one in line.split()[1:])
    plans_done = requests * batch
    return {"plans/s": plans_done / microseconds * 1e6, "p50 ms": p50 / 1e3, "p99 ms": p99 / 1e3,
            "errors": errors, "node": (user + system) / wall / CORES, "wrk": own / wall / CORES,
            "others": max(0.0, others) / wall / CORES, "user us": user / plans_done * 1e6,
            "system us": system / plans_done * 1e6}


def rounds(served, plans, batch, count, seconds):
    """The medians of some runs, after a warm-up of its own."""
    wrk(served, plans, batch, 1)
    runs = [wrk(served, plans, batch, seconds) for _ in range(count)]
    out = {name: median([run[name] for run in runs]) for name in runs[0]}
    out["least"] = min(run["plans/s"] for run in runs)
    out["most"] = max(run["plans/s"] for run in runs)
    out["errors"] = sum(run["errors"] for run in runs)
    return out


def row(name, r):
    return (f"| {name} | {r['plans/s']:,.0f} ({r['least']:,.0f} to {r['most']:,.0f}) "
            f"| {r['p50 ms']:.2f} | {r['p99 ms']:.2f} | {r['user us']:.1f} + {r['system us']:.1f} "
            f"| {r['node']:.0%} | {r['wrk']:.0%} | {r['others']:.0%} | {r['errors']} |")


def table(served, folder, options):
    chosen = choose(served, options.plans, options.seed)
    plans = folder / "plans.geojsonl"
    plans.write_text("".join(plan[0] + "\n" for plan in chosen), encoding="utf-8")
    print(f"* {describe(chosen)}.\n")
    print("| wrk -t1 -c32 | plans/s, median (least to most) | p50 ms | p99 ms | node's CPU a plan, "
          "µs user + system | node, of the cores | wrk | others | errors |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, batch in (("one plan a request", 1), ("100 plans a request", 100)):
        print(row(name, rounds(served, plans, batch, options.rounds, options.seconds)),
              flush=True)
    print()
