#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Boundaries as parties assert them (EXERCISE: the shapes are ours): alone, version by version;
among parties, side by side, and taken over by live tracks while they are served; then checks that
were sealed, asked again by whoever holds them."""
import json
import time

from activity_test import id_in, plan
from harness import BAD_INPUT, Case, INCOMPLETE, OK, Register, circle, entente, main, \
    write_json
from http_node import Node
from receipts_test import Sticks

NDJSON = [("Content-Type", "application/x-ndjson")]


def box(south, north, west, east):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


class Alone(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = Register(cls.folder / "reg").path
        cls.file = write_json(cls.folder / "border.geojson", box(35.85, 35.95, 36.0, 36.1))

    def run_of(self, *words):
        return entente(*words, "--data", self.data)

    def add(self, *words, name="EXERCISE border"):
        return id_in(self.exits(OK, self.run_of("airspace", "add", self.file, "--name", name,
                                                "--contact", "EXERCISE air desk", *words)))

    def shown(self, one):
        return self.exits(OK, self.run_of("airspace", "show", one, "--json")).json

    def group(self, name, *words):
        listed = self.exits(OK, self.run_of("airspace", "list", "--json", *words)).json["airspace"]
        return next((one for one in listed if one["name"] == name), None)

    def test_1_keeps_every_version_by_its_number(self):
        one = self.add("--frequency", "121.5 MHz", "--language", "tr", "--accuracy", 12.34)
        other = write_json(self.folder / "other.geojson", box(35.85, 35.95, 36.0, 36.2))
        self.exits(OK, self.run_of("airspace", "amend", one, other))
        self.exits(OK, self.run_of("airspace", "amend", one, "--language", "", "--text", "سطر"))
        shown = self.shown(one)
        self.assertEqual((shown["version"], shown["state"]), (3, "in_force"))
        self.assertEqual((shown["frequency"], shown["language"], shown["text"]),
                         ("121.5 MHz", "", "سطر"))
        first, second, third = shown["versions"]
        self.assertEqual([each["version"] for each in shown["versions"]], [1, 2, 3])
        self.assertEqual([each["in_force"] for each in shown["versions"]], [False, False, True])
        self.assertEqual(first["plan"]["features"][0]["geometry"]["coordinates"][0][1][0], 36.1)
        self.assertEqual(second["plan"], third["plan"])
        self.assertEqual(third["accuracy_m"], 12.4)
        self.assertAlmostEqual(second["area_km2"], 2 * first["area_km2"], 0)
        text = self.exits(OK, self.run_of("airspace", "show", one)).out
        self.assertIn("call EXERCISE air desk on 121.5 MHz\n", text)
        self.assertRegex(text, r"version 3: amend by .*, entry \d+, 1 volumes, .* km2; in force\n")
        self.exits(OK, self.run_of("airspace", "withdraw", one))
        shown = self.shown(one)
        self.assertEqual((shown["state"], shown["versions"][3]["plan"]), ("withdrawn", None))
        self.assertEqual(sum(each["in_force"] for each in shown["versions"]), 0)
        self.refused(self.run_of("airspace", "amend", one, other), BAD_INPUT, "is withdrawn since",
                     "add a new one")
        self.assertIsNone(self.group("EXERCISE border"))
        self.assertIsNotNone(self.group("EXERCISE border", "--withdrawn"))

    def test_2_is_refused_with_what_to_do(self):
        self.refused(self.run_of("airspace", "add", self.file, "--name", "x\ny", "--contact", "c"),
                     BAD_INPUT, "name")
        self.refused(self.run_of("airspace", "add", self.file, "--name", "x", "--contact", ""),
                     BAD_INPUT, "'contact' is missing")
        self.refused(self.run_of("airspace", "add", self.file, "--name", "x", "--contact", "c",
                                 "--to", "ru"), BAD_INPUT, "no other party")
        for words in (("show",), ("withdraw",), ("amend",)):
            self.refused(self.run_of("airspace", *words, "aaaaaaaaaaaaaaaa"), BAD_INPUT,
                         "no record" if words == ("show",) else "no such record")
        activity = id_in(self.run_of("activity", "declare", plan(self.folder, 1, 1), "--contact",
                                     "EXERCISE", "--sealed"))
        self.refused(self.run_of("airspace", "show", activity), BAD_INPUT, "no record")

    def test_3_says_where_versions_differ_and_never_which_is_right(self):
        self.add(name="EXERCISE zone")
        other = write_json(self.folder / "other.geojson", box(35.85, 35.95, 36.0, 36.15))
        two = id_in(self.run_of("airspace", "add", other, "--name", "EXERCISE zone", "--contact",
                                "EXERCISE other desk"))
        difference, = self.group("EXERCISE zone")["differences"]
        self.assertFalse(difference["same_volumes"])
        # 0.05 degrees of longitude at 35.9 north are 4.51 km, times 11.1 km.
        self.assertAlmostEqual(difference["area_differs_km2"], 4.513 * 11.096, 0)
        self.assertAlmostEqual(difference["outlines_apart_m"], 4513, delta=10)
        self.assertLess(difference["or_more_by_m"], 110)
        text = self.exits(OK, self.run_of("airspace", "list")).out
        self.assertRegex(text, r"test version 1 and test version 1: areas differ by 50\.\d+ km2; "
                               r"outlines up to 45\d\d\.?\d* m apart \(or \d+\.?\d* m more\)")
        for word in ("right", "wrong", "correct"):
            self.assertNotIn(word, text)
        self.exits(OK, self.run_of("airspace", "amend", two, self.file))
        difference, = self.group("EXERCISE zone")["differences"]
        self.assertTrue(difference["same_volumes"])
        self.exits(OK, self.run_of("airspace", "amend", two, write_json(
            self.folder / "round.geojson", circle(36, 35.9, 1000))))
        difference, = self.group("EXERCISE zone")["differences"]
        self.assertIsNone(difference["outlines_apart_m"])
        self.assertIn("outlines are not simple ones",
                      self.exits(OK, self.run_of("airspace", "list")).out)

    def test_4_a_track_of_a_file_is_asked_of_every_version(self):
        self.add(name="EXERCISE sky")
        track = self.folder / "flight.csv"
        track.write_text("time,lat,lon\n2015-11-24T07:24:00Z,35.9,35.99\n"
                         "2015-11-24T07:24:30Z,35.9,36.01\n", encoding="utf-8")
        done = self.exits(OK, self.run_of("track", track, "--airspace", "--json"))
        sky, = (one for one in done.json["zones"] if "EXERCISE sky" in one["zone"])
        self.assertRegex(sky["zone"], r'^"EXERCISE sky" \([a-z2-7]{16}\) of test, version 1$')
        self.assertAlmostEqual(sky["inside_ms"], 15000, delta=10)
        self.refused(entente("track", track, "--airspace"), BAD_INPUT, "--data")
        empty = Register(self.folder / "empty").path
        self.refused(entente("track", track, "--airspace", "--data", empty), BAD_INPUT,
                     "no boundary or zone is asserted")


class Live(Case):
    """One flight stays inside of a boundary while others come, change and go."""

    def position(self, seconds, lon, track="SU-24"):
        return json.dumps({"track": track, "by": "EXERCISE air", "kind": "aircraft",
                           "time": self.begin + 1000 * seconds, "lat": 35.9, "lon": lon})

    def send(self, node, *positions):
        body = "".join(one + "\n" for one in positions).encode()
        said = node.ask("POST", "/v1/tracks", body, NDJSON)
        self.assertEqual(said.status, 200, said)
        self.assertEqual(json.loads(said.body)["refused"], 0, said.body)

    def alerts(self, node):
        return json.loads(node.ask("GET", "/v1/tracks/alerts?limit=1000").body)["alerts"]

    @staticmethod
    def short(alerts):
        return [(one["kind"], one["zone"].get("name", one["zone"]["id"]), one["zone"]["party"],
                 one["zone"]["version"]) for one in alerts]

    def test_1_statements_are_taken_over_while_served(self):
        register = Register(self.folder / "reg")
        files = write_json(self.folder / "file.geojson", box(35, 36.5, 35, 37) | {"id": "frame"})
        narrow = write_json(self.folder / "narrow.geojson", box(35.85, 35.95, 36.0, 36.1))
        wide = write_json(self.folder / "wide.geojson", box(35.85, 35.95, 35.9, 36.1))
        self.begin = round(time.time() * 1000) - 50_000
        register.must("airspace", "add", narrow, "--name", "EXERCISE border", "--contact", "desk")
        with Node(register.path, "--zone", f"tr:2015-11:{files}") as node:
            self.send(node, self.position(0, 35.98))
            self.assertEqual(self.short(self.alerts(node)), [
                ("found_inside", "frame", "tr", "2015-11"),
                ("will_enter", "EXERCISE border", "test", "1")][:1])
            self.send(node, self.position(10, 36.01))
            before = self.short(self.alerts(node))
            self.assertEqual(before[1:], [("entered", "EXERCISE border", "test", "1")])
            zone = self.alerts(node)[1]["zone"]
            self.assertRegex(zone["id"], r"^[a-z2-7]{16}$")
            self.assertEqual(len(zone["leaf"]), 44)
            # Another one beside it: what stays is not told again.
            two = id_in(register.must("airspace", "add", wide, "--name", "EXERCISE zone",
                                      "--contact", "desk"))
            self.send(node, self.position(20, 36.02))
            self.assertEqual(self.short(self.alerts(node))[2:],
                             [("found_inside", "EXERCISE zone", "test", "1")])
            # A new version stands instead of the old; the other ones go on.
            register.must("airspace", "amend", two, narrow)
            self.send(node, self.position(30, 36.03))
            self.assertEqual(self.short(self.alerts(node))[3:],
                             [("found_inside", "EXERCISE zone", "test", "2")])
            register.must("airspace", "withdraw", two)
            self.send(node, self.position(40, 36.2))
            last = self.alerts(node)[4:]
            self.assertEqual(self.short(last), [("left", "EXERCISE border", "test", "1")])
            self.assertGreater(last[0]["inside_s"], 20, "since before the sets changed")
            self.send(node, self.position(45, 37.01))
            words = register.must("alerts").out
            self.assertRegex(words, r"left frame of tr, version 2015-11 after at least \d+")
            self.assertRegex(words, r'left "EXERCISE border" \([a-z2-7]{16}\) of test, version 1')

    def test_2_a_track_that_is_silent_hears_of_it_at_the_next_tick(self):
        register = Register(self.folder / "tick")
        narrow = write_json(self.folder / "narrow.geojson", box(35.85, 35.95, 36.0, 36.1))
        self.begin = round(time.time() * 1000)
        with Node(register.path) as node:
            self.send(node, self.position(0, 36.05))
            self.assertEqual(self.alerts(node), [])
            register.must("airspace", "add", narrow, "--name", "EXERCISE border", "--contact", "x")
            for _ in range(600):
                if self.alerts(node):
                    break
                time.sleep(0.05)
            self.assertEqual(self.short(self.alerts(node)),
                             [("found_inside", "EXERCISE border", "test", "1")])


class Joint(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        for _ in range(2):
            cls.world.round()

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def add(self, shape, *words, of):
        file = write_json(self.folder / "shape.geojson", shape)
        return id_in(self.must("airspace", "add", file, "--name", "EXERCISE border", "--contact",
                               f"{of} air desk", *words, of=of))

    def statements(self, of):
        groups = self.must("airspace", "list", "--json", of=of).json["airspace"]
        return [(one["party"], [each["version"] for each in one["in_force"]])
                for group in groups for one in group["statements"]]

    def test_1_parties_versions_stand_side_by_side(self):
        fr = self.add(box(35.85, 35.95, 36.0, 36.1), "--to", "ru", of="fr")
        ru = self.add(box(35.9, 35.95, 36.0, 36.1), "--to", "fr", of="ru")
        self.add(box(1, 2, 1, 2), of="ru")  # given to nobody
        self.world.round()
        self.assertEqual(self.statements("fr"), [("fr", [1]), ("ru", [1])])
        self.assertEqual(self.statements("msf"), [])
        difference, = self.must("airspace", "list", "--json",
                                of="fr").json["airspace"][0]["differences"]
        self.assertEqual((difference["of"]["party"], difference["beside"]["party"]), ("fr", "ru"))
        answers = {self.run_of("airspace", "show", asked, of="msf").err.replace(asked, "ID")
                   for asked in (fr, ru, "aaaaaaaaaaaaaaaa")}
        self.assertEqual(len(answers), 1, answers)
        self.refused(self.run_of("airspace", "amend", ru, "--text", "x", of="fr"), BAD_INPUT,
                     "only its author", "your own version")
        # The next version is owed to whoever has the first.
        self.must("airspace", "amend", ru, "--language", "ru", of="ru")
        self.world.round()
        self.assertEqual(self.statements("fr"), [("fr", [1]), ("ru", [2])])

    def test_2_anothers_statement_is_taken_over_while_served(self):
        self.begin = round(time.time() * 1000)
        (self.world.dir("un") / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\n')
        one = self.add(box(35.85, 35.95, 36.0, 36.1), "--to", "un", of="msf")
        pack = self.folder / "stick.pack"
        self.must("pack", "--to", "un", "--out", pack, of="msf")
        live = Live("test_1_statements_are_taken_over_while_served")
        live.begin = self.begin
        with Node(self.world.dir("un")) as node:
            live.send(node, live.position(0, 36.05))
            self.assertEqual(live.alerts(node), [])
            self.must("unpack", pack, of="un")
            live.send(node, live.position(1, 36.05))
            told, = live.alerts(node)
            self.assertEqual((told["kind"], told["zone"]["party"], told["zone"]["id"]),
                             ("found_inside", "msf", one))

    # -- sealed checks, asked again --

    def protect(self, lon, lat, *words, of):
        house = circle(lon, lat, 20, name="EXERCISE", contact="desk", **{"class": "hospital"})
        return id_in(self.must("protect", "add",
                               write_json(self.folder / "house.geojson", house), *words, of=of))

    def seal(self, lon, lat, of):
        return id_in(self.run_of("check", plan(self.folder, lon, lat), "--seal", of=of))

    def verify(self, one, *words, of, code):
        done = self.exits(code, self.run_of("sealed", "verify", one, "--json", *words, of=of))
        return done.json

    def test_3_its_author_finds_the_same(self):
        own = self.protect(10, 50, of="ru")
        given = self.protect(10.001, 50, "--to", "ru", of="msf")
        self.world.round()
        one = self.seal(10, 50, of="ru")
        # What came later is none of it: one more place, one that is withdrawn, one amended.
        self.protect(10.002, 50, of="ru")
        late = self.protect(10, 50.001, of="msf")
        self.must("release", late, "--to", "ru", of="msf")
        self.must("protect", "amend", own, write_json(self.folder / "far.geojson", circle(
            10.0001, 50, 30, name="EXERCISE", contact="desk", **{"class": "hospital"})), of="ru")
        for _ in range(2):
            self.world.round()
        said = self.verify(one, of="ru", code=OK)
        self.assertEqual((said["word"], said["verdict"], said["reasons"]), ("same", "same", []))
        self.assertEqual((said["agreed"], said["found"]),
                         (2, {"verdict": "conflict", "touched": 2}))
        self.assertEqual((said["not_found"], said["not_stated"], said["not_read"]), ([], [], []))
        self.assertTrue(given)
        text = self.exits(OK, self.run_of("sealed", "verify", one, of="ru")).out
        self.assertIn("asked again: the same\n", text)
        self.assertIn("sealed entries of ru from entry", text)

    def test_4_a_reader_says_what_it_could_not_compare(self):
        house = self.protect(20, 50, "--to", "ru", of="msf")
        self.protect(20.001, 50, "--to", "ru", of="fr")
        self.world.round()
        one = self.seal(20, 50, of="ru")
        self.must("open", one, "--to", "msf", of="ru")
        self.world.round()
        said = self.verify(one, of="msf", code=INCOMPLETE)
        self.assertEqual(said["word"], "not_compared")
        self.assertEqual((said["stated"]["touched"], said["agreed"]), (2, 1))
        self.assertEqual(len(said["not_read"]), 1, "fr's, of which msf holds nothing")
        self.assertEqual((said["not_found"], said["not_stated"]), ([], []))
        codes = {(each["code"], each.get("party")) for each in said["reasons"]}
        self.assertIn(("releases_unknown", "fr"), codes)
        self.assertIn(("bodies_missing", "ru"), codes)
        self.assertIsNone(said["found"]["verdict"])
        self.assertEqual(said["verdict"], "same", "one exact place that touches is a conflict")
        self.assertTrue(house)
        self.refused(self.run_of("sealed", "verify", one, of="un"), BAD_INPUT, "no record")

    def test_5_no_verdict_is_the_same_that_rests_on_what_is_not_stated(self):
        one = self.seal(-40, -40, of="ru")
        said = self.verify(one, of="ru", code=INCOMPLETE)
        stated = said["stated"]["verdict"]
        if stated == "incomplete":
            self.skipTest("the sticks are too old by now")
        self.assertEqual((stated, said["word"], said["verdict"]),
                         ("no_registered_conflict", "not_compared", "not_compared"))
        self.assertEqual([each["code"] for each in said["reasons"]], ["freshness"])

    def test_6_counts_what_stays_unopened(self):
        begin = self.seal(-41, -40, of="ru")
        first = self.must("sealed", "show", begin, "--json", of="ru").json["entry"]
        others = [self.seal(-41 - i, -40, of="ru") for i in range(3)]
        one = self.seal(-50, -40, of="ru")
        entry = self.must("sealed", "show", one, "--json", of="ru").json["entry"]
        for each in (begin, one):
            self.must("open", each, "--to", "un", of="ru")
        self.world.round()
        window, own = (self.run_of("sealed", "verify", one, "--from", first, "--json",
                                   of=party).json["window"] for party in ("un", "ru"))
        self.assertEqual((window["from"], window["until"]), (first, entry))
        self.assertEqual(window["sealed"] - window["unopened"], 1, "the one that is open")
        self.assertGreaterEqual(window["unopened"], len(others))
        self.assertEqual((own["sealed"], own["unopened"]), (window["sealed"], 0))
        self.refused(self.run_of("sealed", "verify", one, "--until", 10**6, of="un"), BAD_INPUT,
                     "entries of its author's log")


class Sealed(Case):
    """Alone there is nobody whose word could be too old: all is compared."""

    def test_a_check_of_a_party_alone_is_compared_whole(self):
        data = Register(self.folder / "reg").path

        def run_of(*words):
            return entente(*words, "--data", data)

        house = circle(5, 5, 20, name="EXERCISE", **{"class": "clinic"})
        self.exits(OK, run_of("protect", "add", write_json(self.folder / "h.geojson", house)))
        one = id_in(run_of("check", plan(self.folder, 5, 5), "--seal"))
        self.exits(OK, run_of("sealed", "verify", one))
        none = id_in(run_of("check", plan(self.folder, 9, 9), "--seal"))
        said = self.exits(OK, run_of("sealed", "verify", none, "--json")).json
        self.assertEqual((said["word"], said["found"]["verdict"]),
                         ("same", "no_registered_conflict"))


if __name__ == "__main__":
    main()
