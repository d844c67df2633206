// SPDX-License-Identifier: Apache-2.0
// What is contested: until when an answer may be asked for, and what is sent.
import { afterEach, expect, test, vi } from 'vitest';
import { answerByReads, contest, withdrawChallenge } from '../../src/lib/talk';

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
  await withdrawChallenge('c/1');
  expect(asked).toEqual([
    ['/v1/challenges', 'POST', said], ['/v1/challenges/c%2F1', 'PATCH', { act: 'withdraw' }],
  ]);
});
