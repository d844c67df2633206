#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A newer version of the charter that one party has adopted reaches the others, over the network
and by stick: kept, verified, shown, and never adopted by itself. Until all have adopted it, the
stricter of two limits holds (PROTOCOL 8)."""
import json

from charter_world import PARTIES, World
from harness import BAD_INPUT, Case, entente, main
from http_node import Node


class News(Case):
    def setUp(self):
        self.world = World(self.folder / self._testMethodName).begun()
        for party in PARTIES:
            (self.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')

    def must(self, *words, of):
        return self.world.must(*words, "--data", self.world.dir(of))

    def amend(self, edit=("policy_distance_m = 500", "policy_distance_m = 100")):
        """Version 2, adopted by msf alone."""
        second = self.world.amended(edit=edit)
        self.world.sign(second, "fr", "ru", "msf")
        self.world.adopt(second, "msf")
        return second

    def proposal(self, party):
        return self.world.dir(party) / "charters" / "proposed-2.toml"

    def distance(self, party):
        """The policy distance that the node of this party goes by."""
        with Node(self.world.dir(party)) as node:
            return json.loads(node.ask("GET", "/v1/about").body)["policy_distance_m"]

    def carry(self, source, to):
        stick = self.world.folder / f"{source}-{to}.pack"
        stick.unlink(missing_ok=True)
        self.must("pack", "--to", to, "--out", stick, of=source)
        return entente("unpack", stick, "--data", self.world.dir(to))

    def test_over_the_network(self):
        second = self.amend()
        with Node(self.world.dir("msf")) as msf:
            self.must("peer", "add", "msf", "--address", msf.peer_address, of="fr")
            self.assertFalse(self.proposal("fr").exists())
            self.must("sync", "msf", of="fr")
            with msf.connect() as connection:
                connection.send(msf.request("GET", "/peer/v1/charter"))
                self.assertEqual(connection.response().status, 404)  # not at the people's door
        self.assertEqual(self.proposal("fr").read_bytes(), second.read_bytes())
        status = self.must("peer", "status", "--json", of="fr").json
        self.assertEqual(status["charter"]["version"], 1)
        self.assertEqual([one["version"] for one in status["charter"]["waiting"]], [2])
        for words in (("peer", "status"), ("charter", "show", self.world.charter), ("doctor",)):
            said = entente(*words, "--data", self.world.dir("fr"))
            self.assertIn("version 2 of the charter was adopted by others", said.out, str(said))
            self.assertIn("entente charter adopt", said.out)
        self.assertIn("msf goes by version 2", self.must("peer", "status", of="fr").out)
        self.must("charter", "adopt", self.proposal("fr"), of="fr")
        said = self.must("doctor", of="fr").out
        self.assertNotIn("adopted by others", said)
        self.assertEqual(self.must("peer", "status", "--json", of="fr").json["charter"]["waiting"],
                         [])

    def test_by_stick_and_the_stricter_limit_holds_until_all_have_adopted(self):
        second = self.amend()
        self.exits(0, self.carry("msf", "fr"))
        self.assertEqual(self.proposal("fr").read_bytes(), second.read_bytes())
        self.assertEqual(self.distance("msf"), 500)
        self.assertEqual(self.distance("fr"), 500)
        self.world.adopt(second, "fr", "ru", "un")
        self.assertEqual(self.distance("fr"), 500, "it has not heard that ru and un adopted")
        for source in ("ru", "un"):
            self.exits(0, self.carry(source, "fr"))
        self.assertEqual(self.distance("fr"), 100)

    def test_of_two_texts_of_a_version_neither_is_adopted(self):
        """fr, ru and msf sign one, fr, ru and un another; msf adopts the first and un the second"""
        first = self.amend()
        other = self.world.amended("other.toml", ("policy_distance_m = 500",
                                                  "policy_distance_m = 700"))
        self.refused(entente("charter", "sign", other, "--data", self.world.dir("ru")), BAD_INPUT,
                     "--again")
        for party in ("fr", "ru", "un"):
            again = () if party == "un" else ("--again",)
            self.world.must("charter", "sign", other, *again, "--data", self.world.dir(party))
        self.world.adopt(other, "un")
        for source in ("msf", "un", "un"):  # the second one's text is asked for once it is known
            self.exits(0, self.carry(source, "fr"))
        said = self.must("peer", "status", of="fr").out
        self.assertIn("ru did signed_rivals", said)
        self.assertIn("un did other_charter", said)
        self.assertNotIn("un did signed_rivals", said)
        for file in (first, other):
            self.refused(entente("charter", "adopt", file, "--data", self.world.dir("fr")),
                         BAD_INPUT, "two texts", "version 1 stands")
        self.assertEqual(self.distance("fr"), 700, "the strictest of all that may hold somewhere")
        rival = list((self.world.dir("fr") / "charters").glob("rival-*.toml"))
        self.assertEqual([file.read_bytes() for file in rival], [other.read_bytes()])
        said = entente("charter", "verify", self.proposal("fr"), "--rival", rival[0], "--previous",
                       self.world.charter)
        self.exits(1, said)
        self.assertIn("fr, ru", said.out)
        self.must("charter", "adopt", first, "--despite-rivals", of="fr")
        self.assertEqual(self.distance("fr"), 700, "until all have left both behind")

    def test_a_stricter_version_binds_who_has_only_heard_of_it(self):
        self.amend(("policy_distance_m = 500", "policy_distance_m = 900"))
        self.exits(0, self.carry("msf", "fr"))
        self.assertEqual(self.distance("fr"), 900)

    def test_what_too_few_signed_is_kept_nowhere(self):
        """msf signed alone: its own node does not adopt it, and nobody hears of it"""
        second = self.world.amended()
        self.world.sign(second, "msf")
        self.refused(entente("charter", "adopt", second, "--data", self.world.dir("msf")), 1,
                     "quorum")
        self.exits(0, self.carry("msf", "fr"))
        self.assertFalse(self.proposal("fr").exists())
        self.refused(entente("charter", "show", self.folder / "none", "--data",
                             self.world.dir("fr")), BAD_INPUT)


if __name__ == "__main__":
    main()
