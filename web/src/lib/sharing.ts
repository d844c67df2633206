// SPDX-License-Identifier: Apache-2.0
// What parties know, over HTTP (doc/protocol/sharing.md). Like activities.ts: one function a route, no
// state. Nothing here restrains anything, and nobody's word is merged into anybody else's.
import type { ActivityVersion, Reply } from './activities';
import { ask, sendJson } from './api';

export const kinds = [
  'report', 'incident', 'responsibility', 'assessment', 'link', 'group', 'position', 'control', 'request',
] as const;
export type Kind = (typeof kinds)[number];
export const isKind = (kind: string): kind is Kind => (kinds as readonly string[]).includes(kind);
/** Kinds with a coarse body: what those read who are given it coarsely. */
export const tears = (kind: string): boolean => kind === 'report' || kind === 'incident';
/** Kinds that another party answers; to all others it makes an assessment. */
export const isAnswered = (kind: string): boolean => kind === 'link' || kind === 'request';
export const answerWords = ['noted', 'accepted', 'refused'] as const;

/** Members by their names, as the node gives them; said.ts knows which there are. */
export type Said = Readonly<Record<string, unknown>>;

export interface Listed {
  id: string;
  kind: string;
  party: string;
  own: boolean;
  goes_on: boolean; // its author is here, and may correct it
  state: 'stated' | 'withdrawn' | 'not_understood';
  tier: 'exact' | 'coarse' | 'head';
  version: number;
  leaf: string;
  time: string;
  label: Said;
  said?: Said; // where the exact body is open here
  tear?: Said; // where the coarse one is
  newer_withheld?: boolean; // its log has a later version that was not released here
}
export interface Statement extends Listed {
  history: ActivityVersion[];
  replies: Reply[];
  not_kept?: number;
  more_replies?: boolean;
  /** Of a request for something of ours: who of those that it names has it by now. */
  has?: { party: string; tier: 'none' | 'head' | 'coarse' | 'exact' }[];
}
export interface Query {
  kind?: string;
  about?: string;
  party?: string;
  withdrawn?: boolean;
}
export interface Listing {
  statements: Listed[]; // the newest first
  more: boolean; // there are so many that not all were read
}
export interface Joined {
  one: string;
  other: string;
  by: 'source' | 'rests_on' | 'author';
  line: string;
}
export interface Corroboration {
  id: string;
  independent_lines: number;
  unseen: number;
  newer_withheld: number;
  reports: number;
  closed: number;
  more?: boolean;
  lines: { reports: string[]; joined: Joined[] }[];
}
export interface Stands {
  party: string;
  id: string;
  leaf: string;
  time: string;
  stand: string;
  stated: boolean;
  protects_still: boolean;
  newer_withheld: boolean;
  acts: boolean;
  text: string;
}
export interface Standing {
  name: string;
  groups: string[]; // records of one group; none for a point
  of_charter: boolean;
  accord: 'nobody' | 'one' | 'agree' | 'differ';
  protected: boolean;
  positions: Stands[];
  silent: string[];
}
export interface NewStatement {
  kind: Kind;
  said: Said;
  label?: Said;
  tear?: string;
  to: string[];
}
/** A member that is null goes; one that is left out stays. */
export interface Amendment {
  said: Said;
  label?: Said;
  tear?: string;
}

const PAGE = 1000; // that the node gives at once
const PAGES_MAX = 10;
const at = (id: string): string => `/v1/statements/${encodeURIComponent(id)}`;

export async function list(query: Query): Promise<Listing> {
  const params = new URLSearchParams();
  for (const name of ['kind', 'about', 'party'] as const) {
    const value = query[name];
    if (value) params.set(name, value);
  }
  if (query.withdrawn) params.set('withdrawn', 'yes');
  params.set('limit', String(PAGE));
  const statements: Listed[] = [];
  let next: number | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    if (next !== null) params.set('cursor', String(next));
    const found: { statements: Listed[]; next: number | null } = await ask(`/v1/statements?${params}`);
    statements.push(...found.statements);
    next = found.next;
    if (next === null) break;
  }
  return { statements: statements.sort((a, b) => b.time.localeCompare(a.time)), more: next !== null };
}

export const show = (id: string): Promise<Statement> => ask(at(id));
export const corroboration = (id: string): Promise<Corroboration> =>
  ask(`/v1/corroboration/${encodeURIComponent(id)}`);
export const positions = async (): Promise<Standing[]> =>
  (await ask<{ positions: Standing[] }>('/v1/positions')).positions;

const written = async (path: string, method: string, value: unknown): Promise<{ id: string }> =>
  (await (await sendJson(path, method, value)).json()) as { id: string };
export const state = (what: NewStatement): Promise<{ id: string }> =>
  written('/v1/statements', 'POST', what);
export const amend = (id: string, what: Amendment): Promise<{ id: string }> =>
  written(at(id), 'PATCH', { act: 'amend', ...what });
export const withdraw = (id: string): Promise<{ id: string }> =>
  written(at(id), 'PATCH', { act: 'withdraw' });
export const answer = (
  id: string, word: (typeof answerWords)[number], text: string, contact: string,
): Promise<unknown> =>
  written(`${at(id)}/reply`, 'POST', { word, ...(text && { text }), ...(contact && { contact }) });
