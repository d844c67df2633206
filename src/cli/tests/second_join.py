# SPDX-License-Identifier: Apache-2.0
"""The join of an incident a second time, by doc/protocol/join.md alone: from the bodies in a vault
(vault_reader), lists of releases and cosignatures, with a geodesic of its own (Vincenty's inverse
on WGS84). It knows circles, areas that are upright boxes, and incidents that are points."""
import base64
import hashlib
import json
import math
import sqlite3
from collections import defaultdict

from vault_reader import COARSE, EXACT, HEAD, rows_of

RUNGS = ("offered", "received", "opened", "read_back", "loaded", "passed", "confirmed",
         "refused")  # the last is none
PLACED = ("protection", "movement", "objection", "stop", "presence")
NEVER = float("inf")
A, B = 6378137.0, 6378137.0 * (1 - 1 / 298.257223563)
F = 1 / 298.257223563


def geodesic(lon1, lat1, lon2, lat2):
    """Metres. Vincenty (1975), direct iteration on the auxiliary sphere; good to 1 mm up to some
    thousand kilometres."""
    u1 = math.atan((1 - F) * math.tan(math.radians(lat1)))
    u2 = math.atan((1 - F) * math.tan(math.radians(lat2)))
    gap = lam = math.radians(lon2 - lon1)
    for _ in range(100):
        sin_sigma = math.hypot(math.cos(u2) * math.sin(lam), math.cos(u1) * math.sin(u2) -
                               math.sin(u1) * math.cos(u2) * math.cos(lam))
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_sigma
        cos2 = 1 - sin_alpha ** 2
        mid = cos_sigma - 2 * math.sin(u1) * math.sin(u2) / cos2 if cos2 else 0.0
        c = F / 16 * cos2 * (4 + F * (4 - 3 * cos2))
        before, lam = lam, gap + (1 - c) * F * sin_alpha * (
            sigma + c * sin_sigma * (mid + c * cos_sigma * (2 * mid * mid - 1)))
        if abs(lam - before) < 1e-13:
            break
    k = cos2 * (A * A - B * B) / (B * B)
    big_a = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    big_b = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    delta = big_b * sin_sigma * (mid + big_b / 4 * (
        cos_sigma * (2 * mid * mid - 1) -
        big_b / 6 * mid * (4 * sin_sigma ** 2 - 3) * (4 * mid * mid - 3)))
    return B * big_a * (sigma - delta)


def least(of, low, high):
    """The least value of a function with one valley."""
    for _ in range(60):
        third = (high - low) / 3
        if of(low + third) < of(high - third):
            high -= third
        else:
            low += third
    return of((low + high) / 2)


def degrees(point):
    return point[0] / 1e7, point[1] / 1e7


