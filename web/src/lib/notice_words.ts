// SPDX-License-Identifier: Apache-2.0
// Notices and subscriptions in the page's language. A code that the page has no word for is shown as it is.
import { known } from '../i18n/translate';
import type { Notice, Subscription } from './notices';
import { className, type Words } from './words';

/** Of what kind a notice is, as a subscription names it. */
export function noticeWord(w: Words, word: string): string {
  const key = known('notice_word', word);
  return key ? w.t(key) : word;
}

/** How notices go; what they go to stands behind it. */
export function routeWords(w: Words, route: Subscription['route']): string {
  const key = known('notice', `to_${route.kind}`);
  return key ? w.t(key) : route.kind;
}

// Of these what is said goes by the detail.
const DETAILED = ['log', 'receipt', 'leg', 'activity', 'challenge', 'message', 'stop'];

/** What was said or happened. */
export function noticeSaid(w: Words, notice: Notice): string {
  const { what, detail } = notice;
  if (what === 'track' && detail.startsWith('unkept_')) return w.t('track.not_kept');
  if (what === 'track') {
    const key = known('track_kind', notice.track?.kind ?? detail);
    return key ? w.t(key) : notice.text;
  }
  if (what === 'record' || what === 'objection') {
    const act = known('act', detail);
    return act ? w.t(act) : detail;
  }
  const detailed = DETAILED.includes(what) || (what === 'join' && detail === 'anywhere');
  const key = known('notice', detailed ? `${what}_${detail}` : what);
  return key ? w.t(key, { n: notice.leg ?? 0 }) : notice.text;
}

/** Of what class the record is, or what else it is; empty where neither is known. */
export function noticeClass(w: Words, notice: Notice): string {
  if (notice.what === 'objection') return w.t('objection.kind');
  if (notice.what === 'stop') return w.t('stop.kind');
  return notice.class ? className(w, notice.class) : '';
}

/** Why it could not be sent; a server's own figure is shown with it. */
export function whyWords(w: Words, why: string): string {
  const [, by, code] = /^(http|smtp)_(\d+)$/.exec(why) ?? [];
  const key = known('dead_why', by ?? why);
  return key ? w.t(key, { code: code ?? '' }) : why;
}
