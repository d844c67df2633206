#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Subscriptions of duty roles, with real nodes: who signs on while a STOP calls their desk is told
of it, who is off is told of nothing, across starts; and what is refused."""
import json
import re
import time

from harness import BAD_INPUT, Case, OK, entente, main
from http_node import Node, request
from stop_test import AT, Quick, WORDS


class DutyNotices(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Quick(cls.folder / "world").begun()
        for party in ("fr", "ru"):
            cls.world.polls(party, 0.3)
        cls.must("duty", "add", "air-desk", "--what", "EXERCISE", of="ru")
        cls.tokens = {}
        for name in ("nadia", "omar"):
            cls.must("person", "add", name, "--role", "duty", of="ru")
            cls.tokens[name] = cls.must("token", "new", f"{name}.t", "--person", name, "--role",
                                        "duty", of="ru").out.strip()

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of="ru"):
        return entente(*words, "--data", self.world.dir(of))

    def ask(self, node, name, method, target, value=None):
        headers = [("Host", node.host), ("Authorization", f"Bearer {self.tokens[name]}"),
                   ("Content-Type", "application/json")]
        with node.connect() as connection:
            connection.send(request(method, target, headers, value and json.dumps(value).encode()))
            return connection.response()

    def board(self, node, name):
        page = json.loads(self.ask(node, name, "GET", "/v1/notices").body)
        return [f"{one['what']} {one['detail']}" for one in page["notices"]]

    def calls(self, stop):
        shown = self.must("stop", "show", stop, "--json", of="fr").json
        return [one for one in shown["calls"] if one["automatic"]]

    def test_1_tells_who_is_signed_on_while_they_are(self):
        self.must("subscribe", "add", "--person", "nadia", "--duty", "air-desk", of="ru")
        self.must("subscribe", "add", "--what", "stop", of="ru")
        self.assertIn("air-desk", self.must("subscribe", "list", "--all", of="ru").out)
        with Node(self.world.dir("fr")):
            with Node(self.world.dir("ru")) as ru:
                done = self.must("stop", "say", "--to", "ru", "--desk", "air-desk", "--lat", AT[1],
                                 "--lon", AT[0], "--radius-m", 2000, "--text", WORDS, "--contact",
                                 "EXERCISE", of="fr")
                stop = re.search(r"\b[a-z2-7]{16}\b", done.out).group()
                self.until("the owner's notice", lambda:
                           self.must("notices", "list", "--json", of="ru").json["notices"])
                self.assertEqual(self.board(ru, "nadia"), [], "nobody holds the desk")
                on = self.ask(ru, "nadia", "POST", "/v1/duty/air-desk", {"act": "on"})
                self.assertEqual(on.status, 200)
                told = self.until("what waits", lambda: self.board(ru, "nadia"))
                self.assertEqual(told[0], "stop waiting")
                page = json.loads(self.ask(ru, "nadia", "GET", "/v1/notices").body)["notices"][0]
                self.assertIn("answer it now", page["text"])
                self.assertIn(WORDS, page["text"])
                self.ask(ru, "nadia", "POST", "/v1/duty/air-desk", {"act": "off"})
                time.sleep(1.5)
                before, called = self.board(ru, "nadia"), len(self.calls(stop))
                self.until("two more calls", lambda: len(self.calls(stop)) > called + 1)
                self.assertEqual(self.board(ru, "nadia"), before, "she is off")
                ru.kill()
            with Node(self.world.dir("ru")) as ru:
                self.assertEqual(self.board(ru, "nadia"), before)
                self.ask(ru, "nadia", "POST", "/v1/duty/air-desk", {"act": "on"})
                # A call that comes just then is told as well, before it or behind it.
                self.until("what waits",
                           lambda: "stop waiting" in self.board(ru, "nadia")[len(before):])
                self.until("the log", lambda: self.must("stop", "list", "--json",
                                                        of="ru").json["stops"])
                self.ask(ru, "nadia", "POST", f"/v1/stops/{stop}/reply",
                         {"word": "accepted", "contact": "air-desk", "text": "EXERCISE"})
                self.until("its answer",
                           lambda: self.board(ru, "nadia")[-1] == "stop replied_accepted")
                said = re.search(r"\b[a-z2-7]{16}\b", self.must(
                    "message", "send", "EXERCISE", "--to", "ru", "--desk", "air-desk", "--from",
                    "liaison", of="fr").out).group()
                self.until("the message", lambda: self.board(ru, "nadia")[-1] == "message add")
                self.ask(ru, "nadia", "POST", f"/v1/messages/{said}/acknowledge",
                         {"desk": "air-desk"})
                at_last = self.board(ru, "nadia")
                ru.kill()
            with Node(self.world.dir("ru")) as ru:
                again = self.board(ru, "nadia")
                self.assertEqual(again[:len(at_last)], at_last)
                self.assertNotIn("stop waiting", again[len(at_last):], "she never signed off")
                self.assertNotIn("message waiting", again)

    def test_2_is_refused_where_it_would_tell_of_nothing(self):
        def add(*words):
            return self.run_of("subscribe", "add", *words)
        self.refused(add("--duty", "air-desk"), BAD_INPUT, "whose?")
        self.refused(add("--duty", "sea-desk", "--person", "nadia"), BAD_INPUT,
                     "no role `sea-desk`")
        self.refused(add("--duty", "air-desk", "--person", "nobody"), BAD_INPUT, "no account")
        self.exits(OK, add("--duty", "air-desk", "--person", "omar"))
        with Node(self.world.dir("ru")) as ru:
            wish = {"duty": ["air-desk"], "person": "nadia"}
            self.assertEqual(self.ask(ru, "omar", "POST", "/v1/subscriptions", wish).status, 409)
            wish["person"] = "omar"
            made = self.ask(ru, "omar", "POST", "/v1/subscriptions", wish)
            self.assertEqual(made.status, 201)
            self.assertEqual(json.loads(made.body)["duty"], ["air-desk"])
            listed = json.loads(self.ask(ru, "omar", "GET", "/v1/subscriptions").body)
            self.assertEqual([one["owner"] for one in listed["subscriptions"]], ["omar", "omar"])


if __name__ == "__main__":
    main()
