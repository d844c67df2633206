#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Issue 4, done when 6, second half: what was never minted and what was not released to who asks
are answered alike by every route, in status, headers and body; with the finished program."""
import base64
import json
import math
import random
import re
import secrets

from channel import Asker
from charter_world import PARTIES
from disclosure_world import Book, Sticks
from harness import Case, ROOT, circle, entente, main, write_json
from http_node import Node
from vault_reader import EXACT, rows_of

SEED = 20261126
ACTIVITY = "a2b3c4d5e6f7a2b3"


class Asked:
    """Answers to one asker, without what the clock alone makes different."""

    def __init__(self, node):
        self.node = node

    def __call__(self, method, target, body=None, headers=()):
        text = json.dumps(body).encode() if body is not None else None
        more = [("Content-Type", "application/json")] if text else []
        response = self.node.ask(method, target, text, [*more, *headers])
        kept = sorted((name.lower(), value) for name, value in response.headers
                      if name.lower() not in ("date",))
        return response.status, kept, response.body


class Alike(Case):
    """What was never minted and what was not released to the asker."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", random.Random(SEED + 1))
        for party in PARTIES:  # the charter's ports may be anybody's on this machine
            (cls.world.dir(party) / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\n')
        cls.exact = cls.world.say("msf", {"ru": "exact"})
        cls.coarse = cls.world.say("msf", {"ru": "coarse"})
        cls.before = cls.world.say("ru", {})
        for _ in range(3):
            cls.world.round()

    def records_in(self, spec):
        """Every operation that takes ids of records, as the API itself describes them."""
        members = {"record", "records", "found", "about", "answers"}
        named = {name for name, schema in spec["components"]["schemas"].items()
                 if members & set(schema.get("properties", {}))}
        for path, methods in spec["paths"].items():
            for method, operation in methods.items():
                if method == "parameters":
                    continue
                body = json.dumps(operation.get("requestBody", {}))
                nested = path == "/v1/statements" and method == "post"
                if "{id}" in path or nested or any(f'schemas/{name}"' in body for name in named):
                    yield path, method.upper(), operation

    def bodies(self, path, one):
        return {"/v1/releases": [{"records": [one], "to": to, "tier": tier}
                                 for to in ("fr", "msf", "un") for tier in ("exact", "coarse")],
                "/v1/recalls": [{"records": [one], "from": "msf", "coarse": coarse}
                                for coarse in (True, False)],
                "/v1/receipts": [{"records": [one], "rung": "passed", "unit": "EXERCISE"},
                                 {"records": [one], "rung": "loaded", "coordinates": ["1,2"]},
                                 {"all_of": "msf", "except": [one], "rung": "passed",
                                  "unit": "EXERCISE"}],
                "/v1/sheets": [{"records": [one], "unit": "EXERCISE"}],
                "/v1/holds": [{"record": one}, {"record": one, "because": "incident", "text": "7"}],
                "/v1/protections/{id}": [{"act": "withdraw"}, {"act": "confirm_move"},
                                         {"act": "confirm", "until": "2036-01-01T00:00:00Z"},
                                         {"act": "nothing"}],
                "/v1/movements/{id}": [{"act": "cancel"}, {"act": "start", "leg": 1},
                                       {"act": "end", "leg": 1}, {"act": "nothing"}],
                "/v1/objections": [{"activity": ACTIVITY, "entry": "A" * 43 + "=",
                                    "party": party, "grounds": "EXERCISE", "found": [one],
                                    "plan": circle(1, 1, 1)} for party in ("fr", "msf", "ru")],
                "/v1/objections/{id}": [{"grounds": "EXERCISE"}, {"nothing": 1},
                                        {"grounds": "EXERCISE", "party": "fr", "found": [one]}],
                "/v1/objections/{id}/lift": [None],
                "/v1/objections/{id}/reply": [{"word": "noted"}, {"word": "nothing"}],
                "/v1/stops/{id}/lift": [None],
                "/v1/stops/{id}/reply": [{"word": "noted"}, {"word": "nothing"}],
                "/v1/stops/{id}/attempts": [{"route": "voice", "outcome": "failed"},
                                            {"nothing": 1}],
                "/v1/challenges": [{"record": one, "grounds": "use", "grade": "C3", "contact": "x",
                                    "text": "EXERCISE"}, {"record": one}],
                "/v1/challenges/{id}": [{"act": "withdraw"}, {"act": "amend", "grade": "B2"},
                                        {"act": "nothing"}],
                "/v1/challenges/{id}/reply": [{"word": "refused", "text": "EXERCISE"},
                                              {"word": "nothing"}],
                "/v1/messages": [{"to": ["fr"], "desks": ["duty"], "from": "x", "text": "EXERCISE",
                                  key: one} for key in ("about", "answers")],
                "/v1/messages/{id}/acknowledge": [{"desk": "duty"}, {"nothing": 1}],
                "/v1/activities/{id}": [{"act": "cancel"}, {"act": "start"}, {"act": "nothing"}],
                "/v1/statements": [
                    {"kind": kind, "said": said | {"contact": "x", "text": "EXERCISE"}}
                    for kind, said in (
                        ("assessment", {"of": one, "opinion": "doubts", "grade": "C3"}),
                        ("assessment", {"of": one, "leaf": "A" * 43 + "=", "opinion": "agrees",
                                        "grade": "C3"}),
                        ("responsibility", {"of": one, "stance": "denies"}),
                        ("link", {"incident": one, "other": ACTIVITY, "relation": "follows"}),
                        ("position", {"group": one, "stand": "protected"}))],
                "/v1/statements/{id}": [{"act": "withdraw"}, {"act": "nothing"},
                                        {"act": "amend", "said": {"contact": "x"}}],
                "/v1/statements/{id}/reply": [{"word": "noted"}, {"word": "nothing"}],
                "/v1/airspace/{id}": [{"act": "withdraw"}, {"act": "amend", "text": "EXERCISE"},
                                      {"act": "nothing"}],
                "/v1/activities/{id}/replies": [{"word": "noted"}, {"word": "nothing"}]}[path]

    def test_1_every_route_of_the_api_answers_alike(self):
        """an id that msf gave to fr alone, asked of ru, and ids that nobody made"""
        secret = self.world.say("msf", {"fr": "exact"})
        for _ in range(2):
            self.world.round()
        spec = json.loads((ROOT / "src" / "net" / "openapi.json").read_text())
        with Node(self.world.dir("ru")) as node:
            ask = Asked(node)
            routes = list(self.records_in(spec))
            self.assertGreaterEqual(len(routes), 6)
            for path, method, _ in routes:
                for accept in ("application/json", "text/plain", "text/csv"):
                    answers = set()
                    for one in (secret.id, *self.never_minted(4)):
                        target = path.replace("{id}", one)
                        sent = [None] if method == "GET" else self.bodies(path, one)
                        got = [ask(method, target, body, [("Accept", accept)]) for body in sent]
                        self.assertTrue(all(400 <= status < 500 for status, *_ in got), got)
                        answers.add(repr(got).replace(one, "ID"))
                    self.assertEqual(len(answers), 1, (path, method, answers))
            # And the same is otherwise for what was released: the test asks what it means to.
            self.assertEqual(ask("GET", f"/v1/protections/{self.exact.id}")[0], 200)

    @staticmethod
    def never_minted(count):
        chance = random.Random(SEED)
        return ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=16))
                for _ in range(count)]

    def picture(self, ask, near):
        """Lists, counts, cursors, searches, tiles and checks of a register: all but the heads."""
        out = []
        box = f"{near.lon - 0.2},{near.lat - 0.2},{near.lon + 0.2},{near.lat + 0.2}"
        for query in ("", "?limit=1", "?limit=1&cursor=1", "?class=hospital", "?state=withdrawn",
                      f"?text={near.name.split()[1]}", f"?bbox={box}",
                      "?text=EXERCISE", "?class=clinic"):
            for accept in ("application/json", "text/plain", "text/csv", "application/x-ndjson"):
                status, headers, body = ask("GET", "/v1/protections" + query, None,
                                            [("Accept", accept)])
                kept = [(k, v) for k, v in headers if k not in ("entente-tree-size", "etag")]
                out.append((query, accept, status, kept, body))
        for query in ("", "?limit=1", "?limit=1&cursor=1", "?lifted=yes",
                      f"?activity={ACTIVITY}"):
            out.append((query, ask("GET", "/v1/objections" + query)))
        for query in ("", "?limit=1", "?lifted=yes"):
            out.append((query, ask("GET", "/v1/stops" + query)))
        for z in (0, 4, 8, 12):
            x, y = tile_at(near.lon, near.lat, z)
            out.append(ask("GET", f"/v1/tiles/{z}/{x}/{y}.mvt"))
        _, _, body = ask("POST", "/v1/check", circle(near.lon, near.lat, 500))
        answer = json.loads(body)
        out.append({key: answer[key] for key in ("verdict", "reasons", "findings", "nearby",
                                                 "objections", "objections_total")})
        return out

    def test_2_lists_counts_cursors_tiles_and_search_are_as_if_it_were_not(self):
        """ru's register before and after msf tells fr of a place, and objects there to what fr
        plans, the log being mirrored"""
        probe = Book("msf", "EXERCISE " + secrets.token_hex(12), 12.5, -7.25)
        with Node(self.world.dir("ru")) as node:
            before = self.picture(Asked(node), probe)
        there = self.world.say("msf", {"fr": "exact", "un": "coarse"})
        plan = write_json(self.folder / "its.geojson", circle(there.lon, there.lat, 400))
        self.world.must("object", "add", "--activity", ACTIVITY, "--entry", "A" * 43 + "=",
                        "--party", "fr", "--plan", plan, "--grounds", "EXERCISE secret grounds",
                        "--to", "un:coarse", "--data", self.world.dir("msf"))
        for _ in range(2):
            self.world.round()
        probe_there = Book("msf", there.name, there.lon, there.lat)
        with Node(self.world.dir("ru")) as node:
            after = self.picture(Asked(node), probe)
            self.assertEqual(before, after)
            at_it = self.picture(Asked(node), probe_there)
            self.assertNotIn(there.name.encode(), repr(at_it).encode())
            self.assertNotIn("secret grounds", repr(at_it))
            self.assertEqual(at_it[-1]["verdict"], "no_registered_conflict", at_it[-1])

    def test_3_what_is_known_coarse_or_exact_is_coarse_in_lists_tiles_and_search(self):
        """boxes and words that would find an exact place out find as much anywhere in its area"""
        with Node(self.world.dir("ru")) as node:
            ask = Asked(node)
            for one in (self.exact, self.coarse):
                status, _, body = ask("GET", f"/v1/protections?text={one.name.split()[1]}")
                self.assertEqual((status, json.loads(body)["total"]), (200, 0))
                status, _, body = ask("GET", "/v1/protections?limit=1000")
                feature = next(f for f in json.loads(body)["features"] if f["id"] == one.id)
                west, south, east, north = box_of(feature["geometry"])
                self.assertLess(west, one.lon)
                self.assertLess(one.lat, north)
                self.assertGreater((east - west) * (north - south), 0.0001)
                found = set()
                for at in range(9):  # little boxes all over the area
                    lon = west + (east - west) * (0.1 + 0.4 * (at % 3))
                    lat = south + (north - south) * (0.1 + 0.4 * (at // 3))
                    box = f"{lon:.7f},{lat:.7f},{lon + 1e-6:.7f},{lat + 1e-6:.7f}"
                    _, _, body = ask("GET", f"/v1/protections?bbox={box}")
                    found.add(json.loads(body)["total"])
                self.assertEqual(found, {1})

    def test_4_another_node_learns_nothing_over_its_own_line(self):
        """the listener for nodes, by TLS with ru's and un's channel keys"""
        secret = self.world.say("msf", {"fr": "exact"})
        for _ in range(2):
            self.world.round()
        row = next(r for r in rows_of(self.world.dir("msf"))
                   if r.head.get("record") == secret.id)
        with Node(self.world.dir("msf")) as node:
            port = int(re.search(r"listens to them at \S*?:(\d+)", node.said)[1])
            askers = {party: Asker(self.world.dir(party), port, self.folder)
                      for party in ("ru", "un", "fr")}
            for party in ("ru", "un"):
                ask = askers[party].ask
                for method, shape in (("GET", "/peer/v1/releases/{}"), ("GET", "/peer/v1/{}"),
                                      ("GET", "/peer/v1/log/{}"), ("GET", "/v1/protections/{}"),
                                      ("POST", "/v1/protections/{}"), ("GET", "/v1/protections"),
                                      ("GET", "/peer/v1/releases?id={}"),
                                      ("GET", "/peer/v1/releases?after={}")):
                    answers = {repr(ask(shape.format(one), method)).replace(one, "ID")
                               for one in (secret.id, *self.never_minted(3))}
                    self.assertEqual(len(answers), 1, (party, shape, answers))
                    self.assertTrue(next(iter(answers)).startswith("(4"), answers)
            # Each gets its own list, and what is in another's is in no byte of it.
            for party, has in (("ru", False), ("un", False), ("fr", True)):
                status, _, body = askers[party].ask("/peer/v1/releases?after=0")
                self.assertEqual(status, 200)
                self.assertEqual(row.ciphertexts[EXACT] in body, has, party)
                self.assertEqual(base64.b64encode(row.leaf) in body, has, party)
                self.assertNotIn(secret.name.encode(), body)
                self.assertNotIn(row.keys[EXACT], body)


def tile_at(lon, lat, z):
    n = 2 ** z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


def box_of(geometry):
    points = []

    def walk(value):
        if isinstance(value[0], (int, float)):
            points.append(value)
        else:
            for one in value:
                walk(one)
    walk(geometry["coordinates"])
    return (min(p[0] for p in points), min(p[1] for p in points),
            max(p[0] for p in points), max(p[1] for p in points))


if __name__ == "__main__":
    main()
