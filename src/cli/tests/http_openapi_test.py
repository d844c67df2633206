#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 2: a node over the example's register is asked 10,000 requests made from the
description that it serves itself (200,000 with ENTENTE_LONG=1), valid and spoilt ones, over
keep-alive connections. None is answered 5xx or with a status that is not described; every body is
as its schema says; every problem says its own status; HEAD is like GET."""
import collections
import json
import random
import re
import threading
import time
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

from harness import Case, LONG, ROOT, Register, main
from http_node import Closed, Node, chunked, request
from http_requests import Maker, operations
from http_schema import Schemas
from http_spoil import spoil

REQUESTS = 200_000 if LONG else 10_000
SEED = 20261122
THREADS = 4
HEAD_DIFFERS = {"date", "content-length"}  # of what changes from one moment to the next
STREAMS = ("/v1/events", "/v1/notices/stream")
EVENT = re.compile(rb"(?:id: (\d+)\n)?event: (\w+)\ndata: (.*)\n\n")


def bytes_of(sent):
    if not sent.chunks or not sent.body:
        return request(sent.method, sent.target, sent.headers, sent.body)
    headers = [*sent.headers, ("Transfer-Encoding", "chunked")]
    return request(sent.method, sent.target, headers, chunked(sent.body, sent.chunks))


class Judge:
    """Whether a response is as the description says."""

    def __init__(self, description):
        self.schemas = Schemas(description)

    def faults(self, sent, response):
        out = []
        if response.status >= 500:
            out.append("5xx")
        allowed = sent.expected
        if allowed is None:
            allowed = sent.operation.documented
            if "+" in sent.spoilt:
                allowed = allowed | {404, 405}
        if response.status not in allowed:
            out.append(f"not one of {sorted(allowed)}")
        for name in ("date", "x-content-type-options"):
            if response.header(name) is None:
                out.append(f"no {name}")
        if response.status >= 400:
            return out + self.problem_faults(sent, response)
        return out + self.success_faults(sent, response)

    def problem_faults(self, sent, response):
        out = []
        wanted = {401: "www-authenticate", 405: "allow", 429: "retry-after", 503: "retry-after"}
        if response.status in wanted and response.header(wanted[response.status]) is None:
            out.append(f"no {wanted[response.status]}")
        if response.media_type != "application/problem+json":
            out.append(f"a problem as {response.media_type}")
        if sent.method == "HEAD":
            return out
        try:
            value = json.loads(response.body)
        except ValueError as error:
            return out + [f"no JSON: {error}"]
        out += self.schemas.faults(value, {"$ref": "#/components/schemas/Problem"})
        if value["status"] != response.status:
            out.append(f"says status {value['status']}")
        return out

    def success_faults(self, sent, response):
        described = sent.operation.spec["responses"].get(str(response.status), {})
        out = []
        for name, header in described.get("headers", {}).items():
            value = response.header(name.lower())
            kind = self.schemas.resolved(header["schema"]).get("type")
            if value is not None:
                out += self.schemas.faults(int(value) if kind == "integer" else value,
                                           header["schema"], name)
        contents = described.get("content")
        if not contents:
            return out + (["a body where none is described"] if response.raw else [])
        content = contents.get(response.media_type)
        if content is None:
            return out + [f"{response.media_type} is not described"]
        if sent.method == "HEAD" or content["schema"].get("format") == "binary":
            return out
        text = response.body.decode()
        if response.media_type.endswith("json") and response.media_type != "application/x-ndjson":
            return out + self.schemas.faults(json.loads(text), content["schema"])
        out += self.schemas.faults(text, content["schema"])
        if response.media_type == "application/x-ndjson":
            line = {"/v1/check": "AnswerLine", "/v1/protections": "ListedFeature",
                    "/v1/imports": "ImportLine", "/v1/audit": "AuditBytes"}[sent.operation.path]
            for one in text.splitlines():
                out += self.schemas.faults(json.loads(one),
                                           {"$ref": f"#/components/schemas/{line}"})
        return out

    def event_faults(self, data):
        """Of whole events, as they came."""
        out = []
        names = {b"hello": "HelloEvent", b"protection": "ProtectionEvent",
                 b"activity": "ActivityEvent", b"talk": "TalkEvent", b"notice": "Notice"}
        for number, name, value in EVENT.findall(data):
            event = json.loads(value)
            out += self.schemas.faults(event, {"$ref": f"#/components/schemas/{names[name]}"})
            says = event["seq" if name == b"notice" else "tree_size"]
            if number and int(number) != says:
                out.append(f"event {number.decode()} says {says}")
        return out


class Shared:
    """One generator for all threads: what is made does not depend on who sends it."""

    def __init__(self, generator):
        self.generator = generator
        self.lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.generator)


class Asker(threading.Thread):
    """Sends what it takes of the requests over two connections in turn."""

    def __init__(self, node, judge, share):
        super().__init__(daemon=True)
        self.node = node
        self.judge = judge
        self.share = share
        self.connections = [None, None]
        self.statuses = collections.Counter()
        self.faults = []
        self.broken = None

    def run(self):
        sent = None
        try:
            for number, sent in enumerate(self.share):
                self.ask(number % 2, sent)
            for at in range(2):
                self.drop(at)
        except BaseException as error:  # pylint: disable=broad-except  # handed to the test
            self.broken = (sent, error)

    def exchange(self, at, sent):
        """The response, and what came of an event stream. A connection that the node had closed
        by then is opened again."""
        data = bytes_of(sent)
        for attempt in range(2):
            fresh = self.connections[at] is None
            if fresh:
                self.connections[at] = self.node.connect()
            connection = self.connections[at]
            connection.send_while_open(data)
            try:
                return self.receive(at, connection, sent)
            except Closed:  # it was closed before, after a refusal of an unread body
                self.drop(at)
                if fresh or attempt == 1:
                    raise
        return None

    def receive(self, at, connection, sent):
        if sent.operation.path in STREAMS:
            response = connection.head()
            if response.status == 200:
                events = b"" if sent.method == "HEAD" else connection.chunk()
                self.drop(at)
                return response, events
            if sent.method != "HEAD":
                response.raw = connection.exactly(int(response.header("content-length")))
        else:
            response = connection.response(to_head=sent.method == "HEAD")
        if response.header("connection") == "close":
            if not connection.is_closed():
                self.faults.append((sent, response, ["bytes after the last response"]))
            self.drop(at)
        elif connection.read:
            self.faults.append((sent, response, ["bytes after the response"]))
        return response, b""

    def drop(self, at):
        if self.connections[at]:
            self.connections[at].close()
        self.connections[at] = None

    def ask(self, at, sent):
        response, events = self.exchange(at, sent)
        self.statuses[response.status] += 1
        faults = self.judge.faults(sent, response) + self.judge.event_faults(events)
        if events and not events.endswith(b"\n\n"):
            faults.append("half an event in one piece")
        if faults:
            self.faults.append((sent, response, faults))


def told(sent, response, faults):
    return (f"{sent.operation} ({sent.spoilt or 'valid'}): {sent.method} {sent.target[:200]}\n"
            f"  headers {str(sent.headers)[:400]}\n  body {(sent.body or b'')[:400]}\n"
            f"  answered {response.status} {response.body[:400]}\n  " + "\n  ".join(faults[:5]))


class OpenApi(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        register = Register(cls.folder / "reg", "--officers", "2")
        register.must("import", ROOT / "examples/exercise-facilities.csv", "--yes")
        register.must("officer", "new", "vera", "--root", register.path / "offline/root",
                      stdin="four words of nothing")
        listed = register.must("list", "--format", "geojson").json["features"]
        approvals = [register.must("protect", "withdraw", one["id"], "--json").json["proposal"]
                     for one in listed[-5:]]
        (register.path / "entente.toml").write_text(
            "[limits]\nanonymous_per_second_max = 1000000\n")
        cls.node = Node(register.path)
        cls.description = json.loads(cls.node.ask("GET", "/openapi.json").body)
        cls.judge = Judge(cls.description)
        cls.operations = operations(cls.description, cls.judge.schemas.resolved)
        page = json.loads(cls.node.ask("GET", "/v1/protections?limit=1000").body)
        about = json.loads(cls.node.ask("GET", "/v1/about").body)
        cls.world = SimpleNamespace(
            host=cls.node.host, origin=cls.node.origin, token=cls.node.token,
            cookie=cls.node.session()[1][1], ids=[one["id"] for one in page["features"]],
            tree_size=about["tree_size"], party=about["party"], people=["nadia", "omar", "rosa.m"],
            approvals=approvals,
            soon=(datetime.now(timezone.utc) + timedelta(days=30)).isoformat())
        cls.world.etags = {path: cls.node.ask("GET", path).header("etag") for path in (
            f"/v1/protections/{one}" for one in cls.world.ids)}
        for name in cls.world.people:
            made = cls.node.ask("POST", "/v1/people", json.dumps(
                {"name": name, "roles": ["registrar", "planner"]}).encode(),
                [("Content-Type", "application/json")])
            if made.status != 201:
                raise AssertionError(str(made))

        maker = Maker(random.Random(SEED), cls.world, cls.judge.schemas.resolved)
        cls.world.movements = [cls.said("movements", maker.movement()) for _ in range(20)]
        cls.world.objections = [cls.said("objections", maker.objection()) for _ in range(40)]
        cls.world.airspace = [cls.said("airspace", maker.airspace()) for _ in range(20)]
        cls.world.statements = {}
        for kind in ("report", "incident"):
            made = ({"kind": kind, "said": maker.said_of(kind)} for _ in range(20))
            cls.world.statements[kind] = [cls.said("statements", one) for one in made]
        cls.world.checks = [cls.said("checks", maker.sealed_check()) for _ in range(5)]
        cls.world.activities = [cls.said("activities", maker.activity()) for _ in range(20)]

    @classmethod
    def said(cls, what, value):
        made = cls.node.ask("POST", f"/v1/{what}", json.dumps(value).encode(),
                            [("Content-Type", "application/json")])
        if made.status != 201:
            raise AssertionError(str(made))
        return json.loads(made.body)["id"]

    @classmethod
    def tearDownClass(cls):
        cls.node.terminate()
        code = cls.node.ended()
        super().tearDownClass()
        if code != 0:
            raise AssertionError(f"the node ended with status {code}")

    def make(self, count):
        """Requests in a fixed order: of four, one is valid and three are spoilt."""
        chance = random.Random(SEED)
        maker = Maker(chance, self.world, self.judge.schemas.resolved)
        methods = collections.defaultdict(set)
        for one in self.operations:
            methods[one.path] |= {one.method.upper()} | ({"HEAD"} if one.method == "get" else set())
        # What is logged is written to disk: it has the smaller share.
        # Reading a list starts a process.
        weights = [0.1 if one.costly else 1 if one.writes and "links" not in one.path
                   else 4 for one in self.operations]
        for operation in chance.choices(self.operations, weights, k=count):
            sent = maker.valid(operation)
            if chance.random() < 0.75:
                spoil(sent, chance, methods[operation.path])
            # Of a header that is too long the node need not learn the method, and says why.
            if sent.method == "GET" and chance.random() < 0.15 and "long" not in sent.spoilt:
                sent.method = "HEAD"
            yield sent

    def test_what_is_served_is_what_is_described(self):
        """no 5xx, no status that is not described, no answer that breaks its schema"""
        share = Shared(self.make(REQUESTS))
        askers = [Asker(self.node, self.judge, share) for _ in range(THREADS)]
        begin = time.monotonic()
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        took = time.monotonic() - begin
        for asker in askers:
            if asker.broken:
                sent, error = asker.broken
                if sent is None:
                    raise error
                raise AssertionError(f"{sent.operation} ({sent.spoilt}): {error!r}\n"
                                     f"{bytes_of(sent)[:2000]!r}") from error
        faults = [fault for asker in askers for fault in asker.faults]
        kinds = collections.Counter((str(s.operation), s.spoilt, r.status) for s, r, _ in faults)
        if faults:
            self.fail(f"{len(faults)} faults: {kinds.most_common(40)}\n" +
                      "\n".join(told(*fault) for fault in faults[:8]))
        statuses = sum((asker.statuses for asker in askers), collections.Counter())
        # What this run cannot bring about: a halted node, a flood, and a witness that has seen
        # more of a log.
        described = set().union(*(one.documented for one in self.operations)) - {503, 429, 422}
        self.assertEqual(described - set(statuses), set(), "a described status never came")
        self.assertEqual(sum(statuses.values()), REQUESTS)
        print(f"{REQUESTS} requests in {took:.1f} s: " + ", ".join(
            f"{count} x {status}" for status, count in sorted(statuses.items())), flush=True)

    def test_head_is_like_get(self):
        """the same status and headers without a body, for every path that answers GET"""
        maker = Maker(random.Random(SEED), self.world, self.judge.schemas.resolved)
        for operation in self.operations:
            if operation.method != "get":
                continue
            for _ in range(10):
                sent = maker.valid(operation)
                if operation.path in STREAMS:
                    sent.query = [("after", "x")]
                    sent.set_header("Last-Event-ID")
                with self.node.connect() as connection:
                    got = []
                    for method in ("GET", "HEAD", "GET"):
                        connection.send(request(method, sent.target, sent.headers))
                        response = connection.response(to_head=method == "HEAD")
                        pairs = [one for one in response.headers if one[0] not in HEAD_DIFFERS]
                        got.append((response.status, sorted(pairs)))
                    self.assertEqual(got[0], got[1], f"{operation}: {sent.target}")
                    self.assertEqual(got[0], got[2], f"{operation}: {sent.target}")

    def test_a_list_that_is_not_utf_8_is_cited_as_json(self):
        """what a report cites of a row is UTF-8, whatever the file is"""
        table = b"ref,name,class,lat,lon\n1,\xfa\xd8,clinic,1,1\n2,x\xc3,clinic,2,2\n"
        for query in ("preview=true", "preview=false"):
            answer = self.node.ask("POST", f"/v1/imports?name=list.csv&{query}", table)
            self.assertEqual(answer.status, 200)
            plan = json.loads(answer.body.decode().splitlines()[0])
            self.assertEqual((plan["refused"], plan["to_add"]), (2, 0), plan)

    def test_the_description_is_whole(self):
        """every reference leads somewhere, every schema is used, every parameter is declared"""
        text = json.dumps(self.description)
        references = set(re.findall(r'"\$ref": "([^"]+)"', text))
        for one in references:
            self.judge.schemas.resolved({"$ref": one})
        by_name = {"HelloEvent", "ProtectionEvent", "ActivityEvent", "TalkEvent", "AnswerLine",
                   "ImportLine", "AuditBytes", "TrackPosition"}  # in words
        for name in self.description["components"]["schemas"]:
            self.assertTrue(f"#/components/schemas/{name}" in references or name in by_name, name)
        names = [one.spec["operationId"] for one in self.operations]
        self.assertEqual(len(names), len(set(names)))
        for one in self.operations:
            declared = {p["name"] for p in one.parameters("path")}
            self.assertEqual(declared, set(re.findall(r"\{(\w+)\}", one.path)), str(one))

    def test_a_schema_that_is_broken_is_noticed(self):
        """the judge itself: a wrong type, a missing and a surplus member are faults"""
        about = json.loads(self.node.ask("GET", "/v1/about").body)
        schema = {"$ref": "#/components/schemas/About"}
        self.assertEqual(self.judge.schemas.faults(about, schema), [])
        for change in ({"records": "3"}, {"surplus": 1}, {"root": "x"}, {"classes": []},
                       {"now": "2026-01-01"}, {"exercise": 1}, {"tree_size": -1}):
            self.assertTrue(self.judge.schemas.faults(about | change, schema), change)
        del about["vkey"]
        self.assertTrue(self.judge.schemas.faults(about, schema))


if __name__ == "__main__":
    main()
