#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Search among four parties who hand each other sticks: each finds what it was given and nothing
else, in any script; others' places no closer than their coarse areas; what is recalled is found no
more; exports hold no text of anybody and no exact place of others; who may not open records finds
by what lists show; questions that stand tell of what is new."""
import csv
import io
import json
import re

from harness import BAD_INPUT, Case, circle, entente, main, write_json
from http_node import Node, request
from receipts_test import Sticks

AT = (68.8612, 36.7180)  # where the report is, exactly
FAR = (10.5, 50.5)
JSON = ("Content-Type", "application/json")
WORDS = ("--grade", "B2", "--contact", "liaison")
TIME = ("--from", "2015-10-03T02:00:00Z", "--until", "2015-10-03T03:15:00Z")


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


class Search(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        for party in ("fr", "ru", "un", "msf"):
            (cls.world.dir(party) / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\n')
        place = write_json(cls.folder / "place.geojson", circle(*AT, 5))
        cls.report = id_in(cls.must(
            "report", "add", "--topic", "EXERCISE больница", "--text",
            "EXERCISE zebra Кундуз مستشفى قُندُوز 医院", *WORDS, *TIME, "--volumes", place,
            "--label", "tlp=amber", "--to", "fr,ru:coarse", "--tear", "EXERCISE okapi", of="msf"))
        cls.secret = id_in(cls.must("report", "add", "--topic", "EXERCISE alone", "--text",
                                    "EXERCISE zebra", *WORDS, of="msf"))
        said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE Hôpital",
                        "--lat", AT[1], "--lon", AT[0], "--radius-m", 60, of="msf")
        cls.hospital = id_in(said)
        cls.must("release", cls.hospital, "--to", "fr", of="msf")
        cls.rounds()

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    @classmethod
    def rounds(cls):
        for _ in range(2):
            cls.world.round()

    def page(self, *words, of):
        page = self.must("search", *words, "--json", of=of).json
        self.assertTrue(page["complete"])
        return page

    def found(self, *words, of):
        return {one["id"] for one in self.page(*words, of=of)["hits"]}

    def test_1_words_of_any_script_find_what_was_given(self):
        """whole texts where they were given, the tear line alone where that is, else nothing"""
        for word in ("zebra", "Kunduz", "КУНДУЗ", "قندوز", "医", "больница", "Кунд",
                     "zebra kunduz"):
            self.assertIn(self.report, self.found(word, of="fr"), word)
        self.assertEqual(self.found("zebra", of="ru"), set())
        self.assertEqual(self.found("okapi", of="ru"), {self.report})
        self.assertEqual(self.found("zebra", of="un"), set())
        self.assertEqual(self.page("zebra", of="un")["total"], 0)
        self.assertEqual(self.found("zebra", of="msf"), {self.report, self.secret})
        self.assertEqual(self.found("hopital", of="fr"), {self.hospital})
        self.assertEqual(self.found("zebra okapi unheard", of="fr"), set())

    def test_2_areas_times_kinds_classes_and_grades(self):
        near = ("--near", f"{AT[1]},{AT[0]}", "--within", 100)
        self.assertEqual(self.found(*near, of="msf"), {self.report, self.hospital})
        self.assertEqual(self.found(*near, "--kind", "report", of="fr"), {self.report})
        self.assertEqual(self.found(*near, "--class", "hospital", of="fr"), {self.hospital})
        page = self.page("--near", f"{FAR[1]},{FAR[0]}", of="msf")
        self.assertEqual((page["total"], page["no_place"]), (0, 1))
        apart = self.page("--near", f"{FAR[1]},{FAR[0]}", "--which", "no_place", of="msf")
        self.assertEqual([one["id"] for one in apart["hits"]], [self.secret])
        self.assertEqual(self.found("zebra", "--from", "2015-10-03T03:00:00Z", of="fr"),
                         {self.report})
        self.assertEqual(self.found("zebra", "--from", "2015-10-03T03:15:00Z", of="fr"), set())
        self.assertEqual(self.found("zebra", "--grade", "B2", of="fr"), {self.report})
        self.assertEqual(self.found("zebra", "--grade", "A", of="fr"), set())
        self.assertEqual(self.found("zebra", "--party", "fr", of="fr"), set())

    def test_2b_what_is_known_by_its_district_alone_is_no_point(self):
        """it was anywhere there: counted beside, and never said not to be there"""
        middle = write_json(self.folder / "middle.geojson", circle(64.3, 31.3, 0))
        near = ("--near", "31.4,64.3", "--within", 2000, "--kind", "incident")
        for precision, want in (("exact", (0, 0)), ("district", (0, 1)), ("country", (0, 1))):
            one = id_in(self.must("incident", "add", "--sort", "shelling", *TIME, "--volumes",
                                  middle, "--place-precision", precision, "--contact", "x",
                                  of="ru"))
            page = self.page(*near, of="ru")
            self.assertEqual((page["total"], page["no_place"]), want, precision)
            self.must("incident", "withdraw", one, of="ru")

    def test_3_others_places_are_found_no_closer_than_a_list_shows_them(self):
        """its author finds it by the metre; to whom it was given, the cell around answers alike"""
        beside = (AT[1] + 0.003, AT[0])
        close = ("--within", 100, "--kind", "report", "--near")
        self.assertEqual(self.found(*close, f"{beside[0]},{beside[1]}", of="msf"), set())
        self.assertEqual(self.found(*close, f"{beside[0]},{beside[1]}", of="fr"), {self.report})
        for form in ("geojson", "csv"):
            done = self.must("search", "--format", form, of="fr")
            self.assertIn(self.report, done.out)
            for exact in (f"{AT[0]}", f"{AT[1]}", "zebra", "Кундуз"):
                self.assertNotIn(exact, done.out, (form, exact))
            self.assertIn("coarse", done.out)
            self.assertIn("amber", done.out)
            own = self.must("search", "--format", form, of="msf").out
            self.assertIn(f"{AT[0]}", own)

    def test_4_exports_are_whole_and_harmless(self):
        """one line a thing, no formula, a new file alone, and what was not compared is said"""
        self.must("report", "add", "--topic", "=cmd|'/c calc'!A1", "--text", "EXERCISE gnu\nsecond",
                  *WORDS, of="un")
        out = self.folder / "found.csv"
        done = self.must("search", "--format", "csv", "-o", out, of="un")
        self.assertIn("what is not found here may be there all the same", done.err)
        rows = list(csv.DictReader(io.StringIO(out.read_text())))
        self.assertEqual([row["title"] for row in rows], ["'=cmd|'/c calc'!A1"])
        self.assertEqual((rows[0]["grade_source"], rows[0]["position"]), ("B", "none"))
        self.refused(self.run_of("search", "--format", "csv", "-o", out, of="un"), BAD_INPUT,
                     "exists")
        collection = self.must("search", "--format", "geojson", "--limit", 1, of="msf").json
        self.assertEqual(collection["type"], "FeatureCollection")
        self.assertEqual(len(collection["features"]), 1)

    def test_4b_of_ones_own_incidents_exports_have_all_and_of_others_nothing(self):
        """a number that is not known is no 0, and 0 is said"""
        incident = id_in(self.must(
            "incident", "add", "--sort", "air_strike", "--text", "EXERCISE heron", *TIME,
            "--place", "Kunduz, north", "--contact", "x", "--objects",
            "name=trauma centre;what=hospital;damage=destroyed", "--casualties",
            "category=civilian;harm=killed;least=0;best=22;basis=EXERCISE count", "--sources",
            "kind=observer;line=EXERCISE witness", "--to", "ru", of="un"))
        self.rounds()
        words = ("22", "trauma centre", "EXERCISE witness", "Kunduz, north")
        for form in ("geojson", "csv"):
            own = self.must("search", "--kind", "incident", "--format", form, of="un").out
            for word in words:
                self.assertIn(word, own, form)
            others = self.must("search", "--kind", "incident", "--format", form, of="ru").out
            self.assertIn(incident, others)
            for word in (*words[1:], "EXERCISE count", "heron"):
                self.assertNotIn(word, others, form)
        rows = list(csv.DictReader(io.StringIO(own)))
        one = [row for row in rows if row["id"] == incident][0]
        self.assertEqual(one["casualties"], "killed civilian: at least 0, best 22, at most ? "
                                            "(EXERCISE count)")
        self.assertEqual(one["objects"], "trauma centre, hospital, destroyed")
        self.assertEqual(one["sources"], "observer, EXERCISE witness")
        self.must("incident", "withdraw", incident, of="un")

    def test_5_what_is_asked_wrongly_is_refused_by_name(self):
        for words, says in (((" .-",), "no word"), (("--near", "north"), "LAT,LON"),
                            (("--grade", "F6"), "cannot be judged"),
                            (("--kind", "weather"), "kinds"),
                            (("--class", "barn"), "barn"), (("--party", "xx"), "no party"),
                            (("--from", "yesterday"), "from"),
                            (("--from", "2016-01-01T00:00:00Z", "--until", "2015-01-01T00:00:00Z"),
                             "until"), (("x" * 2000,), "1024")):
            self.refused(self.run_of("search", *words, of="fr"), BAD_INPUT, says)

    def test_6_what_is_recalled_is_found_no_more(self):
        """of a served node, which had it in its index"""
        with Node(self.world.dir("fr")) as node:
            def total(text):
                body = json.dumps({"text": text}).encode()
                answer = node.ask("POST", "/v1/search", body, [JSON])
                self.assertEqual(answer.status, 200, answer.body)
                return json.loads(answer.body)["total"]
            self.assertEqual(total("hopital"), 1)
            self.must("recall", self.hospital, "--from", "fr", "--coarse", of="msf")
            self.rounds()
            self.assertEqual(total("hopital"), 0)
            self.assertEqual(total("hospi"), 0)

    def post(self, node, token, path, wish, status=200):
        headers = [("Host", node.host), ("Authorization", f"Bearer {token}"), JSON]
        with node.connect() as connection:
            connection.send(request("POST", path, headers, json.dumps(wish).encode()))
            answer = connection.response()
        self.assertEqual(answer.status, status, answer.body)
        return json.loads(answer.body)

    def test_7_who_may_not_open_records_finds_by_what_lists_show(self):
        """counts, pages and alerts too; and reading by words is audited with them"""
        tokens = {}
        for name, role in (("nadia", "admin"), ("omar", "planner")):
            self.must("person", "add", name, "--role", role, of="fr")
            made = self.must("token", "new", name, "--person", name, "--role", role, "--days", 1,
                             of="fr")
            tokens[name] = made.out.strip()
        with Node(self.world.dir("fr")) as node:
            def ask(who, wish):
                return self.post(node, tokens[who], "/v1/search", wish)
            self.assertEqual(ask("nadia", {"text": "zebra"})["total"], 0)
            self.assertEqual(ask("nadia", {"text": "zebra"})["reading"], "listed")
            self.assertEqual(ask("nadia", {"text": "больница"})["total"], 1)
            self.assertEqual(ask("omar", {"text": "zebra"})["total"], 1)
            for who in tokens:
                self.assertEqual(ask(who, {"text": "quagga"})["total"], 0)
                ask(who, {"classes": ["school"]})
                self.post(node, tokens[who], "/v1/subscriptions",
                          {"name": "EXERCISE", "text": "okapi", "route": "board"}, 201)
        out = self.must("audit", "list", "--json", of="fr").out
        lines = [json.loads(json.loads(one)["line"]) for one in out.splitlines()]
        self.assertEqual({line["who"] for line in lines if line.get("what") == "zebra"},
                         {"owner", "omar"})
        self.assertEqual({line["who"] for line in lines if line.get("what") == "quagga"}, {"omar"},
                         "that nothing was found says something too")
        self.assertEqual({line["who"] for line in lines if line["act"] == "search" and
                          not line.get("what")} - {"owner"}, {"omar"}, "so does a class")
        self.assertEqual({line["who"] for line in lines if line.get("what") == "okapi"}, {"omar"},
                         "and what is left standing finds from then on")

    def test_8_a_question_that_stands_tells_of_what_is_new_and_fits(self):
        """not of what was before it, nor of what does not fit, once; and of a withdrawal"""
        area = write_json(self.folder / "area.geojson", circle(*AT, 2000))
        made = self.must("subscribe", "add", "--name", "EXERCISE gnus", "--text", "антилопа",
                         "--area", area, "--kind", "report", of="ru")
        self.assertIn("EXERCISE gnus", self.must("subscribe", "list", of="ru").out)
        place = write_json(self.folder / "there.geojson", circle(*AT, 5))
        away = write_json(self.folder / "away.geojson", circle(*FAR, 5))
        ids = []
        for text, where in (("EXERCISE antilopa", place), ("EXERCISE antilopa", away),
                            ("EXERCISE giraffe", place)):
            ids.append(id_in(self.must("report", "add", "--topic", "EXERCISE", "--text", text,
                                       "--volumes", where, *WORDS, "--to", "ru", of="un")))
        self.must("subscribe", "add", "--name", "all", "--text", "antilopa", of="msf")
        self.rounds()
        self.rounds()
        board = self.must("notices", "list", "--json", of="ru").json
        told = [(one["what"], one["record"], one["detail"]) for one in board["notices"]]
        self.assertEqual(told, [("match", ids[0], "add")])
        self.assertIn("EXERCISE", board["notices"][0]["text"])
        self.assertEqual(self.must("notices", "list", "--json", of="msf").json["unread"], 0)
        self.must("report", "amend", ids[2], "--text", "EXERCISE antilopa now", of="un")
        self.must("report", "withdraw", ids[0], of="un")
        self.rounds()
        board = self.must("notices", "list", "--json", of="ru").json
        self.assertEqual([(one["record"], one["detail"]) for one in board["notices"]],
                         [(ids[0], "add"), (ids[0], "withdraw"), (ids[2], "amend")])
        self.assertIn("is WITHDRAWN, and fitted", board["notices"][1]["text"])
        for words, says in ((("--text", "x"), "name"),
                            (("--name", "x", "--text", "..."), "no word"),
                            (("--name", "x", "--kind", "weather"), "kinds")):
            self.refused(self.run_of("subscribe", "add", *words, of="ru"), BAD_INPUT, says)
        self.must("subscribe", "remove", id_in(made), of="ru")


if __name__ == "__main__":
    main()
