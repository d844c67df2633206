// SPDX-License-Identifier: Apache-2.0
// What is typed into the forms of statements becomes members, or says what is missing; a correction
// sends what differs and nothing else; who may say what.
import { expect, test } from 'vitest';
import { fieldsOf, labelFields } from '../../src/lib/said';
import { asked, changes, type Draft, draftOf, labelOf, saidOf, UNREAD } from '../../src/lib/saying';
import type { Kind, Said, Statement } from '../../src/lib/sharing';
import { actsOn } from '../../src/lib/sharing_acts';

const A = 'aaaaaaaaaaaaaaaa';
const take = (kind: Kind, change: Draft, start: Said = {}) => {
  const fields = asked(kind, start);
  const { said, faults } = saidOf(kind, fields, { ...draftOf(fields, start), ...change });
  return { said, faults: faults.map(({ field, why }) => `${field.name} ${why}`) };
};
const circle = { type: 'FeatureCollection' as const, features: [] };

test('what is needed is asked for by name', () => {
  expect(take('report', {}).faults).toEqual(['topic missing', 'text missing', 'grade missing', 'contact missing']);
  expect(take('group', {}).faults).toEqual(['names missing', 'contact missing']);
  expect(take('control', { holding: 'held' }).faults).toEqual([
    'area missing', 'volumes missing', 'grade missing', 'contact missing', 'holder missing',
  ]);
  expect(take('control', { holding: 'unknown' }).faults).not.toContain('holder missing');
  expect(take('assessment', { opinion: 'doubts' }, { of: A }).faults).toContain('text missing');
  expect(take('assessment', { opinion: 'agrees' }, { of: A }).faults).not.toContain('text missing');
  expect(take('responsibility', { stance: 'attributes' }, { of: A }).faults).toContain('whom missing');
  const begun = take('responsibility', { stance: 'claims', who: { how: 'party', value: '' } }, { of: A });
  expect(begun.faults).toContain('who unread');
});

test('what is typed becomes members, and what is empty is left out', () => {
  const { said, faults } = take('incident', {
    sort: 'raid', from: '2015-11-13T20:20:00Z', until: '2015-11-13T21:00:00Z', contact: ' desk ', accuracy_m: '٢٥',
    volumes: circle, text: '  ',
    casualties: [
      { category: 'civilian', harm: 'killed', least: '0', best: '', most: '12', basis: '', as_of: '' },
      { category: 'unknown', harm: 'killed', least: '', best: '', most: '', basis: '', as_of: '' },
    ],
  });
  expect(faults).toEqual([]);
  expect(said).toEqual({
    sort: 'raid', from: '2015-11-13T20:20:00Z', until: '2015-11-13T21:00:00Z', time_precision: 'unstated',
    contact: 'desk', volumes: circle, accuracy_m: 25, place_precision: 'unstated',
    casualties: [{ category: 'civilian', harm: 'killed', least: 0, most: 12 }],
  });
});

test('what does not read is said, and never sent', () => {
  const wrong = take('report', {
    topic: 'x', text: 'x', contact: 'x', grade: 'B', from: UNREAD, about: `${A} nothing`, accuracy_m: '-1',
    volumes: { fault: 'no latitude' },
    sources: [{ kind: 'media', line: 'AFP', of: 'no id', grade: '' }],
  });
  expect(wrong.faults.sort()).toEqual([
    'about unread', 'accuracy_m unread', 'from unread', 'grade unread', 'of unread', 'volumes unread',
  ]);
  expect(JSON.stringify(wrong.said)).not.toContain(UNREAD);
  expect(take('incident', { casualties: [{ category: 'all', harm: 'killed', least: '1.5' }] }).faults).toContain('least unread');
});

test('a position is on a group or on a point, each with its own words', () => {
  const words = (start: Said) => asked('position', start).find((one) => one.name === 'stand')?.words;
  expect(words({ group: A })).toEqual(['protected', 'not_protected', 'no_position']);
  expect(words({ point: 'who stays' })).toEqual(['agrees', 'differs', 'no_position']);
  expect(asked('position', { point: 'x' }).map((one) => one.name)).not.toContain('group');
  expect(take('position', { stand: 'differs', contact: 'x' }, { point: 'who  stays ' }).said['point']).toBe('who  stays ');
});

