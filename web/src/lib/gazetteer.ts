// SPDX-License-Identifier: Apache-2.0
// Names of towns for finding one's way: GeoNames' places, read from the packed file that
// scripts/gazetteer.mjs makes. They protect nothing and are in no answer. The list has no sizes of
// towns, so results come by how well the name fits, then by how near they are to the map's middle.
import { fold } from './fold.js';
import { type Box, distanceM, type Position } from './sphere';

export interface Place {
  name: string;
  area: string; // the province, may be empty
  country: string; // ISO 3166-1 alpha-2
  at: Position;
  prominent: boolean; // gives its province the name
}

const MAGIC = 0x314c5045;
const NAMES_ITS_AREA = 0x8000;
const padded = (n: number): number => (n + 3) & ~3;

export class Gazetteer {
  readonly size: number;
  private readonly lat: Int32Array;
  private readonly lng: Int32Array;
  private readonly area: Uint16Array;
  private readonly names: string[];
  private readonly areas: string[];
  private folded: string[] | null = null;

  constructor(file: ArrayBuffer) {
    const header = new Uint32Array(file, 0, 4);
    const [magic, count, nameBytes, areaBytes] = header as unknown as [number, number, number, number];
    if (magic !== MAGIC) throw new Error('not a gazetteer');
    this.size = count;
    this.lat = new Int32Array(file, 16, count);
    this.lng = new Int32Array(file, 16 + count * 4, count);
    this.area = new Uint16Array(file, 16 + count * 8, count);
    const texts = 16 + count * 8 + padded(count * 2);
    const utf8 = new TextDecoder();
    this.names = utf8.decode(new Uint8Array(file, texts, nameBytes)).split('\n');
    const areasAt = texts + padded(nameBytes);
    this.areas = utf8.decode(new Uint8Array(file, areasAt, areaBytes)).split('\n');
  }

  place(i: number): Place {
    const [country = '', area = ''] = (this.areas[(this.area[i] as number) & 0x7fff] ?? '').split('\t');
    return { name: this.names[i] ?? '', area, country, at: this.at(i), prominent: this.prominent(i) };
  }

  /** The places whose name has every word of the text, best fits first. */
  search(text: string, near: Position, most: number): Place[] {
    const wanted = fold(text.trim()).replace(/\s+/g, ' ');
    if (wanted.length < 2) return [];
    this.folded ??= this.names.map(fold);
    const hits: { i: number; fit: number; far: number }[] = [];
    for (let i = 0; i < this.size; i++) {
      const fit = fitOf(this.folded[i] as string, wanted);
      if (fit < 3) hits.push({ i, fit, far: distanceM(near, this.at(i)) });
    }
    hits.sort((a, b) => a.fit - b.fit || a.far - b.far || a.i - b.i);
    return hits.slice(0, most).map((hit) => this.place(hit.i));
  }

  /** The place nearest to a point, for reading a typed position back in words. */
  nearest(to: Position): Place | null {
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < this.size; i++) {
      // A degree of latitude is 111 km, so most places need no more than a subtraction.
      if (Math.abs((this.lat[i] as number) / 1e5 - to[1]) * 110_000 > least) continue;
      const far = distanceM(to, this.at(i));
      if (far < least) [best, least] = [i, far];
    }
    return best < 0 ? null : this.place(best);
  }

  /** Labels for a map: at most one a cell of a grid, first those that name their province. */
  inBox(box: Box, cells: number, prominentOnly: boolean): Place[] {
    const taken = new Map<number, number>();
    const [width, height] = [(box.east - box.west) / cells, (box.north - box.south) / cells];
    for (let i = 0; i < this.size; i++) {
      const prominent = ((this.area[i] as number) & NAMES_ITS_AREA) !== 0;
      if (prominentOnly && !prominent) continue;
      const [lng, lat] = this.at(i);
      if (lat < box.south || lat >= box.north || lng < box.west || lng >= box.east) continue;
      const cell = Math.floor((lng - box.west) / width) * cells + Math.floor((lat - box.south) / height);
      const there = taken.get(cell);
      if (there === undefined || (prominent && !this.prominent(there))) taken.set(cell, i);
    }
    return [...taken.values()].map((i) => this.place(i));
  }

  private prominent(i: number): boolean {
    return ((this.area[i] as number) & NAMES_ITS_AREA) !== 0;
  }

  private at(i: number): Position {
    return [(this.lng[i] as number) / 1e5, (this.lat[i] as number) / 1e5];
  }
}

/** 0 the name itself, 1 its beginning, 2 the beginning of a word in it, 3 none of these. */
function fitOf(name: string, wanted: string): number {
  const at = name.indexOf(wanted);
  if (at < 0) return 3;
  if (at === 0) return name.length === wanted.length ? 0 : 1;
  for (let i = at; i >= 0; i = name.indexOf(wanted, i + 1)) {
    if (/[\s\-(]/.test(name[i - 1] as string)) return 2;
  }
  return 3;
}
