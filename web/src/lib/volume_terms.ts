// SPDX-License-Identifier: Apache-2.0
// Times and heights of volumes: left as each says its own, or said once for all of them. What does not
// read is never taken for what is left empty: empty is all times and all heights.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { parseNumber } from './coords';
import { faultOf, openTerms, type Terms, type TermsFault, termsProperties } from './plan';
import { UNREAD } from './saying';
import type { AltitudeReference, Properties } from './types';

/** As they are typed. */
export interface TypedTerms {
  start: string; // RFC 3339, empty, or UNREAD; as `end`
  end: string;
  lower: string;
  upper: string;
  reference: AltitudeReference | '';
}
export type TypedFault = TermsFault | 'time' | 'height';

const NAMES = ['time_start', 'time_end', 'altitude_lower', 'altitude_upper', 'altitude_reference'] as const;

export const nothingTyped = (): TypedTerms => ({ start: '', end: '', lower: '', upper: '', reference: '' });

/** The terms, or what keeps them from being ones. */
export function termsOf(typed: TypedTerms): Terms | TypedFault {
  if (typed.start === UNREAD || typed.end === UNREAD) return 'time';
  const height = (text: string): number | null => (text.trim() === '' ? null : (parseNumber(text) ?? NaN));
  const [lower, upper] = [height(typed.lower), height(typed.upper)];
  if (Number.isNaN(lower) || Number.isNaN(upper)) return 'height';
  const terms = { ...openTerms(), start: typed.start, end: typed.end, lower, upper, reference: typed.reference };
  return faultOf(terms) ?? terms;
}

const termsIn = (feature: Feature<Geometry, Properties>): Properties =>
  Object.fromEntries(NAMES.filter((name) => name in (feature.properties ?? {})).map((name) => [name, feature.properties[name]]));

/** Whether a volume says times or heights of its own. */
export const saysTerms = (plan: FeatureCollection): boolean =>
  plan.features.some((one) => Object.keys(termsIn(one as Feature<Geometry, Properties>)).length > 0);

/** What all volumes say alike, as it would be typed; nothing where they differ. */
export function alike(plan: FeatureCollection): TypedTerms {
  const all = plan.features.map((one) => termsIn(one as Feature<Geometry, Properties>));
  const first = all[0] ?? {};
  if (all.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return nothingTyped();
  const text = (name: (typeof NAMES)[number]): string => String(first[name] ?? '');
  return {
    start: text('time_start'), end: text('time_end'), lower: text('altitude_lower'), upper: text('altitude_upper'),
    reference: text('altitude_reference') as TypedTerms['reference'],
  };
}

/** With these in place of what each volume says. */
export function withTerms(plan: FeatureCollection, terms: Terms): FeatureCollection {
  const features = plan.features.map((one) => {
    const kept = Object.entries(one.properties ?? {}).filter(([name]) => !(NAMES as readonly string[]).includes(name));
    return { ...one, properties: { ...Object.fromEntries(kept), ...termsProperties(terms) } };
  });
  return { ...plan, features };
}