test('a correction sends what differs, and null for what is said no more', () => {
  const before = {
    of: A, leaf: 'h', stance: 'claims', who: { name: 'a group' }, text: 'x', contact: 'desk',
    sources: [{ kind: 'media', line: 'AFP', grade: 'B2' }],
  };
  const fields = asked('responsibility', before);
  const draft = draftOf(fields, before);
  const sent = (change: Draft) => changes(fields, before, saidOf('responsibility', fields, { ...draft, ...change }).said);
  expect(sent({})).toEqual({});
  expect(sent({ text: '' })).toEqual({ text: null });
  expect(sent({ who: { how: 'party', value: 'ru' } })).toEqual({ who: { party: 'ru', group: null, name: null } });
  expect(sent({ who: { how: '', value: '' } })).toEqual({ who: null });
  expect(sent({ sources: [] })).toEqual({ sources: null });
  expect(sent({ at: '2015-11-14T00:00:00Z' })).toEqual({ at: '2015-11-14T00:00:00Z' });
});

test('a place that stays is not sent again', () => {
  const before = {
    area: 'valley', volumes: circle, holding: 'held', holder: { name: 'x' }, grade: 'C3', contact: 'desk', accuracy_m: 5,
  };
  const fields = fieldsOf.control;
  const draft = draftOf(fields, before);
  expect(draft['volumes']).toBe('kept');
  const { said, faults } = saidOf('control', fields, draft);
  expect([faults, changes(fields, before, said)]).toEqual([[], {}]);
  const moved = saidOf('control', fields, { ...draft, volumes: circle }).said;
  expect(changes(fields, { ...before, volumes: { type: 'FeatureCollection', features: [1] } }, moved)).toEqual({ volumes: circle });
});

test('a label that says nothing is no label', () => {
  const said = (change: Draft) => labelOf(saidOf(null, labelFields, { ...draftOf(labelFields, {}), ...change }).said);
  expect(said({})).toBeUndefined();
  expect(said({ tlp: 'red', delegates: ['un'], onward: 'delegate' })).toEqual({
    tlp: 'red', onward: 'delegate', delegates: ['un'], use: 'protection', attribution: 'ask',
  });
  expect(said({ personal_data: true })).toMatchObject({ personal_data: true });
});

test('only who may is offered to say something, and only an author corrects', () => {
  const one = (change: Partial<Statement>): Statement => ({
    id: A, kind: 'incident', party: 'ru', own: false, goes_on: false, state: 'stated', tier: 'exact', version: 1, leaf: '',
    time: '', label: {}, said: {}, history: [], replies: [], ...change,
  });
  const names = (change: Partial<Statement>, rights = ['share', 'acknowledge']): string =>
    actsOn(one(change), (right) => rights.includes(right)).map((act) => act.name).join(' ');
  expect(names({}, [])).toBe('');
  expect(names({})).toBe('responsible link report assess request');
  expect(names({ own: true, goes_on: true })).toBe('responsible link report amend withdraw');
  expect(names({ own: true, goes_on: false })).toBe('responsible link report');
  expect(names({ own: true, goes_on: true, state: 'withdrawn' })).toBe('responsible link report');
  expect(names({ kind: 'link' })).toBe('answer');
  expect(names({ kind: 'request' }, ['share'])).toBe('');
  expect(names({ kind: 'link', own: true, goes_on: true })).toBe('amend withdraw');
  expect(names({ kind: 'link', state: 'withdrawn' })).toBe('');
  expect(names({ kind: 'group', own: true }, ['release'])).toBe('release');
  expect(names({ kind: 'group', own: true, state: 'withdrawn' }, ['release'])).toBe('');
  expect(names({ kind: 'group' })).toBe('position same report assess request');
  expect(names({ kind: 'report', own: true, goes_on: true, state: 'not_understood' })).toBe('withdraw');
});
