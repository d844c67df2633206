// SPDX-License-Identifier: Apache-2.0
// What the map shows, as an area. A ring's edges are the shortest ways on the ground, which a parallel
// is not: so it has corners along it, close enough that no part of what is shown is left out.
import type { Shape } from './plan';
import type { Box, Position } from './sphere';

const WIDEST = 120; // degrees; of more than that a ring is no plain area any more
const STEPS_MAX = 60;
const OUT = 1.02; // widened by so much: what the short edges cut off is less

/** Null where the map shows too much of the world to be an area. */
export function areaOfBox(box: Box, key: string): Shape | null {
  const [wide, high] = [box.east - box.west, box.north - box.south];
  if (wide <= 0 || high <= 0 || wide > WIDEST) return null;
  const turns = Math.floor((box.west + 180) / 360) * 360;
  const dx = (wide * (OUT - 1)) / 2;
  const dy = (high * (OUT - 1)) / 2;
  const [west, east] = [box.west - turns - dx, box.east - turns + dx];
  const south = Math.max(-89.9, box.south - dy);
  const north = Math.min(89.9, box.north + dy);
  const steps = Math.min(STEPS_MAX, Math.max(1, Math.ceil(wide / 2)));
  const along = (lat: number): Position[] =>
    Array.from({ length: steps + 1 }, (_, i) => [west + ((east - west) * i) / steps, lat]);
  const ring = [...along(south), ...along(north).reverse()];
  return { key, kind: 'polygon', rings: [[...ring, ring[0] as Position]] };
}
