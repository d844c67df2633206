#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 2, the other half: slow, split, pipelined, oversized, aborted and malformed HTTP harms
nobody else. In every round a second connection, which stays open throughout, must still get the
right answer. Nothing here waits for a clock but the node's own limits."""
import json
import resource
import socket
import unittest
from pathlib import Path

from harness import Case, ROOT, Register, circle, feature, main
from http_node import Closed, Connection, Node, chunked, request

IDLE = 10_000
# What one idle connection may cost: its coroutine frame, its socket and parser, and the 4 KiB that
# it reads into, with as much again for the allocator.
IDLE_BYTES = 16 * 1024
PLAN = (ROOT / "examples/plan.geojson").read_bytes()
GEOJSON = ("Content-Type", "application/geo+json")


class Harm(Case):
    LIMITS = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        register = Register(cls.folder / "reg")
        register.must("import", ROOT / "examples/exercise-facilities.csv", "--yes")
        (register.path / "entente.toml").write_text("[limits]\n" + cls.LIMITS)
        cls.node = Node(register.path)
        cls.other = cls.node.connect()
        cls.at = "2030-01-01T00:00:00Z"
        cls.question = cls.node.request("POST", f"/v1/check?at={cls.at}", PLAN, [GEOJSON])
        cls.other.send(cls.question)
        cls.right = cls.other.response()

    @classmethod
    def tearDownClass(cls):
        cls.other.close()
        if cls.node.process.poll() is None:
            cls.node.terminate()
            code = cls.node.ended()
            if code != 0:
                raise AssertionError(f"the node ended with status {code}")
        super().tearDownClass()

    def tearDown(self):
        self.others_are_served()

    def others_are_served(self):
        """The second connection gets its answer; nothing was logged that it shows."""
        self.other.send(self.question)
        answer = self.other.response()
        got, right = json.loads(answer.raw), json.loads(self.right.raw)
        for what in ("verdict", "findings", "nearby"):  # as_of: others may have been logged
            self.assertEqual(got[what], right[what])

    def exchange(self, data, count=1):
        """The responses to these bytes, on a connection of their own."""
        with self.node.connect() as connection:
            connection.send_while_open(data)
            return [connection.response() for _ in range(count)]

    def refused(self, data, *statuses):
        """Answered with one of these and closed, or closed without a word; never more."""
        with self.node.connect() as connection:
            connection.send_while_open(data)
            try:
                response = connection.response()
            except Closed:
                self.assertIn(None, statuses, f"no answer to {data[:300]!r}")
                return None
            self.assertIn(response.status, statuses, f"{data[:300]!r}: {response}")
            if response.raw:
                self.assertEqual(json.loads(response.raw)["status"], response.status)
            self.assertEqual(response.header("connection"), "close", f"{data[:300]!r}")
            self.assertTrue(connection.is_closed(), "something came after the last response")
            return response


