#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An incident where something had been protected is told at once, and again when it turns out
late: two sides of one pair, whichever comes last; once; and of nothing that only lies near, had
ended, or may not be seen."""
import csv
import json
import re
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, Case, circle, entente, main, write_json
from http_node import Node, request
from receipts_test import Sticks

AT, FAR = (36.3, 33.5), (40.0, 35.0)


def clock(minutes):
    at = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


class JoinNotices(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def rounds(self):
        for _ in range(2):
            self.world.round()

    def protect(self, to, lon=AT[0], lat=AT[1]):
        return id_in(self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                               "--lat", lat, "--lon", lon, "--radius-m", 50, "--to", to, of="un"))

    def incident(self, to, *more, at=AT, radius=10):
        place = write_json(self.folder / "it.geojson", circle(*at, radius))
        return id_in(self.must("incident", "add", "--sort", "shelling", "--from", clock(-1),
                               "--until", clock(90), "--volumes", place, "--contact", "x",
                               "--to", to, *more, of="msf"))

    def told(self, of):
        board = self.must("notices", "list", "--json", of=of).json["notices"]
        return [(one["incident"], one["record"], one["detail"]) for one in board
                if one["what"] == "join"]

    def test_both_sides_of_a_pair(self):
        self.must("subscribe", "add", "--what", "join", of="fr")
        self.must("subscribe", "add", "--what", "join", of="ru")
        early = self.protect("fr")
        self.protect("fr", FAR[0], FAR[1])
        self.rounds()
        first = self.incident("fr,ru")
        self.rounds()
        self.assertEqual(self.told("fr"), [(first, early, "partly")])
        self.assertEqual(self.told("ru"), [], "it was told of no place there")
        self.must("release", early, "--to", "ru", of="un")
        late = self.protect("fr")
        self.rounds()
        self.assertEqual(self.told("ru"), [(first, early, "partly")], "late, and told all the same")
        self.assertEqual(sorted(self.told("fr")),
                         sorted([(first, early, "partly"), (first, late, "partly")]))
        self.rounds()
        self.assertEqual(len(self.told("fr")), 2, "and not again")
        board = self.must("notices", "list", of="fr").out
        self.assertIn("ask for the join", board)
        # Named, and however far.
        named = self.incident("fr", "--objects", f"record={early};damage=destroyed", at=(10, 10))
        self.rounds()
        self.assertIn((named, early, "partly"), self.told("fr"))
        # Named before it is shown: told when it is.
        hidden = self.protect("msf", FAR[0], FAR[1])
        self.rounds()
        named = self.incident("fr", "--objects", f"record={hidden};damage=destroyed", at=(10, 10))
        self.rounds()
        self.assertNotIn(named, [one[0] for one in self.told("fr")])
        self.must("release", hidden, "--to", "fr", of="un")
        self.rounds()
        self.assertIn((named, hidden, "partly"), self.told("fr"))
        # Near, and not touched: no notice, and a row of the join all the same.
        near = self.incident("fr", at=(AT[0] + 0.011, AT[1]))
        self.rounds()
        self.assertNotIn(near, [one[0] for one in self.told("fr")])
        rows = self.must("incident", "join", near, "--json", of="fr").json["rows"]
        self.assertIn(early, [row["record"] for row in rows])

    def test_what_is_known_by_its_district_alone_may_have_been_there(self):
        """it rings, and neither the notice nor the join says that it was"""
        at = (21.5, 6.5)
        clinic = self.protect("fr", *at)
        self.must("subscribe", "add", "--what", "join", of="fr")
        self.rounds()
        struck = self.incident("fr", "--place-precision", "district", at=at, radius=0)
        self.rounds()
        self.assertIn((struck, clinic, "anywhere"), self.told("fr"))
        self.assertIn("may have been anywhere there", self.must("notices", "list", of="fr").out)
        join = self.must("incident", "join", struck, "--json", of="fr").json
        row, = join["rows"]
        self.assertEqual((join["anywhere"], row["record"], row["touches"], row["name"]),
                         (True, clinic, None, ""))
        text = self.must("incident", "join", struck, of="fr").out
        self.assertIn("it was anywhere there", text)
        self.assertIn("whether within its reach is not known", text)
        table = self.must("incident", "join", struck, "--csv", of="fr").out
        row, = csv.DictReader(table.splitlines())
        self.assertEqual((row["anywhere"], row["touches"]), ("yes", "unknown"))
        # What it names it names, wherever it was.
        named = self.incident("fr", "--place-precision", "country", "--objects",
                              f"record={clinic}", at=at, radius=0)
        self.rounds()
        self.assertIn((named, clinic, "partly"), self.told("fr"))

    def test_one_partys_many_places_hide_nobody_elses(self):
        """1,010 of ru where it was, and of un one that is a little further off"""
        at = (20.5, 6.5)
        path = self.folder / "many.csv"
        path.write_text("ref,name,class,lat,lon,radius_m,contact\n" + "".join(
            f"EX-{i},EXERCISE {i},school,{at[1]},{at[0]},50,EXERCISE\n" for i in range(1010)),
                        encoding="utf-8")
        self.must("import", path, "--yes", of="ru")
        listed = self.must("list", "--format", "geojson", of="ru").json["features"]
        many = [one["id"] for one in listed
                if one["properties"].get("name", "").startswith("EXERCISE ")]
        self.assertGreaterEqual(len(many), 1010)
        for i in range(0, len(many), 300):
            self.must("release", *many[i:i + 300], "--to", "fr", of="ru")
        hospital = self.protect("fr", at[0] + .0009, at[1])
        self.must("subscribe", "add", "--what", "join", of="fr")
        self.rounds()
        struck = self.incident("fr", at=at)
        self.rounds()
        told = [one for one in self.told("fr") if one[0] == struck]
        self.assertIn((struck, hospital, "partly"), told)
        self.assertEqual(len(told), 21, "and of ru 20")
        join = self.must("incident", "join", struck, "--json", of="fr").json
        self.assertIn(hospital, [row["record"] for row in join["rows"]])
        self.assertEqual([(one["party"], one["rows"], one["rows_total"])
                          for one in join["parties"]], [("ru", 999, 1010), ("un", 1, 1)])
        self.assertIn("places of ru 999 are shown, of 1010",
                      self.must("incident", "join", struck, of="fr").out)

    def test_who_may_open_no_record_is_told_of_no_join(self):
        """ru's place and the incident are told exactly; an admin of ru may read neither so"""
        at = (22.5, 6.5)
        tokens = {}
        for name, roles in (("nadia", ("admin",)), ("omar", ("admin", "planner"))):
            every = [word for role in roles for word in ("--role", role)]
            self.must("person", "add", name, *every, of="ru")
            for token, of_it in (("admin", ("--role", "admin")), ("all", every)):
                tokens[name, token] = self.must("token", "new", f"{name}.{token}", "--person", name,
                                                *of_it, of="ru").out.strip()
        hospital = self.protect("ru", *at)
        self.must("subscribe", "add", "--person", "nadia", of="ru")
        self.must("subscribe", "add", "--what", "join", "--person", "omar", of="ru")
        self.refused(entente("subscribe", "add", "--what", "join", "--person", "nadia", "--data",
                             self.world.dir("ru")), BAD_INPUT, "who may open records")
        self.rounds()
        struck = self.incident("ru", at=at)
        self.rounds()

        def told(node, *who):
            headers = [("Host", node.host), ("Authorization", f"Bearer {tokens[who]}")]
            with node.connect() as connection:
                connection.send(request("GET", "/v1/notices?limit=1000", headers))
                answer = connection.response()
            self.assertEqual(answer.status, 200, answer.body)
            return [one for one in json.loads(answer.body)["notices"] if one["what"] == "join"]

        with Node(self.world.dir("ru")) as node:
            self.assertEqual(told(node, "nadia", "admin"), [])
            full, = told(node, "omar", "all")
            self.assertEqual((full["incident"], full["record"]), (struck, hospital))
            # By a token that opens nothing he sees that there is one, and acknowledges it.
            less, = told(node, "omar", "admin")
            self.assertEqual((less["id"], less["detail"], less["party"]), (full["id"], "", ""))
            for word in (struck, hospital, full["leaf"], full["origin"]):
                self.assertNotIn(word, json.dumps(less))


if __name__ == "__main__":
    main()
