// SPDX-License-Identifier: Apache-2.0
// What is contested, and the hot line, over HTTP. Like activities.ts: one function a route, no state.
import type { Reply } from './activities';
import { ask, sendJson } from './api';

export type ChallengeState =
  'open' | 'overdue' | 'answered' | 'elsewhere' | 'withdrawn' | 'not_understood';
/** What the author of a contested record may say; `noted` stops no clock. */
export const answerWords = ['noted', 'accepted', 'refused'] as const;

export const grounds = [
  'place', 'use', 'time', 'duplicate', 'identity', 'unverified', 'other',
] as const;
export type Grounds = (typeof grounds)[number];
/** How reliable the source is, and how credible what it says; F and 6: it cannot be judged. */
export const sources = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const credibilities = ['1', '2', '3', '4', '5', '6'] as const;
export interface NewChallenge {
  record: string;
  grounds: Grounds;
  grade: string;
  text: string;
  contact: string;
  answer_by?: string;
}

/** What of a challenge is other than before. */
export type ChallengeChange = Partial<Omit<NewChallenge, 'record'>>;

export interface ListedChallenge {
  id: string;
  party: string;
  own: boolean;
  record?: string;
  author?: string;
  grounds?: Grounds;
  grade?: string;
  contact: string;
  state: ChallengeState;
  answer_by: string | null;
  overdue_s?: number;
  answer?: 'accepted' | 'refused';
  answered_at?: string;
  answered_late?: boolean;
  version: number;
}
export interface Challenge extends ListedChallenge {
  text?: string;
  replies: Reply[];
}

export interface Message {
  id: string;
  party: string;
  own: boolean;
  time: string;
  actor: string;
  from?: string; // this and the next two where it can be read here
  desks?: string[];
  text?: string;
  answers?: string;
  about?: string;
  to: string[];
  acknowledged: { party: string; desk: string; text: string; time: string; leaf: string }[];
  waits_for: { party: string; for_s: number }[];
}
interface Messages {
  messages: Message[];
  total: number;
  next?: number;
}
/** The newest, and all that somebody has not acknowledged, however old. */
export interface HotLine {
  messages: Message[]; // in order
  more: number; // that are not in it
  waitingMore: number; // of those how many somebody has not acknowledged
}
export interface NewMessage {
  to: string[];
  desks: string[];
  from: string;
  text: string;
}

const message = (id: string): string => `/v1/messages/${encodeURIComponent(id)}`;
const challenge = (id: string): string => `/v1/challenges/${encodeURIComponent(id)}`;

export const challengesTo = async (record: string): Promise<ListedChallenge[]> =>
  (await ask<{ challenges: ListedChallenge[] }>(`/v1/challenges?record=${encodeURIComponent(record)}`))
    .challenges;
export const showChallenge = (id: string): Promise<Challenge> => ask(challenge(id));
export const contest = (what: NewChallenge): Promise<unknown> =>
  sendJson('/v1/challenges', 'POST', what);
/** What is left out stays as it was, but the clock: it starts again. */
export const amendChallenge = (id: string, change: ChallengeChange): Promise<unknown> =>
  sendJson(challenge(id), 'PATCH', { act: 'amend', ...change });
export const withdrawChallenge = (id: string): Promise<unknown> =>
  sendJson(challenge(id), 'PATCH', { act: 'withdraw' });
export const answerChallenge = (
  id: string, word: (typeof answerWords)[number], text: string,
): Promise<unknown> => sendJson(`${challenge(id)}/reply`, 'POST', { word, text });

const NEWEST = 50;
const PAGE = 1000; // that the node gives at once
const PAGES_MAX = 10;

const KEPT_MAX = 50;

/** Many messages of one party, or of a later time, take none of another's that waits out of it. Of what
    was shown `before` the last stay: one that has just been acknowledged is seen to be so. */
export async function hotLine(before: readonly Message[] = []): Promise<HotLine> {
  const newest = await ask<Messages>(`/v1/messages?limit=${NEWEST}`);
  const all = new Map(newest.messages.map((one) => [one.id, one]));
  const waiting = new Set<string>();
  let total = 0;
  let next: number | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query: string = next === undefined ? '' : `&cursor=${next}`;
    const found: Messages = await ask(`/v1/messages?unacknowledged=yes&limit=${PAGE}${query}`);
    for (const one of found.messages) {
      all.set(one.id, one); // it was asked for later than the newest were
      waiting.add(one.id);
    }
    total = found.total;
    next = found.next;
    if (next === undefined) break;
  }
  const gone = before.filter((one) => !all.has(one.id)).slice(-KEPT_MAX);
  const kept = await Promise.all(gone.map((one) => (waits(one) ? ask<Message>(message(one.id)) : one)));
  for (const one of kept) all.set(one.id, one);
  return {
    messages: [...all.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time)),
    more: Math.max(0, newest.total - all.size),
    waitingMore: Math.max(0, total - waiting.size),
  };
}
export const sendMessage = (what: NewMessage): Promise<unknown> =>
  sendJson('/v1/messages', 'POST', what);
export const acknowledge = (id: string, desk: string): Promise<unknown> =>
  sendJson(`${message(id)}/acknowledge`, 'POST', { desk });

/** What is to be sent; nothing where all is as it was. The time goes with it whenever there is one, or the
    node sets its own. */
export function changedIn(before: Challenge, said: ChallengeChange): ChallengeChange | null {
  const { answer_by: answerBy, ...words } = said;
  const other = Object.fromEntries(
    Object.entries(words).filter(([key, value]) => value !== before[key as keyof typeof words]),
  ) as ChallengeChange;
  const sameTime = answerBy === undefined || Date.parse(answerBy) === Date.parse(before.answer_by ?? '');
  if (Object.keys(other).length === 0 && sameTime) return null;
  return answerBy === undefined ? other : { ...other, answer_by: answerBy };
}

/** What its author may be asked to answer by: an hour to 90 days ahead; empty, the node's own. */
export function answerByReads(answerBy: string, now: number): boolean {
  const ahead = Date.parse(answerBy) - now;
  return answerBy === '' || (ahead >= 3_600_000 && ahead <= 90 * 86_400_000);
}

/** Whether this party has not said that it has it. */
export const waitsForUs = (one: Message): boolean => !one.own && one.waits_for.length > 0;
/** Whether somebody it is for has not. */
export const waits = (one: Message): boolean => one.waits_for.length > 0;
/** What waits for us before all else, the parties in turn, each its newest first; then the others. */
export function inTurn(all: Message[]): Message[] {
  const turns = new Map<string, number>();
  const newest = [...all].reverse();
  const waiting = newest.filter(waitsForUs).map((one) => {
    const turn = turns.get(one.party) ?? 0;
    turns.set(one.party, turn + 1);
    return { one, turn };
  });
  const first = waiting.sort((a, b) => a.turn - b.turn).map(({ one }) => one);
  return [...first, ...newest.filter((one) => !waitsForUs(one))];
}
