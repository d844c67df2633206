#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""entente backup and restore: what is in a backup and what is not, that a damaged one is refused,
that nothing is overwritten, and that a restored node answers and signs nothing (PROTOCOL 26,
30)."""
import fcntl
import hashlib
import shutil
import sys

from harness import BAD_INPUT, Case, FAILURE, OK, Register, entente, main, write_csv


class Backup(Case):
    def setUp(self):
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.register = Register(self.folder / "reg")
        rows = write_csv(self.folder / "rows.csv",
                         [(f"r{i}", f"EXERCISE {i}", "clinic", 31 + i / 1000, 35)
                          for i in range(30)])
        self.register.must("import", rows, "--yes")
        self.out = self.folder / "backup"

    def restore(self, name="back"):
        path = self.folder / name
        self.exits(OK, entente("restore", "--data", path, self.out))
        return Register(path)

    def add(self, register):
        return register.run("protect", "add", "--class", "clinic", "--name", "EXERCISE one more",
                            "--lat", "31", "--lon", "35", "--radius-m", "50")

    def test_what_is_in_it(self):
        """log, bodies, charter, keys; neither the vault key nor the signer, and it says so"""
        done = self.register.must("backup", self.out)
        for word in ("signer/", "keys/vault", "not in it"):
            self.assertIn(word, done.out)
        names = {str(path.relative_to(self.out)) for path in self.out.rglob("*") if path.is_file()}
        self.assertLessEqual({"SHA256SUMS", "charter.toml", "entente.db", "keys/officer", "vkey"},
                             names)
        self.assertFalse([name for name in names if "signer" in name or "offline" in name], names)
        self.assertNotIn("keys/vault", names)
        vault = (self.register.path / "keys/vault").read_text().split()[-1]
        log_key = (self.register.path / "signer/key").read_text().strip()
        for path in self.out.rglob("*"):
            if not path.is_file():
                continue
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
            self.assertNotIn(vault.encode(), path.read_bytes())
            self.assertNotIn(log_key.encode(), path.read_bytes())
        listed = dict(reversed(line.split("  ")) for line in
                      (self.out / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(set(listed), names - {"SHA256SUMS"})
        for name, digest in listed.items():
            self.assertEqual(hashlib.sha256((self.out / name).read_bytes()).hexdigest(), digest)

    def test_it_comes_back(self):
        """with the vault key put back it lists the same; without it says what is missing"""
        self.register.must("backup", self.out)
        back = self.restore()
        self.refused(back.run("list"), FAILURE, "keys/vault")
        shutil.copy(self.register.path / "keys/vault", back.path / "keys/vault")
        self.assertEqual(back.must("list", "--format", "geojson").out,
                         self.register.must("list", "--format", "geojson").out)
        self.assertEqual(back.head(), self.register.head())
        self.assertIn("nothing is damaged", back.must("scrub").out)

    def test_the_vault_key_when_asked_for(self):
        """--with-vault-key makes a copy that can be read, and says so"""
        done = self.register.must("backup", self.out, "--with-vault-key")
        self.assertIn("whoever has this directory can read", done.out)
        back = self.restore()
        self.assertEqual(back.must("list", "--format", "geojson").out,
                         self.register.must("list", "--format", "geojson").out)

    def test_it_signs_nothing(self):
        """a restored node answers and refuses to sign, and says who can end that"""
        self.register.must("backup", self.out, "--with-vault-key")
        back = self.restore()
        before = back.files()
        self.refused(self.add(back), FAILURE, "signing is halted", "restored", "peers", "successor")
        after = back.files()
        after.pop("lock", None)
        self.assertEqual(after, before)
        back.must("list")
        self.assertIn("halted", back.run("doctor").out)
        # With the signer's directory as it was, it is the register that it was.
        shutil.rmtree(back.path / "signer")
        shutil.copytree(self.register.path / "signer", back.path / "signer")
        self.exits(OK, self.add(back))

    def test_an_old_one_signs_nothing(self):
        """an old backup with the newest signer is halted: the log has gone on"""
        self.register.must("backup", self.out, "--with-vault-key")
        self.exits(OK, self.add(self.register))
        back = self.restore()
        shutil.rmtree(back.path / "signer")
        shutil.copytree(self.register.path / "signer", back.path / "signer")
        self.refused(self.add(back), FAILURE, "signing is halted", "another time")
        # The log key alone, put back without its memory, is not enough either.
        (back.path / "signer/last").unlink()
        self.refused(self.add(back), FAILURE, "signing is halted", "remembers nothing")

    def test_nothing_is_overwritten(self):
        """neither a backup nor a register"""
        self.register.must("backup", self.out)
        self.refused(self.register.run("backup", self.out), BAD_INPUT, "not empty")
        before = self.register.files()
        self.refused(entente("restore", "--data", self.register.path, self.out), BAD_INPUT,
                     "not empty")
        self.assertEqual(self.register.files(), before)
        self.refused(entente("restore", "--data", self.folder / "new", self.folder / "none"),
                     BAD_INPUT, "SHA256SUMS")
        self.assertFalse((self.folder / "new").exists())

    def test_a_damaged_one_is_refused(self):
        """one changed byte in any file of it, or a name that leads out of it"""
        self.register.must("backup", self.out)
        for path in sorted(self.out.rglob("*")):
            if not path.is_file() or path.name == "SHA256SUMS":
                continue
            good = path.read_bytes()
            bad = bytearray(good)
            bad[len(bad) // 3] ^= 1
            path.write_bytes(bad)
            self.refused(entente("restore", "--data", self.folder / "new", self.out), FAILURE,
                         path.name)
            self.assertFalse((self.folder / "new").exists())
            path.write_bytes(good)
        sums = self.out / "SHA256SUMS"
        good = sums.read_text()
        outside = hashlib.sha256((self.folder / "rows.csv").read_bytes()).hexdigest()
        for name in ("../rows.csv", "keys/../../rows.csv", str(self.folder / "rows.csv")):
            sums.write_text(good + f"{outside}  {name}\n")
            self.refused(entente("restore", "--data", self.folder / "new", self.out), BAD_INPUT,
                         "a line that backup never writes")
        sums.write_text(good)
        self.restore("new")

    def test_while_somebody_writes(self):
        """a register that is in use is not copied"""
        with (self.register.path / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(self.register.run("backup", self.out), FAILURE, "in use")
            self.refused(self.register.run("scrub"), FAILURE, "in use")
        self.assertFalse((self.out / "SHA256SUMS").exists())


if __name__ == "__main__":
    sys.exit(main())
