// SPDX-License-Identifier: Apache-2.0
// A dropped GeoJSON file as shapes of the plan. Properties that the page has no field for stay on
// the shape and go to the node as they are, so that the node and nobody else says what they mean.
import type { Geometry } from 'geojson';
import type { Shape } from './plan';
import type { Position } from './sphere';
import type { Properties } from './types';

export const FILE_BYTES_MAX = 4 * 1024 * 1024; // limits::plan_bytes_max of the node
const SHAPES_MAX = 100; // limits::volumes_max

export type FileFault = 'too_large' | 'not_json' | 'not_geojson' | 'too_many' | 'no_shape';

export class FileError extends Error {
  constructor(readonly fault: FileFault) {
    super(fault);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function position(value: unknown): Position {
  const [lng, lat] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof lng !== 'number' || typeof lat !== 'number' || !isFinite(lng) || !isFinite(lat)) {
    throw new FileError('not_geojson');
  }
  return [lng, lat];
}

function listOf<T>(value: unknown, each: (v: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new FileError('not_geojson');
  return (value as unknown[]).map(each);
}

const line = (value: unknown): Position[] => listOf(value, position);
const rings = (value: unknown): Position[][] => listOf(value, line);

function number(properties: Properties, name: string): number | null {
  const value = properties[name];
  return typeof value === 'number' && isFinite(value) ? value : null;
}

type Bare = Shape extends infer S ? (S extends Shape ? Omit<S, 'key'> : never) : never;

function shapesOf(geometry: Record<string, unknown>, properties: Properties): Bare[] {
  const at = geometry['coordinates'];
  const own = { ...properties };
  const radiusM = number(own, 'radius_m');
  const halfWidthM = number(own, 'half_width_m');
  if (radiusM !== null) delete own['radius_m'];
  if (halfWidthM !== null) delete own['half_width_m'];
  const point = (v: unknown): Bare => ({ kind: 'circle', center: position(v), radiusM, own });
  const corridor = (v: unknown): Bare => ({ kind: 'corridor', line: line(v), halfWidthM, own });
  const polygon = (v: unknown): Bare => ({ kind: 'polygon', rings: rings(v), own });
  switch (geometry['type'] as Geometry['type']) {
    case 'Point': return [point(at)];
    case 'MultiPoint': return listOf(at, point);
    case 'LineString': return [corridor(at)];
    case 'MultiLineString': return listOf(at, corridor);
    case 'Polygon': return [polygon(at)];
    case 'MultiPolygon': return listOf(at, polygon);
    default: throw new FileError('not_geojson');
  }
}

function features(json: unknown): Record<string, unknown>[] {
  if (!isRecord(json)) throw new FileError('not_geojson');
  if (json['type'] === 'FeatureCollection') {
    return listOf(json['features'], (f) => {
      if (!isRecord(f)) throw new FileError('not_geojson');
      return f;
    });
  }
  if (json['type'] === 'Feature') return [json];
  if (isRecord(json) && 'coordinates' in json) return [{ geometry: json, properties: {} }];
  throw new FileError('not_geojson');
}

/** The shapes of GeoJSON; throws FileError. */
export function shapesIn(json: unknown): Bare[] {
  const out: Bare[] = [];
  for (const feature of features(json)) {
    const { geometry, properties } = feature;
    if (!isRecord(geometry)) throw new FileError('not_geojson');
    out.push(...shapesOf(geometry, isRecord(properties) ? properties : {}));
    if (out.length > SHAPES_MAX) throw new FileError('too_many');
  }
  return out;
}

export function readPlanFile(text: string): Bare[] {
  if (text.length > FILE_BYTES_MAX) throw new FileError('too_large');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FileError('not_json');
  }
  const out = shapesIn(json);
  if (out.length === 0) throw new FileError('no_shape');
  return out;
}
