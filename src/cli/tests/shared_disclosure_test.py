#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Issue 6, done when 3, of all kinds in one random world: release policies, recalls and late
arrivals, and no export, search, count, join, alert or error discloses what its reader may not see;
what they may see is there. With ENTENTE_LONG=1 larger, and of several seeds."""
import random

from charter_world import PARTIES
from harness import LONG, Case, main
from http_node import Node
from shared_answers import Answers, Reader
from shared_at_rest import AtRest
from shared_book import others
from shared_life import SharedLife

AFTERWARDS = 24 if LONG else 6
SEEDS = range(20261128, 20261128 + (6 if LONG else 1))


class SharedDisclosure(Case, Answers, AtRest):
    def readers(self, world, party, node, names=("owner", "omar", "nadia")):
        for name in names:
            token = node.token if name == "owner" else world.tokens[party, name]
            yield Reader(node, party, world.book, name, token)

    def of_one_world(self, seed):
        world = SharedLife(self.folder / f"{seed}", random.Random(seed))
        self.book = world.book
        world.live()
        told = world.rng.choice(PARTIES)
        for party in PARTIES if LONG else world.rng.sample(PARTIES, 2):
            self.command_line(world, party)
        self.files(world, PARTIES)
        for party in PARTIES if LONG else others(told):
            with Node(world.dir(party)) as node:
                for reader in self.readers(world, party, node):
                    self.all_answers(reader)
        self.served(world, told)
        self.files(world, PARTIES)

    def served(self, world, party):
        """A node that had it all in its index is told of recalls; and is started again."""
        with Node(world.dir(party)) as node:
            for reader in self.readers(world, party, node, ("owner",)):
                reader.text("POST", "/v1/search", {"text": "alder"})
            world.change(AFTERWARDS, (world.recall, world.recall, world.amend, world.late))
            for reader in self.readers(world, party, node):
                self.all_answers(reader)
        with Node(world.dir(party)) as node:
            for reader in self.readers(world, party, node, ("owner", "nadia")):
                self.all_answers(reader)

    def test_no_answer_discloses_what_its_reader_may_not_see(self):
        """of four nodes, at rest, served, told of recalls while served, and started again"""
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.of_one_world(seed)


if __name__ == "__main__":
    main()
