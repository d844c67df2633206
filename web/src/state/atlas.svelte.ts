// SPDX-License-Identifier: Apache-2.0
// What the rest of the page may ask of the map, and where the map was when the page was last open.
// Before there is a map, or where there can be none (no WebGL), asking does nothing.
import type { ShapeKind } from '../lib/plan';
import type { Box, Position } from '../lib/sphere';

const STORED = 'entente.map';
const START = { center: [25, 15] as Position, zoom: 2 };

class Atlas {
  goTo: (box: Box, zoom?: number) => void = () => undefined;
  refresh: () => void = () => undefined;
  showPlan: () => void = () => undefined;
  begin: (kind: ShapeKind) => void = () => undefined;
  stop: () => void = () => undefined;
  select: (key: string) => void = () => undefined;

  stored(): { center: Position; zoom: number } {
    const [lng, lat, zoom] = (sessionStorage.getItem(STORED) ?? '').split(' ').map(Number);
    const fits = [lng, lat, zoom].every((v) => v !== undefined && Number.isFinite(v));
    return fits && sessionStorage.getItem(STORED)
      ? { center: [lng as number, lat as number], zoom: zoom as number }
      : START;
  }

  store(center: Position, zoom: number): void {
    sessionStorage.setItem(STORED, `${center[0].toFixed(5)} ${center[1].toFixed(5)} ${zoom.toFixed(2)}`);
  }
}

export const atlas = new Atlas();
