#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Standing subscriptions and the board: who is told of what, how deep, in which order, and that
nothing is told again once it is acknowledged; on the command line and over HTTP, with a node and
without one."""
import json
from datetime import datetime, timedelta, timezone
from time import monotonic

from harness import BAD_INPUT, HANG_S, Case, OK, Register, circle, feature, main
from http_node import Node, request
from people_test import PASSWORD, Browser


def place(lon, lat, name, protection_class="clinic"):
    return feature({"type": "Point", "coordinates": [lon, lat]},
                   **{"class": protection_class, "name": name, "buffer_m": 0, "accuracy_m": 0})


class Notices(Case):
    count = 0  # of what lies in the folder; names are short, since a socket's path must be

    @classmethod
    def name(cls, kind):
        cls.count += 1
        return cls.folder / f"{kind}{cls.count}"

    def register(self):
        return Register(self.name("reg"))

    def file(self, value):
        path = self.name("file")
        path.write_text(json.dumps(value))
        return path

    def said(self, register, value):
        return register.must("protect", "add", self.file(value), "--json").json["id"]

    @staticmethod
    def board(register, *words):
        return register.must("notices", "list", "--json", *words).json

    def test_a_subscriber_is_told_of_what_concerns_them(self):
        """by area, class and party; from the subscription on; over restarts of every process"""
        register = self.register()
        self.said(register, place(20, 10, "before"))
        box = self.file(circle(20, 10, 5000))
        register.must("subscribe", "add", "--area", box, "--margin", "10", "--class", "clinic",
                      "--party", "test")
        self.assertIn("1 volumes", register.must("subscribe", "list").out)
        near = self.said(register, place(20.01, 10, "near"))
        self.said(register, place(21, 10, "far"))
        self.said(register, place(20, 10, "a dam", "dam"))
        register.must("protect", "withdraw", near)
        board = self.board(register)
        self.assertEqual(board["unread"], 2)
        self.assertEqual([(one["record"], one["detail"], one["version"])
                          for one in board["notices"]], [(near, "add", 1), (near, "withdraw", 2)])
        self.assertEqual(board["notices"][0]["names"], ["near"])
        words = register.must("notices", "list").out
        self.assertIn('test: clinic "near"', words)
        self.assertIn("2 not acknowledged", words)
        with Node(register.path) as node:
            again = json.loads(node.ask("GET", "/v1/notices").body)
            self.assertEqual([one["id"] for one in again["notices"]],
                             [one["id"] for one in board["notices"]])
        register.must("notices", "ack", board["notices"][0]["id"])
        register.must("notices", "ack", board["notices"][0]["id"])
        left = self.board(register)
        self.assertEqual([one["id"] for one in left["notices"]], [board["notices"][1]["id"]])
        register.must("notices", "ack", "--all")
        self.assertEqual(self.board(register), {"unread": 0, "notices": []})

    def test_a_list_that_was_imported_without_a_node_is_told_at_the_next_start(self):
        """the import knows nothing of notices: what lies behind is made by whoever comes next"""
        register = self.register()
        register.must("subscribe", "add", "--class", "hospital")
        table = self.folder / "list.csv"
        table.write_text("ref,name,class,lat,lon\n" + "".join(
            f"{n},n{n},{'hospital' if n % 2 else 'clinic'},{n},{n}\n" for n in range(40)))
        register.must("import", table, "--yes")
        with Node(register.path) as node:
            board = json.loads(node.ask("GET", "/v1/notices").body)
        self.assertEqual([one["names"] for one in board["notices"]],
                         [[f"n{n}"] for n in range(1, 40, 2)])
        self.assertEqual(self.board(register), board | {"notices": self.board(register)["notices"]})
        self.assertEqual([one["id"] for one in self.board(register)["notices"]],
                         [one["id"] for one in board["notices"]])

    def test_pages_go_on_behind_the_last_one_and_acknowledge_up_to_one(self):
        register = self.register()
        register.must("subscribe", "add")
        with Node(register.path) as node:
            for number in range(7):
                self.said(register, place(20, number, f"n{number}"))
            names, after = [], 0
            while page := self.board(register, "--after", after, "--limit", 3)["notices"]:
                names += [one["names"][0] for one in page]
                after = page[-1]["seq"]
            self.assertEqual(names, [f"n{number}" for number in range(7)])
            fourth = self.board(register)["notices"][3]["id"]
            left = node.ask("POST", f"/v1/notices/{fourth}/ack?and_before=true")
            self.assertEqual(json.loads(left.body), {"unread": 3})
            node.kill()
        self.assertEqual(self.board(register)["unread"], 3)

    def test_each_has_a_board_of_their_own_as_deep_as_their_lists(self):
        """a planner sees no exact positions, so none can be found out by subscriptions either"""
        register = self.register()
        for name, role in (("paul", "planner"), ("rosa", "registrar"), ("ada", "admin")):
            register.must("person", "add", name, "--role", role, "--password", stdin=PASSWORD)
        with Node(register.path) as node:
            people = {}
            for name in ("paul", "rosa", "ada"):
                people[name] = Browser(node)
                people[name].sign_in(name=name, password=PASSWORD)
            # A kilometre off: outside for whoever may see the exact place, and inside the
            # coarse area that a planner sees of it.
            off = {"area": circle(20.0135, 10.005, 100)}
            made = {name: json.loads(people[name].ask("POST", "/v1/subscriptions", off).body)
                    for name in ("paul", "rosa")}
            self.assertEqual(made["paul"]["owner"], "paul")
            self.said(register, place(20.005, 10.005, "x"))
            boards = {name: json.loads(one.ask("GET", "/v1/notices").body)
                      for name, one in people.items()}
            self.assertEqual({name: one["unread"] for name, one in boards.items()},
                             {"paul": 1, "rosa": 0, "ada": 0})
            told = boards["paul"]["notices"][0]
            self.assertNotIn("20.0", json.dumps(told))
            other = people["rosa"].ask("POST", f"/v1/notices/{told['id']}/ack")
            self.assertEqual(json.loads(other.body), {"unread": 0})
            self.assertEqual(json.loads(people["paul"].ask("GET", "/v1/notices").body)["unread"], 1)
            path = f"/v1/subscriptions/{made['paul']['id']}"
            self.assertEqual(people["rosa"].ask("DELETE", path).status, 404)
            mine = json.loads(people["rosa"].ask("GET", "/v1/subscriptions?all=true").body)
            self.assertEqual([one["owner"] for one in mine["subscriptions"]], ["rosa"])
            all_of = json.loads(people["ada"].ask("GET", "/v1/subscriptions?all=true").body)
            self.assertEqual(sorted(one["owner"] for one in all_of["subscriptions"]),
                             ["paul", "rosa"])
            self.assertEqual(people["ada"].ask("DELETE", path).status, 204)
            self.assertEqual(people["paul"].ask("DELETE", path).status, 404)

    @staticmethod
    def stream(connection, node, last=None):
        more = [] if last is None else [("Last-Event-ID", str(last))]
        connection.send(node.request("GET", "/v1/notices/stream", headers=more))
        head = connection.head()
        if (head.status, head.media_type) != (200, "text/event-stream"):
            raise AssertionError(str(head))

    @staticmethod
    def events(connection, count):
        """The next ones, as (id, notice)."""
        text, out = b"", []
        while len(out) < count:
            text += connection.chunk()
            *whole, text = text.split(b"\n\n")
            for one in whole:
                if one.startswith(b"id: "):
                    number, name, data = one.decode().split("\n")
                    if name != "event: notice":
                        raise AssertionError(one)
                    out.append((int(number.removeprefix("id: ")),
                                json.loads(data.removeprefix("data: "))))
        return out

    def test_the_board_comes_as_a_stream_and_resumes_behind_the_last_one(self):
        """what waits first, then what comes; sending is no acknowledgement"""
        register = self.register()
        register.must("subscribe", "add")
        self.said(register, place(20, 0, "n0"))
        with Node(register.path) as node:
            with node.connect() as connection:
                self.stream(connection, node)
                (first, told), = self.events(connection, 1)
                self.assertEqual((first, told["names"]), (told["seq"], ["n0"]))
                for number in (1, 2):
                    self.said(register, place(20, number, f"n{number}"))
                later = self.events(connection, 2)
                self.assertEqual([one["names"] for _, one in later], [["n1"], ["n2"]])
            self.assertEqual(self.board(register)["unread"], 3)
            register.must("notices", "ack", later[0][1]["id"])
            with node.connect() as connection:
                self.stream(connection, node, first)
                (_, told), = self.events(connection, 1)
                self.assertEqual(told["names"], ["n2"])
            for bad in ("-1", "x", "99999999999999999999"):
                answer = node.ask("GET", f"/v1/notices/stream?after={bad}")
                self.assertEqual(answer.status, 400, bad)
            with node.connect() as connection:  # a stream that is open when the node ends
                self.stream(connection, node, first)
                self.events(connection, 1)
                node.terminate()
                self.assertEqual(node.ended(), 0)

    def test_a_stream_ends_with_its_persons_right(self):
        register = self.register()
        register.must("person", "add", "paul", "--role", "planner")
        with Node(register.path) as node:
            token = register.must("token", "new", "t", "--person", "paul", "--role", "planner",
                                  "--json").json["token"]
            mine = [("Host", node.host), ("Authorization", f"Bearer {token}")]
            with node.connect() as connection:
                connection.send(request("POST", "/v1/subscriptions", [
                    *mine, ("Content-Type", "application/json")], b"{}"))
                self.assertEqual(connection.response().status, 201)
            with node.connect() as connection:
                connection.send(request("GET", "/v1/notices/stream", mine))
                self.assertEqual(connection.head().status, 200)
                self.said(register, place(20, 1, "one"))
                (_, told), = self.events(connection, 1)
                self.assertEqual(told["names"], ["one"])
                register.must("person", "disable", "paul")
                self.said(register, place(20, 2, "two"))
                while connection.chunk():
                    pass  # the last chunk is empty

    def test_a_stream_ends_with_its_token(self):
        """by the next notice or change, and where none comes by the next sign of life"""
        register = self.register()
        register.must("person", "add", "paul", "--role", "planner")
        with Node(register.path) as node:
            for number, comes in enumerate((True, False)):
                token = register.must("token", "new", f"t{number}", "--person", "paul", "--role",
                                      "planner", "--json").json["token"]
                mine = [("Host", node.host), ("Authorization", f"Bearer {token}")]
                with node.connect() as connection:
                    connection.send(request("POST", "/v1/subscriptions", [
                        *mine, ("Content-Type", "application/json")], b"{}"))
                    self.assertEqual(connection.response().status, 201)
                with node.connect() as connection:
                    connection.send(request("GET", "/v1/notices/stream", mine))
                    self.assertEqual(connection.head().status, 200)
                    self.said(register, place(20, 2 * number, f"a{number}"))
                    self.events(connection, 1)
                    register.must("token", "revoke", f"t{number}")
                    if comes:
                        self.said(register, place(20, 1, f"secret{number}"))
                    rest = b""
                    while piece := connection.chunk():  # the last chunk is empty
                        rest += piece
                    self.assertNotIn(f"secret{number}".encode(), rest)

    def test_a_leg_is_told_of_when_its_time_has_come(self):
        """by the clock alone, also where a party keeps its register by itself"""
        register = self.register()
        register.must("subscribe", "add", "--what", "leg")
        soon = datetime.now(timezone.utc) + timedelta(seconds=4)
        times = {"time_start": soon.isoformat(timespec="seconds"),
                 "time_end": (soon + timedelta(hours=1)).isoformat(timespec="seconds")}
        leg = feature({"type": "LineString", "coordinates": [[20, 1], [20, 2]]}, half_width_m=100,
                      leg=1, **times)
        with Node(register.path):
            said = register.must("move", "add", self.file(
                {"type": "FeatureCollection", "features": [leg],
                 "properties": {"class": "relief", "name": "EXERCISE convoy"}}))
            ends = monotonic() + HANG_S
            while not (told := self.board(register)["notices"]) and monotonic() < ends:
                pass  # each asks a process of its own
        one, = told
        self.assertIn(one["record"], said.out)
        self.assertEqual((one["what"], one["detail"], one["leg"]), ("leg", "late", 1))
        self.assertIn("leg 1 is late", one["text"])

    def test_what_is_no_subscription_is_refused_by_name(self):
        register = self.register()
        for words, why in ((("--class", "hospitals"), "hospitals"),
                           (("--party", "nobody"), "nobody"),
                           (("--what", "everything"), "everything"),
                           (("--margin", "10"), "there is no area"),
                           (("--area", self.file({"type": "Point"})), "area"),
                           (("--area", self.folder / "missing"), "missing")):
            self.refused(register.run("subscribe", "add", *words), BAD_INPUT, why)
        self.refused(register.run("subscribe", "remove", "a" * 16), BAD_INPUT, "no such")
        self.refused(register.run("notices", "ack", "nonsense"), BAD_INPUT, "32 characters")
        self.refused(register.run("notices", "ack"), BAD_INPUT, "--all")
        self.assertEqual(register.run("notices", "list").code, OK)


if __name__ == "__main__":
    main()
