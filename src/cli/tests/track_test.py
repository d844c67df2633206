#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One flight and two versions of a border, as two parties assert them (EXERCISE: the shapes are
ours): `entente track` says of each whether, when and for how long. Tables, GPX and GeoJSON give the
same; what is not known is said; bad files are refused with the row."""
from datetime import datetime, timedelta, timezone

from harness import BAD_INPUT, Case, OK, entente, main, write_csv, write_json

BEGIN = "2015-11-24T07:24:05"
FIXES = ((0, 35.9, 36.00, 5600), (34, 35.9, 36.10, 5600))


def zone(south, north, west=36.025, east=36.075, **properties):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": properties}


def stamp(second):
    return f"2015-11-24T07:{24 + (5 + second) // 60:02d}:{(5 + second) % 60:02d}Z"


class Track(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salient = write_json(cls.folder / "border-one.geojson", zone(35.85, 35.95))
        cls.other = write_json(cls.folder / "border-two.geojson", zone(35.91, 35.95))
        cls.table = write_csv(cls.folder / "flight.csv", [[stamp(t), *rest] for t, *rest in FIXES],
                              ["timestamp", "lat", "lon", "altitude"])

    def zones(self, *words):
        done = entente("track", *words, "--json")
        self.assertEqual(done.code, OK, done)
        return done.json["zones"]

    def test_seventeen_seconds_or_never(self):
        """both versions of the border are answered, side by side"""
        one, two = self.zones(self.table, "--in", self.salient, "--in", self.other)
        self.assertLess(abs(one["inside_ms"] - 17_000), 10)
        self.assertEqual((two["inside_ms"], two["stays"], two["unknown"]), (0, [], []))
        text = entente("track", self.table, "--in", self.salient, "--in", self.other)
        self.assertRegex(text.out, r"border-one.geojson: inside for 17\.00\d s\n"
                                   r"  2015-11-24T07:24:13\.\d+Z to 2015-11-24T07:24:30\.\d+Z")
        self.assertIn("border-two.geojson: not inside at any fix", text.out)
        self.assertIn("--altitude-reference", text.out)

    def test_gpx_and_geojson_say_the_same(self):
        gpx = self.gpx("flight.gpx", stamp)
        features = write_json(self.folder / "flight.geojson", {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {"time": stamp(t), "ele": height},
                          "geometry": {"type": "Point", "coordinates": [lon, lat]}}
                         for t, lat, lon, height in FIXES]})
        expected = self.zones(self.table, "--in", self.salient)
        for file in (gpx, features):
            self.assertEqual(self.zones(file, "--in", self.salient), expected, file)

    def gpx(self, name, when):
        points = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>{height}</ele>'
                         f"<time>{when(t)}</time></trkpt>" for t, lat, lon, height in FIXES)
        file = self.folder / name
        file.write_text('<?xml version="1.0"?><gpx version="1.1" creator="EXERCISE" '
                        'xmlns="http://www.topografix.com/GPX/1/1">'
                        f'<wpt lat="1" lon="1"/><trk><trkseg>{points}</trkseg></trk></gpx>')
        return file

    def test_dw3_times_in_zones_with_half_hours_are_the_same_moments(self):
        def elsewhere(hours, minutes):
            zone = timezone(timedelta(hours=hours, minutes=minutes))
            return lambda second: datetime.fromisoformat(
                stamp(second)[:-1] + "+00:00").astimezone(zone).isoformat()
        expected = self.zones(self.table, "--in", self.salient)
        for zone in ((5, 30), (3, 30), (5, 45), (-2, -30), (3, 0), (-9, 0)):
            when = elsewhere(*zone)
            table = write_csv(self.folder / "zone.csv", [[when(t), *rest] for t, *rest in FIXES],
                              ["timestamp", "lat", "lon", "altitude"])
            for file in (self.gpx("zone.gpx", when), table):
                self.assertEqual(self.zones(file, "--in", self.salient), expected, (file, zone))

    def test_heights_count_only_from_a_reference(self):
        low = write_json(self.folder / "low.geojson", zone(
            35.85, 35.95, altitude_lower=0, altitude_upper=3000, altitude_reference="AMSL"))
        self.assertLess(abs(self.zones(self.table, "--in", low)[0]["inside_ms"] - 17_000), 10)
        self.assertEqual(self.zones(self.table, "--in", low, "--altitude-reference", "AMSL")[0]
                         ["inside_ms"], 0)

    def test_what_is_not_known_is_said(self):
        far = self.zones(self.table, "--in", self.salient, "--gap-s", "30")[0]
        self.assertEqual(far["stays"], [])
        self.assertEqual(far["unknown"], [{"from": "2015-11-24T07:24:05.001Z",
                                           "until": "2015-11-24T07:24:39Z"}])
        text = entente("track", self.table, "--in", self.salient, "--gap-s", "30")
        self.assertIn("not known from", text.out)

    def test_bad_files_are_refused_with_the_row(self):
        head = ["time", "lat", "lon"]
        cases = (([[stamp(0), 35.9, 36], ["yesterday", 35.9, 36]], "row 2"),
                 ([[stamp(0), 91, 36]], "±90"), ([["12345", 35.9, 36]], "milliseconds"),
                 ([["9007199254740991", 35.9, 36]], "years"),
                 ([], "no fix"))
        for number, (rows, said) in enumerate(cases):
            file = write_csv(self.folder / f"bad-{number}.csv", rows, head)
            done = entente("track", file, "--in", self.salient)
            self.assertEqual(done.code, BAD_INPUT, done)
            self.assertIn(said, done.err)
        nowhere = write_csv(self.folder / "nowhere.csv", [[stamp(0), 1]], ["time", "x"])
        self.assertIn("lat", entente("track", nowhere, "--in", self.salient).err)
        zoneless = write_json(self.folder / "zoneless.geojson", {"type": "Feature"})
        self.assertEqual(entente("track", self.table, "--in", zoneless).code, BAD_INPUT)


if __name__ == "__main__":
    main()