class Shape:
    """A circle, or a box of which the sides run along meridians and parallels."""

    def __init__(self, shape):
        self.circle = shape["kind"] == "circle"
        if self.circle:
            self.at, self.radius = degrees(shape["at"]), shape["radius"] / 10
            self.far = self.radius
            return
        assert shape["kind"] == "area" and len(shape["polygons"]) == 1, shape
        ring, = (one["outer"]["points"] for one in shape["polygons"])
        lons, lats = zip(*map(degrees, ring))
        self.box = (min(lons), min(lats), max(lons), max(lats))
        assert all(lon in self.box and lat in self.box for lon, lat in map(degrees, ring)), ring
        self.at = ((self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2)
        self.far = geodesic(*self.at, self.box[0], self.box[1]) + 1

    def distance(self, point):
        """From a point to it, 0 inside."""
        if self.circle:
            return max(0.0, geodesic(*point, *self.at) - self.radius)
        west, south, east, north = self.box
        if west <= point[0] <= east and south <= point[1] <= north:
            return 0.0
        return min([least(lambda lon, lat=lat: geodesic(*point, lon, lat), west, east)
                    for lat in (south, north)] +
                   [least(lambda lat, lon=lon: geodesic(*point, lon, lat), south, north)
                    for lon in (west, east)])

    def covers(self, other, reach, other_reach):
        if self.circle and other.circle:
            return (geodesic(*self.at, *other.at) + other.radius + other_reach <=
                    self.radius + reach)
        if self.circle or other.circle:
            return False
        return (self.box[0] <= other.box[0] and self.box[1] <= other.box[1] and
                self.box[2] >= other.box[2] and self.box[3] >= other.box[3])


class Place:
    def __init__(self, where, defaults):
        self.shape = Shape(where["shape"])
        self.reach = (where.get("buffer", defaults[0]) + where.get("accuracy", defaults[1])) / 10
        window = where.get("window", {})
        self.hours = window.get("start", -NEVER), window.get("end", NEVER)

    def covers(self, other):
        return (self.shape.covers(other.shape, self.reach, other.reach) and
                self.hours[0] <= other.hours[0] and self.hours[1] >= other.hours[1])


class Version:
    def __init__(self, row, defaults):
        self.row, self.head = row, row.head
        body = row.bodies.get(EXACT) or row.bodies.get(COARSE)
        self.coarse = EXACT not in row.bodies
        self.body = json.loads(body) if body else None
        self.places = []
        if self.body and self.head["protects"]:
            nothing = (0, 0)
            by_class = nothing if self.coarse else defaults(self.body["class"])
            self.places = [Place(one, by_class) for one in self.body["where"]]

    def covers(self, other):
        return (self.head["act"] != "withdraw" and (other.coarse or not self.coarse) and
                all(any(is_.covers(was) for is_ in self.places) for was in other.places))


class Holdings:
    """What one node holds, read once."""

    def __init__(self, directory, party, defaults, mirrors, needed, delay_ms):
        self.party, self.needed, self.delay = party, needed, delay_ms
        self.rows = rows_of(directory)
        self.records, self.incidents, self.receipts = defaultdict(list), {}, []
        for row in sorted(self.rows, key=lambda one: (one.origin, one.index)):
            kind = row.head.get("kind")
            if kind in PLACED:
                self.records[row.head["record"]].append(Version(row, defaults))
            elif kind == "incident" and EXACT in row.bodies:
                self.incidents[row.head["record"]] = row
            elif kind == "receipt" and EXACT in row.bodies:
                self.receipts.append(row)
        with sqlite3.connect(f"file:{directory}/entente.db?mode=ro", uri=True) as db:
            self.releases = db.execute(
                "SELECT author, recipient, number, leaf FROM release ORDER BY 1, 2, 3").fetchall()
            lines = db.execute("SELECT origin, size, cosigner, time FROM cosignature").fetchall()
        db.close()
        self.final = defaultdict(lambda: defaultdict(list))  # by origin, by mirror
        for origin, size, cosigner, time in lines:
            if cosigner in mirrors and not cosigner.startswith(origin + "/"):
                self.final[origin][cosigner].append((time, size))
        self.lists = self.read_lists()

    def read_lists(self):
        """By author and recipient: leaf -> (first number, first slots, slots, whole since)."""
        out = defaultdict(dict)
        for author, recipient, number, text in self.releases:
            _, leaf, slots, _ = text.decode().split("\n")[1].split(" ")
            given = frozenset(slots)
            known = out[author, recipient].get(leaf, (number, given, given, number))
            slots = known[2] | given
            out[author, recipient][leaf] = (known[0], known[1], slots,
                                            known[3] if slots == known[2] else number)
        return out

    def final_at(self, origin, index):
        """When the k-th of the others' mirrors first cosigned a head with this entry."""
        firsts = sorted(min((time for time, size in lines if size > index), default=NEVER)
                        for lines in self.final[origin].values())
        return firsts[self.needed - 1] if len(firsts) >= self.needed else NEVER

    def until(self, versions, at):
        """When the version at this number stopped protecting: covered, or ended, whichever was
        first."""
        version = versions[at]
        ends = [later.head["time"] for later in versions[at + 1:] if later.covers(version)][:1]
        ends.append(NEVER)
        for later in versions[at + 1:]:
            if later.head["approvals"]:
                final = self.final_at(later.row.origin, later.row.index)
                ends.append(max(final + self.delay, later.head["time"]))
        return min(ends)

    def steps(self, versions, version, author, recipient, since, whole):
        """Rung, unit, time, leaf, and what is said of a place, of every receipt that is for this
        version, as it was given at this number of the list; `whole`: that is not where it stood
        first."""
        text = base64.b64encode(version.row.leaf).decode()
        url = text.replace("+", "-").replace("/", "_").rstrip("=")
        mine = recipient == self.party
        out, seen, lists, heard_of = [], set(), {}, []
        for row in self.receipts:
            said = json.loads(row.bodies[EXACT])
            if row.origin.split("/")[-1] != recipient or said["to"] != author.split("/")[-1]:
                continue
            if "held" in said or said["rung"] == "offered" or (mine and
                                                               said["rung"] == "read_back"):
                continue
            step = (said["rung"], said.get("unit", ""), row.head["time"], row.leaf,
                    *self.compared(said, version, url, mine))
            if said.get("entries"):
                key = (said["rung"], said.get("unit"), said.get("voice"), said.get("reason"))
                again = key in seen and not (said["rung"] == "loaded" and said.get("read_back"))
                if url in said["entries"] and (mine or not again):
                    seen.add(key)
                    out.append((row.index, step))
            elif "list" in said:
                heard_of.append((said["list"]["size"], row.index))
                spared = {one.row.index for one in versions} & set(said.get("exceptions", ()))
                best = lists.get(step[:2])
                if said["list"]["size"] > since and not spared and (
                        best is None or said["list"]["size"] < best[0]):
                    lists[step[:2]] = (said["list"]["size"], step)
        if whole:
            held = min((index for size, index in heard_of if size > since), default=NEVER)
            out = [one for one in out if one[0] >= held]
        return sorted([step for _, step in out] + [step for _, step in lists.values()],
                      key=lambda one: (one[2], RUNGS.index(one[0]), one[3]))

    @staticmethod
    def compared(said, version, url, mine):
        """Whether a place came back with this receipt, and whether it lies elsewhere. Of its own
        readings a node compares the bytes too; of what it loaded of others' the place alone."""
        back = [one for one in said.get("read_back", ()) if one["entry"] == url]
        if not back or (mine and said["rung"] != "loaded"):
            return False, False
        (one,), place = back, version.places[0].shape
        assert place.circle and not version.coarse
        apart = geodesic(*degrees(one["at"]), *place.at)
        digest = hashlib.sha256(version.row.bodies[EXACT]).digest()
        other = base64.urlsafe_b64encode(digest).decode().rstrip("=") != one["body"]
        return True, apart > (15 if said["rung"] == "loaded" else 1) or (other and not mine)

    @staticmethod
    def by_then(steps, from_ms):
        """The highest rung before then, whether it was refused, and whether a place that came back
        from elsewhere stood: pair by pair."""
        steps = [(RUNGS.index(rung), unit, time, compared, differs)
                 for rung, unit, time, _, compared, differs in steps if time < from_ms]
        no, loaded = RUNGS.index("refused"), RUNGS.index("loaded")

        def later(one, otherwise):
            return any(of[2] > one[2] and of[1] == one[1] and of[0] != no and not of[4] and
                       otherwise(of) for of in steps)

        wrong = [one for one in steps if one[4] and not later(
            one, lambda of, rung=one[0]: of[3] and of[0] >= rung)]
        refused = any(one[0] == no and not later(one, lambda of: of[0] >= loaded)
                      for one in steps)
        rungs = [0]
        for rung, unit, time, compared, differs in steps:
            if rung == no or differs or (rung == loaded and not compared):
                continue
            if compared and any(bad[:2] == (rung, unit) for bad in wrong):
                continue
            if not compared and any(bad[0] <= rung and bad[2] <= time for bad in wrong):
                continue
            rungs.append(rung)
        return RUNGS[max(rungs)], refused, bool(wrong)

    def told(self, versions, version, from_ms):
        """To whom, how much, how far it had got by then, and every step; who was given an area and
        later the place stands here twice."""
        origin, out = version.row.origin, []
        text = base64.b64encode(version.row.leaf).decode()
        for (author, recipient), listed in self.lists.items():
            if author != origin or text not in listed:
                continue
            number, first, slots, since = listed[text]
            for given, at in ([] if first == slots else [(first, number)]) + [(slots, since)]:
                steps = self.steps(versions, version, author, recipient, at, at != number)
                tier = "exact" if "3" in given else "coarse" if "2" in given else "none"
                out.append((recipient, tier, *self.by_then(steps, from_ms), steps))
        return sorted(out)

    def anywhere(self, record):
        """Whether it is points that stand for a district: what it touched is not known then."""
        said = json.loads(self.incidents[record].bodies[EXACT])
        return (said.get("place_precision") in ("district", "region", "country") and
                not any("accuracy" in one for one in said["volumes"]))

    def join(self, record, within):
        """Rows by (record, version, place), each a dict; and how many were decided by less than
        the shapes' own tolerance."""
        row = self.incidents[record]
        said = json.loads(row.bodies[EXACT])
        points = [(degrees(one["shape"]["at"]), one.get("accuracy", 0) / 10)
                  for one in said["volumes"]]
        assert all(one["shape"]["radius"] == 0 for one in said["volumes"])
        named = {one.get("record") for one in said.get("objects", ())}
        anywhere = self.anywhere(record)
        start, end = said["from"], said["until"]
        out, close = {}, 0
        for of, versions in self.records.items():
            for at, version in enumerate(versions):
                for number, place in enumerate(version.places):
                    limit = within + place.reach
                    if of not in named and not any(
                            abs(point[1] - place.shape.at[1]) * 110_000 <=
                            limit + accuracy + place.shape.far and
                            geodesic(*point, *place.shape.at) <=
                            limit + accuracy + place.shape.far for point, accuracy in points):
                        continue
                    distance, accuracy = min(((place.shape.distance(point), accuracy)
                                              for point, accuracy in points),
                                             key=lambda one: one[0] - one[1])
                    close += abs(distance - accuracy - limit) < (0.01 if place.shape.circle else 1)
                    if of not in named and distance - accuracy > limit:
                        continue
                    until = self.until(versions, at)
                    out[of, version.head["version"], number] = {
                        "leaf": base64.b64encode(version.row.leaf).decode(),
                        "entry": version.row.index, "distance": distance, "reach": place.reach,
                        "touches": None if anywhere else distance - accuracy <= place.reach,
                        "coarse": version.coarse, "named": of in named,
                        "author": version.row.origin.split("/")[-1],
                        "name": ((version.body.get("names") or [{}])[0]).get("text", ""),
                        "said": version.head["time"], "until": until,
                        "stood": self.stood(start, end, place.hours, version.head["time"], until),
                        "told": self.told(versions, version, start)}
        return out, close

    @staticmethod
    def stood(start, end, hours, said, until):
        if said >= end:
            return "later"
        if until <= start:
            return "ended"
        if not (hours[0] < end and start < hours[1]):
            return "other_hours"
        whole = said <= start and until >= end and hours[0] <= start and hours[1] >= end
        return "throughout" if whole else "partly"


__all__ = ["Holdings", "geodesic", "HEAD"]
