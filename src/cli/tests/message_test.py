#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hot line among four parties: a message is shown to whom it is for and to nobody else, says
which desk of each has it and who has not said so, and tells who is to act at once, with nodes that
are served and ask each other."""
import re

from charter_world import World
from harness import BAD_INPUT, Case, OK, entente, main
from http_node import Node
from sync_test import quiet

NEVER = "aaaaaaaaaaaaaaaa"


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


class Messages(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world", officers=1).begun()
        for party in ("fr", "ru", "msf", "un"):
            quiet(cls.world.dir(party))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def heard(self, *parties, of):
        """They ask the node of another for all that there is."""
        with Node(self.world.dir(of)) as node:
            for party in parties:
                self.must("peer", "add", of, "--address", node.peer_address, of=party)
                self.must("sync", of, of=party)

    def send(self, text, *more, of="fr", to="ru,un"):
        return id_in(self.must("message", "send", text, "--to", to, "--desk", "duty", "--from",
                               "liaison", *more, of=of))

    def listed(self, *words, of):
        return self.must("message", "list", "--json", *words, of=of).json["messages"]

    def test_1_is_shown_to_whom_it_is_for_and_acknowledged_by_a_desk(self):
        one = self.send("EXERCISE your flight 7 is north of the line")
        waiting, = self.listed(of="fr")
        self.assertEqual([row["party"] for row in waiting["waits_for"]], ["ru", "un"])
        self.heard("ru", "un", "msf", of="fr")
        got, = self.listed(of="ru")
        self.assertEqual((got["id"], got["own"], got["from"], got["desks"], got["to"]),
                         (one, False, "liaison", ["duty"], ["ru"]))
        self.assertEqual(self.listed(of="msf"), [])
        asked = [self.run_of("message", *verb, of="msf").err.replace(verb[1], "ID")
                 for verb in (("show", one), ("show", NEVER), ("ack", one, "--desk", "duty"),
                              ("ack", NEVER, "--desk", "duty"))]
        self.assertEqual((asked[0], asked[2]), (asked[1], asked[3]))
        self.assertIn("no record ID", asked[0])
        self.refused(self.run_of("message", "ack", one, "--desk", "duty", of="fr"), BAD_INPUT,
                     "this party's own")
        self.refused(self.run_of("message", "ack", one, "--desk", "", of="ru"), BAD_INPUT, "desk")
        self.must("message", "ack", one, "--desk", "air operations", "--text", "EXERCISE turning",
                  of="ru")
        self.assertEqual(self.listed("--unacknowledged", of="ru"), [])
        self.heard("fr", of="ru")
        half, = self.listed("--unacknowledged", of="fr")
        self.assertEqual([(row["party"], row["desk"], row["text"]) for row in half["acknowledged"]],
                         [("ru", "air operations", "EXERCISE turning")])
        self.assertEqual([row["party"] for row in half["waits_for"]], ["un"])
        text = self.must("message", "list", of="fr").out
        self.assertRegex(text, r"  ru has it: air operations, 20\S+: EXERCISE turning\n")
        self.assertRegex(text, r"  un HAS NOT ACKNOWLEDGED it, for \d+ (s|min)\n")
        self.assertEqual([row["acknowledged"] for row in self.listed(of="un")], [[]])
        self.must("message", "ack", one, "--desk", "duty", of="un")
        self.heard("fr", of="un")
        self.assertEqual(self.listed("--unacknowledged", of="fr"), [])

    def test_2_messages_stand_in_order_and_name_what_they_answer(self):
        first = self.send("EXERCISE one", to="ru")
        self.heard("ru", of="fr")
        second = self.send("EXERCISE two", "--answers", first, of="ru", to="fr")
        self.heard("fr", of="ru")
        house = id_in(self.must("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                                "--lat", 1, "--lon", 1, of="fr"))
        third = self.send("EXERCISE three", "--answers", second, "--about", house,
                          "--language", "en", to="ru")
        rows = self.listed("--limit", 3, of="fr")
        self.assertEqual([row["id"] for row in rows], [first, second, third])
        self.assertEqual((rows[1]["answers"], rows[2]["about"]), (first, house))
        self.assertIn(f"in answer to {second}", self.must("message", "show", third, of="fr").out)
        answers = set()
        for option in ("--answers", "--about"):
            for asked in (NEVER, house):
                answers.add(self.run_of("message", "send", "EXERCISE", "--to", "fr", "--desk", "d",
                                        "--from", "f", option, asked, of="un").err)
        self.assertEqual(len(answers), 1, answers)
        for words, says in ((("--to", "de"), "no other party"), (("--to", "fr"), "no other party"),
                            (("--to", "ru", "--desk", "duty"), "desks")):
            self.refused(self.run_of("message", "send", "EXERCISE", "--from", "f", "--desk", "duty",
                                     *words, of="fr"), BAD_INPUT, says)

    def test_3_who_is_to_act_is_told_and_who_waits(self):
        for of in ("fr", "ru", "msf"):
            self.must("subscribe", "add", "--what", "message", of=of)
        one = self.send("EXERCISE secret words", to="ru")
        self.heard("ru", "msf", of="fr")
        told, = [row for row in self.must("notices", "list", "--json", of="ru").json["notices"]
                 if row["message"] == one]
        self.assertEqual((told["what"], told["message"], told["party"]), ("message", one, "fr"))
        self.assertIn(f"message {one} of fr from its liaison for duty: acknowledge it",
                      told["text"])
        self.assertEqual(self.must("notices", "list", "--json", of="msf").json["notices"], [])
        self.must("message", "ack", one, "--desk", "duty", of="ru")
        self.heard("fr", of="ru")
        last = self.must("notices", "list", "--json", of="fr").json["notices"][-1]
        self.assertEqual((last["detail"], last["message"]), ("replied_noted", one))
        self.assertIn("ru acknowledged message", last["text"])

    def test_4_verbs_are_described(self):
        for verb in ("send", "ack", "list", "show"):
            self.exits(OK, entente("message", verb, "--help"))


if __name__ == "__main__":
    main()
