// SPDX-License-Identifier: Apache-2.0
// Positions typed and drawn, plans made of them, distances for words.
import { describe, expect, test } from 'vitest';
import {
  parseDegrees, parseLines, parseNumber, parsePosition, toSexagesimal, writePosition,
} from '../../src/lib/coords';
import { faultOf, featureOf, openTerms, planOf, type Shape, whole } from '../../src/lib/plan';
import { FileError, readPlanFile } from '../../src/lib/plan_file';
import { bearingDeg, circleRing, destination, distanceM, type Position, ringCenter } from '../../src/lib/sphere';
import { parseTime, writeTime } from '../../src/lib/times';
import { planPicture, pixelsAt0, selectionPicture } from '../../src/map/picture';
import type { ProtectionRecord } from '../../src/lib/types';

const lat = (text: string): number | null => parseDegrees(text, 'lat');

describe('a typed coordinate', () => {
  test.each([
    ['33.5138', 33.5138], ['-18.24', -18.24], ['33.5 N', 33.5], ['18.24S', -18.24], ['33.5°', 33.5],
    ['33°30′50″N', 33 + 30 / 60 + 50 / 3600], ["33°30'50\"", 33 + 30 / 60 + 50 / 3600],
    ["33° 30.5' S", -(33 + 30.5 / 60)], ['٣٣٫٥', 33.5], ['−4', -4], ['\u200e33.5', 33.5],
  ])('%s reads as one latitude', (text, degrees) => expect(lat(text)).toBeCloseTo(degrees, 9));
  test.each([
    '', '91', '-33 S', '33.5 E', '33.30.49', "33°60'00\"", "33°30.5'20\"", '33 30 50', '33,5', 'nan',
    '1e1', '33.5138 36.2765', '335138',
  ])('%s is refused rather than guessed', (text) => expect(lat(text)).toBeNull());
  test('a pair is latitude first', () => {
    expect(parsePosition('33.51, 36.29')).toEqual([36.29, 33.51]);
    expect(parsePosition('٣٣٫٥١، ٣٦٫٢٩')).toEqual([36.29, 33.51]);
    expect(parsePosition('33.51')).toBeNull();
  });
  test('lines name the first that does not read', () => {
    expect(parseLines('1, 2\n\n3, x')).toEqual({ line: 3 });
    expect(parseLines('1, 2\n3, 4\n')).toEqual({ positions: [[2, 1], [4, 3]] });
  });
  test('what is written reads back the same', () => {
    for (const p of [[36.2765, 33.5138], [-179.999999, -89.5], [0, 0]] as Position[]) {
      expect(parsePosition(writePosition(p))).toEqual(p);
      const [y, x] = toSexagesimal(p).split(' ') as [string, string];
      expect(parseDegrees(y, 'lat')).toBeCloseTo(p[1], 4);
      expect(parseDegrees(x, 'lng')).toBeCloseTo(p[0], 4);
    }
  });
  test('seconds that round up carry into minutes', () => {
    expect(toSexagesimal([0, 33.99999999])).toContain('34°00′00.0″N');
  });
  test('numbers have no second reading', () => {
    expect(['500', '0.5', '٥٠٠', '', '1,5', '5 m'].map(parseNumber)).toEqual([500, 0.5, 500, null, null, null]);
  });
});

describe('a typed time', () => {
  test('is read in one order only, and is UTC', () => {
    expect(parseTime('2026-11-22 20:30')).toBe('2026-11-22T20:30:00Z');
    expect(parseTime('2026-11-22')).toBe('2026-11-22T00:00:00Z');
    expect(parseTime('٢٠٢٦-١١-٢٢ ٢٠:٣٠')).toBe('2026-11-22T20:30:00Z');
    expect(writeTime('2026-11-22T20:30:00Z')).toBe('2026-11-22 20:30');
  });
  test.each(['22.11.2026', '11/22/2026', '2026-02-31', '2026-13-01', '2026-11-22 24:00', '2026-11-22 10:60', 'now'])(
    '%s is refused', (text) => expect(parseTime(text)).toBeNull());
});

const circle = (change = {}): Shape => ({ key: 'a', kind: 'circle', center: [36, 33], radiusM: 500, ...change });

