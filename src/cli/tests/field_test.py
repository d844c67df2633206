#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A crew's device with the finished program: made from a charter, given a pack, and asked where no
register is; what it says, remembers and refuses."""
import json
from datetime import datetime, timedelta, timezone

from charter_world import World
from harness import (BAD_INPUT, CONFLICT, Case, INCOMPLETE, OK, circle, entente, main, write_json)

AT = (36.3, 33.5)


def utc(hours):
    when = datetime.now(timezone.utc) + timedelta(hours=hours)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Field(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        cls.world.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                       AT[1], "--lon", AT[0], "--radius-m", 60, "--data", cls.world.dir("fr"))
        # Each has heard of each: a view that is whole.
        for _ in range(2):
            for source in ("ru", "msf", "un"):
                stick = cls.folder / f"{source}.pack"
                stick.unlink(missing_ok=True)
                cls.world.must("pack", "--to", "fr", "--out", stick, "--data",
                               cls.world.dir(source))
                cls.world.must("unpack", stick, "--data", cls.world.dir("fr"))
        cls.device = cls.folder / "crew7"
        cls.world.must("device", "new", "--charter", cls.world.charter, "--party", "fr",
                       "--name", "crew 7", "--out", cls.device)
        cls.pack = cls.folder / "crew7.pack"
        cls.give(cls.pack)

    @classmethod
    def give(cls, out, device=None):
        return cls.world.must("field-pack", "--device", device or cls.device / "device", "--lat",
                              AT[1], "--lon", AT[0], "--radius-m", 50_000, "--from", utc(-1),
                              "--until", utc(10), "--out", out, "--data", cls.world.dir("fr"))

    def check(self, name, lon, lat, *options, **window):
        plan = write_json(self.folder / f"{name}.geojson",
                          circle(lon, lat, 300, **{"time_start": utc(0.5), "time_end": utc(1.5),
                                                   **window}))
        return entente("check", "--pack", self.pack, "--device", self.device, plan, *options)

    def test_answers_where_no_register_is(self):
        self.assertFalse((self.device / "entente.db").exists())
        found = self.exits(CONFLICT, self.check("on_it", *AT))
        self.assertIn("by this device's clock", found.out)
        self.assertIn("EXERCISE", found.out)
        answer = self.exits(OK, self.check("beside_it", AT[0] + 0.1, AT[1], "--json")).json
        self.assertEqual(answer["as_of"]["clock"], "device")
        self.assertEqual(answer["reasons"], [])
        self.assertEqual({one["party"] for one in answer["as_of"]["sources"]},
                         {"ru", "msf", "un"})

    def test_what_it_cannot_know_is_incomplete(self):
        for name, code, lon, window in (
                ("far", "outside_pack_area", AT[0] + 0.6, {}),
                ("late", "outside_pack_window", AT[0] + 0.1, {"time_end": utc(11)})):
            with self.subTest(name):
                done = self.exits(INCOMPLETE,
                                  self.check(name, lon, AT[1], "--json", **window)).json
                self.assertIn(code, {one["code"] for one in done["reasons"]})
        done = self.exits(INCOMPLETE, self.check("wide", AT[0] + 0.1, AT[1], "--json", "--margin",
                                                 1)).json
        self.assertIn("beyond_pack_margin", {one["code"] for one in done["reasons"]})

    def test_remembers_the_highest_time(self):
        before = (self.device / "seen").read_text() if (self.device / "seen").exists() else None
        (self.device / "seen").write_text(utc(2000) + "\n")
        try:
            done = self.exits(INCOMPLETE, self.check("back", AT[0] + 0.1, AT[1], "--json")).json
            self.assertIn("clock_behind", {one["code"] for one in done["reasons"]})
            self.assertEqual((self.device / "seen").read_text().strip()[:4], utc(2000)[:4])
        finally:
            (self.device / "seen").write_text(before or utc(-1) + "\n")

    def test_a_pack_is_for_one_device_and_was_logged(self):
        other = self.folder / "crew8"
        self.world.must("device", "new", "--charter", self.world.charter, "--party", "fr",
                        "--name", "crew 8", "--out", other)
        plan = write_json(self.folder / "p.geojson", circle(*AT, 300))
        self.refused(entente("check", "--pack", self.pack, "--device", other, plan), BAD_INPUT,
                     "is for device-")
        self.refused(entente("unpack", self.pack, "--data", self.world.dir("ru")), BAD_INPUT,
                     "is for device-")
        verify = ("log", "verify", "--json", "--data", self.world.dir("fr"))
        before = self.world.must(*verify).json["tree_size"]
        self.give(self.folder / "again.pack")
        self.assertGreater(self.world.must(*verify).json["tree_size"], before)

    def test_says_what_to_do(self):
        plan = write_json(self.folder / "q.geojson", circle(*AT, 300))
        self.refused(entente("check", "--pack", self.pack, plan), BAD_INPUT, "--device DIR")
        self.refused(entente("check", plan), BAD_INPUT, "--data DIR, or --pack FILE")
        self.refused(entente("device", "new", "--charter", self.world.charter, "--party", "xx",
                             "--name", "crew", "--out", self.folder / "none"), BAD_INPUT, "xx")
        self.refused(entente("device", "new", "--charter", self.world.charter, "--party", "fr",
                             "--name", "crew", "--out", self.device), BAD_INPUT, "made once")
        self.refused(entente("field-pack", "--device", plan, "--lat", 1, "--lon", 1, "--radius-m",
                             1, "--from", utc(0), "--until", utc(1), "--out",
                             self.folder / "x.pack", "--data", self.world.dir("fr")), BAD_INPUT,
                     "entente-device/v1")
        # A device that was made for somebody else is found here, and not by the crew.
        other = self.folder / "crew9"
        self.world.must("device", "new", "--charter", self.world.charter, "--party", "ru",
                        "--name", "crew 9", "--out", other)
        self.refused(entente("field-pack", "--device", other / "device", "--lat", 1, "--lon", 1,
                             "--radius-m", 1, "--from", utc(0), "--until", utc(1), "--out",
                             self.folder / "x.pack", "--data", self.world.dir("fr")), BAD_INPUT,
                     "made for 'ru'", "this node is fr", "entente device new")
        self.assertEqual(json.loads(self.check("z", *AT, "--json").out)["verdict"], "conflict")


if __name__ == "__main__":
    main()
