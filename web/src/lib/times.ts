// SPDX-License-Identifier: Apache-2.0
// Typed times. Year, month, day, hour, minute in that order, in UTC: a browser's own date field
// shows 03/04 and leaves open which of the two is the month.
import { plainDigits } from './coords';

const FORM = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2}))?\s*(?:Z|UTC)?$/i;

/** "2026-11-22 20:30" as RFC 3339; a day alone is its beginning. Null where it does not read. */
export function parseTime(text: string): string | null {
  const parts = FORM.exec(plainDigits(text));
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map((v) => Number(v ?? 0)) as [
    number, number, number, number, number,
  ];
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute));
  // The 31st of February would have become a day in March.
  const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60;
  return same ? at.toISOString().replace(/\.000Z$/, 'Z') : null;
}

export const writeTime = (rfc3339: string): string => {
  const at = new Date(rfc3339);
  return isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 16).replace('T', ' ');
};
