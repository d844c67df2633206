#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 4, at the command line: one flipped byte anywhere in an exported log or in the stored
log and vault is found and named, and proofs hold by code that is not entente's."""
import base64
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys

from harness import Case, FAILURE, OK, ROOT, Register, entente, main, write_csv

ROWS = 700  # two full bundles and hash tiles, one partial of each, and the tile above them
SEED = 4


def sha256(data):
    return hashlib.sha256(data).digest()


def root_from_proof(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2: the root that an inclusion proof leads to."""
    fn, sn, node = index, size - 1, leaf
    for step in path:
        if sn == 0:
            raise ValueError("the proof is too long")
        if fn & 1 or fn == sn:
            node = sha256(b"\x01" + step + node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = sha256(b"\x01" + node + step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the proof is too short")
    return node


class Flip(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(SEED)
        cls.register = Register(cls.folder / "reg")
        rows = [(f"r{i}", f"Place {i}", "clinic", f"{i % 90}.5", f"{i % 180}.25")
                for i in range(ROWS)]
        cls.register.must("import", write_csv(cls.folder / "list.csv", rows), "--yes")
        cls.out = cls.folder / "log"
        cls.register.must("log", "export", cls.out)
        cls.vkey = cls.register.must("log", "vkey").out.strip()

    def audit(self):
        return entente("log", "verify", "--tiles", self.out, "--vkey", self.vkey)

    def test_the_export_verifies_by_two_programs(self):
        """entente and tools/verify_tiles.py, which shares no code with it"""
        self.exits(OK, self.audit())
        other = subprocess.run([sys.executable, str(ROOT / "tools/verify_tiles.py"), str(self.out),
                                self.vkey], capture_output=True, text=True, check=False)
        self.assertEqual(other.returncode, 0, other.stdout + other.stderr)

    def test_a_flipped_byte_in_any_exported_file_is_found_and_named(self):
        """every file of the log, three bytes of each: exit 1, and the message names the file"""
        paths = [self.out / "checkpoint",
                 *sorted(p for p in (self.out / "tile").rglob("*") if p.is_file())]
        kinds = {str(path.relative_to(self.out)).split("/")[1] if path.parent != self.out
                 else "checkpoint" for path in paths}
        self.assertEqual(kinds, {"checkpoint", "0", "1", "entries"})
        for path in paths:
            whole = path.read_bytes()
            for _ in range(3):
                at = self.chance.randrange(len(whole))
                bad = bytearray(whole)
                bad[at] ^= 1 << self.chance.randrange(8)
                path.write_bytes(bad)
                name = str(path.relative_to(self.out))
                done = self.refused(self.audit(), FAILURE)
                self.assertIn(name, done.err, f"byte {at} of {name}")
            path.write_bytes(whole)
        for path in paths:
            whole = path.read_bytes()
            path.write_bytes(whole[:-1])
            self.assertIn(str(path.relative_to(self.out)), self.refused(self.audit(), FAILURE).err)
            path.unlink()
            self.assertNotEqual(self.audit().code, OK)
            path.write_bytes(whole)
        self.exits(OK, self.audit())

    def flip_in_database(self, table, column, row):
        """A copy of the register with one byte changed; (copy, which byte)."""
        path = self.folder / "copy"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.register.path, path)
        with sqlite3.connect(path / "entente.db") as db:
            row_key = "origin" if table == "head" else "hash" if table == "document" else "idx"
            key, value = db.execute(f"SELECT {row_key}, {column} FROM {table} ORDER BY {row_key}"
                                    " LIMIT 1 OFFSET ?", (row,)).fetchone()
            bad = bytearray(value)
            at = self.chance.randrange(len(bad))
            bad[at] ^= 1 << self.chance.randrange(8)
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {row_key} = ?", (bytes(bad), key))
        db.close()
        return Register(path), at

    def test_a_flipped_byte_in_the_store_is_found_and_named(self):
        """entry, head, body and document rows: log verify fails and names what is wrong"""
        for table, column, rows in (("entry", "bytes", 702), ("body", "wrapped_keys", 700),
                                    ("body", "ciphertexts", 700), ("head", "note", 1),
                                    ("head", "root", 1), ("document", "bytes", 1)):
            for _ in range(4):
                row = self.chance.randrange(rows)
                copy, at = self.flip_in_database(table, column, row)
                done = copy.run("log", "verify")
                where = f"{table}.{column} row {row} byte {at}"
                self.assertEqual(done.code, FAILURE, f"{where}: {done}")
                word = table if table in ("head", "document") else "entry"
                self.assertRegex(done.err.lower(), rf"{word}|checkpoint|signature", done)
                if table == "document":
                    self.assertRegex(done.err, rf"document .*at byte {at}:", where)
                if table in ("entry", "body"):
                    number = row if table == "entry" else row + 2
                    self.assertIn(f"entry {number}", done.err, f"{table}.{column}: {done}")
                self.assertEqual(copy.run("check", self.plan()).code, FAILURE,
                                 "a check believed a damaged register")

    def plan(self):
        path = self.folder / "plan.geojson"
        path.write_text('{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},'
                        '"properties":{"radius_m":10}}')
        return path

    def test_proofs_hold_by_other_code(self):
        """log prove: the C2SP .tlog-proof leads from the entry's bytes to the signed root"""
        entries = self.entries()
        listed = self.register.must("list", "--format", "csv").out.splitlines()[1:]
        for line in self.chance.sample(listed, 8):
            record = line.split(",")[0]
            path = self.folder / "it.tlog-proof"
            self.register.must("log", "prove", record, "--out", path)
            lines = path.read_text(encoding="utf-8").split("\n")
            self.assertEqual(path.read_text(encoding="utf-8"),
                             self.register.must("log", "prove", record).out)
            self.assertEqual(lines[0], "c2sp.org/tlog-proof@v1")
            self.assertTrue(lines[1].startswith("index "))
            gap = lines.index("")
            index = int(lines[1].split()[1])
            hashes = [base64.b64decode(text, validate=True) for text in lines[2:gap]]
            origin, size, root = lines[gap + 1:gap + 4]
            self.assertEqual(origin, self.vkey.split("+")[0])
            leaf = sha256(b"\x00" + entries[index])
            self.assertEqual(root_from_proof(leaf, index, int(size), hashes),
                             base64.b64decode(root))
            shown = self.register.must("show", record, "--json").json["history"]
            self.assertEqual(shown[-1]["leaf"], base64.b64encode(leaf).decode())

    def entries(self):
        out = []
        top = self.out / "tile/entries"
        for name in ("000", "001", f"002.p/{(ROWS + 2) % 256}"):
            data = (top / name).read_bytes()
            while data:
                length = int.from_bytes(data[:2], "big")
                out.append(data[2:2 + length])
                data = data[2 + length:]
        return out


if __name__ == "__main__":
    main()
