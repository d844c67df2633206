// SPDX-License-Identifier: Apache-2.0
// Activities: what is declared, what asks for a look, what raises the alarm, what is read again.
import type { FeatureCollection } from 'geojson';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  amend, declare, follow, lacksWindow, list, type Listed, openTo, reply, show, withWindow,
} from '../../src/lib/activities';
import {
  alarmsOf, asksForALook, lookedAtNothing, newReplies, store, stored, type Touch, touchesSomething, touchOf,
  withRead, withSeen,
} from '../../src/lib/looked';
import { shapesIn } from '../../src/lib/plan_file';
import type { Answer, Finding } from '../../src/lib/types';
import { Watch } from '../../src/lib/watch';

const row = (change: Partial<Listed> = {}): Listed => ({
  id: 'a', party: 'ru', own: false, name: '', contact: 'desk', state: 'running', version: 1, leaf: 'l',
  from: null, until: null, replies: 0, verdict: 'conflict', meets: 0, ...change,
});
const answer = (ids: string[], total = ids.length): Answer => ({
  verdict: 'conflict', reasons: [], nearby: [], nearby_total: 0, notice: '', findings_total: total,
  objections: [], objections_total: 0,
  findings: ids.map((id) => ({ id, names: [] }) as unknown as Finding),
  as_of: { party: 'fr', origin: '', tree_size: 1, root: '', age_s: 0, charter: '', asked_at: '', rules: '' },
});
const point = (properties: Record<string, unknown>): FeatureCollection['features'][number] => ({
  type: 'Feature', properties, geometry: { type: 'Point', coordinates: [1, 2] },
});
const plan = (...each: Record<string, unknown>[]): FeatureCollection => ({
  type: 'FeatureCollection', features: each.map(point),
});
const both = { time_start: '2026-01-01T00:00:00Z', time_end: '2026-01-02T00:00:00Z' };

afterEach(() => vi.unstubAllGlobals());

describe('volumes', () => {
  test('need both ends of a time', () => {
    expect(lacksWindow(plan(both))).toBe(false);
    expect(lacksWindow(plan(both, { time_start: both.time_start }))).toBe(true);
    expect(lacksWindow(plan({ ...both, time_end: null }))).toBe(true);
  });
  test('take the one that is written where they have none, and keep their own', () => {
    const given = withWindow(plan({ ...both, radius_m: 5 }, {}), 'S', 'E');
    expect(given.features.map((f) => f.properties)).toEqual([
      { ...both, radius_m: 5 }, { time_start: 'S', time_end: 'E' },
    ]);
    expect(lacksWindow(given)).toBe(false);
  });
  test('are drawn as the shapes of a plan; none where it is over', () => {
    expect(shapesIn(plan({ ...both, radius_m: 5 }))).toEqual([
      { kind: 'circle', center: [1, 2], radiusM: 5, own: both },
    ]);
    expect(shapesIn(plan())).toEqual([]);
  });
});

describe('a look is asked for', () => {
  const quiet = row({ verdict: 'no_registered_conflict' });
  const nothing = lookedAtNothing();
  test('by every answer but the best one, by who else is there, by a new reply to one\'s own', () => {
    expect(asksForALook(nothing, quiet)).toBe(false);
    for (const verdict of ['conflict', 'incomplete', 'caution'] as const) {
      expect(asksForALook(nothing, { ...quiet, verdict })).toBe(true);
    }
    expect(asksForALook(nothing, { ...quiet, meets: 1 })).toBe(true);
    expect(asksForALook(nothing, { ...quiet, state: 'not_understood', verdict: null })).toBe(true);
    expect(asksForALook(nothing, { ...quiet, own: true, replies: 1 })).toBe(true);
    expect(asksForALook(nothing, { ...quiet, replies: 1 })).toBe(false);
  });
  test('by none that is over but for a reply', () => {
    const over = row({ state: 'ended', verdict: null, own: true });
    expect(asksForALook(nothing, over)).toBe(false);
    expect(asksForALook(nothing, { ...over, replies: 2 })).toBe(true);
    expect(newReplies({ ...nothing, replies: { a: 2 } }, { ...over, replies: 3 })).toBe(1);
  });
});

