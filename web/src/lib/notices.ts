// SPDX-License-Identifier: Apache-2.0
// One's board and one's subscriptions over HTTP. Like people.ts: one function a route, no state.
import type { FeatureCollection, Geometry } from 'geojson';
import { ask, send, sendJson } from './api';

/** What a subscription may name; `match` is of standing questions alone. */
export const noticeWords = [
  'alarm', 'stop', 'record', 'objection', 'withheld', 'log', 'receipt', 'leg', 'activity', 'challenge', 'message', 'track',
  'join',
] as const;

/** An alert of a live track. Any of it may be missing: a later node says more, another one less. */
export interface TrackSaid {
  kind?: string;
  track?: string;
  by?: string;
  craft?: string;
  zone?: { party?: string; id?: string; version?: string; name?: string };
  record?: string;
  more?: string; // stands for several that are not named
  party?: string;
  time?: string;
  inside_s?: number;
  begun_before?: boolean;
  entry?: string;
  warning_s?: number;
}
export interface Notice {
  id: string;
  seq: number;
  time: string;
  what: string;
  detail: string;
  party: string;
  record?: string;
  version?: number;
  leg?: number;
  class?: string;
  names?: string[];
  state?: string;
  subscriptions?: string[]; // by which it was made
  track?: TrackSaid;
  text: string;
}
export interface Board {
  unread: number;
  notices: Notice[];
}
export interface SubscribedPlace {
  geometry: Geometry;
  radius_m?: number;
  half_width_m?: number;
  margin_m: number;
}
export interface Subscription {
  id: string;
  what: string[];
  classes: string[];
  parties: string[];
  duty: string[];
  area: SubscribedPlace[];
  route: { kind: string; to?: string };
  waiting?: number;
  dead?: number;
  made: string;
  name?: string; // of a standing question
  text?: string;
}
/** What could not be sent, and was set aside. */
export interface DeadLetter {
  subscription: string;
  attempts: number;
  why: string; // of the last attempt
  died: string;
  notice: Notice;
}

/** What is empty or left out is everything. */
export interface Wanted {
  what: string[];
  classes: string[];
  parties: string[];
  duty: string[];
  area?: FeatureCollection;
}

export const board = (): Promise<Board> => ask('/v1/notices?limit=100');
export const acknowledge = (id: string, andBefore: boolean): Promise<unknown> =>
  send(`/v1/notices/${encodeURIComponent(id)}/ack?and_before=${andBefore}`, { method: 'POST' });

export const subscriptions = async (): Promise<Subscription[]> =>
  (await ask<{ subscriptions: Subscription[] }>('/v1/subscriptions')).subscriptions;
export const subscribe = (wanted: Wanted): Promise<unknown> => sendJson('/v1/subscriptions', 'POST', wanted);
export const unsubscribe = (id: string): Promise<unknown> =>
  send(`/v1/subscriptions/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const deadLetters = async (): Promise<DeadLetter[]> =>
  (await ask<{ dead: DeadLetter[] }>('/v1/notices/dead')).dead;
export const actOnDead = (notice: string, act: 'retry' | 'drop'): Promise<unknown> =>
  sendJson(`/v1/notices/dead/${encodeURIComponent(notice)}`, 'POST', { act });
