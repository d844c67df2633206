// SPDX-License-Identifier: Apache-2.0
// Typed coordinates. Only what has one meaning is read: decimal degrees, or degrees, minutes and
// seconds with their signs. Everything else is refused, because a position that was guessed wrong
// is worse than one that must be typed again. What was read is always said back in words.
import type { Position } from './sphere';

const DIGITS = /[٠-٩۰-۹]/g;

/** Arabic and Persian digits and signs to those of ASCII; no direction marks. */
export function plainDigits(text: string): string {
  return text
    .replace(DIGITS, (d) => String((d.codePointAt(0) as number) & 0xf))
    .replace(/٫/g, '.')
    .replace(/[−–]/g, '-')
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\u00a0/g, ' ')
    .trim();
}

const DECIMAL = /^([+-]?)(\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW]?)$/i;
const SEXAGESIMAL =
  /^([+-]?)(\d{1,3})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”]|'')\s*)?([NSEW]?)$/i;

type Axis = 'lat' | 'lng';

function signed(value: number, sign: string, letter: string, axis: Axis): number | null {
  const upper = letter.toUpperCase();
  if (upper !== '') {
    if (sign !== '') return null; // -33 S: which of the two?
    if (!(axis === 'lat' ? 'NS' : 'EW').includes(upper)) return null;
  }
  const degrees = sign === '-' || upper === 'S' || upper === 'W' ? -value : value;
  return Math.abs(degrees) <= (axis === 'lat' ? 90 : 180) ? degrees : null;
}

/** One coordinate in degrees, or null where the text has not one meaning. */
export function parseDegrees(text: string, axis: Axis): number | null {
  const plain = plainDigits(text);
  const decimal = DECIMAL.exec(plain);
  if (decimal) return signed(Number(decimal[2]), decimal[1] ?? '', decimal[3] ?? '', axis);
  const parts = SEXAGESIMAL.exec(plain);
  if (!parts) return null;
  const [, sign = '', degrees, minutes, seconds = '0', letter = ''] = parts;
  // Minutes with a fraction and seconds beside them contradict each other.
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return null;
  if (parts[4] !== undefined && String(minutes).includes('.')) return null;
  return signed(Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600, sign, letter, axis);
}

/** "33.51, 36.29": latitude first, as people say it. */
export function parsePosition(text: string): Position | null {
  const parts = plainDigits(text).split(/\s*[,;،]\s*/);
  if (parts.length !== 2) return null;
  const lat = parseDegrees(parts[0] as string, 'lat');
  const lng = parseDegrees(parts[1] as string, 'lng');
  return lat === null || lng === null ? null : [lng, lat];
}

/** A corner a line; null with the number of the first line that does not read. */
export function parseLines(text: string): { positions: Position[] } | { line: number } {
  const positions: Position[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === '') continue;
    const at = parsePosition(line);
    if (!at) return { line: i + 1 };
    positions.push(at);
  }
  return { positions };
}

export const writePosition = (p: Position): string => `${p[1].toFixed(6)}, ${p[0].toFixed(6)}`;

/** The same for reading: kept from left to right inside a sentence of either direction. */
export const showPosition = (p: Position): string => `\u2066${writePosition(p)}\u2069`;

/** A number as typed, with either decimal sign; null for an empty or unreadable text. */
export function parseNumber(text: string): number | null {
  const plain = plainDigits(text);
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function sexagesimal(degrees: number, positive: string, negative: string): string {
  const seconds = Math.round(Math.abs(degrees) * 36000) / 10;
  const d = Math.floor(seconds / 3600);
  const m = Math.floor((seconds - d * 3600) / 60);
  const s = (seconds - d * 3600 - m * 60).toFixed(1);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${d}°${two(m)}′${s.padStart(4, '0')}″${degrees < 0 ? negative : positive}`;
}

/** 33°30′49.1″N 36°17′35.2″E */
export function toSexagesimal(p: Position): string {
  return `\u2066${sexagesimal(p[1], 'N', 'S')} ${sexagesimal(p[0], 'E', 'W')}\u2069`;
}
