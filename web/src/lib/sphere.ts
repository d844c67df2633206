// SPDX-License-Identifier: Apache-2.0
// Distances, bearings and rings on a sphere, for words and pictures on the page. Good to half a
// per cent. What touches what is never decided here: the node decides it on the ellipsoid.

/** Longitude first, as in GeoJSON; degrees. */
export type Position = [lng: number, lat: number];

const RADIUS_M = 6_371_008.8;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;
const deg = (radians: number): number => (radians * 180) / Math.PI;

/** Into [-180, 180). */
export const wrapLng = (lng: number): number => ((((lng + 180) % 360) + 360) % 360) - 180;

export function distanceM(a: Position, b: Position): number {
  const dLat = rad(b[1] - a[1]) / 2;
  const dLng = rad(b[0] - a[0]) / 2;
  const h =
    Math.sin(dLat) ** 2 + Math.cos(rad(a[1])) * Math.cos(rad(b[1])) * Math.sin(dLng) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** From a to b, in degrees from north, 0 <= bearing < 360. */
export function bearingDeg(a: Position, b: Position): number {
  const dLng = rad(b[0] - a[0]);
  const y = Math.sin(dLng) * Math.cos(rad(b[1]));
  const x =
    Math.cos(rad(a[1])) * Math.sin(rad(b[1])) -
    Math.sin(rad(a[1])) * Math.cos(rad(b[1])) * Math.cos(dLng);
  return (deg(Math.atan2(y, x)) + 360) % 360;
}

/** Longitudes are not wrapped, so that a ring over the antimeridian stays in one piece. */
export function destination(from: Position, bearing: number, metres: number): Position {
  const d = metres / RADIUS_M;
  const lat = rad(from[1]);
  const b = rad(bearing);
  const sinLat = Math.sin(lat) * Math.cos(d) + Math.cos(lat) * Math.sin(d) * Math.cos(b);
  const there = Math.asin(Math.max(-1, Math.min(1, sinLat)));
  const dLng = Math.atan2(
    Math.sin(b) * Math.sin(d) * Math.cos(lat),
    Math.cos(d) - Math.sin(lat) * Math.sin(there),
  );
  return [from[0] + deg(dLng), deg(there)];
}

/** A closed ring around a centre, counterclockwise (RFC 7946 3.1.6). */
export function circleRing(center: Position, radiusM: number, corners = 72): Position[] {
  const ring: Position[] = [];
  for (let i = 0; i < corners; i++) ring.push(destination(center, (-360 * i) / corners, radiusM));
  ring.push(ring[0] as Position);
  return ring;
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function boxOf(positions: Position[]): Box | null {
  const first = positions[0];
  if (!first) return null;
  const box = { west: first[0], south: first[1], east: first[0], north: first[1] };
  for (const [lng, lat] of positions) {
    box.west = Math.min(box.west, lng);
    box.east = Math.max(box.east, lng);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

/** The centre of a circle out of its ring as drawn or dragged on the map: the middle of the two
 * ends of its meridian. */
export function ringCenter(ring: Position[]): Position {
  const box = boxOf(ring) as Box;
  return [(box.west + box.east) / 2, (box.south + box.north) / 2];
}
