#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What parties know among four of them who hand each other sticks: said exactly to one and by its
tear line to another, corrected, withdrawn, assessed, linked and asked for; each sees what it was
given and nothing else; how many independent lines there are is counted alike; labels travel as
their author signed them."""
import json
import re

from harness import BAD_INPUT, Case, OK, circle, entente, main, write_json
from receipts_test import Sticks
from vault_reader import rows_of

AT = (36.3017, 33.5023)
NEVER = "aaaaaaaaaaaaaaaa"
WORDS = ("--grade", "C3", "--contact", "liaison")
TIME = ("--from", "2015-11-13T20:20:00Z", "--until", "2015-11-13T23:58:00Z")


def id_in(done):
    return re.search(r"\b[a-z2-7]{16}\b", done.out).group()


def points(value):
    """Every pair of numbers in a geometry."""
    if isinstance(value, list) and value and isinstance(value[0], (int, float)):
        return [tuple(value[:2])]
    return [point for one in value for point in points(one)] if isinstance(value, list) else []


class Sharing(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", officers=1).begun()
        cls.place = write_json(cls.folder / "place.geojson", circle(*AT, 40))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def run_of(self, *words, of):
        return entente(*words, "--data", self.world.dir(of))

    def rounds(self):
        for _ in range(2):
            self.world.round()

    def report(self, *more, text="EXERCISE twelve lorries", of="fr"):
        return id_in(self.must("report", "add", "--topic", "EXERCISE convoy", "--text", text,
                               *WORDS, *more, of=of))

    def shown(self, kind, one, of):
        return self.must(kind, "show", one, "--json", of=of).json

    def listed(self, kind, of, *more):
        page = self.must(kind, "list", *more, "--json", of=of).json
        return [one["id"] for one in page["statements"]]

    def told(self, one, of="fr"):
        """To whom it was given, how deep, and what their nodes say of that."""
        found = self.must("receipts", one, "--json", of=of).json["records"]
        return {each["party"]: (each["tier"], each["rung"]) for each in found}

    def unseen(self, kind, one, of):
        """The same answer as for what was never minted."""
        answers = set()
        for asked in (one, NEVER):
            done = self.run_of(kind, "show", asked, of=of)
            self.exits(BAD_INPUT, done)
            answers.add(done.err.replace(asked, "ID"))
        self.assertEqual(len(answers), 1, answers)

    def test_1_each_sees_what_it_was_given(self):
        """exactly, by the tear line, or not at all; and that travels with every correction"""
        one = self.report("--volumes", self.place, "--accuracy-m", 25, *TIME,
                          "--label", "onward=none", "--label", "tlp=red",
                          "--sources", "kind=media;line=AFP, 2015-11-14;grade=B2",
                          "--tear", "EXERCISE lorries about", "--to", "ru,un:coarse")
        secret = self.report()
        self.assertEqual(self.told(one), {"ru": ("exact", "offered"), "un": ("coarse", "offered")})
        self.rounds()
        self.assertEqual(self.told(one), {"ru": ("exact", "received"),
                                          "un": ("coarse", "received")})
        self.assertEqual((self.told(secret), self.told(NEVER)), ({}, {}))
        self.assertEqual(self.told(one, "ru"), {}, "who was given it tells nobody of others")
        whole = self.shown("report", one, "ru")
        self.assertEqual(whole["tier"], "exact")
        self.assertEqual(whole["said"]["text"], "EXERCISE twelve lorries")
        self.assertEqual(whole["said"]["sources"][0]["line"], "AFP, 2015-11-14")
        self.assertEqual(whole["said"]["accuracy_m"], 25)
        self.assertEqual((whole["label"]["onward"], whole["label"]["tlp"]), ("none", "red"))
        self.assertEqual(whole["tear"]["text"], "EXERCISE lorries about")
        torn = self.shown("report", one, "un")
        self.assertEqual(torn["tier"], "coarse")
        self.assertNotIn("said", torn)
        self.assertEqual(torn["tear"], whole["tear"])
        self.assertEqual(torn["label"], whole["label"])
        self.assertEqual((torn["tear"]["from"], torn["tear"]["until"]),
                         ("2015-11-13T20:00:00Z", "2015-11-14T00:00:00Z"))
        corners = points(torn["tear"]["volumes"]["features"][0]["geometry"]["coordinates"])
        self.assertLess(min(lon for lon, _ in corners), AT[0])
        self.assertGreater(max(lat for _, lat in corners), AT[1])
        self.assertNotIn(f"{AT[0]}", json.dumps(torn), "the exact place is nowhere in it")
        self.unseen("report", one, "msf")
        self.assertEqual(self.listed("report", "msf"), [])
        self.assertNotIn(secret, self.listed("report", "ru"))

        self.must("report", "amend", one, "--text", "EXERCISE ten lorries", of="fr")
        self.rounds()
        self.assertEqual(self.shown("report", one, "ru")["said"]["text"], "EXERCISE ten lorries")
        later = self.shown("report", one, "un")
        self.assertEqual((later["version"], later["tier"]), (2, "coarse"))
        self.assertEqual(later["tear"]["text"], "EXERCISE lorries about", "it stays as it was")
        self.assertEqual(self.shown("report", one, "ru")["label"]["onward"], "none")
        for of, kind in (("ru", "amend"), ("un", "withdraw")):
            self.exits(BAD_INPUT, self.run_of("report", kind, one, *(
                ("--text", "EXERCISE") if kind == "amend" else ()), of=of))
        self.must("report", "withdraw", one, of="fr")
        self.rounds()
        self.assertEqual(self.told(one), {"ru": ("exact", "received"),
                                          "un": ("coarse", "received")})
        for of in ("ru", "un"):
            self.assertEqual(self.shown("report", one, of)["state"], "withdrawn")
            self.assertNotIn(one, self.listed("report", of))
            self.assertIn(one, self.listed("report", of, "--withdrawn"))

    def test_1b_a_label_says_when_it_is_looked_at_again(self):
        """review_at or expires: whose time is past is found by who said it and who holds it"""
        words = ("report", "add", "--topic", "EXERCISE", "--text", "EXERCISE", "--grade", "C3",
                 "--contact", "x", "--to", "ru")
        label = ("--label", "onward=none", "--label")
        past = id_in(self.must(*words, *label, "review_at=2016-01-01T00:00:00Z", of="fr"))
        over = id_in(self.must(*words, *label, "expires=2016-01-01T00:00:00Z", of="fr"))
        later = id_in(self.must(*words, *label, "review_at=2100-01-01T00:00:00Z", of="fr"))
        self.rounds()
        for of in ("fr", "ru"):
            due = self.listed("report", of, "--review-due")
            self.assertIn(past, due)
            self.assertIn(over, due)
            self.assertNotIn(later, due)
            self.assertIn(later, self.listed("report", of))
        self.must("report", "amend", past, "--label", "review_at=2100-01-01T00:00:00Z", of="fr")
        self.must("report", "withdraw", over, of="fr")
        self.rounds()
        self.assertEqual(self.listed("report", "ru", "--review-due"), [])

    def test_2_an_incident_and_who_says_what_of_it(self):
        """claims, attributions and denials stand side by side; no field says who did it"""
        one = id_in(self.must(
            "incident", "add", "--sort", "air_strike", "--text", "EXERCISE", *TIME,
            "--time-precision", "hour", "--place-precision", "near", "--volumes", self.place,
            "--objects", "name=EXERCISE hospital;what=hospital;damage=destroyed",
            "--casualties", "category=civilian;harm=killed;least=30;best=42;basis=register",
            "--casualties", "category=medical;harm=missing;best=0", "--contact", "desk",
            "--to", "fr,ru,un", of="msf"))
        self.rounds()
        for of, words in (("un", ("--stance", "attributes", "--whom", "party=fr")),
                          ("fr", ("--stance", "denies",)),
                          ("ru", ("--stance", "claims", "--who", "name=EXERCISE group"))):
            self.must("responsibility", "add", "--of", one, *words, "--text", "EXERCISE",
                      "--contact", "liaison", "--to",
                      ",".join(sorted({"fr", "ru", "un", "msf"} - {of})), of=of)
        self.rounds()
        for of in ("fr", "ru", "un", "msf"):
            seen = self.shown("incident", one, of)["said"]
            self.assertEqual(seen["casualties"], [
                {"category": "civilian", "harm": "killed", "least": 30, "best": 42,
                 "basis": "register"}, {"category": "medical", "harm": "missing", "best": 0}])
            self.assertNotIn("responsible", json.dumps(seen))
            said = self.must("responsibility", "list", "--about", one, "--json", of=of).json
            self.assertEqual({(row["party"], row["said"]["stance"]) for row in said["statements"]},
                             {("un", "attributes"), ("fr", "denies"), ("ru", "claims")})
        other = id_in(self.must("incident", "add", "--sort", "air_strike", *TIME, "--contact",
                                "desk", "--to", "msf,fr", of="un"))
        self.rounds()
        link = id_in(self.must("incident-link", "add", "--incident", other, "--other", one,
                               "--relation",
                               "duplicate_of", "--contact", "desk", "--to", "msf,fr", of="un"))
        self.rounds()
        self.must("incident-link", "reply", link, "accepted", of="msf")
        self.must("incident-link", "reply", link, "refused", "--text", "EXERCISE two raids",
                  of="fr")
        self.rounds()
        replies = self.shown("incident-link", link, "un")["replies"]
        self.assertEqual({(one["party"], one["word"]) for one in replies},
                         {("msf", "accepted"), ("fr", "refused")})
        self.exits(BAD_INPUT, self.run_of("incident-link", "reply", link, "accepted", of="un"))

    def test_3_lines_and_not_mentions(self):
        """two reports that rest on one source are one line, and everybody counts the same"""
        all_others = {"fr": "ru,un,msf", "ru": "fr,un,msf", "un": "fr,ru,msf", "msf": "fr,ru,un"}
        incident = id_in(self.must("incident", "add", "--sort", "shelling", *TIME, "--contact", "x",
                                   "--to", all_others["un"], of="un"))
        afp = ("--sources", "kind=media;line=AFP, 2015-11-24")
        self.rounds()
        first = self.report("--about", incident, *afp, "--to", all_others["fr"], of="fr")
        self.report("--about", incident, *afp, "--to", all_others["ru"], of="ru")
        self.rounds()
        self.report("--about", incident, "--sources", f"kind=party;of={first}", "--to",
                    all_others["msf"], of="msf")
        self.report("--about", incident, "--to", all_others["un"], of="un")
        self.report("--about", incident, "--to", all_others["un"], of="un")
        gone = self.report("--about", incident, "--sources", "kind=sensor;line=EXERCISE radar",
                           "--to", all_others["ru"], of="ru")
        self.rounds()
        before = self.must("corroboration", incident, "--json", of="fr").json
        self.assertEqual((before["independent_lines"], before["reports"]), (3, 6))
        self.must("report", "withdraw", gone, of="ru")
        self.rounds()
        told = {of: self.must("corroboration", incident, "--json", of=of).json
                for of in all_others}
        self.assertEqual((told["un"]["independent_lines"], told["un"]["reports"]), (2, 5))
        self.assertEqual(len({json.dumps(one, sort_keys=True) for one in told.values()}), 1)
        self.assertEqual({one["by"] for line in told["un"]["lines"] for one in line["joined"]},
                         {"source", "rests_on", "author"})
        text = self.must("corroboration", incident, of="msf").out
        self.assertIn("2 independent lines in 5 reports", text)
        self.assertIn("AFP, 2015-11-24", text)
        done = self.run_of("corroboration", NEVER, of="fr")
        self.exits(BAD_INPUT, done)

        doubt = id_in(self.must("assessment", "add", "--of", first, "--opinion", "doubts",
                                "--text", "EXERCISE the road was closed", "--grade", "E4",
                                "--contact", "analysis", "--to", "fr", of="un"))
        self.rounds()
        seen = self.shown("assessment", doubt, "fr")
        self.assertEqual(seen["said"]["leaf"], self.shown("report", first, "fr")["leaf"])
        after = self.must("corroboration", incident, "--json", of="fr").json
        self.assertEqual(after, told["fr"], "a doubt takes no line away")
        self.assertEqual(self.shown("report", first, "fr")["said"]["grade"], "C3")

    def test_4_asked_for_and_given(self):
        """a holder asks the author for a third party; the author answers, and gives it or not"""
        one = self.report("--to", "ru")
        self.rounds()
        asked = id_in(self.must("request", "add", "--of", one, "--parties", "msf", "--text",
                                "EXERCISE their clinic is near", "--contact", "liaison", "--to",
                                "fr", of="ru"))
        self.rounds()
        self.assertEqual(self.shown("request", asked, "fr")["said"]["of"], one)
        self.unseen("request", asked, "msf")
        self.assertEqual(self.shown("request", asked, "fr")["has"],
                         [{"party": "msf", "tier": "none"}])
        self.assertNotIn("has", self.shown("request", asked, "ru"), "it is fr's to know")
        reply = ("request", "reply", asked)
        self.refused(self.run_of(*reply, "noted", "--release", "exact", of="fr"), BAD_INPUT,
                     "release: goes with `accepted`")
        self.must(*reply, "accepted", of="fr")
        self.rounds()
        self.unseen("report", one, "msf")
        self.must(*reply, "accepted", "--release", "exact", of="fr")
        self.must(*reply, "accepted", "--release", "exact", of="fr")
        self.assertEqual(self.shown("request", asked, "fr")["has"],
                         [{"party": "msf", "tier": "exact"}])
        self.rounds()
        self.assertEqual(self.shown("report", one, "msf")["said"]["topic"], "EXERCISE convoy")
        self.assertEqual(self.shown("request", asked, "ru")["replies"][0]["word"], "accepted")

    def test_5_where_the_parties_stand(self):
        """on a group that two of them name, and on points; who is silent is named"""
        to = {"fr": "ru,un,msf", "ru": "fr,un,msf"}
        group = id_in(self.must("group", "add", "--names", "text=EXERCISE brigade;language=en",
                                "--contact", "x", "--to", to["fr"], of="fr"))
        self.rounds()
        same = id_in(self.must("group", "add", "--names", "text=EXERCISE لواء;language=ar",
                               "--same", group, "--contact", "x", "--to", to["ru"], of="ru"))
        listed = self.must("group", "list", "--json", of="un").json["statements"]
        self.assertIn({"text": "EXERCISE brigade", "language": "en"},
                      [name for row in listed for name in row["said"]["names"]])
        mine = id_in(self.must("position", "add", "--group", group, "--stand", "protected",
                               "--text", "EXERCISE it fights them", "--contact", "x", "--to",
                               to["fr"], of="fr"))
        self.must("position", "add", "--group", same, "--stand", "not_protected", "--contact", "x",
                  "--to", to["ru"], of="ru")
        self.must("position", "add", "--point", "EXERCISE who stays", "--stand", "differs",
                  "--contact", "x", "--to", to["ru"], of="ru")
        self.rounds()
        for of in ("fr", "ru", "un", "msf"):
            rows = self.must("positions", "--json", of=of).json["positions"]
            row, = (one for one in rows if group in one["groups"])
            self.assertEqual(sorted(row["groups"]), sorted((group, same)))
            self.assertEqual((row["accord"], row["protected"], row["silent"]),
                             ("differ", True, ["msf", "un"]))
            self.assertEqual({one["party"]: one["stand"] for one in row["positions"]},
                             {"fr": "protected", "ru": "not_protected"})
            point, = (one for one in rows if one["name"] == "EXERCISE who stays")
            self.assertEqual((point["accord"], point["silent"]), ("one", ["fr", "msf", "un"]))
        self.must("position", "amend", mine, "--stand", "not_protected", of="fr")
        self.rounds()
        rows = self.must("positions", "--json", of="msf").json["positions"]
        row, = (one for one in rows if group in one["groups"])
        self.assertEqual((row["accord"], row["protected"]), ("agree", True),
                         "what protected once goes on")
        self.assertIn("protects still", self.must("positions", of="msf").out)
        self.must("position", "add", "--point", "EXERCISE who stays", "--stand", "differs",
                  "--contact", "x", "--to", to["fr"], of="fr")
        self.rounds()
        rows = self.must("positions", "--json", of="un").json["positions"]
        point, = (one for one in rows if one["name"] == "EXERCISE who stays")
        self.assertEqual(point["accord"], "differ", "each says that it differs")

    def test_6_what_is_wrong_is_said(self):
        """with the member's name, before anything is logged"""
        for words, told in (
                (("report", "add", "--text", "x", *WORDS), "'topic' is missing"),
                (("report", "add", "--topic", "x", "--text", "x", "--contact", "x"), "'grade'"),
                (("report", "add", "--topic", "x", "--text", "x", *WORDS, "--grade", "Z9"),
                 "grade"),
                (("report", "add", "--topic", "x", "--text", "x", *WORDS, "--sources", "colour=1"),
                 "--sources"),
                (("incident", "add", "--sort", "x", "--contact", "x"), "'from' and 'until'"),
                (("incident", "add", "--sort", "x", *TIME, "--contact", "x", "--casualties",
                  "category=civilian;harm=killed;least=-1"), "casualties 1"),
                (("group", "add", "--names", "text=x", "--contact", "x", "--label",
                  "onward=everybody"), "onward"),
                (("group", "add", "--names", "text=x", "--contact", "x", "--to", "un:coarse"),
                 "'tear'"),
                (("position", "add", "--point", "x", "--stand", "protected", "--contact", "x"),
                 "a group is"),
                (("position", "add", "--group", NEVER, "--stand", "protected", "--contact", "x"),
                 "no such record"),
                (("assessment", "add", "--of", NEVER, "--leaf", "A" * 43 + "=", "--opinion",
                  "agrees", *WORDS), "no such record")):
            done = self.run_of(*words, of="fr")
            self.exits(BAD_INPUT, done)
            self.assertIn(told, done.err, words)

    def bodies(self, of):
        """Whatever of what was said can still be opened there, without the program."""
        return b"\n".join(body for row in rows_of(self.world.dir(of))
                          for body in row.bodies.values())

    def recall_state(self, one, of):
        """What came of a recall that fr made."""
        status = self.must("peer", "status", "--json", of="fr").json["peers"]
        party, = (row for row in status if row["party"] == of)
        return [row["outcome"] for row in party["recalls"] if row["record"] == one]

    def test_7_taken_back(self):
        """gone from every node that signed the purge; held where somebody said why; and who was
        left the tear line has that"""
        one = self.report("--tear", "EXERCISE vans about", "--volumes", self.place, *TIME, "--to",
                          "ru,un:coarse,msf", text="EXERCISE eleven vans")
        about = self.report("--about", one, "--to", "ru")
        self.rounds()
        self.assertIn(b"eleven vans", self.bodies("ru"))
        self.assertEqual(self.listed("report", "ru", "--about", one), [about])
        self.must("hold", one, "--because", "dispute", "--text", "EXERCISE hearing", of="msf")
        self.must("recall", one, "--from", "ru", "--coarse", "--reason", "EXERCISE", of="fr")
        self.must("recall", one, "--from", "msf", "--reason", "EXERCISE", of="fr")
        self.must("recall", one, "--from", "un", "--reason", "EXERCISE", of="fr")
        self.must("recall", about, "--from", "ru", "--reason", "EXERCISE", of="fr")
        self.rounds()
        self.rounds()
        self.assertEqual(self.recall_state(one, "ru"), ["purged"])
        self.assertEqual(self.recall_state(one, "un"), ["purged"])
        self.assertEqual(self.recall_state(one, "msf"), ["held"])
        left = self.shown("report", one, "ru")
        self.assertEqual((left["tier"], left["tear"]["text"]), ("coarse", "EXERCISE vans about"))
        self.assertNotIn("said", left)
        self.assertNotIn(b"eleven vans", self.bodies("ru"))
        self.assertEqual(self.listed("report", "ru", "--about", one), [])
        for of in ("un", "msf"):
            shown = self.shown("report", one, of)
            self.assertNotIn("said", shown)
            self.assertNotIn("tear", shown)
        self.assertNotIn(b"vans about", self.bodies("un"))
        self.assertIn(b"eleven vans", self.bodies("msf"), "held: kept, and not shown")
        self.must("report", "amend", one, "--text", "EXERCISE nine vans", of="fr")
        self.rounds()
        self.assertNotIn(b"nine vans", self.bodies("ru") + self.bodies("un"))
        self.refused(self.run_of("recall", one, "--from", "ru", "--coarse", "--reason", "x",
                                 of="fr"), BAD_INPUT, "nothing to recall")
        blank = self.report("--to", "ru")
        self.refused(self.run_of("recall", blank, "--from", "ru", "--coarse", "--reason", "x",
                                 of="fr"), BAD_INPUT, "no tear line")

    def test_8_a_word_that_protects_is_not_taken_back(self):
        """a group stays protected where its position can be recalled no more easily than ended"""
        group = id_in(self.must("group", "add", "--names", "text=EXERCISE company", "--contact",
                                "x", "--to", "ru", of="fr"))
        stand = id_in(self.must("position", "add", "--group", group, "--stand", "protected",
                                "--contact", "x", "--to", "ru", of="fr"))
        self.rounds()
        self.refused(self.run_of("recall", stand, "--from", "ru", "--reason", "x", of="fr"),
                     BAD_INPUT, "in force")
        self.must("position", "withdraw", stand, of="fr")
        self.refused(self.run_of("recall", stand, "--from", "ru", "--reason", "x", of="fr"),
                     BAD_INPUT, "in force")
        rows = self.must("positions", "--json", of="ru").json["positions"]
        row, = (one for one in rows if group in one["groups"])
        self.assertTrue(row["protected"])
        same = id_in(self.must("group", "add", "--names", "text=EXERCISE company 2", "--same",
                               group, "--contact", "x", "--to", "ru", of="fr"))
        self.refused(self.run_of("recall", same, "--from", "ru", "--reason", "x", of="fr"),
                     BAD_INPUT, "in force")

    def test_9_areas_side_by_side_over_time(self):
        """each assessor's own word for each time; none overwrites another's"""
        def says(of, holder, since, until, *more):
            self.must("control", "add", "--area", "EXERCISE valley", "--volumes", self.place,
                      "--from", since, "--until", until, "--grade", "C3", "--contact", "x",
                      "--to", "un", *(("--holder", holder) if holder else ()), *more, of=of)
        says("fr", "name=EXERCISE brigade", "2015-10-01T00:00:00Z", "2015-11-20T00:00:00Z")
        says("fr", "", "2015-11-20T00:00:00Z", "2015-12-01T00:00:00Z", "--holding", "unknown")
        says("ru", "party=ru", "2015-11-01T00:00:00Z", "2016-01-01T00:00:00Z")
        self.rounds()
        areas = self.must("control", "compare", "--json", of="un").json["areas"]
        area, = areas
        self.assertEqual([(one["party"], one["holding"], one["holder"])
                          for one in area["assessments"]],
                         [("fr", "held", "name EXERCISE brigade"), ("fr", "unknown", ""),
                          ("ru", "held", "party ru")])
        for at, seen in (("2015-10-31T00:00:00Z", ["fr"]), ("2015-11-20T00:00:00Z", ["fr", "ru"]),
                         ("2015-12-01T00:00:00Z", ["ru"]), ("2016-01-01T00:00:00Z", [])):
            areas = self.must("control", "compare", "--at", at, "--json", of="un").json["areas"]
            self.assertEqual([one["party"] for area in areas for one in area["assessments"]],
                             seen, at)
        text = self.must("control", "compare", of="un").out
        self.assertIn("ru: held: party ru, 2015-11-01T00:00:00Z to 2016-01-01T00:00:00Z", text)
        self.exits(BAD_INPUT, self.run_of("control", "compare", "--at", "noon", of="un"))

    def test_9_what_is_cited_is_kept(self):
        """an assessment here of what is taken back there: held, and shown to nobody"""
        one = self.report("--to", "ru", text="EXERCISE three boats")
        self.rounds()
        self.must("assessment", "add", "--of", one, "--opinion", "doubts", "--text", "EXERCISE",
                  "--grade", "D4", "--contact", "x", of="ru")
        self.must("recall", one, "--from", "ru", "--reason", "EXERCISE", of="fr")
        self.rounds()
        self.rounds()
        self.assertEqual(self.recall_state(one, "ru"), ["held"])
        self.assertNotIn("said", self.shown("report", one, "ru"))
        self.assertIn(b"three boats", self.bodies("ru"))


if __name__ == "__main__":
    main()
