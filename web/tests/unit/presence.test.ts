// SPDX-License-Identifier: Apache-2.0
// Where groups are: what the list has, what is typed and what of it is missing, what is sent.
import type { Geometry } from 'geojson';
import { afterEach, expect, test, vi } from 'vitest';
import {
  amend, calledIn, type Draft, draftFault, draftOf, emptyDraft, featureOf, inTurn, isOver, list, listedOf, type Place, say, standingOf,
} from '../../src/lib/presence';
import { UNREAD } from '../../src/lib/saying';
import type { Standing } from '../../src/lib/sharing';
import type { ProtectionFeature, ProtectionRecord } from '../../src/lib/types';

afterEach(() => vi.unstubAllGlobals());

const GROUP = 'mzxw6ytbmzxw6ytb';
const point: Geometry = { type: 'Point', coordinates: [36.3, 33.5] };
const place = (properties: object = { radius_m: 2000 }): Place => ({ type: 'Feature', geometry: point, properties: { ...properties } });
const row = (properties: object, geometry: Geometry = point): ProtectionFeature =>
  ({ type: 'Feature', id: 'aaaaaaaaaaaaaaaa', geometry, properties: { ...properties } });
const draft = (change: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(), group: GROUP, grade: 'B2', from: '2026-11-28T00:00:00Z', until: '2026-12-05T00:00:00Z', ...change,
});

test('a row has what the list shows, and of a coarse one no group', () => {
  expect(listedOf(row({
    party: 'fr', state: 'in_force', kind: 'presence', group: GROUP, sponsor: 'un', grade: 'B2', 'name:en': 'valley',
    time_start: 'a', time_end: 'b', contested: 'yes', radius_m: 2000,
  }))).toMatchObject({
    party: 'fr', group: GROUP, sponsor: 'un', grade: 'B2', names: [{ text: 'valley', language: 'en' }], until: 'b', contested: true,
    shapes: [{ kind: 'circle', radiusM: 2000 }],
  });
  expect(listedOf(row({ party: 'fr', state: 'in_force' }))).toMatchObject({ group: '', grade: '', until: '', contested: false });
  expect(listedOf(row({}, { type: 'GeometryCollection', geometries: [] })).shapes).toEqual([]);
});

test('what ends first comes first, what is over last', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const one = (id: string, until: string) => ({ ...listedOf(row({ time_end: until, state: 'in_force' })), id });
  const all = [one('over', '2026-11-28T11:00:00Z'), one('late', '2026-12-05T00:00:00Z'), one('none', ''), one('soon', '2026-11-29T00:00:00Z')];
  expect(inTurn(all, now).map(({ id }) => id)).toEqual(['soon', 'late', 'none', 'over']);
});

test('one is over when its end is past and nothing of it waits to act', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const ended = '2026-11-28T12:00:00Z';
  const over = (state: string, until = ended): boolean => isOver({ until, state }, now);
  expect(['in_force', 'unconfirmed', 'withdrawn'].map((state) => over(state))).toEqual([true, true, true]);
  // An earlier end that was said anew waits: what was said before goes on, and so does what is not read.
  expect(['pending_relaxation', 'not_understood', 'a_later_word', ''].map((state) => over(state))).toEqual([false, false, false, false]);
  expect([over('in_force', ''), over('in_force', 'soon'), over('in_force', '2026-11-28T12:00:01Z')]).toEqual([false, false, false]);
  const waits = { ...listedOf(row({ time_end: ended, state: 'pending_relaxation' })), id: 'waits' };
  const gone = { ...listedOf(row({ time_end: ended, state: 'in_force' })), id: 'gone' };
  expect(inTurn([gone, waits], now).map(({ id }) => id)).toEqual(['waits', 'gone']);
});

test('an end is required, and no more than fourteen days are said', () => {
  expect(draftFault(draft(), point)).toBeNull();
  expect(draftFault(draft({ until: '2026-12-12T00:00:00Z' }), point)).toBeNull();
  expect(draftFault(draft({ until: '2026-12-12T00:00:01Z' }), point)).toBe('span');
  expect(draftFault(draft({ until: '' }), point)).toBe('until');
  expect(draftFault(draft({ until: UNREAD }), point)).toBe('until');
  expect(draftFault(draft({ from: '' }), point)).toBe('from');
  expect(draftFault(draft({ until: '2026-11-28T00:00:00Z' }), point)).toBe('order');
  expect(draftFault(draft({ group: '' }), point)).toBe('group');
  expect(draftFault(draft({ grade: 'B' }), point)).toBe('grade');
  expect(draftFault(draft({ buffer: '-1' }), point)).toBe('number');
  expect(draftFault(draft(), null)).toBe('where');
});

