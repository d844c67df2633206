// SPDX-License-Identifier: Apache-2.0
// The plan and the selected record as the features that the map draws. Pictures only.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { middleOf, type Shape, whole } from '../lib/plan';
import type { Hit } from '../lib/search';
import { circleRing, type Position } from '../lib/sphere';
import type { ProtectionRecord } from '../lib/types';

// MapLibre's world is 512 pixels wide at zoom 0.
const METRES_A_PIXEL_AT_0 = 40_075_016.7 / 512;

/** Width in pixels at zoom 0 of a strip of this many metres at this latitude. */
export const pixelsAt0 = (metres: number, lat: number): number =>
  metres / (METRES_A_PIXEL_AT_0 * Math.cos((lat * Math.PI) / 180));

const feature = (geometry: Geometry, properties = {}): Feature => ({
  type: 'Feature', properties, geometry,
});

function shapePicture(shape: Shape): Feature {
  if (shape.kind === 'circle') {
    const ring = circleRing(shape.center, Math.max(shape.radiusM ?? 0, 0.5));
    return feature({ type: 'Polygon', coordinates: [ring] });
  }
  if (shape.kind === 'polygon') return feature({ type: 'Polygon', coordinates: shape.rings });
  const px0 = pixelsAt0(2 * (shape.halfWidthM ?? 0), middleOf(shape)[1]);
  return feature({ type: 'LineString', coordinates: shape.line }, { px0 });
}

export const planPicture = (shapes: Shape[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: shapes.filter(whole).map(shapePicture),
});

/** What stands beside it, to compare: outlines alone, dashed. */
export const besidePicture = (shapes: Shape[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: shapes.filter(whole).map((shape) => feature(shapePicture(shape).geometry, { part: 'reach' })),
});

/** Every position of a geometry, in order. */
export function positionsOf(geometry: Geometry | null | undefined): Position[] {
  if (!geometry) return [];
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(positionsOf);
  const out: Position[] = [];
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === 'number') out.push([value[0], value[1] as number]);
    else value.forEach(walk);
  };
  walk(geometry.coordinates);
  return out;
}

/** Where a label or a distance begins: the middle of the geometry's box. */
export function middle(geometry: Geometry | null | undefined): Position | null {
  const all = positionsOf(geometry);
  const first = all[0];
  if (!first) return null;
  const lngs = all.map((p) => p[0]);
  const lats = all.map((p) => p[1]);
  return [
    (Math.min(...lngs) + Math.max(...lngs)) / 2,
    (Math.min(...lats) + Math.max(...lats)) / 2,
  ];
}

/** The shapes of a record, and how far each reaches, as circles where it is a point. */
export function selectionPicture(record: ProtectionRecord): FeatureCollection {
  const features: Feature[] = [];
  const places = record.places.length > 0 ? record.places : [];
  const drawn = places.length > 0 ? places.map((p) => p.feature.geometry) : [record.protection?.geometry];
  drawn.forEach((geometry, i) => {
    if (!geometry) return;
    const at = middle(geometry);
    if (at) features.push(feature({ type: 'Point', coordinates: at }, { part: 'point' }));
    const place = places[i];
    if (geometry.type === 'Point' && place && at) {
      const radius = Number(place.feature.properties?.['radius_m'] ?? 0);
      const reach = radius + place.buffer_m + place.accuracy_m;
      const ring = (r: number): Geometry => ({ type: 'Polygon', coordinates: [circleRing(at, r)] });
      if (radius > 0) features.push(feature(ring(radius), { part: 'shape' }));
      if (reach > 0) features.push(feature(ring(reach), { part: 'reach' }));
    } else if (geometry.type !== 'Point') {
      features.push(feature(geometry, { part: 'shape' }));
    }
  });
  return { type: 'FeatureCollection', features };
}

/** What was found, as far as lists show it: outlines, and a mark for each where the map is far out. The
    one that is marked is drawn whole. */
export function foundPicture(hits: Pick<Hit, 'id' | 'shapes'>[], marked: string | null): FeatureCollection {
  const features = hits.flatMap(({ id, shapes }) => shapes.filter(whole).flatMap((shape) => [
    feature(shapePicture(shape).geometry, { part: id === marked ? 'shape' : 'reach' }),
    feature({ type: 'Point', coordinates: middleOf(shape) }, { part: 'found', id, marked: id === marked }),
  ]));
  return { type: 'FeatureCollection', features };
}
