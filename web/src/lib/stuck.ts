// SPDX-License-Identifier: Apache-2.0
// The duty officer's first lists over HTTP: what no unit has confirmed, and what goes down on paper.
// Like people.ts: one function a route, no state.
import { ask, sendJson } from './api';
import type { Rung, Tier } from './types';

export interface Stuck {
  record: string;
  class: string;
  name: string;
  leg?: number;
  party: string;
  tier: Exclude<Tier, 'none'>;
  rung: Rung;
  refused: boolean;
  differs: boolean;
  overdue: boolean;
  protects_from: string;
}
export interface StuckLists {
  hours: number;
  now: string;
  ours: Stuck[];
  theirs: Stuck[];
  /** Of ours, how many protect soon and were never released to that party. */
  untold: { party: string; count: number }[];
}

export const stuck = (): Promise<StuckLists> => ask('/v1/stuck');

export interface Sheet {
  sheet: string;
  code: string;
  text: string;
  html: string;
}
export interface ReadBack {
  unit: string;
  receipts: { to: string; rung: Rung; statements: number }[];
}

export const printSheet = async (records: string[], unit: string): Promise<Sheet> =>
  (await (await sendJson('/v1/sheets', 'POST', { records, unit })).json()) as Sheet;
export const readBack = async (code: string, voice: string): Promise<ReadBack> =>
  (await (await sendJson('/v1/sheets/codes', 'POST', voice ? { code, voice } : { code })).json()) as ReadBack;
