# SPDX-License-Identifier: Apache-2.0
"""What a node that is not served prints on its command line, and what lies in its files, compared
with what the Book says that its party may have."""
from harness import LONG, OK, entente
from shared_answers import NEVER, RECORDS
from shared_book import ALL, EXACT, KINDS
from vault_reader import files_of, rows_of

VERBS = {"link": "incident-link"}
STATEMENTS = [VERBS.get(kind, kind) for kind in KINDS[2:]]
SAMPLED = 2 if LONG else 1  # ids of each node that are asked by every verb
CITING = ("assessment", "responsibility", "incident")  # what these name is held, and not destroyed


def verbs_with(one, kinds):
    """Each verb that takes an id, and changes nothing where there is none."""
    for kind in kinds:
        yield kind, "show", one
        yield kind, "withdraw", one
        yield kind, "amend", one, "--contact", "x"
        yield kind, "list", "--about", one
        yield kind, "list", "--about", one, "--json"
    for line in ((), ("--lines",), ("--csv",), ("--json",), ("--within", "9000")):
        yield "incident", "join", one, *line
    said = ("--contact", "x", "--text", "EXERCISE")
    yield from (
        ("show", one), ("show", one, "--json"), ("corroboration", one), ("receipts", one),
        ("corroboration", one, "--json"), ("release", one, "--to", "fr"), ("log", "prove", one),
        ("release", one, "--to", "ru"), ("recall", one, "--from", "fr"), ("hold", one, "--lift"),
        ("recall", one, "--from", "un", "--coarse"), ("hold", one, "--because", "refusal"),
        ("evidence", one, "--out", "never-written"), ("open", one, "--to", "un"),
        ("receipt", "give", one, "--rung", "passed", "--unit", "x"),
        ("incident-link", "reply", one, "accepted"), ("request", "reply", one, "accepted"),
        ("assessment", "add", "--of", one, "--opinion", "doubts", "--grade", "C3", *said),
        ("responsibility", "add", "--of", one, "--stance", "denies", *said),
        ("position", "add", "--group", one, "--stand", "protected", *said),
        ("incident-link", "add", "--incident", one, "--other", NEVER, "--relation", "follows",
         *said), ("presence", "withdraw", one), ("protect", "withdraw", one),
        ("protect", "amend", one, "--name", "x"), ("show", one, "--as", "un"))


class AtRest:
    """Mixed into a test that has `self.book` and Answers."""

    def command_line(self, world, party):
        """In all forms that verbs have; `owner` reads everything that the party may."""
        def run(*words):
            return entente(*words, "--data", world.dir(party))
        bulk = [("list",), ("list", "--json"), ("list", "--format", "csv"), ("search", "--json"),
                ("search", "alder"), ("search", "--format", "csv"), ("search", "delta", "--json"),
                ("search", "--format", "geojson"), ("search", "--withdrawn")]
        bulk += [(kind, "list") for kind in STATEMENTS]
        deep = [("positions",), ("control", "compare"), ("control", "compare", "--json"),
                ("peer", "status"), ("peer", "status", "--json"), ("receipts",),
                ("receipts", "--json"), ("notices", "list"), ("notices", "list", "--json"),
                ("subscribe", "list"), ("stuck",), ("audit", "list", "--json")]
        for one in self.book.all:
            verb = VERBS.get(one.kind, one.kind)
            if one.slots(party):
                deep.append(("show", one.id) if one.kind in RECORDS else (verb, "show", one.id))
            if one.kind == "incident" and one.placed(party):
                deep += [("incident", "join", one.id), ("incident", "join", one.id, "--lines"),
                         ("incident", "join", one.id, "--csv"), ("corroboration", one.id)]
        for mode, all_words in (("lists", bulk), ("open", deep)):
            for words in all_words:
                done = run(*words)
                self.exits(OK, done)
                self.clean_text(party, done.out + done.err, words, mode)
        hidden = self.book.unknown(party)
        for one in world.rng.sample(hidden, min(SAMPLED, len(hidden))):
            kinds = STATEMENTS if LONG else {VERBS.get(one.kind, one.kind), "report"} - {*RECORDS}
            for words, never in zip(verbs_with(one.id, kinds), verbs_with(NEVER, kinds)):
                done, there = run(*words), run(*never)
                self.assertEqual(
                    (done.code, done.out.replace(one.id, "ID"), done.err.replace(one.id, "ID")),
                    (there.code, there.out.replace(NEVER, "ID"), there.err.replace(NEVER, "ID")),
                    (party, words))

    def clean_text(self, party, text, what, mode):
        self.assertEqual(self.book.leaks(party, text, mode), [], (party, what))

    def files(self, world, parties):
        """Each vault has open what was released, and no file a key or a word of anything, nor the
        sealed bytes of what never was."""
        rows = {party: rows_of(world.dir(party)) for party in parties}
        by_id = {one.id: one for one in self.book.all}
        own = {row.leaf: (party, row) for party, all_rows in rows.items() for row in all_rows
               if row.origin.endswith("/" + party) and row.head.get("record") in by_id}
        words = {word for one in self.book.all for version in one.versions
                 for field in version.values() for word in field if word.startswith("x")}
        destroyed = 0
        for party in parties:
            held = {row.leaf: row for row in rows[party]}
            files = files_of(world.dir(party))
            every = b"\n".join(files.values())
            # The audit has the words that people asked for, whatever was found by them.
            plain = b"\n".join(data for name, data in files.items()
                               if not name.name.startswith("people.db"))
            cited = {name for one in self.book.all if one.author == party and one.kind in CITING
                     for name in one.names}
            self.assertEqual([word for word in words if word.encode() in plain], [], party)
            for leaf, (author, row) in own.items():
                one = by_id[row.head["record"]]
                meant = ALL if author == party else one.slots(party)
                for slot, key in row.keys.items():
                    self.assertNotIn(key, every, (party, one.kind, one.id, slot))
                    if author != party and slot not in one.once(party):
                        self.assertNotIn(row.ciphertexts[slot][:24], every, (party, one.id))
                if author == party or (one.id in cited and party in one.purged):
                    continue
                has = held[leaf].open if leaf in held else set()
                self.assertEqual(has, meant & set(row.bodies), (party, one.kind, one.id))
                destroyed += party in one.purged and EXACT not in has
        self.assertGreater(destroyed, 0, "something was destroyed somewhere")
