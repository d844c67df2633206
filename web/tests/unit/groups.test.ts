// SPDX-License-Identifier: Apache-2.0
// Records of one group: what another party makes one of them does not take the place of one's own.
import { afterEach, expect, test, vi } from 'vitest';
import { namedBefore, namesBy, readRecords, recordsIn, RECORDS_READ_MAX, startOf } from '../../src/lib/groups';
import type { Listed, Standing, Statement } from '../../src/lib/sharing';
import { isOf } from '../../src/lib/stands';

afterEach(() => vi.unstubAllGlobals());

const record = (id: string, party: string, day: number, more: Partial<Listed> = {}): Listed => ({
  id, kind: 'group', party, own: party === 'fr', goes_on: true, state: 'stated', tier: 'exact', version: 1, leaf: '',
  time: new Date(Date.UTC(2026, 10, day)).toISOString(), label: {}, ...more,
});
const row = (groups: string[], own: [string, number][] = []): Standing => ({
  name: 'EXERCISE', groups, of_charter: false, accord: 'one', protected: false, silent: [],
  positions: own.map(([id, day]) => ({
    party: 'fr', id, leaf: '', time: new Date(Date.UTC(2026, 10, day)).toISOString(), stand: 'protected', stated: false,
    protects_still: false, newer_withheld: false, acts: true, text: '',
  })),
});
const on = (group: string): Statement => ({ said: { group } }) as unknown as Statement;

test("one's own record comes first, withdrawn ones last, and no party fills the beginning with its own", () => {
  const ru = [1, 2, 3].map((day) => record(`aaa${day}`, 'ru', day));
  const all = [...ru, record('zzz9', 'un', 9), record('own', 'fr', 20), record('old', 'fr', 1, { state: 'withdrawn' }),
    record('other', 'un', 1), record('rep', 'un', 1, { kind: 'report' })];
  const ids = [...all.map(({ id }) => id).filter((id) => id !== 'other'), 'nothere'];
  expect(recordsIn(ids, all).map(({ id }) => id)).toEqual(['own', 'aaa1', 'zzz9', 'aaa2', 'aaa3', 'old']);
});

test('what one said of it before names the record, the newest first, and never one of another group', () => {
  const one = row(['a', 'b'], [['old', 1], ['new', 9]]);
  expect(namedBefore(one, 'fr', { old: on('a'), new: on('b') })).toBe('b');
  expect(namedBefore(one, 'fr', { old: on('a'), new: on('elsewhere') })).toBe('a');
  expect(namedBefore(one, 'fr', {})).toBeNull();
  expect(namedBefore(one, 'ru', { old: on('a'), new: on('b') })).toBeNull();
});

test('where there are several records, none of them is named unasked', () => {
  expect(startOf(row(['a', 'b']), null)).toBeNull();
  expect(startOf(row(['a', 'b']), 'b')).toEqual({ group: 'b' });
  expect(startOf(row(['a']), null)).toEqual({ group: 'a' });
  expect(startOf({ ...row([]), name: ' the point' }, null)).toEqual({ point: ' the point' });
});

test('a row stays the one that was opened when another record comes first', () => {
  expect(isOf(row(['0', 'a']), 'a')).toBe(true);
  expect(isOf(row(['0', 'b']), 'a')).toBe(false);
  expect(isOf({ ...row([]), name: 'x' }, 'point x')).toBe(true);
});

test('their names are read, each record its own, and not more than some; or none without the right', async () => {
  const all = Array.from({ length: RECORDS_READ_MAX + 3 }, (_, i) => record(`id${i + 10}`, i === 5 ? 'fr' : 'ru', 1 + (i % 20)));
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const id = path.split('/').at(-1) ?? '';
    const found = all.find((one) => one.id === id);
    return Promise.resolve(new Response(JSON.stringify(
      found ? { ...found, said: { names: [{ text: `name of ${id}` }] } } : { statements: all, next: null })));
  });
  const read = await readRecords(all.map(({ id }) => id), true);
  expect(asked[0]).toBe('/v1/statements?kind=group&withdrawn=yes&limit=1000');
  expect(asked.length).toBe(1 + RECORDS_READ_MAX);
  expect(read.length).toBe(all.length);
  expect([read[0]?.id, namesBy(read[0]!)]).toEqual(['id15', ['name of id15']]);
  expect(namesBy(read.at(-1)!)).toEqual([]);
  asked.length = 0;
  await readRecords(all.map(({ id }) => id), false);
  expect(asked.length).toBe(1);
  // What the list names is not read once more.
  asked.length = 0;
  all.splice(0, all.length, record('a', 'ru', 1, { said: { names: [{ text: 'listed' }] } }), record('b', 'ru', 2));
  expect((await readRecords(['a', 'b'], true)).map(namesBy)).toEqual([['listed'], ['name of b']]);
  expect(asked.slice(1)).toEqual(['/v1/statements/b']);
});
