// SPDX-License-Identifier: Apache-2.0
// Asserting a boundary or zone, asserting it anew, and asserting it no more, over HTTP. What is typed
// becomes what the node takes, or what is missing of it; the node judges.
import type { FeatureCollection } from 'geojson';
import type { Airspace } from './airspace';
import { sendJson } from './api';
import { parseNumber } from './coords';

/** As it is typed. */
export interface Draft {
  name: string;
  contact: string;
  frequency: string;
  language: string;
  text: string;
  accuracy: string;
}
export type DraftFault = 'name' | 'contact' | 'accuracy' | 'accuracy_kept' | 'where' | 'nothing';
/** What is sent; of one that stands already only what is other than before. */
export interface Assertion extends Partial<Omit<Draft, 'accuracy'>> {
  plan?: FeatureCollection;
  accuracy_m?: number;
}
export interface AirspaceSaid {
  id: string;
  version: number;
  ignored: string[]; // names in the volumes that mean nothing there
}

const TEXTS = ['name', 'contact', 'frequency', 'language', 'text'] as const;
const newest = (one: Airspace) => one.versions.find((each) => each.version === one.version);

export const emptyDraft = (): Draft => ({ name: '', contact: '', frequency: '', language: '', text: '', accuracy: '' });

export function draftOf(one: Airspace): Draft {
  const known = newest(one)?.accuracy_m;
  const { name, contact, frequency, language, text } = one;
  return { name, contact, frequency, language, text, accuracy: known === undefined ? '' : String(known) };
}

/** Where the newest version says that it runs. */
export const planIn = (one: Airspace): FeatureCollection | null => newest(one)?.plan ?? null;

/** What is to be sent. `plan`: null where it stays as it was. What was said of how well the outline is
    known can be said otherwise, and not be taken back: its sender must not think that it is. */
export function assertionOf(draft: Draft, plan: FeatureCollection | null, before: Airspace | null): Assertion | DraftFault {
  const typed = Object.fromEntries(TEXTS.map((key) => [key, draft[key].trim()])) as Record<(typeof TEXTS)[number], string>;
  if (typed.name === '') return 'name';
  if (typed.contact === '') return 'contact';
  const accuracy = draft.accuracy.trim() === '' ? null : (parseNumber(draft.accuracy) ?? -1);
  if (accuracy !== null && accuracy < 0) return 'accuracy';
  if (!before && !plan) return 'where';
  const was = before ? draftOf(before) : emptyDraft();
  if (accuracy === null && was.accuracy !== '') return 'accuracy_kept';
  const out: Assertion = plan ? { plan } : {};
  for (const key of TEXTS) if (typed[key] !== was[key]) out[key] = typed[key];
  if (accuracy !== null && String(accuracy) !== was.accuracy) out.accuracy_m = accuracy;
  return Object.keys(out).length === 0 ? 'nothing' : out;
}

const said = async (path: string, method: string, value: unknown): Promise<AirspaceSaid> =>
  (await (await sendJson(path, method, value)).json()) as AirspaceSaid;
const at = (id: string): string => `/v1/airspace/${encodeURIComponent(id)}`;

export const add = (what: Assertion, to: string[]): Promise<AirspaceSaid> =>
  said('/v1/airspace', 'POST', { ...what, to });
export const amend = (id: string, what: Assertion): Promise<AirspaceSaid> =>
  said(at(id), 'PATCH', { act: 'amend', ...what });
export const withdraw = (id: string): Promise<AirspaceSaid> => said(at(id), 'PATCH', { act: 'withdraw' });
