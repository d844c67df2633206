// SPDX-License-Identifier: Apache-2.0
// Boundaries side by side: how they differ in words, what of one is drawn, and what is asked.
import { afterEach, expect, test, vi } from 'vitest';
import { translator } from '../../src/i18n/translate';
import {
  type Airspace, type AirspaceVersion, areaWords, type Difference, differenceWords, list, shapesOf, show,
} from '../../src/lib/airspace';
import { Format } from '../../src/lib/format';
import { besidePicture } from '../../src/map/picture';

afterEach(() => vi.unstubAllGlobals());

const t = translator('en');
const w = { language: 'en' as const, t, format: new Format('en', t) };
const about = { party: 'tr', name: 'TR', others: [{ party: 'ru', name: 'Party RU' }] };
const differing = (change: Partial<Difference>): string => differenceWords(w, about, {
  of: { party: 'ru', id: 'a', version: 2 }, beside: { party: 'tr', id: 'b', version: 1 },
  same_volumes: false, area_differs_km2: 50, outlines_apart_m: 4513, or_more_by_m: 100, ...change,
}).join(' · ').replace(/[\u2066-\u2069]/g, '');

test('how two differ is said with whose they are, and so is what cannot be compared', () => {
  expect(differing({})).toBe(
    'Party RU, version 2, and TR, version 1 · areas differ by 50 km² · outlines up to 4.5 km apart, or up to 100 m more',
  );
  expect(differing({ same_volumes: true })).toBe('Party RU, version 2, and TR, version 1 · the same volumes');
  expect(differing({ area_differs_km2: null, outlines_apart_m: null })).toContain(
    'areas cannot be compared · outlines are not simple enough to compare',
  );
  // A small difference is not none.
  expect(areaWords(w, 0.00004).replace(/[\u2066-\u2069]/g, '')).toBe('0.00004 km²');
  expect(areaWords(w, 0.004).replace(/[\u2066-\u2069]/g, '')).toBe('0.004 km²');
});

test('what is in force is drawn, and nothing that was or is withdrawn', () => {
  const version = (change: Partial<AirspaceVersion>): AirspaceVersion => ({
    version: 1, act: 'add', actor: 'x', time: '', entry: 0, leaf: '', area_km2: 1, in_force: true,
    plan: {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] } }],
    },
    ...change,
  });
  const one = { id: 'a', versions: [version({ in_force: false }), version({}), version({ plan: null })] } as unknown as Airspace;
  const shapes = shapesOf(one);
  expect(shapes.map((each) => [each.key, each.kind])).toEqual([['a-0', 'polygon']]);
  expect(besidePicture(shapes).features.map((each) => each.properties)).toEqual([{ part: 'reach' }]);
});

test('each route is asked', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response('{}'));
  });
  await list(false);
  await list(true);
  await show('a/b');
  expect(asked).toEqual(['/v1/airspace', '/v1/airspace?withdrawn=yes', '/v1/airspace/a%2Fb']);
});
