// SPDX-License-Identifier: Apache-2.0
// What is asked of all that one may read, and what is found (doc/protocol/search.md): a way to read and
// no check. One function a route, no state; what does not read is not guessed here.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { ask, sendJson } from './api';
import { parseNumber } from './coords';
import { featureOf, openTerms, type Shape, whole } from './plan';
import { isKind, kinds as statementKinds } from './sharing';
import type { Position } from './sphere';
import { fieldsOf } from './said';
import { UNREAD } from './saying';

export const recordKinds = ['protection', 'movement', 'presence', 'objection', 'stop'] as const;
export const foundKinds: readonly string[] = [...recordKinds, ...statementKinds];
export const sourceLeast = ['A', 'B', 'C', 'D', 'E'] as const;
export const informationLeast = ['1', '2', '3', '4', '5'] as const;
export type Which = 'fitting' | 'no_place' | 'no_grade';

/** As it is typed and chosen. The words go as they are: a space behind the last one ends it. */
export interface Draft {
  text: string;
  from: string;
  until: string;
  kinds: string[];
  classes: string[];
  parties: string[];
  source: string;
  information: string;
  marginM: string;
  withdrawn: boolean;
}
export const emptyDraft = (): Draft => ({
  text: '', from: '', until: '', kinds: [], classes: [], parties: [], source: '', information: '', marginM: '',
  withdrawn: false,
});

/** As the node takes it; what is left out is any. */
export interface Wish {
  text?: string;
  area?: FeatureCollection;
  margin_m?: number;
  from?: string;
  until?: string;
  kinds?: string[];
  classes?: string[];
  parties?: string[];
  source?: string;
  information?: string;
  withdrawn?: boolean;
}
export type WishFault = 'time' | 'window_order' | 'margin' | 'margin_alone';

export interface Hit {
  id: string;
  kind: string;
  party: string;
  own: boolean;
  time: string;
  version: number;
  state: string;
  title: string;
  class?: string;
  grade?: string;
  from?: string;
  until?: string;
  contested?: boolean;
  newer_withheld?: boolean;
  position: 'exact' | 'coarse' | 'none';
  label?: Readonly<Record<string, unknown>>;
  shapes: Shape[]; // as far as lists show it, where places were asked for
}
export interface Found {
  hits: Hit[];
  next: string | null;
  total: number;
  no_place: number;
  no_grade: number;
  complete: boolean;
  indexed: number;
  of: number;
  reading: 'exact' | 'listed';
}

const PAGE = 100;
const EXPORT_PAGE = 1000; // that the node gives at once
export const EXPORT_PAGES_MAX = 20;

export function wishFault(draft: Draft, shapes: Shape[]): WishFault | null {
  if (draft.from === UNREAD || draft.until === UNREAD) return 'time';
  if (draft.from && draft.until && Date.parse(draft.from) >= Date.parse(draft.until)) return 'window_order';
  if (draft.marginM.trim() === '') return null;
  const margin = parseNumber(draft.marginM);
  if (margin === null || margin < 0) return 'margin';
  return shapes.some(whole) ? null : 'margin_alone';
}

/** Heights and times of a file are left out: it is asked of every height, and times stand beside it. */
export function wishOf(draft: Draft, shapes: Shape[]): Wish {
  const features = shapes.filter(whole).map((shape) => featureOf({ ...shape, own: {} }, openTerms()));
  const margin = features.length > 0 && draft.marginM.trim() !== '' ? parseNumber(draft.marginM) : null;
  const some = (name: 'kinds' | 'classes' | 'parties'): Wish => (draft[name].length > 0 ? { [name]: [...draft[name]] } : {});
  return {
    ...(draft.text.trim() !== '' && { text: draft.text }),
    ...(features.length > 0 && { area: { type: 'FeatureCollection', features } }),
    ...(margin !== null && { margin_m: margin }),
    ...(draft.from && { from: draft.from }),
    ...(draft.until && { until: draft.until }),
    ...some('kinds'), ...some('classes'), ...some('parties'),
    ...(draft.source && { source: draft.source }),
    ...(draft.information && { information: draft.information }),
    ...(draft.withdrawn && { withdrawn: true }),
  };
}

