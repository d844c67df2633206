// SPDX-License-Identifier: Apache-2.0
// Records of one group. Several parties make their own, and one that names another's by `same` makes one
// group of both: so none of them stands for the others, whichever sorts first.
import { isNamed, rowsOf, textOf } from './said';
import { type Listed, list, type Said, show, type Standing, type Statement } from './sharing';
import { ofParty } from './stands';

export const RECORDS_READ_MAX = 24; // each reading of another's is audited

/** Those of these ids that are held here. One's own come first and withdrawn ones last; the other
    parties take turns, each with its oldest first: none fills the beginning with its own. */
export function recordsIn(ids: readonly string[], listed: readonly Listed[]): Listed[] {
  const wanted = new Set(ids);
  const turns = new Map<string, number>();
  const rank = (one: Listed): number => (one.state === 'withdrawn' ? 2 : one.own ? 0 : 1);
  return listed.filter((one) => one.kind === 'group' && wanted.has(one.id))
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.id.localeCompare(b.id))
    .map((one) => {
      const of = `${rank(one)} ${one.party}`;
      const turn = turns.get(of) ?? 0;
      turns.set(of, turn + 1);
      return { one, turn };
    })
    .sort((a, b) => rank(a.one) - rank(b.one) || a.turn - b.turn || a.one.party.localeCompare(b.one.party))
    .map(({ one }) => one);
}

/** The record that the newest of a party's own words on the group names; null where none was read that
    names one of these. */
export function namedBefore(row: Standing, party: string, wholes: Readonly<Record<string, Statement>>): string | null {
  const own = [...ofParty(row, party)].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
  for (const { id } of own) {
    const group = textOf(wholes[id]?.said, 'group');
    if (row.groups.includes(group)) return group;
  }
  return null;
}

/** What one's own new word on it names without being asked; null: that is to be chosen. */
export function startOf(row: Standing, before: string | null): Said | null {
  if (row.groups.length === 0) return { point: row.name };
  const group = row.groups.length === 1 ? row.groups[0] : before;
  return group ? { group } : null;
}

/** The names that this record itself gives the group; none where they are not read. */
export const namesBy = (one: Listed): string[] =>
  rowsOf(one.said, 'names').map((name) => textOf(name, 'text')).filter(Boolean);

/** The records, in that order, with their names: of those that the list names without, the first are read. */
export async function readRecords(ids: readonly string[], mayOpen: boolean): Promise<Listed[]> {
  const all = recordsIn(ids, (await list({ kind: 'group', withdrawn: true })).statements);
  if (!mayOpen) return all;
  const nameless = all.filter((one) => !isNamed(one)).slice(0, RECORDS_READ_MAX);
  const read = new Map((await Promise.all(nameless.map((one) => show(one.id)))).map((one) => [one.id, one]));
  return all.map((one) => read.get(one.id) ?? one);
}
