// SPDX-License-Identifier: Apache-2.0
// A search: what is typed becomes what the node takes, what comes back is told in words, and a question
// that stands comes back into the form as it was.
import type { Feature, Geometry } from 'geojson';
import { afterEach, expect, test, vi } from 'vitest';
import ar from '../../src/i18n/ar.json';
import { translator } from '../../src/i18n/translate';
import { areaOfBox } from '../../src/lib/box';
import { Format } from '../../src/lib/format';
import { hitTitle, kindName, questionLines, spanOf, stateWord } from '../../src/lib/found';
import type { Shape } from '../../src/lib/plan';
import {
  emptyDraft, exported, foundKinds, grades, hitOf, placeOf, search, wishFault, wishOf,
} from '../../src/lib/search';
import { UNREAD } from '../../src/lib/saying';
import { distanceM, type Position } from '../../src/lib/sphere';
import { asTyped, nameFits, stand, type Standing } from '../../src/lib/standing';

afterEach(() => vi.unstubAllGlobals());

const words = (language: 'en' | 'ar') => {
  const t = translator(language);
  return { language, t, format: new Format(language, t) };
};
const w = words('en');
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const circle: Shape = { key: 'a', kind: 'circle', center: [36.3, 33.5], radiusM: 500, own: { time_start: '2026-01-01T00:00:00Z', altitude_lower: 5 } };

test('what is left empty is any, and the words go as they are typed', () => {
  expect(wishOf(emptyDraft(), [])).toEqual({});
  expect(wishOf({ ...emptyDraft(), text: '  ' }, [])).toEqual({});
  expect(wishOf({ ...emptyDraft(), text: 'مستشفى ' }, [])).toEqual({ text: 'مستشفى ' });
  expect(wishOf({
    ...emptyDraft(), kinds: ['report'], classes: ['hospital'], parties: ['un'], source: 'B', information: '2',
    from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', withdrawn: true,
  }, [])).toEqual({
    kinds: ['report'], classes: ['hospital'], parties: ['un'], source: 'B', information: '2',
    from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', withdrawn: true,
  });
});

test('an area has no times or heights of its own, and a margin stands with it alone', () => {
  const wish = wishOf({ ...emptyDraft(), marginM: '250' }, [circle]);
  expect(wish.margin_m).toBe(250);
  expect(wish.area?.features[0]?.properties).toEqual({ radius_m: 500 });
  expect(wishOf({ ...emptyDraft(), marginM: '250' }, [])).toEqual({});
});

test('what keeps it from being asked is named', () => {
  const at = (change: object, shapes: Shape[] = []) => wishFault({ ...emptyDraft(), ...change }, shapes);
  expect(at({})).toBeNull();
  expect(at({ from: UNREAD })).toBe('time');
  expect(at({ from: '2026-01-02T00:00:00Z', until: '2026-01-02T00:00:00Z' })).toBe('window_order');
  expect(at({ marginM: 'far' }, [circle])).toBe('margin');
  expect(at({ marginM: '-1' }, [circle])).toBe('margin');
  expect(at({ marginM: '10' })).toBe('margin_alone');
  expect(at({ marginM: '١٠' }, [circle])).toBeNull();
});

test('places that were found are drawn with their widths', () => {
  const said = { kind: 'report', party: 'un', position: 'exact' };
  const feature = (geometry: Geometry | null, more: object): Feature<Geometry | null> =>
    ({ type: 'Feature', id: 'aaaaaaaaaaaaaaaa', geometry, properties: { ...said, ...more } });
  const one = hitOf(feature({ type: 'Point', coordinates: [1, 2] }, { radius_m: 40 }));
  expect(one.shapes).toEqual([{ key: 'aaaaaaaaaaaaaaaa', kind: 'circle', center: [1, 2], radiusM: 40 }]);
  expect(one).not.toHaveProperty('radius_m');
  const two = hitOf(feature({
    type: 'GeometryCollection',
    geometries: [{ type: 'Point', coordinates: [1, 2] }, { type: 'LineString', coordinates: [[1, 2], [3, 4]] }],
  }, { widths_m: [0, 30] }));
  expect(two.shapes.map((each) => each.kind)).toEqual(['circle', 'corridor']);
  expect(two.shapes[1]).toMatchObject({ halfWidthM: 30 });
  expect(hitOf(feature(null, {})).shapes).toEqual([]);
});

