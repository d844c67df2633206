#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""People at a node: the first admin by the link of the first start, accounts, roles, sessions and
tokens, on the command line and over HTTP, with a node and without, and over its restart."""
import json
import re

from harness import BAD_INPUT, Case, OK, ROOT, Register, circle, entente, feature, main
from http_node import Node, request

PASSWORD = "four words of nothing"
JSON = ("Content-Type", "application/json")


class Browser:
    """What one keeps between requests: the cookie."""

    def __init__(self, node):
        self.node = node
        self.cookie = None

    def ask(self, method, target, value=None, origin=True):
        headers = [("Host", self.node.host)]
        if self.cookie:
            headers.append(("Cookie", self.cookie))
        if origin:
            headers.append(("Origin", self.node.origin))
        body = None
        if value is not None:
            body = json.dumps(value).encode()
            headers.append(JSON)
        with self.node.connect() as connection:
            connection.send(request(method, target, headers, body))
            response = connection.response()
        if cookie := response.header("set-cookie"):
            self.cookie = cookie.split(";")[0]
        return response

    def sign_in(self, **value):
        return self.ask("POST", "/v1/session", value)


def facility():
    return feature({"type": "Point", "coordinates": [20, 10]}, **{"class": "clinic", "name": "x"})


class People(Case):
    def register(self):
        self.count = getattr(self, "count", 0) + 1
        return Register(self.folder / f"reg{self.id().rsplit('.')[-1]}{self.count}")

    def answered(self, response, status):
        self.assertEqual(response.status, status, response.body)
        return json.loads(response.body) if response.body else None

    def test_the_first_admin_is_made_by_the_link_of_the_first_start(self):
        """once, with a password worth its name; then links to everything are no longer printed"""
        register = self.register()
        with Node(register.path) as node:
            browser = Browser(node)
            first = {"first": node.first, "name": "ada", "full_name": "Ada L."}
            self.answered(browser.sign_in(**first, password="short"), 400)
            self.answered(browser.sign_in(**first | {"first": "x"}, password=PASSWORD), 401)
            self.assertEqual(browser.ask("GET", "/v1/people").status, 401)
            self.answered(browser.sign_in(**first, password=PASSWORD), 204)
            self.answered(Browser(node).sign_in(**first | {"name": "eve"}, password=PASSWORD), 401)
            who = self.answered(browser.ask("GET", "/v1/session"), 200)
            self.assertEqual((who["name"], who["roles"], who["owner"]), ("ada", ["admin"], False))
            self.assertEqual(who["rights"], ["self", "look", "admin"])
            self.answered(browser.ask("POST", "/v1/people", {"name": "nadia",
                                                             "roles": ["registrar"]}), 201)
            self.answered(browser.ask("POST", "/v1/protections", facility()), 403)
            node.terminate()
            self.assertEqual(node.ended(), 0)
        with Node(register.path) as node:
            self.assertIsNone(node.first)
            self.assertIsNone(node.once)

    def test_a_person_comes_by_an_invitation_and_acts_by_name(self):
        """the admin never knows the password; what is said stands under the account's name"""
        register = self.register()
        with Node(register.path) as node:
            register.must("person", "add", "nadia", "--full-name", "نادية", "--role", "registrar")
            link = register.must("person", "invite", "nadia").out
            code = re.search(r"#invitation=([a-z2-7]{32})\n", link)[1]
            browser = Browser(node)
            self.answered(browser.sign_in(invitation=code, password="short"), 400)
            self.answered(browser.sign_in(invitation=code, password=PASSWORD), 204)
            self.answered(Browser(node).sign_in(invitation=code, password=PASSWORD), 401)
            said = self.answered(browser.ask("POST", "/v1/protections", facility()), 201)
            foreign = browser.ask("POST", "/v1/protections", facility(), origin=False)
            self.answered(foreign, 403)
            record = register.must("show", said["id"], "--json").json
            self.assertEqual(record["history"][0]["actor"], "nadia")
            self.answered(browser.ask("GET", "/v1/people"), 403)
            self.answered(browser.ask("DELETE", "/v1/session"), 204)
            self.assertEqual(browser.ask("GET", "/v1/about").status, 401)
            self.answered(browser.sign_in(name="nadia", password=PASSWORD), 204)
            self.assertEqual(browser.ask("GET", "/v1/about").status, 200)

    def test_sessions_outlive_the_node_and_can_be_ended(self):
        register = self.register()
        register.must("person", "add", "nadia", "--role", "planner", "--password", stdin=PASSWORD)
        port = None
        with Node(register.path) as node:
            browser = Browser(node)
            self.answered(browser.sign_in(name="nadia", password=PASSWORD), 204)
            port = node.port
            node.kill()
        with Node(register.path, listen=f"127.0.0.1:{port}") as node:
            browser.node = node
            self.assertEqual(browser.ask("GET", "/v1/about").status, 200)
            session, = register.must("session", "list", "--json").json["sessions"]
            self.assertEqual(session["name"], "nadia")
            register.must("session", "revoke", session["id"])
            self.assertEqual(browser.ask("GET", "/v1/about").status, 401)
            self.refused(register.run("session", "revoke", session["id"]), BAD_INPUT, "no such")

    def test_a_password_is_guessed_slowly_and_nobody_is_locked_out(self):
        """ten guesses, then 429 with when to come back, alike for a name that nobody has"""
        register = self.register()
        register.must("person", "add", "nadia", "--role", "planner", "--password", stdin=PASSWORD)
        with Node(register.path) as node:
            for name in ("nadia", "nobody"):
                answers = [Browser(node).sign_in(name=name, password="of five words none at all")
                           for _ in range(11)]
                self.assertEqual([one.status for one in answers], [401] * 10 + [429], name)
                self.assertEqual(len({one.body for one in answers[:10]}), 1)
                self.assertLessEqual(int(answers[10].header("retry-after")), 60)
                self.assertIn("attempts_max", answers[10].body.decode())

    def test_a_token_opens_what_its_roles_do_and_no_more(self):
        register = self.register()
        register.must("person", "add", "nadia", "--role", "planner", "--role", "registrar")
        with Node(register.path) as node:
            made = register.must("token", "new", "drones", "--person", "nadia", "--role",
                                 "planner", "--days", "30")
            token = made.out.strip()
            self.assertRegex(token, r"^entente_[a-z2-7]{32}$")

            def ask(method, target, value=None):
                headers = [("Host", node.host), ("Authorization", f"Bearer {token}"), JSON]
                with node.connect() as connection:
                    connection.send(request(method, target, headers,
                                            value and json.dumps(value).encode()))
                    return connection.response()
            self.assertEqual(ask("GET", "/v1/about").status, 200)
            self.assertEqual(ask("POST", "/v1/check", circle(20, 10, 5)).status, 200)
            self.answered(ask("POST", "/v1/protections", facility()), 403)
            self.answered(ask("POST", "/v1/tokens", {"name": "more", "roles": ["planner"],
                                                     "until": "2027-01-01T00:00:00Z"}), 409)
            listed = register.must("token", "list")
            self.assertIn("drones", listed.out)
            self.assertNotIn(token, listed.out)
            self.refused(register.run("token", "new", "x", "--person", "nadia", "--role", "admin"),
                         BAD_INPUT, "no role that nadia has not")
            register.must("token", "revoke", "drones")
            self.assertEqual(ask("GET", "/v1/about").status, 401)
            for path in register.path.rglob("*"):
                if path.is_file():
                    self.assertNotIn(token.encode(), path.read_bytes(), path)

    def test_without_a_node_the_same_verbs_do_the_same(self):
        register = self.register()
        for words in (("person", "add", "nadia", "--role", "planner"),
                      ("person", "role", "nadia", "--role", "verifier", "--role", "duty"),
                      ("person", "disable", "nadia"), ("person", "enable", "nadia")):
            register.must(*words)
        self.exits(OK, register.run("person", "password", "nadia", stdin=PASSWORD))
        nadia, = register.must("person", "list", "--json").json["people"]
        self.assertEqual((nadia["roles"], nadia["has_password"], nadia["disabled"]),
                         (["verifier", "duty"], True, False))
        self.assertIn("verifier, duty", register.must("person", "list").out)
        self.refused(register.run("person", "password", "nadia", stdin="short"), BAD_INPUT,
                     "at least 12")
        self.refused(register.run("person", "add", "nadia"), BAD_INPUT, "taken")
        self.refused(register.run("person", "add", "Nadia"), BAD_INPUT, "a-z")
        self.refused(register.run("person", "role", "nobody"), BAD_INPUT, "nobody")
        self.refused(register.run("person", "role", "nadia", "--role", "cook"), BAD_INPUT, "cook",
                     "registrar")
        self.refused(register.run("person", "invite", "nadia"), BAD_INPUT, "no node serves")
        with Node(register.path) as node:
            self.answered(Browser(node).sign_in(name="nadia", password=PASSWORD), 204)

    def test_a_verifier_confirms_and_does_not_withdraw(self):
        register = self.register()
        register.must("import", ROOT / "examples/exercise-facilities.csv", "--yes")
        record = register.must("list", "--format", "geojson").json["features"][0]["id"]
        register.must("person", "add", "vera", "--role", "verifier", "--password", stdin=PASSWORD)
        with Node(register.path) as node:
            browser = Browser(node)
            self.answered(browser.sign_in(name="vera", password=PASSWORD), 204)
            path = f"/v1/protections/{record}"
            self.answered(browser.ask("PATCH", path, {"act": "confirm",
                                                      "until": "2060-01-01T00:00:00Z"}), 201)
            self.answered(browser.ask("PATCH", path, {"act": "withdraw"}), 403)
            self.answered(browser.ask("POST", "/v1/password", {
                "password": "of five words none at all", "new_password": PASSWORD + "!"}), 403)
            self.answered(browser.ask("POST", "/v1/password", {
                "password": PASSWORD, "new_password": PASSWORD + "!"}), 204)
            self.assertEqual(browser.ask("GET", "/v1/about").status, 200, "this session stays")
            self.answered(Browser(node).sign_in(name="vera", password=PASSWORD), 401)

    def test_each_verb_has_an_example(self):
        for group, verbs in (("person", ("add", "list", "role", "password", "invite", "disable",
                                         "enable")),
                             ("token", ("new", "list", "revoke")), ("session", ("list", "revoke"))):
            for verb in verbs:
                said = self.exits(OK, entente(group, verb, "--help")).out
                self.assertIn(f"entente {group} {verb} --data reg", said)


if __name__ == "__main__":
    main()
