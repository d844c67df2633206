// SPDX-License-Identifier: Apache-2.0
// Sealed checks over HTTP: question and answer in the log, shown to nobody until they are opened. Like
// activities.ts: one function a route, no state. What was answered then permits nothing, then or now.
import type { FeatureCollection } from 'geojson';
import { known } from '../i18n/translate';
import type { VolumePlan } from './activities';
import { ask, sendJson } from './api';
import type { Answer } from './types';
import { partyName, type Words } from './words';

export interface ListedCheck {
  id: string;
  party: string;
  own: boolean;
  leaf: string;
  entry: number;
  time: string;
  actor: string;
  verdict: string; // empty where it is not understood
}
/** Where its body cannot be read here, none of what was asked is there. */
export interface SealedCheck extends Omit<ListedCheck, 'verdict'> {
  checked?: {
    at: string;
    rules: string;
    verdict?: string;
    touched?: number;
    logs: { origin: string; size: number; released: number }[];
  };
  margin_m?: number;
  plan?: VolumePlan;
  touched?: string[];
}
export type Compared = 'same' | 'differs' | 'not_compared';
export interface NotCompared {
  code: string;
  text: string;
  party?: string;
  count?: number;
}
export interface Verified {
  id: string;
  party: string;
  own: boolean;
  word: Compared;
  stated: { verdict: string; touched: number };
  found: { verdict: string | null; touched: number };
  verdict: Compared;
  agreed: number;
  not_found: string[];
  not_stated: string[];
  not_read: string[];
  reasons: NotCompared[];
  window: { from: number; until: number; sealed: number; unopened: number };
}
export interface Sealed {
  id: string;
  entry: number;
  answer: Answer;
}

const at = (id: string): string => `/v1/checks/${encodeURIComponent(id)}`;

export const list = async (): Promise<ListedCheck[]> =>
  (await ask<{ checks: ListedCheck[] }>('/v1/checks')).checks;
export const show = (id: string): Promise<SealedCheck> => ask(at(id));
/** `from`, `until`: the entries of its author's log among which sealed ones are counted; empty, from
    the head that it names on, and before its own. */
export function verify(id: string, from = '', until = ''): Promise<Verified> {
  const params = new URLSearchParams();
  if (from) params.set('from', from);
  if (until) params.set('until', until);
  return ask(`${at(id)}/verification${params.size > 0 ? `?${params.toString()}` : ''}`);
}

/** Whether it is the number of an entry, or empty. */
export const entryReads = (text: string): boolean => /^\d{0,15}$/.test(text);
export const seal = async (plan: FeatureCollection, marginM: number): Promise<Sealed> =>
  (await (await sendJson('/v1/checks', 'POST', { plan, margin_m: marginM })).json()) as Sealed;

/** What was answered, or that it is not understood here. */
export function verdictWords(w: Words, verdict: string): string {
  const key = known('verdict', verdict);
  return key ? w.t(key) : w.t('sealed.no_verdict');
}

/** Why something was not compared; in the node's own words where the page has none. */
export function whyNot(w: Words, about: Parameters<typeof partyName>[0], one: NotCompared): string {
  const key = known('not_compared', one.code);
  if (!key) return one.text;
  const count = one.count ? ` (${w.format.number(one.count)})` : '';
  return (one.party ? `\u2068${partyName(about, one.party)}\u2069: ` : '') + w.t(key) + count;
}

export const differences = ['not_found', 'not_stated', 'not_read'] as const;
/** Where what is found is not what was stated, with the entries. */
export const differing = (found: Verified): { what: (typeof differences)[number]; entries: string[] }[] =>
  differences.map((what) => ({ what, entries: found[what] })).filter((one) => one.entries.length > 0);
