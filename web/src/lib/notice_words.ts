// SPDX-License-Identifier: Apache-2.0
// Notices and subscriptions in the page's language. A code that the page has no word for is shown as it is.
import { known } from '../i18n/translate';
import type { Subscription } from './notices';
import type { Words } from './words';

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
