#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""entente scrub: a changed value in any column of any table is found and named, whether or not the
register still opens; entries and heads are put back from an exported copy, and only if all then
lead to the signed root. Sums and trees are worked out here by code that is not entente's."""
import base64
import hashlib
import random
import re
import shutil
import sqlite3
import sys

from harness import BAD_INPUT, Case, FAILURE, LONG, OK, Register, entente, main, write_csv

ROWS = 300  # more than one bundle
SEED = 11
OTHER = "test.abcdefghijklmnop/exercise/ru"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def row_sum(table, *columns):
    text = b""
    for part in (table, *columns):
        part = part if isinstance(part, bytes) else str(part).encode()
        text += str(len(part)).encode() + b":" + part
    return sha256(text)[:16]


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1", root_of(leaves[:k]), root_of(leaves[k:]))


def add_exchange(path):
    """A mirror of another log and a row in each table of an exchange, as a node writes them."""
    with sqlite3.connect(path / "entente.db") as db:
        own = db.execute("SELECT origin FROM head").fetchone()[0]
        entries = [b"entry %d" % i for i in range(5)]
        root = root_of([sha256(b"\0", entry) for entry in entries])
        db.execute("INSERT INTO head VALUES (?, 5, ?, ?, 1, ?)",
                   (OTHER, root, b"note", row_sum("head", OTHER, 5, root, b"note", 1)))
        db.executemany("INSERT INTO entry VALUES (?, ?, ?)",
                       [(OTHER, i, entry) for i, entry in enumerate(entries)])
        db.execute("INSERT INTO outbox VALUES (3, 'ru', ?, ?)",
                   (b"text", row_sum("outbox", 3, "ru", b"text")))
        label = base64.b64encode(sha256())
        entry = db.execute("SELECT bytes FROM entry WHERE origin = ? AND idx = 9",
                           (own,)).fetchone()[0]
        leaf_hash = base64.b64encode(sha256(b"\0", entry))
        leaf = b"entente/release/v1\n9 " + leaf_hash + b" 1,2 " + label + b"\n"
        db.execute("INSERT INTO release VALUES (?, 'ru', 0, ?, ?)",
                   (own, leaf, row_sum("release", own, "ru", 0, leaf)))
        mark = bytes(range(16))
        db.execute("INSERT INTO cosignature VALUES (?, 5, ?, 'x/witness', 7, ?, ?, ?)",
                   (OTHER, root, b"line",
                    row_sum("cosignature", OTHER, 5, root, "x/witness", 7, b"line", mark), mark))
        db.execute("INSERT INTO local VALUES ('name', ?, ?)",
                   (b"value", row_sum("local", "name", b"value")))
    db.close()


def contents(path):
    """Every row of every table."""
    db = sqlite3.connect(f"file:{path / 'entente.db'}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
                for table in tables}
    finally:
        db.close()


