#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 4: a node that is killed (SIGKILL) at random moments while statements are said, notices
are made of them, sent to a receiver that fails now and then, and acknowledged on the board. Of what
was answered 201 no notice is lost; they come in order; and none is sent or listed again once its
acknowledgement is durable, which is seen in the outbox of the dead node's own store. 300 kills with
ENTENTE_LONG=1, else 12."""
import json
import random
import shutil
import sqlite3
import threading

from harness import Case, LONG, Register, main
from http_node import Closed, Node, request
from notice_receiver import Receiver
from notices_test import place

KILLS = 300 if LONG else 12
SEED = 20261127
JSON = ("Content-Type", "application/json")


class Talker(threading.Thread):
    """Says things and acknowledges what stands on the board, until the node is gone."""

    def __init__(self, case, node, chance, world):
        super().__init__(daemon=True)
        self.case = case
        self.node = node
        self.chance = chance
        self.world = world
        self.broken = None

    def run(self):
        try:
            with self.node.connect() as connection:
                while True:
                    if self.chance.random() < 0.7 and not self.world.behind:
                        self.say(connection)
                    else:
                        self.acknowledge(connection)
        except (Closed, OSError):
            pass
        except BaseException as error:  # pylint: disable=broad-except  # handed to the test
            self.broken = error

    def ask(self, connection, method, target, value=None, kind=JSON):
        body = value if isinstance(value, bytes) else \
            None if value is None else json.dumps(value).encode()
        headers = self.node.headers(*([kind] if value is not None else []))
        connection.send(request(method, target, headers, body))
        response = connection.response()
        if response.status not in (200, 201):
            raise AssertionError(str(response))
        return json.loads(response.body)

    def say(self, connection):
        self.world.said.append(self.case.say(self, connection))

    def acknowledge(self, connection):
        done = set(self.world.done_on_board)  # before it is asked: another talker goes on meanwhile
        page = self.ask(connection, "GET",
                        f"/v1/notices?limit={self.case.AT_ONCE}")["notices"]
        for one in page:
            if one["id"] in done:
                self.world.faults.append(f"the board shows {one['id']} again")
            self.world.seen_on_board.add(self.case.cause(one))
        if page:
            last = self.chance.choice(page)
            before = [one for one in page if one["seq"] <= last["seq"]]
            self.ask(connection, "POST", f"/v1/notices/{last['id']}/ack?and_before=true")
            self.world.done_on_board |= {one["id"] for one in before}


class World:
    def __init__(self):
        self.said = []
        self.seen_on_board = set()
        self.done_on_board = set()
        self.done = set()  # whose acknowledgement by the receiver is durable
        self.faults = []
        self.behind = False  # the receiver, so far that nothing more is said


class NoticesKill(Case):
    ROW = {"detail", "id", "index", "leaf", "origin", "party", "record", "subscriptions", "time",
           "version", "what"}
    WANTED = {}
    AT_ONCE = 5  # are read of the board, and some of them acknowledged
    BEHIND = 200

    def node_options(self):
        return ()

    @staticmethod
    def say(talker, connection):
        """What it is called that a notice will be of; returned once it is durable."""
        return talker.ask(connection, "POST", "/v1/protections", place(20, 10, "x"))["id"]

    @staticmethod
    def cause(notice):
        return notice["record"]

    @staticmethod
    def order(notice):
        return notice["entry"]

    def left_in_outbox(self, register):
        """Ids that the dead node's store holds still, by stream; read from a copy."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("entente.db", "entente.db-wal"):
            if (register.path / name).exists():
                shutil.copy(register.path / name, copy / name)
        with sqlite3.connect(copy / "entente.db") as db:
            rows = db.execute("SELECT subscriber, payload FROM outbox ORDER BY seq").fetchall()
        db.close()
        out = {}
        for stream, payload in rows:
            if stream.startswith("done/"):  # which alerts were acknowledged
                continue
            self.assertEqual(set(json.loads(payload)), self.ROW,
                             "a row has ids, hashes, words alone")
            out.setdefault(stream.split("/")[0], set()).add(json.loads(payload)["id"])
        return out

    def test_no_notice_is_lost_and_none_sent_again(self):
        chance = random.Random(SEED)
        register = Register(self.folder / "reg")
        (register.path / "entente.toml").write_text(
            "[notices]\nretry_min_ms = 10\nretry_max_ms = 20\n")
        world = World()

        def behave(_, notice):
            if notice["id"] in world.done:
                world.faults.append(f"{notice['id']} is sent again")
            return chance.choice((204, 204, 204, 204, 500, "cut"))

        with Receiver(behave) as receiver:
            options = ("--webhook-to", receiver.origin, *self.node_options())
            with Node(register.path, *options) as node:
                wish = json.dumps(
                    self.WANTED | {"route": "webhook", "to": receiver.origin}).encode()
                made = json.loads(node.ask("POST", "/v1/subscriptions", wish, [JSON]).body)
                receiver.secret = made["secret"]
                board = node.ask("POST", "/v1/subscriptions",
                                 json.dumps(self.WANTED).encode(), [JSON])
                self.assertEqual(board.status, 201, board.body)
            for _ in range(KILLS):
                self.live(register, options, receiver, chance, world)
                if world.faults:
                    break
            self.assertEqual(world.faults, [])
            behave_well = Node(register.path, *options)
            with behave_well as node:
                receiver.wait(lambda got: set(world.said) <= {
                    self.cause(one) for one, how in got if how == 204})
                page = json.loads(node.ask("GET", "/v1/notices?limit=1000").body)
                shown = world.seen_on_board | {self.cause(one) for one in page["notices"]}
                self.assertLessEqual(set(world.said), shown | self.all_of(node))
            self.assertEqual(receiver.faults, [])
            self.judge_order(receiver)
            print(f"{KILLS} kills, {len(world.said)} statements, {len(receiver.got)} posts",
                  end=" ... ", flush=True)

    def all_of(self, node):
        """The rest of a long board."""
        out, after = set(), 0
        while page := json.loads(
                node.ask("GET", f"/v1/notices?limit=1000&after={after}").body)["notices"]:
            out |= {self.cause(one) for one in page}
            after = page[-1]["seq"]
        return out

    def live(self, register, options, receiver, chance, world):
        """One life of the node, which ends at some moment of its work."""
        with Node(register.path, *options) as node:
            talkers = [Talker(self, node, random.Random(chance.random()), world) for _ in range(2)]
            for one in talkers:
                one.start()
            seen = len(receiver.got)
            target = seen + chance.randrange(12)
            receiver.wait(lambda got: len(got) >= target)
            # Somewhere in what follows on that.
            threading.Event().wait(chance.random() * 0.02)
            node.kill()
            for one in talkers:
                one.join()
                if one.broken:
                    raise AssertionError("a talker") from one.broken
        left = self.left_in_outbox(register)
        waiting = left.get("webhook", set())
        world.behind = len(waiting) > self.BEHIND
        world.done |= {one["id"] for one, how in receiver.wait(lambda got: True)
                       if how == 204 and one["id"] not in waiting}
        for one in left.get("board", set()) & world.done_on_board:
            world.faults.append(f"{one} was acknowledged on the board and is still there")

    def judge_order(self, receiver):
        first, last_entry = {}, -1
        for one, how in receiver.got:
            if how == 204 and one["id"] not in first:
                first[one["id"]] = one
                self.assertGreater(self.order(one), last_entry, "out of order")
                last_entry = self.order(one)
        causes = [self.cause(one) for one in first.values()]
        self.assertEqual(len(causes), len(set(causes)), "one cause has two ids")


if __name__ == "__main__":
    main()
