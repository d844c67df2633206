# SPDX-License-Identifier: Apache-2.0
"""What a node that is served answers to its people, compared with what the Book says that they may
see: what they may is there, and what they may not is nowhere."""
import json

from charter_world import PARTIES
from http_node import request
from shared_book import COARSE, EXACT, KINDS, Book
from shared_world import EXACT_THEMES, OPEN_THEMES, SITES, TORN_THEMES

NEVER = "aaaaaaaaaaaaaaaa"
RECORDS = ("protection", "presence")
JSON = ("Content-Type", "application/json")
FORMS = ("application/json", "text/plain", "text/csv", "application/x-ndjson")
OTHER_LISTS = ("receipts", "stuck", "peers", "challenges", "activities", "movements", "objections",
               "stops", "airspace", "about", "approvals", "positions", "subscriptions")


class Reader:
    """A person of one party at its node: what they are answered, and how deep they may read."""

    def __init__(self, node, party, book, name, token):
        self.node, self.party, self.book, self.name, self.token = node, party, book, name, token
        self.exactly = name != "nadia"  # an admin opens no record
        self.mode = "lists" if name == "owner" else "listed"

    def ask(self, method, target, body=None, accept=None):
        headers = [("Host", self.node.host), ("Authorization", f"Bearer {self.token}")]
        headers += [JSON] if body is not None else []
        headers += [("Accept", accept)] if accept else []
        text = None if body is None else json.dumps(body).encode()
        with self.node.connect() as connection:
            connection.send(request(method, target, headers, text))
            return connection.response()

    def text(self, method, target, body=None, accept=None):
        response = self.ask(method, target, body, accept)
        assert response.status == 200, (method, target, response.status, response.body)
        return response.body.decode()

    def json(self, method, target, body=None):
        return json.loads(self.text(method, target, body))

    def bare(self, method, target, one, body=None, accept=None):
        """An answer without what the clock alone makes different, and without the id."""
        response = self.ask(method, target, body, accept)
        kept = sorted(pair for pair in response.headers if pair[0] != "date")
        return repr((response.status, kept, response.body)).replace(one, "ID")