def changed(value, rng):
    """The value with one bit flipped."""
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, str):
        at = rng.randrange(len(value))
        return value[:at] + ("a" if value[at] != "a" else "b") + value[at + 1:]
    flipped = bytearray(value)
    flipped[rng.randrange(len(value))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


# What the finding must speak of, by table.
NAMES = {"head": r"^the head of log|^log |entry .*of log", "entry": r"entry .*of log",
         "body": r"bod(y|ies)", "document": r"^document", "outbox": r"^outbox row",
         "release": r"^release", "cosignature": r"^the cosignature", "local": r"^the local value"}


class Scrub(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(SEED)
        cls.register = Register(cls.folder / "reg")
        rows = write_csv(cls.folder / "rows.csv",
                         [(f"r{i}", f"EXERCISE {i}", "clinic", 31 + i / 1000, 35)
                          for i in range(ROWS)])
        cls.register.must("import", rows, "--yes")
        cls.export = cls.folder / "export"
        cls.register.must("log", "export", cls.export)
        add_exchange(cls.register.path)
        cls.good = contents(cls.register.path)

    def copy(self, name="copy"):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.register.path, path)
        return Register(path)

    def scrub(self, register, *words):
        done = register.run("scrub", *words, "--json")
        return done, done.json if done.out else None

    def sql(self, register, statement, *values):
        db = sqlite3.connect(register.path / "entente.db")
        try:
            with db:
                count = db.execute(statement, values).rowcount
        finally:
            db.close()
        self.assertEqual(count, 1, statement)

    def test_a_good_register(self):
        """nothing is damaged, and everything was read"""
        done, said = self.scrub(self.register)
        self.exits(OK, done)
        self.assertEqual(said["findings"], [], str(done))
        self.assertEqual(said["entries"], len(self.good["entry"]))
        self.assertEqual(said["bodies"], ROWS)
        self.assertEqual(said["logs"], 2)
        self.assertIn("nothing is damaged", self.register.must("scrub").out)
        self.assertEqual(contents(self.register.path), self.good)

    def test_every_column_of_every_table(self):
        """one bit flipped in any value of any table is found and named"""
        register = self.copy()
        db = sqlite3.connect(register.path / "entente.db")
        tables = {table: [column[1] for column in db.execute(f"PRAGMA table_info({table})")]
                  for table in self.good}
        db.close()
        self.assertEqual(set(tables), set(NAMES))
        kept = (register.path / "entente.db").read_bytes()
        tried = 0
        for table, columns in tables.items():
            for number, column in enumerate(columns):
                for _ in range(8 if LONG else 2):
                    row = self.rng.choice(self.good[table])
                    if row[number] in (b"", ""):
                        continue
                    value = changed(row[number], self.rng)
                    where = " AND ".join(f"{name} IS ?" for name in columns)
                    try:
                        self.sql(register, f"UPDATE {table} SET {column} = ? WHERE {where}",
                                 value, *row)
                    except sqlite3.IntegrityError:
                        continue  # there is a row of that key already
                    done, said = self.scrub(register)
                    place = f"{table}.{column} of {row!r:.200}"
                    if done.code == OK:  # a head is written anew from its own signed note
                        self.assertEqual((table, contents(register.path)), ("head", self.good))
                        self.assertTrue(said["findings"][0]["repaired"], place)
                    else:
                        self.assertEqual(done.code, FAILURE, f"{place}\n{done}")
                    self.assertTrue(said, f"{place}\n{done}")
                    rows = [finding["row"] for finding in said["findings"]]
                    self.assertTrue(any(re.search(NAMES[table], name) for name in rows),
                                    f"{place}: {rows}")
                    (register.path / "entente.db").write_bytes(kept)
                    tried += 1
        self.assertGreater(tried, 50)

    def test_any_byte_of_the_file(self):
        """a flipped byte anywhere in the file is found, or no row has changed by it"""
        register = self.copy()
        file = register.path / "entente.db"
        kept = file.read_bytes()
        found = 0
        for _ in range(400 if LONG else 40):
            bad = bytearray(kept)
            bad[self.rng.randrange(len(bad))] ^= 1 << self.rng.randrange(8)
            file.write_bytes(bad)
            done = register.run("scrub", "--json")
            self.assertIn(done.code, (OK, FAILURE), str(done))
            if done.code == FAILURE:
                found += 1
            else:
                self.assertEqual(contents(register.path), self.good)
        self.assertGreater(found, 5)

    def test_entries_are_put_back(self):
        """changed and missing entries come back from an export, to the byte"""
        register = self.copy()
        own = [row for row in self.good["entry"] if row[0] != OTHER]
        for number in (0, 7, 255, 256, len(own) - 1):
            origin, index, value = own[number]
            self.sql(register, "UPDATE entry SET bytes = ? WHERE origin = ? AND idx = ?",
                     changed(value, self.rng), origin, index)
        self.sql(register, "DELETE FROM entry WHERE origin = ? AND idx = 100", own[0][0])
        self.exits(FAILURE, register.run("list"))
        done, said = self.scrub(register)
        self.exits(FAILURE, done)
        done, said = self.scrub(register, "--from", self.export)
        self.exits(OK, done)
        self.assertEqual(len(said["findings"]), 6, str(done))
        for finding in said["findings"]:
            self.assertEqual(finding["repaired"], str(self.export))
        self.assertEqual(contents(register.path), self.good)
        self.exits(OK, register.run("list"))

    def test_the_head_is_put_back(self):
        """a head whose columns, note or row are gone comes back from note, signer or export"""
        own = next(row for row in self.good["head"] if row[0] != OTHER)
        for statement in ("UPDATE head SET size = 3 WHERE origin = ?",
                          "UPDATE head SET root = x'00' WHERE origin = ?",
                          "UPDATE head SET note = x'00' WHERE origin = ?",
                          "UPDATE head SET epoch = 77 WHERE origin = ?",
                          "DELETE FROM head WHERE origin = ?"):
            register = self.copy()
            self.sql(register, statement, own[0])
            done, said = self.scrub(register, "--from", self.export)
            self.exits(OK, done)
            self.assertTrue(said["findings"], statement)
            self.assertEqual(contents(register.path), self.good, statement)

    def test_a_bad_copy(self):
        """nothing is taken from a copy that does not lead to the signed root"""
        register = self.copy()
        own = [row for row in self.good["entry"] if row[0] != OTHER]
        self.sql(register, "UPDATE entry SET bytes = x'00' WHERE origin = ? AND idx = 5", own[0][0])
        before = contents(register.path)
        bad = self.folder / "bad"
        shutil.rmtree(bad, ignore_errors=True)
        shutil.copytree(self.export, bad)
        bundle = bad / "tile/entries/000"
        data = bytearray(bundle.read_bytes())
        data[600] ^= 1
        bundle.write_bytes(data)
        done, said = self.scrub(register, "--from", bad)
        self.exits(FAILURE, done)
        self.assertTrue(any(f["row"] == str(bad) for f in said["findings"]), str(done))
        self.assertEqual(contents(register.path), before)
        # Nor one of somebody else.
        stranger = Register(self.folder / "stranger")
        stranger.must("log", "export", self.folder / "strange")
        done, said = self.scrub(register, "--from", self.folder / "strange")
        self.exits(FAILURE, done)
        self.assertIn("no party's of this charter", done.out)
        self.assertEqual(contents(register.path), before)

    def test_a_body_is_named(self):
        """a damaged body is named with its entry, and no copy of the log can bring it back"""
        register = self.copy()
        origin, index, keys, texts = self.good["body"][17]
        self.sql(register, "UPDATE body SET ciphertexts = ? WHERE origin = ? AND idx = ?",
                 changed(texts, self.rng), origin, index)
        done, said = self.scrub(register, "--from", self.export)
        self.exits(FAILURE, done)
        self.assertEqual([f["row"] for f in said["findings"]],
                         [f"the bodies of entry {index} of log {origin}"])

    def test_files_beside_the_database(self):
        """charter, signer's memory and vault key are looked at as well"""
        for name, row in (("charter.toml", "charter.toml"), ("signer/last", "signer/"),
                          ("keys/vault", "keys/vault")):
            register = self.copy()
            file = register.path / name
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)
            done, said = self.scrub(register)
            self.exits(FAILURE, done)
            self.assertEqual([finding["row"] for finding in said["findings"]][:2], [row])

    def test_what_is_no_register(self):
        """a directory without a database is an error, no finding"""
        done = entente("scrub", "--data", self.folder / "nothing")
        self.assertIn(done.code, (FAILURE, BAD_INPUT), str(done))
        self.assertIn("entente scrub:", done.err)


if __name__ == "__main__":
    sys.exit(main())
