#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What nodes of several parties answer is as the description says that they serve: the members that
only an exchange has are in it, and no others are in the answers."""
import json
import re

from charter_world import World
from harness import Case, circle, main, write_json
from http_node import Node
from http_schema import Schemas

SITE = (36.3, 33.5)


class JointOpenapi(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        for party in ("fr", "msf"):
            (cls.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                        SITE[1], "--lon", SITE[0], "--radius-m", 60, "--contact", "desk", of="msf")
        cls.record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        cls.must("release", cls.record, "--to", "fr", "--tier", "exact", of="msf")
        cls.must("release", cls.record, "--to", "ru", "--tier", "coarse", of="msf")
        plan = write_json(cls.folder / "plan.geojson", circle(*SITE, 300))
        cls.must("object", "add", "--activity", "a2b3c4d5e6f7a2b3", "--entry", "A" * 43 + "=",
                 "--party", "fr", "--plan", plan, "--grounds", "EXERCISE", "--contact", "desk",
                 "--found", cls.record, of="msf")
        for _ in range(2):
            cls.must("airspace", "add", plan, "--name", "EXERCISE zone", "--contact", "desk",
                     "--to", "fr", of="msf")
        cls.heard("fr", of="msf")
        said = cls.must("challenge", "add", cls.record, "--grounds", "use", "--grade", "C3",
                        "--text", "EXERCISE", "--contact", "desk", "--to", "un", of="fr")
        cls.challenge = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        said = cls.must("message", "send", "EXERCISE", "--to", "msf,un", "--desk", "duty", "--from",
                        "liaison", "--about", cls.record, of="fr")
        cls.message = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        cls.must("receipt", "give", cls.record, "--rung", "loaded", "--coordinates", "33.6,36.3",
                 of="fr")
        cls.must("receipt", "give", cls.record, "--rung", "passed", "--unit", "TACC", "--voice",
                 "desk", of="fr")
        cls.heard("msf", of="fr")
        cls.must("challenge", "reply", cls.challenge, "refused", "--text", "EXERCISE", of="msf")
        cls.must("message", "ack", cls.message, "--desk", "duty", of="msf")
        cls.heard("fr", of="msf")

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    @classmethod
    def heard(cls, party, of):
        """`party` asks the node of another for all that there is."""
        with Node(cls.world.dir(of)) as node:
            cls.must("peer", "add", of, "--address", node.peer_address, of=party)
            cls.must("sync", of, of=party)

    def asked(self, node, method, path, target, body=b"", kind="application/json"):
        """The answer, once it is as described."""
        description = json.loads(node.ask("GET", "/openapi.json").body)
        response = node.ask(method, target, body, [("Content-Type", kind)] if body else [])
        self.assertEqual(response.status, 200, response.body)
        schema = description["paths"][path][method.lower()]["responses"]["200"]["content"]
        schema = next(one["schema"] for name, one in schema.items() if "json" in name)
        answer = json.loads(response.body)
        self.assertEqual(list(Schemas(description).faults(answer, schema)), [], target)
        return answer

    def test_answers_are_as_described(self):
        plan = json.dumps(circle(*SITE, 300)).encode()
        for party in ("fr", "msf"):
            with Node(self.world.dir(party)) as node:
                answer = self.asked(node, "POST", "/v1/check", "/v1/check", plan,
                                    "application/geo+json")
                self.assertTrue({"ru", "un"} <= {one.get("party") for one in answer["reasons"]})
                self.assertEqual(len(answer["findings"]), 1)
                self.assertEqual(answer["objections"][0]["objection"]["grounds"], "EXERCISE")
                listed = self.asked(node, "GET", "/v1/objections", "/v1/objections")
                one = listed["objections"][0]["id"]
                self.asked(node, "GET", "/v1/objections/{id}", f"/v1/objections/{one}")
                self.talk(node)
                for path in ("/v1/about", "/v1/protections", "/v1/receipts", "/v1/peers"):
                    self.asked(node, "GET", path, path)
                self.asked(node, "GET", "/v1/protections/{id}", f"/v1/protections/{self.record}")
                sealed = node.ask("POST", "/v1/checks", json.dumps(
                    {"plan": circle(*SITE, 300)}).encode(), [("Content-Type", "application/json")])
                sealed = json.loads(sealed.body)["id"]
                said = self.asked(node, "GET", "/v1/checks/{id}/verification",
                                  f"/v1/checks/{sealed}/verification")
                self.assertEqual((said["verdict"], said["agreed"], said["not_stated"]),
                                 ("same", 1, []))
                groups = self.asked(node, "GET", "/v1/airspace", "/v1/airspace")["airspace"]
                self.assertEqual([len(one["differences"]) for one in groups], [1])
                border = groups[0]["statements"][0]["id"]
                self.asked(node, "GET", "/v1/airspace/{id}", f"/v1/airspace/{border}")
        with Node(self.world.dir("msf")) as node:
            ladders = self.asked(node, "GET", "/v1/receipts", "/v1/receipts")["records"]
            near = [step["near"] for ladder in ladders for step in ladder["steps"]
                    if "near" in step]
            self.assertIn("Damascus, SY", {one["name"] for one in near})
            for target in (f"/v1/protections/{self.record}?as=fr", "/v1/protections?as=ru"):
                path = "/v1/protections/{id}" if self.record in target else "/v1/protections"
                self.asked(node, "GET", path, target)
            self.asked(node, "POST", "/v1/check", "/v1/check?as=fr", plan, "application/geo+json")

    def talk(self, node):
        """What is contested, and the hot line: answered, acknowledged, and waiting for un."""
        listed, = self.asked(node, "GET", "/v1/challenges", "/v1/challenges")["challenges"]
        self.assertEqual((listed["state"], listed["answer"]), ("answered", "refused"))
        shown = self.asked(node, "GET", "/v1/challenges/{id}", f"/v1/challenges/{self.challenge}")
        self.assertEqual(len(shown["replies"]), 1)
        said, = self.asked(node, "GET", "/v1/messages", "/v1/messages")["messages"]
        self.assertEqual([one["party"] for one in said["acknowledged"]], ["msf"])
        self.assertEqual([one["party"] for one in said["waits_for"]], ["un"] * said["own"])
        self.asked(node, "GET", "/v1/messages/{id}", f"/v1/messages/{self.message}")


if __name__ == "__main__":
    main()
