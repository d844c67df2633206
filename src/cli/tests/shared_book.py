# SPDX-License-Identifier: Apache-2.0
"""What each party may read of what was said: plain Python, by what the pages of the protocol say
and nothing of the program. A Said is one record with its versions; the Book is all of them, and
says what a search finds, how many lines reports are of, and what a text gives away that it must
not."""
import re

from charter_world import PARTIES
from vault_reader import COARSE, EXACT, HEAD

ALL = {HEAD, COARSE, EXACT}
PLACED = ("protection", "presence", "report", "incident", "control")
TORN = ("report", "incident")
KINDS = ("protection", "presence", "report", "incident", "assessment", "responsibility", "link",
         "group", "position", "control", "request")
# What is read at length or names a source, and so stands in no list; names of one's own places do.
NOT_LISTED = {"text", "place", "line", "object", "basis", "count", "tear"}
IN_BOTH = {"topic", "contact"}  # of what has a coarse body: in that one too
MARK = re.compile(r"x[0-9a-f]{12}y")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
COUNT = re.compile(r"\b\d{9}\b")
ID = re.compile(r"\b[a-z2-7]{16}\b")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NEAR = 2e-4  # degrees: as close as that to a place is the place


class Said:
    """One record: its versions, and who may have what of it."""

    def __init__(self, kind, author, site=None, point=None):
        self.kind, self.author, self.site, self.point = kind, author, site, point
        self.id = None
        self.versions = []  # of each {field: words}
        self.may = {author: ALL}  # by party: slots
        self.ever = []  # of each version {party: slots}: what it may once have read of it
        self.purged = set()  # parties that were to destroy some of it
        self.given = set()  # parties it was released to at any time
        self.withdrawn = False
        self.names = set()  # ids that its exact body has
        self.about = None  # the record that it speaks of
        self.sources = []  # ("line", text) or ("of", id)
        self.grade = None
        self.live = False  # of an incident: whether it is of these hours
        self.struck = None  # and the class of what was struck

    def noted(self):
        """After each act: what may be read now was readable once."""
        while len(self.ever) < len(self.versions):
            self.ever.append({})
        for version in self.ever:
            for party, slots in self.may.items():
                version[party] = version.get(party, set()) | slots

    def give(self, party, tier):
        slots = {HEAD, EXACT} if tier == "exact" else {HEAD, COARSE}
        if self.kind in TORN:
            slots = slots | {COARSE}
        self.may[party] = self.may.get(party, set()) | slots
        self.given.add(party)

    def once(self, party):
        """What it may have had at any time."""
        return set().union(*(version.get(party, set()) for version in self.ever))

    def slots(self, party):
        return self.may.get(party, set())

    def fields(self, party, exactly=True, slots=None):
        """Which members of it a party may read, and where lists alone are read."""
        slots = self.slots(party) if slots is None else slots
        for field in self.versions[-1]:
            torn = field == "tear"
            seen = COARSE in slots if torn else EXACT in slots or (
                COARSE in slots and field in IN_BOTH and self.kind in (*TORN, "protection",
                                                                       "presence"))
            own_name = field != "name" or party == self.author
            if seen and (exactly or (field not in NOT_LISTED and own_name)):
                yield field

    def words(self, party, exactly=True, version=-1, slots=None):
        """Those of one version that a party may find it by."""
        texts = self.versions[version]
        return {word for field in self.fields(party, exactly, slots) for word in texts[field]}

    def placed(self, party):
        if self.kind not in PLACED or self.point is None:
            return False
        return EXACT in self.slots(party) or (COARSE in self.slots(party) and
                                              self.kind != "control")


