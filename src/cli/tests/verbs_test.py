#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb as a person meets it: help, the life of one protection, lists, checks and their exit
status, and words that no output says."""
import csv
import io
import json
import re

from harness import (BAD_INPUT, CAUTION, CONFLICT, Case, FAILURE, OK, Register, circle, entente,
                     feature, main, write_csv, write_json)

VERBS = ("init", "import", "protect add", "protect amend", "protect withdraw", "protect confirm",
         "protect confirm-move", "list", "show", "check", "log vkey", "log verify", "log prove",
         "log export", "doctor")
# DESIGN 4: the best answer is that nothing registered conflicts. safety_zone is a class.
VERDICT_WORDS = re.compile(r"\b(clear|cleared|safe|approved|safely)\b", re.IGNORECASE)


class Verbs(Case):
    def setUp(self):
        self.register = Register(self.folder / self._testMethodName)

    def add(self, **fields):
        """(id, what was printed) of a protection given by flags."""
        words = [word for name, value in fields.items()
                 for word in ("--" + name.replace("_", "-"), str(value))]
        done = self.register.must("protect", "add", *words, "--json")
        return done.json["id"], done.json

    def check(self, *features, words=(), code=None):
        plan = features[0] if len(features) == 1 else \
            {"type": "FeatureCollection", "features": list(features)}
        path = write_json(self.folder / "plan.geojson", plan)
        done = self.register.run("check", path, "--json", *words)
        if code is not None:
            self.exits(code, done)
        self.assertIsNone(VERDICT_WORDS.search(done.out), done.out)
        return done.json if done.out else done

    # -- help and wrong words --

    def test_every_verb_has_help_with_an_example(self):
        """--help of each verb: what it does, an example that names the verb and --data"""
        for verb in VERBS:
            done = self.exits(OK, entente(*verb.split(), "--help"))
            self.assertIn("--data", done.out, verb)
            self.assertRegex(done.out, rf"Example:\n  entente {verb} .*--data \w+")
            self.assertIn("--actor", done.out, verb)
            self.assertIsNone(VERDICT_WORDS.search(done.out), done.out)
            self.assertLess(max(map(len, done.out.splitlines())), 240, verb)
        top = self.exits(OK, entente("--help")).out
        for verb in VERBS:
            self.assertIn(verb.split()[0], top)
        self.assertRegex(self.exits(OK, entente("--version")).out, r"entente \d+\.\d+")
        for exit_status in ("0 no registered conflict", "10 conflict", "11 caution",
                            "12 incomplete", "2 bad input", "1 failure"):
            self.assertIn(exit_status, entente("check", "--help").out.replace("\n", " "))
        for known in ("hospital", "safety_zone", "radius_m", "reconfirm_by"):
            self.assertIn(known, entente("import", "--help").out)

    def test_wrong_words_are_answered_with_what_is_right(self):
        """no verb, a misspelt verb, a missing or unknown option: exit 2 and what there is"""
        self.refused(entente(), BAD_INPUT, "import", "check", "--help")
        self.refused(entente("chek"), BAD_INPUT, "import", "check", "--help")
        self.refused(entente("protect", "ad"), BAD_INPUT, "withdraw", "entente protect --help")
        self.refused(entente("check", "plan"), BAD_INPUT, "--data", "entente check --help")
        self.refused(self.register.run("check", "--marign", "5"), BAD_INPUT, "--marign")
        self.refused(self.register.run("check"), BAD_INPUT, "--batch")
        self.refused(entente("log", "verify"), BAD_INPUT, "--data", "--tiles")
        self.refused(entente("log", "verify", "--tiles", "x"), BAD_INPUT, "--vkey")
        self.refused(self.register.run("check", "--batch", "x"), BAD_INPUT, "--json")

    # -- one protection's life --

    def test_add_by_flags_and_by_feature_say_the_same(self):
        """protect add with every flag, and with a GeoJSON Feature of the same fields"""
        fields = {"ref": "h1", "name": "Al Nao", "class": "hospital", "lat": "15.667",
                  "lon": "32.489", "radius_m": "80.5", "buffer_m": "700", "accuracy_m": "5",
                  "altitude_lower": "0", "altitude_upper": "50", "altitude_reference": "AGL",
                  "time_start": "2026-01-01T00:00:00Z", "time_end": "2036-01-01T00:00:00Z",
                  "reconfirm_by": "2035-01-01T00:00:00Z", "contact": "medical desk"}
        _, by_flags = self.add(**fields)
        properties = {key: float(value) if key in ("radius_m", "buffer_m", "accuracy_m",
                                                   "altitude_lower", "altitude_upper") else value
                      for key, value in fields.items() if key not in ("lat", "lon")}
        path = write_json(self.folder / "one.geojson", feature(
            {"type": "Point", "coordinates": [32.489, 15.667]}, **properties))
        by_feature = self.register.must("protect", "add", path, "--json").json
        for one in (by_flags, by_feature):
            del one["protection"]["id"]
        self.assertEqual(by_flags["protection"], by_feature["protection"])
        for name, value in properties.items():
            self.assertEqual(by_flags["protection"]["properties"][name], value)
        self.refused(self.register.run("protect", "add", path, "--name", "x"), BAD_INPUT, "one of")

    def test_what_is_missing_is_named_in_the_words_of_flags(self):
        """protect add without class, position, or with half of it; amend of nothing"""
        run = self.register.run
        self.refused(run("protect", "add", "--class", "camp"), BAD_INPUT, "--lat")
        self.refused(run("protect", "add", "--class", "camp", "--lat", "1"), BAD_INPUT, "--lon")
        self.refused(run("protect", "add", "--lat", "1", "--lon", "1"), BAD_INPUT, "--class")
        self.refused(run("protect", "add", "--class", "hosptal", "--lat", "1", "--lon", "1"),
                     BAD_INPUT, "hosptal", "hospital")
        self.refused(run("protect", "add", "--class", "camp", "--lat", "91", "--lon", "1"),
                     BAD_INPUT, "91")
        record, _ = self.add(**{"class": "camp"}, lat=1, lon=1)
        self.refused(run("protect", "amend", record), BAD_INPUT, "nothing would change")
        self.refused(run("protect", "amend", record, "--lat", "2"), BAD_INPUT, "--lon")
        self.refused(run("protect", "confirm", record), BAD_INPUT, "--until")
        self.refused(run("protect", "confirm", record, "--until", "soon"), BAD_INPUT, "soon")
        self.refused(run("protect", "confirm-move", record), BAD_INPUT, "no move")
        for verb in (("show",), ("protect", "withdraw"), ("protect", "amend"), ("log", "prove")):
            self.refused(run(*verb, "aaaaaaaaaaaaaaaa"), BAD_INPUT, "aaaaaaaaaaaaaaaa")
            self.refused(run(*verb, "no-id"), BAD_INPUT, "no-id")
        self.assertEqual(self.register.head()[0], 3)

    def test_amend_says_anew_what_is_given_and_keeps_the_rest(self):
        """protect amend by flag and by Feature; history names each version, actor and entry"""
        record, _ = self.add(**{"class": "hospital"}, lat=10, lon=20, radius_m=80, name="One",
                             contact="desk")
        done = self.register.must("protect", "amend", record, "--buffer-m", "800", "--actor",
                                  "amal", "--json").json
        properties = done["protection"]["properties"]
        self.assertEqual((properties["buffer_m"], properties["radius_m"], properties["contact"],
                          properties["name"]), (800, 80, "desk", "One"))
        path = write_json(self.folder / "two.geojson",
                          circle(20, 10, 90, name="Two", buffer_m=900, **{"class": "hospital"}))
        done = self.register.must("protect", "amend", record, path, "--json").json
        self.assertEqual(done["protection"]["properties"]["name"], "Two")
        self.assertEqual([(v["version"], v["act"]) for v in done["history"]],
                         [(1, "add"), (2, "amend"), (3, "amend")])
        self.assertEqual(done["history"][1]["actor"], "amal")
        text = self.register.must("show", record).out
        for words in ("Two", "version 3", "amend by amal", "entry 3", record):
            self.assertIn(words, text)

    def test_a_moved_site_keeps_both_places_until_the_move_is_confirmed(self):
        """amend to another position: a check finds both; confirm-move ends the old one"""
        record, _ = self.add(**{"class": "hospital"}, lat=10, lon=20, radius_m=80, buffer_m=100)
        old, new = circle(20, 10, 10), circle(21, 10, 10)
        self.check(new, code=OK)
        done = self.register.must("protect", "amend", record, "--lat", "10", "--lon", "21",
                                  "--json").json
        self.assertEqual(len(done["places"]), 2)
        (there,) = self.check(old, code=CONFLICT)["findings"]
        self.assertEqual((there["id"], there["earlier_place"]), (record, True))
        (here,) = self.check(new, code=CONFLICT)["findings"]
        self.assertEqual((here["id"], here["earlier_place"]), (record, False))
        self.assertIn("before a move", self.register.must("show", record).out)
        self.register.must("protect", "confirm-move", record)
        self.check(old, code=OK)
        self.check(new, code=CONFLICT)

    def test_past_its_date_it_is_unconfirmed_and_still_protects(self):
        """reconfirm_by in the past: state unconfirmed, verdict conflict; confirm puts it right"""
        record, _ = self.add(**{"class": "school"}, lat=10, lon=20,
                             reconfirm_by="2020-01-01T00:00:00Z")
        (found,) = self.check(circle(20, 10, 1), code=CONFLICT)["findings"]
        self.assertEqual(found["state"], "unconfirmed")
        self.register.must("protect", "confirm", record, "--until", "2090-01-01T00:00:00Z")
        (found,) = self.check(circle(20, 10, 1), code=CONFLICT)["findings"]
        self.assertEqual(found["state"], "in_force")
        self.assertEqual(self.register.must("show", record, "--json").json["protection"]
                         ["properties"]["reconfirm_by"], "2090-01-01T00:00:00Z")

    def test_withdraw_ends_it_and_keeps_its_history(self):
        """protect withdraw: gone from lists and checks, all versions still shown and proven"""
        record, _ = self.add(**{"class": "school"}, lat=10, lon=20, name="Gone")
        self.register.must("protect", "withdraw", record, "--actor", "nadia")
        self.check(circle(20, 10, 1), code=OK)
        self.assertNotIn("Gone", self.register.must("list").out)
        shown = self.register.must("show", record, "--json").json
        self.assertEqual((shown["state"], shown["history"][-1]["act"],
                          shown["history"][-1]["actor"]), ("withdrawn", "withdraw", "nadia"))
        self.assertIn("c2sp.org/tlog-proof", self.register.must("log", "prove", record).out)
        self.assertEqual(self.register.head()[0], 4)

    # -- lists --

    def test_lists_filter_and_formats_can_be_read_back(self):
        """--bbox, --class, --text; GeoJSON and CSV import again as they stand"""
        rows = [("a", "Kassala Hospital", "hospital", "15.4", "36.4"),
                ("b", "Wau School", "school", "7.7", "28.0"),
                ("c", "مستشفى النو", "hospital", "15.667", "32.489"),
                ("d", "Taveuni Camp", "camp", "-16.8", "179.95"),
                ("e", "=HYPERLINK(\"http://x\")", "other", "0", "0.5"),
                ("f", "+1-800", "other", "0", "0.6"), ("g", "@x", "other", "0", "0.7"),
                ("h", "-2+3", "other", "0", "0.8"),
                ("i", "two\nlines, \"quoted\"", "food", "0", "1")]
        self.register.must("import", write_csv(self.folder / "rows.csv", rows), "--yes")

        def refs(*words):
            listed = self.register.must("list", "--format", "geojson", *words).json["features"]
            return sorted(one["properties"]["ref"] for one in listed)
        self.assertEqual(refs(), list("abcdefghi"))
        self.assertEqual(refs("--class", "hospital"), ["a", "c"])
        self.assertEqual(refs("--text", "KASSALA"), ["a"])
        self.assertEqual(refs("--text", "النو"), ["c"])
        self.assertEqual(refs("--bbox", "30,10,40,20"), ["a", "c"])
        self.assertEqual(refs("--bbox", "179,-20,-179,-10"), ["d"])
        self.assertEqual(refs("--bbox", "30,10,40,20", "--text", "kass"), ["a"])
        self.assertEqual(refs("--class", "dam"), [])
        for words, says in ((("--bbox", "1,2,3"), "WEST,SOUTH,EAST,NORTH"),
                            (("--bbox", "0,50,10,40"), "south"), (("--class", "foo"), "hospital"),
                            (("--format", "xml"), "geojson")):
            self.refused(self.register.run("list", *words), BAD_INPUT, says)
        table = self.register.must("list").out
        self.assertIn("Kassala Hospital", table)
        self.assertIn("9 of 9 records", table)
        self.assertNotIn("\n lines", table)
        self.csv_is_harmless(rows)
        self.comes_back(rows)

    def csv_is_harmless(self, rows):
        """No cell of the CSV is a formula for a spreadsheet."""
        text = self.register.must("list", "--format", "csv").out
        cells = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(cells), len(rows))
        for cell in (cell for row in cells for cell in row.values()):
            if cell and cell[0] in "=+-@\t\r":
                self.assertRegex(cell, r"^-?\d+(\.\d+)?$", "a formula")

    def comes_back(self, rows):
        other = Register(self.folder / "other")
        listed = self.folder / "listed.geojson"
        listed.write_text(self.register.must("list", "--format", "geojson").out)
        done = other.must("import", listed, "--yes", "--json").out.splitlines()
        self.assertEqual((json.loads(done[0])["to_add"], json.loads(done[0])["refused"]),
                         (len(rows), 0))
        names = {f["properties"]["ref"]: f["properties"]["name"]
                 for f in other.must("list", "--format", "geojson").json["features"]}
        self.assertEqual(names, {row[0]: row[1] for row in rows})

    # -- checks --

    def test_verdicts_have_their_exit_status_and_say_what_they_rest_on(self):
        """0, 10, 11; as_of, notice, distances; --margin; the worst of a batch"""
        record, _ = self.add(**{"class": "hospital"}, lat=0, lon=20, radius_m=50, buffer_m=100,
                             contact="desk", name="One", ref="r1")
        far = self.check(circle(20, 1, 10), code=OK)
        self.assertEqual((far["verdict"], far["findings"], far["reasons"]),
                         ("no_registered_conflict", [], []))
        size, root = self.register.head()
        self.assertEqual((far["as_of"]["tree_size"], far["as_of"]["root"], far["as_of"]["age_s"]),
                         (size, root, 0))
        self.assertIn("no evidence", far["notice"])
        near = self.check(circle(20.004, 0, 10), code=CAUTION)  # 445 m off, policy distance 500
        self.assertEqual((near["verdict"], near["findings_total"], near["nearby_total"]),
                         ("caution", 0, 1))
        (found,) = near["nearby"]
        self.assertEqual((found["id"], found["ref"], found["class"], found["contact"]),
                         (record, "r1", "hospital", "desk"))
        self.assertAlmostEqual(found["distance_m"], 0.004 * 111319.49 - 60, delta=1)
        self.assertAlmostEqual(found["bearing_deg"], 270, delta=0.1)
        hit = self.check(circle(20.004, 0, 10), words=("--margin", "300"), code=CONFLICT)
        self.assertEqual((hit["verdict"], hit["findings"][0]["buffer_m"]), ("conflict", 100))
        both = self.check(circle(20, 1, 10), circle(20, 0, 10), code=CONFLICT)
        self.assertEqual(both["findings"][0]["volume"], 1)
        lines = [json.dumps(circle(20, lat, 10)) for lat in (1, 0, 2)]
        batch = self.folder / "batch.geojsonl"
        batch.write_text("\n".join(lines))
        done = self.exits(CONFLICT, self.register.run("check", "--batch", batch, "--json"))
        self.assertEqual([json.loads(line)["findings_total"] for line in done.out.splitlines()],
                         [0, 1, 0])
        batch.write_text("\n".join([lines[0], "{", lines[0]]))
        self.exits(BAD_INPUT, self.register.run("check", "--batch", batch, "--json"))
        text = self.register.run("check", write_json(self.folder / "p.geojson", circle(20, 0, 10)))
        for words in ("CONFLICT", "One", "desk", record, "tree size", "no evidence"):
            self.assertIn(words, text.out)
        self.assertIsNone(VERDICT_WORDS.search(text.out), text.out)

    def test_time_and_height_must_overlap_too(self):
        """windows that only meet do not; an end of the protection ends it; unknown is all of it"""
        self.add(**{"class": "relief"}, lat=0, lon=20, radius_m=50, buffer_m=0,
                 time_start="2030-01-01T00:00:00Z", time_end="2030-01-02T00:00:00Z",
                 altitude_lower=0, altitude_upper=100, altitude_reference="AGL")
        here = {"lon": 20, "lat": 0, "radius_m": 10}
        self.check(circle(**here), code=CONFLICT)
        self.check(circle(**here, time_start="2030-01-02T00:00:00Z"), code=OK)
        self.check(circle(**here, time_start="2030-01-01T23:59:59.999Z"), code=CONFLICT)
        self.check(circle(**here, time_end="2030-01-01T00:00:00Z"), code=OK)
        self.check(circle(**here, time_end="2030-01-01T03:00:00.001+03:00"), code=CONFLICT)
        self.check(circle(**here, altitude_lower=100, altitude_reference="AGL"), code=CONFLICT)
        self.check(circle(**here, altitude_lower=100.1, altitude_reference="AGL"), code=OK)
        self.check(circle(**here, altitude_lower=600, altitude_reference="FL"), code=OK)
        self.check(circle(**here, altitude_lower=2000, altitude_reference="AMSL"), code=CONFLICT)

    def test_the_moment_asked_for_can_be_given(self):
        """--at: before a withdrawal was said, its protection stands"""
        record, shown = self.add(**{"class": "school"}, lat=0, lon=20, radius_m=50)
        done = self.register.must("protect", "withdraw", record, "--json").json
        before, after = shown["history"][0]["time"], done["history"][1]["time"]
        answer = self.check(circle(20, 0, 10), words=("--at", before), code=CONFLICT)
        self.assertEqual(answer["as_of"]["asked_at"], before)
        self.check(circle(20, 0, 10), words=("--at", after), code=OK)
        self.check(circle(20, 0, 10), words=("--at", "2099-01-01T00:00:00+02:00"), code=OK)
        for words, says in ((("--at", "yesterday"), "yesterday"), (("--margin", "-5"), "--margin"),
                            (("--margin", "nan"), "--margin"), (("--margin", "1e9"), "--margin"),
                            (("--margin", "wide"), "--margin")):
            self.refused(self.check(circle(20, 0, 10), words=words), BAD_INPUT, says)

    # -- the log and the doctor --

    def test_the_log_speaks_and_the_doctor_looks(self):
        """vkey, verify in words and JSON, export refuses a full directory, doctor"""
        self.add(**{"class": "school"}, lat=0, lon=20)
        vkey = self.register.must("log", "vkey").out.strip()
        self.assertRegex(vkey, r"^solo-[a-z2-7]{16}/exercise/test\+[0-9a-f]{8}\+\S+$")
        self.assertIn("3 entries", self.register.must("log", "verify").out)
        out = self.folder / "exported"
        done = self.register.must("log", "export", out)
        self.assertIn(vkey, done.out)
        self.exits(OK, entente("log", "verify", "--tiles", out, "--vkey", vkey))
        self.refused(self.register.run("log", "export", out), BAD_INPUT, "not empty")
        self.assertEqual(self.exits(BAD_INPUT, entente("log", "verify", "--tiles", out, "--vkey",
                                                       "x")).out, "")
        lines = self.exits(OK, self.register.run("doctor", "--json")).json
        self.assertLessEqual({"disk", "vault key", "officer", "root keys", "clock", "store",
                              "signer"}, {line["what"] for line in lines})
        text = self.exits(OK, self.register.run("doctor")).out
        self.assertIn("take it offline", text)
        (self.register.path / "keys/officer").unlink()
        done = self.exits(FAILURE, self.register.run("doctor"))
        self.assertIn("put it back", done.out)

    def test_what_init_says(self):
        """init names the files to keep offline, and why; an exercise says so everywhere"""
        done = self.exits(OK, entente("init", "--data", self.folder / "fresh", "--party", "msf",
                                      "--name", "MSF Sudan", "--exercise"))
        for words in ("EXERCISE", "offline/root", "offline/root-next", "keys/vault", "charter.toml",
                      "signer/"):
            self.assertIn(words, done.out)
        modes = {path.name: path.stat().st_mode & 0o777
                 for path in (self.folder / "fresh").rglob("*") if path.is_file()}
        self.assertEqual({mode for name, mode in modes.items()}, {0o600}, modes)
        self.assertIsNone(VERDICT_WORDS.search(done.out))


if __name__ == "__main__":
    main()