test('it is a feature as the node takes it; what a file says of how sure it is goes with it', () => {
  expect(featureOf(draft({ sponsor: 'un', name: 'EXERCISE valley', language: 'en', contact: ' desk ' }), place()).properties).toEqual({
    kind: 'presence', class: 'group_area', group: GROUP, grade: 'B2', sponsor: 'un', 'name:en': 'EXERCISE valley', contact: 'desk',
    radius_m: 2000, time_start: '2026-11-28T00:00:00Z', time_end: '2026-12-05T00:00:00Z',
  });
  const loose = place({ radius_m: 5, accuracy_m: 300, buffer_m: 900, time_end: '2030-01-01T00:00:00Z', altitude_upper: 10 });
  expect(featureOf(draft(), loose).properties).toMatchObject({ accuracy_m: 300, buffer_m: 900, time_end: '2026-12-05T00:00:00Z' });
  expect(featureOf(draft(), loose).properties).not.toHaveProperty('altitude_upper');
  expect(featureOf(draft({ accuracy: '50' }), loose).properties['accuracy_m']).toBe(50);
});

test('amended, what is not asked for stays, and what is emptied goes', () => {
  const before = {
    kind: 'presence', class: 'group_area', group: GROUP, grade: 'B2', sponsor: 'un', 'name:ar': 'وادي', buffer_m: 900, radius_m: 2000,
    altitude_upper: 400, time_start: '2026-11-20T00:00:00Z', time_end: '2026-11-28T00:00:00Z', note: 'EXERCISE', contact: 'desk',
    earlier_places: [point],
  };
  const typed = draftOf(before);
  expect(typed).toMatchObject({ group: GROUP, sponsor: 'un', grade: 'B2', buffer: '900', contact: 'desk', until: '2026-11-28T00:00:00Z' });
  const kept = featureOf({ ...typed, until: '2026-11-30T00:00:00Z' }, place(before), before).properties;
  const { earlier_places: _, ...rest } = before;
  expect(kept).toEqual({ ...rest, time_end: '2026-11-30T00:00:00Z' });
  const other = featureOf({ ...typed, sponsor: '', buffer: '', contact: '' }, place({ radius_m: 7 }), before).properties;
  expect(other).toMatchObject({ radius_m: 7, 'name:ar': 'وادي', note: 'EXERCISE' });
  for (const name of ['sponsor', 'buffer_m', 'contact']) expect(other).not.toHaveProperty(name);
});

test('what the parties say is that of its group, where it is known which', () => {
  const standing = { groups: ['bbbbbbbbbbbbbbbb', GROUP], name: 'EXERCISE' } as Standing;
  expect(standingOf([standing], GROUP)).toBe(standing);
  expect(standingOf([standing], '')).toBeNull();
  expect(standingOf([standing], 'cccccccccccccccc')).toBeNull();
});

test('a group is called as its own record calls it; of several, a list says that it is one of them', () => {
  const all = (...groups: string[]): Standing => ({ groups, name: "another's" }) as Standing;
  expect(calledIn('its own', all('aaaaaaaaaaaaaaaa', GROUP))).toEqual({ name: 'its own', oneOf: 1 });
  expect(calledIn('', all('aaaaaaaaaaaaaaaa', GROUP))).toEqual({ name: "another's", oneOf: 2 });
  expect(calledIn('', all(GROUP))).toEqual({ name: "another's", oneOf: 1 });
  expect(calledIn('', null)).toEqual({ name: '', oneOf: 0 });
});

test('it is given in the same breath, and amended as it was looked at', async () => {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    asked.push([path, options]);
    return Promise.resolve(new Response(JSON.stringify({ id: 'x', features: [], total: 0 })));
  });
  await say(place(), ['un:coarse', 'ru']);
  await say(place(), []);
  await amend({ id: 'x', version: 3 } as ProtectionRecord, place());
  await list();
  expect(asked.map(([path]) => path)).toEqual([
    '/v1/protections?to=un%3Acoarse%2Cru', '/v1/protections', '/v1/protections/x', '/v1/protections?class=group_area&limit=1000',
  ]);
  expect(asked[2]?.[1].headers).toMatchObject({ 'If-Match': '3' });
  expect(JSON.parse(String(asked[2]?.[1].body))).toMatchObject({ act: 'amend', feature: { type: 'Feature' } });
});
