#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Protections on paper for a unit: what a sheet shows and to whom, and its code, which makes the
receipts for the versions that are printed and no others, once, in its time, to whoever it may."""
import json
import re

from charter_world import PARTIES, World
from harness import BAD_INPUT, Case, FAILURE, entente, main
from http_node import Node, request
from sheet_codes import ALPHABET, other_code

AT = (36.2765, 33.5138)
CODE = re.compile(r"^CODE  ([3-9A-Y]{4}-[3-9A-Y]{4})$", re.M)

class Sheets(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        cls.record = cls.protect("EXERCISE <Noor> & ward")
        cls.other = cls.protect("EXERCISE other")
        for to, tier in (("fr", "exact"), ("ru", "coarse")):
            cls.must("release", cls.record, cls.other, "--to", to, "--tier", tier, of="msf")
        cls.round()
        cls.round()

    @classmethod
    def protect(cls, name):
        said = cls.must("protect", "add", "--class", "hospital", "--name", name, "--lat", AT[1],
                        "--lon", AT[0], "--radius-m", 60, "--contact", "desk", of="msf")
        return re.search(r"\b[a-z2-7]{16}\b", said.out).group()

    @classmethod
    def round(cls, *sources):
        for source in sources or PARTIES:
            for to in PARTIES:
                if source == to:
                    continue
                stick = cls.world.folder / f"{source}-{to}.pack"
                stick.unlink(missing_ok=True)
                cls.must("pack", "--to", to, "--out", stick, of=source)
                cls.must("unpack", stick, of=to)

    @classmethod
    def run_of(cls, *words, of="fr"):
        return entente(*words, "--data", cls.world.dir(of))

    @classmethod
    def must(cls, *words, of="fr"):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def sheet(self, *words, of="fr"):
        """The sheet as text, and its code."""
        text = self.must("receipt", "sheet", *words, "--unit", "TACC", of=of).out
        return text, CODE.search(text).group(1)

    def stuck(self, of="fr"):
        shown = self.must("stuck", "--json", of=of).json["theirs"]
        return {one["record"]: one["rung"] for one in shown}

    def steps(self, record, party="fr"):
        shown = self.must("receipts", record, "--json", of="msf").json["records"]
        one, = (one for one in shown if one["party"] == party)
        return [(step["rung"], step.get("unit"), step.get("voice")) for step in one["steps"]
                if step["rung"] not in ("opened", "read_back")]

    def test_1_a_sheet_shows_what_must_not_be_struck_and_its_code_confirms_that(self):
        page = self.folder / "sheet.html"
        text, code = self.sheet("--stuck", "--out", page)
        for line in ("WHAT MUST NOT BE STRUCK", "For TACC, from ", "of .*\\(msf\\), record " +
                     self.record + " version 1, in_force", "contact desk", "within 60.0 m of",
                     re.escape("33.5138000, 36.2765000  (33°30'49.7\"N 36°16'35.4\"E)"),
                     "that is .* of Damascus, SY", "hospital \"EXERCISE <Noor> & ward\""):
            self.assertRegex(text, line)
        self.assertIn(self.other, text)
        html = page.read_text(encoding="utf-8")
        self.assertIn(code, html)
        self.assertIn("EXERCISE &lt;Noor&gt; &amp; ward", html)
        self.assertNotIn("<Noor>", html)
        self.assertNotIn("<script", html)
        self.assertEqual(self.stuck(), {self.record: "opened", self.other: "opened"},
                         "printed is not passed")
        # As the unit may say it over a radio, and somebody else types it.
        said = self.must("receipt", "code", code.lower().replace("-", " "), "--voice", "watch").out
        self.assertRegex(said, r"passed to TACC said to msf: 2 on the sheet[^$]*confirmed by TACC")
        self.assertIn("not that it was understood", said)
        self.assertEqual(self.stuck(), {})
        self.round("fr")
        for record in (self.record, self.other):
            self.assertEqual(self.steps(record), [("passed", "TACC", "watch"),
                                                  ("confirmed", "TACC", "watch")])

    def test_2_a_code_is_good_once_and_says_who_used_it(self):
        _, code = self.sheet(self.record)
        self.must("receipt", "code", code, "--actor", "omar")
        before = self.must("log", "verify", "--json").json["tree_size"]
        self.refused(self.run_of("receipt", "code", code), BAD_INPUT, "read back already",
                     "entered by omar")
        self.assertEqual(self.must("log", "verify", "--json").json["tree_size"], before)

    def test_3_a_slip_is_named_and_says_nothing(self):
        _, code = self.sheet(self.record)
        other = next(c for c in ALPHABET if c != code[0])
        i, j = next((i, j) for i in range(9) for j in range(i + 1, 9)
                    if code[i] != code[j] and "-" not in (code[i], code[j]))
        swapped = list(code)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        for wrong, says in ((other + code[1:], "a character is wrong"),
                            ("".join(swapped), "two have changed places"),
                            ("O" + code[1:], "'O' is in no code"), (code[:-1], "7 characters"),
                            (other_code(code, 1), "of no sheet")):
            with self.subTest(wrong=wrong):
                self.refused(self.run_of("receipt", "code", wrong), BAD_INPUT, says)
        self.must("receipt", "code", code)

    def test_4_a_version_that_was_printed_confirms_no_later_one(self):
        _, code = self.sheet(self.record, self.other)
        self.must("protect", "amend", self.record, "--buffer-m", 900, of="msf")
        self.round("msf")
        before = self.must("log", "verify", "--json").json["tree_size"]
        self.refused(self.run_of("receipt", "code", code), FAILURE, self.record, "was changed",
                     "print a new sheet")
        self.assertEqual(self.must("log", "verify", "--json").json["tree_size"], before,
                         "of the other one nothing was said either")
        self.assertEqual(self.stuck(), {self.record: "opened"})
        text, code = self.sheet(self.record)
        self.assertIn("version 2", text)
        self.must("receipt", "code", code)
        self.assertEqual(self.stuck(), {})

    def test_5_a_sheet_shows_no_more_than_was_released_here_and_may_be_read(self):
        text, code = self.sheet(self.record, of="ru")
        self.assertNotIn("Noor", text)
        self.assertNotIn("33.5138", text)
        self.assertRegex(text, r"somewhere\n   in the area within\n")
        self.must("receipt", "code", code, of="ru")
        never = "a2b3c4d5e6f7a2b3"
        for record in (self.record, never):
            done = self.run_of("receipt", "sheet", record, "--unit", "TACC", of="un")
            self.refused(done, BAD_INPUT, "no such record in what you may see")
        for words, of, says in (((self.record,), "msf", "no other party's"),
                                ((), "fr", "records, or --stuck"),
                                ((self.record, "--stuck"), "fr", "records, or --stuck"),
                                (("--stuck",), "un", "nothing that was released to us waits")):
            with self.subTest(words=words, of=of):
                self.refused(self.run_of("receipt", "sheet", *words, "--unit", "TACC", of=of),
                             BAD_INPUT, says)

    def test_6_guesses_are_few_and_every_reading_is_audited(self):
        register = self.world.dir("fr")
        tokens = {}
        for name, role in (("dora", "duty"), ("pia", "planner")):
            self.must("person", "add", name, "--role", role)
            tokens[name] = self.must("token", "new", f"{name}.t", "--person", name, "--role",
                                     role).out.strip()
        with Node(register) as node:
            def ask(path, wish, who="dora"):
                sent = [("Host", node.host), ("Authorization", f"Bearer {tokens[who]}"),
                        ("Content-Type", "application/json")]
                with node.connect() as connection:
                    connection.send(request("POST", path, sent, json.dumps(wish).encode()))
                    return connection.response()
            made = ask("/v1/sheets", {"records": [self.record], "unit": "TACC", "hours": 1})
            self.assertEqual(made.status, 201)
            sheet = json.loads(made.body)
            self.assertEqual(sheet["records"],
                             [{"record": self.record, "version": 2, "party": "msf"}])
            self.assertEqual(ask("/v1/sheets", {"records": [self.record], "unit": "A"},
                                 "pia").status, 403)
            self.assertEqual(ask("/v1/sheets/codes", {"code": sheet["code"]}, "pia").status, 403)
            for by in range(1, 11):
                guess = ask("/v1/sheets/codes", {"code": other_code(sheet["code"], by)})
                self.assertEqual(guess.status, 404, guess.body)
            last = ask("/v1/sheets/codes", {"code": sheet["code"]})
            self.assertEqual((last.status, last.header("retry-after") is None), (429, False))
        shown = self.must("audit", "list", "--json").out
        for act in ("sheet_printed", "sheet_read_back", '\\"act\\":\\"sheet\\"'):
            self.assertIn(act, shown)


if __name__ == "__main__":
    main()
