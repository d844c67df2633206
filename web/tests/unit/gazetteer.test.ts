// SPDX-License-Identifier: Apache-2.0
// The gazetteer as the build packs it; skipped by name where nothing was built yet.
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../src/lib/fold.js';
import { Gazetteer } from '../../src/lib/gazetteer';
import { distanceM } from '../../src/lib/sphere';

const file = new URL('../../.generated/places.bin', import.meta.url);
const there = existsSync(file);

test('names are compared without case, accents and apostrophes', () => {
  expect([fold('Ţarţūs'), fold('N’Djamena'), fold('ÉVORA'), fold('دِمَشق'), fold('Homs')]).toEqual([
    'tartus', 'ndjamena', 'evora', 'دمشق', 'homs',
  ]);
});

test('a file that is none is refused', () => {
  expect(() => new Gazetteer(new ArrayBuffer(64))).toThrow('not a gazetteer');
});

describe.skipIf(!there)('the packed gazetteer (skipped without .generated: npm run build)', () => {
  let gazetteer: Gazetteer;
  beforeAll(() => {
    const bytes = readFileSync(file);
    gazetteer = new Gazetteer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  });
  test('finds a town by part of its name, nearest first', () => {
    const [first] = gazetteer.search('aleppo', [36, 34], 5);
    expect(first).toMatchObject({ name: 'Aleppo', country: 'SY' });
    expect(distanceM(first?.at ?? [0, 0], [37.16, 36.2])).toBeLessThan(10_000);
  });
  test('prefers the whole name to one that begins with it', () => {
    expect(gazetteer.search('homs', [0, 0], 3)[0]?.name).toBe('Homs');
    expect(gazetteer.search('h', [0, 0], 3)).toEqual([]);
  });
  test('agrees with a search through every place on the nearest', () => {
    for (const at of [[36.3, 33.5], [-179.9, -16.5], [25.6, -18.5], [0, 89]] as [number, number][]) {
      let best = Infinity;
      for (let i = 0; i < gazetteer.size; i++) best = Math.min(best, distanceM(at, gazetteer.place(i).at));
      expect(distanceM(at, gazetteer.nearest(at)?.at ?? [0, 0])).toBeCloseTo(best, 6);
    }
  });
  test('labels a map with at most one place a cell', () => {
    const box = { west: 35, south: 32, east: 40, north: 37 };
    const places = gazetteer.inBox(box, 5, true);
    expect(places.length).toBeLessThanOrEqual(25);
    expect(places.map((p) => p.name)).toContain('Damascus');
  });
});
