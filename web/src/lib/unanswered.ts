// SPDX-License-Identifier: Apache-2.0
// Which STOPs ask for somebody now: those said to this party that no person of it has answered with
// what they do, and our own that nobody has. Where it is not known whether one was, it asks.
import type { HeardStop, ListedStop, Listing, ShownStop } from './stops';

/** A STOP that stands over everything else on the page. */
export interface Unanswered {
  id: string;
  party: string;
  text: string;
  desks: string[];
  contact: string;
  said: string;
  activity?: string;
  noted: boolean; // a person here has it, and has not said what they do
  heard: boolean; // it came before its author's log
}

const decided = ({ answered }: ListedStop | HeardStop): boolean =>
  answered === 'accepted' || answered === 'refused';

/** It stands, as far as is known; also while lifting it has not acted. */
export const isOpen = (row: ListedStop): boolean => row.state !== 'withdrawn' && row.open !== false;

const ofRow = (row: ListedStop): Unanswered => ({
  id: row.id, party: row.party, text: row.text ?? '', desks: row.desks ?? [], contact: row.contact,
  said: row.said, noted: row.answered === 'acknowledged', heard: false,
  ...(row.activity && { activity: row.activity }),
});

const ofHeard = (one: HeardStop): Unanswered => ({
  id: one.id, party: one.party, text: one.text,
  desks: one.called.length > 0 ? one.called : one.desks,
  contact: one.contact, said: one.sent, noted: one.answered === 'acknowledged', heard: true,
  ...(one.activity && { activity: one.activity }),
});

/** Those that were heard, without what the list has by now. */
export const stillHeard = ({ stops, heard }: Listing): HeardStop[] =>
  heard.filter((one) => !stops.some((row) => row.id === one.id));

/** Newest first. */
export function unanswered(listing: Listing, party: string): Unanswered[] {
  const listed = listing.stops
    .filter((row) => !row.own && row.to === party && isOpen(row) && !decided(row)).map(ofRow);
  const heard = stillHeard(listing).filter((one) => !decided(one)).map(ofHeard);
  return [...heard, ...listed].sort((a, b) => Date.parse(b.said) - Date.parse(a.said));
}

/** How one stands, as the key of its words; that nobody has answered is what stands out. */
export type Standing =
  | 'lifted' | 'lifting' | 'not_shown' | 'nobody' | 'acknowledged' | 'accepted' | 'refused';
export function standingOf(row: ListedStop): Standing {
  if (!isOpen(row)) return 'lifted';
  if (row.lifting) return 'lifting';
  return row.answered ?? 'not_shown';
}

/** The same of one that its author's log does not show yet. */
export type HeardStanding = Standing | 'heard';
export const standingOfHeard = (one: HeardStop): HeardStanding =>
  one.answered === 'nobody' ? 'heard' : one.answered;

export const wasHeard = (one: ShownStop | HeardStop): one is HeardStop => 'came' in one;

/** How many are open, ours and theirs. */
export const openIn = (listing: Listing): number =>
  listing.stops.filter(isOpen).length + stillHeard(listing).length;

/** Changes with anything that is worth reading it whole again for: each reading is audited. */
export const markOf = (row: ListedStop | HeardStop): string => 'came' in row ? 'heard' :
  [row.state, row.open, row.lifting, row.answered, row.attempts, row.replies].join(' ');

const standings: Standing[] = [
  'nobody', 'acknowledged', 'refused', 'accepted', 'not_shown', 'lifting', 'lifted',
];
const order = (row: ListedStop): number => standings.indexOf(standingOf(row));

/** Those that nobody has answered first, of each sort the newest. */
export const sorted = (rows: ListedStop[]): ListedStop[] =>
  [...rows].sort((a, b) => order(a) - order(b) || Date.parse(b.said) - Date.parse(a.said));
