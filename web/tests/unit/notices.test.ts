// SPDX-License-Identifier: Apache-2.0
// Notices: what one asks to be told of is sent as it was chosen, and every kind of notice has a name.
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import { noticeWord, routeWords } from '../../src/lib/notice_words';
import { noticeWords, subscribe } from '../../src/lib/notices';
import { around } from '../../src/lib/stops';

afterEach(() => vi.unstubAllGlobals());

const words = (language: 'en' | 'ar') => {
  const t = translator(language);
  return { language, t, format: new Format(language, t) };
};
const w = words('en');

interface Description {
  components: { schemas: Record<string, { enum?: string[] }> };
}
const described = (JSON.parse(readFileSync(new URL('../../../src/net/openapi.json', import.meta.url), 'utf8')) as Description)
  .components.schemas;

test('every kind of notice that the node knows can be asked for, but what is of standing questions', () => {
  const asked: readonly string[] = noticeWords;
  expect(described['NoticeWord']?.enum?.filter((one) => one !== 'match' && !asked.includes(one))).toEqual([]);
  expect(asked).not.toContain('match');
});

test('every kind of notice has a name in each language, and one that is new is shown as it is', () => {
  for (const one of [...noticeWords, 'match']) {
    for (const table of [en, ar]) expect(table).toHaveProperty([`notice_word.${one}`]);
  }
  expect(noticeWord(w, 'stop')).toBe(en['notice_word.stop']);
  expect(noticeWord(w, 'tomorrow')).toBe('tomorrow');
  expect(routeWords(w, { kind: 'mail', to: 'a@example.org' })).toBe(en['notice.to_mail']);
  expect(routeWords(w, { kind: 'pigeon' })).toBe('pigeon');
});

test('what is asked for is sent, and no area where none was chosen', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, options: RequestInit) => {
    sent.push(JSON.parse(String(options.body)));
    return Promise.resolve(new Response('{}', { status: 201 }));
  });
  const open = { what: [], classes: [], parties: [], duty: [] };
  await subscribe(open);
  const area = around([36.3, 33.5], 500);
  const chosen = { what: ['stop'], classes: ['hospital'], parties: ['un'], duty: ['air-desk'], area };
  await subscribe(chosen);
  expect(sent).toEqual([open, chosen]);
});