class Answers:
    """Mixed into a test: `self.book` is the Book."""

    book: Book

    def clean(self, reader, text, what, mode=None):
        self.assertEqual(self.book.leaks(reader.party, text, mode or reader.mode), [],
                         (reader.party, reader.name, what))

    def same(self, got, want, *what):
        """Neither more nor less; said with the kinds of what differs."""
        got, want = list(got), set(want)
        self.assertEqual(len(got), len(set(got)), (*what, "something stands there twice", got))
        kinds = {one.id: (one.kind, one.author, one.may) for one in self.book.all}
        less = [(one, kinds.get(one)) for one in want - set(got)]
        more = [(one, kinds.get(one)) for one in set(got) - want]
        self.assertEqual((more, less), ([], []), (*what, "(more, less)"))

    def all_answers(self, reader):
        parts = [self.lists, self.searches, self.areas, self.one_by_one]
        parts += [self.counted, self.joins] if reader.exactly else [self.spoken_of]
        parts += [self.notices] if reader.name != "omar" else []
        for part in parts:
            with self.subTest(party=reader.party, reader=reader.name, part=part.__name__):
                part(reader)

    def lists(self, reader):
        party = reader.party
        for accept in FORMS:
            text = reader.text("GET", "/v1/protections?limit=1000", accept=accept)
            self.clean(reader, text, accept)
            known = {one.id for one in self.book.known(party, RECORDS)}
            ids = {one.id for one in self.book.all if one.kind in RECORDS and one.id in text}
            self.same(ids, known, reader.name, party, accept)
        for kind in KINDS[2:]:
            for withdrawn in (True, False):
                query = f"/v1/statements?limit=1000&kind={kind}" + "&withdrawn=yes" * withdrawn
                text = reader.text("GET", query)
                self.clean(reader, text, query)
                self.same((one["id"] for one in json.loads(text)["statements"]),
                          {one.id for one in self.book.known(party, (kind,), withdrawn)},
                          reader.name, party, query)
        for name in OTHER_LISTS:
            text = reader.text("GET", f"/v1/{name}")
            self.clean(reader, text, name, "open" if reader.exactly else "listed")
        rows = reader.json("GET", "/v1/positions")["positions"]
        self.same((one["id"] for row in rows for one in row["positions"]),
                  {one.id for one in self.book.known(party, ("position",))
                   if EXACT in one.slots(party)}, party, "positions")

    def spoken_of(self, reader):
        """By what a list shows of them: not by what they rest on, nor by what was affected."""
        listed = reader.json("GET", "/v1/statements?limit=1000")["statements"]
        shown = {one["id"]: json.dumps(one.get("said")) for one in listed}
        for of in self.book.known(reader.party):
            got = reader.json("GET", f"/v1/statements?limit=1000&about={of.id}")["statements"]
            self.same((one["id"] for one in got),
                      {one for one, said in shown.items() if of.id in said}, of.kind, of.id)

    def search(self, reader, wish, want, *what, none=None):
        answer = reader.json("POST", "/v1/search", {"limit": 1000} | wish)
        self.assertTrue(answer["complete"])
        self.assertEqual(answer["reading"], "exact" if reader.exactly else "listed")
        self.same((one["id"] for one in answer["hits"]), want, reader.party, reader.name, wish,
                  *what)
        self.assertEqual(answer["total"], len(want), wish)
        for member, count in (none or {}).items():
            self.assertEqual(answer[member], count, (wish, member))
        self.clean(reader, json.dumps(answer["hits"]), wish)
        counted = reader.json("POST", "/v1/search", {"limit": 1} | wish)
        self.assertEqual((counted["total"], counted["next"] is not None),
                         (len(want), len(want) > 1))

    def searches(self, reader):
        """Words of each version of each record, and all other ways to ask."""
        party, book = reader.party, self.book
        words = {word for one in book.all for version in one.versions for field in version
                 for word in version[field] if field not in ("when", "count")}
        self.assertLessEqual({*EXACT_THEMES, *TORN_THEMES, *OPEN_THEMES}, words)
        for word in sorted(words):
            self.search(reader, {"text": word}, book.found(party, word, reader.exactly))
        for word in (*EXACT_THEMES, *TORN_THEMES):
            self.search(reader, {"text": word, "withdrawn": True},
                        book.found(party, word, reader.exactly, True))
            self.search(reader, {"text": f"{word} alder"},
                        book.found(party, word, reader.exactly) &
                        book.found(party, "alder", reader.exactly))
        for kind in KINDS:
            self.search(reader, {"kinds": [kind]}, {one.id for one in book.known(party, (kind,))})
        for other in PARTIES:
            self.search(reader, {"parties": [other]},
                        {one.id for one in book.known(party) if one.author == other})
        for kind, its in (("protection", "hospital"), ("presence", "group_area")):
            self.search(reader, {"classes": [its]}, book.of_class(party, its, reader.exactly) |
                        {one.id for one in book.known(party, (kind,))})
        self.search(reader, {"classes": ["school"]}, set())
        for letter, figure in ("B2", "C3", "E4"):
            fits, none = book.graded(party, letter, figure)
            self.search(reader, {"kinds": ["report", "incident"], "source": letter,
                                 "information": figure}, fits, none={"no_grade": none})
        everything = {one.id for one in book.known(party)}
        for form in ("geojson", "csv"):
            response = reader.ask("POST", "/v1/search", {"limit": 1000, "format": form})
            text = response.body.decode()
            self.clean(reader, text, form)
            self.assertEqual(response.header("entente-total"), str(len(everything)))
            self.same({one.id for one in book.all if one.id in text} - book.named(party) |
                      {one for one in everything if one in text}, everything, form)

    def areas(self, reader):
        """Around each site; and beside it, where the coarse area of others is and no place is."""
        party, book = reader.party, self.book
        placeless = {one.id for one in book.known(party) if not one.placed(party)}
        for site, (lon, lat) in enumerate(SITES):
            at = book.at(party, site)
            self.search(reader, {"area": spot(lon, lat, 300)}, at, none={
                "no_place": len(placeless)})
            self.search(reader, {"area": spot(lon, lat, 300), "text": "alder"},
                        at & book.found(party, "alder", reader.exactly))
            torn = ("report", "incident")
            beside = {one for one in book.at(party, site, torn) if reader.mode == "listed" or
                      one not in {own.id for own in book.all if own.author == party}}
            self.search(reader, {"area": spot(lon, lat + .004, 100), "kinds": list(torn)}, beside)

    def one_by_one(self, reader):
        """What is known is shown; what is not is answered as what was never minted."""
        party = reader.party
        hidden = {one.id for one in self.book.unknown(party)}
        for one in self.book.all:
            record = one.kind in RECORDS
            path = f"/v1/{'protections' if record else 'statements'}/"
            response = reader.ask("GET", path + one.id)
            if one.slots(party) and reader.exactly:
                self.assertEqual(response.status, 200, (party, one.kind, one.id, response.body))
                text = response.body.decode()
                self.clean(reader, text, (one.kind, one.id), "open")
                if not one.withdrawn:
                    for word in one.words(party):
                        self.assertIn(word, text, (party, one.kind, one.id, one.may))
            elif one.id in hidden:
                self.alike(reader, one.id)
            elif not reader.exactly:
                self.assertEqual(response.status, 403)

    def alike(self, reader, one):
        """By each route that takes an id."""
        for path in ("/v1/protections/{}", "/v1/statements/{}", "/v1/corroboration/{}",
                     "/v1/joins/{}", "/v1/joins/{}?within=9000", "/v1/protections/{}/proof",
                     "/v1/challenges/{}", "/v1/statements?about={}", "/v1/receipts?record={}"):
            for accept in ("application/json", "text/csv"):
                got, never = (reader.bare("GET", path.format(name), name, accept=accept)
                              for name in (one, NEVER))
                self.assertEqual(got, never, (reader.party, reader.name, path))
        for method, path, body in (
                ("PATCH", "/v1/statements/{}", {"act": "withdraw"}),
                ("POST", "/v1/statements/{}/reply", {"word": "noted"}),
                ("POST", "/v1/statements", {"kind": "assessment", "said": {
                    "of": "{}", "opinion": "doubts", "grade": "C3", "contact": "x", "text": "x"}}),
                ("POST", "/v1/statements", {"kind": "position", "said": {
                    "group": "{}", "stand": "protected", "contact": "x"}})):
            got, never = (reader.bare(method, path.format(name), name, json.loads(
                json.dumps(body).replace("{}", name))) for name in (one, NEVER))
            self.assertEqual(got, never, (reader.party, reader.name, method, path))

    def counted(self, reader):
        """How many independent lines speak of each incident."""
        for one in self.book.all:
            if one.kind != "incident":
                continue
            lines, reports = self.book.lines(reader.party, one.id)
            response = reader.ask("GET", f"/v1/corroboration/{one.id}")
            if not one.slots(reader.party) and not reports:
                self.assertEqual(response.status, 404)
                continue
            self.clean(reader, response.body.decode(), "corroboration", "open")
            said = json.loads(response.body)
            self.assertEqual((said["independent_lines"], said["reports"], said["closed"]),
                             (lines, reports, 0), (reader.party, one.id))

    def joins(self, reader):
        """Each incident joined to what had been said: rows, to whom, and the time line."""
        party = reader.party
        for one in self.book.all:
            if one.kind != "incident":
                continue
            response = reader.ask("GET", f"/v1/joins/{one.id}")
            if not one.placed(party):
                self.assertEqual(response.status, 404, (party, one.id))
                continue
            self.clean(reader, response.body.decode(), "join", "open")
            said, want = json.loads(response.body), self.book.rows(party, one)
            self.assertEqual({row["record"]: row["coarse"] for row in said["rows"]}, want)
            self.assertEqual(said["rows_total"], len(said["rows"]))
            self.assertEqual(said["coarse"], EXACT not in one.slots(party))
            for row in said["rows"]:
                self.row(party, row, one)
            table = reader.text("GET", f"/v1/joins/{one.id}", accept="text/csv")
            self.clean(reader, table, "join as a table", "open")
            self.assertEqual({line.split(",")[0] for line in table.splitlines()[1:]}, set(want))
            spoken = {line["record"] for line in said["lines"]
                      if line["what"] in ("report", "assessment", "responsibility")}
            every = {of.id for of in self.book.known(party, ("report", "assessment",
                                                             "responsibility"), True)
                     if EXACT in of.slots(party) and one.id == of.about}
            now = {of.id for of in self.book.all if of.id in every and not of.withdrawn}
            self.assertLessEqual(now, spoken)
            self.assertLessEqual(spoken, every)

    def row(self, party, row, incident):
        """To whom it had been told is its author's to know; of others' one knows what one has."""
        of = next(one for one in self.book.all if one.id == row["record"])
        told = {one["party"] for one in row["told"]}
        self.assertEqual(told, of.given if of.author == party else {party}, (party, of.id))
        self.assertEqual(row["stood"], "partly" if incident.live else "later")

    def notices(self, reader):
        """Questions that stand and joins: told is what could be read, and all that can be."""
        text = reader.text("GET", "/v1/notices?limit=1000")
        self.clean(reader, text, "notices", "open" if reader.exactly else "listed")
        board, party = json.loads(text)["notices"], reader.party
        matches = [one for one in board if one["what"] == "match"]
        words = ("alder", "delta") if reader.exactly else ("alder", "fir")
        may, must = set(), set()
        for one in self.book.all:
            # A question is compared with all that a statement says, whichever version came.
            texts = set()
            for number, ever in enumerate(one.ever):
                texts |= one.words(party, reader.exactly, number, ever.get(party, set()))
            if texts & set(words):
                told_of = len(one.ever) + one.withdrawn  # and of the end of what fitted
                may |= {(one.id, number) for number in range(1, told_of + 1)}
            newest = one.words(party, reader.exactly) & set(words)
            if one.author != party and newest and not one.withdrawn:
                must.add((one.id, len(one.versions)))
        told = {(one["record"], one["version"]) for one in matches}
        self.assertEqual(told - may, set(), (party, reader.name, "told of what was not read"))
        self.assertEqual(must - told, set(), (party, reader.name, "not told"))
        joins = [one for one in board if one["what"] == "join"]
        if reader.exactly:
            return self.told_joins(party, joins)
        # How near two places lie, and what an incident names, is nothing that lists show.
        self.assertEqual(joins, [], (party, reader.name, "told of a join"))
        made = reader.ask("POST", "/v1/subscriptions", {"what": ["join"]})
        self.assertEqual(made.status, 403, made.body)

    def told_joins(self, party, joins):
        told = {(one["incident"], one["record"]) for one in joins}
        may, must = set(), set()
        for one in self.book.all:
            if one.kind != "incident" or not one.live:
                continue
            for of in self.book.all:
                if of.kind not in RECORDS or of.site != one.site:
                    continue
                if all(what.ever[-1].get(party, set()) & {COARSE, EXACT} for what in (one, of)):
                    may.add((one.id, of.id))
                if one.placed(party) and of.placed(party) and not one.withdrawn:
                    must.add((one.id, of.id))
        self.assertEqual(told - may, set(), (party, "told of a join that was not seen"))
        self.assertEqual(must - told, set(), (party, "not told of a join"))


def spot(lon, lat, radius):
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"radius_m": radius}}
