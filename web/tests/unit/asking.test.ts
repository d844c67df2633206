// SPDX-License-Identifier: Apache-2.0
// Asking the node: one question at a time, the stream of changes, the list's address, errors.
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, check, list, listPath, record } from '../../src/lib/api';
import { Checker } from '../../src/lib/checker';
import { follow } from '../../src/lib/events';
import { Gather } from '../../src/lib/gather';

/** A node that answers when it is told to. */
function slowNode() {
  const asked: number[] = [];
  const open: { answer: (a: string) => void; fail: (e: Error) => void }[] = [];
  const ask = (q: number): Promise<string> => {
    asked.push(q);
    return new Promise((answer, fail) => open.push({ answer, fail }));
  };
  const turn = () => new Promise<void>((done) => setImmediate(done));
  return { asked, open, ask, turn };
}

test('a checker has one question under way and asks the newest next', async () => {
  const node = slowNode();
  const answers: [number, string][] = [];
  const checker = new Checker<number, string>(node.ask, (r) => answers.push([r.question, r.answer]), () => undefined);
  [1, 2, 3, 4].forEach((q) => checker.submit(q));
  expect(node.asked).toEqual([1]);
  node.open[0]?.answer('a');
  await node.turn();
  expect(node.asked).toEqual([1, 4]);
  expect(checker.busy).toBe(true);
  node.open[1]?.answer('b');
  await node.turn();
  expect(answers).toEqual([[1, 'a'], [4, 'b']]);
  expect(checker.busy).toBe(false);
});

test('a checker goes on after a failure and drops what was cancelled', async () => {
  const node = slowNode();
  const answers: number[] = [];
  const failures: number[] = [];
  const checker = new Checker<number, string>(node.ask, (r) => answers.push(r.question), (q) => failures.push(q));
  checker.submit(1);
  node.open[0]?.fail(new Error('no'));
  await node.turn();
  checker.submit(2);
  checker.cancel();
  node.open[1]?.answer('late');
  await node.turn();
  checker.submit(3);
  node.open[2]?.answer('c');
  await node.turn();
  expect([failures, answers]).toEqual([[1], [3]]);
});

class Stream extends EventTarget {
  readyState = 1;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close(): void {
    this.closed = true;
  }
  say(type: string, data: unknown, lastEventId = ''): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }
}

afterEach(() => vi.useRealTimers());

test('the stream begins again after the last event once the browser has given up', () => {
  vi.useFakeTimers();
  const streams: Stream[] = [];
  const links: string[] = [];
  const sizes: number[] = [];
  const ids: string[] = [];
  const end = follow(
    {
      link: (s) => links.push(s), size: (n) => sizes.push(n), change: (c) => ids.push(c.id),
      activity: (c) => ids.push(`activity ${c.id}`), talk: (c) => ids.push(`${c.kind} ${c.id}`),
      aside: (kind) => ids.push(kind),
    },
    (url) => {
      const stream = new Stream(url);
      streams.push(stream);
      return stream as unknown as EventSource;
    },
  );
  const [first] = streams as [Stream];
  first.say('hello', { tree_size: 7 });
  first.say('protection', { id: 'x', tree_size: 8 }, '8');
  first.say('activity', { id: 'y', party: 'ru', newest_version: 2 }, '9');
  first.say('talk', { kind: 'incident', id: 'z', party: 'ru', tree_size: 3 }, '10');
  first.dispatchEvent(new MessageEvent('protection', { data: 'not json' }));
  first.dispatchEvent(new MessageEvent('activity', { data: '7' }));
  first.readyState = 2;
  first.onerror?.();
  vi.runAllTimers();
  expect(streams.map((s) => s.url)).toEqual(['/v1/events', '/v1/events?after=10']);
  end();
  expect(streams[1]?.closed).toBe(true);
  expect([links, sizes, ids]).toEqual([['connecting', 'open', 'lost', 'connecting'], [7, 8, 3], ['x', 'activity y', 'incident z']]);
});

test('what comes one by one is told together, to whoever listens', () => {
  vi.useFakeTimers();
  const gather = new Gather<number>(250);
  const heard: number[][] = [];
  const end = gather.on((batch) => heard.push(batch));
  [1, 2].forEach((n) => gather.add(n));
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(250);
  gather.add(3);
  vi.advanceTimersByTime(250);
  end();
  gather.tell([4]);
  expect(heard).toEqual([[1, 2], [3]]);
});

test('the list is asked for by view, words, class, state and cursor', () => {
  expect(listPath({ bbox: [1, 2, 3, 4], text: 'a b', class: 'dam', state: '', cursor: 'c' })).toBe(
    '/v1/protections?bbox=1.000000%2C2.000000%2C3.000000%2C4.000000&text=a%20b&class=dam&cursor=c&limit=100',
  );
  expect(listPath({ bbox: null, limit: 8 })).toBe('/v1/protections?limit=8');
  expect(listPath({ class: 'dam', as: 'ru' })).toBe('/v1/protections?class=dam&as=ru&limit=100');
});

test("another party's view is asked for by name, and says what that party has acknowledged", async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const headers = { 'Entente-Given': '5', 'Entente-Acknowledged': '3' };
    return new Response('{"type":"FeatureCollection","features":[],"total":0}', { headers });
  });
  expect((await list({ as: 'ru' })).shown).toEqual({ given: 5, acknowledged: 3 });
  expect((await list({})).shown).toBeUndefined();
  await record('x', 'ru');
  await record('x');
  await check({ type: 'FeatureCollection', features: [] }, 7, 'ru');
  await check({ type: 'FeatureCollection', features: [] }, 0);
  expect(asked).toEqual([
    '/v1/protections?as=ru&limit=100', '/v1/protections?limit=100', '/v1/protections/x?as=ru',
    '/v1/protections/x', '/v1/check?margin_m=7&as=ru', '/v1/check',
  ]);
  vi.unstubAllGlobals();
});

test('a refusal carries code, detail and limit; no answer at all has status 0', async () => {
  const problem = { type: 'urn:entente:problem:too_large', title: 'T', detail: 'D', limit: 'plan_bytes_max' };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(problem), { status: 413 }));
  await expect(list({})).rejects.toMatchObject({ status: 413, code: 'too_large', detail: 'D', limit: 'plan_bytes_max' });
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
  await expect(list({})).rejects.toMatchObject({ status: 502, code: 'refused', detail: 'Bad Gateway' });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  await expect(check({ type: 'FeatureCollection', features: [] }, 0)).rejects.toBeInstanceOf(ApiError);
  await expect(list({})).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  vi.unstubAllGlobals();
});