const answered = (bodies: { text: string; headers?: Record<string, string> }[]) => {
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(options.body)) as Record<string, unknown> });
    const next = bodies[Math.min(asked.length, bodies.length) - 1] as (typeof bodies)[number];
    return Promise.resolve(new Response(next.text, next.headers ? { headers: next.headers } : {}));
  });
  return asked;
};

test('places are asked for only where they are drawn', async () => {
  const rest = { next: null, total: 0, no_place: 0, no_grade: 0, complete: true, indexed: 1, of: 1, reading: 'exact' };
  let asked = answered([{ text: JSON.stringify({ ...rest, hits: [{ id: 'x', kind: 'report' }] }) }]);
  expect((await search({ wish: { text: 'a' }, which: 'fitting', places: false })).hits[0]?.shapes).toEqual([]);
  expect(asked[0]?.body).toEqual({ text: 'a', which: 'fitting', limit: 100, format: 'json' });
  asked = answered([{ text: JSON.stringify({ ...rest, type: 'FeatureCollection', features: [] }) }]);
  await search({ wish: {}, which: 'no_place', places: true, cursor: 'n' });
  expect(asked[0]?.body).toEqual({ which: 'no_place', limit: 100, format: 'geojson', cursor: 'n' });
});

test('all pages go into one file, and a file that has not all of it says so', async () => {
  const head = (shown: number, next = '', complete = 'yes') => ({
    'Entente-Shown': String(shown), 'Entente-Total': '3', 'Entente-Complete': complete, ...(next && { 'Entente-Next': next }),
  });
  const asked = answered([{ text: 'id\r\na\r\nb\r\n', headers: head(2, 'c1') }, { text: 'c\r\n', headers: head(1, '', 'no') }]);
  expect(await exported({ text: 'x' }, 'fitting', 'csv')).toEqual({ text: 'id\r\na\r\nb\r\nc\r\n', count: 3, total: 3, complete: false });
  expect(asked.map(({ body }) => body['cursor'])).toEqual([undefined, 'c1']);
  answered([{ text: '{"features":[1,2]}', headers: head(2, 'c1') }, { text: '{"features":[3]}', headers: head(1) }]);
  const file = await exported({}, 'fitting', 'geojson');
  expect(JSON.parse(file.text)).toEqual({ type: 'FeatureCollection', features: [1, 2, 3] });
  expect(file.complete).toBe(true);
  const endless = answered([{ text: 'a\r\n', headers: head(1, 'c') }]);
  expect((await exported({}, 'fitting', 'csv')).count).toBe(20);
  expect(endless.length).toBe(20);
});

test('what was found has words in each language', () => {
  for (const kind of foundKinds) expect(kindName(w, kind), kind).not.toBe(kind);
  expect(kindName(w, 'something')).toBe('something');
  expect(hitTitle(w, { kind: 'incident', title: 'air_strike' })).not.toBe('air_strike');
  expect(hitTitle(words('ar'), { kind: 'protection', title: 'hospital', class: 'hospital' })).toBe(ar['class.hospital']);
  expect(hitTitle(w, { kind: 'report', title: 'air_strike' })).toBe('air_strike');
  expect(hitTitle(w, { kind: 'position', title: 'agrees: who: stays' })).toMatch(/: who: stays$/);
  expect(hitTitle(w, { kind: 'request', title: '' })).not.toBe('');
  expect(stateWord(w, { state: 'unconfirmed', version: 1 })).toContain('still protects');
  expect(stateWord(w, { state: 'stated', version: 2 })).not.toBe(stateWord(w, { state: 'stated', version: 1 }));
  expect(spanOf(w, {})).toBe('');
  expect(plain(spanOf(w, { until: '2026-01-02T00:00:00Z' }))).toContain('before 2 Jan 2026');
  expect([grades('report'), grades('presence'), grades('link'), grades('protection')]).toEqual([true, true, false, false]);
  expect([placeOf('report'), placeOf('stop'), placeOf('movement')]).toEqual(['sharing', 'stops', 'register']);
});

