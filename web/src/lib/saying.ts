// SPDX-License-Identifier: Apache-2.0
// What is typed into the forms of statements, and what it becomes: members as the node takes them, or
// what is missing or does not read. The node judges again; nothing is guessed here.
import type { FeatureCollection } from 'geojson';
import { plainDigits } from './coords';
import { type Field, fieldsOf, groupStands, labelFields, pointStands } from './said';
import type { Kind, Said } from './sharing';

/** In place of what is typed and does not read. */
export const UNREAD = '?';
export type DraftRow = Record<string, string>;
export interface DraftActor {
  how: '' | 'party' | 'group' | 'name';
  value: string;
}
/** A place: as it was; none; chosen; or what keeps it from being one. */
export type DraftPlace = 'kept' | null | FeatureCollection | { fault: string };
export type DraftValue = string | boolean | string[] | DraftRow[] | DraftActor | DraftPlace;
export type Draft = Record<string, DraftValue>;
export interface Fault {
  field: Field;
  why: 'missing' | 'unread';
}
export interface Taken {
  said: Record<string, unknown>;
  faults: Fault[];
}

export const isPlace = (value: DraftValue): value is FeatureCollection =>
  typeof value === 'object' && value !== null && 'features' in value;

/** What is asked for of a kind. A position is on a group, or on a point of the charter. */
export function asked(kind: Kind, start: Said): readonly Field[] {
  if (kind !== 'position') return fieldsOf[kind].filter((one) => one.type !== 'hash');
  const [gone, words] = start['point'] ? ['group', pointStands] : ['point', groupStands];
  return fieldsOf[kind].filter((one) => one.name !== gone).map((one) =>
    one.name === 'stand' ? { ...one, words } : one.name === 'group' || one.name === 'point' ? { ...one, need: true } : one);
}

function actorOf(value: unknown): DraftActor {
  const actor = (value ?? {}) as Record<string, string>;
  for (const how of ['party', 'group', 'name'] as const) {
    if (actor[how]) return { how, value: actor[how] };
  }
  return { how: '', value: '' };
}

const textIn = (field: Field, value: unknown): string =>
  value !== undefined ? String(value)
    : field.type === 'word' && !field.need ? (field.words?.[0] ?? '') : '';

export const emptyRow = (columns: readonly Field[], of: Said = {}): DraftRow =>
  Object.fromEntries(columns.map((one) => [one.name, textIn(one, of[one.name])]));

function valueOf(field: Field, value: unknown): DraftValue {
  switch (field.type) {
    case 'flag': return value === true;
    case 'parties': return [...((value ?? []) as string[])];
    case 'records': return ((value ?? []) as string[]).join(' ');
    case 'actor': return actorOf(value);
    case 'place': return value === undefined ? null : 'kept';
    case 'rows': return ((value ?? []) as Said[]).map((row) => emptyRow(field.of ?? [], row));
    default: return textIn(field, value);
  }
}

export const draftOf = (fields: readonly Field[], said: Said): Draft =>
  Object.fromEntries(fields.map((one) => [one.name, valueOf(one, said[one.name])]));

/** The text as the member has it; null where it does not read, undefined where nothing is said. */
function memberOf(field: Field, typed: string): unknown {
  const text = typed.trim();
  if (text === '') return undefined;
  switch (field.type) {
    case 'time': return text === UNREAD ? null : text;
    case 'grade': return /^[A-F][1-6]$/.test(text) ? text : null;
    case 'record': return /^[a-z2-7]{16}$/.test(text) ? text : null;
    case 'count': {
      const plain = plainDigits(text);
      return /^\d{1,12}$/.test(plain) ? Number(plain) : null;
    }
    case 'metres': {
      const plain = plainDigits(text);
      return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
    }
    default: return field.verbatim ? typed : text;
  }
}

