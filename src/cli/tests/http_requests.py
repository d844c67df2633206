# SPDX-License-Identifier: Apache-2.0
"""Requests out of openapi.json: valid ones for every operation, and ways to spoil them. Each says
which statuses it may be answered with, as narrowly as the description allows. The same seed gives
the same requests but for what a node mints itself (record ids, token, port)."""
import json
from dataclasses import dataclass, field
from urllib.parse import quote

from http_bodies import Bodies

METHODS = ("get", "post", "patch", "delete", "put")


@dataclass
class Operation:
    path: str
    method: str
    spec: dict

    def __str__(self):
        return f"{self.method.upper()} {self.path}"

    @property
    def documented(self):
        return {int(status) for status in self.spec["responses"]}

    @property
    def secured(self):
        return self.spec["security"] != []

    @property
    def writes(self):
        return self.method != "get" and self.path != "/v1/check"

    @property
    def costly(self):
        """Reads a list in a process of its own, or makes a password slow to guess."""
        return "imports" in self.path or (self.writes and self.path in (
            "/v1/session", "/v1/password", "/v1/people", "/v1/people/{name}"))

    @property
    def body_max(self):
        """Bytes, as its description says."""
        note = self.spec["requestBody"]["description"]
        return int(note.removeprefix("At most ").split(" ")[0].replace(",", ""))

    def parameters(self, where):
        return [one for one in self.spec["parameters"] if one["in"] == where]


@dataclass
class Sent:
    operation: Operation
    method: str
    path: str
    query: list = field(default_factory=list)  # (name, value as it is sent)
    headers: list = field(default_factory=list)
    body: bytes = None
    expected: set = None  # statuses; None: any that is documented
    spoilt: str = ""      # what was done to it; empty: nothing
    chunks: int = 0       # bytes in each chunk; 0: Content-Length

    @property
    def target(self):
        if not self.query:
            return self.path
        return self.path + "?" + "&".join(f"{key}={value}" for key, value in self.query)

    def set_header(self, name, *values):
        self.headers = [one for one in self.headers if one[0] != name]
        self.headers += [(name, value) for value in values]


