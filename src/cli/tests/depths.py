# SPDX-License-Identifier: Apache-2.0
"""How deep a point lies inside of a shape, and how long a leg of a track is at least so deep:
worked out in the plane that touches the earth there. It shares nothing with the program."""
import math

GAP_MS = 60_000
LEAN_M = 1.0         # watch leans by half a metre; a millimetre or two are rounding
ROUNDED_MS = 4       # of both ends of a stay
A, E2 = 6_378_137.0, 6.69437999014e-3


def metres_a_degree(lat):
    """(north, east) at that latitude on WGS84."""
    w = 1 - E2 * math.sin(math.radians(lat)) ** 2
    return (math.radians(A * (1 - E2) / w ** 1.5),
            math.radians(A * math.cos(math.radians(lat)) / math.sqrt(w)))


class Depths:
    """Needs kind ("circle", "corridor", "polygon"), points [(lat, lng)], radius, band or None."""

    def edges(self):
        ends = self.points[1:] + (self.points[:1] if self.kind == "polygon" else [])
        return zip(self.points, ends) if ends else [(self.points[0], self.points[0])]

    def level_depth(self, lat, lng):
        """Metres from the edge, positive inside. The nearest point is found in the plane that
        touches the earth here; how far it is, at the latitude midway: a millimetre over 10 km."""
        north, east = metres_a_degree(lat)
        nearest, inside = math.inf, False
        for a, b in self.edges():
            ax, ay = (a[1] - lng) * east, (a[0] - lat) * north
            bx, by = (b[1] - lng) * east, (b[0] - lat) * north
            long = (bx - ax) ** 2 + (by - ay) ** 2
            s = min(1, max(0, -(ax * (bx - ax) + ay * (by - ay)) / long)) if long else 0
            foot = a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])
            midway = metres_a_degree((lat + foot[0]) / 2)
            nearest = min(nearest, math.hypot((foot[0] - lat) * midway[0],
                                              (foot[1] - lng) * midway[1]))
            if self.kind == "polygon" and (ay > 0) != (by > 0):
                inside ^= ax - ay * (bx - ax) / (by - ay) > 0
        if self.kind == "polygon":
            return nearest if inside else -nearest
        return self.radius - nearest

    def depth(self, lat, lng, height):
        level = self.level_depth(lat, lng)
        if self.band is None:
            return level
        return min(level, height - self.band[0], self.band[1] - height)


def leg_time(zone, a, b, least):
    """Milliseconds of a leg during which the depth is at least so much."""
    def depth(s):
        return zone.depth(*(a[i] + s * (b[i] - a[i]) for i in (1, 2, 3)))
    north, east = metres_a_degree(min(abs(a[1]), abs(b[1])))
    way = math.hypot((b[1] - a[1]) * north, (b[2] - a[2]) * east) * 1.02 + abs(b[3] - a[3])
    whole = b[0] - a[0]

    def look(low, high):
        middle = depth((low + high) / 2) - least
        room = way * (high - low) / 2 + 0.02 * abs(middle)
        if middle > room:
            return high - low
        if middle < -room:
            return 0
        if (high - low) * whole < 0.5:
            return (high - low) if middle >= 0 else 0
        return look(low, (low + high) / 2) + look((low + high) / 2, high)
    return whole * look(0, 1)


def legs(track):
    return [(a, b) for a, b in zip(track, track[1:]) if b[0] - a[0] <= GAP_MS]
