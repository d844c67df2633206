# SPDX-License-Identifier: Apache-2.0
"""What happens to what was said: amended, withdrawn, recalled, released late, at random; and how it
travels: some files lie in a pocket and come later than what was written after them."""
from charter_world import PARTIES
from harness import LONG
from shared_book import COARSE, EXACT, HEAD, TORN, others
from shared_world import EXACT_THEMES, TORN_THEMES, SharedWorld

SAYINGS = 60 if LONG else 16
CHANGES = 40 if LONG else 12
WITHDRAWN = (*TORN, "assessment", "responsibility", "control", "link")
TAKEN_BACK = (*WITHDRAWN, "protection", "presence", "request")
VERBS = {"link": "incident-link", "protection": "protect"}


class SharedLife(SharedWorld):
    """The four, and what they do with what they said."""

    def live(self):
        """What they say, first of what others speak of, and what becomes of it."""
        kinds = ["group", "incident", "protection"] + self.rng.choices(
            ("protection", "presence", "report", "report", "report", "incident", "incident",
             "assessment", "responsibility", "link", "group", "position", "control", "request"),
            k=SAYINGS) + ["assessment", "responsibility", "link", "position", "control", "presence"]
        for number, kind in enumerate(kinds):
            getattr(self, kind)(self.rng.choice(PARTIES))
            if number % 5 == 4:
                self.carry()
        self.rounds(1)
        self.change()

    def change(self, times=CHANGES, acts=None):
        acts = acts or (self.amend, self.recall, self.recall, self.withdraw, self.late)
        for number in range(times):
            self.rng.choice(acts)()
            if number % 4 == 3:
                self.carry()
        self.rounds(2)

    def some(self, kinds, fits):
        """One of them, if there is any."""
        found = [one for one in self.book.all if one.kind in kinds and not one.withdrawn
                 and fits(one)]
        return self.rng.choice(found) if found else None

    def verb(self, one, verb, *words):
        self.run(one.author, VERBS.get(one.kind, one.kind), verb, one.id, *words)

    def amend(self):
        one = self.some(("protection", "presence", "report", "incident", "group", "position",
                         "control", "responsibility", "assessment"), lambda _: True)
        if one is None:
            return
        field = "name" if one.kind in ("protection", "presence") else "text"
        text, words = self.words(EXACT_THEMES)
        changed, line = {field: words}, [f"--{field}", text]
        if one.kind in TORN and self.rng.random() < 0.5:
            text, changed["tear"] = self.words(TORN_THEMES)
            line += ["--tear", text]
        self.verb(one, "amend", *line)
        one.versions.append(one.versions[-1] | changed)
        one.noted()

    def recall(self):
        """Of a place its area stays; of a report now and then its tear line."""
        one = self.some(TAKEN_BACK, lambda one: any(
            EXACT in one.slots(party) for party in others(one.author)))
        if one is None:
            return
        party = self.rng.choice([p for p in others(one.author) if EXACT in one.slots(p)])
        coarse = one.kind in ("protection", "presence") or (
            one.kind in TORN and self.rng.random() < 0.5)
        self.run(one.author, "recall", one.id, "--from", party, *(["--coarse"] if coarse else []))
        one.may[party] = {HEAD, COARSE} if coarse else {HEAD}
        one.purged.add(party)
        one.noted()  # the area of a place comes with it

    def withdraw(self):
        one = self.some(WITHDRAWN, lambda _: True)
        if one is not None:
            self.verb(one, "withdraw")
            one.withdrawn = True

    def late(self):
        """To somebody who has none of it, or not all; after a recall, too."""
        one = self.some(TAKEN_BACK, lambda one: any(
            EXACT not in one.slots(party) for party in others(one.author)))
        if one is None:
            return
        party = self.rng.choice([p for p in others(one.author) if EXACT not in one.slots(p)])
        coarse = one.kind in (*TORN, "protection", "presence") and COARSE not in one.slots(party)
        tier = self.rng.choice(("exact", "coarse")) if coarse else "exact"
        self.run(one.author, "release", one.id, "--to", party, "--tier", tier)
        one.give(party, tier)
        one.purged.discard(party)
        one.noted()

    # How it travels.

    def carry(self):
        """Some of what there is to carry: now, or behind what comes after it."""
        pairs = [(source, to) for source in PARTIES for to in others(source)]
        for source, to in self.rng.sample(pairs, 6):
            self.pocket.append(self.pack(source, to))
        self.rng.shuffle(self.pocket)
        keep = self.rng.randrange(4)
        while len(self.pocket) > keep:
            self.unpack(*self.pocket.pop())

    def rounds(self, count):
        self.rng.shuffle(self.pocket)
        while self.pocket:
            self.unpack(*self.pocket.pop())
        pairs = [(source, to) for source in PARTIES for to in others(source)]
        for _ in range(count):
            self.rng.shuffle(pairs)
            for source, to in pairs:
                self.unpack(*self.pack(source, to))
