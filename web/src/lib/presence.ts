// SPDX-License-Identifier: Apache-2.0
// Where groups are, for some days, over HTTP (doc/protocol/sharing.md, "Presence"): said as protections
// are. What is typed becomes a feature as the node takes it, or what is missing of it; the node judges.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { ask, list as listProtections } from './api';
import { parseNumber } from './coords';
import type { Shape } from './plan';
import { shapesIn } from './plan_file';
import { UNREAD } from './saying';
import type { Standing } from './sharing';
import type { Properties, Proposed, ProtectionFeature, ProtectionRecord, State, Written } from './types';
import { namesOf } from './words';
import type { Name } from './types';

export const SPAN_DAYS_MAX = 14;
const DAY_MS = 86_400_000;
const PAGES_MAX = 10;

/** An area of a group as the list has it. Who was given it coarsely knows no group. */
export interface Listed {
  id: string;
  party: string;
  state: State;
  group: string;
  sponsor: string; // empty: its author vouches
  grade: string;
  names: Name[];
  from: string;
  until: string;
  contested: boolean;
  shapes: Shape[];
}

const text = (properties: Properties, name: string): string => {
  const value = properties[name];
  return typeof value === 'string' ? value : '';
};

export function listedOf(feature: ProtectionFeature): Listed {
  const properties = feature.properties;
  const of = (name: string): string => text(properties, name);
  const id = String(feature.id);
  let shapes: Shape[] = [];
  try {
    if (feature.geometry) shapes = shapesIn(feature).map((one, i) => ({ ...one, key: `${id}-${i}` }) as Shape);
  } catch {
    shapes = []; // it stands in the list all the same
  }
  return {
    id, party: of('party'), state: of('state') as State, group: of('group'), sponsor: of('sponsor'), grade: of('grade'),
    names: namesOf(properties), from: of('time_start'), until: of('time_end'), contested: of('contested') === 'yes', shapes,
  };
}

export interface Listing {
  all: Listed[];
  more: boolean;
}

/** All but withdrawn ones. An area whose kind is not open here is one of them. */
export async function list(): Promise<Listing> {
  const all: Listed[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = await listProtections({ class: 'group_area', limit: 1000, ...(cursor && { cursor }) });
    all.push(...found.features.map(listedOf));
    cursor = found.next ?? null;
    if (!cursor) break;
  }
  return { all, more: cursor !== null };
}

/** Those that end first, first; what is over comes last, what has no end here in between. */
export function inTurn(all: Listed[], now: number): Listed[] {
  const rank = (one: Listed): [number, number] => {
    const until = one.until ? Date.parse(one.until) : NaN;
    return isNaN(until) ? [1, 0] : isOver(one, now) ? [2, -until] : [0, until];
  };
  return [...all].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1];
  });
}

/** States in which the newest version alone says until when. In all others, and in those that are not
    known here, an earlier version may still protect, or it is not known what does. */
const ENDS: readonly string[] = ['in_force', 'unconfirmed', 'withdrawn'] satisfies State[];

/** Whether the end is past that is said of it, and nothing of it protects any more. An end that is said
    anew and earlier waits as every reduction does: until then the one before goes on. */
export const isOver = (one: { until: string; state: string }, now: number): boolean =>
  ENDS.includes(one.state) && one.until !== '' && Date.parse(one.until) <= now;

/** What the parties say of its group; none where it is not known here which it is. */
export const standingOf = (all: Standing[], group: string): Standing | null =>
  group === '' ? null : (all.find((one) => one.groups.includes(group)) ?? null);

/** What a group is called: by its own record, where that is read, or where it is the only one. Of several
    records that are one group the list has the name that one of them gives, and not which. */
export function calledIn(own: string, all: Standing | null): { name: string; oneOf: number } {
  return own !== '' ? { name: own, oneOf: 1 } : { name: all?.name ?? '', oneOf: all?.groups.length ?? 0 };
}