describe('a plan', () => {
  test('of a circle is a Point with its radius, exactly', () => {
    expect(planOf([circle()], openTerms())).toEqual({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { radius_m: 500 }, geometry: { type: 'Point', coordinates: [36, 33] } }],
    });
  });
  test('says its times, heights and their reference for each shape', () => {
    const terms = { ...openTerms(), start: '2026-01-01T00:00:00Z', lower: 0, upper: 300, reference: 'AGL' as const };
    expect(featureOf(circle(), terms).properties).toEqual({
      altitude_lower: 0, altitude_upper: 300, altitude_reference: 'AGL', time_start: '2026-01-01T00:00:00Z', radius_m: 500,
    });
  });
  test('is not asked while its terms contradict each other', () => {
    expect(faultOf({ ...openTerms(), lower: 10 })).toBe('reference_missing');
    expect(faultOf({ ...openTerms(), lower: 10, upper: 5, reference: 'AGL' })).toBe('band_order');
    expect(faultOf({ ...openTerms(), start: '2026-01-02T00:00:00Z', end: '2026-01-02T00:00:00Z' })).toBe('window_order');
    expect(planOf([circle()], { ...openTerms(), lower: 10 })).toBeNull();
    expect(planOf([], openTerms())).toBeNull();
  });
  test('waits for a line or ring that is still being drawn', () => {
    const line: Shape = { key: 'b', kind: 'corridor', line: [[1, 1]], halfWidthM: 5 };
    expect(whole(line)).toBe(false);
    expect(planOf([line], openTerms())).toBeNull();
  });
  test('lets the node judge a radius that is missing', () => {
    expect(planOf([circle({ radiusM: null })], openTerms())?.features[0]?.properties).toEqual({});
  });
  test('keeps a line over the antimeridian in one piece, and wraps a lone point', () => {
    const line: Shape = { key: 'b', kind: 'corridor', line: [[179, 0], [181, 0]], halfWidthM: 5 };
    expect(planOf([line], openTerms())?.features[0]?.geometry).toMatchObject({ coordinates: [[179, 0], [181, 0]] });
    expect(planOf([circle({ center: [181, 0] })], openTerms())?.features[0]?.geometry).toMatchObject({ coordinates: [-179, 0] });
  });
});

describe('a dropped file', () => {
  const point = { type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] }, properties: { radius_m: 5, time_end: 'x', raduis: 1 } };
  test('keeps words that the page does not know, for the node to judge', () => {
    const [shape] = readPlanFile(JSON.stringify(point));
    expect(shape).toEqual({ kind: 'circle', center: [1, 2], radiusM: 5, own: { time_end: 'x', raduis: 1 } });
    const asked = featureOf({ ...shape, key: 'k' } as Shape, { ...openTerms(), end: '2026-01-01T00:00:00Z' });
    expect(asked.properties).toEqual({ time_end: 'x', raduis: 1, radius_m: 5 });
  });
  test('of several geometries is several shapes', () => {
    const multi = { type: 'MultiPolygon', coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]], [[[5, 5], [6, 5], [6, 6], [5, 5]]]] };
    expect(readPlanFile(JSON.stringify(multi)).map((s) => s.kind)).toEqual(['polygon', 'polygon']);
  });
  test.each([
    ['{', 'not_json'], ['[]', 'not_geojson'], ['{"type":"Feature","geometry":null}', 'not_geojson'],
    ['{"type":"Point","coordinates":["1",2]}', 'not_geojson'], ['{"type":"FeatureCollection","features":[]}', 'no_shape'],
    [JSON.stringify({ type: 'MultiPoint', coordinates: Array(101).fill([0, 0]) }), 'too_many'],
    [' '.repeat(4 * 1024 * 1024 + 1), 'too_large'],
  ])('that cannot be read says why (%#)', (text, fault) => {
    expect(() => readPlanFile(text)).toThrow(new FileError(fault as 'not_json'));
  });
});

describe('the sphere', () => {
  test('knows a degree of the meridian and the way round the world', () => {
    expect(distanceM([0, 0], [0, 1])).toBeCloseTo(111_195, -1);
    expect(distanceM([179.5, 0], [-179.5, 0])).toBeCloseTo(111_195, -1);
    expect(bearingDeg([0, 0], [1, 0])).toBeCloseTo(90, 6);
    expect(bearingDeg([0, 0], [0, -1])).toBeCloseTo(180, 6);
  });
  test('comes back from where it went', () => {
    const there = destination([36, 33], 60, 5000);
    expect(distanceM([36, 33], there)).toBeCloseTo(5000, 3);
    expect(bearingDeg([36, 33], there)).toBeCloseTo(60, 1);
  });
  test('finds the centre of a circle in its ring', () => {
    const [lng, y] = ringCenter(circleRing([36, 33], 2000));
    expect(distanceM([36, 33], [lng, y])).toBeLessThan(1);
  });
});

describe('pictures', () => {
  test('of a corridor have its width on the ground', () => {
    expect(pixelsAt0(40_075_016.7, 0)).toBeCloseTo(512, 6);
    expect(pixelsAt0(100, 60)).toBeCloseTo(2 * pixelsAt0(100, 0), 9);
    const [feature] = planPicture([{ key: 'c', kind: 'corridor', line: [[0, 0], [1, 0]], halfWidthM: 50 }]).features;
    expect(feature?.properties).toEqual({ px0: pixelsAt0(100, 0) });
  });
  test('of a record show each place and how far it reaches', () => {
    const feature = { type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [1, 2] }, properties: { radius_m: 10 } };
    const place = { version: 1, earlier_place: false, protects_until: null, buffer_m: 500, accuracy_m: 0, feature };
    const record: ProtectionRecord = { id: 'x', party: 'p', state: 'in_force', version: 1, places: [place], history: [] };
    expect(selectionPicture(record).features.map((f) => f.properties?.['part'])).toEqual(['point', 'shape', 'reach']);
    expect(selectionPicture({ ...record, places: [] }).features).toEqual([]);
  });
});
