// SPDX-License-Identifier: Apache-2.0
// Where the parties stand, and who holds what when: rows by parties. Each party's own words in a column
// of its own; nobody's word is taken for another's, and who has said nothing is shown so.
import { textOf } from './said';
import type { Listed, Standing, Stands } from './sharing';

export const isGroup = (one: Standing): boolean => one.groups.length > 0;
export const keyOf = (one: Standing): string => one.groups[0] ?? `point ${one.name}`;
/** Whether this is what had that key: a record that comes to a group may be its first from then on. */
export const isOf = (one: Standing, key: string): boolean => keyOf(one) === key || one.groups.includes(key);

/** What a party has said of it: more than one where it contradicts itself. */
export const ofParty = (one: Standing, party: string): Stands[] =>
  one.positions.filter((each) => each.party === party);

/** Who of these has said nothing. Nobody is said to be silent where not all that was said was read: it is
    still being asked for, it could not be read, or there is more of it. */
export function silentOf<T extends { party: string }>(all: readonly T[], said: readonly { party: string }[], wholly: boolean): T[] {
  return wholly ? all.filter((one) => !said.some((each) => each.party === one.party)) : [];
}

/** What differs first, then what nobody or one speaks of; in the node's order otherwise. */
export function inTurn(all: Standing[]): Standing[] {
  const order = ['differ', 'one', 'nobody', 'agree'];
  return [...all].sort((a, b) => order.indexOf(a.accord) - order.indexOf(b.accord));
}

/** A sign beside the word, so that it is told by more than colour. */
export const accordSign: Readonly<Record<Standing['accord'], string>> = {
  agree: '=', differ: '≠', one: '1', nobody: '–',
};
export const standSign = (stand: string): string =>
  ({ protected: '◆', agrees: '✓', not_protected: '◇', differs: '≠' })[stand] ?? '○';

/** Whether a statement of an area says something of this moment: [from, until), open where not said. */
export function holdsAt(one: Listed, at: number): boolean {
  const [from, until] = [textOf(one.said, 'from'), textOf(one.said, 'until')];
  return (!from || Date.parse(from) <= at) && (!until || at < Date.parse(until));
}

/** The moments at which what somebody says begins or ends, in order. */
export function turns(all: Listed[]): number[] {
  const ends = all.flatMap((one) => [textOf(one.said, 'from'), textOf(one.said, 'until')]);
  return [...new Set(ends.filter(Boolean).map((each) => Date.parse(each)))].sort((a, b) => a - b);
}

/** The last turn before this moment, and the first after it; null where there is none. */
export function around(moments: number[], at: number): { before: number | null; after: number | null } {
  return {
    before: moments.filter((each) => each < at).at(-1) ?? null,
    after: moments.find((each) => each > at) ?? null,
  };
}

export interface Held {
  area: string;
  by: Map<string, Listed[]>; // party by party, what each says of that moment
}

/** Areas by their names, byte by byte: two that are called otherwise are not taken for one. */
export function heldAt(all: Listed[], at: number): Held[] {
  const out = new Map<string, Held>();
  for (const one of all) {
    const area = textOf(one.said, 'area');
    const row = out.get(area) ?? { area, by: new Map<string, Listed[]>() };
    out.set(area, row);
    if (holdsAt(one, at)) row.by.set(one.party, [...(row.by.get(one.party) ?? []), one]);
  }
  return [...out.values()].sort((a, b) => a.area.localeCompare(b.area));
}

const wordsOf = (one: Listed): string =>
  JSON.stringify([textOf(one.said, 'holding'), one.said?.['holder'] ?? null]);

/** Whether those who say something of it say different things. */
export const heldDiffers = (row: Held): boolean =>
  new Set([...row.by.values()].flat().map(wordsOf)).size > 1;
