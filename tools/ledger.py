#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps doc/ledger.csv: one line for each long run, adding up to what the project has been through.

    python3 tools/ledger.py                                    the sums
    python3 tools/ledger.py --add COMMAND AMOUNT UNIT OUTCOME  one more line
"""
import argparse
import csv
import datetime
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "doc" / "ledger.csv"
FIELDS = ["date", "commit", "command", "amount", "unit", "outcome"]


def commit():
    """The commit that was run; a '+' behind it says that the tree had changes on top."""
    def git(*words):
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True,
                              check=True).stdout.strip()
    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", ".",
                      ":!doc/ledger.csv")
        return git("rev-parse", "--short=10", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def add(command, amount, unit, outcome):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    fresh = not LEDGER.exists()
    with LEDGER.open("a", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        if fresh:
            writer.writerow(FIELDS)
        writer.writerow([now, commit(), command, int(amount), unit, outcome])
    print(f"==> doc/ledger.csv: {command}, {amount} {unit}, {outcome}")


def sums():
    totals = {}
    with LEDGER.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            total = totals.setdefault((row["command"], row["unit"]), [0, 0, 0])
            total[0] += int(row["amount"])
            total[1] += 1
            total[2] += row["outcome"].split(":")[0] not in ("passed", "clean")
    for (command, unit), (amount, runs, bad) in sorted(totals.items()):
        print(f"{command:20} {amount:>16,} {unit:12} in {runs} runs, {bad} of them not clean")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--add", nargs=4, metavar=("COMMAND", "AMOUNT", "UNIT", "OUTCOME"))
    given = parser.parse_args()
    if given.add:
        add(*given.add)
    else:
        sums()


if __name__ == "__main__":
    main()