/** As it is typed. */
export interface Draft {
  group: string;
  sponsor: string;
  grade: string;
  from: string;
  until: string;
  name: string;
  language: string;
  buffer: string;
  accuracy: string;
  contact: string;
}
export type DraftFault = 'group' | 'grade' | 'from' | 'until' | 'order' | 'span' | 'number' | 'where';

export const emptyDraft = (): Draft => ({
  group: '', sponsor: '', grade: '', from: '', until: '', name: '', language: '', buffer: '', accuracy: '', contact: '',
});

export function draftOf(properties: Properties): Draft {
  const of = (name: string): string => text(properties, name);
  const metres = (name: string): string => (typeof properties[name] === 'number' ? String(properties[name]) : '');
  return {
    ...emptyDraft(), group: of('group'), sponsor: of('sponsor'), grade: of('grade'), from: of('time_start'),
    until: of('time_end'), buffer: metres('buffer_m'), accuracy: metres('accuracy_m'), contact: of('contact'),
  };
}

const isMetres = (typed: string): boolean => {
  const value = typed.trim() === '' ? 0 : parseNumber(typed);
  return value !== null && value >= 0;
};

export function draftFault(draft: Draft, place: Geometry | null): DraftFault | null {
  if (!/^[a-z2-7]{16}$/.test(draft.group)) return 'group';
  if (!/^[A-F][1-6]$/.test(draft.grade)) return 'grade';
  if (!draft.from || draft.from === UNREAD) return 'from';
  if (!draft.until || draft.until === UNREAD) return 'until';
  const span = Date.parse(draft.until) - Date.parse(draft.from);
  if (span <= 0) return 'order';
  if (span > SPAN_DAYS_MAX * DAY_MS) return 'span';
  if (!isMetres(draft.buffer) || !isMetres(draft.accuracy)) return 'number';
  return place ? null : 'where';
}

/** Where it is: a geometry with its width, and what a file says of how sure that is. */
export type Place = Feature<Geometry, Properties>;

/** What stays as it was goes with it; the place is another one only where another is given. */
export function featureOf(draft: Draft, place: Place, before: Properties = {}): Place {
  const { earlier_places: _, ...kept } = before;
  const out: Properties = { ...kept };
  for (const name of ['radius_m', 'half_width_m', 'buffer_m', 'accuracy_m', 'sponsor', 'contact']) delete out[name];
  for (const name of ['radius_m', 'half_width_m', 'buffer_m', 'accuracy_m']) {
    const value = place.properties[name];
    if (typeof value === 'number') out[name] = value;
  }
  Object.assign(out, {
    kind: 'presence', class: 'group_area', group: draft.group, grade: draft.grade, time_start: draft.from, time_end: draft.until,
  });
  for (const [name, typed] of [['buffer_m', draft.buffer], ['accuracy_m', draft.accuracy]] as const) {
    if (typed.trim() !== '') out[name] = parseNumber(typed);
  }
  if (draft.sponsor) out['sponsor'] = draft.sponsor;
  if (draft.contact.trim()) out['contact'] = draft.contact.trim();
  if (draft.name.trim()) out[draft.language ? `name:${draft.language}` : 'name'] = draft.name.trim();
  return { type: 'Feature', geometry: place.geometry, properties: out };
}

export const firstOf = (plan: FeatureCollection | null): Place | null =>
  (plan?.features[0] as Place | undefined) ?? null;

const sent = (method: string, value: unknown, type: string, match = ''): RequestInit => ({
  method, body: JSON.stringify(value), headers: { 'Content-Type': type, ...(match && { 'If-Match': match }) },
});

export const say = (feature: Place, to: string[]): Promise<Written> => {
  const query = to.length > 0 ? `?to=${encodeURIComponent(to.join(','))}` : '';
  return ask<Written>(`/v1/protections${query}`, sent('POST', feature, 'application/geo+json'));
};

/** Of the version that was looked at: where somebody has said another one meanwhile, nothing is written. */
export const amend = (record: ProtectionRecord, feature: Place): Promise<Written | Proposed> =>
  ask(`/v1/protections/${encodeURIComponent(record.id)}`,
    sent('PATCH', { act: 'amend', feature }, 'application/json', String(record.version)));
