// SPDX-License-Identifier: Apache-2.0
// Asserting a boundary: what is missing is said, only what is other is sent, and what does not read is
// never taken for what is left empty.
import { afterEach, expect, test, vi } from 'vitest';
import type { Airspace } from '../../src/lib/airspace';
import { add, amend, assertionOf, type Draft, draftOf, emptyDraft, planIn, withdraw } from '../../src/lib/airspace_say';
import { openTerms } from '../../src/lib/plan';
import { UNREAD } from '../../src/lib/saying';
import { alike, nothingTyped, saysTerms, termsOf, withTerms } from '../../src/lib/volume_terms';

afterEach(() => vi.unstubAllGlobals());

const volume = (properties: Record<string, unknown> = {}) => ({
  type: 'Feature' as const, properties, geometry: { type: 'Point' as const, coordinates: [36, 33] },
});
const plan = (...all: Record<string, unknown>[]) => ({ type: 'FeatureCollection' as const, features: all.map(volume) });
const standing = (change: object = {}): Airspace => ({
  id: 'a', party: 'ru', own: true, name: 'EXERCISE border', state: 'in_force', version: 2, contact: 'desk',
  frequency: '121.5 MHz', language: 'tr', text: '',
  versions: [
    { version: 1, plan: plan({ radius_m: 1 }), accuracy_m: 10 }, { version: 2, plan: plan({ radius_m: 2 }), accuracy_m: 50 },
  ],
  ...change,
} as unknown as Airspace);
const typed = (change: Partial<Draft>): Draft => ({ ...emptyDraft(), name: 'n', contact: 'desk', ...change });

test('what is missing of a new one is said, and nothing empty is sent', () => {
  const at = plan({ radius_m: 5 });
  expect(assertionOf(typed({ name: ' ' }), at, null)).toBe('name');
  expect(assertionOf(typed({ contact: '' }), at, null)).toBe('contact');
  expect(assertionOf(typed({ accuracy: 'some' }), at, null)).toBe('accuracy');
  expect(assertionOf(typed({ accuracy: '-1' }), at, null)).toBe('accuracy');
  expect(assertionOf(typed({}), null, null)).toBe('where');
  expect(assertionOf(typed({ frequency: ' 121.5 MHz ', accuracy: '0' }), at, null)).toEqual({
    plan: at, name: 'n', contact: 'desk', frequency: '121.5 MHz', accuracy_m: 0,
  });
});

test('of one that stands only what is other is sent', () => {
  const before = standing();
  const draft = draftOf(before);
  expect(draft.accuracy).toBe('50');
  expect(planIn(before)).toEqual(plan({ radius_m: 2 }));
  expect(assertionOf(draft, null, before)).toBe('nothing');
  expect(assertionOf({ ...draft, frequency: '', text: 'EXERCISE' }, null, before)).toEqual({ frequency: '', text: 'EXERCISE' });
  expect(assertionOf({ ...draft, accuracy: '80' }, null, before)).toEqual({ accuracy_m: 80 });
  // The node keeps what is left out: nobody is let believe that it is gone.
  expect(assertionOf({ ...draft, accuracy: '' }, null, before)).toBe('accuracy_kept');
  const none = standing({ versions: [{ version: 2, plan: null }] });
  expect(assertionOf(draftOf(none), plan({}), none)).toEqual({ plan: plan({}) });
});

test('times and heights that do not read are no empty ones', () => {
  expect(termsOf(nothingTyped())).toEqual(openTerms());
  expect(termsOf({ ...nothingTyped(), end: UNREAD })).toBe('time');
  expect(termsOf({ ...nothingTyped(), lower: '3oo', reference: 'AGL' })).toBe('height');
  expect(termsOf({ ...nothingTyped(), upper: '300' })).toBe('reference_missing');
  expect(termsOf({ ...nothingTyped(), lower: '9', upper: '3', reference: 'FL' })).toBe('band_order');
  expect(termsOf({ ...nothingTyped(), start: '2026-01-02T00:00:00Z', end: '2026-01-01T00:00:00Z' })).toBe('window_order');
  expect(termsOf({ ...nothingTyped(), lower: '0', upper: '300', reference: 'AGL' })).toEqual({
    ...openTerms(), lower: 0, upper: 300, reference: 'AGL',
  });
});

test('said for all volumes they stand in place of what each says, and of nothing else', () => {
  const two = plan({ radius_m: 5, altitude_lower: 1, altitude_reference: 'FL' }, { time_start: '2026-01-01T00:00:00Z' });
  expect(saysTerms(two)).toBe(true);
  expect(saysTerms(plan({ radius_m: 5 }))).toBe(false);
  expect(alike(two)).toEqual(nothingTyped());
  expect(alike(plan({ altitude_lower: 1, altitude_reference: 'FL' }, { altitude_lower: 1, altitude_reference: 'FL' }))).toEqual({
    ...nothingTyped(), lower: '1', reference: 'FL',
  });
  expect(withTerms(two, { ...openTerms(), end: '2026-02-01T00:00:00Z' }).features.map((each) => each.properties)).toEqual([
    { radius_m: 5, time_end: '2026-02-01T00:00:00Z' }, { time_end: '2026-02-01T00:00:00Z' },
  ]);
});

test('each route is asked', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (path: string, { method, body }: RequestInit) => {
    asked.push([method, path, JSON.parse(String(body))]);
    return Promise.resolve(new Response('{}'));
  });
  await add({ name: 'n' }, ['ru']);
  await amend('a/b', { contact: 'c' });
  await withdraw('a/b');
  expect(asked).toEqual([
    ['POST', '/v1/airspace', { name: 'n', to: ['ru'] }],
    ['PATCH', '/v1/airspace/a%2Fb', { act: 'amend', contact: 'c' }],
    ['PATCH', '/v1/airspace/a%2Fb', { act: 'withdraw' }],
  ]);
});