describe('the alarm', () => {
  const raised = (touch: Touch, looked = lookedAtNothing(), one = row()): string[] =>
    alarmsOf(looked, [one], { a: touch }).map((alarm) => alarm.fresh.map((f) => f.id).join());
  test('is raised by what stands inside one under way, and by no other', () => {
    expect(raised(touchOf(answer(['x', 'y', 'x'])))).toEqual(['x,y']);
    expect(raised(touchOf(answer(['x'])), lookedAtNothing(), row({ state: 'planned' }))).toEqual([]);
    expect(raised(touchOf(answer([])))).toEqual([]);
  });
  test('is raised by an objection inside it', () => {
    const objected = { ...answer([]), objections: answer(['o']).findings, objections_total: 1 };
    expect(touchOf(objected)).toMatchObject({ all: [{ what: 'o ' }], total: 0, objections: 1 });
    expect(raised(touchOf(objected))).toEqual(['o']);
  });
  test('is raised where it could not be read what', () => {
    expect(raised(touchesSomething)).toEqual(['']);
  });
  test('rests once it was seen, until something else stands there', () => {
    const first = touchOf(answer(['x']));
    const looked = withSeen(lookedAtNothing(), 'a', first);
    expect(raised(first, looked)).toEqual([]);
    expect(raised(touchOf(answer(['x', 'z'])), looked)).toEqual(['z']);
    expect(raised(touchOf(answer([])), looked)).toEqual([]);
    expect(raised(first, withSeen(looked, 'b', first))).toEqual([]);
  });
  describe('is raised again by what was seen and has become worse', () => {
    const one = (change: Partial<Finding>): Touch => {
      const finding = { id: 'x', leaf: '1', weight: 'caution', names: [], ...change } as unknown as Finding;
      return touchOf({ ...answer(['x']), findings: [finding] });
    };
    const afterSeen = (first: Partial<Finding>, then: Partial<Finding>): string[] =>
      raised(one(then), withSeen(lookedAtNothing(), 'a', one(first)));
    test('a caution that is a conflict, as where a group is protected by now', () => {
      expect(afterSeen({}, { weight: 'conflict' })).toEqual(['x']);
      expect(afterSeen({ weight: 'conflict' }, {})).toEqual([]);
    });
    test('an area whose place is known by now', () => {
      expect(afterSeen({ tier: 'coarse' }, { tier: 'exact' })).toEqual(['x']);
      expect(afterSeen({ tier: 'exact' }, { tier: 'coarse' })).toEqual([]);
      expect(afterSeen({ tier: 'coarse', weight: 'conflict' }, { tier: 'exact' })).toEqual(['x']);
    });
    test('another version', () => {
      expect(afterSeen({}, { leaf: '2' })).toEqual(['x']);
      expect(afterSeen({ weight: 'conflict' }, { leaf: '2' })).toEqual(['x']);
    });
    test('one that is named once, however many places of it are touched', () => {
      const [finding] = one({ tier: 'coarse' }).findings as [Finding];
      const both = [finding, { ...finding, tier: 'exact' as const, weight: 'conflict' as const, leaf: '2' }];
      const touch = touchOf({ ...answer(['x', 'x']), findings: both });
      expect(raised(touch)).toEqual(['x']);
      expect(raised(touch, withSeen(lookedAtNothing(), 'a', touch))).toEqual([]);
    });
    test('what had become lighter meanwhile', () => {
      const seen = withSeen(lookedAtNothing(), 'a', one({ weight: 'conflict' }));
      const eased = withRead(seen, 'a', one({}));
      expect(raised(one({}), eased)).toEqual([]);
      expect(raised(one({ weight: 'conflict' }), eased)).toEqual(['x']);
      expect(withRead(seen, 'a', one({ leaf: '2' }))).toEqual(seen);
      expect(withRead(seen, 'b', one({}))).toEqual(seen);
    });
    test('not where nothing was told of weights', () => {
      const told = touchOf(answer(['x']));
      expect(raised(told, withSeen(lookedAtNothing(), 'a', told))).toEqual([]);
    });
  });
  test('is raised by more of what is not listed, and by more of it that is a conflict', () => {
    const looked = withSeen(lookedAtNothing(), 'a', touchOf(answer(['x'], 201)));
    expect(raised(touchOf(answer(['x'], 201)), looked)).toEqual([]);
    expect(raised(touchOf(answer(['x'], 202)), looked)).toEqual(['']);
    const reasons = [{ weight: 'conflict' as const, code: 'touches', count: 3, text: '' }];
    expect(raised(touchOf({ ...answer(['x'], 201), reasons }), looked)).toEqual(['']);
  });
  test('is not stilled for the next window', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, v: string) => kept.set(key, v),
    });
    expect(stored()).toEqual(lookedAtNothing());
    const looked = withSeen(lookedAtNothing(), 'a', touchOf(answer(['x'])));
    store(looked);
    expect(stored()).toEqual(looked);
    kept.forEach((_value, key) => kept.set(key, 'not json'));
    expect(stored()).toEqual(lookedAtNothing());
  });
});

