#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Notices by signed webhooks, to a receiver that fails, is slow, sends garbage, redirects and cuts
off: all arrive, in order, each with an id by which a repeat is recognised; what cannot be delivered
is a dead letter that is listed, sent again, dropped; and nothing goes where the operator does not
allow it."""
import json
import threading

from harness import BAD_INPUT, Case, Register, circle, main
from http_node import Node, request
from notice_receiver import Receiver
from notices_test import place

QUICK = "[notices]\nretry_min_ms = 10\nretry_max_ms = 50\n"


class Webhooks(Case):
    count = 0  # of registers

    def register(self, more=""):
        Webhooks.count += 1
        register = Register(self.folder / f"reg{Webhooks.count}")
        (register.path / "entente.toml").write_text(QUICK + more)
        return register

    @staticmethod
    def say(node, name, lat=10):
        said = node.ask("POST", "/v1/protections", json.dumps(place(20, lat, name)).encode(),
                        [("Content-Type", "application/json")])
        if said.status != 201:
            raise AssertionError(str(said))
        return json.loads(said.body)["id"]

    @staticmethod
    def subscribe(node, receiver, path="/hook", **more):
        wish = {"route": "webhook", "to": receiver.origin + path, **more}
        made = node.ask("POST", "/v1/subscriptions", json.dumps(wish).encode(),
                        [("Content-Type", "application/json")])
        if made.status != 201:
            raise AssertionError(str(made))
        made = json.loads(made.body)
        receiver.secret = made["secret"]
        return made

    def test_all_arrive_in_order_whatever_the_receiver_does(self):
        failures = ("garbage", 500, "cut", "redirect", "endless", 404, 429)

        def behave(number, _):
            return failures[number // 2 % len(failures)] if number % 2 == 0 else 200

        register = self.register()
        with Receiver(behave) as receiver, \
                Node(register.path, "--webhook-to", receiver.origin) as node:
            made = self.subscribe(node, receiver)
            records = [self.say(node, f"n{number}") for number in range(10)]
            receiver.wait(lambda got: sum(how == 200 for _, how in got) == 10)
            taken = receiver.taken()
            self.assertEqual([one["record"] for one in taken], records)
            self.assertEqual([one["names"] for one in taken], [[f"n{i}"] for i in range(10)])
            self.assertEqual(len({one["id"] for one in taken}), 10)
            seqs = [one["seq"] for one in taken]
            self.assertEqual(seqs, sorted(seqs))
            repeated = [one["id"] for one, _ in receiver.got]
            self.assertEqual([repeated[i] for i in range(0, 20, 2)],
                             [repeated[i] for i in range(1, 20, 2)], "a repeat has its id")
            self.assertEqual(receiver.faults, [])
            self.assertEqual(receiver.paths, {"/hook"}, "no redirection was followed")
            self.assertNotIn("secret", register.must("subscribe", "list", "--json").out)
            listed, = register.must("subscribe", "list", "--json").json["subscriptions"]
            self.assertEqual((listed["id"], listed["waiting"], listed["dead"]), (made["id"], 0, 0))

    def test_what_is_never_taken_is_a_dead_letter_with_its_place(self):
        register = self.register("attempts_max = 3\n")
        broken = threading.Event()
        broken.set()

        def behave(_, notice):
            return 400 if notice["names"] == ["bad"] and broken.is_set() else 204

        with Receiver(behave) as receiver, \
                Node(register.path, "--webhook-to", receiver.origin) as node:
            self.subscribe(node, receiver)
            for name in ("first", "bad", "last"):
                self.say(node, name)
            receiver.wait(lambda got: got and got[-1][0]["names"] == ["last"] and got[-1][1])
            self.assertEqual([one["names"][0] for one, _ in receiver.got],
                             ["first", "bad", "bad", "bad", "last"])
            dead, = register.must("notices", "dead", "--json").json["dead"]
            self.assertEqual((dead["attempts"], dead["why"]), (3, "http_400"))
            seqs = [one["seq"] for one, _ in receiver.got]
            self.assertEqual(dead["notice"]["seq"], seqs[1])
            self.assertTrue(seqs[0] < seqs[1] < seqs[4])
            self.assertIn("http_400", register.must("notices", "dead").out)
            broken.clear()
            node.kill()
        # The dead letter outlives the node, and is sent again under its id when somebody says so.
        with Receiver(behave, receiver.port) as again, \
                Node(register.path, "--webhook-to", receiver.origin) as node:
            again.secret = receiver.secret
            register.must("notices", "retry", dead["notice"]["id"])
            again.wait(lambda got: got and got[-1][1] == 204)
            self.assertEqual([one["id"] for one, _ in again.got], [dead["notice"]["id"]])
            self.assertEqual(register.must("notices", "dead", "--json").json, {"dead": []})
            broken.set()
            self.say(node, "bad")
            again.wait(lambda got: sum(how == 400 for _, how in got) == 3)
            self.say(node, "behind it")
            again.wait(lambda got: got[-1][0]["names"] == ["behind it"] and got[-1][1])
            dead, = register.must("notices", "dead", "--json").json["dead"]
            register.must("notices", "drop", dead["notice"]["id"])
            self.assertEqual(register.must("notices", "dead", "--json").json, {"dead": []})
            self.refused(register.run("notices", "retry", dead["notice"]["id"]), BAD_INPUT,
                         "no dead letter")
            self.assertEqual(again.faults, [])

    def test_a_receiver_that_never_answers_holds_nobody_up(self):
        register = self.register()
        gate = threading.Event()
        with Receiver(lambda *_: lambda: gate.wait(60) and 204) as stuck, Receiver() as well, \
                Node(register.path, "--webhook-to", stuck.origin, "--webhook-to",
                     well.origin) as node:
            self.subscribe(node, stuck)
            self.subscribe(node, well)
            records = [self.say(node, f"n{number}") for number in range(5)]
            well.wait(lambda got: sum(how == 204 for _, how in got) == 5)
            self.assertEqual([one["record"] for one in well.taken()], records)
            self.assertEqual(len(stuck.got), 1)
            gate.set()
            stuck.wait(lambda got: sum(bool(how) for _, how in got) == 5)
            self.assertEqual([one["record"] for one in stuck.taken()], records)

    def test_nothing_goes_where_the_operator_does_not_allow_it(self):
        register = self.register("attempts_max = 1\n")
        with Receiver() as receiver:
            for to in ("https://example.org/", receiver.origin, "http://10.0.0.1/",
                       "file:///etc/passwd", "ftp://127.0.0.1/", "http://user@127.0.0.1/", "x",
                       "gopher://127.0.0.1:25/", "https://127.0.0.1@example.org/"):
                self.refused(register.run("subscribe", "add", "--route", "webhook", "--to", to),
                             BAD_INPUT, "to:")
            self.refused(register.run("subscribe", "add", "--route", "mail", "--to",
                                      "duty@example.org"), BAD_INPUT, "sends no mail")
            self.refused(register.run("subscribe", "add", "--route", "webhook"), BAD_INPUT, "to")
            self.refused(register.run("serve", "--webhook-to", "http://example.org"), BAD_INPUT,
                         "webhook_to")
            with Node(register.path, "--webhook-to", receiver.origin) as node:
                self.subscribe(node, receiver)
                node.kill()
            # Allowed once, and no longer.
            with Node(register.path) as node:
                self.say(node, "x")
                while not (dead := register.must("notices", "dead", "--json").json["dead"]):
                    pass
                self.assertEqual(dead[0]["why"], "not_allowed")
            self.assertEqual(receiver.got, [])

    def test_who_may_not_sign_in_is_told_nothing(self):
        """and again once they may: their notices have waited"""
        register = self.register()
        register.must("person", "add", "paul", "--role", "planner")
        with Receiver() as receiver, \
                Node(register.path, "--webhook-to", receiver.origin) as node:
            token = register.must("token", "new", "hooks", "--person", "paul", "--role",
                                  "planner", "--json").json["token"]
            wish = {"route": "webhook", "to": receiver.origin, "area": circle(20, 10, 100)}
            sent = request("POST", "/v1/subscriptions",
                           [("Host", node.host), ("Authorization", f"Bearer {token}"),
                            ("Content-Type", "application/json")], json.dumps(wish).encode())
            with node.connect() as connection:
                connection.send(sent)
                made = json.loads(connection.response().body)
            self.assertIn("secret", made, made)
            receiver.secret = made["secret"]
            self.say(node, "one")
            receiver.wait(lambda got: len(got) == 1 and got[0][1])
            register.must("person", "disable", "paul")
            self.say(node, "two")
            listed, = register.must("subscribe", "list", "--all", "--json").json["subscriptions"]
            self.assertEqual(listed["waiting"], 1)
            self.assertEqual(len(receiver.got), 1)
            register.must("person", "enable", "paul")
            receiver.wait(lambda got: len(got) == 2 and got[1][1])
            self.assertEqual([one["names"] for one in receiver.taken()], [["one"], ["two"]])
            register.must("subscribe", "remove", made["id"])
            self.assertEqual(register.must("subscribe", "list", "--all", "--json").json,
                             {"subscriptions": []})


if __name__ == "__main__":
    main()
