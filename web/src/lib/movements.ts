// SPDX-License-Identifier: Apache-2.0
// Convoys, vessels and flights over HTTP, leg by leg: the list, and what is typed and drawn as the
// node takes it, or what is missing of it. The node judges; nothing is guessed here.
import type { FeatureCollection, LineString } from 'geojson';
import { ask } from './api';
import { featureOf, openTerms, type Shape, whole } from './plan';
import { shapesIn } from './plan_file';
import { type Field } from './said';
import { type Draft, draftOf, type DraftRow, saidOf, type Taken, UNREAD } from './saying';
import type {
  Ladder, Leg, LegLadder, LegState, Properties, Proposed, ProtectionRecord, State, Written,
} from './types';

export interface Listed {
  id: string;
  party: string;
  class: string;
  contact: string;
  name: string; // empty of another party's: that is told one by one
  state: State;
  contested?: boolean;
  version: number;
  legs: Leg[]; // none where no more than an area is open here
}

export const list = async (over: boolean): Promise<Listed[]> =>
  (await ask<{ movements: Listed[] }>(`/v1/movements${over ? '?over=yes' : ''}`)).movements;

/** What it asks for first: who is late or overdue, then who is under way, then what sets out next. */
const turns: LegState[] = ['overdue', 'late', 'under_way', 'planned'];
export const isOpen = (leg: Leg): boolean => turns.includes(leg.state);

/** When the next leg sets out that has not; one that is late was to do so already. */
export const nextDeparture = (legs: Leg[]): string | null =>
  legs.filter((leg) => leg.state === 'planned' || leg.state === 'late').map((leg) => leg.time_start).sort()[0] ?? null;

export function inTurn(all: Listed[]): Listed[] {
  const rank = ({ legs }: Listed): number => {
    // Of one whose legs are not told nobody knows whether it is on the road.
    if (legs.length === 0) return 2;
    const found = legs.filter(isOpen).map((leg) => turns.indexOf(leg.state));
    return found.length > 0 ? Math.min(...found) : turns.length;
  };
  return [...all].sort((a, b) =>
    rank(a) - rank(b) || (nextDeparture(a.legs) ?? '').localeCompare(nextDeparture(b.legs) ?? ''));
}

/** Who has not confirmed this leg, and how far they got. */
export function unconfirmed(ladders: Ladder[], leg: number): (Pick<LegLadder, 'rung' | 'refused' | 'differs'> & { party: string })[] {
  return ladders.flatMap((one) => {
    const { rung, refused, differs } = one.legs?.find((each) => each.leg === leg) ?? { ...one, rung: one.legs ? 'offered' : one.rung };
    return rung === 'confirmed' && !refused && !differs ? [] : [{ party: one.party, rung, refused, differs }];
  });
}

const vehicleFields: readonly Field[] = ['callsign', 'vehicle_type', 'colour', 'plate', 'marking'].map((name) => ({
  name, type: 'line', need: name === 'callsign',
}));
/** What holds of all legs, beside class and name. */
export const fields: readonly Field[] = [
  { name: 'contact', type: 'line', need: true },
  { name: 'vehicles', type: 'rows', of: vehicleFields, most: 64 },
  { name: 'cargo', type: 'line' }, { name: 'comms', type: 'line' },
];
/** What the node calls `type` is another word beside a vehicle than beside a source. */
const renamed = (row: object, from: string, to: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key === from ? to : key, value]));

/** One that was said, as GeoJSON. */
export type Movement = FeatureCollection<LineString, Properties> & { properties: Properties };

export function draftFrom(properties: Properties): Draft {
  const vehicles = (properties['vehicles'] ?? []) as object[];
  return draftOf(fields, { ...properties, vehicles: vehicles.map((one) => renamed(one, 'type', 'vehicle_type')) });
}

/** A row that says something needs a callsign: legs name their vehicles by it. */
export function takenFrom(draft: Draft): Taken {
  const taken = saidOf(null, fields, draft);
  const rows = (taken.said['vehicles'] ?? []) as DraftRow[];
  const field = vehicleFields[0] as Field;
  if (rows.some((row) => !row['callsign'])) taken.faults.push({ field, why: 'missing' });
  if (rows.length > 0) taken.said['vehicles'] = rows.map((row) => renamed(row, 'vehicle_type', 'type'));
  return taken;
}

/** As they are typed by now, each once. */
export const callsignsIn = (draft: Draft): string[] =>
  [...new Set(((draft['vehicles'] ?? []) as DraftRow[]).map((row) => (row['callsign'] ?? '').trim()).filter(Boolean))];

/** The legs that have not ended as shapes; what the page has no field for stays with each. */
export const legsOf = (movement: Movement, newKey: () => string): Shape[] =>
  shapesIn(movement).map((shape) => ({ ...shape, key: newKey() }) as Shape);

export type LegFault = 'line' | 'width' | 'from' | 'until' | 'order';

export function legFault(shape: Shape): LegFault | null {
  if (shape.kind !== 'corridor' || !whole(shape)) return 'line';
  if (shape.halfWidthM === null) return 'width';
  const [start, end] = [shape.own?.['time_start'], shape.own?.['time_end']];
  if (typeof start !== 'string' || !start || start === UNREAD) return 'from';
  if (typeof end !== 'string' || !end || end === UNREAD) return 'until';
  return Date.parse(end) > Date.parse(start) ? null : 'order';
}

/** A number is never given to another leg, be it one that has ended: a new one comes after all. */
function numbered(own: Properties, next: () => number, callsigns: string[]): Properties {
  const out = { ...own };
  out['leg'] ??= next();
  const named = ((own['vehicles'] ?? []) as string[]).filter((one) => callsigns.includes(one));
  if (named.length > 0) out['vehicles'] = named;
  else delete out['vehicles'];
  for (const name of ['from', 'to']) if (!String(out[name] ?? '').trim()) delete out[name];
  return out;
}

/** What stays as it was goes with it: `before` are its properties, and all legs that it ever had. */
export function movementOf(said: Properties, shapes: Shape[], before: Properties = {}, had: number[] = []): Movement {
  const properties = { ...before };
  for (const { name } of fields) delete properties[name];
  const all = { ...properties, ...said };
  const callsigns = ((all['vehicles'] ?? []) as { callsign: string }[]).map((one) => one.callsign);
  let last = Math.max(0, ...had, ...shapes.map((one) => Number(one.own?.['leg'] ?? 0)));
  const features = shapes.map((shape) =>
    featureOf({ ...shape, own: numbered(shape.own ?? {}, () => ++last, callsigns) }, openTerms()));
  features.sort((a, b) => Number(a.properties['leg']) - Number(b.properties['leg']));
  return { type: 'FeatureCollection', properties: all, features } as Movement;
}

const sent = (method: string, value: unknown, more: Record<string, string> = {}): RequestInit => ({
  method, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json', ...more },
});

export const say = (movement: Movement, to: string[]): Promise<Written> =>
  ask(`/v1/movements${to.length > 0 ? `?to=${encodeURIComponent(to.join(','))}` : ''}`, sent('POST', movement));

/** Of the version that was looked at: where somebody has said another one meanwhile, nothing is written. */
export const amend = (record: ProtectionRecord, movement: Movement): Promise<Written | Proposed> =>
  ask(`/v1/movements/${encodeURIComponent(record.id)}`,
    sent('PATCH', { act: 'amend', movement }, { 'If-Match': String(record.version) }));
