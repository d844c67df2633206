#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Issue 4, done when 6: disclosure over random audiences and policies, with the finished program
and its real stores, and of issue 6, done when 3, for what parties know. No node holds a byte of a
body that it was not released; a purge leaves neither plaintext nor key. What nodes hold is read by
vault_reader.py, which shares no code with the program. 96 records with ENTENTE_LONG=1, 8
otherwise."""
import json
import random
import re

from charter_world import PARTIES
from disclosure_world import RECORDS, Sticks
from harness import CAUTION, CONFLICT, Case, OK, circle, entente, main, write_json
from http_node import Node
from vault_reader import COARSE, EXACT, HEAD, PURGED, SEALED, files_of, rows_of

SEED = 20261126
BESIDE = ("receipt", "recall", "purge")  # kinds that are always to one party


class Disclosure(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = Sticks(cls.folder / "world", random.Random(SEED))
        cls.world.random_life()
        cls.rows = {party: rows_of(cls.world.dir(party)) for party in PARTIES}
        cls.own = {row.leaf: (party, row) for party, rows in cls.rows.items() for row in rows
                   if row.origin.endswith("/" + party)}
        cls.files = {party: b"\n".join(files_of(cls.world.dir(party)).values())
                     for party in PARTIES}
        cls.by_id = {one.id: one for one in cls.world.book}

    def meant_for(self, leaf, party):
        """The slots of one entry that its author meant this party to have."""
        author, row = self.own[leaf]
        if party == author:
            return {HEAD, COARSE, EXACT}
        if row.head["kind"] in BESIDE:
            return {HEAD, EXACT} if json.loads(row.bodies[EXACT])["to"] == party else set()
        return self.by_id[row.head["record"]].may.get(party, set())

    def test_1_every_node_has_open_what_it_was_released_and_no_more(self):
        """each row of each vault, opened with the node's own key, against what was meant"""
        count = 0
        for party, rows in self.rows.items():
            held = {row.leaf: row for row in rows}
            for leaf, (author, own) in self.own.items():
                if author == party:
                    continue
                meant = self.meant_for(leaf, party)
                has = held[leaf].open if leaf in held else set()
                self.assertEqual(has, meant, f"{party} of {author}'s {own.head}")
                for slot in has:
                    self.assertEqual(held[leaf].bodies[slot], own.bodies[slot])
                count += 1
        self.assertGreater(count, 3 * RECORDS)

    def test_2_no_file_holds_a_byte_of_what_was_not_released(self):
        """ciphertexts that were not released are in no file; keys and plaintexts in none at all"""
        sealed = 0
        for leaf, (author, row) in self.own.items():
            for slot, text in row.ciphertexts.items():
                for party, files in self.files.items():
                    self.assertNotIn(row.keys[slot], files, (party, row.head))
                    self.assertNotIn(row.bodies[slot], files, (party, row.head))
                    # What was recalled was there once, and is now without its key.
                    gone = slot != HEAD and row.head.get("record") in self.recalled(party)
                    if slot in self.meant_for(leaf, party) or gone:
                        continue
                    for at in range(0, len(text) - 24, 24):
                        self.assertNotIn(text[at:at + 24], files, (party, author, row.head))
                    sealed += 1
        for one in self.world.book:
            for files in self.files.values():
                self.assertNotIn(one.name.encode(), files)
                self.assertNotIn((one.tear or one.name).encode(), files)
        self.assertGreater(sealed, RECORDS)

    def recalled(self, party):
        return {one.id for one in self.world.book if party in one.recalled}

    def test_3_no_answer_shows_what_was_not_released(self):
        """lists in all forms, each record, each check: names and places of others' records"""
        for party in PARTIES:
            data = self.world.dir(party)
            answers = [entente(*words, "--data", data).out for words in (
                ("list",), ("list", "--json"), ("peer", "status"), ("peer", "status", "--json"),
                ("receipts", "--json"))]
            for one in self.world.book:
                if one.author == party or one.tear:
                    continue
                may = one.may.get(party, set())
                shown = entente("show", one.id, "--data", data, "--json")
                plan = write_json(self.folder / "plan.geojson", circle(one.lon, one.lat, 50))
                checked = entente("check", plan, "--data", data, "--json")
                self.assertEqual(shown.code == OK, bool(may), shown)
                self.assertEqual(checked.code, CONFLICT if EXACT in may else
                                 CAUTION if may else OK, checked)
                if EXACT not in may:
                    for answer in (*answers, shown.out, checked.out):
                        self.assertNotIn(one.name, answer)
                        self.assertNotIn(f"{one.lat:.6f}", answer)
                    self.assertEqual(bool(may), one.id in answers[1])
                else:  # lists and maps are coarse all the same
                    self.assertIn(one.name, shown.out)
                    self.assertNotIn(one.name, answers[0] + answers[1])

    def test_4_nor_does_what_parties_know(self):
        """lists, each report, how many speak of a thing, positions: texts, tear lines, places"""
        for party in PARTIES:
            data = self.world.dir(party)
            answers = [entente(*words, "--data", data).out for words in (
                ("report", "list"), ("report", "list", "--json", "--withdrawn"),
                ("incident", "list", "--json"), ("positions", "--json"), ("list", "--json"))]
            for one in self.world.book:
                if one.author == party or not one.tear:
                    continue
                may = one.may.get(party, set())
                shown = entente("report", "show", one.id, "--data", data, "--json")
                self.assertEqual(shown.code == OK, bool(may), shown)
                self.assertEqual(one.id in answers[1], bool(may))
                joined = entente("incident", "join", one.id, "--data", data)
                self.assertNotEqual(joined.code, OK, "it is no incident")
                self.assertEqual(one.name in shown.out, EXACT in may, shown)
                self.assertEqual(one.tear in shown.out, COARSE in may, shown)
                for answer in answers:  # others' texts and places are in no list
                    self.assertNotIn(one.name, answer)
                    self.assertNotIn(f"{one.lat:.6f}", answer)
                if EXACT not in may:
                    self.assertNotIn(f"{one.lat:.6f}", shown.out)


