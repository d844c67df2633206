#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 3: a node that is killed at any moment loses nothing that it answered 201, and a client
of the event stream that resumes with its last id has seen every entry once, in order. One register
lives through all kills: 25, or 250 with ENTENTE_LONG=1. A kill comes after a random number of
answers, while other writers' statements are at any step of being logged."""
import json
import random
import re
import threading

from harness import Case, LONG, Register, circle, main
from http_node import GUARD_S, Closed, Node

KILLS = 250 if LONG else 25
WRITERS = 6
ANSWERS_MAX = 60  # of one life
SEED = 20261122
EVENT = re.compile(rb"id: (\d+)\nevent: protection\ndata: (.*)\n")
GONE = (Closed, ConnectionError, BrokenPipeError)


class Answers:
    """What was answered 201, of all writers and lives."""

    def __init__(self):
        self.changed = threading.Condition()
        self.said = []

    def add(self, said):
        with self.changed:
            self.said.append(said)
            self.changed.notify_all()

    def wait_for(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.said) >= count, GUARD_S):
                raise AssertionError(f"{len(self.said)} answers, {count} wanted: the node hangs")


class Writer(threading.Thread):
    """States new protections and changes its own until the node is gone."""

    def __init__(self, node, answers, seed):
        super().__init__(daemon=True)
        self.node = node
        self.answers = answers
        self.chance = random.Random(seed)
        self.seed = seed
        self.own = {}  # id -> version
        self.fault = None

    def place(self, number):
        return circle(self.chance.randrange(-170, 170), self.chance.randrange(-80, 80), 10,
                      **{"class": "clinic", "ref": f"w{self.seed}-{number}"})

    def run(self):
        try:
            with self.node.connect() as connection:
                number = 0
                while self.fault is None:
                    number += 1
                    self.say(connection, number)
        except GONE:
            pass
        except BaseException as error:  # pylint: disable=broad-except  # handed to the test
            self.fault = error

    def say(self, connection, number):
        headers = []
        record = None
        if self.own and self.chance.random() < 0.5:
            record = self.chance.choice(sorted(self.own))
            headers = [("If-Match", str(self.own[record]))]
            what = {"act": "confirm", "until": f"20{30 + number % 60}-01-01T00:00:00Z"}
            if self.chance.random() < 0.3:
                what = {"act": "amend", "feature": self.place(number)}
        else:
            what = self.place(number)
        path = "/v1/protections" + (f"/{record}" if record else "")
        connection.send(self.node.request("PATCH" if record else "POST", path,
                                          json.dumps(what).encode(), headers))
        answer = connection.response()
        if answer.status != 201:
            raise AssertionError(f"{path}: {answer}")
        said = json.loads(answer.body)
        if record and (said["id"], said["version"]) != (record, self.own[record] + 1):
            raise AssertionError(f"{record} at {self.own[record]}: {said}")
        self.own[said["id"]] = said["version"]
        self.answers.add(said)


class Listener(threading.Thread):
    """Follows the events of one life of the node, from where the one before broke off."""

    def __init__(self, node, seen):
        super().__init__(daemon=True)
        self.node = node
        self.seen = seen  # events in the order in which they came, over all lives
        self.until = None  # ends at this id
        self.fault = None

    def last(self):
        return self.seen[-1]["tree_size"] if self.seen else 0

    def run(self):
        try:
            with self.node.connect() as connection:
                connection.send(self.node.request("GET", "/v1/events", None,
                                                  [("Last-Event-ID", str(self.last()))]))
                head = connection.head()
                if head.status != 200:
                    raise AssertionError(str(head))
                rest = b""
                while self.until is None or self.last() < self.until:
                    rest = self.take(rest + connection.chunk())
        except GONE:
            pass
        except BaseException as error:  # pylint: disable=broad-except  # handed to the test
            self.fault = error

    def take(self, data):
        """All whole events; what is left of the data."""
        *whole, rest = data.split(b"\n\n")
        for one in whole:
            match = EVENT.fullmatch(one + b"\n")
            if match:
                event = json.loads(match[2])
                if int(match[1]) != event["tree_size"]:
                    raise AssertionError(f"id {match[1]} of {event}")
                self.seen.append(event)
        return rest


class Kill(Case):
    def test_what_was_answered_201_survives_every_kill(self):
        """by id and version, in a log that verifies; the event stream has no gap, nothing twice"""
        chance = random.Random(SEED)
        register = Register(self.folder / "reg")
        founding = register.head()[0]  # entries that change no record
        answers, seen = Answers(), []
        checked = 0
        for life in range(KILLS):
            with Node(register.path) as node:
                self.those_are_there(node, answers.said[checked:])
                checked = len(answers.said)
                threads = [Writer(node, answers, life * WRITERS + i) for i in range(WRITERS)]
                threads.append(Listener(node, seen))
                for one in threads:
                    one.start()
                answers.wait_for(checked + chance.randrange(1, ANSWERS_MAX))
                node.kill()
                for one in threads:
                    one.join()
                    if one.fault:
                        raise one.fault
            size, _ = register.head()  # the log verifies
            told = max(one["tree_size"] for one in answers.said)
            self.assertGreaterEqual(size, told, "less is durable than was answered")
            if seen:
                self.assertGreaterEqual(size, seen[-1]["tree_size"], "an event of what is gone")
        with Node(register.path) as node:
            self.those_are_there(node, answers.said)
            listener = Listener(node, seen)
            listener.until = size
            if listener.last() < size:
                listener.start()
                listener.join()
            if listener.fault:
                raise listener.fault
            node.terminate()
            self.assertEqual(node.ended(), 0)
        self.assertEqual([one["tree_size"] for one in seen],
                         list(range(founding + 1, size + 1)), "a gap, or an event twice")
        by_entry = {one["entry"]: one for one in seen}
        for one in answers.said:
            event = by_entry[one["entry"]]
            self.assertEqual((event["id"], event["version"]), (one["id"], one["version"]))
        print(f"{KILLS} kills, {len(answers.said)} statements answered 201, none lost; {len(seen)} "
              f"events in {KILLS + 1} lives, each once", flush=True)

    def those_are_there(self, node, said):
        with node.connect() as connection:
            for one in said:
                connection.send(node.request("GET", f"/v1/protections/{one['id']}"))
                answer = connection.response()
                self.assertEqual(answer.status, 200, f"lost: {one}")
                history = json.loads(answer.body)["history"]
                version = history[one["version"] - 1]
                self.assertEqual((version["version"], version["entry"], version["leaf"]),
                                 (one["version"], one["entry"], one["leaf"]))


if __name__ == "__main__":
    main()