class Framing(Harm):
    def test_a_byte_at_a_time(self):
        """slow: the same answer, and others are served between any two bytes"""
        with self.node.connect() as slow:
            for i, byte in enumerate(self.question):
                slow.send(bytes([byte]))
                if i % 50 == 0:
                    self.others_are_served()
            self.assertEqual(slow.response().raw, self.right.raw)

    def test_split_at_every_position(self):
        """in two pieces, cut anywhere; the node sees the first one before the second is sent"""
        with self.node.connect() as connection:
            for cut in range(1, len(self.question)):
                connection.send(self.question[:cut])
                if cut % 40 == 0:
                    self.others_are_served()
                connection.send(self.question[cut:])
                self.assertEqual(connection.response().raw, self.right.raw, f"cut at {cut}")

    def test_pipelined(self):
        """many in one packet are answered in order, each once"""
        paths = ["/healthz", "/v1/protections?limit=1", "/nothing", "/log/checkpoint"]
        wanted = [self.node.ask("GET", path) for path in paths]
        data = b"".join(self.node.request("GET", path) for path in paths) * 50
        data += self.question * 20
        with self.node.connect() as connection:
            connection.send(data)
            for i in range(200):
                got = connection.response()
                self.assertEqual((got.status, got.raw),
                                 (wanted[i % 4].status, wanted[i % 4].raw))
            for _ in range(20):
                self.assertEqual(connection.response().raw, self.right.raw)

    def test_chunked_bodies(self):
        """of any chunk size, with extensions and trailers; broken ones are refused"""
        head = self.node.headers(GEOJSON, ("Transfer-Encoding", "chunked"))
        target = f"/v1/check?at={self.at}"
        with self.node.connect() as connection:
            for size in (1, 2, 7, 100, 10_000):
                connection.send(request("POST", target, head, chunked(PLAN, size)))
                self.assertEqual(connection.response().raw, self.right.raw)
            body = b"%x;a=b;c=\"d\"\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(PLAN), PLAN)
            connection.send(request("POST", target, head, body))
            self.assertEqual(connection.response().raw, self.right.raw)
        for body in (b"xyz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n",
                     b"5\r\nabcdefgh\r\n0\r\n\r\n", b"0x5\r\nabcde\r\n0\r\n\r\n",
                     b"\r\n\r\n", b"5\r\n" + b"a" * 5 + b"XX"):
            self.refused(request("POST", target, head, body + b"\r\n0\r\n\r\n"), 400, None)

    def test_expect_100_continue(self):
        """the body is asked for only where it will be read"""
        head = self.node.headers(GEOJSON, ("Expect", "100-continue"),
                                 ("Content-Length", str(len(PLAN))))
        with self.node.connect() as connection:
            for _ in range(3):
                connection.send(request("POST", f"/v1/check?at={self.at}", head))
                self.assertEqual(connection.head().status, 100)
                connection.send(PLAN)
                self.assertEqual(connection.response().raw, self.right.raw)
        long = [one for one in head if one[0] != "Content-Length"]
        self.refused(request("POST", "/v1/check", [*long, ("Content-Length", "5000000")]), 413)
        nobody = [one for one in head if one[0] != "Authorization"]
        self.refused(request("POST", "/v1/check", nobody), 401)

    def test_oversized(self):
        """header, target and body each meet their limit by its name"""
        found = self.refused(self.node.request("GET", "/healthz", None,
                                               [("X", "x" * 40_000)]), 431)
        self.assertEqual(json.loads(found.raw)["limit"], "header_bytes_max")
        self.refused(b"GET /" + b"x" * 100_000, 431)
        self.refused(b"X" * 100_000, 400, 431)
        with self.node.connect() as connection:  # a header that is read whole: it goes on
            connection.send(self.node.request("GET", "/healthz?" + "x" * 9000))
            got = connection.response()
            self.assertEqual((got.status, json.loads(got.raw)["limit"]), (413, "target_bytes_max"))
            connection.send(self.node.request("GET", "/healthz"))
            self.assertEqual(connection.response().status, 200)
        for size in (4 * 1024 * 1024 + 1, 10 ** 9, 10 ** 18, 2 ** 64 - 1):
            head = self.node.headers(GEOJSON, ("Content-Length", str(size)))
            found = self.refused(request("POST", "/v1/check", head, b"{"), 413)
            self.assertEqual(json.loads(found.raw)["limit"], "body_max")
        head = self.node.headers(GEOJSON, ("Transfer-Encoding", "chunked"))
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
        found = self.refused(request("POST", "/v1/check", head, piece * 65), 413)
        self.assertEqual(json.loads(found.raw)["limit"], "body_max")

    def test_http_1_0_and_absolute_form(self):
        """1.0 is answered and closed; an absolute target is refused, it names no path here"""
        for headers in (self.node.headers(), self.node.headers(("Connection", "close"))):
            with self.node.connect() as connection:
                connection.send(request("GET", "/healthz", headers, version="HTTP/1.0"))
                self.assertEqual(connection.response().raw, b"alive\n")
                self.assertTrue(connection.is_closed())
        for target in (f"{self.node.origin}/healthz", "http://evil.example/healthz", "*",
                       "healthz", "evil.example:80", "//evil.example/healthz", "/%", "?x"):
            with self.node.connect() as connection:
                connection.send(self.node.request("GET", target))
                self.assertIn(connection.response().status, (400, 404), target)

    def test_malformed(self):
        """what is no HTTP is answered 400 or closed, and nothing is taken from it"""
        host = f"Host: {self.node.host}\r\n".encode()
        for data in (b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /healthz\r\n\r\n",
                     b"GET /healthz HTTP/2.0\r\n" + host + b"\r\n",
                     b"GET /healthz HTTP/1.1 x\r\n" + host + b"\r\n",
                     b"GET  /healthz HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /heal thz HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"X y: 1\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"X : 1\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"nocolon\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"X: a\0b\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b": 1\r\n\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"G\xffT / HTTP/1.1\r\n\r\n"):
            self.refused(data, 400, None)

    def test_no_two_readings(self):
        """request smuggling: lengths that contradict each other, and two Hosts, are refused"""
        inner = self.node.request("GET", "/healthz")
        zero = b"0\r\n\r\n" + inner
        for framing in ((("Content-Length", "5"), ("Content-Length", "6")),
                        (("Content-Length", "5, 6"),), (("Content-Length", "-1"),),
                        (("Content-Length", "+5"),), (("Content-Length", "0x5"),),
                        (("Content-Length", "99999999999999999999999"),), (("Content-Length", ""),),
                        (("Content-Length", "5"), ("Transfer-Encoding", "chunked")),
                        (("Transfer-Encoding", "chunked"), ("Content-Length", "5")),
                        (("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")),
                        (("Transfer-Encoding", "xchunked"),), (("Transfer-Encoding", "gzip"),),
                        (("Transfer-Encoding", "identity, chunked"),),
                        (("Transfer-Encoding", "chunked, gzip"),)):
            self.refused(request("POST", "/v1/check", self.node.headers(GEOJSON, *framing), zero),
                         400, 411, 413, 501, None)
        for host in ((("Host", "evil.example"),), (("Host", self.node.host),)):
            self.refused(self.node.request("GET", "/v1/about", None, host), 400)

    def test_aborted(self):
        """closed or reset at every position, in the middle of a request and of an answer"""
        write = self.node.request("POST", "/v1/protections", json.dumps(circle(
            1, 1, 5, **{"class": "other"})).encode(), [GEOJSON])
        before = json.loads(self.node.ask("GET", "/v1/about").raw)["records"]
        for end in (Connection.close, Connection.reset):
            for cut in range(0, len(write), 3):
                connection = self.node.connect()
                connection.send(write[:cut])
                end(connection)
                if cut % 60 == 0:
                    self.others_are_served()
        self.assertEqual(json.loads(self.node.ask("GET", "/v1/about").raw)["records"], before)
        large = self.node.request("GET", "/v1/protections?limit=1000")
        for end in (Connection.close, Connection.reset):
            for _ in range(50):
                connection = self.node.connect()
                connection.send(large * 20)  # more than the socket's buffers hold
                connection.exactly(100)
                end(connection)
            self.others_are_served()