class Purge(Case):
    """After a recall: every file of the node, served and at rest."""

    def test_leaves_neither_plaintext_nor_key_in_any_file(self):
        world = Sticks(self.folder / "purge", random.Random(SEED + 2))
        fr = world.dir("fr")
        (fr / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\n')
        kept = [world.say("msf", {"fr": "exact"}) for _ in range(3)]
        gone = [world.say("msf", {"fr": "exact"}) for _ in range(3)]
        for _ in range(2):
            world.round()
        there = {row.leaf: row for row in rows_of(fr)}
        for one in gone:
            world.recall(one, "fr")
        with Node(fr):  # the recall arrives at a node that serves, with its WAL beside it
            for _ in range(3):
                world.round()
            self.scan(files_of(fr), there, gone)
        self.scan(files_of(fr), there, gone)
        after = {row.leaf: row for row in rows_of(fr)}
        for leaf, row in there.items():
            record = row.head.get("record")
            if record in {one.id for one in gone}:
                self.assertEqual(after[leaf].states, (SEALED, SEALED, PURGED))
            elif record in {one.id for one in kept}:
                self.assertEqual(after[leaf].open, {HEAD, EXACT})
        peers = world.must("peer", "status", "--data", world.dir("msf"), "--json").json["peers"]
        recalls = next(one for one in peers if one["party"] == "fr")["recalls"]
        self.assertEqual({(one["record"], one["outcome"]) for one in recalls},
                         {(one.id, "purged") for one in gone})

    def scan(self, files, there, gone):
        ids = {one.id for one in gone}
        secrets_of = [bit for row in there.values() if row.head.get("record") in ids
                      for bit in (row.keys[EXACT], row.wrapped[28:], row.wrapped[-32:],
                                  re.search(rb'"at":\[[-0-9,]+\]', row.bodies[EXACT])[0])]
        secrets_of += [one.name.encode() for one in gone]
        self.assertEqual(len(secrets_of), 5 * len(gone))
        self.assertIn("entente.db", {str(name) for name in files})
        for name, data in files.items():
            for secret in secrets_of:
                for at in range(0, max(len(secret) - 16, 1), 16):
                    self.assertNotIn(secret[at:at + 16], data, name)


if __name__ == "__main__":
    main()
