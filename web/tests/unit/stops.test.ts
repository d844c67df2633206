// SPDX-License-Identifier: Apache-2.0
// STOPs: which stand over everything, how one stands, what is sent, and that no page of the list is
// left unread.
import { afterEach, describe, expect, test, vi } from 'vitest';
import en from '../../src/i18n/en.json';
import { translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import {
  answer, around, called, desksIn, type HeardStop, lift, list, type ListedStop, say, show,
} from '../../src/lib/stops';
import { isOpen, markOf, openIn, sorted, standingOf, standingOfHeard, unanswered, wasHeard } from '../../src/lib/unanswered';
import { touchedClass, touchedName } from '../../src/lib/words';

const row = (change: Partial<ListedStop> = {}): ListedStop => ({
  id: 'a', party: 'fr', own: false, state: 'in_force', contact: 'desk', said: '2026-11-27T10:00:00Z',
  to: 'ru', text: 'stop', desks: ['duty', 'ops'], open: true, answered: 'nobody', answered_at: null,
  attempts: 1, replies: 1, next: null, ...change,
});
const heard = (change: Partial<HeardStop> = {}): HeardStop => ({
  id: 'h', party: 'fr', contact: 'desk', to: 'ru', text: 'stop now', desks: ['duty', 'ops'],
  sent: '2026-11-27T11:00:00Z', came: '2026-11-27T11:00:01Z', called: ['duty'],
  answered: 'nobody', ...change,
});
const ids = (stops: ListedStop[], urgent: HeardStop[] = []): string[] =>
  unanswered({ stops, heard: urgent }, 'ru').map((one) => one.id);

afterEach(() => vi.unstubAllGlobals());

describe('over everything stands', () => {
  test('what another party says to us, until a person has said what is done', () => {
    expect(ids([row()])).toEqual(['a']);
    expect(ids([row({ answered: 'acknowledged' })])).toEqual(['a']);
    expect(ids([row({ answered: 'accepted' })])).toEqual([]);
    expect(ids([row({ answered: 'refused' })])).toEqual([]);
  });
  test('nothing of our own, to a third party, or that is lifted', () => {
    expect(ids([row({ own: true, party: 'ru', to: 'fr' })])).toEqual([]);
    expect(ids([row({ to: 'un' })])).toEqual([]);
    expect(ids([row({ open: false })])).toEqual([]);
    expect(ids([row({ state: 'withdrawn' })])).toEqual([]);
  });
  test('one whose standing is not known', () => {
    const { open: _, answered: __, ...bare } = row();
    expect(ids([bare])).toEqual(['a']);
  });
  test('what came before its log, until it was answered here; once, and the newest first', () => {
    expect(ids([row()], [heard()])).toEqual(['h', 'a']);
    expect(ids([row()], [heard({ answered: 'accepted' })])).toEqual(['a']);
    expect(ids([row()], [heard({ answered: 'refused' })])).toEqual(['a']);
    expect(ids([row()], [heard({ answered: 'acknowledged' })])).toEqual(['h', 'a']); // that decides nothing
    expect(ids([row({ id: 'h', answered: 'nobody' })], [heard({ answered: 'accepted' })])).toEqual(['h']);
    expect(ids([row({ id: 'h', answered: 'accepted' })], [heard()])).toEqual([]);
  });
  test('with the desks that were called by then', () => {
    const [one] = unanswered({ stops: [], heard: [heard({ activity: 'x' })] }, 'ru');
    expect(one).toMatchObject({ desks: ['duty'], heard: true, noted: false, activity: 'x', contact: 'desk' });
    const [kept] = unanswered({ stops: [], heard: [heard({ answered: 'acknowledged' })] }, 'ru');
    expect(kept).toMatchObject({ heard: true, noted: true });
    const [listed] = unanswered({ stops: [row({ answered: 'acknowledged' })], heard: [] }, 'ru');
    expect(listed).toMatchObject({ desks: ['duty', 'ops'], heard: false, noted: true });
  });
});

describe('one stands', () => {
  test('as persons answered, unless it is being lifted or not shown', () => {
    expect(standingOf(row())).toBe('nobody');
    expect(standingOf(row({ answered: 'accepted', lifting: true }))).toBe('lifting');
    expect(isOpen(row({ lifting: true }))).toBe(true); // until that acts
    expect(standingOf(row({ open: false }))).toBe('lifted');
    expect(standingOf(row({ state: 'withdrawn', open: false }))).toBe('lifted');
    const { open: _, answered: __, text: ___, ...bare } = row();
    expect(standingOf(bare)).toBe('not_shown');
    expect(isOpen(bare)).toBe(true);
  });
  test('as came urgently until a person here answered, and is read anew once its log is there', () => {
    expect(standingOfHeard(heard())).toBe('heard');
    expect(standingOfHeard(heard({ answered: 'refused' }))).toBe('refused');
    expect(markOf(heard({ answered: 'refused' }))).toBe(markOf(heard())); // nothing else of it changes
    expect(markOf(row({ id: 'h' }))).not.toBe(markOf(heard()));
  });
  test('before others where nobody has answered', () => {
    const rows = [
      row({ id: 'x', answered: 'accepted' }), row({ id: 'o', said: '2026-11-26T00:00:00Z' }), row({ id: 'n' }),
      row({ id: 'r', answered: 'refused' }), row({ id: 'l', open: false }),
    ];
    expect(sorted(rows).map((one) => one.id)).toEqual(['n', 'o', 'r', 'x', 'l']);
    expect(openIn({ stops: rows, heard: [heard(), heard({ id: 'n' })] })).toBe(5);
  });
  test('otherwise, and is read anew, with each call and answer', () => {
    expect(markOf(row({ next: { desks: ['ops'], due: 'x' } }))).toBe(markOf(row()));
    for (const change of [{ attempts: 2 }, { replies: 2 }, { open: false }, { lifting: true }, { answered: 'refused' as const }]) {
      expect(markOf(row(change))).not.toBe(markOf(row()));
    }
  });
});

test('desks are read in their order, each once', () => {
  expect(desksIn(' duty, ops،chief  ops ')).toEqual(['duty', 'ops', 'chief']);
  expect(desksIn(' , ')).toEqual([]);
});

test('a typed circle is of all heights and times', () => {
  expect(around([40.1, 35.24], 5000).features).toEqual([
    { type: 'Feature', properties: { radius_m: 5000 }, geometry: { type: 'Point', coordinates: [40.1, 35.24] } },
  ]);
});

test('when it is called next is said in one unit', () => {
  const format = new Format('en', translator('en'));
  expect([5, 99, 120, 7200].map((s) => format.ahead(s))).toEqual([
    'in 5 seconds', 'in 99 seconds', 'in 2 minutes', 'in 2 hours',
  ]);
  expect(format.ahead(-3)).toBe('in 0 seconds');
  const arabic = new Format('ar', translator('ar'));
  expect(arabic.ahead(40)).toContain('40');
});

test('a finding is called by the words of the STOP', () => {
  const t = translator('en');
  const w = { language: 'en' as const, t, format: new Format('en', t) };
  const stop = { to: 'ru', desks: ['duty'], text: 'stop' };
  expect(touchedName(w, { names: [], kind: 'stop', stop })).toBe('stop');
  expect(touchedName(w, { names: [], kind: 'stop' })).toBe(en['stop.not_shown']);
  expect(touchedClass(w, { class: 'other', kind: 'stop' })).toBe(en['stop.kind']);
});

describe('over HTTP', () => {
  const asked: { path: string; method: string; body: unknown }[] = [];
  const serve = (...answers: unknown[]): void => {
    asked.length = 0;
    vi.stubGlobal('fetch', (path: string, options: RequestInit = {}) => {
      asked.push({ path, method: options.method ?? 'GET', body: options.body && JSON.parse(String(options.body)) });
      return Promise.resolve(new Response(JSON.stringify(answers.shift() ?? {}), { status: 200 }));
    });
  };
  test('the list is read to its end, and what was heard with it', async () => {
    serve({ stops: [row()], heard: [heard()], total: 2, next: '7' }, { stops: [row({ id: 'b' })] });
    const found = await list(true);
    expect(found.stops.map((one) => one.id)).toEqual(['a', 'b']);
    expect(found.heard).toHaveLength(1);
    expect(asked.map((one) => one.path)).toEqual([
      '/v1/stops?limit=1000&lifted=yes', '/v1/stops?limit=1000&lifted=yes&cursor=7',
    ]);
  });
  test('one that its log does not show yet is what came of it', async () => {
    serve({ heard: heard() }, row());
    const came = await show('h');
    expect(came.id).toBe('h');
    expect(wasHeard(came)).toBe(true);
    expect(wasHeard(await show('a'))).toBe(false);
    expect(asked.map((one) => one.path)).toEqual(['/v1/stops/h', '/v1/stops/a']);
  });
  test('what is left empty is not sent', async () => {
    serve({ id: 'n' });
    await say({ text: 'stop', desks: ['duty'], activity: 'x' });
    await answer('a', 'accepted', '', '');
    await answer('a', 'refused', 'why', 'desk');
    await called('a', ['duty'], 'voice', 'answered', '');
    await lift('a');
    expect(asked).toEqual([
      { path: '/v1/stops', method: 'POST', body: { text: 'stop', desks: ['duty'], activity: 'x' } },
      { path: '/v1/stops/a/reply', method: 'POST', body: { word: 'accepted' } },
      { path: '/v1/stops/a/reply', method: 'POST', body: { word: 'refused', text: 'why', contact: 'desk' } },
      { path: '/v1/stops/a/attempts', method: 'POST', body: { desks: ['duty'], route: 'voice', outcome: 'answered' } },
      { path: '/v1/stops/a/lift', method: 'POST', body: undefined },
    ]);
  });
});
