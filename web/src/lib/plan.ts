// SPDX-License-Identifier: Apache-2.0
// The plan that is being drawn: shapes with one time window, one band of heights and one margin,
// and how it becomes the GeoJSON that the node checks. What the node refuses is not guessed here:
// only what cannot even be asked yet (no shape, half a line) is held back.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { circleRing, distanceM, type Position, wrapLng } from './sphere';
import type { AltitudeReference, Properties } from './types';

export type Shape = { key: string; own?: Properties } & (
  | { kind: 'circle'; center: Position; radiusM: number | null }
  | { kind: 'corridor'; line: Position[]; halfWidthM: number | null }
  | { kind: 'polygon'; rings: Position[][] }
);
export type ShapeKind = Shape['kind'];

export interface Terms {
  start: string; // RFC 3339, or empty: from the past
  end: string;
  lower: number | null;
  upper: number | null;
  reference: AltitudeReference | '';
  marginM: number;
}

export const openTerms = (): Terms => ({
  start: '',
  end: '',
  lower: null,
  upper: null,
  reference: '',
  marginM: 0,
});

export type TermsFault = 'window_order' | 'reference_missing' | 'band_order' | 'margin_negative';

/** What keeps the terms from meaning one thing. */
export function faultOf(terms: Terms): TermsFault | null {
  if (terms.start && terms.end && Date.parse(terms.start) >= Date.parse(terms.end)) {
    return 'window_order';
  }
  const banded = terms.lower !== null || terms.upper !== null;
  if (banded && terms.reference === '') return 'reference_missing';
  if (terms.lower !== null && terms.upper !== null && terms.lower > terms.upper) {
    return 'band_order';
  }
  return terms.marginM < 0 ? 'margin_negative' : null;
}

const distinct = (line: Position[]): number => new Set(line.map(String)).size;

/** Enough of a shape to be asked about: while it is drawn, corners still lie on each other. */
export function whole(shape: Shape): boolean {
  if (shape.kind === 'circle') return true;
  if (shape.kind === 'corridor') return distinct(shape.line) >= 2;
  return shape.rings.length > 0 && shape.rings.every((ring) => distinct(ring) >= 3);
}

const fixed = (p: Position): Position => [
  Number(wrapLng(p[0]).toFixed(7)),
  Number(p[1].toFixed(7)),
];

/** Lines and rings keep their way over the antimeridian: longitudes are not wrapped singly. */
const fixedLine = (line: Position[]): Position[] =>
  line.map((p) => [Number(p[0].toFixed(7)), Number(p[1].toFixed(7))]);

export function geometryOf(shape: Shape): Geometry {
  if (shape.kind === 'circle') return { type: 'Point', coordinates: fixed(shape.center) };
  if (shape.kind === 'corridor') {
    return { type: 'LineString', coordinates: fixedLine(shape.line) };
  }
  return { type: 'Polygon', coordinates: shape.rings.map(fixedLine) };
}

export function termsProperties(terms: Terms): Properties {
  const out: Properties = {};
  if (terms.lower !== null) out['altitude_lower'] = terms.lower;
  if (terms.upper !== null) out['altitude_upper'] = terms.upper;
  if (terms.lower !== null || terms.upper !== null) out['altitude_reference'] = terms.reference;
  if (terms.start) out['time_start'] = terms.start;
  if (terms.end) out['time_end'] = terms.end;
  return out;
}

function sizeProperties(shape: Shape): Properties {
  if (shape.kind === 'circle' && shape.radiusM !== null) return { radius_m: shape.radiusM };
  if (shape.kind === 'corridor' && shape.halfWidthM !== null) {
    return { half_width_m: shape.halfWidthM };
  }
  return {};
}

export function featureOf(shape: Shape, terms: Terms): Feature<Geometry, Properties> {
  // What a file says of itself goes before what the page says of all.
  const properties = { ...termsProperties(terms), ...shape.own, ...sizeProperties(shape) };
  return { type: 'Feature', properties, geometry: geometryOf(shape) };
}

/** The question, or null while there is nothing to ask. */
export function planOf(shapes: Shape[], terms: Terms): FeatureCollection | null {
  const features = shapes.filter(whole).map((shape) => featureOf(shape, terms));
  if (features.length === 0 || faultOf(terms) !== null) return null;
  return { type: 'FeatureCollection', features };
}

/** A point to stand for the shape when distances are said in words. */
export function middleOf(shape: Shape): Position {
  if (shape.kind === 'circle') return shape.center;
  const line = shape.kind === 'corridor' ? shape.line : (shape.rings[0] ?? []).slice(1);
  const sum = line.reduce((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]) as Position;
  return [sum[0] / Math.max(1, line.length), sum[1] / Math.max(1, line.length)];
}

/** All corners, for moving the map to the shape; a circle's ring rather than its centre. */
export function outlineOf(shape: Shape): Position[] {
  if (shape.kind === 'circle') return circleRing(shape.center, shape.radiusM ?? 0, 24);
  return shape.kind === 'corridor' ? shape.line : (shape.rings[0] ?? []);
}

/** Metres along the line, or around the ring. */
export function lengthM(line: Position[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) {
    sum += distanceM(line[i - 1] as Position, line[i] as Position);
  }
  return sum;
}
