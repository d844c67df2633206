// SPDX-License-Identifier: Apache-2.0
// Activities over HTTP. Like notices.ts: one function a route, no state. None of it permits anything:
// an activity is what somebody says that they will do.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { ask, release, sendJson } from './api';
import type { Answer, Properties, Verdict } from './types';

export type ActivityState =
  'planned' | 'running' | 'overdue' | 'ended' | 'cancelled' | 'lapsed' | 'not_understood';
export type ReplyWord = 'noted' | 'accepted' | 'refused' | 'missing' | 'conflict';
/** What a person may say; `missing` is the node's to say. */
export const replyWords = ['noted', 'accepted', 'refused', 'conflict'] as const;

interface Common {
  id: string;
  party: string;
  own: boolean;
  name: string;
  contact: string;
  state: ActivityState;
  version: number;
  leaf: string;
  from: string | null;
  until: string | null;
}
export interface Listed extends Common {
  replies: number;
  verdict: Verdict | null; // of this moment; null once it is over
  meets?: number;
}
export interface Meeting {
  id: string;
  party: string;
  name: string;
  contact: string;
  volume: number;
  distance_m: number;
  time_overlap: { start: string | null; end: string | null };
}
export interface Reply {
  party: string;
  word: ReplyWord;
  text: string;
  contact: string;
  automatic: boolean;
  time: string;
  actor: string;
  leaf: string;
  of_newest: boolean;
  entries: string[];
}
export interface ActivityVersion {
  version: number;
  act: string;
  actor: string;
  time: string;
  entry: number;
  leaf: string;
}
export type VolumePlan = FeatureCollection<Geometry, Properties>;
export interface Activity extends Common {
  started?: string | null;
  checked?: { at: string; rules: string };
  plan: VolumePlan;
  accuracy_m?: number; // absent where it is not said
  history: ActivityVersion[];
  replies: Reply[];
  answer?: Answer; // this and the next are of this moment, and absent once it is over
  meetings?: Meeting[];
}
export interface ActivitySaid {
  id: string;
  version: number;
  entry: number;
  ignored: string[];
  answer?: Answer;
  meetings?: Meeting[];
}
export interface Declaration {
  plan: FeatureCollection;
  contact: string;
  name?: string;
  accuracy_m?: number;
  to?: string[];
  sealed?: true;
}
export type Amendment = Omit<Declaration, 'to' | 'sealed'>;
export type Follow = 'start' | 'end' | 'cancel';

const at = (id: string): string => `/v1/activities/${encodeURIComponent(id)}`;
const said = async (path: string, method: string, value: unknown): Promise<ActivitySaid> =>
  (await (await sendJson(path, method, value)).json()) as ActivitySaid;

export const list = async (over: boolean): Promise<Listed[]> =>
  (await ask<{ activities: Listed[] }>(`/v1/activities${over ? '?over=yes' : ''}`)).activities;
export const show = (id: string): Promise<Activity> => ask(at(id));
export const declare = (what: Declaration): Promise<ActivitySaid> =>
  said('/v1/activities', 'POST', what);
/** The whole of it once more: what is left out is said no more. */
export const amend = (id: string, what: Amendment): Promise<ActivitySaid> =>
  said(at(id), 'PATCH', { act: 'amend', ...what });
export const follow = (id: string, act: Follow): Promise<ActivitySaid> =>
  said(at(id), 'PATCH', { act });
export const reply = (
  id: string, word: (typeof replyWords)[number], text: string, contact: string,
): Promise<unknown> =>
  said(`${at(id)}/replies`, 'POST', { word, ...(text && { text }), ...(contact && { contact }) });
/** Whole, or not at all: an activity has no coarse form. */
export const openTo = (id: string, party: string): Promise<unknown> => release(id, party, 'exact');

export const mayHappen = (state: ActivityState): boolean =>
  state === 'planned' || state === 'running' || state === 'overdue' || state === 'not_understood';

const given = (feature: Feature, key: string): boolean =>
  typeof feature.properties?.[key] === 'string';

/** Whether a volume does not say from when, or until when. */
export const lacksWindow = (plan: FeatureCollection): boolean =>
  plan.features.some((f) => !given(f, 'time_start') || !given(f, 'time_end'));

/** With these ends where a volume says none of its own. */
export function withWindow(plan: FeatureCollection, start: string, end: string): FeatureCollection {
  const features = plan.features.map((f) => {
    const properties: Properties = { ...f.properties };
    if (!given(f, 'time_start')) properties['time_start'] = start;
    if (!given(f, 'time_end')) properties['time_end'] = end;
    return { ...f, properties };
  });
  return { ...plan, features };
}