function shapesOf(geometry: Geometry | null, widths: readonly number[], key: string): Shape[] {
  if (!geometry) return [];
  if (geometry.type === 'GeometryCollection') {
    return geometry.geometries.flatMap((one, i) => shapesOf(one, [widths[i] ?? 0], `${key}-${i}`));
  }
  const width = widths[0] ?? 0;
  switch (geometry.type) {
    case 'Point': return [{ key, kind: 'circle', center: geometry.coordinates as Position, radiusM: width }];
    case 'LineString': return [{ key, kind: 'corridor', line: geometry.coordinates as Position[], halfWidthM: width }];
    case 'Polygon': return [{ key, kind: 'polygon', rings: geometry.coordinates as Position[][] }];
    default: return [];
  }
}

interface Widths {
  radius_m?: number;
  half_width_m?: number;
  widths_m?: number[];
}

/** A feature of the answer with places; its widths are of the picture alone. */
export function hitOf(feature: Feature<Geometry | null>): Hit {
  const { radius_m, half_width_m, widths_m, ...said } = (feature.properties ?? {}) as Omit<Hit, 'id' | 'shapes'> & Widths;
  const id = String(feature.id);
  return { ...said, id, shapes: shapesOf(feature.geometry, widths_m ?? [radius_m ?? half_width_m ?? 0], id) };
}

export interface Asking {
  wish: Wish;
  which: Which;
  places: boolean; // where they are is asked for too, which the audit tells as an export
  cursor?: string | null;
}

const bodyOf = ({ wish, which, cursor }: Asking, limit: number, format: string): unknown => ({
  ...wish, which, limit, format, ...(cursor && { cursor }),
});
const asked = (value: unknown): RequestInit => ({
  method: 'POST', body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' },
});

export async function search(asking: Asking): Promise<Found> {
  const options = asked(bodyOf(asking, PAGE, asking.places ? 'geojson' : 'json'));
  if (asking.places) {
    type Collected = Omit<Found, 'hits'> & { features: Feature<Geometry | null>[] };
    const { features, ...rest } = await ask<Collected>('/v1/search', options);
    return { ...rest, hits: features.map(hitOf) };
  }
  const found = await ask<Found>('/v1/search', options);
  return { ...found, hits: found.hits.map((one) => ({ ...one, shapes: [] })) };
}

export interface Exported {
  text: string;
  count: number;
  total: number;
  complete: boolean;
}

/** All pages as one file, up to a limit that who asked is told of. */
export async function exported(wish: Wish, which: Which, format: 'geojson' | 'csv'): Promise<Exported> {
  const texts: string[] = [];
  const features: unknown[] = [];
  let [cursor, count, total, complete] = [null as string | null, 0, 0, true];
  for (let page = 0; page < EXPORT_PAGES_MAX; page++) {
    const body = bodyOf({ wish, which, places: true, cursor }, EXPORT_PAGE, format);
    const response = await sendJson('/v1/search', 'POST', body);
    const head = (name: string): string => response.headers.get(name) ?? '';
    if (format === 'csv') texts.push(await response.text());
    else features.push(...((await response.json()) as { features: unknown[] }).features);
    count += Number(head('Entente-Shown'));
    total = Number(head('Entente-Total'));
    complete &&= head('Entente-Complete') === 'yes';
    cursor = head('Entente-Next') || null;
    if (!cursor) break;
  }
  const text = format === 'csv' ? texts.join('') : `${JSON.stringify({ type: 'FeatureCollection', features })}\n`;
  return { text, count, total, complete };
}

/** Which member a title of that kind is a word of; none: it is somebody's own words. */
export const titleMember = (kind: string): string =>
  ({ incident: 'sort', assessment: 'opinion', link: 'relation', responsibility: 'stance', position: 'stand' })[kind] ?? '';

/** Whether a kind has a grade; some that have one may leave it out. */
export const grades = (kind: string): boolean =>
  kind === 'presence' || (isKind(kind) && fieldsOf[kind].some((one) => one.name === 'grade'));

/** Where its panel is. */
export const placeOf = (kind: string): 'register' | 'stops' | 'sharing' =>
  isKind(kind) ? 'sharing' : kind === 'stop' ? 'stops' : 'register';