class Rights(Harm):
    def test_foreign_pages_can_do_nothing(self):
        """a foreign Origin, a foreign Host, a cookie without an Origin; a code works once"""
        browser = self.node.session()
        place = json.dumps(circle(1, 1, 5, **{"class": "other"})).encode()

        def ask(method, target, headers, body=None):
            return self.exchange(request(method, target, headers, body))[0].status
        own = ("Origin", self.node.origin)
        self.assertEqual(ask("GET", "/v1/about", browser), 200)
        self.assertEqual(ask("POST", "/v1/protections", [*browser, own], place), 201)
        self.assertEqual(ask("POST", "/v1/protections", browser, place), 403)
        for origin in ("http://evil.example", "null", self.node.origin + "0",
                       self.node.origin.replace("http", "https"), "http://localhost"):
            foreign = ("Origin", origin)
            self.assertEqual(ask("POST", "/v1/protections", [*browser, foreign], place), 403)
            self.assertEqual(ask("GET", "/v1/about", [*browser, foreign]), 403)
            self.assertEqual(ask("POST", "/v1/protections", self.node.headers(foreign), place), 403)
        for host in ("evil.example", f"evil.example:{self.node.port}", "127.0.0.1",
                     f"localhost.evil.example:{self.node.port}"):
            foreign = [("Host", host), browser[1], ("Origin", f"http://{host}")]
            self.assertEqual(ask("POST", "/v1/protections", foreign, place), 421)
            self.assertEqual(ask("GET", "/", foreign), 421)
        with self.assertRaises(AssertionError):
            self.node.session()  # the code is used up
        self.assertEqual(ask("DELETE", "/v1/session", [*browser, own]), 204)
        self.assertEqual(ask("GET", "/v1/about", browser), 401)
        self.assertEqual(json.loads(self.node.ask("GET", "/v1/about").raw)["records"], 301)

    def test_the_socket_is_the_owners(self):
        """DIR/node.sock has mode 0600, asks for no Host, and still for the token"""
        path = Path(self.node.data) / "node.sock"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        token = ("Authorization", f"Bearer {self.node.token}")
        for headers, status in (((), 401), ((token,), 200)):
            with Connection(path) as connection:
                connection.send(request("GET", "/v1/about", headers))
                self.assertEqual(connection.response().status, status)


