// SPDX-License-Identifier: Apache-2.0
// Signs of protections: the class as a glyph (Maki, CC0), the state as the form around it, so that
// nothing hangs on colour. Painted on a canvas once at start; no image is fetched.
import ambulance from '@mapbox/maki/icons/defibrillator.svg?raw';
import camp from '@mapbox/maki/icons/campsite.svg?raw';
import civil_defence from '@mapbox/maki/icons/fire-station.svg?raw';
import clinic from '@mapbox/maki/icons/doctor.svg?raw';
import cultural from '@mapbox/maki/icons/monument.svg?raw';
import dam from '@mapbox/maki/icons/dam.svg?raw';
import detention from '@mapbox/maki/icons/prison.svg?raw';
import food from '@mapbox/maki/icons/bakery.svg?raw';
import group_area from '@mapbox/maki/icons/square-stroked.svg?raw';
import hospital from '@mapbox/maki/icons/hospital.svg?raw';
import journalists from '@mapbox/maki/icons/communications-tower.svg?raw';
import nuclear from '@mapbox/maki/icons/caution.svg?raw';
import other from '@mapbox/maki/icons/circle-stroked.svg?raw';
import power from '@mapbox/maki/icons/charging-station.svg?raw';
import relief from '@mapbox/maki/icons/warehouse.svg?raw';
import safety_zone from '@mapbox/maki/icons/shelter.svg?raw';
import school from '@mapbox/maki/icons/school.svg?raw';
import un_site from '@mapbox/maki/icons/globe.svg?raw';
import water from '@mapbox/maki/icons/drinking-water.svg?raw';
import worship from '@mapbox/maki/icons/place-of-worship.svg?raw';
import type { Map as MapLibre } from 'maplibre-gl';
import type { State } from '../lib/types';
import { colors } from './colors';

const glyphs: Record<string, string> = {
  ambulance, camp, civil_defence, clinic, cultural, dam, detention, food, group_area, hospital,
  journalists, nuclear, other, power, relief, safety_zone, school, un_site, water, worship,
};
const states: State[] = ['in_force', 'unconfirmed', 'pending_relaxation', 'not_understood', 'withdrawn'];

const SIZE = 26; // CSS pixels
const GLYPH = 15; // a Maki icon's own side

/** The outlines of an SVG icon; some of Maki's hold white space as character references. */
const outlinesOf = (svg: string): string[] =>
  [...svg.matchAll(/\sd="([^"]+)"/g)].map((match) => (match[1] as string).replace(/&#\w+;/g, ' '));

interface Look {
  fill: string;
  ring: string;
  glyph: string;
  dash: number[];
  double: boolean;
}

const looks: Record<State, Look> = {
  in_force: { fill: colors.protection, ring: '#fff', glyph: '#fff', dash: [], double: false },
  unconfirmed: { fill: '#fff', ring: colors.protection, glyph: colors.protection, dash: [3, 2], double: false },
  pending_relaxation: { fill: '#fff', ring: colors.protection, glyph: colors.protection, dash: [], double: true },
  not_understood: { fill: '#fff', ring: colors.selected, glyph: colors.selected, dash: [1.5, 1.5], double: false },
  withdrawn: { fill: '#e7e7e4', ring: '#77736b', glyph: '#77736b', dash: [2, 3], double: false },
};

function ring(paint: CanvasRenderingContext2D, radius: number): void {
  paint.beginPath();
  paint.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
}

function sign(glyph: string, state: State, ratio: number): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * ratio;
  const paint = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  paint.scale(ratio, ratio);
  const look = looks[state];
  ring(paint, SIZE / 2 - 2);
  paint.fillStyle = look.fill;
  paint.fill();
  paint.setLineDash(look.dash);
  paint.lineWidth = 1.6;
  paint.strokeStyle = look.ring;
  paint.stroke();
  if (look.double) {
    ring(paint, SIZE / 2 - 4.4);
    paint.stroke();
  }
  const side = look.double ? 11 : 13;
  paint.translate((SIZE - side) / 2, (SIZE - side) / 2);
  paint.scale(side / GLYPH, side / GLYPH);
  paint.fillStyle = look.glyph;
  for (const outline of outlinesOf(glyph)) paint.fill(new Path2D(outline));
  return paint.getImageData(0, 0, canvas.width, canvas.height);
}

/** A badge with an exclamation mark: touched by the plan; with a dot: near it. */
function badge(color: string, mark: string, ratio: number): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 56 * ratio;
  const paint = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  paint.scale(ratio, ratio);
  paint.strokeStyle = color;
  paint.lineWidth = 3;
  paint.setLineDash(mark === '!' ? [] : [4, 3]);
  paint.beginPath();
  paint.arc(28, 28, 19, 0, 2 * Math.PI);
  paint.stroke();
  paint.beginPath();
  paint.arc(42, 14, 9, 0, 2 * Math.PI);
  paint.fillStyle = color;
  paint.fill();
  paint.fillStyle = '#fff';
  paint.font = '700 14px sans-serif';
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  paint.fillText(mark, 42, 14.5);
  return paint.getImageData(0, 0, canvas.width, canvas.height);
}

/** Diagonal lines, so that an area that is touched differs from one that is not without colour. */
function hatch(color: string, ratio: number): ImageData {
  const side = 8 * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const paint = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  paint.strokeStyle = color;
  paint.lineWidth = 1.2 * ratio;
  for (const shift of [-side, 0, side]) {
    paint.beginPath();
    paint.moveTo(shift - 2, side + 2);
    paint.lineTo(shift + side + 2, -2);
    paint.stroke();
  }
  return paint.getImageData(0, 0, side, side);
}

export function addIcons(map: MapLibre): void {
  const pixelRatio = Math.max(1, Math.ceil(window.devicePixelRatio));
  const add = (name: string, image: ImageData): void => {
    if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio });
  };
  for (const [name, glyph] of Object.entries(glyphs)) {
    for (const state of states) add(`${name}|${state}`, sign(glyph, state, pixelRatio));
  }
  add('touched', badge(colors.conflict, '!', pixelRatio));
  add('nearby', badge(colors.caution, '•', pixelRatio));
  add('hatch-touched', hatch(colors.conflict, pixelRatio));
  add('hatch-nearby', hatch(colors.caution, pixelRatio));
}

/** The glyph of a class for HTML, as the outline of a 15 by 15 picture. */
export const glyphPaths = (name: string): string[] =>
  outlinesOf(glyphs[name] ?? (glyphs['other'] as string));
