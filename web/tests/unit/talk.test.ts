// SPDX-License-Identifier: Apache-2.0
// What is contested: until when an answer may be asked for, and what is sent. The hot line: what waits is in
// it however much came since.
import { afterEach, expect, test, vi } from 'vitest';
import {
  amendChallenge, answerByReads, type Challenge, changedIn, contest, hotLine, inTurn, type Message, waitsForUs,
  withdrawChallenge,
} from '../../src/lib/talk';

afterEach(() => vi.unstubAllGlobals());

test('an answer is asked for an hour to 90 days ahead, or when the node says', () => {
  const now = Date.parse('2026-11-27T10:00:00Z');
  expect(answerByReads('', now)).toBe(true);
  expect(answerByReads('2026-11-27T11:00:00Z', now)).toBe(true);
  expect(answerByReads('2026-11-27T10:59:59Z', now)).toBe(false);
  expect(answerByReads('2026-11-26T10:00:00Z', now)).toBe(false);
  expect(answerByReads('2027-02-25T10:00:00Z', now)).toBe(true);
  expect(answerByReads('2027-02-25T10:00:01Z', now)).toBe(false);
  expect(answerByReads('soon', now)).toBe(false);
});

test('who contests says why, and withdraws with nothing beside it', async () => {
  const asked: [string, string | undefined, unknown][] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    asked.push([path, options.method, JSON.parse(String(options.body))]);
    return Promise.resolve(new Response('{}'));
  });
  const said = { record: 'r', grounds: 'use', grade: 'C3', text: 'why', contact: 'desk' } as const;
  await contest(said);
  await amendChallenge('c/1', { grade: 'B2' });
  await withdrawChallenge('c/1');
  expect(asked).toEqual([
    ['/v1/challenges', 'POST', said], ['/v1/challenges/c%2F1', 'PATCH', { act: 'amend', grade: 'B2' }],
    ['/v1/challenges/c%2F1', 'PATCH', { act: 'withdraw' }],
  ]);
});

test('of a challenge only what is other is sent, and with it the time', () => {
  const said = { grounds: 'use', grade: 'C3', text: 'why', contact: 'desk' } as const;
  const before = { ...said, id: 'c', answer_by: '2026-11-30T10:00:00.000Z' } as Challenge;
  const by = '2026-11-30T10:00:00Z';
  expect(changedIn(before, said)).toBeNull();
  expect(changedIn(before, { ...said, answer_by: by })).toBeNull();
  expect(changedIn(before, { ...said, grade: 'C4', answer_by: by })).toEqual({ grade: 'C4', answer_by: by });
  expect(changedIn(before, { ...said, text: 'so' })).toEqual({ text: 'so' });
  expect(changedIn(before, { ...said, answer_by: '2026-12-01T10:00:00Z' })).toEqual({ answer_by: '2026-12-01T10:00:00Z' });
});

const message = (id: string, party: string, minute: number, waits = true): Message => ({
  id, party, own: party === 'fr', time: new Date(Date.UTC(2026, 10, 28, 10, minute)).toISOString(), actor: '', to: ['fr'],
  acknowledged: [], waits_for: waits ? [{ party: 'fr', for_s: 60 }] : [],
});
/** A node with these messages, in order. */
function answering(all: Message[], most = 1000): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const one = all.find(({ id }) => path === `/v1/messages/${id}`);
    if (one) return Promise.resolve(new Response(JSON.stringify(one)));
    const query = new URLSearchParams(path.split('?')[1]);
    const kept = query.has('unacknowledged') ? all.filter((one) => one.waits_for.length > 0) : all;
    const end = kept.length - Number(query.get('cursor') ?? 0);
    const begin = Math.max(0, end - Math.min(most, Number(query.get('limit'))));
    return Promise.resolve(new Response(JSON.stringify({
      messages: kept.slice(begin, end), total: kept.length, ...(begin > 0 && { next: kept.length - begin }),
    })));
  });
  return asked;
}

test('a message that waits is there under fifty of another party, and under those of a later time', async () => {
  const flood = Array.from({ length: 60 }, (_, i) => message(`ru${i}`, 'ru', 100 + i, i % 2 === 0));
  const asked = answering([message('old', 'un', 0, false), message('urgent', 'un', 1), ...flood]);
  const { messages, more, waitingMore } = await hotLine();
  expect(asked).toEqual(['/v1/messages?limit=50', '/v1/messages?unacknowledged=yes&limit=1000']);
  expect(messages.filter(waitsForUs).map(({ id }) => id)).toContain('urgent');
  expect(messages.filter(waitsForUs).length).toBe(31);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  expect([more, waitingMore]).toEqual([62 - messages.length, 0]);
  // In the list it is the second: the parties take turns.
  expect(inTurn(messages).slice(0, 3).map(({ id }) => id)).toEqual(['ru58', 'urgent', 'ru56']);
});

test('what was just acknowledged stays in sight, as it is now', async () => {
  const flood = Array.from({ length: 50 }, (_, i) => message(`ru${i}`, 'ru', 100 + i, false));
  const [read, waited] = [message('read', 'un', 0, false), message('waited', 'un', 1)];
  const asked = answering([read, { ...waited, waits_for: [] }, ...flood]);
  const { messages, more } = await hotLine([read, waited]);
  expect(asked.slice(2)).toEqual(['/v1/messages/waited']);
  expect(messages.slice(0, 2)).toEqual([read, { ...waited, waits_for: [] }]);
  expect([messages.length, more]).toEqual([52, 0]);
});

test('all pages of what waits are read, and what is beyond the last of them is counted', async () => {
  const asked = answering(Array.from({ length: 45 }, (_, i) => message(`m${i}`, 'ru', i)), 20);
  expect(await hotLine()).toMatchObject({ messages: { length: 45 }, more: 0, waitingMore: 0 });
  expect(asked.slice(2)).toEqual(['/v1/messages?unacknowledged=yes&limit=1000&cursor=20', '/v1/messages?unacknowledged=yes&limit=1000&cursor=40']);
  answering(Array.from({ length: 45 }, (_, i) => message(`m${i}`, 'ru', i)), 4);
  expect(await hotLine()).toMatchObject({ messages: { length: 40 }, more: 5, waitingMore: 5 });
});
