// SPDX-License-Identifier: Apache-2.0
// Sealed checks: what is sent, and how what came of asking one again is said.
import { afterEach, expect, test, vi } from 'vitest';
import { translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import { differing, entryReads, list, seal, show, type Verified, verdictWords, verify, whyNot } from '../../src/lib/sealed';

afterEach(() => vi.unstubAllGlobals());

const t = translator('en');
const w = { language: 'en' as const, t, format: new Format('en', t) };
const about = { party: 'un', name: 'UN', others: [{ party: 'ru', name: 'Party RU' }] };
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

test('what was answered is said, and that it is not understood', () => {
  expect(verdictWords(w, 'conflict')).toBe('Conflict');
  for (const verdict of ['', 'some_day']) expect(verdictWords(w, verdict)).toBe('not understood here');
});

test('why something was not compared names whose log, and is never left out', () => {
  expect(plain(whyNot(w, about, { code: 'forked', text: 'x', party: 'ru' }))).toBe('Party RU: The log contradicted itself');
  expect(plain(whyNot(w, about, { code: 'more_touched', text: 'x', count: 1200 }))).toContain('(1,200)');
  expect(whyNot(w, about, { code: 'some_day', text: 'as the node says' })).toBe('as the node says');
});

test('only where it differs are entries listed', () => {
  const found = { not_found: ['a'], not_stated: [], not_read: ['b', 'c'] } as unknown as Verified;
  expect(differing(found)).toEqual([
    { what: 'not_found', entries: ['a'] }, { what: 'not_read', entries: ['b', 'c'] },
  ]);
});

test('an entry is a number', () => {
  expect(['', '0', '12'].map(entryReads)).toEqual([true, true, true]);
  expect(['-1', '1.5', 'x', '1 2'].map(entryReads)).toEqual([false, false, false, false]);
});

test('each route is asked', async () => {
  const asked: [string, string, unknown][] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit = {}) => {
    asked.push([path, options.method ?? 'GET', options.body && JSON.parse(String(options.body))]);
    return Promise.resolve(new Response('{"checks":[]}'));
  });
  const plan = { type: 'FeatureCollection' as const, features: [] };
  await list();
  await show('a/b');
  await verify('a');
  await verify('a', '2', '9');
  await seal(plan, 20);
  expect(asked).toEqual([
    ['/v1/checks', 'GET', undefined], ['/v1/checks/a%2Fb', 'GET', undefined],
    ['/v1/checks/a/verification', 'GET', undefined],
    ['/v1/checks/a/verification?from=2&until=9', 'GET', undefined], ['/v1/checks', 'POST', { plan, margin_m: 20 }],
  ]);
});
