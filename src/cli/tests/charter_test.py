#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A charter of several parties with the finished program: drafted, signed by all, adopted, amended;
what is refused; keys listed, rotated and taken away. Hashes and signatures are worked out here once
more, with Python's hashlib and the openssl command."""
import base64
import hashlib
import json
import re
import shutil
import subprocess

from charter_world import PARTIES, World
from harness import BAD_INPUT, Case, FAILURE, OK, Register, entente, main


def charter_hash(text):
    """What doc/protocol/charter.md says, not what the program says."""
    cut = text.index("\n[signatures]\n") + 1
    return hashlib.sha256(b"entente/charter/v1\n" + text[:cut].encode()).digest()


class Charter(Case):
    def world(self, **options):
        return World(self.folder / self._testMethodName, **options)

    # -- the first version --

    def test_from_a_draft_to_four_logs(self):
        """new, init --charter, add, sign, verify, adopt; then each log takes statements"""
        world = self.world()
        shown = self.exits(OK, entente("charter", "show", world.charter)).out
        for words in ("EXERCISE: moscow-", "ru           RU", "https://127.0.0.1:8712",
                      "Points of difference", "3 of 4 signatures", "1 h", "3 of 3 other mirrors",
                      "missing       fr, ru, msf, un", "not complete"):
            self.assertIn(words, shown)
        for number, party in enumerate(PARTIES):
            self.exits(FAILURE, entente("charter", "verify", world.charter))
            self.refused(entente("charter", "adopt", world.charter, "--data", world.dir("fr")),
                          FAILURE, party, "not signed")
            world.sign(world.charter, party)
            seen = entente("charter", "verify", world.charter, "--json").json
            self.assertEqual(seen["complete"], number == 3)
            self.assertEqual(sorted(seen["signed"]), sorted(PARTIES[:number + 1]))
        self.exits(OK, entente("charter", "verify", world.charter))
        text = world.charter.read_text()
        self.assertEqual(seen["hash"], base64.b64encode(charter_hash(text)).decode())
        world.adopt(world.charter, *PARTIES)
        for party in PARTIES:
            register = Register(world.dir(party))
            self.assertEqual(register.head()[0], 2)
            register.must("protect", "add", "--class", "hospital", "--lat", "10", "--lon", "20")
            # The statement, and among others a beat beside it.
            self.assertEqual(register.head()[0], 4)
            vkey = register.must("log", "vkey").out.strip()
            self.assertEqual(vkey, re.search(rf'log = "(.*/exercise/{party}\+.*)"', text)[1])
            self.assertEqual((world.dir(party) / "charter.toml").read_text(), text)

    def test_signatures_are_those_of_the_openssl_command(self):
        """the four signatures in the file verify by openssl over prefix and hash"""
        world = self.world()
        world.sign(world.charter, *PARTIES)
        text = world.charter.read_text()
        message = world.folder / "message"
        message.write_bytes(b"entente/v1/charter\n" + charter_hash(text))
        for party in PARTIES:
            part = text[text.index(f'\nid = "{party}"'):]
            root = base64.b64decode(re.search(r'\nroot = "(.*)"', part)[1])
            signature = base64.b64decode(
                re.search(rf'\n{party} = "(.*)"', text[text.index("\n[signatures]\n"):])[1])
            # The DER of an Ed25519 public key (RFC 8410).
            (world.folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + root)
            (world.folder / "signature").write_bytes(signature)
            done = subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                 world.folder / "key", "-in", message, "-sigfile", world.folder / "signature"],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done)

    def test_a_changed_card_is_not_signed(self):
        """sign refuses a charter in which the own card was changed, and somebody else's charter"""
        world = self.world()
        text = world.charter.read_text()
        world.charter.write_text(text.replace("https://127.0.0.1:8712", "https://127.0.0.1:9999"))
        world.sign(world.charter, "fr")
        self.refused(entente("charter", "sign", world.charter, "--data", world.dir("ru")),
                      BAD_INPUT, "card of ru", "changed")
        other = self.folder / "other.toml"
        world.must("charter", "new", "--name", "other", "--out", other)
        self.refused(entente("charter", "add", other, world.card("fr")), BAD_INPUT, "moscow-")
        self.refused(entente("charter", "add", world.charter, world.card("ru")), BAD_INPUT,
                      "is signed")
        self.refused(entente("charter", "sign", other, "--data", world.dir("fr")), BAD_INPUT,
                      "names no party")

    def test_two_texts_of_one_version_are_not_signed_unasked(self):
        """sign remembers: a second text of version 1 needs --again, the same one does not"""
        world = self.world()
        world.sign(world.charter, "fr", "fr")
        text = world.charter.read_text()
        head = text[:text.index("\n[signatures]\n") + 1]
        rival = self.folder / "rival.toml"
        rival.write_text(head.replace("quorum = 3", "quorum = 2") + "[signatures]\n")
        sign = ("charter", "sign", rival, "--data", world.dir("fr"))
        self.refused(entente(*sign), BAD_INPUT, "another text of version 1", "convict")
        self.assertNotIn("fr =", rival.read_text())
        self.exits(OK, entente(*sign, "--again"))

    def test_a_changed_byte_is_refused_by_verify_and_adopt(self):
        """every changed byte of a signed charter: refused, and no log is made"""
        world = self.world()
        world.sign(world.charter, *PARTIES)
        good = world.charter.read_bytes()
        bad = self.folder / "bad.toml"
        for place in range(0, len(good), len(good) // 60):
            changed = bytearray(good)
            changed[place] ^= 1
            bad.write_bytes(bytes(changed))
            done = entente("charter", "verify", bad)
            self.assertIn(done.code, (FAILURE, BAD_INPUT), f"byte {place}: {done}")
        done = entente("charter", "adopt", bad, "--data", world.dir("fr"))
        self.assertIn(done.code, (FAILURE, BAD_INPUT), str(done))
        self.assertFalse((world.dir("fr") / "entente.db").exists())

    def test_adopt_goes_on_after_a_crash(self):
        """cut off before charter.toml, before the database, after it: the same call again"""
        world = self.world()
        world.sign(world.charter, *PARTIES)
        adopt = ("charter", "adopt", world.charter, "--data", world.dir("fr"))
        (world.dir("fr") / "entente.db").write_bytes(b"")  # made, and nothing written
        self.exits(OK, entente(*adopt))
        register = Register(world.dir("fr"))
        head = register.head()
        (world.dir("fr") / "charter.toml").unlink()  # as before the last step
        self.exits(OK, entente(*adopt))
        self.assertEqual(register.head(), head)
        self.assertIn("already", self.exits(OK, entente(*adopt)).out)
        self.assertEqual(register.head(), head)
        # Keys of another party do not begin a log in its name.
        shutil.copy(world.dir("ru") / "keys" / "mirror", world.dir("msf") / "keys" / "mirror")
        self.refused(entente("charter", "adopt", world.charter, "--data", world.dir("msf")),
                      BAD_INPUT, "mirror key of msf")

    def test_without_a_log_verbs_say_what_to_do(self):
        """list and check in a directory with keys and no log name charter adopt"""
        world = self.world()
        self.refused(entente("list", "--data", world.dir("fr")), BAD_INPUT, "charter adopt")
        self.refused(entente("init", "--data", world.dir("fr"), "--party", "fr", "--name", "F",
                              "--charter", world.charter), BAD_INPUT, "not empty")

    # -- later versions --

    def test_a_quorum_amends_and_each_log_adopts(self):
        """three of four sign version 2; each adopts it once"""
        world = self.world().begun()
        second = world.amended()
        self.refused(entente("charter", "adopt", second, "--data", world.dir("fr")), FAILURE,
                      "0 parties", "quorum is 3")
        world.sign(second, "fr", "ru")
        self.refused(entente("charter", "adopt", second, "--data", world.dir("fr")), FAILURE,
                      "2 parties", "quorum is 3")
        self.refused(entente("charter", "verify", second), BAD_INPUT, "--previous")
        seen = entente("charter", "verify", second, "--previous", world.charter, "--json").json
        self.assertEqual((seen["votes"], seen["votes_needed"], seen["complete"]), (2, 3, False))
        world.sign(second, "un")
        self.exits(OK, entente("charter", "verify", second, "--data", world.dir("msf")))
        for party in PARTIES:
            register = Register(world.dir(party))
            before = register.head()[0]
            world.adopt(second, party)
            self.assertEqual(register.head()[0], before + 1)
            self.assertIn("already", entente("charter", "adopt", second, "--data",
                                             world.dir(party)).out)
            self.assertEqual(register.head()[0], before + 1)
            register.must("protect", "add", "--class", "school", "--lat", "1", "--lon", "2")
        self.refused(entente("charter", "adopt", world.charter, "--data", world.dir("fr")),
                      BAD_INPUT, "does not follow")

    def test_an_amendment_cut_off_goes_on(self):
        """the log has adopted version 2, charter.toml is still 1: said so, and adopt mends it"""
        world = self.world().begun()
        second = world.amended()
        world.sign(second, "fr", "ru", "un")
        world.adopt(second, "fr")
        shutil.copy(world.charter, world.dir("fr") / "charter.toml")
        done = entente("list", "--data", world.dir("fr"))
        self.refused(done, FAILURE, "adopts version 2", "charter adopt")
        size = Register(world.dir("ru")).head()[0]
        world.adopt(second, "fr")
        self.assertEqual(Register(world.dir("fr")).head()[0], size + 1)

    def test_a_rival_version_is_not_adopted(self):
        """two different versions 2, both with a quorum: who adopted one does not take the other"""
        world = self.world().begun()
        one = world.amended("one.toml")
        other = world.amended("other.toml", ("quorum = 3", "quorum = 2"))
        world.sign(one, "fr", "ru", "un")
        for party in ("ru", "msf", "un"):
            words = ("charter", "sign", other, "--data", world.dir(party))
            if party != "msf":
                self.refused(entente(*words), BAD_INPUT, "another text of version 2")
                words += ("--again",)
            self.exits(OK, entente(*words))
        world.adopt(one, "fr")
        self.refused(entente("charter", "adopt", other, "--data", world.dir("fr")), BAD_INPUT,
                      "does not follow")

    def test_who_joins_signs_and_reads_back_to_the_first_version(self):
        """a fifth party with a sponsor: card, signature, adoption with --previous"""
        world = self.world().begun()
        second = self.folder / "joined.toml"
        world.must("charter", "amend", world.charter, "--out", second)
        world.must("init", "--data", world.dir("icrc"), "--party", "icrc", "--name", "ICRC",
                   "--charter", second, "--sponsor", "un", "--relay", "fr", "--officers", 1)
        world.must("charter", "add", second, world.card("icrc"))
        self.assertIn("sponsored by un", entente("charter", "show", second).out)
        world.sign(second, "fr", "ru", "un")
        self.refused(entente("charter", "adopt", second, "--data", world.dir("fr")), FAILURE,
                      "icrc", "joins")
        world.must("charter", "sign", second, "--data", world.dir("icrc"), "--previous",
                   world.charter)
        world.adopt(second, "fr")
        adopt = ("charter", "adopt", second, "--data", world.dir("icrc"))
        self.refused(entente(*adopt), BAD_INPUT, "version 1", "needed")
        self.exits(OK, entente(*adopt, "--previous", world.charter))
        register = Register(world.dir("icrc"))
        register.must("protect", "add", "--class", "camp", "--lat", "1", "--lon", "2")
        self.assertEqual(register.head()[0], 4)

    def test_a_party_alone_amends_its_solo_charter(self):
        """init without --charter as ever; amend, sign, adopt its next version"""
        register = Register(self.folder / "alone")
        charter = register.path / "charter.toml"
        self.assertNotIn("[stop]", charter.read_text())
        second = self.folder / "alone-2.toml"
        self.exits(OK, entente("charter", "amend", charter, "--out", second))
        second.write_text(second.read_text().replace("reduce_delay_s = 0", "reduce_delay_s = 60"))
        self.exits(OK, entente("charter", "sign", second, "--data", register.path))
        self.exits(OK, entente("charter", "adopt", second, "--data", register.path))
        self.assertEqual(register.head()[0], 3)
        self.assertIn("reduce_delay_s = 60", charter.read_text())

    # -- policy and keys --

    def test_the_policy_names_the_others_mirrors(self):
        """charter policy: log, three mirrors, 3 of them, quorum"""
        world = self.world()
        lines = self.exits(OK, entente("charter", "policy", world.charter, "--party",
                                       "ru")).out.splitlines()
        words = [line.split() for line in lines if not line.startswith("#")]
        self.assertEqual([one[0] for one in words],
                         ["log", "witness", "witness", "witness", "group", "quorum"])
        self.assertTrue(words[0][1].split("+")[0].endswith("/exercise/ru"))
        self.assertEqual(words[4], ["group", "mirrors", "3", "mirror-fr", "mirror-msf",
                                    "mirror-un"])
        self.refused(entente("charter", "policy", world.charter, "--party", "us"), BAD_INPUT,
                      "us")

    def test_an_officer_is_rotated_added_and_taken_away(self):
        """key rotate|add|revoke officer: key list says who signs from where to where"""
        world = self.world().begun()
        register = Register(world.dir("fr"))
        root = ("--root", world.root("fr"))

        def officers():
            keys = entente("key", "list", "--data", register.path, "--json").json
            return [key for key in keys if key["role"] == "officer"]
        first, = officers()
        self.assertEqual((first["entry"], first["from"], first["name"]), (1, 2, "fr officer 1"))
        self.exits(OK, entente("key", "rotate", "--data", register.path, "officer", "--name",
                               "A. Martin", *root))
        old, new = officers()
        self.assertEqual((old["key"], old["until"]), (first["key"], 2))
        self.assertEqual((new["name"], new["from"]), ("A. Martin", 3))
        self.exits(OK, entente("key", "add", "--data", register.path, "--name", "B. Leroy", "--out",
                               self.folder / "leroy.key", *root))
        self.assertEqual((self.folder / "leroy.key").stat().st_mode & 0o777, 0o600)
        self.refused(entente("key", "revoke", "--data", register.path, "officer", *root),
                      BAD_INPUT, "2 keys", "--key")
        self.exits(OK, entente("key", "revoke", "--data", register.path, "officer", "--key",
                               officers()[2]["key"], *root))
        self.assertEqual(officers()[2]["until"], 5)
        self.refused(entente("key", "add", "--data", register.path, "--name", "X", "--out",
                              self.folder / "x.key", "--root", world.root("ru")), BAD_INPUT,
                      "not the root key")
        self.refused(entente("key", "rotate", "--data", register.path, "log", "--root",
                             world.root("ru")), BAD_INPUT, "not the root key")

    def test_a_key_of_the_charter_is_rotated_by_its_next_version(self):
        """key rotate mirror: announced, waits, and is in its place once the version is adopted"""
        world = self.world().begun()
        folder = world.dir("fr")
        before = (folder / "keys" / "mirror").read_text()
        self.exits(OK, entente("key", "rotate", "--data", folder, "mirror", "--root",
                               world.root("fr")))
        waiting = (folder / "keys" / "mirror.next").read_text()
        self.assertEqual((folder / "keys" / "mirror").read_text(), before)
        second = self.folder / "rotated.toml"
        world.must("charter", "amend", world.charter, "--out", second)
        world.must("charter", "add", second, world.card("fr"))
        world.sign(second, "ru", "msf", "un")
        self.refused(entente("charter", "adopt", second, "--data", world.dir("ru")), FAILURE,
                      "fr", "card is changed")
        world.sign(second, "fr")
        world.adopt(second, *PARTIES)
        self.assertEqual((folder / "keys" / "mirror").read_text(), waiting)
        self.assertFalse((folder / "keys" / "mirror.next").exists())

    def test_so_many_officers_as_the_card_says(self):
        """--officers 2: two keys, one of them to be handed over, both in the log"""
        world = self.world(officers=2).begun()
        folder = world.dir("fr")
        self.assertTrue((folder / "offline" / "officer-2").exists())
        keys = entente("key", "list", "--data", folder, "--json").json
        self.assertEqual([key["name"] for key in keys if key["role"] == "officer"],
                         ["fr officer 1", "fr officer 2"])
        self.assertEqual({key["role"] for key in keys},
                         {"log", "witness", "mirror", "sealing", "channel", "duty", "officer"})
        secrets = [path.read_text() for path in (folder / "keys").iterdir()]
        self.assertEqual(len(set(secrets)), len(secrets))
        self.assertEqual(json.loads(json.dumps(keys)), keys)


if __name__ == "__main__":
    main()
