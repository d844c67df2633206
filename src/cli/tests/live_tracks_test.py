#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Live tracks over HTTP, on a real node: two versions of a border (EXERCISE: the shapes are ours)
and a hospital; what a flight crosses is told once, in a list and on a stream; what is refused is
named by its line, and nothing of it is logged. Times come in every zone there is."""
import json
import re
import time

from harness import BAD_INPUT, Case, OK, Register, circle, entente, main, write_csv, write_json
from http_node import Node

EVENT = re.compile(rb"(?:id: (\d+)\n)?event: (\w+)\ndata: (.*)\n")
NDJSON = [("Content-Type", "application/x-ndjson")]
SECOND = 1000


def box(south, north, west, east):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "id": "border", "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def now():
    return round(time.time() * 1000)


def position(track, ms, lat, lon, **more):
    return {"track": track, "by": "EXERCISE air", "kind": "aircraft", "time": ms,
            "lat": lat, "lon": lon} | more


class LiveTracks(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = Register(cls.folder / "reg")
        feature = write_json(cls.folder / "hospital.geojson",
                             circle(20.0, 10.0, 100, **{"class": "hospital", "buffer_m": 400}))
        cls.hospital = cls.register.must("protect", "add", feature, "--json").json["id"]
        one = write_json(cls.folder / "one.geojson", box(35.85, 35.95, 36.025, 36.075))
        other = write_json(cls.folder / "other.geojson", box(35.91, 35.95, 36.025, 36.075))
        uas = write_json(cls.folder / "uas.json", {"UASZoneList": [{
            "identifier": "LSXX", "applicability": [], "geometry": [{
                "uomDimensions": "FT", "lowerLimit": 0, "lowerVerticalReference": "AMSL",
                "upperLimit": 1000, "upperVerticalReference": "AMSL",
                "horizontalProjection": {"type": "Circle", "center": [7, 46],
                                         "radius": 3280.84}}]}]})
        (cls.register.path / "entente.toml").write_text(
            f'zones = ["ch:2022:{uas}"]\n', encoding="utf-8")
        cls.zones = ("--zone", f"tr:2015-11:{one}", "--zone", f"ru:2015-11:{other}")
        cls.node = Node(cls.register.path, *cls.zones)

    @classmethod
    def tearDownClass(cls):
        cls.node.terminate()
        code = cls.node.ended()
        super().tearDownClass()
        assert code == OK, code

    def send(self, *positions):
        body = "".join(one if isinstance(one, str) else json.dumps(one) + "\n"
                       for one in positions).encode()
        said = self.node.ask("POST", "/v1/tracks", body, NDJSON)
        self.assertEqual(said.status, 200, said)
        return json.loads(said.body)

    def page(self, after=None):
        said = self.node.ask("GET", "/v1/tracks/alerts?limit=1000" +
                             ("" if after is None else f"&after={after}"))
        self.assertEqual(said.status, 200, said)
        return json.loads(said.body)

    def alerts(self, track, after=None):
        return [one for one in self.page(after)["alerts"] if one["track"] == track]

    def fly(self, track, begin, seconds, lat=35.9, west=36.0, step=0.1 / 34, **more):
        return [position(track, begin + SECOND * s, lat, round(west + step * s, 7), **more)
                for s in range(seconds + 1)]

    def test_each_version_of_a_border_is_told_by_itself(self):
        """seventeen seconds in the one, never in the other; in a list and on the stream alike"""
        before = self.page()["newest"]
        with self.node.connect() as stream:
            stream.send(self.node.request("GET", "/v1/tracks/alerts", None,
                                          [("Accept", "text/event-stream")]))
            self.assertEqual(stream.head().status, 200)
            self.assertEqual(json.loads(EVENT.findall(stream.chunk())[0][2])["newest"], before)
            flight = self.fly("SU-24", now() - 34 * SECOND, 34)
            told = 0
            for at in range(0, 35, 5):
                told += self.send(*flight[at:at + 5])["alerts"]
            alerts = self.alerts("SU-24", before)
            self.assertEqual(len(alerts), told)
            heard = b""
            while len(EVENT.findall(heard)) < told:
                heard += stream.chunk()
        streamed = [(int(number), json.loads(data)) for number, _, data in EVENT.findall(heard)]
        self.assertEqual(streamed, [(one["number"], one) for one in alerts])
        self.assertEqual([one["kind"] for one in alerts], ["entered", "left"])
        for one in alerts:
            self.assertEqual(one["zone"], {"party": "tr", "id": "border", "version": "2015-11"})
        self.assertLess(abs(alerts[1]["inside_s"] - 17), 0.02)
        # The same again is known, and tells nothing.
        again = self.send(*flight)
        self.assertEqual((again["accepted"], again["repeated"], again["alerts"]), (0, 32, 0))
        self.assertEqual(again["refused"], 3)  # older than the last 32

    def test_a_hospital_is_an_alert_and_its_reader_is_noted(self):
        before = self.page()["newest"]
        begin = now() - 30 * SECOND
        self.send(*[position("low", begin + SECOND * s, 10.0, round(19.99 + 0.001 * s, 7))
                    for s in range(21)])
        alerts = self.alerts("low", before)
        self.assertEqual([one["kind"] for one in alerts], ["entered", "left"])
        self.assertEqual({one["record"] for one in alerts}, {self.hospital})
        noted = []
        for _ in range(600):  # it is written within a second or so
            noted = self.noted()
            if noted:
                break
            time.sleep(0.1)
        self.assertIn(self.hospital, noted)

    def test_what_only_objects_to_an_activity_is_no_alert(self):
        """however many do, they are no places; and their volumes hide none that is one"""
        plan = write_json(self.folder / "plan.geojson", circle(-20.0, -10.0, 50_000))
        for _ in range(3):
            self.exits(OK, entente("object", "add", "--activity", "a2b3c4d5e6f7a2b3", "--entry",
                                   "A" * 43 + "=", "--party", "test", "--plan", plan, "--grounds",
                                   "EXERCISE", "--data", self.register.path))
        house = write_json(self.folder / "house.geojson",
                           circle(-20.0, -10.0, 100, **{"class": "hospital", "buffer_m": 400}))
        hospital = self.register.must("protect", "add", house, "--json").json["id"]
        before = self.page()["newest"]
        begin = now() - 30 * SECOND
        self.send(*[position("through", begin + SECOND * s, -10.0, round(-20.01 + 0.001 * s, 7))
                    for s in range(21)])
        told = self.alerts("through", before)
        self.assertEqual([(one["kind"], one.get("record")) for one in told],
                         [("entered", hospital), ("left", hospital)])

    def noted(self):
        said = json.loads(self.node.ask("GET", "/v1/audit?limit=1000").body)
        return [record for line in said["lines"] if line["act"] == "alerts"
                for record in line["records"]]

    def test_heights_and_feet_of_a_published_zone(self):
        """1,000 ft are 304.8 m; without a reference a height is refused, without one all count"""
        before = self.page()["newest"]
        begin = now() - 10 * SECOND
        for track, height in (("under", {"altitude": 304.8, "altitude_reference": "AMSL"}),
                              ("over", {"altitude": 304.9, "altitude_reference": "AMSL"}),
                              ("unsaid", {})):
            self.send(position(track, begin, 46, 7, **height))
        told = {one["track"]: one for one in self.page(before)["alerts"]}
        self.assertEqual(sorted(told), ["under", "unsaid"])
        self.assertEqual(told["under"]["kind"], "found_inside")
        self.assertEqual(told["under"]["zone"], {"party": "ch", "id": "LSXX", "version": "2022"})

    def test_one_moment_in_every_zone_is_one_position(self):
        """half hours and quarters, the day before and after, and milliseconds"""
        ms = now() // SECOND * SECOND
        for minutes in (0, 330, 345, -210, 765, -570, 840, -720, 60):
            local = time.gmtime(ms / 1000 + 60 * minutes)
            sign = "-" if minutes < 0 else "+"
            offset = f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
            text = time.strftime("%Y-%m-%dT%H:%M:%S", local) + offset
            said = self.send(position("zones", text, 1, 1))
            self.assertEqual((said["accepted"] + said["repeated"], said["refused"]), (1, 0), text)
            self.assertEqual(said["accepted"], int(minutes == 0), text)
        self.assertEqual(self.send(position("zones", ms, 1, 1))["repeated"], 1)
        self.assertEqual(self.send(position("zones", time.strftime(
            "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(ms / 1000)), 1, 1))["repeated"], 1)
        # A local time without an offset has been misread before.
        said = self.send(position("zones", time.strftime("%Y-%m-%dT%H:%M:%S"), 1, 1))
        self.assertIn("offset", said["reasons"][0]["error"])

    def test_what_is_refused_is_named_by_its_line(self):
        good = position("t", now(), 0, 0)
        cases = (({"lat": 91}, "lat: 91"), ({"lon": -181}, "lon: -181"), ({"lat": "35"}, "lat"),
                 ({"kind": "ship"}, "kind: expected aircraft or convoy"), ({"by": ""}, "by"),
                 ({"track": "x" * 65}, "track_name_bytes_max"), ({"time": 1_448_353_380}, "time"),
                 ({"time": now() + 100 * SECOND}, "ahead_max"),
                 ({"time": now() - 25 * 3600 * SECOND}, "past_max"),
                 ({"altitude": 5}, "altitude_reference"),
                 ({"altitude": 1e9, "altitude_reference": "FL"}, "altitude_dm_max"),
                 ({"lng": 4}, "lng"), ({"track": "x" * 1100}, "track_line_bytes_max"))
        lines = [good | change for change, _ in cases]
        said = self.send(good, "\n", "not json\n", *lines)
        self.assertEqual((said["accepted"], said["refused"]), (1, len(cases) + 1))
        self.assertEqual([one["line"] for one in said["reasons"]],
                         list(range(3, len(cases) + 4)))
        for one, (_, says) in zip(said["reasons"][1:], cases):
            self.assertIn(says, one["error"])

    def test_too_much_is_refused_whole(self):
        said = self.node.ask("POST", "/v1/tracks", b"{}\n" * 10_001, NDJSON)
        self.assertEqual(said.status, 413)
        self.assertEqual(json.loads(said.body)["limit"], "positions_max")
        plain = self.node.ask("POST", "/v1/tracks", b"{}", [("Content-Type", "application/json")])
        self.assertEqual(plain.status, 415)
        stale = self.node.ask("GET", "/v1/tracks/alerts?after=7")
        self.assertEqual(stale.status, 409)

    def test_nothing_of_it_is_logged(self):
        size = json.loads(self.node.ask("GET", "/v1/about").body)["tree_size"]
        self.send(*self.fly("quiet", now() - 34 * SECOND, 34))
        self.assertEqual(json.loads(self.node.ask("GET", "/v1/about").body)["tree_size"], size)

    def test_a_file_is_fed_as_if_it_came_live(self):
        """`track --live`, and what `alerts` says of it in words"""
        rows = [[f"2015-11-24T07:24:{5 + s:02d}Z", 35.9, 36 + 0.1 * s / 34, 5600]
                for s in range(35)]
        table = write_csv(self.folder / "fed.csv", rows, ["time", "lat", "lon", "altitude"])
        old = self.register.run("track", table, "--live", "--by", "EXERCISE air")
        self.assertEqual(old.code, BAD_INPUT, old)
        self.assertIn("past_max", old.err)
        fed = self.register.must("track", table, "--live", "--by", "EXERCISE air", "--as-if-now",
                                 "--altitude-reference", "AMSL")
        self.assertRegex(fed.out, r"fed \(EXERCISE air\) entered border of tr, version 2015-11\n"
                                  r".* left border of tr, version 2015-11 after 1[67][\d.]* s\n"
                                  r"35 positions taken, 0 known already, 0 refused\n")
        told = self.register.must("alerts", "--track", "fed", "--limit", "1000")
        self.assertEqual(told.out.splitlines(), fed.out.splitlines()[:2])
        self.refused(entente("track", table), BAD_INPUT, "--in")

    def test_who_subscribed_is_told_durably(self):
        """of a zone and of a hospital; near by and not far off; after a start anew as before it"""
        register = Register(self.folder / "durable")
        house = write_json(self.folder / "durable.geojson",
                           circle(20.0, 10.0, 100, **{"class": "hospital", "name": "EXERCISE ward",
                                                      "buffer_m": 400}))
        hospital = register.must("protect", "add", house, "--json").json["id"]
        near = write_json(self.folder / "near.geojson", circle(20.0, 10.0, 2000))
        far = write_json(self.folder / "far.geojson", circle(-20.0, 10.0, 2000))
        for what in (("--what", "track", "--area", near), ("--what", "track", "--area", far),
                     ("--what", "record")):
            register.must("subscribe", "add", *what)
        zone = write_json(self.folder / "z.geojson", circle(20.1, 10.0, 300, id="z"))
        begin = now() - 60 * SECOND
        lines = [position("low", begin + SECOND * s, 10.0, round(19.99 + 0.003 * s, 7))
                 for s in range(41)]
        body = "".join(json.dumps(one) + "\n" for one in lines).encode()
        with Node(register.path, "--zone", f"tr:1:{zone}") as node:
            done = json.loads(node.ask("POST", "/v1/tracks", body, NDJSON).body)
            self.assertEqual((done["accepted"], done["alerts"]), (41, 5))
            board = json.loads(node.ask("GET", "/v1/notices").body)
        told = [(one["what"], one["detail"], one.get("record"), one["track"].get("zone"))
                for one in board["notices"]]
        of_zone = {"party": "tr", "id": "z", "version": "1"}
        self.assertEqual(told, [("track", "entered", hospital, None),
                                ("track", "left", hospital, None)])
        for one in board["notices"]:
            self.assertNotIn("newest", one["track"])
            self.assertIn('hospital "EXERCISE ward" of test, record ' + hospital, one["text"])
        with Node(register.path) as node:
            after = json.loads(node.ask("GET", "/v1/notices").body)
            self.assertEqual(after, board, "the register has it still")
            done = node.ask("POST", f"/v1/notices/{board['notices'][1]['id']}/ack?and_before=true")
            self.assertEqual(done.status, 200, done)
            everywhere = json.dumps({"what": ["track"]}).encode()
            node.ask("POST", "/v1/subscriptions", everywhere,
                     [("Content-Type", "application/json")])
        with Node(register.path, "--zone", f"tr:1:{zone}") as node:
            self.assertEqual(json.loads(node.ask("GET", "/v1/notices").body)["unread"], 0)
            node.ask("POST", "/v1/tracks", body, NDJSON)
            board = json.loads(node.ask("GET", "/v1/notices").body)
        self.assertEqual([(one["detail"], one["track"].get("zone")) for one in board["notices"]
                          if "record" not in one],
                         [(kind, of_zone) for kind in ("will_enter", "entered", "left")])
        self.assertRegex(board["notices"][-1]["text"],
                         r"aircraft low \(EXERCISE air\) left z of tr, version 1 after [\d.]+ s, ")
        self.assertIn("aircraft low", register.must("notices", "list").out)

    def test_rights(self):
        """who only looks neither sends nor reads; a planner's token does both"""
        for name, roles in (("feed", ["planner"]), ("clerk", ["admin"])):
            made = self.node.ask("POST", "/v1/people", json.dumps(
                {"name": name, "roles": roles}).encode(), [("Content-Type", "application/json")])
            self.assertEqual(made.status, 201, made)
            made = self.node.ask("POST", "/v1/tokens", json.dumps(
                {"name": f"radar-{name}", "person": name, "roles": roles,
                 "until": time.strftime("%Y-%m-%dT00:00:00Z",
                                        time.gmtime(time.time() + 1e6))}).encode(),
                [("Content-Type", "application/json")])
            token = json.loads(made.body).get("token", "")
            with self.node.connect() as connection:
                for method, target, body in (("POST", "/v1/tracks", b""),
                                             ("GET", "/v1/tracks/alerts", None)):
                    headers = [("Host", self.node.host), ("Authorization", f"Bearer {token}"),
                               *NDJSON, ("Content-Length", "0")]
                    connection.send((f"{method} {target} HTTP/1.1\r\n" + "".join(
                        f"{key}: {value}\r\n" for key, value in headers) + "\r\n").encode())
                    self.assertEqual(connection.response().status,
                                     200 if name == "feed" else 403, (name, target, made))

    def test_bad_zones_end_the_start_with_what_to_do(self):
        other = Register(self.folder / "other")
        for zone, says in (("nonsense", "PARTY:VERSION:FILE"), ("TR:1:x", "TR"),
                           (f"tr:1:{self.folder}/none.json", "none.json"),
                           (f"tr:1:{self.folder}/reg/entente.toml", "entente.toml")):
            done = entente("serve", "--data", other.path, "--listen", "127.0.0.1:0",
                           "--zone", zone)
            self.assertIn(done.code, (BAD_INPUT, 1), done)
            self.assertIn(says, done.err)


if __name__ == "__main__":
    main()
