#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Notices of what other parties say, with real nodes: told when it is released here and not before,
as deep as a list goes, once however often the nodes ask each other; and nothing to whom nothing was
released."""
import json
import re

from charter_world import World
from harness import Case, circle, entente, main, write_json
from http_node import Node
from notice_receiver import Receiver
from sync_test import AT, quiet


class NoticesJoint(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        for party in ("fr", "ru", "msf", "un"):
            quiet(cls.world.dir(party))

    def must(self, verbs, of, *words):
        return self.world.must(*verbs.split(), "--data", self.world.dir(of), *words)

    def board(self, of):
        return self.must("notices list", of, "--json").json

    def say(self, name):
        said = self.must("protect add", "msf", "--class", "hospital", "--name", name, "--lat",
                         AT[1], "--lon", AT[0], "--radius-m", 60)
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    def test_one_is_told_of_what_is_released_here_once(self):
        area = write_json(self.folder / "area.geojson", circle(*AT, 1000))
        for of in ("fr", "un"):
            self.must("subscribe add", of, "--party", "msf", "--area", area)
        with Node(self.world.dir("msf")) as msf:
            for of in ("fr", "un"):
                self.must("peer add", of, "msf", "--address", msf.peer_address)
            record = self.say("EXERCISE secret name")
            for of in ("fr", "un"):
                self.must("sync", of, "msf")
                self.assertEqual(self.board(of)["unread"], 0, "of an entry without bodies")
            self.must("release", "msf", record, "--to", "fr", "--tier", "exact")
            for _ in range(2):
                self.must("sync", "fr", "msf")
                self.must("sync", "un", "msf")
            told, = self.board("fr")["notices"]
            self.assertEqual((told["party"], told["record"], told["detail"], told["class"]),
                             ("msf", record, "add", "hospital"))
            self.assertNotIn("secret name", json.dumps(told), "lists show others' coarse bodies")
            self.assertEqual(self.board("un"), {"unread": 0, "notices": []})
            self.must("protect withdraw", "msf", record)
            self.must("sync", "fr", "msf")
            board = self.board("fr")
            self.assertEqual([one["detail"] for one in board["notices"]], ["add", "withdraw"])
            self.assertEqual(board["notices"][0]["id"], told["id"])
            self.assertIn("old and new both protect", board["notices"][1]["text"])
            # A served node is told as well, and sends it on.
            with Receiver() as receiver, \
                    Node(self.world.dir("fr"), "--webhook-to", receiver.origin) as fr:
                wish = json.dumps({"route": "webhook", "to": receiver.origin}).encode()
                made = fr.ask("POST", "/v1/subscriptions", wish,
                              [("Content-Type", "application/json")])
                receiver.secret = json.loads(made.body)["secret"]
                second = self.say("EXERCISE another")
                self.must("release", "msf", second, "--to", "fr", "--tier", "coarse")
                self.must("sync", "fr", "msf")
                got = receiver.wait(lambda got: got and got[-1][1])
                self.assertEqual([one["record"] for one, _ in got], [second])
                self.assertEqual(receiver.faults, [])
                board = self.board("fr")
                self.assertEqual([one["record"] for one in board["notices"]],
                                 [record, record, second])
                self.assertNotEqual(board["notices"][2]["id"], got[0][0]["id"],
                                    "another stream, another id")
        self.assertEqual([one["id"] for one in self.board("fr")["notices"]],
                         [one["id"] for one in board["notices"]])

    def test_verbs_are_described(self):
        for group, verbs in (("subscribe", ("add", "list", "remove")),
                             ("notices", ("list", "ack", "dead", "retry", "drop"))):
            for verb in verbs:
                self.assertIn(f"entente {group} {verb} --data reg",
                              entente(group, verb, "--help").out)


if __name__ == "__main__":
    main()
