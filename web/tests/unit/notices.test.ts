// SPDX-License-Identifier: Apache-2.0
// Notices: what one asks to be told of is sent as it was chosen, every kind of notice has a name, and what
// could not be sent says why; of a track as much is said as its alert has.
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { translator } from '../../src/i18n/translate';
import { Format } from '../../src/lib/format';
import { noticeClass, noticeSaid, noticeWord, routeWords, whyWords } from '../../src/lib/notice_words';
import { actOnDead, deadLetters, type Notice, noticeWords, subscribe } from '../../src/lib/notices';
import { around } from '../../src/lib/stops';
import { recordOf, trackLines, trackTitle, zoneRecordOf } from '../../src/lib/track_words';

afterEach(() => vi.unstubAllGlobals());

const words = (language: 'en' | 'ar') => {
  const t = translator(language);
  return { language, t, format: new Format(language, t) };
};
const w = words('en');
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

interface Description {
  components: { schemas: Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }> };
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

const notice = (change: Partial<Notice>): Notice => ({
  id: 'n', seq: 1, time: '2026-11-28T10:00:00Z', what: 'record', detail: 'add', party: 'un', text: 'in plain words', ...change,
});

test('what is new to the page is said in the words of the node', () => {
  expect(noticeSaid(w, notice({}))).toBe(en['act.add']);
  expect(noticeSaid(w, notice({ detail: 'tomorrow' }))).toBe('tomorrow');
  expect(noticeSaid(w, notice({ what: 'leg', detail: 'late', leg: 2 }))).toContain('2');
  expect(noticeSaid(w, notice({ what: 'join', detail: 'partly' }))).toBe(en['notice.join']);
  expect(noticeSaid(w, notice({ what: 'join', detail: 'anywhere' }))).toBe(en['notice.join_anywhere']);
  expect(noticeSaid(w, notice({ what: 'stop', detail: 'tomorrow' }))).toBe('in plain words');
  expect(noticeSaid(w, notice({ what: 'tomorrow' }))).toBe('in plain words');
  expect(noticeClass(w, notice({}))).toBe('');
  expect(noticeClass(w, notice({ class: 'hospital' }))).toBe(en['class.hospital']);
  expect(noticeClass(w, notice({ what: 'stop', class: 'other' }))).toBe(en['stop.kind']);
});

test('why something could not be sent is said, and a figure is not lost', () => {
  expect(whyWords(w, 'http_503')).toContain('503');
  expect(whyWords(w, 'smtp_550')).toContain('550');
  expect(whyWords(words('ar'), 'http_503')).toContain('503');
  expect(whyWords(w, 'timeout')).toBe(en['dead_why.timeout']);
  expect(whyWords(w, 'tomorrow')).toBe('tomorrow');
  expect(whyWords(w, 'http_x')).toBe('http_x');
});

test('dead letters are read whole, and each is sent again or dropped by its id', async () => {
  const asked: [string, unknown][] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    asked.push([path, options.body ? JSON.parse(String(options.body)) : null]);
    return Promise.resolve(options.body ? new Response(null, { status: 204 }) : new Response('{"dead":[{"why":"timeout"}]}'));
  });
  expect(await deadLetters()).toEqual([{ why: 'timeout' }]);
  await actOnDead('a/b', 'retry');
  await actOnDead('c', 'drop');
  expect(asked).toEqual([
    ['/v1/notices/dead', null], ['/v1/notices/dead/a%2Fb', { act: 'retry' }], ['/v1/notices/dead/c', { act: 'drop' }],
  ]);
});

const party = (id: string): string => id.toUpperCase();
const alert = (track: Notice['track'], change: Partial<Notice> = {}): Notice =>
  notice({ what: 'track', detail: 'entered', ...(track && { track }), ...change });
const linesOf = (one: Notice): string[] => trackLines(w, one, party).map(plain);

test('whatever kind of alert the node knows has words in each language', () => {
  const { kind, craft } = described['TrackSaid']?.properties ?? {};
  expect(kind?.enum?.length).toBeGreaterThan(5);
  for (const table of [en, ar]) {
    for (const one of kind?.enum ?? []) expect(table).toHaveProperty([`track_kind.${one}`]);
    for (const one of craft?.enum ?? []) expect(table).toHaveProperty([`track_craft.${one}`]);
  }
});

test('an alert at a zone says which thing, at whose version of what, and when', () => {
  const one = alert({
    kind: 'will_enter', track: 'SU-24 M', by: 'ru', craft: 'aircraft',
    zone: { party: 'tr', id: 'zone-7', version: '2', name: 'Border' }, time: '2015-11-24T07:20:00Z',
    entry: '2015-11-24T07:24:05Z', warning_s: 120,
  });
  expect(trackTitle(w, one.track ?? {}).map(plain)).toEqual(['Aircraft', 'SU-24 M', 'operated by ru']);
  expect(noticeSaid(w, one)).toBe(en['track_kind.will_enter']);
  const [where, when] = linesOf(one);
  expect(where).toBe('Border · as TR asserts it · version 2');
  // A Latin name in an Arabic line reorders nothing of it.
  expect(trackLines(words('ar'), one, party)[0]).toMatch(/^\u2068Border\u2069 · /);
  expect(when).toContain('entry at 24 Nov 2015');
  expect(when).toContain('after its newest position');
  expect([recordOf(one), zoneRecordOf(one)]).toEqual([undefined, 'zone-7']);
});

test('of a record it says which, and by whose word; a zone of a file is no record', () => {
  const one = alert({ kind: 'left', record: 'r1', party: 'un', inside_s: 60, begun_before: true }, { class: 'hospital', state: 'in_force' });
  expect(linesOf(one)[0]).toBe('Hospital · r1 · In force · by the word of UN');
  expect(linesOf(one)[1]).toContain('or longer');
  expect(recordOf(one)).toBe('r1');
  const of = alert({ zone: { party: 'tr', id: 'file-zone', version: '1' } });
  expect(linesOf(of)[0]).toContain('file-zone');
  expect(zoneRecordOf(of)).toBeUndefined();
  expect(linesOf(alert({ kind: 'untold', more: 'more zones', party: 'un' }))).toEqual(['more zones · by the word of UN']);
});

test('what an alert has not is left out, and one that has nothing is said as the node says it', () => {
  expect(linesOf(alert(undefined))).toEqual([]);
  expect(noticeSaid(w, alert(undefined))).toBe(en['track_kind.entered']);
  expect(noticeSaid(w, alert({ kind: 'tomorrow' }))).toBe('in plain words');
  expect(trackTitle(w, {})).toEqual([]);
  expect(trackTitle(w, { craft: 'balloon', track: 'B1' })).toEqual(['balloon', 'B1']);
  expect(linesOf(alert({ zone: {} }))).toEqual([]);
  expect(linesOf(alert({ warning_s: 0 }))).toHaveLength(1);
  // Behind those that are kept for one.
  const more = { ...alert(undefined), detail: 'unkept_protections' };
  expect(noticeSaid(w, more)).toBe(en['track.not_kept']);
});
