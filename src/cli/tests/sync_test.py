#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asking the other parties now, over TLS with the finished program: by a node that is served and by
the verb alone, and what is said of who could not be asked."""
import re

from charter_world import World
from harness import (BAD_INPUT, CONFLICT, Case, FAILURE, INCOMPLETE, circle, entente, main,
                     write_json)
from http_node import Node

AT = (36.3, 33.5)


def quiet(directory):
    """Settings of a node that listens on a free port and asks nobody by itself for an hour."""
    (directory / "entente.toml").write_text('peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')


def by_party(answer):
    return {one["party"]: one for one in answer["peers"]}


class Sync(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        for party in ("fr", "ru", "msf", "un"):
            quiet(cls.world.dir(party))
        cls.plan = write_json(cls.folder / "plan.geojson", circle(*AT, 300))
        said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                        AT[1], "--lon", AT[0], "--radius-m", 60, of="msf")
        record = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        cls.must("release", record, "--to", "fr", "--tier", "exact", of="msf")
        cls.must("release", record, "--to", "ru", "--tier", "coarse", of="msf")

    @classmethod
    def run_of(cls, *words, of):
        return entente(*words, "--data", cls.world.dir(of))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def know(self, of, **nodes):
        for party, node in nodes.items():
            self.must("peer", "add", party, "--address", node.peer_address, of=of)

    def test_1_list_names_parties_addresses_and_keys(self):
        listed = by_party(self.must("peer", "list", "--json", of="fr").json)
        self.assertEqual(set(listed), {"ru", "msf", "un"})
        self.assertEqual(listed["ru"]["address"], "https://127.0.0.1:8712")
        self.assertFalse(listed["ru"]["here"])
        shown = self.must("charter", "show", self.world.charter, of="fr").out
        self.assertIn(listed["ru"]["root"], shown)
        self.assertEqual(len({one["channel"] for one in listed.values()}), 3)

    def test_2_add_knows_an_address_and_nothing_else(self):
        self.must("peer", "add", "ru", "--address", "https://ru.example.org:9", "--relay", "msf",
                  of="un")
        self.assertIn("https://ru.example.org:9 (here)", self.must("peer", "list", of="un").out)
        self.must("peer", "add", "ru", "--forget", of="un")
        self.assertNotIn("(here)  ", self.must("peer", "list", of="un").out)
        for words, says in (
                (("de", "--address", "https://a:1"), "the charter's matter"),
                (("un", "--address", "https://a:1"), "no other party"),
                (("ru", "--address", "http://a:1"), "https"),
                (("ru", "--address", 'https://a:1"'), "https"),
                (("ru", "--relay", "ru"), "no party that can relay"),
                (("ru",), "--address or --relay")):
            self.refused(self.run_of("peer", "add", *words, of="un"), BAD_INPUT, says)
        (self.world.dir("un") / "peers.toml").write_text('[ru]\naddres = "https://a:1"\n')
        self.refused(self.run_of("peer", "list", of="un"), BAD_INPUT, "line 2", "addres")
        (self.world.dir("un") / "peers.toml").unlink()

    def test_3_without_a_node_sync_asks_by_itself_and_ends(self):
        with Node(self.world.dir("msf")) as msf:
            self.know("fr", msf=msf)
            came = by_party(self.must("sync", "msf", "--json", of="fr").json)
            self.assertEqual(set(came), {"msf"})
            self.assertEqual(came["msf"]["releases"], 1)
            self.assertGreater(came["msf"]["entries"], 3)
            self.assertNotIn("trouble", came["msf"])
            self.exits(CONFLICT, self.run_of("check", self.plan, of="fr"))
            again = self.must("sync", "msf", of="fr").out
            self.assertIn("0 new releases; nothing of it is missing", again)
        # Nobody serves now.
        done = self.refused(self.run_of("sync", of="fr"), FAILURE, "msf", "asking again")
        self.assertIn("unreachable", done.out)

    def test_4_a_served_node_asks_when_it_is_told_and_says_how_it_went(self):
        with Node(self.world.dir("msf")) as msf:
            self.know("ru", msf=msf)
            with Node(self.world.dir("ru")) as ru:
                self.know("msf", ru=ru)
                came = by_party(self.must("sync", "msf", "--json", of="ru").json)
                self.assertTrue(came["msf"]["asked"])
                # It asked at its start as well: which of the two brought it does not matter.
                self.assertEqual(came["msf"].get("missing"), None)
                checked = self.exits(INCOMPLETE, self.run_of("check", self.plan, of="ru"))
                self.assertIn("1 coarse area", checked.out)
                self.exits(FAILURE, self.run_of("sync", "un", of="ru"))
                status = by_party(self.must("peer", "status", "--json", of="ru").json)
                self.assertTrue(status["msf"]["contact"]["reachable"])
                self.assertNotIn("trouble", status["msf"]["contact"])
                self.assertEqual(status["msf"]["contact"]["url"], msf.peer_address)
                trouble = status["un"]["contact"]["trouble"]
                self.assertEqual(trouble["code"], "unreachable")
                self.assertGreaterEqual(status["un"]["contact"]["failures"], 1)
                shown = self.must("peer", "status", of="ru").out
                self.assertIn("un was not reached: unreachable: ", shown)
                self.assertIn("asked again by", shown)
            # What ru acknowledges is known once msf asks; it learnt ru's address too late to.
        with Node(self.world.dir("ru")) as ru:
            self.know("msf", ru=ru)
            self.must("sync", "ru", of="msf")
            receipts = self.must("receipts", "--json", of="msf").json["receipts"]
            self.assertIn(("ru", "opened"), {(one["from"], one["rung"]) for one in receipts})

    def test_5_who_shows_another_key_than_the_charter_has_is_nobody(self):
        with Node(self.world.dir("msf")) as msf:
            self.know("fr", ru=msf)  # msf answers where ru should be
            done = self.exits(FAILURE, self.run_of("sync", "ru", of="fr"))
            self.assertIn("wrong_key", done.out)
            self.must("peer", "add", "ru", "--forget", of="fr")
        key = self.world.dir("un") / "keys" / "channel"
        own = key.read_bytes()
        key.write_bytes((self.world.dir("msf") / "keys" / "channel").read_bytes())
        done = self.refused(self.run_of("serve", "--listen", "127.0.0.1:0", of="un"), BAD_INPUT,
                            "channel key", "put the right one back")
        key.write_bytes(own)

    def test_6_says_what_it_does_not_know(self):
        self.refused(self.run_of("sync", "de", of="fr"), BAD_INPUT, "no other party 'de'")
        solo = self.folder / "solo"
        self.world.must("init", "--data", solo, "--party", "x", "--name", "X")
        self.refused(entente("sync", "--data", solo), BAD_INPUT, "no other party")
        self.assertEqual(self.world.must("peer", "list", "--data", solo, "--json").json["peers"],
                         [])


if __name__ == "__main__":
    main()
