#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an author says that another party can see (`--as`) is what that party's own node shows and
answers, byte for byte, through releases at every tier, a new version and a recall; asked of a node
that is served and of the verb alone."""
import json
import math
import re

from charter_world import World
from harness import (BAD_INPUT, CAUTION, CONFLICT, Case, OK, circle, entente, main,
                     write_json)
from http_node import Node, request

SITES = [(36.3, 33.5), (36.5, 33.5), (36.7, 33.5), (36.9, 33.5)]
OTHERS = ("fr", "ru", "un")
MAPS = [(zoom, *at) for zoom, sites in ((3, SITES[:1]), (9, SITES), (13, SITES)) for at in sites]


def tile_path(zoom, lon, lat):
    """The tile of Web Mercator that a position is in."""
    side = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"/v1/tiles/{zoom}/{int((lon + 180) / 360 * side)}/{int(y * side)}.mvt"


def filled(path, record):
    """A path of the description with something in each of its places."""
    for name, value in (("id", record), ("z", "9"), ("x", "307"), ("y", "206"),
                        ("approval", record), ("path", "0/000"), ("origin", "0" * 64)):
        path = path.replace("{%s}" % name, value)
    return path


class ViewAs(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.folder / "world").begun()
        for party in ("fr", "ru", "msf", "un"):
            (cls.world.dir(party) / "entente.toml").write_text(
                'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n')
        cls.records = []
        for lon, lat in SITES:
            said = cls.must("protect", "add", "--class", "hospital", "--name", "EXERCISE", "--lat",
                            lat, "--lon", lon, "--radius-m", 60, "--contact", "desk", of="msf")
            cls.records.append(re.search(r"\b[a-z2-7]{16}\b", said.out).group())
        one, two, three, _ = cls.records
        for record, to, tier in ((one, "fr", "exact"), (two, "fr", "coarse"),
                                 (three, "fr", "exact"), (one, "ru", "coarse"),
                                 (two, "ru", "exact")):
            cls.must("release", record, "--to", to, "--tier", tier, of="msf")
        cls.must("protect", "amend", one, "--buffer-m", 900, of="msf")
        cls.plans = [write_json(cls.folder / f"plan-{n}.geojson", circle(*at, 300))
                     for n, at in enumerate(SITES)]

    @classmethod
    def run_of(cls, *words, of):
        return entente(*words, "--data", cls.world.dir(of))

    @classmethod
    def must(cls, *words, of):
        return cls.world.must(*words, "--data", cls.world.dir(of))

    def shared(self):
        """Everybody asks msf what there is, and msf everybody what became of it."""
        with Node(self.world.dir("msf")) as msf:
            for party in OTHERS:
                self.must("peer", "add", "msf", "--address", msf.peer_address, of=party)
                self.must("sync", "msf", of=party)
        for party in OTHERS:
            with Node(self.world.dir(party)) as node:
                self.must("peer", "add", party, "--address", node.peer_address, of="msf")
                self.must("sync", party, of="msf")

    def same(self):
        for party in OTHERS:
            own = self.must("list", "--json", of=party).json["features"]
            seen = self.must("list", "--json", "--as", party, of="msf").json["features"]
            self.assertEqual(sorted(map(json.dumps, seen)), sorted(map(json.dumps, own)), party)
            ids = {one["id"] for one in own}
            for record in self.records:
                shown = self.run_of("show", record, "--json", of=party)
                seen = self.run_of("show", record, "--json", "--as", party, of="msf")
                self.assertEqual((seen.code, seen.out), (shown.code, shown.out))
                self.assertEqual(shown.code == OK, record in ids)
            for plan in self.plans:
                there = self.run_of("check", plan, "--json", of=party).json
                here = self.run_of("check", plan, "--json", "--as", party, of="msf").json
                for member in ("findings", "findings_total", "nearby", "nearby_total"):
                    self.assertEqual(here[member], there[member], party)
                self.assertEqual(here["as_of"]["shown_to"]["party"], party)
                self.assertNotIn("sources", here["as_of"])
                # What the other knows of third parties is its own to say.
                silent = {"never_heard", "stale", "missing_releases"}
                self.assertEqual([one for one in here["reasons"]],
                                 [one for one in there["reasons"] if one["code"] not in silent])

    def test_1_it_is_what_the_others_nodes_show_and_answer(self):
        self.shared()
        self.same()
        with Node(self.world.dir("msf")):
            self.same()
        verdicts = [[self.run_of("check", plan, "--as", party, of="msf").code
                     for plan in self.plans] for party in OTHERS]
        self.assertEqual(verdicts, [[CONFLICT, CAUTION, CONFLICT, OK], [CAUTION, CONFLICT, OK, OK],
                                    [OK, OK, OK, OK]])

    def test_2_and_after_a_recall(self):
        one = self.records[0]
        self.must("recall", one, "--from", "fr", "--coarse", of="msf")
        # Until fr has answered it may show it.
        self.exits(CONFLICT, self.run_of("check", self.plans[0], "--as", "fr", of="msf"))
        self.shared()
        self.shared()
        self.exits(CAUTION, self.run_of("check", self.plans[0], "--as", "fr", of="msf"))
        self.same()

    def test_3_says_whose_view_it_is_and_what_that_party_has_acknowledged(self):
        done = self.run_of("check", self.plans[0], "--as", "ru", of="msf")
        self.assertRegex(done.out, r"\AAs ru can see what msf released to it, and nothing else "
                                   r"\(\d+ releases, \d+ acknowledged\):\nCAUTION")
        self.assertIn("is no evidence that nothing is there", done.out)
        shown = self.must("show", self.records[1], "--as", "fr", of="msf").out
        self.assertIn("in_force, coarse\n", shown)  # once is enough
        self.assertIn(" an area around ", shown)
        listed = self.must("list", "--as", "un", of="msf").out
        self.assertIn("0 of 0 records", listed)
        self.assertIn("as un can see what was released to it", listed)

    def test_4_who_is_no_other_party_has_no_view(self):
        for verb in (("list",), ("show", self.records[0]), ("check", self.plans[0])):
            self.refused(self.run_of(*verb, "--as", "de", of="msf"), BAD_INPUT,
                         "no other party 'de'", "fr, ru, un")
            self.refused(self.run_of(*verb, "--as", "msf", of="msf"), BAD_INPUT, "this party")
        solo = self.folder / "solo"
        self.world.must("init", "--data", solo, "--party", "x", "--name", "X")
        self.refused(entente("list", "--as", "y", "--data", solo), BAD_INPUT, "no other party")

    def test_5_an_id_that_was_not_released_is_as_one_that_never_was(self):
        never = "a" * 16
        answers = [self.run_of("show", record, "--as", "un", of="msf")
                   for record in (self.records[0], never)]
        self.assertEqual(answers[0].code, answers[1].code)
        self.assertEqual(answers[0].err.replace(self.records[0], never), answers[1].err)

    def test_6_exact_bodies_that_are_shown_so_are_in_the_audit(self):
        with Node(self.world.dir("msf")):
            self.must("show", self.records[2], "--as", "fr", "--reason", "what fr has", of="msf")
            read = self.must("audit", "list", "--json", of="msf").out
        self.assertIn("what fr has", read)
        self.assertIn(self.records[2], read)

    def test_7_the_map_is_what_the_others_maps_show(self):
        paths = [tile_path(*at) for at in MAPS]
        with Node(self.world.dir("msf")) as msf:
            own = [msf.ask("GET", path).body for path in paths]
            seen = {}
            for party in OTHERS:
                tiles = [msf.ask("GET", f"{path}?as={party}") for path in paths]
                self.assertEqual({tile.status for tile in tiles}, {200})
                seen[party] = tiles
                with Node(self.world.dir(party)) as theirs:
                    for path, tile in zip(paths, tiles):
                        there = theirs.ask("GET", path)
                        self.assertEqual((tile.body, tile.header("etag")),
                                         (there.body, there.header("etag")), f"{party} {path}")
            bodies = {party: [tile.body for tile in tiles] for party, tiles in seen.items()}
            self.assertFalse(any(bodies["un"]), "nothing was released to un")
            self.assertTrue(any(bodies["fr"]) and any(bodies["ru"]))
            # What a browser has kept of one view stands for no other view.
            for party, tag, status in (("fr", seen["fr"][0], 304), ("ru", seen["fr"][0], 200),
                                       ("un", seen["fr"][0], 200)):
                again = msf.ask("GET", f"{paths[0]}?as={party}", None,
                                [("If-None-Match", tag.header("etag"))])
                self.assertEqual(again.status, status, party)
            # And looking at others' maps changes nothing of one's own.
            self.assertEqual([msf.ask("GET", path).body for path in paths], own)

    def test_8_whatever_is_read_knows_as_or_refuses_it_by_name(self):
        with Node(self.world.dir("msf")) as node:
            described = json.loads(node.ask("GET", "/openapi.json").body)["paths"]
            knowing = set()
            for path, methods in described.items():
                if "get" not in methods:
                    continue
                ask = filled(path, self.records[2])
                self.assertNotIn("{", ask, "a place that this test does not know")
                taken = any(one.get("$ref", "").endswith("/As")
                            for one in methods["get"].get("parameters", []))
                for party in ("fr", "de"):
                    answer = node.ask("GET", f"{ask}?as={party}")
                    said = answer.body.decode("utf-8", "replace")
                    if taken and party == "fr":
                        self.assertEqual(answer.status, 200, f"{path}: {said}")
                        knowing.add(path)
                        continue
                    self.assertEqual(answer.status, 400, f"{path}: {said}")
                    self.assertIn("no other party 'de'" if taken else "`as`", said, path)
            self.assertEqual(knowing, {"/v1/protections", "/v1/protections/{id}",
                                       "/v1/tiles/{z}/{x}/{y}.mvt"})
            about = json.loads(node.ask("GET", "/v1/about").body)
            self.assertEqual(about["others"], [{"party": party, "name": party.upper()}
                                               for party in OTHERS])

    def test_9_words_and_boxes_search_that_view_and_the_rights_are_the_same(self):
        """a name is in the exact body alone, which no list of another party's view has"""
        box = ",".join(map(str, (SITES[2][0] - .1, 33.4, SITES[2][0] + .1, 33.6)))
        data = self.world.dir("msf")
        for person, role in (("ada", "admin"), ("paul", "planner")):
            self.must("person", "add", person, "--role", role, of="msf")
        with Node(data) as node:
            def found(query):
                return {one["id"] for one in json.loads(
                    node.ask("GET", f"/v1/protections?{query}").body)["features"]}
            for party in OTHERS:
                with Node(self.world.dir(party)) as theirs:
                    for query in (f"bbox={box}", "text=EXERCISE", "class=hospital", "class=school"):
                        there = {one["id"] for one in json.loads(
                            theirs.ask("GET", f"/v1/protections?{query}").body)["features"]}
                        self.assertEqual(found(f"{query}&as={party}"), there, (party, query))
            self.assertEqual(found(f"bbox={box}&as=fr"), {self.records[2]})
            for role, reads in (("planner", 200), ("admin", 403)):
                person = "paul" if role == "planner" else "ada"
                secret = self.must("token", "new", f"{person}.t", "--person", person, "--role",
                                   role, of="msf").out.strip()
                for path, status in ((tile_path(*MAPS[0]), 200), ("/v1/protections", 200),
                                     (f"/v1/protections/{self.records[2]}", reads)):
                    for query in ("", "?as=fr"):
                        with node.connect() as connection:
                            connection.send(request("GET", path + query, [
                                ("Host", node.host), ("Authorization", f"Bearer {secret}")]))
                            self.assertEqual(connection.response().status, status, path + query)


if __name__ == "__main__":
    main()