def operations(description, resolved):
    """Every operation, with what it inherits written out."""
    out = []
    for path, item in description["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            spec = dict(item[method])
            shared = item.get("parameters", []) + spec.get("parameters", [])
            spec["parameters"] = [resolved(one) for one in shared]
            spec["responses"] = {status: resolved(one)
                                 for status, one in spec["responses"].items()}
            spec.setdefault("security", description["security"])
            out.append(Operation(path, method, spec))
    return out


class Maker(Bodies):
    """Valid requests. `world` has host, origin, token, cookie, ids and tree_size."""

    # -- values --

    def value(self, schema):
        """A value as a query or path has it, percent-encoded."""
        schema = self.resolved(schema)
        chance = self.chance
        if "enum" in schema:
            return chance.choice(schema["enum"])
        if schema["type"] == "integer":
            low = schema.get("minimum", 0)
            high = schema.get("maximum", 300)
            return str(chance.choice((low, high, chance.randint(low, min(high, low + 300)))))
        if schema["type"] == "number":
            return chance.choice(("0", "12.5", "1e2", str(schema["maximum"])))
        if schema.get("format") == "date-time":
            return quote(self.time(), safe=":")
        if "minLength" in schema:  # a file's name
            return "EXERCISE%20list.csv"
        if schema.get("pattern", "").endswith("{43}$"):  # the point 9 of curve25519
            return "CQ" + "A" * 41
        if schema.get("pattern", "").endswith("{16}$"):  # of no record
            return "a2b3c4d5e6f7a2b3"
        if schema.get("pattern", "").startswith("^[a-z]"):
            return chance.choice(("ru", "msf", "un"))
        if "pattern" in schema:  # bbox
            west, south = chance.uniform(-180, 179), chance.uniform(-90, 89)
            return f"{west:.4f},{south:.3f},{chance.uniform(-180, 180):.1f},{south + 1:.3f}"
        return quote(chance.choice(("EXERCISE", "hospital", "", "النو", "a b&c=d", "%", "\"\\")))

    # -- requests --

    def credential(self, operation):
        """Token or session; a write in a session says its Origin."""
        headers = [("Host", self.world.host)]
        only_token = operation.path == "/v1/links" or operation.method == "delete"
        if operation.secured and not only_token and self.chance.random() < 0.3:
            headers.append(("Cookie", f"other=1; {self.world.cookie}"))
            headers.append(("Origin", self.world.origin))
        elif operation.secured:
            headers.append(("Authorization", f"Bearer {self.world.token}"))
        return headers

    def valid(self, operation):
        path = operation.path
        if path == "/log/tile/{path}":
            return self.log_tile(operation)
        sent = Sent(operation, operation.method.upper(), path)
        for one in operation.parameters("path"):
            value = self.path_value(one["name"])
            if path == "/v1/movements/{id}":
                value = self.chance.choice(self.world.movements)
            if path.startswith("/v1/objections/"):
                value = self.chance.choice(self.world.objections)
            if path.startswith("/v1/activities/{id}"):
                value = self.chance.choice(self.world.activities)
            if path.startswith("/v1/checks/{id}"):
                value = self.chance.choice(self.world.checks)
            if path.startswith("/v1/statements/"):
                value = self.chance.choice(self.world.statements["report"])
            if path == "/v1/joins/{id}":
                value = self.chance.choice(self.world.statements["incident"])
            if path == "/v1/airspace/{id}":
                value = self.chance.choice(self.world.airspace)
            sent.path = sent.path.replace("{%s}" % one["name"], value)
        for one in operation.parameters("query"):
            if one["name"] == "as":
                continue  # this party is alone: nobody else has a view
            if one["schema"].get("type") == "array":
                continue
            if one.get("required") or self.chance.random() < 0.4:
                sent.query.append((one["name"], self.value(one["schema"])))
        sent.headers = self.credential(operation)
        self.add_body(sent)
        self.add_headers(sent)
        sent.expected = self.good(sent)
        return sent

    def path_value(self, name):
        if name == "id":
            return self.chance.choice(self.world.ids)
        if name == "name":
            return self.chance.choice(self.world.people)
        if name == "approval":
            return self.chance.choice(self.world.approvals)
        if name == "role":
            return self.chance.choice(("stop-desk", "watch"))
        if name == "notice":
            return "a2b3c4d5e6f7a2b3" * 2
        if name in ("token", "session", "subscription"):  # of another register
            return "a2b3c4d5e6f7a2b3"
        if name == "origin":
            return "%064x" % self.chance.randrange(1 << 256)
        if name == "path":
            return self.chance.choice(("checkpoint", "tile/0/000", "tile/entries/000.p/1"))
        return {"z": "6", "x": "36", "y": str(self.chance.randrange(30, 42))}[name]

    def log_tile(self, operation):
        size = self.world.tree_size  # of the import: the log never gets shorter
        path = self.chance.choice((f"0/000.p/{size % 256}", "0/000", "entries/000",
                                   f"entries/001.p/{size % 256}", "1/000.p/1"))
        if path == f"0/000.p/{size % 256}":
            path = f"0/001.p/{size % 256}"
        return Sent(operation, "GET", f"/log/tile/{path}", headers=self.credential(operation),
                    expected={200})

    def add_body(self, sent):
        content = sent.operation.spec.get("requestBody", {}).get("content")
        if not content:
            return
        kind = self.chance.choice(sorted(content))
        sent.headers.append(("Content-Type", kind + self.chance.choice(("", "; charset=utf-8"))))
        path = sent.operation.path
        if kind == "application/x-ndjson":
            one = self.position if path == "/v1/tracks" else self.plan
            lines = [json.dumps(one()) for _ in range(self.chance.randrange(1, 6))]
            sent.body = "\n".join(lines).encode()
        elif path == "/v1/imports":
            sent.body = self.table()
        elif path == "/v1/unpack":
            sent.body = b"entente/pack/v1\nexercise\nfr ru\n1448539200000 1\n\n"
        elif path == "/add-checkpoint":
            sent.body = "old 0\n\na\n1\nAAAA\n\n— a AAAA\n".encode()
        else:
            value = {"/v1/check": self.plan, "/v1/protections": self.protection,
                     "/v1/protections/{id}": self.following,
                     "/v1/movements": self.movement,
                     "/v1/movements/{id}": self.movement_act,
                     "/v1/stops": self.stop,
                     "/v1/stops/{id}/reply": self.stop_answer,
                     "/v1/stops/{id}/attempts": self.attempt,
                     "/v1/objections": self.objection,
                     "/v1/objections/{id}": self.objection_act,
                     "/v1/objections/{id}/reply": self.stop_answer,
                     "/v1/activities": self.activity,
                     "/v1/activities/{id}": self.activity_act,
                     "/v1/checks": self.sealed_check,
                     "/v1/statements": self.statement,
                     "/v1/statements/{id}": self.statement_act,
                     "/v1/statements/{id}/reply": self.stop_answer,
                     "/v1/search": self.search,
                     "/v1/airspace": self.airspace,
                     "/v1/airspace/{id}": self.airspace_act,
                     "/v1/challenges": self.challenge,
                     "/v1/challenges/{id}": self.challenge_act,
                     "/v1/challenges/{id}/reply": self.challenge_answer,
                     "/v1/messages": self.message,
                     "/v1/messages/{id}/acknowledge": self.acknowledgement,
                     "/v1/activities/{id}/replies": self.reply, "/v1/session": self.sign_in,
                     "/v1/password": self.passwords, "/v1/people": self.person,
                     "/v1/people/{name}": self.person_change, "/v1/tokens": self.token,
                     "/v1/releases": self.release, "/v1/recalls": self.recall,
                     "/v1/holds": self.hold, "/v1/receipts": self.receipt,
                     "/v1/sheets": self.sheet, "/v1/sheets/codes": self.sheet_code,
                     "/v1/approvals/{approval}": self.approval, "/v1/officers": self.officer,
                     "/v1/duty": self.duty, "/v1/duty/{role}": self.duty_act,
                     "/v1/subscriptions": self.subscription,
                     "/v1/notices/dead/{notice}":
                         lambda: {"act": self.chance.choice(("retry", "drop"))}}[path]()
            ascii_only = self.chance.random() < 0.5
            sent.body = json.dumps(value, ensure_ascii=ascii_only).encode()
        if self.chance.random() < 0.2:
            sent.chunks = self.chance.choice((1, 7, 1000))

    def add_headers(self, sent):
        chance = self.chance
        for one in sent.operation.parameters("header"):
            name = one["name"]
            # Of the few that follow a record, enough must be behind it for a 412 to come.
            if chance.random() > (0.8 if name == "If-Match" else 0.3):
                continue
            if name == "Accept":
                value = chance.choice(("text/plain", "text/csv", "application/x-ndjson", "*/*",
                                       "application/json", "text/html;q=0.9, */*;q=0.1"))
            elif name == "Entente-Actor":
                value = chance.choice(("nadia", "نادية", "x" * 256))
            elif name == "Entente-Reason":
                value = chance.choice(("a question of the ministry", "سؤال", "x" * 300))
            elif name == "Last-Event-ID":
                value = str(chance.randrange(self.world.tree_size))
            else:  # If-Match, If-None-Match
                got = self.world.etags.get(sent.path, '"1-0123456789abcdef"')
                value = chance.choice((got, got, got, "*") if name == "If-None-Match" else
                                      (got, '"2"', "*", "1"))
            sent.headers.append((name, value))
        if chance.random() < 0.3:
            sent.headers.append(("Accept-Encoding", chance.choice(("gzip, br", "identity"))))

    @staticmethod
    def good(sent):
        """What a valid request is answered with."""
        operation = sent.operation
        success = {status for status in operation.documented if status < 400}
        if operation.path == "/v1/session" and operation.method == "post":
            return {401, 429}  # it is well-formed and not this node's; guesses are counted
        if operation.path == "/v1/password":
            return {409}  # the owner has none
        if operation.method == "delete" and "{" in operation.path:
            return success | {404, 409}
        if operation.path in ("/v1/officers", "/v1/approvals/{approval}") and sent.body:
            return success | {400, 409}
        if operation.path.startswith("/v1/duty") and sent.body:
            return success | {404, 409}
        if operation.path in ("/v1/people", "/v1/tokens") or operation.path.endswith("{name}/link"):
            return success | {404, 409}  # a name is taken, a role not had, somebody disabled
        if operation.path == "/v1/notices/dead/{notice}":
            return success | {404}
        if operation.path == "/v1/subscriptions" and sent.body:
            return success | {413}  # it has as many as a person may have
        if operation.path.startswith(("/v1/challenges/{id}", "/v1/messages/{id}")):
            return {404}  # a party alone contests nothing, and talks to nobody
        if operation.path in ("/v1/challenges", "/v1/messages") and sent.body:
            return {404} if operation.path == "/v1/challenges" else {400}
        if operation.path.endswith(("/replies", "objections/{id}/reply", "statements/{id}/reply")):
            return {409}  # a party alone has only its own, and replies to others' alone
        if operation.path == "/v1/events" and any(key == "after" for key, _ in sent.query):
            return success | {409}  # an id that is not there yet
        if operation.path == "/v1/tracks/alerts":
            return success | {409}  # numbers of another start
        if operation.path == "/v1/imports":
            return success | {409}  # another is under way
        if operation.path.startswith("/basemap/"):
            return {404}  # the node has none
        if operation.path == "/v1/receipts" and any(key == "record" for key, _ in sent.query):
            return {400, 404}  # it names a record, or is none
        if operation.path == "/v1/sheets/codes":
            return {404, 429}  # of no sheet; guesses are counted
        if operation.path.startswith("/v1/stops/"):
            return {404}
        if operation.path == "/v1/stops" and sent.body:
            return {404} if not any(key == "to" for key, _ in sent.query) else {400, 404}
        if operation.path in ("/mirror/{origin}/{path}", "/add-checkpoint", "/v1/peers",
                              "/v1/releases", "/v1/recalls", "/v1/holds", "/v1/receipts",
                              "/v1/sheets", "/v1/stuck", "/v1/sync", "/v1/packs",
                              "/v1/unpack"):
            return {404}  # a party alone has no others
        if operation.path == "/v1/field-packs":
            return {400, 404}  # its times are in any order; and the same
        if operation.path.endswith("/verification") and sent.query:
            return success | {400}  # its window is beyond the log
        if operation.path.endswith(("s/{id}", "airspace/{id}", "/lift")) and \
                operation.method in ("patch", "post"):
            return success | {409, 412}
        if operation.method == "post" and any(key == "to" for key, _ in sent.query):
            return success | {400}  # it has nobody to give to
        return success