describe('one is read whole again', () => {
  const due = (watch: Watch, one: Listed, selected: string | null = null): boolean =>
    watch.due([one], selected).length === 1;
  test('when something may be another than at the last reading', () => {
    const watch = new Watch();
    expect(due(watch, row())).toBe(true);
    watch.done('a', watch.begin(row()));
    expect(due(watch, row())).toBe(false);
    expect(due(watch, row({ version: 2 }))).toBe(true);
    expect(due(watch, row({ verdict: 'incomplete' }))).toBe(true);
    watch.changed();
    expect(due(watch, row())).toBe(true);
  });
  test('when it touches something again, without a word of anybody', () => {
    const watch = new Watch();
    watch.done('a', watch.begin(row()));
    expect(due(watch, row({ verdict: 'no_registered_conflict' }))).toBe(false);
    expect(due(watch, row())).toBe(true);
  });
  test('when something changed while it was read', () => {
    const watch = new Watch();
    const reading = watch.begin(row());
    watch.changed();
    watch.done('a', reading);
    expect(due(watch, row())).toBe(true);
  });
  test('where it is under way and touches something, or is open', () => {
    const planned = row({ state: 'planned' });
    expect(due(new Watch(), planned)).toBe(false);
    expect(due(new Watch(), planned, 'a')).toBe(true);
    expect(due(new Watch(), row({ verdict: 'no_registered_conflict' }))).toBe(false);
  });
});

test('the node is asked by its routes', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string, options: RequestInit = {}) => {
    asked.push([options.method ?? 'GET', path, options.body].filter(Boolean).join(' '));
    return new Response('{"activities":[]}');
  });
  await list(false);
  await list(true);
  await show('a/b');
  await declare({ plan: plan(), contact: 'desk', sealed: true });
  await amend('a', { plan: plan(), contact: 'desk', accuracy_m: 0 });
  await follow('a', 'end');
  await reply('a', 'conflict', '', 'health desk');
  await openTo('a', 'ru');
  expect(asked).toEqual([
    'GET /v1/activities', 'GET /v1/activities?over=yes', 'GET /v1/activities/a%2Fb',
    'POST /v1/activities {"plan":{"type":"FeatureCollection","features":[]},"contact":"desk","sealed":true}',
    'PATCH /v1/activities/a {"act":"amend","plan":{"type":"FeatureCollection","features":[]},"contact":"desk","accuracy_m":0}',
    'PATCH /v1/activities/a {"act":"end"}',
    'POST /v1/activities/a/replies {"word":"conflict","contact":"health desk"}',
    'POST /v1/releases {"records":["a"],"to":"ru","tier":"exact"}',
  ]);
});