const question = (change: Partial<Standing>): Standing => ({
  id: 'q', name: 'EXERCISE', what: [], classes: [], parties: [], duty: [], area: [], route: { kind: 'board' }, made: '', ...change,
});

test('a standing question comes back as it was asked, its area too', () => {
  const one = question({
    text: 'bridge ', kinds: ['report'], parties: ['un'], information: '3', until: '2026-01-02T00:00:00Z',
    area: [{ geometry: { type: 'Point', coordinates: [1, 2] }, radius_m: 70, margin_m: 30 }],
  });
  const { draft, shapes, whole } = asTyped(one, () => 'k');
  expect(whole).toBe(true);
  expect(wishOf(draft, shapes)).toMatchObject({
    text: 'bridge ', kinds: ['report'], parties: ['un'], information: '3', until: '2026-01-02T00:00:00Z', margin_m: 30,
    area: { features: [{ geometry: { coordinates: [1, 2] }, properties: { radius_m: 70 } }] },
  });
  const strange = asTyped(question({ area: [{ geometry: { type: 'GeometryCollection', geometries: [] }, margin_m: 0 }] }), () => 'k');
  expect(strange.whole).toBe(false);
  expect(questionLines(w, one, (party) => party.toUpperCase()).map(plain)).toEqual([
    'words: bridge', 'kinds: Report', 'whose word: UN', expect.stringContaining('before'), 'what it says 3 or better', 'in an area',
  ]);
  expect(questionLines(w, question({}), String)).toEqual([]);
});

test('a question is left standing with a name and without what is of a search alone', async () => {
  const asked = answered([{ text: '{}' }]);
  await stand(' EXERCISE bridges ', { text: 'bridge', withdrawn: true });
  expect(asked).toEqual([{ path: '/v1/subscriptions', body: { name: 'EXERCISE bridges', text: 'bridge' } }]);
  expect([nameFits(''), nameFits('  '), nameFits('ا'.repeat(128)), nameFits('ا'.repeat(129))]).toEqual([false, false, true, false]);
});

/** Whether it lies in the ring whose edges are the shortest ways on the ground. */
function holds(ring: Position[], [lng, lat]: Position): boolean {
  const edge = ring.slice(0, -1).map((a, i) => [a, ring[i + 1] as Position] as const);
  const rad = Math.PI / 180;
  const latAt = ([x1, y1]: Position, [x2, y2]: Position): number =>
    Math.atan((Math.tan(y1 * rad) * Math.sin((x2 - lng) * rad) + Math.tan(y2 * rad) * Math.sin((lng - x1) * rad))
      / Math.sin((x2 - x1) * rad)) / rad;
  const over = edge.filter(([a, b]) => a[0] !== b[0] && lng >= Math.min(a[0], b[0]) && lng < Math.max(a[0], b[0]))
    .map(([a, b]) => latAt(a, b));
  return over.length === 2 && Math.min(...over) <= lat && lat <= Math.max(...over);
}

test('what the map shows is wholly in the area that is taken of it', () => {
  for (const box of [
    { west: 36, south: 33, east: 36.5, north: 33.4 }, { west: -20, south: 40, east: 60, north: 72 },
    { west: 170, south: -50, east: 200, north: -20 }, { west: 0, south: 59, east: 100, north: 70 },
  ]) {
    const shape = areaOfBox(box, 'k');
    expect(shape?.kind).toBe('polygon');
    const ring = shape?.kind === 'polygon' ? (shape.rings[0] as Position[]) : [];
    for (const x of [0, 0.25, 0.501, 0.749, 1]) {
      for (const lat of [box.south, box.north]) {
        expect(holds(ring, [box.west + (box.east - box.west) * x, lat]), `${JSON.stringify(box)} ${x} ${lat}`).toBe(true);
      }
    }
    expect(distanceM(ring[0] as Position, ring.at(-1) as Position)).toBe(0);
  }
  const turned = areaOfBox({ west: 396, south: 33, east: 396.5, north: 33.4 }, 'k');
  expect(turned?.kind === 'polygon' ? turned.rings[0]?.[0]?.[0] : 0).toBeCloseTo(35.995, 3);
  expect(areaOfBox({ west: -180, south: -80, east: 180, north: 80 }, 'k')).toBeNull();
});
