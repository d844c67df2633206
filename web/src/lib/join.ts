// SPDX-License-Identifier: Apache-2.0
// An incident joined to what had been said before it (doc/protocol/join.md), over HTTP and in words. It
// says what had been said and to whom, and not who did what.
import { known } from '../i18n/translate';
import { ask } from './api';
import { wordName } from './said';
import type { Rung } from './types';
import { actName, type Words } from './words';

export interface JoinTold {
  party: string;
  tier: 'exact' | 'coarse' | 'none';
  by_then: Rung | ''; // empty where it is not known
  refused_by_then: boolean; // by a unit that had not said otherwise since
  differs_by_then: boolean; // what came back lay elsewhere, and nothing had set that right
  steps_known: boolean; // false of a party that has left
  steps: { rung: Rung; unit: string; actor: string; time: string; leaf: string; compared: boolean; differs: boolean }[];
}
export interface JoinRow {
  record: string;
  party: string;
  kind: string;
  class: string;
  name: string;
  version: number;
  leaf: string;
  said: string;
  until: string | null;
  place: number;
  leg?: number;
  distance_m: number | null; // null: nobody says where the incident was
  touches: boolean | null; // null: where the incident was is not known finely enough
  coarse: boolean;
  named: boolean;
  newer_withheld: boolean;
  stood: 'throughout' | 'partly' | 'other_hours' | 'ended' | 'later';
  told: JoinTold[];
}
export interface JoinCheck {
  id: string;
  party: string;
  kind: 'check' | 'activity';
  leaf: string;
  said: string;
  asked_at: string;
  verdict: string;
  touched: number;
  distance_m: number;
  named: string[];
}
export interface JoinLine {
  time: string;
  party: string;
  what: string;
  record: string;
  more: string;
  differs: boolean; // of a step: what came back lies elsewhere
  leaves: string[];
}
export interface Join {
  id: string;
  version: number;
  place_precision: string;
  anywhere: boolean; // known by its district alone: its point stands for all of that
  coarse: boolean;
  volumes: number;
  within_m: number;
  rows: JoinRow[];
  rows_total: number;
  checks: JoinCheck[];
  checks_total: number;
  /** How many there are of each party's, and how many of those are listed. */
  parties: { party: string; rows: number; rows_total: number; checks: number; checks_total: number }[];
  lines: JoinLine[];
}

export const withins = [0, 1000, 5000, 10_000] as const;

/** How far it had got by then. That nothing was acknowledged does not say that it was not told. */
export function byThenWords(w: Words, told: Pick<JoinTold, 'by_then'>): string {
  if (told.by_then === '') return w.t('join.by_then_unknown');
  if (told.by_then === 'offered') return w.t('join.nothing_by_then');
  return w.t('join.by_then', { rung: w.t(`rung.${told.by_then}`) });
}

export const join = (id: string, withinM: number): Promise<Join> =>
  ask(`/v1/joins/${encodeURIComponent(id)}?within=${withinM}`);

export function distanceWords(w: Words, row: Pick<JoinRow, 'distance_m' | 'touches'>): string {
  if (row.distance_m === null) return w.t('join.nowhere');
  const away = row.distance_m === 0 ? w.t('join.same_place') : w.t('join.away', { distance: w.format.metres(row.distance_m) });
  if (row.touches === null) return `${away}, ${w.t('join.touches_unknown')}`;
  return row.touches ? `${away}, ${w.t('join.touches')}` : away;
}

/** Where it is not known nearly where the incident was: that the list is of less than where it may have
    been. Empty where it is known, or where nobody says where it was. */
export function precisionWords(w: Words, found: Pick<Join, 'place_precision' | 'volumes'>): string {
  if (found.volumes === 0 || ['exact', 'near'].includes(found.place_precision)) return '';
  const key = found.place_precision === 'unstated' ? null : known('said_word', `place_precision_${found.place_precision}`);
  return key ? w.t('join.place_coarse', { precision: w.t(key) }) : w.t('join.place_unstated');
}

export function verdictWords(w: Words, verdict: string): string {
  const key = known('verdict', verdict);
  return key ? w.t(key) : verdict;
}

const wordOf = (w: Words, word: string): string => {
  if (known('act', word)) return actName(w, { act: word });
  const member = ['stance', 'opinion'].find((one) => known('said_word', `${one}_${word}`));
  return member ? wordName(w, member, word) : word;
};

/** What a line of the time line says; a word that is not known here is shown as it came. */
export function lineWords(w: Words, line: Pick<JoinLine, 'what' | 'more'>): string {
  if (line.what === 'said') return actName(w, { act: line.more });
  const key = known('join_what', line.what) ?? known('rung', line.what);
  const what = key ? w.t(key) : line.what;
  if (!line.more) return what;
  const more = ['checked', 'declared'].includes(line.what) ? verdictWords(w, line.more)
    // A unit's name is its own; all else is words of the node's.
    : known('rung', line.what) ? line.more : line.more.split(' ').map((word) => wordOf(w, word)).join(' · ');
  return w.t('join.line', { what, more });
}
