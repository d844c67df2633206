#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 5: an import that is killed at any moment loses nothing that it reported durable, and
the log goes on from the last signed checkpoint. One register lives through 25 kills; with
ENTENTE_LONG=1 twenty do, one after the other, and the 500 kills stand in doc/ledger.csv. (One
register for all 500 would grow to over a million entries, verified twice for each kill: hours, and
nothing that the first 25 do not show.)"""
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

from harness import Case, ENTENTE, LONG, OK, ROOT, Register, entente, main, write_csv

KILLS = int(os.environ.get("ENTENTE_KILLS", 25))  # of one register; fewer under ThreadSanitizer
REGISTERS = 20 if LONG else 1
ROWS = 5_000  # two batches of the import
SEED = 20261122
DURABLE = re.compile(r"^durable: .* tree size (\d+)$", re.MULTILINE)


def rows(number):
    """Rows that no other import of this test has."""
    return [(f"k{number}-{i}", f"Post {number}-{i}", "clinic", f"{i * 37 % 120 - 60}.{i:05d}",
             f"{i * 53 % 300 - 150}.{number % 100:02d}{i:05d}") for i in range(ROWS)]


def killed(register, list_file, delay_s, mark):
    """Starts the import; kills it so long after its beginning or, with a mark, after that many
    lines that begin with "durable" or, for 0, after the plan. (what it printed, whether it was cut
    off)."""
    process = subprocess.Popen(
        [ENTENTE, "import", "--data", str(register.path), str(list_file), "--yes"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
    printed, left = "", mark
    if mark is not None:
        for line in process.stdout:
            printed += line
            left -= line.startswith("durable")
            if left < 0 or (left == 0 and (mark > 0 or " rows: " in line)):
                break
    try:
        process.wait(delay_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    printed += process.stdout.read()
    process.stdout.close()
    return printed, process.returncode == -signal.SIGKILL


def released(register):
    """The register once the lock is free: a child that the killed import had just forked holds it
    until it has died too."""
    while "is in use by" in register.run("log", "verify").err:
        pass
    return register


def entries_of(folder):
    """The bytes of all entries of an exported log, in order: of 256 each but for the last."""
    top = folder / "tile" / "entries"
    bundles = {}
    for path in top.rglob("*"):
        if path.is_file():
            parts = path.relative_to(top).parts
            number = parts[:-1] if parts[-2:-1] and parts[-2].endswith(".p") else parts
            bundles[int("".join(part.strip("x.p") for part in number))] = path
    return b"".join(path.read_bytes() for _, path in sorted(bundles.items()))


class Kill(Case):
    def test_what_was_reported_durable_survives_every_kill(self):
        """after each kill the log verifies, holds what was reported, and goes on from there"""
        for number in range(REGISTERS):
            folder = self.folder / f"register{number}"
            folder.mkdir()
            self.kills(folder, random.Random(SEED + number))
            shutil.rmtree(folder)
        if LONG:
            subprocess.run([sys.executable, str(ROOT / "tools/ledger.py"), "--add", "dw5_kill_test",
                            str(REGISTERS * KILLS), "kills", "passed"], check=True)

    def kills(self, folder, chance):
        register = Register(folder / "reg")
        list_file = write_csv(folder / "list0.csv", rows(0))
        begin = time.monotonic()
        register.must("import", list_file, "--yes")
        import_s = time.monotonic() - begin
        before = folder / "before"
        register.must("log", "export", before)
        opening_s = 0.0
        size, root = register.head()
        grown, cut, within = ROWS, 0, 0
        for number in range(1, KILLS + 1):
            if grown >= ROWS:  # all in: a new list; otherwise the kills work through one
                grown = 0
                list_file = write_csv(folder / f"list{number}.csv", rows(number))
            # Every other kill is anywhere in the whole run, opening and end included; the others
            # are about the plan, a batch or the end, where there is something to be torn.
            mark = None if number % 2 else chance.randrange(3)
            span = (opening_s + import_s) / (1 if mark is None else 12)
            delay = span * (number * 7 % 25 + chance.random()) / 25
            printed, was_cut = killed(register, list_file, delay, mark)
            cut += was_cut
            reported = max([size] + [int(n) for n in DURABLE.findall(printed)])
            begin = time.monotonic()
            new_size, new_root = released(register).head()
            opening_s = (time.monotonic() - begin) / 2
            self.assertGreaterEqual(new_size, reported, f"kill {number} lost what was durable")
            if new_size == size:
                self.assertEqual(new_root, root, f"kill {number} changed history")
            within += was_cut and new_size > size
            grown += new_size - size
            size, root = new_size, new_root
        self.assertGreaterEqual(cut, KILLS // 2, "too few kills met a running import")
        self.goes_on(register, list_file, before, folder / "after")
        self.nothing_is_left_half_done(register)
        print(f"{KILLS} kills, {cut} while the import ran, {within} of these between its batches; "
              f"{size} entries, none lost", flush=True)

    def goes_on(self, register, list_file, before, after):
        """The next import completes, nothing is in twice, and the log from before the first kill is
        a prefix of the log now."""
        register.must("import", list_file, "--yes")
        again = register.must("import", list_file, "--dry-run", "--json").json
        self.assertEqual((again["to_add"], again["unchanged"], again["refused"]), (0, ROWS, 0))
        register.must("log", "export", after)
        self.assertTrue(entries_of(after).startswith(entries_of(before)),
                        "entries from before the first kill were changed")
        vkey = register.must("log", "vkey").out.strip()
        for folder in (before, after):
            self.exits(OK, entente("log", "verify", "--tiles", folder, "--vkey", vkey))

    def nothing_is_left_half_done(self, register):
        there = {path.name for path in register.path.rglob("*") if path.is_file()}
        known = {"charter.toml", "entente.db", "lock", "vault", "officer", "root", "root-next",
                 "key", "last", "people.db", "people.db-wal", "people.db-shm"}
        self.assertEqual(there - known, set(), "stray files were left behind")


if __name__ == "__main__":
    main()
