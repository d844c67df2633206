// SPDX-License-Identifier: Apache-2.0
// Where the parties stand, and who holds what at a moment: nobody's word is taken for another's, and
// what nobody says is not made up.
import { expect, test } from 'vitest';
import type { Listed, Standing } from '../../src/lib/sharing';
import { accordSign, around, heldAt, heldDiffers, holdsAt, inTurn, isGroup, keyOf, ofParty, silentOf, standSign, turns } from '../../src/lib/stands';

const area = (party: string, said: object): Listed => ({
  id: party, kind: 'control', party, own: false, goes_on: false, state: 'stated', tier: 'exact', version: 1, leaf: '',
  time: '', label: {}, said: { area: 'valley', holding: 'held', ...said },
});
const at = (day: number): number => Date.UTC(2015, 10, day);
const day = (n: number): string => new Date(at(n)).toISOString();

test('a statement of an area counts from its beginning, and no more at its end', () => {
  const one = area('fr', { from: day(10), until: day(20) });
  expect([9, 10, 19, 20].map((n) => holdsAt(one, at(n)))).toEqual([false, true, true, false]);
  expect(holdsAt(area('fr', {}), at(1))).toBe(true);
  expect(holdsAt(area('fr', { until: day(5) }), at(5))).toBe(false);
});

test('one goes from turn to turn', () => {
  const all = [area('fr', { from: day(10), until: day(20) }), area('ru', { from: day(20) }), area('un', {})];
  expect(turns(all)).toEqual([at(10), at(20)]);
  expect(around(turns(all), at(10))).toEqual({ before: null, after: at(20) });
  expect(around(turns(all), at(25))).toEqual({ before: at(20), after: null });
});

test('areas stand by name, each assessor beside the others, and nothing is filled in', () => {
  const fr = area('fr', { holder: { name: 'a' }, until: day(20) });
  const ru = area('ru', { holder: { name: 'b' }, from: day(10) });
  const other = area('un', { area: 'Valley', holding: 'unknown' });
  const rows = heldAt([ru, fr, other], at(15));
  expect(rows.map((row) => [row.area, [...row.by.keys()].sort()])).toEqual([['valley', ['fr', 'ru']], ['Valley', ['un']]]);
  expect(rows.map(heldDiffers)).toEqual([true, false]);
  const later = heldAt([ru, fr], at(25));
  expect(later.map((row) => [...row.by.keys()])).toEqual([['ru']]);
  expect(later.map(heldDiffers)).toEqual([false]);
  expect(heldDiffers(heldAt([fr, area('ru', { holder: { name: 'a' } })], at(1))[0]!)).toBe(false);
});

test('what differs comes first, and each is told by a sign of its own', () => {
  const one = (name: string, accord: Standing['accord'], groups: string[] = []): Standing => ({
    name, groups, of_charter: true, accord, protected: false, silent: [],
    positions: [
      { party: 'fr', id: 'a', leaf: '', time: '', stand: 'agrees', stated: true, protects_still: false, newer_withheld: false, acts: true, text: '' },
      { party: 'ru', id: 'b', leaf: '', time: '', stand: 'differs', stated: true, protects_still: false, newer_withheld: false, acts: true, text: '' },
      { party: 'ru', id: 'c', leaf: '', time: '', stand: 'agrees', stated: true, protects_still: false, newer_withheld: false, acts: true, text: '' },
    ],
  });
  const all = [one('w', 'agree'), one('x', 'nobody'), one('y', 'differ', ['g']), one('z', 'one')];
  expect(inTurn(all).map((each) => each.name)).toEqual(['y', 'z', 'x', 'w']);
  expect(new Set(Object.values(accordSign)).size).toBe(4);
  expect(new Set(['protected', 'not_protected', 'agrees', 'differs', 'no_position'].map(standSign)).size).toBe(5);
  expect(all.map(isGroup)).toEqual([false, false, true, false]);
  expect(all.map(keyOf)).toEqual(['point w', 'point x', 'g', 'point z']);
  expect(ofParty(all[0]!, 'ru').map((each) => each.id)).toEqual(['b', 'c']);
  expect(ofParty(all[0]!, 'un')).toEqual([]);
});

test('nobody is silent where not all that was said was read', () => {
  const all = ['fr', 'ru', 'un'].map((party) => ({ party }));
  expect(silentOf(all, [{ party: 'ru' }, { party: 'ru' }], true).map(({ party }) => party)).toEqual(['fr', 'un']);
  expect(silentOf(all, [], true)).toEqual(all);
  expect(silentOf(all, [], false)).toEqual([]);
  expect(silentOf(all, [{ party: 'ru' }], false)).toEqual([]);
});
