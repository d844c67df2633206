// SPDX-License-Identifier: Apache-2.0
// The members of each kind of statement (doc/protocol/sharing.md), as they are shown and asked for.
// One table: what shows a statement and what lets one be said cannot differ in what they know.
import { known } from '../i18n/translate';
import type { Kind, Listed, Said } from './sharing';
import { className, namesIn, type Words } from './words';
import type { Name } from './types';

export type FieldType =
  | 'line' | 'lines' | 'language' | 'time' | 'word' | 'grade' | 'count' | 'metres' | 'record' | 'records'
  | 'parties' | 'party' | 'actor' | 'place' | 'rows' | 'flag' | 'hash';

export interface Field {
  name: string;
  type: FieldType;
  need?: boolean;
  words?: readonly string[]; // of a word; what is left out is the first of them
  open?: boolean; // of a word: another one may be said
  of?: readonly Field[]; // of rows: their columns
  kinds?: readonly Kind[]; // of a record: what it is
  most?: number; // of rows
  verbatim?: boolean; // byte by byte, spaces too
}

const field = (type: FieldType, name: string, more: Partial<Field> = {}): Field =>
  ({ name, type, ...more });
const need = { need: true };
const word = (name: string, words: readonly string[], more: Partial<Field> = {}): Field =>
  field('word', name, { words, ...more });

export const sorts = [
  'air_strike', 'shelling', 'explosion', 'shooting', 'raid', 'abduction', 'detention', 'obstruction',
  'looting', 'crash', 'shoot_down', 'displacement', 'other',
] as const;
export const groupStands = ['protected', 'not_protected', 'no_position'] as const;
export const pointStands = ['agrees', 'differs', 'no_position'] as const;

const text = field('lines', 'text');
const language = field('language', 'language');
const contact = field('line', 'contact', need);
const graded = field('line', 'graded_by');
const from = field('time', 'from');
const until = field('time', 'until');
const grade = field('grade', 'grade');
const where = [field('place', 'volumes'), field('metres', 'accuracy_m'), field('line', 'place')];
const leaf = field('hash', 'leaf');
const sources = field('rows', 'sources', {
  most: 16,
  of: [
    word('kind', ['observer', 'sensor', 'document', 'media', 'party', 'open', 'other']),
    field('line', 'line'), field('record', 'of'), grade,
  ],
});
const casualties = field('rows', 'casualties', {
  most: 32,
  of: [
    word('category', ['unknown', 'civilian', 'combatant', 'medical', 'humanitarian', 'all']),
    word('harm', ['killed', 'injured', 'missing']),
    field('count', 'least'), field('count', 'best'), field('count', 'most'),
    field('line', 'basis'), field('time', 'as_of'),
  ],
});
const objects = field('rows', 'objects', {
  most: 64,
  of: [
    field('record', 'record'), field('line', 'name'), field('line', 'what'),
    word('damage', ['unknown', 'none', 'damaged', 'destroyed']),
  ],
});
const timePrecision = word('time_precision', ['unstated', 'minute', 'hour', 'day', 'week', 'month', 'year']);
const placePrecision = word('place_precision', ['unstated', 'exact', 'near', 'district', 'region', 'country']);

export const fieldsOf: Readonly<Record<Kind, readonly Field[]>> = {
  report: [
    field('line', 'topic', need), { ...text, ...need }, { ...grade, ...need }, contact, from, until, ...where,
    sources, field('records', 'about'), graded, field('time', 'graded_at'), language,
  ],
  assessment: [
    field('record', 'of', need), word('opinion', ['cannot_judge', 'agrees', 'doubts', 'disagrees'], need),
    { ...grade, ...need }, text, contact, graded, leaf,
  ],
  incident: [
    word('sort', sorts, { need: true, open: true }), { ...from, ...need }, { ...until, ...need }, timePrecision,
    text, contact, ...where, placePrecision, casualties, objects, sources, grade, graded, language,
    field('line', 'list'), field('line', 'list_id'),
  ],
  responsibility: [
    field('record', 'of', { need: true, kinds: ['incident'] }),
    word('stance', ['claims', 'attributes', 'denies', 'accepts', 'silent', 'under_review', 'apologises'], need),
    field('actor', 'who'), field('actor', 'whom'), field('time', 'at'), text, contact, sources, grade, language,
    leaf,
  ],
  link: [
    field('record', 'incident', { need: true, kinds: ['incident'] }),
    word('relation', ['duplicate_of', 'part_of', 'follows'], need),
    field('record', 'other', { need: true, kinds: ['incident'] }), text, contact,
  ],
  group: [
    field('rows', 'names', {
      need: true, most: 32,
      of: [field('line', 'text'), field('language', 'language'), field('line', 'script')],
    }),
    text, field('records', 'same'), contact,
  ],
  position: [
    field('record', 'group', { kinds: ['group'] }), field('lines', 'point', { verbatim: true }),
    word('stand', ['no_position', 'protected', 'not_protected', 'agrees', 'differs'], need), text, from, until,
    contact,
  ],
  control: [
    field('line', 'area', need), field('place', 'volumes', need), field('metres', 'accuracy_m'),
    word('holding', ['held', 'contested', 'unknown'], need), field('actor', 'holder'), from, until,
    { ...grade, ...need }, sources, text, contact,
  ],
  request: [
    field('record', 'of', need), field('parties', 'parties'), { ...text, ...need }, contact,
  ],
};

