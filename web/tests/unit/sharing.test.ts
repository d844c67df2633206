// SPDX-License-Identifier: Apache-2.0
// What parties know: its words, its titles, what may be said of one, and what is asked.
import { afterEach, expect, test, vi } from 'vitest';
import ar from '../../src/i18n/ar.json';
import { known, translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import {
  type Field, fieldsOf, gradeWords, labelFields, memberName, ofWhat, stateOf, titleOf, tornFields, wordName,
} from '../../src/lib/said';
import { answer, amend, corroboration, kinds, type Listed, list, show, state, withdraw } from '../../src/lib/sharing';

afterEach(() => vi.unstubAllGlobals());

const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const words = (language: 'en' | 'ar') => {
  const t = translator(language);
  return { language, t, format: new Format(language, t) };
};
const w = words('en');
const listed = (kind: string, said: object | undefined, change: Partial<Listed> = {}): Listed => ({
  id: 'aaaaaaaaaaaaaaaa', kind, party: 'ru', own: false, goes_on: false, state: 'stated', tier: 'exact', version: 1,
  leaf: '', time: '2026-11-28T10:00:00Z', label: {}, ...(said && { said: { ...said } }), ...change,
});

test('every member and every word of a list has a name in the page, in each language', () => {
  const all = (fields: readonly Field[]): Field[] => fields.flatMap((one) => [one, ...all(one.of ?? [])]);
  const every = all([...Object.values(fieldsOf).flat(), ...tornFields, ...labelFields]);
  expect(every.length).toBeGreaterThan(100);
  for (const one of every) {
    expect(known('said', one.name), one.name).not.toBeNull();
    for (const word of one.words ?? []) {
      expect(known('said_word', `${one.name}_${word}`), `${one.name} ${word}`).not.toBeNull();
    }
  }
  expect(Object.keys(ar)).toContain('said_word.stance_under_review');
  expect(Object.keys(fieldsOf).sort()).toEqual([...kinds].sort());
});

test('a word that is not known here is shown as it is', () => {
  expect(wordName(w, 'sort', 'shoot_down')).toBe('Shoot-down');
  expect(wordName(w, 'sort', 'drone_crash')).toBe('drone_crash');
  expect(wordName(w, 'what', 'hospital')).toBe('Hospital');
  expect(memberName(w, 'later_member')).toBe('later_member');
});

test('a grade stays a pair, and a mark that is none is not explained', () => {
  expect(plain(gradeWords(w, 'B2'))).toBe('B2: source usually reliable, what it says probably true');
  expect(gradeWords(w, 'Z9')).toBe('Z9');
});

test('a title says what is open of it, and nothing else', () => {
  expect(titleOf(w, listed('report', { topic: 'convoy' }))).toBe('convoy');
  expect(titleOf(w, listed('report', undefined, { tier: 'coarse', tear: { topic: 'lorries' } }))).toBe('lorries');
  expect(titleOf(w, listed('incident', { sort: 'air_strike' }))).toBe('Air strike');
  expect(titleOf(w, listed('incident', undefined, { tear: { topic: 'raid' } }))).toBe('Raid');
  expect(titleOf(w, listed('position', { stand: 'differs', point: 'who stays' }))).toBe('differs: who stays');
  expect(titleOf(w, listed('control', { area: 'valley', holding: 'contested' }))).toBe('valley: contested');
  expect(titleOf(w, listed('link', undefined, { tier: 'head' }))).toBe('not open here');
  const names = [{ text: 'brigade', language: 'en' }, { text: 'لواء', language: 'ar' }];
  expect(titleOf(words('ar'), listed('group', { names }))).toBe('لواء');
  expect(titleOf(w, listed('group', { names }))).toBe('brigade');
  expect(ofWhat(listed('link', { incident: 'i', other: 'o' }))).toBe('i');
  expect(ofWhat(listed('report', { topic: 'x' }))).toBe('');
});

test('what was corrected is called so, and what is withdrawn is never what stands', () => {
  expect(stateOf(listed('report', {}))).toBe('stated');
  expect(stateOf(listed('report', {}, { version: 2 }))).toBe('amended');
  expect(stateOf(listed('report', {}, { version: 2, state: 'withdrawn' }))).toBe('withdrawn');
  expect(stateOf(listed('report', {}, { state: 'not_understood' }))).toBe('not_understood');
});

test('the list is read to its end, newest first, and says where it is not', async () => {
  const asked: string[] = [];
  let pages = 2;
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const next = asked.length < pages ? asked.length * 1000 : null;
    const one = listed('report', {}, { time: `2026-11-28T10:00:0${asked.length % 10}Z` });
    return Promise.resolve(new Response(JSON.stringify({ statements: [one], next })));
  });
  const found = await list({ kind: 'report', party: '', withdrawn: true });
  expect(asked).toEqual([
    '/v1/statements?kind=report&withdrawn=yes&limit=1000', '/v1/statements?kind=report&withdrawn=yes&limit=1000&cursor=1000',
  ]);
  expect([found.statements.map((one) => one.time.at(-2)), found.more]).toEqual([['2', '1'], false]);
  asked.length = 0;
  pages = 99;
  expect([(await list({})).more, asked.length]).toEqual([true, 10]);
});

test('each route is asked, and nothing empty is sent', async () => {
  const asked: [string, string | undefined, unknown][] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit = {}) => {
    asked.push([path, options.method, options.body ? JSON.parse(String(options.body)) : null]);
    return Promise.resolve(new Response('{}'));
  });
  await show('a/b');
  await corroboration('a/b');
  const said = { kind: 'group', said: { names: [{ text: 'x' }] }, to: ['un'] } as const;
  await state({ ...said, to: [...said.to] });
  await amend('a', { said: { text: null } });
  await withdraw('a');
  await answer('a', 'refused', 'two raids', '');
  expect(asked).toEqual([
    ['/v1/statements/a%2Fb', undefined, null], ['/v1/corroboration/a%2Fb', undefined, null],
    ['/v1/statements', 'POST', said], ['/v1/statements/a', 'PATCH', { act: 'amend', said: { text: null } }],
    ['/v1/statements/a', 'PATCH', { act: 'withdraw' }],
    ['/v1/statements/a/reply', 'POST', { word: 'refused', text: 'two raids' }],
  ]);
});
