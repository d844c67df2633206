// SPDX-License-Identifier: Apache-2.0
// The basemap: Natural Earth's land and borders out of the npm package world-atlas (TopoJSON), as
// the GeoJSON that the map reads. Coarse (1:50m) is for the world, fine (1:10m) for what is near.
// Also one label point a country. A picture only: no check ever sees any of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);
const out = new URL('../.generated/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(`world-atlas/${name}.json`), 'utf8'));

/** Rounds a line to `digits` decimals and drops points that fall together. */
function thin(line, digits, least) {
  const scale = 10 ** digits;
  const kept = [];
  for (const [x, y] of line) {
    const point = [Math.round(x * scale) / scale, Math.round(y * scale) / scale];
    const last = kept.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) kept.push(point);
  }
  return kept.length >= least ? kept : null;
}

/** Longitudes that run on over the antimeridian instead of jumping back; the map wraps them. */
function unwrap(line) {
  let shift = 0;
  return line.map(([x, y], i) => {
    const jump = i === 0 ? 0 : x - line[i - 1][0];
    if (jump > 180) shift -= 360;
    if (jump < -180) shift += 360;
    return [x + shift, y];
  });
}

/** A ring around a pole (Antarctica) is closed by way of the pole. */
function close(ring) {
  const [first, last] = [ring[0], ring.at(-1)];
  if (Math.abs(last[0] - first[0]) < 180) return ring;
  const pole = first[1] < 0 ? -90 : 90;
  return [...ring, [last[0], pole], [first[0], pole], first];
}

function land(topology, digits) {
  const shape = feature(topology, topology.objects.land);
  const polygons = (shape.features ?? [shape]).flatMap((f) =>
    f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates,
  );
  const rings = (polygon) => polygon.map((r) => thin(close(unwrap(r)), digits, 4)).filter((r) => r !== null);
  // A feature a polygon: the map cuts each into tiles by itself.
  return polygons
    .map(rings)
    .filter((polygon) => polygon.length > 0)
    .map((coordinates) => made('land', { type: 'Polygon', coordinates }));
}

function borders(topology, digits) {
  const lines = mesh(topology, topology.objects.countries, (a, b) => a !== b).coordinates;
  return lines
    .map((l) => thin(unwrap(l), digits, 2))
    .filter((l) => l !== null)
    .map((coordinates) => made('border', { type: 'LineString', coordinates }));
}

const made = (kind, geometry) => ({ type: 'Feature', properties: { kind }, geometry });

function area(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1];
    const [bx, by] = ring[i];
    sum += (bx - ax) * (Math.sin((ay * Math.PI) / 180) + Math.sin((by * Math.PI) / 180));
  }
  return Math.abs(sum) * (90 / Math.PI);
}

function inside(x, y, ring) {
  let odd = false;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1];
    const [bx, by] = ring[i];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

/** A point well inside the ring: of a grid of candidates, the one farthest from any corner. */
function middle(ring) {
  const xs = ring.map((p) => p[0]);
  const ys = ring.map((p) => p[1]);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const steps = 24;
  let best = { at: ring[0], room: -1 };
  for (let i = 1; i < steps; i++) {
    for (let j = 1; j < steps; j++) {
      const at = [west + ((east - west) * i) / steps, south + ((north - south) * j) / steps];
      if (!inside(at[0], at[1], ring)) continue;
      const room = Math.min(...ring.map((p) => Math.hypot(p[0] - at[0], p[1] - at[1])));
      if (room > best.room) best = { at, room };
    }
  }
  return best.at.map((v) => Math.round(v * 100) / 100);
}

/** [ISO number, English name, longitude, latitude, zoom from which it is shown] */
function labels(topology) {
  return feature(topology, topology.objects.countries).features.map((f) => {
    const polygons = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
    const rings = polygons.map((p) => p[0]).sort((a, b) => area(b) - area(a));
    const size = area(rings[0]);
    const zoom = size > 150 ? 1.5 : size > 30 ? 2.5 : size > 6 ? 3.5 : size > 0.8 ? 4.5 : 6;
    return [f.id ?? '', f.properties.name, ...middle(rings[0]), zoom];
  });
}

function write(name, features) {
  const text = JSON.stringify({ type: 'FeatureCollection', features });
  writeFileSync(new URL(name, out), text);
  console.log(`basemap: ${name}, ${(text.length / 1e6).toFixed(2)} MB`);
}

mkdirSync(out, { recursive: true });
const coarse = read('countries-50m');
const fine = read('countries-10m');
write('coarse.json', [...land(coarse, 2), ...borders(coarse, 2)]);
write('fine.json', [...land(fine, 3), ...borders(fine, 3)]);
writeFileSync(new URL('countries.json', out), JSON.stringify(labels(coarse)));
