#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Challenges among four parties who hand each other sticks: who may contest what and who sees it,
the clock, the answers, and that a contested record is shown so in every check, list and map and
protects as before; then the same of nodes that are served."""
import json
import re
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, CAUTION, CONFLICT, Case, OK, circle, entente, main, write_json
from http_node import Node
from receipts_test import Sticks
from view_as_test import tile_path

AT = (36.3, 33.5)
NEVER = "aaaaaaaaaaaaaaaa"
WORDS = ("--grounds", "use", "--grade", "C3", "--text", "EXERCISE no patients since May",
         "--contact", "liaison")


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


def ahead(hours):
    return (datetime.now(timezone.utc) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Challenges(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        for party in ("fr", "msf"):
            (cls.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        cls.house = cls.protect(*AT)
        cls.secret = cls.protect(AT[0] + 1, AT[1])
        cls.must("release", cls.house, "--to", "fr", of="msf")
        cls.must("release", cls.house, "--to", "ru", "--tier", "coarse", of="msf")
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))
        for _ in range(2):
            cls.world.round()

    @classmethod
    def protect(cls, lon, lat, of="msf"):
        return id_in(cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                              "--lat", lat, "--lon", lon, "--radius-m", 60, "--contact", "desk",
                              of=of))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def contest(self, *more, of="fr"):
        return id_in(self.must("challenge", "add", self.house, *WORDS, *more, of=of))

    def shown(self, one, of):
        return self.must("challenge", "show", one, "--json", of=of).json

    def flags(self, of):
        return self.must("show", self.house, "--json", of=of).json["flags"]

    def answer(self, of):
        """What a check says, without what the clock and the log alone make different."""
        done = self.run_of("check", self.plan, "--json", of=of)
        kept = {key: done.json[key] for key in ("verdict", "reasons", "findings", "findings_total",
                                                "nearby", "nearby_total", "objections")}
        return done.code, kept

    def test_1_is_to_another_partys_record_that_one_was_given(self):
        own = self.protect(10, 10, of="fr")
        answers = set()
        for asked in (own, self.secret, NEVER):
            done = self.run_of("challenge", "add", asked, *WORDS, of="fr")
            self.exits(BAD_INPUT, done)
            answers.add(done.err.replace(asked, "ID"))
        self.assertEqual(len(answers), 1, answers)
        self.assertIn("no record ID", answers.pop())
        wrong = (("--grade", "C7", "a letter A to F"), ("--grade", "c3", "a letter A to F"),
                 ("--grounds", "hunch", "what can be contested"), ("--text", "", "text"),
                 ("--answer-by", ahead(0.5), "at least an hour ahead"),
                 ("--answer-by", ahead(24 * 91), "at most 90 days"),
                 ("--answer-by", "tomorrow", "answer_by"), ("--to", "de", "no other party"))
        for option, value, says in wrong:
            words = list(WORDS)
            if option in words:
                words[words.index(option) + 1] = value
            else:
                words += [option, value]
            self.refused(self.run_of("challenge", "add", self.house, *words, of="fr"), BAD_INPUT,
                         says)
        self.assertEqual(self.must("challenge", "list", "--json", of="fr").json["challenges"], [])

    def test_2_flags_the_record_for_who_sees_it_and_changes_nothing_else(self):
        before = {party: self.answer(party) for party in ("fr", "ru", "msf", "un")}
        self.assertEqual([before[party][0] for party in ("fr", "ru")], [CONFLICT, CAUTION])
        one = self.contest()
        self.world.round("fr")
        self.world.round("msf")
        for party, sees in (("fr", True), ("msf", True), ("ru", False)):
            code, after = self.answer(party)
            self.assertEqual(code, before[party][0])
            flags, = [finding.pop("flags") for finding in after["findings"]]
            old, = [finding.pop("flags") for finding in before[party][1]["findings"]]
            self.assertEqual(after, before[party][1])
            self.assertEqual([flag for flag in flags if flag != "contested"], old)
            self.assertEqual("contested" in flags, sees, party)
            self.assertEqual("contested" in self.flags(party), sees)
            self.assertEqual("contested" in self.run_of("check", self.plan, of=party).out, sees)
            listed = {row["id"]: row["properties"].get("contested")
                      for row in self.must("list", "--json", of=party).json["features"]}
            self.assertEqual(listed[self.house], "yes" if sees else None)
            self.assertEqual("  contested\n" in self.must("list", of=party).out, sees)
        self.assertEqual(self.answer("un"), before["un"])
        for party in ("ru", "un"):
            done = self.run_of("challenge", "show", one, of=party)
            never = self.run_of("challenge", "show", NEVER, of=party)
            self.assertEqual(done.err.replace(one, "ID"), never.err.replace(NEVER, "ID"))
            listed = self.must("challenge", "list", "--withdrawn", "--json", of=party).json
            self.assertEqual(listed, {"challenges": []})
        self.must("challenge", "withdraw", one, of="fr")
        self.world.round("fr")
        for party in ("fr", "msf"):
            self.assertNotIn("contested", self.flags(party))
            self.assertEqual(self.must("challenge", "list", "--json", of=party).json["challenges"],
                             [])
        withdrawn = self.must("challenge", "list", "--withdrawn", "--json", of="msf").json
        self.assertEqual([row["state"] for row in withdrawn["challenges"]], ["withdrawn"])
        self.refused(self.run_of("challenge", "amend", one, of="fr"), BAD_INPUT, "is withdrawn")

    def test_3_has_a_clock_that_only_an_answer_stops(self):
        one = self.contest("--to", "un", "--answer-by", ahead(2))
        self.world.round("fr")
        listed = self.must("challenge", "list", "--record", self.house, of="msf").out
        self.assertRegex(listed, rf"{one} +fr +{self.house} +msf +use +C3 +open until 20")
        shown = self.shown(one, "msf")
        self.assertEqual((shown["state"], shown["author"], shown["text"]),
                         ("open", "msf", "EXERCISE no patients since May"))
        self.assertEqual(self.shown(one, "un")["state"], "elsewhere")
        self.refused(self.run_of("challenge", "reply", one, "refused", "--text", "no", of="un"),
                     BAD_INPUT, "only the author of what it contests")
        self.refused(self.run_of("challenge", "reply", one, "refused", "--text", "no", of="fr"),
                     BAD_INPUT, "only the author of what it contests")
        self.refused(self.run_of("challenge", "withdraw", one, of="msf"), BAD_INPUT,
                     "only its author")
        self.refused(self.run_of("challenge", "reply", one, "conflict", "--text", "no", of="msf"),
                     BAD_INPUT, "noted, accepted, refused")
        self.must("challenge", "reply", one, "noted", "--text", "EXERCISE seen", of="msf")
        self.world.round("msf")
        self.assertEqual(self.shown(one, "fr")["state"], "open")
        self.must("challenge", "reply", one, "refused", "--text", "EXERCISE visited in June",
                  "--contact", "health desk", of="msf")
        self.world.round("msf")
        shown = self.shown(one, "fr")
        self.assertEqual((shown["state"], shown["answer"], shown["answered_late"]),
                         ("answered", "refused", False))
        self.assertIn("msf replied refused, call health desk: EXERCISE visited in June",
                      self.must("challenge", "show", one, of="fr").out)
        self.assertIn("answered: refused, 20", self.must("challenge", "list", of="fr").out)
        self.assertIn("contested", self.flags("fr"), "until who contests it withdraws that")
        self.assertEqual(self.shown(one, "un")["replies"], [])
        self.must("challenge", "amend", one, "--grade", "B2", of="fr")
        shown = self.shown(one, "fr")
        self.assertEqual((shown["state"], shown["grade"], shown["text"], shown["version"]),
                         ("open", "B2", "EXERCISE no patients since May", 2))
        self.assertEqual([row["of_newest"] for row in shown["replies"]], [False, False])
        self.world.round("fr")
        self.assertEqual(self.shown(one, "un")["version"], 2, "whoever was told is told of this")
        self.must("challenge", "withdraw", one, of="fr")
        self.world.round("fr")

    def test_4_served_nodes_say_so_on_the_map_at_once(self):
        tile = tile_path(12, *AT)
        with Node(self.world.dir("fr")) as node:
            etag = node.ask("GET", f"/v1/protections/{self.house}").header("etag")
            self.assertNotIn(b"contested", node.ask("GET", tile).body)
            body = json.dumps({"record": self.house, "grounds": "place", "grade": "F6",
                               "text": "EXERCISE", "contact": "desk"}).encode()
            said = node.ask("POST", "/v1/challenges", body)
            self.assertEqual(said.status, 201, said.body)
            self.assertIn(b"contested", node.ask("GET", tile).body)
            fresh = node.ask("GET", f"/v1/protections/{self.house}", headers=[
                ("If-None-Match", etag)])
            self.assertEqual(fresh.status, 200, "it is not what it was")
            self.assertIn("contested", json.loads(fresh.body)["flags"])
            csv = node.ask("GET", "/v1/protections", headers=[("Accept", "text/csv")]).body
            self.assertIn(b"msf,yes", csv)
            one = json.loads(said.body)["id"]
            self.assertEqual(said.header("location"), f"/v1/challenges/{one}")
            gone = node.ask("PATCH", f"/v1/challenges/{one}", b'{"act":"withdraw"}')
            self.assertEqual(gone.status, 201, gone.body)
            self.assertNotIn(b"contested", node.ask("GET", tile).body)

    def test_5_verbs_are_described(self):
        for verb in ("add", "amend", "withdraw", "reply", "list", "show"):
            self.exits(OK, entente("challenge", verb, "--help"))


if __name__ == "__main__":
    main()
