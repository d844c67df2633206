# SPDX-License-Identifier: Apache-2.0
"""Four parties who say all kinds of things to random audiences, amend, withdraw, recall and release
late, and whose files are carried late and in any order. What each may read of it the Book knows."""
import secrets
from datetime import datetime, timedelta, timezone

from charter_world import PARTIES, World
from harness import circle, write_json
from shared_book import ID, TORN, Book, Said, others

EXACT_THEMES = ("alder", "birch", "cedar")  # words of several texts, none the beginning of another
TORN_THEMES = ("delta", "ebony")
OPEN_THEMES = ("fir", "grove")
SITES = [(12.1023, 41.2027), (48.3028, 33.5032), (-70.4073, -12.6078)]
APART = .0006  # degrees between two places of one site: in one cell, and never taken for another
LINES = ("AFP, 2015-11-14", "EXERCISE a witness", "EXERCISE radar")
QUESTIONS = (("alder",), ("delta",), ("alder", "nadia"), ("fir", "nadia"))
ROLES = {"nadia": "admin", "omar": "planner"}


def mark():
    return f"x{secrets.token_hex(6)}y"


def clock(hours, minutes=0, seconds=0):
    at = datetime.now(timezone.utc) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class SharedWorld(World):
    """The four and their sticks, some of which lie in a pocket for a while."""

    def __init__(self, folder, rng):
        super().__init__(folder)
        self.begun()
        self.rng, self.book, self.pocket, self.sticks = rng, Book(), [], 0
        self.slots = [self.rng.sample(range(36), 36) for _ in SITES]
        self.tokens, self.counts = {}, 100_000_000
        for party in PARTIES:
            (self.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
            for name, role in ROLES.items():
                self.run(party, "person", "add", name, "--role", role)
                made = self.run(party, "token", "new", name, "--person", name, "--role", role)
                self.tokens[party, name] = made.out.strip()
            for theme, *person in QUESTIONS:
                self.run(party, "subscribe", "add", "--name", theme, "--text", theme,
                         *(("--person", *person) if person else ()))
            self.run(party, "subscribe", "add", "--what", "join")
            self.run(party, "subscribe", "add", "--person", "nadia")  # of everything

    def run(self, party, *words):
        return self.must(*words, "--data", self.dir(party))

    def pack(self, source, to):
        self.sticks += 1
        stick = self.folder / f"{self.sticks}.pack"
        self.run(source, "pack", "--to", to, "--out", stick)
        return to, stick

    def unpack(self, to, stick):
        self.run(to, "unpack", stick)
        stick.unlink()

    def held(self, author, kinds):
        """One that its author may speak of, brought to them first; nothing if there is none."""
        found = self.book.known(author, kinds)
        one = self.rng.choice(found) if found else None
        if one is not None and one.author != author:
            self.unpack(*self.pack(one.author, author))
        return one

    # What is said.

    def words(self, themes):
        """A word of its own and one that others have too."""
        one, theme = mark(), self.rng.choice(themes)
        return f"EXERCISE {one} {theme}", {one, theme}

    def texts(self, **flags):
        """Flags of the program, and what the members have that they state."""
        line, fields = [], {}
        for field, (flag, form, themes) in flags.items():
            text, fields[field] = self.words(themes)
            line += [flag, form.format(text)]
        return line, fields

    def time_of(self, one):
        """Its hours: around now or long ago, to the second, which only exact bodies have."""
        seconds = self.rng.randrange(3600 * 9)
        since = clock(-10, 0, seconds) if one.live else f"2015-10-03T{self.odd()}Z"
        until = clock(2, 0, seconds) if one.live else f"2015-10-04T{self.odd()}Z"
        for when in (since, until):
            if when[14:19] == "00:00":
                return self.time_of(one)
        return ["--from", since, "--until", until], {since[:19], until[:19]}

    def odd(self):
        return ":".join(f"{self.rng.randrange(*span):02}" for span in ((24,), (60,), (1, 60)))

    def audience(self, author, one):
        coarse = one.kind in (*TORN, "protection", "presence")
        tiers = {party: self.rng.choice(("exact", "coarse" if coarse else "exact", None))
                 for party in others(author)}
        return {party: tier for party, tier in tiers.items() if tier}

    def said(self, one, line, fields):
        audience = self.audience(one.author, one)
        to = ["--to", ",".join(f"{p}:{tier}" for p, tier in audience.items())] if audience else []
        verb = {"link": "incident-link", "protection": "protect"}.get(one.kind, one.kind)
        done = self.run(one.author, verb, "add", *line, *to)
        one.id = next(word for word in ID.findall(done.out) if word not in one.names)
        one.versions.append(fields)
        for party, tier in audience.items():
            one.give(party, tier)
        one.noted()
        self.book.all.append(one)
        return one

    def new(self, kind, author, placed=True):
        if not placed:
            return Said(kind, author)
        site = self.rng.randrange(len(SITES))
        (lon, lat), (east, north) = SITES[site], divmod(self.slots[site].pop(), 6)
        point = (round(lon + APART * (east - 2.5) + self.rng.uniform(-.00005, .00005), 7),
                 round(lat + APART * (north - 2.5) + self.rng.uniform(-.00005, .00005), 7))
        return Said(kind, author, site, point)

    def place_of(self, one):
        return ["--volumes", write_json(self.folder / "place.geojson", circle(*one.point, 40))]

    def protection(self, author):
        one = self.new("protection", author)
        line, fields = self.texts(name=("--name", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", OPEN_THEMES))
        return self.said(one, [*line, "--class", "hospital", "--lat", one.point[1], "--lon",
                               one.point[0], "--radius-m", 60], fields)

    def presence(self, author):
        one, group = self.new("presence", author), self.held(author, ("group",))
        if group is None:
            return self.group(author)
        line, fields = self.texts(name=("--name", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", OPEN_THEMES))
        one.names = {group.id}
        return self.said(one, [*line, "--group", group.id, "--grade", "B2", "--at",
                               f"{one.point[1]},{one.point[0]}", "--radius", 900, "--from",
                               clock(-1), "--until", clock(100)], fields)

    def sources(self, one):
        """Of a report or an incident: a line that others have too, another's statement, or none."""
        out = []
        of = self.held(one.author, ("report",)) if self.rng.random() < 0.4 else None
        if self.rng.random() < 0.7:
            line = self.rng.choice(LINES)
            one.sources.append(("source", line))
            out += ["--sources", f"kind=media;line={line};grade=B2"]
        if of is not None:
            one.sources.append(("of", of.id))
            one.names.add(of.id)
            out += ["--sources", f"kind=party;of={of.id}"]
        return out

    def report(self, author):
        one = self.new("report", author)
        line, fields = self.texts(
            topic=("--topic", "{}", OPEN_THEMES), text=("--text", "{}", EXACT_THEMES),
            place=("--place", "{}", EXACT_THEMES), contact=("--contact", "{}", OPEN_THEMES),
            graded_by=("--graded-by", "{}", OPEN_THEMES), tear=("--tear", "{}", TORN_THEMES))
        about = self.held(author, ("incident",)) if self.rng.random() < 0.8 else None
        if about is not None:
            one.about = about.id
            one.names.add(one.about)
            line += ["--about", one.about]
        return self.stated(one, line, fields)

    def incident(self, author):
        one = self.new("incident", author)
        one.live = self.rng.random() < 0.6
        one.struck = "hospital"
        line, fields = self.texts(
            topic=("--sort", "{}", OPEN_THEMES), text=("--text", "{}", EXACT_THEMES),
            place=("--place", "{}", EXACT_THEMES), contact=("--contact", "{}", OPEN_THEMES),
            object=("--objects", "name={};what=" + one.struck + ";damage=destroyed", EXACT_THEMES),
            tear=("--tear", "{}", TORN_THEMES))
        self.counts += self.rng.randrange(1, 9999)
        basis, fields["basis"] = self.words(EXACT_THEMES)
        fields["count"] = {str(self.counts)}
        line += ["--casualties", f"category=civilian;harm=killed;least=0;best={self.counts};"
                 f"basis={basis}"]
        return self.stated(one, line, fields)

    def stated(self, one, line, fields):
        """What reports and incidents have alike."""
        when, fields["when"] = self.time_of(one)
        one.grade = self.rng.choice(("B2", "C3", "E4"))
        return self.said(one, [*line, *when, *self.sources(one), *self.place_of(one), "--grade",
                               one.grade], fields)

    def of_incident(self, author, kind, *more, **flags):
        """What somebody says of an incident that they were told of."""
        one, of = self.new(kind, author, placed=False), self.held(author, ("incident",))
        if of is None:
            return self.incident(author)
        line, fields = self.texts(text=("--text", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES), **flags)
        one.about, one.names = of.id, {of.id}
        return self.said(one, ["--of", of.id, *more, *line], fields)

    def assessment(self, author):
        return self.of_incident(author, "assessment", "--opinion", "doubts", "--grade", "D4",
                                graded_by=("--graded-by", "{}", EXACT_THEMES))

    def responsibility(self, author):
        return self.of_incident(author, "responsibility", "--stance", "attributes",
                                whom=("--whom", "name={}", EXACT_THEMES))

    def request(self, author):
        one, of = self.new("request", author, placed=False), self.held(author, ("report",))
        if of is None:
            return self.report(author)
        line, fields = self.texts(text=("--text", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES))
        one.about, one.names = of.id, {of.id}
        return self.said(one, ["--of", of.id, *line], fields)

    def link(self, author):
        one = self.new("link", author, placed=False)
        pair = [self.held(author, ("incident",)) for _ in range(2)]
        if pair[0] is None or pair[0] is pair[1]:
            return self.incident(author)
        line, fields = self.texts(text=("--text", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES))
        one.names = {pair[0].id, pair[1].id}
        return self.said(one, ["--incident", pair[0].id, "--other", pair[1].id, "--relation",
                               "part_of", *line], fields)

    def group(self, author):
        one = self.new("group", author, placed=False)
        line, fields = self.texts(names=("--names", "text={};language=en", EXACT_THEMES),
                                  text=("--text", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES))
        return self.said(one, line, fields)

    def position(self, author):
        one, group = self.new("position", author, placed=False), self.held(author, ("group",))
        if group is None:
            return self.group(author)
        line, fields = self.texts(text=("--text", "{}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES))
        one.about, one.names = group.id, {group.id}
        return self.said(one, ["--group", group.id, "--stand",
                               self.rng.choice(("protected", "not_protected")), *line], fields)

    def control(self, author):
        one = self.new("control", author)
        line, fields = self.texts(area=("--area", "{}", EXACT_THEMES),
                                  text=("--text", "{}", EXACT_THEMES),
                                  holder=("--holder", "name={}", EXACT_THEMES),
                                  contact=("--contact", "{}", EXACT_THEMES))
        return self.said(one, [*line, *self.place_of(one), "--grade", "C3"], fields)
