// SPDX-License-Identifier: Apache-2.0
// What was found, and what was asked, in the page's language.
import { known } from '../i18n/translate';
import { wordName } from './said';
import { type Hit, titleMember } from './search';
import type { Standing } from './standing';
import { className, type Words } from './words';

/** A kind that is not known here is shown as it is. */
export function kindName(w: Words, kind: string): string {
  const key = known('shared_kind', kind) ?? known('found_kind', kind);
  return key ? w.t(key) : kind;
}

/** What it is called: somebody's own words, or a word of a list; of a position also the point. */
export function hitTitle(w: Words, hit: Pick<Hit, 'kind' | 'title' | 'class'>): string {
  const { kind, title } = hit;
  if (title === '') return w.t('search.untitled');
  if (title === hit.class) return className(w, title);
  const member = titleMember(kind);
  if (!member) return title;
  const [word, ...rest] = title.split(': ');
  return [wordName(w, member, word ?? ''), ...(rest.length > 0 ? [rest.join(': ')] : [])].join(': ');
}

export function stateWord(w: Words, hit: Pick<Hit, 'state' | 'version'>): string {
  const key = hit.state === 'stated'
    ? known('shared_state', hit.version > 1 ? 'amended' : 'stated') : known('state', hit.state);
  return key ? w.t(key) : hit.state;
}

/** When what it says of is; empty where it says nothing of that. */
export function spanOf(w: Words, { from, until }: { from?: string; until?: string }): string {
  const { t, format } = w;
  if (from && until) return t('search.span', { from: format.time(from), until: format.time(until) });
  if (from) return t('search.span_from', { from: format.time(from) });
  return until ? t('search.span_until', { until: format.time(until) }) : '';
}

/** What a standing question asks, in lines; none where it asks for everything. */
export function questionLines(w: Words, one: Standing, partyName: (party: string) => string): string[] {
  const { t } = w;
  const list = (all: string[]): string => all.join(', ');
  const out: string[] = [];
  if (one.text?.trim()) out.push(t('question.text', { text: one.text.trim() }));
  if (one.kinds?.length) out.push(t('question.kinds', { all: list(one.kinds.map((kind) => kindName(w, kind))) }));
  if (one.classes.length > 0) out.push(t('question.classes', { all: list(one.classes.map((each) => className(w, each))) }));
  if (one.parties.length > 0) out.push(t('question.parties', { all: list(one.parties.map(partyName)) }));
  const span = spanOf(w, one);
  if (span) out.push(span);
  if (one.source) out.push(t('question.source', { grade: one.source }));
  if (one.information) out.push(t('question.information', { grade: one.information }));
  if (one.area.length > 0) out.push(t('question.area', { n: one.area.length }));
  return out;
}