/** Of what those are given who get it coarsely. */
export const tornFields: readonly Field[] = [
  field('line', 'topic'), text, grade, contact, from, until, timePrecision, field('place', 'volumes'),
  field('metres', 'accuracy_m'), placePrecision,
];

/** What its author signed of who may have it and for what; no recipient can change it. */
export const labelFields: readonly Field[] = [
  word('tlp', ['unstated', 'red', 'amber_strict', 'amber', 'green', 'everybody']),
  word('onward', ['ask', 'none', 'delegate', 'free']), field('parties', 'delegates'),
  word('use', ['protection', 'analysis', 'investigation', 'publication']),
  word('attribution', ['ask', 'must_not', 'may', 'must']),
  field('time', 'expires'), field('time', 'review_at'), field('line', 'scheme'), field('line', 'sensitivity'),
  field('line', 'purpose'), field('line', 'consent'), field('flag', 'personal_data'),
];

/** The name of a member in the page's language. */
export function memberName(w: Words, name: string): string {
  const key = known('said', name);
  return key ? w.t(key) : name;
}

/** A word of a member's; one that is not known here is shown as it is. */
export function wordName(w: Words, member: string, said: string): string {
  const key = known('said_word', `${member}_${said}`);
  return key ? w.t(key) : member === 'what' ? className(w, said) : said;
}

export const textOf = (said: Said | undefined, name: string): string => {
  const value = said?.[name];
  return typeof value === 'string' ? value : '';
};
export const rowsOf = (said: Said | undefined, name: string): Said[] => {
  const value = said?.[name];
  return Array.isArray(value) ? (value as Said[]) : [];
};

/** What is open of it here. */
export const openPart = (one: Listed): Said | undefined => one.said ?? one.tear;

/** In few words what it says; a group by its name in the page's language. */
export function titleOf(w: Words, one: Listed): string {
  const said = openPart(one);
  if (!said) return w.t('sharing.nothing_open');
  const of = (name: string): string => textOf(said, name);
  switch (one.kind) {
    case 'report': return of('topic');
    case 'incident': return wordName(w, 'sort', one.said ? of('sort') : of('topic'));
    case 'assessment': return wordName(w, 'opinion', of('opinion'));
    case 'responsibility': return wordName(w, 'stance', of('stance'));
    case 'link': return wordName(w, 'relation', of('relation'));
    case 'group': return namesIn(w, rowsOf(said, 'names') as unknown as Name[])[0]?.text ?? w.t('record.no_name');
    case 'position':
      return [wordName(w, 'stand', of('stand')), of('point')].filter(Boolean).join(': ');
    case 'control': return [of('area'), wordName(w, 'holding', of('holding'))].join(': ');
    default: return w.t('sharing.asked_for');
  }
}

/** Whether the names of a group are there: lists give how many, and not the texts. */
export const isNamed = (one: Listed | undefined): boolean => rowsOf(one?.said, 'names').some((name) => textOf(name, 'text') !== '');

/** What it speaks of first, where it is of something: shown beside its title. */
export const ofWhat = (one: Listed): string =>
  textOf(one.said, 'of') || textOf(one.said, 'group') || textOf(one.said, 'incident');

export const stateOf = (one: Listed): 'stated' | 'amended' | 'withdrawn' | 'not_understood' =>
  one.state !== 'stated' ? one.state : one.version > 1 ? 'amended' : 'stated';

/** "B2: usually reliable, probably true". A pair stays a pair. */
export function gradeWords(w: Words, grade: string): string {
  const [source, said] = [known('grade_source', grade[0] ?? ''), known('grade_said', grade[1] ?? '')];
  return source && said ? w.t('sharing.grade', { grade, source: w.t(source), said: w.t(said) }) : grade;
}
