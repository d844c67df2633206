# SPDX-License-Identifier: Apache-2.0
"""Four parties who exchange by file, what they said among them, and what each was meant to have of
it: of places and of what parties know."""
import re
import secrets

from charter_world import PARTIES, World
from harness import LONG, circle, write_json
from vault_reader import COARSE, EXACT, HEAD

RECORDS = 96 if LONG else 8
SLOTS = {"exact": {HEAD, EXACT}, "coarse": {HEAD, COARSE}}


class Book:
    """What each party said, and who may have what of it."""

    def __init__(self, author, name, lon, lat):
        self.author, self.name, self.lon, self.lat = author, name, lon, lat
        self.id = None
        self.may = {}  # by party: slots
        self.recalled = set()  # parties that were to destroy some of it
        self.tear = None  # of a report: what those may read who have it coarsely

    def given(self, to, tier):
        slots = SLOTS[tier] | ({COARSE} if self.tear else set())
        self.may[to] = self.may.get(to, set()) | slots


class Sticks(World):
    """The four, who exchange by file, and what was said among them."""

    def __init__(self, folder, rng):
        super().__init__(folder)
        self.begun()
        self.rng = rng
        self.book = []

    def run(self, party, *words):
        return self.must(*words, "--data", self.dir(party))

    def say(self, author, audience):
        one = Book(author, "EXERCISE " + secrets.token_hex(12), self.rng.uniform(-170, 170),
                   self.rng.uniform(-60, 60))
        said = self.run(author, "protect", "add", "--class", "hospital", "--name", one.name,
                        "--lat", f"{one.lat:.7f}", "--lon", f"{one.lon:.7f}", "--radius-m", 60)
        one.id = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        self.book.append(one)
        for to, tier in audience.items():
            self.release(one, to, tier)
        return one

    def release(self, one, to, tier):
        self.run(one.author, "release", one.id, "--to", to, "--tier", tier)
        one.given(to, tier)

    def report(self, author, audience):
        """What a party knows, with a tear line, to these in the same breath."""
        one = Book(author, "EXERCISE " + secrets.token_hex(12), self.rng.uniform(-170, 170),
                   self.rng.uniform(-60, 60))
        one.tear = "EXERCISE " + secrets.token_hex(12)
        place = write_json(self.folder / "place.geojson", circle(one.lon, one.lat, 40))
        said = self.run(author, "report", "add", "--topic", "EXERCISE", "--text", one.name,
                        "--tear", one.tear, "--volumes", place, "--grade", "C3", "--contact", "x",
                        "--from", "2026-01-01T00:10:00Z", "--until", "2026-01-01T00:20:00Z",
                        *(("--to", ",".join(f"{to}:{tier}" for to, tier in audience.items()))
                          if audience else ()))
        one.id = re.search(r"\b[a-z2-7]{16}\b", said.out).group()
        self.book.append(one)
        for to, tier in audience.items():
            one.given(to, tier)
        return one

    def recall(self, one, party):
        """Of a report now and then all of it; of a place its area stays."""
        whole = one.tear and self.rng.random() < 0.5
        self.run(one.author, "recall", one.id, "--from", party, *(() if whole else ("--coarse",)))
        one.may[party] = {HEAD} if whole else {HEAD, COARSE}
        one.recalled.add(party)

    def amend(self, one):
        one.name = "EXERCISE " + secrets.token_hex(12)
        if one.tear:
            self.run(one.author, "report", "amend", one.id, "--text", one.name)
        else:
            self.run(one.author, "protect", "amend", one.id, "--name", one.name)

    def round(self):
        stick = self.folder / "stick"
        for source in PARTIES:
            for to in PARTIES:
                if source != to:
                    self.run(source, "pack", "--to", to, "--out", stick)
                    self.run(to, "unpack", stick)
                    stick.unlink()

    def random_life(self):
        """Records of random parties to random audiences, some of it changed later."""
        for _ in range(RECORDS):
            author = self.rng.choice(PARTIES)
            tiers = {party: self.rng.choice(("exact", "coarse", None))
                     for party in PARTIES if party != author}
            made = self.say if self.rng.random() < 0.5 else self.report
            made(author, {party: tier for party, tier in tiers.items() if tier})
        self.round()
        for one in self.book:
            luck = self.rng.random()
            held = [party for party, slots in one.may.items() if EXACT in slots]
            if luck < 0.25:
                self.amend(one)
            elif luck < 0.5 and held:
                self.recall(one, self.rng.choice(held))
            elif luck < 0.75:
                for party in PARTIES:
                    if party != one.author and EXACT not in one.may.get(party, set()):
                        self.release(one, party, "exact")
                        break
        for _ in range(3):
            self.round()
