# SPDX-License-Identifier: Apache-2.0
"""Runs the finished program and sees what came of it. ENTENTE names the program; each script here
is run by ctest from the root of the source. A script that is not there to prove speed sets no time
limit of its own, but a program that hangs is a fault: after HANG_S it is killed and says so."""
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ENTENTE = os.environ.get("ENTENTE", "")
LONG = os.environ.get("ENTENTE_LONG", "") not in ("", "0")
SKIPPED = 77  # ctest shows a script that ends so as skipped
HANG_S = 900
GUARD_S = 120  # longer than any machine needs for one step

OK, FAILURE, BAD_INPUT, CONFLICT, CAUTION, INCOMPLETE = 0, 1, 2, 10, 11, 12
GROUPS = ("log", "protect", "move", "person", "token", "session", "audit", "officer",
          "approvals", "duty", "subscribe", "notices", "airspace",
          "incident")  # verbs of two words
COLUMNS = ("ref", "name", "class", "lat", "lon")


@dataclass
class Done:
    """What a run of the program came to."""
    words: tuple
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"entente {' '.join(self.words)}\n  exit {self.code}\n  out: {self.out[-2000:]}"
                f"\n  err: {self.err[-2000:]}")


def entente(*words, stdin=None, **more):
    """Runs it with nobody at the terminal."""
    words = tuple(str(word) for word in words)
    done = subprocess.run([ENTENTE, *words], capture_output=True, text=True, timeout=HANG_S,
                          check=False, **({"input": stdin} if stdin is not None
                                          else {"stdin": subprocess.DEVNULL}), **more)
    return Done(words, done.returncode, done.stdout, done.stderr)


class Register:
    """A data directory and the verbs on it."""

    def __init__(self, path, *options):
        self.path = Path(path)
        if not self.path.exists():
            done = entente("init", "--data", self.path, "--party", "test", "--name", "Test party",
                           "--exercise", *options)
            if done.code != OK:
                raise AssertionError(f"init: {done}")

    def run(self, *words, **more):
        """`run("log", "verify")`: --data goes behind the last word that is a verb."""
        verbs = 2 if words[0] in GROUPS else 1
        return entente(*words[:verbs], "--data", self.path, *words[verbs:], **more)

    def must(self, *words, **more):
        done = self.run(*words, **more)
        if done.code != OK:
            raise AssertionError(str(done))
        return done

    def head(self):
        """(tree size, root) once everything is verified."""
        verified = self.must("log", "verify", "--json").json
        return verified["tree_size"], verified["root"]

    def files(self):
        """What the log and the signer hold, to the byte. SQLite's own -wal and -shm may come and
        go when somebody reads; what they hold shows in head(). Readings go to people.db."""
        return {str(path.relative_to(self.path)): path.read_bytes()
                for path in sorted(self.path.rglob("*"))
                if path.is_file() and not path.name.startswith(("entente.db", "people.db"))}


class Case(unittest.TestCase):
    """A test with a folder of its own and words for what a run should come to."""

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="entente-test-")
        cls.folder = Path(cls._folder.name)

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def until(self, what, holds):
        """Waits as long as no machine needs: a node that never does it hangs, and that is said."""
        end = time.monotonic() + GUARD_S
        while time.monotonic() < end:
            value = holds()
            if value:
                return value
            time.sleep(0.1)
        self.fail(f"never came: {what}")

    def exits(self, code, done):
        self.assertEqual(done.code, code, str(done))
        return done

    def refused(self, done, code, *says):
        """It ended with this status, said why on standard error, and says each of these."""
        self.exits(code, done)
        said = [line for line in done.err.splitlines() if line.startswith("entente ")]
        self.assertTrue(said, f"no message that begins with the verb: {done}")
        for text in says:
            self.assertIn(text.lower(), done.err.lower(), str(done))
        return done


def write_csv(path, rows, columns=COLUMNS):
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)
    return Path(path)


def write_json(path, value):
    Path(path).write_text(json.dumps(value), encoding="utf-8")
    return Path(path)


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def circle(lon, lat, radius_m, **properties):
    return feature({"type": "Point", "coordinates": [lon, lat]}, radius_m=radius_m, **properties)


def shared_data():
    """The folder of the real lists, or nothing."""
    folder = Path(os.environ.get("ENTENTE_SHARED", ROOT.parent / "shared")) / "data"
    return folder if folder.is_dir() else None


def main():
    """Runs the tests of the script, each with what it proves."""
    if not ENTENTE:
        print("ENTENTE is not set: it names the program to test", file=sys.stderr)
        sys.exit(2)
    unittest.main(verbosity=2)
