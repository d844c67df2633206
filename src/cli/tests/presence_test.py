#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where groups are, among four parties who hand each other sticks: said by one, vouched for by
another; by the parties' positions a conflict, contested, or a caution, in every form of the answer;
amended and withdrawn as a protection is; and who reads no position keeps away."""
import json
import re
from datetime import datetime, timedelta, timezone

from harness import (BAD_INPUT, CAUTION, CONFLICT, Case, INCOMPLETE, OK, circle, entente, main,
                     write_json)
from http_node import Node
from http_schema import Schemas
from receipts_test import Sticks

NOW = datetime.now(timezone.utc).replace(microsecond=0)
OTHERS = {"fr": "ru,un,msf", "ru": "fr,un,msf", "un": "fr,ru,msf", "msf": "fr,ru,un"}


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


def at(hours):
    return (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Presences(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        (cls.world.dir("ru") / "entente.toml").write_text(
            'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        cls.places = 0

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def rounds(self):
        for _ in range(2):
            self.world.round()

    def group(self, name, of="ru"):
        """One that everybody was told of."""
        one = id_in(self.must("group", "add", "--names", f"text={name};language=en", "--contact",
                              "liaison", "--to", OTHERS[of], of=of))
        self.rounds()
        return one

    def stand(self, group, stand, of, *more):
        return id_in(self.must("position", "add", "--group", group, "--stand", stand, "--contact",
                               "liaison", "--to", OTHERS[of], *more, of=of))

    def place(self):
        """One that nothing else here is near."""
        type(self).places += 1
        return (30 + self.places, 36)

    def presence(self, group, lonlat, *more, of="fr", to="ru,un,msf"):
        return id_in(self.must(
            "presence", "add", "--group", group, "--grade", "B2", "--at",
            f"{lonlat[1]},{lonlat[0]}", "--radius", 2000, "--from", at(-1), "--until", at(100),
            "--name", "EXERCISE valley", "--contact", "liaison", *more,
            *(("--to", to) if to else ()), of=of))

    def check(self, lonlat, of="ru"):
        plan = write_json(self.folder / f"plan{lonlat[0]}.geojson", circle(*lonlat, 300))
        return self.run_of("check", plan, "--json", of=of)

    def finding(self, done):
        self.assertEqual(len(done.json["findings"]), 1, done)
        return done.json["findings"][0]

    def codes(self, done):
        return [reason["code"] for reason in done.json["reasons"]]

    def words(self, finding):
        return {one["party"]: one["stand"] for one in finding["presence"]["positions"]}

    def test_1_where_positions_differ_it_is_a_conflict_and_contested(self):
        """whoever asks, and who says what is named in JSON and text"""
        group, spot = self.group("EXERCISE brigade"), self.place()
        one = self.presence(group, spot, "--sponsor", "un")
        self.stand(group, "protected", "fr")
        self.rounds()
        for of in ("ru", "fr", "msf"):
            done = self.check(spot, of)
            self.exits(CONFLICT, done)
            seen = self.finding(done)
            self.assertEqual((seen["id"], seen["kind"], seen["weight"]),
                             (one, "presence", "conflict"))
            self.assertNotIn("contested", seen["flags"])
            self.assertEqual(seen["presence"]["because"], "protected")
            self.assertEqual(self.words(seen), {"fr": "protected"})
        position = self.stand(group, "not_protected", "ru")
        self.rounds()
        for of in ("ru", "fr", "msf"):
            done = self.check(spot, of)
            self.exits(CONFLICT, done)
            self.assertEqual(done.json["verdict"], "conflict")
            self.assertIn("presence_contested", self.codes(done))
            seen = self.finding(done)
            self.assertIn("contested", seen["flags"])
            said = seen["presence"]
            self.assertTrue(said["contested"] and said["restrains"])
            self.assertEqual((said["group"], said["grade"], said["sponsor"], said["names"]),
                             (group, "B2", "un", ["EXERCISE brigade"]))
            self.assertEqual(self.words(seen), {"fr": "protected", "ru": "not_protected"})
            theirs = next(row for row in said["positions"] if row["party"] == "ru")
            self.assertEqual(theirs["id"], position)
            leaf = self.must("position", "show", position, "--json", of=of).json["leaf"]
            self.assertEqual(theirs["leaf"], leaf, "the statement that says so")
            plan = self.folder / f"plan{spot[0]}.geojson"
            text = self.run_of("check", plan, of=of).out
            for words in ("EXERCISE brigade", group, "grade B2", "vouched for by un",
                          "fr: protected", "ru: not_protected", "contested"):
                self.assertIn(words, text)
            shown = self.must("show", one, "--json", of=of).json
            self.assertEqual(shown["presence"]["positions"], said["positions"])
            self.assertIn("contested", shown["flags"])
            self.assertIn("ru: not_protected", self.must("show", one, of=of).out)

    def test_2_where_nobody_protects_it_is_a_caution_and_never_nothing(self):
        """by its author's own word, and the sponsor's; silence keeps away"""
        group, spot = self.group("EXERCISE band"), self.place()
        self.presence(group, spot, "--sponsor", "un")
        self.stand(group, "not_protected", "ru")
        self.rounds()
        seen = self.finding(self.check(spot))
        self.assertEqual((seen["weight"], seen["presence"]["because"]),
                         ("conflict", "author_silent"), "another party's word takes nothing away")
        self.stand(group, "no_position", "fr")
        self.rounds()
        self.assertEqual(self.finding(self.check(spot))["presence"]["because"], "sponsor_silent")
        self.stand(group, "not_protected", "un")
        self.rounds()
        for of in ("ru", "fr", "un"):
            done = self.check(spot, of)
            self.exits(CAUTION, done)
            self.assertEqual(self.finding(done)["presence"]["because"], "nobody_protects")
            self.assertIn("presence_not_protected", self.codes(done))
        self.stand(group, "protected", "msf", "--until", at(200))
        self.rounds()
        done = self.check(spot)
        self.exits(CONFLICT, done)
        self.assertIn("presence_contested", self.codes(done))

    def test_3_a_word_that_ends_itself(self):
        """protects until then, and in a plan that begins before then"""
        group, spot = self.group("EXERCISE column"), self.place()
        self.presence(group, spot, of="un", to="fr,ru,msf")
        before = self.stand(group, "protected", "un", "--until", at(2))
        self.rounds()
        self.exits(CONFLICT, self.check(spot))
        for start, want in ((1, "conflict"), (3, "caution")):
            plan = circle(*spot, 300)
            plan["properties"] |= {"time_start": at(start), "time_end": at(start + 1)}
            path = write_json(self.folder / f"timed{start}.geojson", plan)
            done = self.run_of("check", path, "--json", "--at", at(2), of="ru")
            self.assertEqual(self.finding(done)["weight"], want, start)
        self.must("position", "withdraw", before, of="un")
        self.rounds()
        done = self.run_of("check", path, "--json", "--at", at(2), of="ru")
        self.exits(CONFLICT, done)
        self.assertEqual(self.finding(done)["presence"]["because"], "author_silent")

    def test_4_who_cannot_read_whose_it_is_keeps_away(self):
        """the coarse area as any other; an exact one of a group that was not given"""
        group, spot = id_in(self.must("group", "add", "--names", "text=EXERCISE unknown",
                                      "--contact", "liaison", of="fr")), self.place()
        self.stand(group, "not_protected", "fr")
        one = self.presence(group, spot, to="ru,un:coarse")
        self.rounds()
        done = self.check(spot)
        self.exits(CONFLICT, done)
        self.assertEqual(self.finding(done)["presence"]["because"], "group_unknown")
        done = self.check(spot, "un")
        self.exits(CAUTION, done)
        seen = self.finding(done)
        self.assertEqual((seen["kind"], seen["tier"]), ("presence", "coarse"))
        self.assertNotIn("presence", seen)
        self.assertNotIn(group, json.dumps(done.json) + self.must("show", one, of="un").out)
        self.exits(OK, self.check(spot, "msf"))

    def test_5_is_said_amended_and_withdrawn_as_a_protection(self):
        """and refused without an end, for too long, with a list of names, as another class"""
        group, spot = self.group("EXERCISE company"), self.place()
        self.stand(group, "protected", "fr")
        words = ("--group", group, "--grade", "B2", "--at", "36.5,50", "--radius", 100)
        for more in (("--from", at(0)), ("--until", at(5)), ("--from", at(0), "--until", at(337))):
            self.exits(BAD_INPUT, self.run_of("presence", "add", *words, *more, of="fr"))
        times = ("--from", at(0), "--until", at(336))
        for gone in ("--group", "--grade"):
            pairs = zip(words[::2], words[1::2])
            some = [word for pair in pairs if pair[0] != gone for word in pair]
            self.exits(BAD_INPUT, self.run_of("presence", "add", *some, *times, of="fr"))
        self.exits(OK, self.run_of("presence", "add", *words, *times, of="fr"))
        one = self.presence(group, spot)
        self.rounds()
        self.exits(BAD_INPUT, self.run_of("presence", "amend", one, "--grade", "B2", of="fr"))
        self.must("presence", "amend", one, "--grade", "A1", "--sponsor", "un", of="fr")
        self.must("presence", "amend", one, "--from", at(90), "--until", at(190), of="fr")
        self.rounds()
        shown = self.must("show", one, "--json", of="ru").json
        self.assertEqual((shown["presence"]["grade"], shown["presence"]["sponsor"]), ("A1", "un"))
        properties = shown["protection"]["properties"]
        self.assertEqual((properties["kind"], properties["group"], properties["time_end"]),
                         ("presence", group, at(190)))
        listed = self.must("list", "--format", "geojson", of="fr").out
        mine = next(f for f in json.loads(listed)["features"] if f["id"] == one)
        self.assertEqual((mine["properties"]["kind"], mine["properties"]["group"]),
                         ("presence", group))
        self.assertIn(f"presence of group {group}", self.must("list", of="fr").out)
        other = id_in(self.must("protect", "add", "--class", "camp", "--lat", 36.9, "--lon", 60,
                                "--radius-m", 50, of="fr"))
        self.exits(BAD_INPUT, self.run_of("presence", "amend", other, "--group", group, "--grade",
                                          "B2", of="fr"))
        self.must("presence", "withdraw", one, of="fr")
        self.rounds()
        self.assertEqual(self.must("show", one, "--json", of="ru").json["state"],
                         "pending_relaxation")
        self.exits(CONFLICT, self.check(spot))

    def test_6_a_sealed_check_is_asked_again(self):
        """the answer rests on positions that the heads it names hold"""
        group, spot = self.group("EXERCISE guard"), self.place()
        self.presence(group, spot)
        self.stand(group, "protected", "fr")
        self.stand(group, "not_protected", "ru")
        self.rounds()
        self.exits(CONFLICT, self.check(spot))
        done = self.run_of("check", self.folder / f"plan{spot[0]}.geojson", "--seal", of="ru")
        self.exits(CONFLICT, done)
        again = self.exits(OK, self.run_of("sealed", "verify", id_in(done), "--json", of="ru")).json
        self.assertEqual((again["word"], again["verdict"], again["agreed"]), ("same", "same", 1))

    def asked(self, node, method, path, target, body=b""):
        """The answer, once it is as described."""
        description = json.loads(node.ask("GET", "/openapi.json").body)
        geo = [("Content-Type", "application/geo+json")]
        response = node.ask(method, target, body, geo if body else [])
        self.assertEqual(response.status, 200, response.body)
        schema = description["paths"][path][method.lower()]["responses"]["200"]["content"]
        schema = next(one["schema"] for name, one in schema.items() if "json" in name)
        answer = json.loads(response.body)
        self.assertEqual(list(Schemas(description).faults(answer, schema)), [], target)
        return answer

    def test_7_a_node_that_is_served_says_the_same(self):
        """over HTTP: said by a Feature of kind presence, in answers and lists as described"""
        group, spot = self.group("EXERCISE post", of="ru"), self.place()
        self.stand(group, "not_protected", "ru")
        with Node(self.world.dir("ru")) as node:
            def say(feature):
                return node.ask("POST", "/v1/protections", json.dumps(feature).encode(),
                                [("Content-Type", "application/geo+json")])
            feature = circle(*spot, 500)
            feature["properties"] = {
                "kind": "presence", "class": "group_area", "group": group, "grade": "C3",
                "radius_m": 500, "time_start": at(0), "time_end": at(48)}
            said = say(feature)
            self.assertEqual(said.status, 201, said.body)
            one = json.loads(said.body)["id"]
            seen = self.asked(node, "GET", "/v1/protections/{id}", f"/v1/protections/{one}")
            plan = json.dumps(circle(*spot, 100)).encode()
            answer = self.asked(node, "POST", "/v1/check", "/v1/check", plan)
            self.assertEqual(answer["findings"][0]["presence"], seen["presence"])
            listed = self.asked(node, "GET", "/v1/protections", "/v1/protections")["features"]
            self.assertIn(group, [row["properties"].get("group") for row in listed])
            self.assertEqual(seen["presence"]["because"], "nobody_protects")
            self.assertFalse(seen["presence"]["restrains"])
            for key, value in (("group", "x"), ("grade", "G1"), ("sponsor", "No"),
                               ("class", "camp"), ("time_end", at(400)), ("kind", "movement")):
                bad = json.loads(json.dumps(feature))
                bad["properties"][key] = value
                self.assertEqual(say(bad).status, 400, key)

    def test_8_an_alarm_where_a_caution_becomes_a_conflict(self):
        """told once to whoever sees an activity that may still happen there"""
        group, spot = self.group("EXERCISE relief"), self.place()
        one = self.presence(group, spot)
        self.stand(group, "not_protected", "fr")
        self.rounds()
        self.must("subscribe", "add", of="ru")
        plan = circle(*spot, 300, time_start=at(1), time_end=at(9))
        path = write_json(self.folder / "activity.geojson", plan)
        done = self.run_of("activity", "declare", path, "--contact", "air desk", "--sealed",
                           of="ru")
        self.assertIn(done.code, (CAUTION, INCOMPLETE), str(done))

        def alarms():
            board = self.must("notices", "list", "--json", of="ru").json["notices"]
            return [(row["party"], row.get("record")) for row in board if row["what"] == "alarm"]
        before = alarms()
        for of in ("msf", "un"):
            self.stand(group, "protected", of)
            self.rounds()
            self.assertEqual(alarms()[len(before):], [("msf", one)])

    def test_8b_however_many_protect_at_once_one_of_them_rings(self):
        """two words on one stick, of one party and of two, are the first that protect"""
        self.must("subscribe", "add", of="ru")
        for n, parties in enumerate((("msf", "msf"), ("msf", "un"))):
            group, spot = self.group(f"EXERCISE aid {n}"), self.place()
            one = self.presence(group, spot)
            self.stand(group, "not_protected", "fr")
            self.rounds()
            plan = circle(*spot, 300, time_start=at(1), time_end=at(9))
            path = write_json(self.folder / f"activity{n}.geojson", plan)
            self.run_of("activity", "declare", path, "--contact", "air desk", "--sealed", of="ru")
            for of in parties:
                self.stand(group, "protected", of)
            self.rounds()
            board = self.must("notices", "list", "--json", of="ru").json["notices"]
            self.assertEqual([row["record"] for row in board if row["what"] == "alarm"
                              and row.get("record") == one], [one], parties)

    def test_8c_what_has_not_begun_is_not_said_yet(self):
        """a position of next year relaxes nothing today"""
        group, spot = self.group("EXERCISE next year"), self.place()
        self.presence(group, spot)
        self.stand(group, "not_protected", "fr", "--from", at(24 * 300), "--until", at(24 * 301))
        self.rounds()
        done = self.check(spot)
        self.assertEqual(done.code, CONFLICT)
        self.assertEqual(self.finding(done)["presence"]["because"], "author_silent")

    def test_9_a_position_is_an_event_of_the_presence(self):
        """whoever keeps a map of a served node hears that it weighs otherwise now"""
        group, spot = self.group("EXERCISE convoy guard"), self.place()
        one = self.presence(group, spot)
        self.stand(group, "not_protected", "ru")
        self.stand(group, "not_protected", "fr")
        self.rounds()
        with Node(self.world.dir("ru")) as node:
            def restrains():
                shown = node.ask("GET", f"/v1/protections/{one}").body
                return json.loads(shown)["presence"]["restrains"]
            self.assertFalse(restrains())
            etag = node.ask("GET", f"/v1/protections/{one}").header("etag")
            again = node.ask("GET", f"/v1/protections/{one}", None, [("If-None-Match", etag)])
            self.assertEqual(again.status, 304)
            connection = node.connect()
            connection.send(node.request("GET", "/v1/events"))
            self.assertEqual(connection.head().status, 200)
            with connection:
                self.assertNotIn(one.encode(), connection.chunk())
                said = node.ask("POST", "/v1/statements", json.dumps(
                    {"kind": "position", "said": {"group": group, "stand": "protected",
                                                  "contact": "liaison"}, "to": []}).encode(),
                    [("Content-Type", "application/json")])
                self.assertEqual(said.status, 201, said.body)
                heard = b""
                while one.encode() not in heard:
                    heard += connection.chunk()
            again = node.ask("GET", f"/v1/protections/{one}", None, [("If-None-Match", etag)])
            self.assertEqual(again.status, 200, "what was kept of it is old")
            self.assertTrue(restrains())


if __name__ == "__main__":
    main()
