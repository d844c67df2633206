// SPDX-License-Identifier: Apache-2.0
// An incident joined to what had been said before it: what is asked, and its words.
import { afterEach, expect, test, vi } from 'vitest';
import { translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import { byThenWords, distanceWords, join, lineWords, precisionWords, verdictWords } from '../../src/lib/join';

afterEach(() => vi.unstubAllGlobals());

const t = translator('en');
const w = { language: 'en' as const, t, format: new Format('en', t) };
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

test('where nobody says where the incident was, no distance is said', () => {
  expect(plain(distanceWords(w, { distance_m: null, touches: true }))).toBe('nobody says where the incident was');
  expect(plain(distanceWords(w, { distance_m: 0, touches: true }))).toBe('at the same place, within its buffer');
  expect(plain(distanceWords(w, { distance_m: 1500, touches: false }))).toBe('1.5 km away');
  expect(plain(distanceWords(w, { distance_m: 0, touches: null }))).toBe('at the same place, whether within its buffer is not known');
});

test('a place that is not nearly known is said beside the list, and one of which it is not said', () => {
  const said = (place_precision: string, volumes = 1): string => plain(precisionWords(w, { place_precision, volumes }));
  expect(['exact', 'near'].map((one) => said(one))).toEqual(['', '']);
  for (const one of ['district', 'region', 'country']) expect(said(one)).toContain(`known to the ${one} and no finer`);
  for (const one of ['unstated', 'a_later_word', '']) expect(said(one)).toContain('is not said');
  expect(said('country', 0)).toBe(''); // that nobody says where it was is said instead
});

test('each line is said in words, and what is not known here as it came', () => {
  const line = (what: string, more: string): string => plain(lineWords(w, { what, more }));
  expect(line('said', 'withdraw')).toBe('withdrawn');
  expect(line('said', 'add')).toBe('said');
  expect(line('responsibility', 'add denies')).toBe('who did it: said · denies it');
  expect(line('assessment', 'add doubts')).toBe('assessment: said · doubts it');
  expect(line('checked', 'no_registered_conflict')).toBe('checked: No registered conflict');
  expect(line('passed', 'add')).toBe('passed to a unit: add');
  expect(line('received', '')).toBe('received');
  expect(line('later_word', 'x y')).toBe('later_word: x · y');
  expect(verdictWords(w, 'unheard')).toBe('unheard');
});

test('that nothing was acknowledged, and that it is not known, are told apart', () => {
  expect(byThenWords(w, { by_then: 'offered' })).toBe('had acknowledged nothing by then');
  expect(byThenWords(w, { by_then: '' })).toBe('how far it had got by then is not known');
  expect(plain(byThenWords(w, { by_then: 'passed' }))).toBe('passed to a unit by then');
});

test('it is asked how far around', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response('{}'));
  });
  await join('a/b', 0);
  expect(asked).toEqual(['/v1/joins/a%2Fb?within=0']);
});
