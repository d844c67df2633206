// SPDX-License-Identifier: Apache-2.0
// What of the activities is news to whoever looks at the page: what one under way touches, and
// replies. What was looked at is kept for this window and this session only: the next person at the
// desk has looked at nothing yet.
import { type Listed, mayHappen } from './activities';
import type { Answer, Finding } from './types';
import { watched } from './watch';

/** Of each activity what it touched, and how many replies it had. */
export interface Looked {
  touched: Record<string, string[]>;
  replies: Record<string, number>;
}
export const lookedAtNothing = (): Looked => ({ touched: {}, replies: {} });

/** What an activity touches by now, as far as it was read; open objections in its volumes with it. */
export interface Touch {
  keys: string[]; // the records; how many more there are; that it is not known which
  findings: Finding[];
  total: number; // of protections
  objections: number;
}
export const touchesNothing: Touch = { keys: [], findings: [], total: 0, objections: 0 };
/** It touches something, and what could not be read. */
export const touchesSomething: Touch = { ...touchesNothing, keys: ['?'] };

export function touchOf(answer: Answer | undefined): Touch {
  if (!answer) return touchesNothing;
  const findings = [...answer.findings, ...answer.objections];
  const keys = [...new Set(findings.map((f) => f.id))];
  const [total, objections] = [answer.findings_total, answer.objections_total];
  // The farther ones are not listed: another number of them is news too.
  const hidden = total + objections - findings.length;
  if (hidden > 0) keys.push(`+${hidden}`);
  return { keys, findings, total, objections };
}

/** What of it nobody has looked at here. */
export function freshKeys(looked: Looked, id: string, touch: Touch): string[] {
  const known = looked.touched[id] ?? [];
  return touch.keys.filter((key) => !known.includes(key));
}

export const newReplies = (looked: Looked, one: Listed): number =>
  one.own ? Math.max(0, one.replies - (looked.replies[one.id] ?? 0)) : 0;

/** Whether somebody should look at it: an answer that is not the best one, another activity in the
    same volumes, a reply that was not looked at. */
export function asksForALook(looked: Looked, one: Listed): boolean {
  if (newReplies(looked, one) > 0) return true;
  if (!mayHappen(one.state)) return false;
  return one.verdict !== 'no_registered_conflict' || (one.meets ?? 0) > 0;
}

/** One under way that touches what was not looked at. */
export interface Alarm {
  row: Listed;
  touch: Touch;
  fresh: Finding[]; // of each record one
}

export function alarmsOf(looked: Looked, rows: Listed[], touches: Record<string, Touch>): Alarm[] {
  return rows.filter(watched).flatMap((row) => {
    const touch = touches[row.id] ?? touchesNothing;
    const keys = freshKeys(looked, row.id, touch);
    const fresh = keys.flatMap((key) => touch.findings.find((f) => f.id === key) ?? []);
    return keys.length > 0 ? [{ row, touch, fresh }] : [];
  });
}

/** Somebody has looked at what it touches by now. */
export function withSeen(looked: Looked, id: string, touch: Touch | undefined): Looked {
  const keys = [...new Set([...(looked.touched[id] ?? []), ...(touch?.keys ?? [])])];
  return { ...looked, touched: { ...looked.touched, [id]: keys } };
}

const STORED = 'entente.activities';

export function stored(): Looked {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? '{}');
    return { ...lookedAtNothing(), ...(value as Partial<Looked>) };
  } catch {
    return lookedAtNothing();
  }
}

export const store = (looked: Looked): void =>
  sessionStorage.setItem(STORED, JSON.stringify(looked));
