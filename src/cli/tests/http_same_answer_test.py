#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Issue 3, done when 4: the same plans with the same moment and tree size give byte-identical
answers over HTTP, over the socket and on the command line, one by one and in batches; and all times
in an answer derive from that moment. 10,000 plans with ENTENTE_LONG=1, 1,000 otherwise."""
import json
import random
import sys

from harness import Case, LONG, ROOT, Register, entente, main
from http_node import Node

PLANS = 10_000 if LONG else 1_000
AT = "2026-06-01T12:00:00Z"
SEED = 20261122


def plans():
    """Around the example's facilities and far from them; some that cannot be read."""
    rng = random.Random(SEED)
    rows = (ROOT / "examples" / "exercise-facilities.csv").read_text(encoding="utf-8").splitlines()
    names = rows[0].split(",")
    at = [names.index("lat"), names.index("lon")]
    places = [tuple(float(row.split(",")[i]) for i in at) for row in rows[1:]]
    for number in range(PLANS):
        if number % 97 == 0:
            yield '{"type":"Feature","geometry":'
            continue
        lat, lon = rng.choice(places)
        lat += rng.gauss(0, 0.01)
        lon += rng.gauss(0, 0.01)
        properties = {}
        if rng.random() < 0.3:
            properties |= {"altitude_lower": 0, "altitude_upper": rng.randrange(10, 3000),
                           "altitude_reference": rng.choice(["AGL", "W84", "AMSL"])}
        if rng.random() < 0.3:
            properties |= {"time_start": "2026-05-31T00:00:00Z", "time_end": "2026-06-02T00:00:00Z"}
        kind = rng.randrange(3)
        if kind == 0:
            geometry = {"type": "Point", "coordinates": [lon, lat]}
            properties["radius_m"] = rng.randrange(1, 5000)
        elif kind == 1:
            geometry = {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.02, lat - 0.01]]}
            properties["half_width_m"] = rng.randrange(1, 500)
        else:
            d = rng.random() * 0.02 + 0.0001
            geometry = {"type": "Polygon", "coordinates": [[[lon, lat], [lon + d, lat],
                                                            [lon + d, lat + d], [lon, lat]]]}
        yield json.dumps({"type": "Feature", "geometry": geometry, "properties": properties})


class SameAnswer(Case):
    def test_http_socket_and_command_line_give_the_same_bytes(self):
        """a batch of plans by all three ways; then one by one over HTTP"""
        register = Register(self.folder / "reg")
        register.must("import", ROOT / "examples" / "exercise-facilities.csv", "--source", "x",
                      "--yes")
        lines = list(plans())
        batch = register.path.parent / "plans.geojsonl"
        batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
        words = ("check", "--data", register.path, "--batch", batch, "--json", "--at", AT,
                 "--margin", "12.5")
        alone = entente(*words)
        with Node(register.path) as node:
            self.over_the_node(node, words, lines, alone)
        for answer in alone.out.splitlines():
            answer = json.loads(answer)
            if "as_of" in answer:
                self.assertEqual(answer["as_of"]["asked_at"], AT)
                self.assertEqual(answer["as_of"]["age_s"], 0)

    def over_the_node(self, node, words, lines, alone):
        served = entente(*words)
        self.assertEqual(alone.code, served.code)
        self.assertEqual(alone.out, served.out, "the command line without and with a node")
        self.assertEqual(len(alone.out.splitlines()), len(lines))
        target = f"/v1/check?at={AT}&margin_m=12.5"
        batch = ("\n".join(lines) + "\n").encode()
        ndjson = [("Content-Type", "application/x-ndjson")]
        response = node.ask("POST", target, batch, ndjson)
        self.assertEqual(response.status, 200)
        self.assertEqual(response.body.decode(), alone.out, "HTTP, all in one batch")
        geojson = [("Content-Type", "application/geo+json")]
        with node.connect() as connection:
            for line, want in zip(lines, alone.out.splitlines()):
                connection.send(node.request("POST", target, line.encode(), geojson))
                response = connection.response()
                if want.startswith('{"line":'):
                    self.assertEqual(response.status, 400)
                else:
                    self.assertEqual((response.status, response.body.decode()),
                                     (200, want + "\n"), line)


if __name__ == "__main__":
    sys.exit(main())
