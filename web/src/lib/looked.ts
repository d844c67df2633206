// SPDX-License-Identifier: Apache-2.0
// What of the activities is news to whoever looks at the page: what one under way touches, and
// replies. What was looked at is kept for this window and this session only: the next person at the
// desk has looked at nothing yet.
import { type Listed, mayHappen } from './activities';
import type { Answer, Finding, Verdict } from './types';
import { watched } from './watch';

/** One thing that is touched, and how heavily: what it makes of the answer, and whether the place
    itself is known or an area that is coarser. */
export interface Touched {
  what: string; // a version of a record; how many more there are; that it is not known which
  weight: number;
  exact: boolean;
}

/** Of each activity what it touched, and how many replies it had. */
export interface Looked {
  touched: Record<string, Touched[]>;
  replies: Record<string, number>;
}
export const lookedAtNothing = (): Looked => ({ touched: {}, replies: {} });

/** What an activity touches by now, as far as it was read; open objections in its volumes with it. */
export interface Touch {
  all: Touched[];
  findings: Finding[];
  total: number; // of protections
  objections: number;
}
export const touchesNothing: Touch = { all: [], findings: [], total: 0, objections: 0 };
/** It touches something, and what could not be read. */
export const touchesSomething: Touch = {
  ...touchesNothing, all: [{ what: '?', weight: 0, exact: true }],
};

const weights: Verdict[] = ['no_registered_conflict', 'caution', 'incomplete', 'conflict'];
const whatOf = ({ id, leaf }: Finding): string => `${id} ${leaf ?? ''}`;

/** A party alone is told no weights: whatever it touches there counts as the heaviest. */
const touchedBy = (finding: Finding): Touched => ({
  what: whatOf(finding),
  weight: weights.indexOf(finding.weight ?? 'conflict'),
  exact: finding.tier !== 'coarse',
});

/** A version that is touched at several places counts once, as the worst of them. */
function worst(all: Touched[]): Touched[] {
  const found = new Map<string, Touched>();
  for (const one of all) {
    const { weight, exact } = found.get(one.what) ?? one;
    found.set(one.what, { ...one, weight: Math.max(weight, one.weight), exact: exact || one.exact });
  }
  return [...found.values()];
}

export function touchOf(answer: Answer | undefined): Touch {
  if (!answer) return touchesNothing;
  const findings = [...answer.findings, ...answer.objections];
  const all = worst(findings.map(touchedBy));
  const [total, objections] = [answer.findings_total, answer.objections_total];
  // The farther ones are not listed: another number of them is news too, and of what is a conflict.
  const hidden = total + objections - findings.length;
  const grave = answer.reasons.reduce((n, one) => (one.weight === 'conflict' ? n + one.count : n), 0);
  if (hidden > 0) all.push({ what: `+${hidden}`, weight: grave, exact: true });
  return { all, findings, total, objections };
}

const covers = (known: Touched, one: Touched): boolean =>
  known.what === one.what && known.weight >= one.weight && (known.exact || !one.exact);

/** What of it nobody has looked at here: another version, a heavier one, or its place at last. */
export function freshIn(looked: Looked, id: string, touch: Touch): Touched[] {
  const known = looked.touched[id] ?? [];
  return touch.all.filter((one) => !known.some((other) => covers(other, one)));
}

/** What has become lighter was looked at as what it is now: it is news when it is heavy again. */
export function withRead(looked: Looked, id: string, touch: Touch): Looked {
  const known = looked.touched[id];
  if (!known) return looked;
  const eased = known.map((one) => {
    const now = touch.all.find(({ what }) => what === one.what) ?? one;
    return { ...one, weight: Math.min(one.weight, now.weight), exact: one.exact && now.exact };
  });
  return { ...looked, touched: { ...looked.touched, [id]: eased } };
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
    const news = new Set(freshIn(looked, row.id, touch).map(({ what }) => what));
    const found = touch.findings.filter((f) => news.has(whatOf(f)));
    const fresh = found.filter((f, i) => found.findIndex(({ id }) => id === f.id) === i);
    return news.size > 0 ? [{ row, touch, fresh }] : [];
  });
}

/** Somebody has looked at what it touches by now. */
export function withSeen(looked: Looked, id: string, touch: Touch | undefined): Looked {
  const all = worst([...(looked.touched[id] ?? []), ...(touch?.all ?? [])]);
  return { ...looked, touched: { ...looked.touched, [id]: all } };
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
