#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Notices by mail, to an SMTP server that is not ours (python3-aiosmtpd): one mail a notice, in
order, in any script, with a Message-ID that a repeat has again; names that try to be headers are
text; what the server refuses is a dead letter."""
import email
import email.policy
import json
import sys

from harness import BAD_INPUT, Case, Register, SKIPPED, feature, main
from http_node import Node
from mail_server import MailServer, python_with_aiosmtpd

NAMES = ("clinic 7", "مستشفى النو", "больница № 3 " * 20,
         "x\r\nBcc: somebody@example.org\r\n\r\n.\r\nQUIT", "=?UTF-8?B?eA==?=")


class Mail(Case):
    count = 0  # of registers

    def register(self, more=""):
        Mail.count += 1
        register = Register(self.folder / f"reg{Mail.count}")
        (register.path / "entente.toml").write_text(
            "[notices]\nretry_min_ms = 10\nretry_max_ms = 50\n" + more)
        return register

    @staticmethod
    def say(node, name):
        value = feature({"type": "Point", "coordinates": [20, 10]},
                        **{"name": name, "class": "clinic"})
        said = node.ask("POST", "/v1/protections", json.dumps(value).encode(),
                        [("Content-Type", "application/json")])
        if said.status != 201:
            raise AssertionError(str(said))
        return json.loads(said.body)["id"]

    def test_a_mail_for_each_notice_in_any_script(self):
        register = self.register()
        with MailServer() as server, \
                Node(register.path, "--smtp", server.url, "--mail-from",
                     "entente@node.example.org", "--mail-to", "example.org") as node:
            register.must("subscribe", "add", "--route", "mail", "--to", "duty@Example.org")
            self.refused(register.run("subscribe", "add", "--route", "mail", "--to",
                                      "x@example.net"), BAD_INPUT, "--mail-to example.net")
            for bad in ("duty", "@example.org", "a b@example.org", "a@example.org\r\nBcc: b@c",
                        "<a@example.org>", "a@example.org,b@example.org"):
                self.refused(register.run("subscribe", "add", "--route", "mail", "--to", bad),
                             BAD_INPUT, "to:")
            records = [self.say(node, name) for name in NAMES]
            mails = server.wait(len(NAMES))
            read = [email.message_from_string(one["text"], policy=email.policy.default)
                    for one in mails]
            for one, raw, record, name in zip(read, mails, records, NAMES):
                self.assertEqual((raw["from"], raw["to"]),
                                 ("entente@node.example.org", ["duty@Example.org"]))
                body = one.get_content()
                self.assertIn(record, body)
                shown = " ".join(name.replace("\r", " ").replace("\n", " ").split())
                self.assertIn(shown, " ".join(body.split()))
                self.assertIsNone(one["Bcc"])
                self.assertTrue(str(one["Subject"]).startswith("test: clinic"), one["Subject"])
                self.assertEqual(one["Auto-Submitted"], "auto-generated")
                self.assertLessEqual(max(len(line) for line in raw["text"].splitlines()), 78)
                self.assertNotIn("20.0", body)
            ids = [one["Message-ID"] for one in read]
            self.assertEqual(len(set(ids)), len(NAMES))
            for one in ids:
                self.assertRegex(one, r"^<[a-z2-7]{32}@node\.example\.org>$")
            self.assertEqual(len(server.mails), len(NAMES))

    def test_what_the_server_refuses_is_a_dead_letter(self):
        register = self.register("attempts_max = 2\n")
        with MailServer("nobody@example.org") as server, \
                Node(register.path, "--smtp", server.url, "--mail-from",
                     "entente@example.org") as node:
            register.must("subscribe", "add", "--route", "mail", "--to", "nobody@example.org")
            register.must("subscribe", "add", "--route", "mail", "--to", "duty@example.org")
            self.say(node, "x")
            server.wait(1)
            while not (dead := register.must("notices", "dead", "--json").json["dead"]):
                pass
            self.assertEqual([(one["why"], one["attempts"]) for one in dead], [("smtp_550", 2)])
            self.assertEqual([one["to"] for one in server.mails], [["duty@example.org"]])

    def test_the_node_signs_in_where_the_server_wants_that(self):
        secret = self.folder / "secret"
        secret.write_text("four words of nothing\n")
        register = self.register('attempts_max = 1\nsmtp_user = "entente"\n'
                                 f'smtp_password_file = "{secret}"\n')
        with MailServer(password="four words of nothing") as server:
            options = ("--smtp", server.url, "--mail-from", "entente@example.org")
            with Node(register.path, *options) as node:
                register.must("subscribe", "add", "--route", "mail", "--to", "duty@example.org")
                self.say(node, "x")
                server.wait(1)
                node.kill()
            secret.write_text("another\n")
            with Node(register.path, *options) as node:
                self.say(node, "y")
                while not (dead := register.must("notices", "dead", "--json").json["dead"]):
                    pass
                self.assertIn(dead[0]["why"], ("login_denied", "smtp_535"))
            self.assertEqual(len(server.mails), 1)

    def test_a_server_that_is_named_wrongly_is_refused_at_the_start(self):
        register = self.register()
        self.refused(register.run("serve", "--smtp", "http://x", "--mail-from", "a@b"), BAD_INPUT,
                     "smtp")
        self.refused(register.run("serve", "--smtp", "smtp://x", "--mail-from", "a b"), BAD_INPUT,
                     "mail_from")


if __name__ == "__main__":
    if python_with_aiosmtpd() is None:
        print("skipped: no Python here has aiosmtpd (Debian: python3-aiosmtpd)")
        sys.exit(SKIPPED)
    main()
