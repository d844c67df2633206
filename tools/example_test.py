#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sees that the example of ./run is what it says: every row is taken, every name says EXERCISE, the
one plan is a conflict and the other is not. ENTENTE names the program."""
import csv
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
CONFLICT = 10


def entente(*words):
    return subprocess.run([os.environ["ENTENTE"], *words], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)


class ExampleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = cls.folder.name + "/example"
        for words in (["init", "--data", cls.data, "--party", "example", "--name",
                       "Example party", "--exercise"],
                      ["import", "--data", cls.data, str(EXAMPLES / "exercise-facilities.csv"),
                       "--source", "exercise", "--yes"]):
            done = entente(*words)
            if done.returncode != 0:
                raise AssertionError(done.stdout + done.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def check(self, plan):
        done = entente("check", "--data", self.data, str(EXAMPLES / plan), "--json")
        return done.returncode, json.loads(done.stdout)

    def test_every_row_is_registered_and_says_exercise(self):
        with (EXAMPLES / "exercise-facilities.csv").open(encoding="utf-8", newline="") as rows:
            wanted = {row["ref"]: row["name"] for row in csv.DictReader(rows)}
        listed = entente("list", "--data", self.data, "--format", "geojson")
        features = json.loads(listed.stdout)["features"]
        self.assertEqual({f["properties"]["ref"]: f["properties"]["name"] for f in features},
                         wanted)
        for name in wanted.values():
            self.assertTrue(name.startswith("EXERCISE "), name)

    def test_the_plan_beside_a_hospital_is_a_conflict(self):
        code, answer = self.check("plan.geojson")
        self.assertEqual((code, answer["verdict"]), (CONFLICT, "conflict"))
        self.assertEqual([f["ref"] for f in answer["findings"]], ["EX-BW-14-hospital"])

    def test_the_plan_elsewhere_meets_nothing_registered(self):
        code, answer = self.check("plan-elsewhere.geojson")
        self.assertEqual((code, answer["verdict"]), (0, "no_registered_conflict"))
        self.assertEqual(answer["findings"], [])


if __name__ == "__main__":
    unittest.main()