function rowsFrom(field: Field, rows: DraftRow[], taken: Taken): unknown {
  const out: Said[] = [];
  for (const row of rows) {
    const columns = field.of ?? [];
    // A row that says nothing but the first words of its lists is none.
    const begun = columns.some((one) => one.type !== 'word' && (row[one.name] ?? '').trim() !== '');
    if (!begun) continue;
    const members: Record<string, unknown> = {};
    for (const one of columns) {
      const value = memberOf(one, row[one.name] ?? '');
      if (value === null) taken.faults.push({ field: one, why: 'unread' });
      else if (value !== undefined) members[one.name] = value;
    }
    out.push(members);
  }
  return out.length > 0 ? out : undefined;
}

function recordsFrom(field: Field, text: string, taken: Taken): unknown {
  const ids = text.split(/[\s,،]+/).filter(Boolean);
  if (ids.some((id) => !/^[a-z2-7]{16}$/.test(id))) taken.faults.push({ field, why: 'unread' });
  return ids.length > 0 ? [...new Set(ids)] : undefined;
}

function memberFrom(field: Field, value: DraftValue, taken: Taken): unknown {
  switch (field.type) {
    case 'flag': return value === true ? true : undefined;
    case 'parties': return (value as string[]).length > 0 ? value : undefined;
    case 'records': return recordsFrom(field, value as string, taken);
    case 'rows': return rowsFrom(field, value as DraftRow[], taken);
    case 'actor': {
      const { how, value: who } = value as DraftActor;
      if (how === '') return undefined;
      // To leave it out would say that it is another one, or nobody.
      if (who.trim() === '') taken.faults.push({ field, why: 'unread' });
      return { [how]: who.trim() };
    }
    case 'place': {
      if (value === 'kept' || isPlace(value)) return value;
      if (value !== null && value !== '') taken.faults.push({ field, why: 'unread' });
      return undefined;
    }
    default: {
      const member = memberOf(field, value as string);
      if (member !== null) return member;
      taken.faults.push({ field, why: 'unread' });
      return undefined;
    }
  }
}

/** Needed for what else is said: why somebody doubts, to whom it is attributed, who holds it. */
export function needsToo(kind: Kind, said: Said): string[] {
  if (kind === 'assessment' && ['doubts', 'disagrees'].includes(String(said['opinion']))) return ['text'];
  if (kind === 'responsibility' && said['stance'] === 'attributes') return ['whom'];
  return kind === 'control' && said['holding'] !== undefined && said['holding'] !== 'unknown' ? ['holder'] : [];
}

/** A place that stays as it was is left out: `kept` never goes to the node. */
export function saidOf(kind: Kind | null, fields: readonly Field[], draft: Draft): Taken {
  const taken: Taken = { said: {}, faults: [] };
  for (const field of fields) {
    const before = taken.faults.length;
    const member = memberFrom(field, draft[field.name] ?? '', taken);
    if (member !== undefined) taken.said[field.name] = member;
    else if (field.need && taken.faults.length === before) taken.faults.push({ field, why: 'missing' });
  }
  for (const name of kind ? needsToo(kind, taken.said) : []) {
    const field = fields.find((one) => one.name === name);
    if (field && taken.said[name] === undefined) taken.faults.push({ field, why: 'missing' });
  }
  return taken;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What an amendment sends: what differs, and null for what is said no more. */
export function changes(fields: readonly Field[], before: Said, after: Said): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name, type } of fields) {
    const [was, is] = [before[name], after[name]];
    if (is === 'kept' || same(was, is)) continue;
    if (is === undefined) out[name] = null;
    // One of three members of an actor is there: the others go.
    else if (type === 'actor' && was !== undefined) out[name] = { party: null, group: null, name: null, ...(is as object) };
    else out[name] = is;
  }
  return out;
}

/** Of a new statement's label what differs from none; nothing where it has no label. */
export function labelOf(said: Said): Said | undefined {
  const none = saidOf(null, labelFields, draftOf(labelFields, {})).said;
  return same(none, said) ? undefined : said;
}