class Book:
    """All that was said."""

    def __init__(self):
        self.all = []

    def known(self, party, kinds=KINDS, withdrawn=False):
        return [one for one in self.all if one.slots(party) and one.kind in kinds and
                (withdrawn or not one.withdrawn)]

    def unknown(self, party):
        named = self.named(party)
        return [one for one in self.all if not one.slots(party) and one.id not in named]

    def named(self, party):
        """Ids that stand in bodies which a party may read."""
        return {name for one in self.all if EXACT in one.slots(party) for name in one.names}

    def found(self, party, word, exactly=True, withdrawn=False):
        return {one.id for one in self.known(party, withdrawn=withdrawn)
                if word in one.words(party, exactly)}

    def of_class(self, party, name, exactly):
        """Incidents that say in what may be read that such an object was struck."""
        return {one.id for one in self.known(party, ("incident",))
                if exactly and EXACT in one.slots(party) and one.struck == name}

    def at(self, party, site, kinds=KINDS):
        return {one.id for one in self.known(party, kinds)
                if one.site == site and one.placed(party)}

    def graded(self, party, letter, figure):
        """Reports and incidents at least so good, and how many cannot be judged."""
        fits, none = set(), 0
        for one in self.known(party, TORN):
            if not one.slots(party) & {COARSE, EXACT}:
                none += 1
            elif one.grade[0] <= letter and one.grade[1] <= figure:
                fits.add(one.id)
        return fits, none

    def about(self, party, what, kinds):
        return [one for one in self.known(party, kinds)
                if EXACT in one.slots(party) and what in one.names and what == one.about]

    def lines(self, party, what):
        """How many independent lines speak of it, and how many reports, for this reader."""
        counted = [one.id for one in self.about(party, what, ("report",))]
        readable = {one.id: one for one in self.all if EXACT in one.slots(party)}
        named = {}  # by record: its sources, each once; nothing where that cannot be read
        waiting = list(counted)
        while waiting:
            name = waiting.pop()
            one = readable.get(name)
            if name in named or one is None or one.kind not in (*TORN, "responsibility", "control"):
                continue
            named[name] = set(one.sources) or {("author", one.author)}
            waiting += [value for kind, value in named[name] if kind == "of"]

        def end(source):
            """Where it ends if each names one source alone."""
            met = []
            while source[0] == "of" and len(named.get(source[1], ())) == 1:
                if source in met:
                    return "round", min(met[met.index(source):])
                met.append(source)
                source, = named[source[1]]
            return source
        several = {("of", name): {end(one) for one in all_of}
                   for name, all_of in named.items() if len(all_of) > 1}
        ends = {end(("of", name)) for name in counted}
        lines = ends - set(several)
        none = set()  # of several sources, one of which has a line, or adds none either
        while more := {one for one, its in several.items() if its & (lines | none)} - none:
            none |= more
        groups = []
        for one, its in several.items():
            if one in none:
                continue
            joined, groups = [group for group in groups if group & (its | {one})], [
                group for group in groups if not group & (its | {one})]
            groups.append({one, *its}.union(*joined))
        return len(lines) + sum(bool(group & ends) for group in groups), len(counted)

    def rows(self, party, incident):
        """Records that the join of an incident tells a party of: whether coarsely."""
        return {one.id: EXACT not in one.slots(party) for one in self.all
                if one.kind in ("protection", "presence") and one.site == incident.site and
                one.placed(party)}

    def leaks(self, party, text, mode="open"):
        """What a text shows of what its reader may not see: nothing, if all is well. `open`: who
        reads records one by one; `lists`: where lists show one's own exactly; `listed`: where not.
        Lists and exports have no exact place of others, nor what is read at length."""
        out = []
        marks = set(MARK.findall(text)) | set(TIME.findall(text)) | set(COUNT.findall(text))
        named, ids = self.named(party), set(ID.findall(text))
        numbers = [float(one) for one in NUMBER.findall(text)]
        pairs = {}
        for pair in zip(numbers, numbers[1:]):
            pairs.setdefault((round(pair[0], 3), round(pair[1], 3)), []).append(pair)
        for one in self.all:
            deep = mode == "open" or (mode == "lists" and one.author == party)
            may = set(one.fields(party, deep))
            for number, version in enumerate(one.versions, 1):
                out += [(one.kind, one.id, number, field, words & marks)
                        for field, words in version.items() if field not in may and words & marks]
            if one.id in ids and not one.slots(party) and one.id not in named:
                out.append((one.kind, one.id, "its id"))
            placed = EXACT in one.slots(party) and one.kind in PLACED
            if one.point and not (placed and deep) and shows(one.point, numbers, pairs):
                out.append((one.kind, one.id, "its place", one.point))
        return out


def shows(point, numbers, pairs):
    """Whether two numbers, one behind the other, are a place: in degrees or in their ten-millionth
    parts, latitude or longitude first."""
    lon, lat = point
    for a, b in ((lon, lat), (lat, lon)):
        for da in (-.001, 0, .001):
            for db in (-.001, 0, .001):
                key = round(round(a, 3) + da, 3), round(round(b, 3) + db, 3)
                if any(abs(x - a) < NEAR and abs(y - b) < NEAR for x, y in pairs.get(key, ())):
                    return True
        if any(abs(x - a * 1e7) < NEAR * 1e7 and abs(y - b * 1e7) < NEAR * 1e7
               for x, y in zip(numbers, numbers[1:]) if abs(x) > 1000):
            return True
    return False


def others(party):
    return [one for one in PARTIES if one != party]
