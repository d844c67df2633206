#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who read which exact position: a line for every way of reading, by whom and why; a chain that
shows what was taken out; what who may not have exact positions in bulk is shown instead."""
import csv
import io
import json
import re
import sqlite3

from harness import BAD_INPUT, CONFLICT, Case, FAILURE, OK, ROOT, Register, circle, main
from http_node import Node, request

PASSWORD = "four words of nothing"


class Audit(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.count = 0

    def register(self, people=()):
        type(self).count += 1
        register = Register(self.folder / f"reg{self.count}")
        register.must("import", ROOT / "examples/exercise-facilities.csv", "--yes")
        for name, role in people:
            register.must("person", "add", name, "--role", role)
        return register

    def token(self, register, person, role):
        return register.must("token", "new", f"{person}.t", "--person", person, "--role",
                             role).out.strip()

    def ask(self, node, token, method, target, value=None, *headers):
        sent = [("Host", node.host), ("Authorization", f"Bearer {token}"), *headers]
        body = value and json.dumps(value).encode()
        with node.connect() as connection:
            connection.send(request(method, target, sent, body))
            return connection.response()

    def lines(self, register):
        """What was read, without what was changed about people."""
        out = register.must("audit", "list", "--json").out
        lines = [json.loads(json.loads(one)["line"]) for one in out.splitlines()]
        return [one for one in lines if one["act"] in (
            "show", "list", "export", "proof", "check", "evidence")]

    def test_every_way_of_reading_leaves_a_line(self):
        """show, list, export, proof, check, evidence: who, how, which record, why"""
        register = self.register([("rosa", "registrar"), ("ada", "auditor")])
        features = register.must("list", "--format", "geojson").json["features"]
        first = features[0]
        before = len(self.lines(register))
        self.assertEqual(before, 2, "300 records are two lines of 256 and 44")
        lng, lat = first["geometry"]["coordinates"]
        with Node(register.path) as node:
            token = self.token(register, "rosa", "registrar")
            path = f"/v1/protections/{first['id']}"
            why = ("Entente-Reason", "سؤال")
            for target, *headers in ((path, why), (path + "/proof",),
                                     ("/v1/protections?limit=1",),
                                     ("/v1/protections?limit=1", ("Accept", "text/csv"))):
                answer = self.ask(node, token, "GET", target, None, *headers)
                self.assertEqual(answer.status, 200, answer.body)
            plan = json.dumps(circle(lng, lat, 1)).encode()
            with node.connect() as connection:
                connection.send(request("POST", "/v1/check", [
                    ("Host", node.host), ("Authorization", f"Bearer {token}"),
                    ("Content-Type", "application/geo+json"), why], plan))
                answer = json.loads(connection.response().body)
            self.assertIn(first["id"], [one["id"] for one in answer["findings"]])
            told = self.ask(node, self.token(register, "ada", "auditor"), "GET", path + "/evidence")
            self.assertEqual(told.status, 200, told.body)
            *lines, evidence = self.lines(register)[before:]
        self.assertEqual((evidence["act"], evidence["who"], evidence["records"]),
                         ("evidence", "ada", [first["id"]]))
        self.assertEqual([one["act"] for one in lines],
                         ["show", "proof", "list", "export", "check"])
        for one in lines:
            self.assertEqual((one["who"], one["how"]), ("rosa", "token rosa.t"))
            self.assertIn(first["id"], one["records"])
        self.assertEqual([one["why"] for one in lines], ["سؤال", "", "", "", "سؤال"])

    def test_the_owner_leaves_lines_too_with_a_node_and_without(self):
        register = self.register()
        record = register.must("list", "--format", "geojson").json["features"][7]["id"]
        words = ("show", record, "--reason", "the ministry asked", "--actor", "omar")
        register.must(*words)
        with Node(register.path):
            register.must(*words)
        for line in self.lines(register)[-2:]:
            self.assertEqual((line["act"], line["who"], line["how"], line["why"], line["records"]),
                             ("show", "owner", "token as omar", "the ministry asked", [record]))

    def test_what_was_answered_is_there_after_a_kill(self):
        """a single record's line is durable before the bytes leave"""
        register = self.register()
        features = register.must("list", "--format", "geojson").json["features"]
        before = len(self.lines(register))
        for n in range(5):
            with Node(register.path) as node:
                for one in features[10 * n:10 * n + 10]:
                    self.assertEqual(node.ask("GET", f"/v1/protections/{one['id']}").status, 200)
                node.kill()
        read = [one["records"] for one in self.lines(register)[before:]]
        self.assertEqual(read, [[one["id"]] for one in features[:50]])
        self.assertIn("hold together", register.must("audit", "verify").out)

    def test_a_line_that_is_changed_or_gone_is_noticed(self):
        register = self.register()
        for one in register.must("list", "--format", "geojson").json["features"][:5]:
            register.must("show", one["id"])
        verified = register.must("audit", "verify", "--json").json
        head, count = verified["head"], verified["lines"]
        self.assertGreaterEqual(count, 7)
        register.must("audit", "verify", "--head", head)
        register.must("list", "--bbox", "20,-30,30,-20")
        register.must("audit", "verify", "--head", head)
        path = register.path / "people.db"
        whole = {p: p.read_bytes() for p in register.path.glob("people.db*")}

        def spoilt(sql):
            for name, data in whole.items():
                name.write_bytes(data)
            with sqlite3.connect(path) as db:
                db.execute(sql)
            db.close()
            return register.run("audit", "verify", "--head", head)
        self.exits(OK, spoilt("SELECT 1"))
        self.refused(spoilt("DELETE FROM audit WHERE seq = 3"), FAILURE, "taken out")
        self.refused(spoilt("DELETE FROM audit WHERE seq = 1"), FAILURE, "taken out")
        other = "UPDATE audit SET bytes = CAST(replace(bytes, 'show', 'list') AS BLOB)"
        self.refused(spoilt(other), FAILURE, "changed")
        self.refused(spoilt("UPDATE audit SET hash = zeroblob(32) WHERE seq = 2"), FAILURE,
                     "changed")
        self.refused(spoilt(f"DELETE FROM audit WHERE seq >= {count}"), FAILURE, "cut off")

    def test_the_audit_is_for_auditors_and_exports_as_csv(self):
        register = self.register([("ada", "auditor"), ("rosa", "registrar")])
        register.must("list")
        with Node(register.path) as node:
            for person, role, status in (("ada", "auditor", 200), ("rosa", "registrar", 403)):
                token = self.token(register, person, role)
                self.assertEqual(self.ask(node, token, "GET", "/v1/audit").status, status)
                listed = self.ask(node, token, "GET", "/v1/protections?limit=1")
                self.assertEqual(listed.status, 200)
        rows = list(csv.DictReader(io.StringIO(
            register.must("audit", "list", "--format", "csv").out)))
        self.assertEqual([int(one["seq"]) for one in rows], list(range(1, len(rows) + 1)))
        self.assertIn("person_added", {one["act"] for one in rows})
        self.assertIn("did", register.must("audit", "list").out.splitlines()[0])
        self.refused(register.run("audit", "verify", "--head", "x"), BAD_INPUT, "NUMBER:HASH")

    def test_a_planner_sees_areas_in_bulk_and_exact_positions_one_by_one(self):
        """lists, boxes and tiles are coarse; the one record is exact; a check finds as for all"""
        register = self.register([("paul", "planner"), ("rosa", "registrar")])
        with Node(register.path) as node:
            planner = self.token(register, "paul", "planner")
            registrar = self.token(register, "rosa", "registrar")
            exact, coarse = (json.loads(self.ask(node, token, "GET",
                                                 "/v1/protections?limit=1000").body)["features"]
                             for token in (registrar, planner))
            self.assertEqual([one["id"] for one in exact], [one["id"] for one in coarse])
            for is_exact, shown in zip(exact, coarse):
                self.assertNotIn("position", is_exact["properties"])
                self.assertEqual(shown["properties"]["position"], "coarse")
                self.assertEqual(shown["properties"]["name"], is_exact["properties"]["name"])
                ring = shown["geometry"]["coordinates"][0]
                self.assertIn(shown["geometry"]["type"], ("Polygon", "MultiPolygon"))
                lng, lat = is_exact["geometry"]["coordinates"]
                self.assertTrue(min(p[0] for p in ring) <= lng <= max(p[0] for p in ring))
                self.assertTrue(min(p[1] for p in ring) <= lat <= max(p[1] for p in ring))
                self.assertGreater(max(p[1] for p in ring) - min(p[1] for p in ring), 0.009)
            # A box around nothing but the area's edge finds it: so boxes cannot find the position.
            west, south = coarse[0]["geometry"]["coordinates"][0][0]
            box = ",".join(f"{one:.6f}" for one in (west - 0.0001, south - 0.0001,
                                                    west + 0.0001, south + 0.0001))
            found = [{one["id"] for one in json.loads(self.ask(
                node, token, "GET", f"/v1/protections?limit=1000&bbox={box}").body)["features"]}
                for token in (registrar, planner)]
            self.assertNotIn(coarse[0]["id"], found[0])
            self.assertIn(coarse[0]["id"], found[1])
            tiles = [self.ask(node, token, "GET", "/v1/tiles/6/36/35.mvt").body
                     for token in (registrar, planner)]
            self.assertNotEqual(tiles[0], tiles[1])
            record = json.loads(self.ask(node, planner, "GET",
                                         f"/v1/protections/{exact[0]['id']}").body)
            self.assertEqual(record["protection"]["geometry"], exact[0]["geometry"])
            for what in ("text/csv", "text/plain", "application/x-ndjson"):
                text = self.ask(node, planner, "GET", "/v1/protections?limit=1000", None,
                                ("Accept", what)).body.decode()
                for one in exact:
                    for number in one["geometry"]["coordinates"]:
                        self.assertIsNone(re.search(rf"(?<![\d.]){number}(?!\d)", text), what)
            self.assertEqual([one["act"] for one in self.lines(register) if one["who"] == "paul"],
                             ["show"], "areas are no exact positions")

    def test_a_check_on_the_command_line_is_written_down(self):
        register = self.register()
        lng, lat = register.must("list", "--format", "geojson").json["features"][0]["geometry"][
            "coordinates"]
        plan = self.folder / "plan.geojson"
        plan.write_text(json.dumps(circle(lng, lat, 1)))
        self.exits(CONFLICT, register.run("check", plan, "--reason", "rehearsal"))
        line = self.lines(register)[-1]
        self.assertEqual((line["act"], line["why"]), ("check", "rehearsal"))


if __name__ == "__main__":
    main()
