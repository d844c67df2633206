#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The stream of changes of a node among others, whose events are not counted by the own log's
entries: what it says of that log is true, what it says of a record is whole, its ids resume it."""
import json
import re

from charter_world import World
from harness import Case, circle, main
from http_node import Node, request

EVENT = re.compile(rb"(?:id: (\d+)\n)?event: (\w+)\ndata: (.*)\n")


class Events(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        (cls.world.dir("msf") / "entente.toml").write_text(
            'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')

    def size(self, node):
        return json.loads(node.ask("GET", "/v1/about").body)["tree_size"]

    def stream(self, node, after=""):
        """A connection with the stream on it, and what `hello` says."""
        connection = node.connect()
        connection.send(node.request("GET", "/v1/events" + (after and f"?after={after}")))
        self.assertEqual(connection.head().status, 200)
        first = connection.chunk()
        return connection, json.loads(EVENT.findall(first)[0][2])["tree_size"], first

    @staticmethod
    def next(connection, begun=b""):
        """(id, what it says) of the next event of a record."""
        data = begun
        while True:
            for number, name, value in EVENT.findall(data):
                if name == b"protection":
                    return int(number), json.loads(value)
            data = connection.chunk()

    def test_what_is_said_here(self):
        """hello has the size of the own log; an event its act, version and place in it"""
        with Node(self.world.dir("msf")) as node:
            before = self.size(node)
            connection, size, _ = self.stream(node)
            with connection:
                self.assertLessEqual(before, size)
                self.assertLessEqual(size, self.size(node))
                said = json.loads(node.ask("POST", "/v1/protections", json.dumps(
                    circle(36.3, 33.5, 60, **{"class": "hospital"})).encode(),
                    [("Content-Type", "application/geo+json")]).body)
                number, event = self.next(connection)
            for member in ("id", "version", "entry"):
                self.assertEqual(event[member], said[member])
            self.assertEqual((event["act"], event["newest_version"]), ("add", 1))
            self.assertLessEqual(said["tree_size"], event["tree_size"])
            self.assertLessEqual(event["tree_size"], self.size(node))
            again, _, first = self.stream(node, number - 1)
            with again:
                self.assertEqual(self.next(again, first), (number, event))

    def test_ends_with_its_token(self):
        """a change behind the token's end is not told"""
        folder = self.world.dir("msf")
        self.world.must("person", "add", "paul", "--role", "planner", "--data", folder)
        token = json.loads(self.world.must("token", "new", "t", "--person", "paul", "--role",
                                           "planner", "--json", "--data", folder).out)["token"]
        with Node(folder) as node, node.connect() as connection:
            connection.send(request("GET", "/v1/events", [
                ("Host", node.host), ("Authorization", f"Bearer {token}")]))
            self.assertEqual(connection.head().status, 200)
            connection.chunk()
            self.world.must("token", "revoke", "t", "--data", folder)
            said = json.loads(node.ask("POST", "/v1/protections", json.dumps(
                circle(36.5, 33.5, 60, **{"class": "hospital"})).encode(),
                [("Content-Type", "application/geo+json")]).body)["id"]
            rest = b""
            while piece := connection.chunk():  # the last chunk is empty
                rest += piece
            self.assertNotIn(said.encode(), rest)

    def test_what_another_party_releases(self):
        """an event for the record when it comes, and it can be read then"""
        told = self.world.dir("fr")
        with Node(self.world.dir("msf")) as msf:
            self.world.must("peer", "add", "msf", "--address", msf.peer_address, "--data", told)
            (told / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\npoll_every_s = 1\n')
            with Node(told) as fr:
                size = self.size(fr)
                connection, _, _ = self.stream(fr)
                with connection:
                    said = json.loads(msf.ask("POST", "/v1/protections", json.dumps(
                        circle(36.4, 33.5, 60, **{"class": "hospital"})).encode(),
                        [("Content-Type", "application/geo+json")]).body)
                    self.world.must("release", said["id"], "--to", "fr", "--data",
                                    self.world.dir("msf"))
                    _, event = self.next(connection)
                    self.assertEqual((event["id"], event["newest_version"]), (said["id"], 1))
                    self.assertLessEqual(size, event["tree_size"])
                    seen = fr.ask("GET", f"/v1/protections/{said['id']}")
                    self.assertEqual(seen.status, 200)


if __name__ == "__main__":
    main()