class Flood(Harm):
    LIMITS = "anonymous_per_second_max = 50\n"

    def test_a_flood_is_told_so(self):
        """429 by the limit's name; who shows the token is still served"""
        anonymous = request("GET", "/healthz", [("Host", self.node.host)])
        with self.node.connect() as connection:
            statuses = []
            while 429 not in statuses:
                connection.send(anonymous * 100)
                got = [connection.response() for _ in range(100)]
                statuses += [one.status for one in got]
        # The first second's worth is let through: each request counts once.
        self.assertEqual(statuses[:50], [200] * 50)
        last = next(one for one in got if one.status == 429)
        self.assertEqual((json.loads(last.raw)["limit"], last.header("retry-after")),
                         ("anonymous_per_second_max", "1"))


class Idle(Harm):
    LIMITS = f"connections_max = {2 * IDLE}\n"

    def test_ten_thousand_idle_connections(self):
        """memory stays bounded, and a fresh client is answered"""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < IDLE + 200:
            self.skipTest(f"RLIMIT_NOFILE is {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE + 200), hard))
        before = self.node.memory()
        idle = []
        try:
            for i in range(IDLE):
                idle.append(socket.create_connection(("127.0.0.1", self.node.port), 120))
                if i % 2:  # every other one has begun a request
                    idle[-1].sendall(b"GET /healthz HTT")
            self.assertEqual(self.node.ask("GET", "/healthz").raw, b"alive\n")
            self.others_are_served()
            grown = self.node.memory() - before
            metrics = self.node.ask("GET", "/metrics").raw.decode()
            open_now = float(metrics.split("\nentente_connections ")[1].split("\n")[0])
        finally:
            for one in idle:
                one.close()
        print(f"{IDLE} idle connections: {grown / IDLE:.0f} bytes each, {open_now:.0f} open",
              flush=True)
        self.assertGreaterEqual(open_now, IDLE)
        self.assertLess(grown, IDLE * IDLE_BYTES)


class Full(Harm):
    LIMITS = "connections_max = 64\n"

    def test_those_that_wait_make_room(self):
        """over connections_max the one idle for longest is closed; slow ones keep nobody out"""
        for begun in (b"", b"GET /healthz HTT", self.question[:-10]):
            idle = [self.node.connect() for _ in range(300)]
            for one in idle:
                one.send_while_open(begun)
            self.assertEqual(self.node.ask("GET", "/healthz").raw, b"alive\n")
            self.assertTrue(idle[0].is_closed())
            for one in idle:
                one.close()
        self.other.close()
        type(self).other = self.node.connect()  # it waited longest


class Stop(Harm):
    def test_what_is_under_way_is_finished(self):
        """SIGTERM: a request whose body is still coming is answered, an event stream ends whole"""
        place = json.dumps(feature({"type": "Point", "coordinates": [3, 4]}, radius_m=5,
                                   **{"class": "other", "name": "last"})).encode()
        head = self.node.headers(GEOJSON, ("Expect", "100-continue"),
                                 ("Content-Length", str(len(place))))
        with self.node.connect() as writer, self.node.connect() as listener:
            listener.send(self.node.request("GET", "/v1/events"))
            self.assertEqual(listener.head().status, 200)
            listener.chunk()
            writer.send(request("POST", "/v1/protections", head))
            self.assertEqual(writer.head().status, 100)  # it is being read
            self.others_are_served()
            self.node.terminate()
            while listener.chunk():  # until the last chunk: it was not cut off
                pass
            self.assertTrue(listener.is_closed())
            writer.send(place)
            said = writer.response()
            self.assertEqual((said.status, said.header("connection")), (201, "close"))
        self.assertEqual(self.node.ended(), 0)
        record = json.loads(said.raw)["id"]
        register = Register(self.node.data)
        self.assertIn("last", register.must("show", record).out)
        self.assertFalse((Path(self.node.data) / "node.sock").exists())

    def tearDown(self):
        """There is nobody left to serve."""


def load_tests(loader, _, __):
    return unittest.TestSuite(loader.loadTestsFromTestCase(case)
                              for case in (Framing, Rights, Flood, Idle, Full, Stop))


if __name__ == "__main__":
    main()
