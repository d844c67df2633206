// SPDX-License-Identifier: Apache-2.0
// STOPs over HTTP, and what of them asks for somebody here. Like activities.ts: one function a route,
// no state. A STOP asks that all stops in a place; that one is answered, or lifted, permits nothing.
import type { FeatureCollection } from 'geojson';
import type { Reply, VolumePlan } from './activities';
import { ask, sendJson } from './api';
import type { Position } from './sphere';
import type { Proposed, State } from './types';

export type Answered = 'nobody' | 'acknowledged' | 'accepted' | 'refused';
export const answerWords = ['accepted', 'refused', 'noted'] as const;
export type AnswerWord = (typeof answerWords)[number];
/** What a person may say of a call of theirs; the other routes and `handed` are the node's to say. */
export const personRoutes = ['voice', 'other'] as const;
export const personOutcomes = ['answered', 'no_answer', 'failed'] as const;
export const DESK = 'duty'; // as the node fills it in

interface Said {
  to: string;
  text: string;
  desks: string[];
  activity?: string;
  entry?: string;
}
/** Where its words are not shown to us, none of Partial is there. */
export interface ListedStop extends Partial<Said> {
  id: string;
  party: string;
  own: boolean;
  state: State;
  contact: string;
  said: string;
  open?: boolean; // it stands
  lifting?: boolean; // its author has said to lift it, and it stands until that acts
  answered?: Answered; // by what persons said
  answered_at?: string | null;
  attempts?: number;
  replies?: number;
  next?: { desks: string[]; due: string } | null;
}
/** One that came urgently, and that its author's log does not show here yet. */
export interface HeardStop extends Said {
  id: string;
  party: string;
  contact: string;
  sent: string;
  came: string;
  called: string[];
  answered: Answered; // by persons here
  plan?: VolumePlan; // in no list
}
export interface StopCall {
  party: string;
  at: string;
  automatic: boolean;
  actor: string;
  leaf: string;
  desks: string[];
  tried: { route: string; via: string; outcome: string; detail: string }[];
}
export interface ShownStop extends ListedStop {
  plan?: VolumePlan;
  calls?: StopCall[];
  answers?: Reply[];
}
export interface Wish {
  text: string;
  desks: string[];
  contact?: string;
  to?: string;
  plan?: FeatureCollection;
  activity?: string;
}
export interface Listing {
  stops: ListedStop[];
  heard: HeardStop[];
}
interface Page {
  stops: ListedStop[];
  heard?: HeardStop[];
  next?: string;
}

const at = (id: string, of = ''): string => `/v1/stops/${encodeURIComponent(id)}${of}`;
const post = async <T>(path: string, value: unknown): Promise<T> =>
  (await (await sendJson(path, 'POST', value)).json()) as T;
const filled = (...pairs: [string, string][]): Record<string, string> =>
  Object.fromEntries(pairs.filter(([, value]) => value !== ''));

/** All of them: no page of the list is left unread, for it may have one that nobody has answered. */
export async function list(lifted: boolean): Promise<Listing> {
  const out: Listing = { stops: [], heard: [] };
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const query = `limit=1000${lifted ? '&lifted=yes' : ''}${cursor && `&cursor=${cursor}`}`;
    const page: Page = await ask<Page>(`/v1/stops?${query}`);
    out.stops.push(...page.stops);
    out.heard.push(...(page.heard ?? []));
    cursor = page.next;
  }
  return out;
}

/** As its author's log has it, or else as it came urgently. */
export async function show(id: string): Promise<ShownStop | HeardStop> {
  const found = await ask<ShownStop | { heard: HeardStop }>(at(id));
  return 'heard' in found ? found.heard : found;
}
export const say = (what: Wish): Promise<{ id: string }> => post('/v1/stops', what);
export const answer = (
  id: string, word: AnswerWord, text: string, contact: string,
): Promise<unknown> =>
  post(at(id, '/reply'), { word, ...filled(['text', text], ['contact', contact]) });
export const called = (
  id: string, desks: string[], route: string, outcome: string, detail: string,
): Promise<unknown> =>
  post(at(id, '/attempts'), { desks, route, outcome, ...filled(['detail', detail]) });
export const lift = async (id: string): Promise<Proposed | { id: string }> =>
  (await ask(at(id, '/lift'), { method: 'POST' }));

/** "duty, ops" in its order, each once. */
export const desksIn = (text: string): string[] =>
  [...new Set(text.split(/[\s,،;؛]+/).filter((desk) => desk !== ''))];

/** All heights and all times around a point. */
export const around = (center: Position, radiusM: number): FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{
    type: 'Feature', properties: { radius_m: radiusM },
    geometry: { type: 'Point', coordinates: center.map((v) => Number(v.toFixed(7))) },
  }],
});
