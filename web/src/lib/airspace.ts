// SPDX-License-Identifier: Apache-2.0
// Boundaries and zones as parties assert them, over HTTP. Like activities.ts: one function a route, no
// state. Which of them is right is never said, and none of them is where anybody may be.
import type { VolumePlan } from './activities';
import { ask } from './api';
import type { Shape } from './plan';
import { shapesIn } from './plan_file';
import { partyName, type Words } from './words';

export type AirspaceState = 'in_force' | 'withdrawn' | 'not_understood';
export interface AirspaceVersion {
  version: number;
  act: string;
  actor: string;
  time: string;
  entry: number;
  leaf: string;
  area_km2: number | null; // null where it has none: a line
  in_force?: boolean; // this and the next two in no list
  accuracy_m?: number;
  plan?: VolumePlan | null;
}
interface Common {
  id: string;
  party: string;
  own: boolean;
  name: string;
  state: AirspaceState;
  version: number;
  contact: string;
  frequency: string;
  language: string;
  text: string;
}
export interface ListedAirspace extends Common {
  in_force: AirspaceVersion[];
}
export interface Airspace extends Common {
  versions: AirspaceVersion[];
}
interface Side {
  party: string;
  id: string;
  version: number;
}
export interface Difference {
  of: Side;
  beside: Side;
  same_volumes: boolean;
  area_differs_km2: number | null;
  outlines_apart_m: number | null;
  or_more_by_m?: number;
}
export interface Group {
  name: string;
  statements: ListedAirspace[];
  differences: Difference[];
}
export interface AirspaceList {
  airspace: Group[];
  not_compared: number;
  not_watched: number;
}

export const list = (withdrawn: boolean): Promise<AirspaceList> =>
  ask(`/v1/airspace${withdrawn ? '?withdrawn=yes' : ''}`);
export const show = (id: string): Promise<Airspace> => ask(`/v1/airspace/${encodeURIComponent(id)}`);

/** What of it is in force, as the map draws it: several where its log contradicted itself. */
export const shapesOf = (one: Airspace): Shape[] =>
  one.versions.filter((each) => each.in_force && each.plan)
    .flatMap((each) => shapesIn(each.plan))
    .map((shape, i) => ({ ...shape, key: `${one.id}-${i}` }) as Shape);

/** Below 1 km2 with as many figures as tell it from nothing. */
export const areaWords = (w: Words, km2: number): string =>
  w.t('airspace.km2', { area: w.format.number(km2, km2 < 0.001 ? 9 : km2 < 1 ? 3 : km2 < 100 ? 1 : 0) });

/** How two of one name differ; what could not be compared is said as well. */
export function differenceWords(
  w: Words, about: Parameters<typeof partyName>[0], one: Difference,
): string[] {
  const side = ({ party, version }: Side): string =>
    w.t('airspace.side', { party: partyName(about, party), version });
  const out = [w.t('airspace.two', { of: side(one.of), beside: side(one.beside) })];
  if (one.same_volumes) return [...out, w.t('airspace.same')];
  out.push(one.area_differs_km2 === null
    ? w.t('airspace.area_unknown')
    : w.t('airspace.area_differs', { area: areaWords(w, one.area_differs_km2) }));
  out.push(one.outlines_apart_m === null
    ? w.t('airspace.apart_unknown')
    : w.t('airspace.apart', {
      distance: w.format.metres(one.outlines_apart_m), more: w.format.metres(one.or_more_by_m ?? 0),
    }));
  return out;
}
