// SPDX-License-Identifier: Apache-2.0
// What one may say of a statement that is open: by its kind, whose it is, and one's rights. The node
// decides again.
import type { Right } from './people';
import { isAnswered, type Kind, type Said, type Statement } from './sharing';

export interface StatementAct {
  name: 'amend' | 'withdraw' | 'answer' | 'assess' | 'responsible' | 'link' | 'report' | 'position' | 'same' | 'request'
    | 'release';
  kind?: Kind; // of what is said
  start?: Said; // of it
}

export function actsOn(one: Statement, may: (right: Right) => boolean): StatementAct[] {
  const out: StatementAct[] = [];
  const { id, kind, own } = one;
  const open = one.state !== 'withdrawn';
  if (!own && open && isAnswered(kind) && may('acknowledge')) out.push({ name: 'answer' });
  if (own && open && may('release')) out.push({ name: 'release' });
  if (!may('share')) return out;
  if (kind === 'incident') {
    out.push({ name: 'responsible', kind: 'responsibility', start: { of: id } });
    out.push({ name: 'link', kind: 'link', start: { incident: id } });
  }
  if (kind === 'group') {
    out.push({ name: 'position', kind: 'position', start: { group: id } });
    if (!own) out.push({ name: 'same', kind: 'group', start: { same: [id] } });
  }
  if (kind === 'incident' || kind === 'group') out.push({ name: 'report', kind: 'report', start: { about: [id] } });
  if (!own && !isAnswered(kind)) {
    out.push({ name: 'assess', kind: 'assessment', start: { of: id } });
    if (open) out.push({ name: 'request', kind: 'request', start: { of: id } });
  }
  if (own && open && one.goes_on) {
    if (one.said && one.state === 'stated') out.push({ name: 'amend' });
    out.push({ name: 'withdraw' });
  }
  return out;
}
