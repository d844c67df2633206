// SPDX-License-Identifier: Apache-2.0
// The answer in words, in each language, from codes and numbers.
import { describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { type Language, languages, preferred, translator } from '../../src/i18n/translate';
import { Announcer } from '../../src/lib/announce';
import { Format } from '../../src/lib/format';
import type { Answer, Finding, Verdict } from '../../src/lib/types';
import {
  bandWords, findingName, flagsOf, namesOf, reasonWords, type Said, spoken, type Words, untilWords, whereWords, whyWords, windowWords,
} from '../../src/lib/words';

const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const words = (language: Language): Words => {
  const t = translator(language);
  return { language, t, format: new Format(language, t) };
};

const finding = (change: Partial<Finding> = {}): Finding => ({
  id: 'abc', ref: '', source: '', party: 'fr', class: 'hospital',
  names: [{ text: 'General Hospital' }, { text: 'المستشفى العام', language: 'ar' }],
  contact: '', state: 'in_force', volume: 0, distance_m: 120, bearing_deg: 44, buffer_m: 500,
  buffer_stated: false, accuracy_m: 10, accuracy_stated: true,
  time_overlap: { start: null, end: null },
  altitude_overlap: { lower: null, upper: null, reference: 'W84', assumed: true },
  earlier_place: false, earlier_version: false, why: '', ...change,
});

const answer = (verdict: Verdict, change: Partial<Answer> = {}): Answer => ({
  verdict, reasons: [], findings: [], findings_total: 0, objections: [], objections_total: 0,
  nearby: [], nearby_total: 0, notice: '',
  as_of: {
    party: 'fr', origin: 'o', tree_size: 1, root: 'r', age_s: 0, charter: 'c',
    asked_at: '2026-11-22T20:00:00Z', rules: 'x',
  },
  ...change,
});

describe('reasons', () => {
  const about = { others: [{ party: 'ru', name: 'Party RU' }], policy_distance_m: 500 };
  const one = { weight: 'conflict' as const, code: 'touches', count: 3, text: 'the plan touches 3' };
  test('count what the node counts, in each plural form', () => {
    const say = (count: number, language: Language): string =>
      plain(reasonWords(words(language), answer('conflict'), { ...one, count }, about).text);
    expect(say(1, 'en')).toBe('The plan touches 1 registered protection.');
    expect(say(3, 'en')).toBe('The plan touches 3 registered protections.');
    expect(say(2, 'ar')).toBe('تمسّ الخطة حمايتين مسجَّلتين.');
    expect(say(3, 'ar')).toBe('تمسّ الخطة 3 حمايات مسجَّلة.');
    expect(say(11, 'ar')).toBe('تمسّ الخطة 11 حماية مسجَّلة.');
  });
  test('of a party\'s word name the party, and how old its word is', () => {
    const source = { party: 'ru', origin: 'o', tree_size: 1, root: 'r', age_s: 7300, released: 0 };
    const asked = answer('incomplete');
    const of: Answer = { ...asked, as_of: { ...asked.as_of, sources: [source] } };
    const say = (code: string, party: string): Said =>
      reasonWords(words('en'), of, { ...one, code, party, count: 1 }, about);
    expect(plain(say('stale', 'ru').text)).toBe(
      'The last word of Party RU came 2 hours ago: longer than the charter allows.',
    );
    expect(plain(say('never_heard', 'un').text)).toBe('Nothing of un has been received yet.');
    expect(say('stale', 'un').foreign).toBe(true);
  });
  test('that the page has no words for are shown as the node says them', () => {
    const strange = { ...one, code: 'of_tomorrow', text: 'something new' };
    const said = reasonWords(words('ar'), answer('caution'), strange, about);
    expect(said).toEqual({ text: 'something new', foreign: true });
  });
  test('that the check gives all have words', () => {
    for (const code of [
      'touches', 'touches_not_understood', 'newer_withheld', 'unplaced_entries', 'never_heard',
      'beat_ahead', 'missing_releases', 'slot_unexplained', 'touches_coarse', 'over_budget', 'nearby',
      'absent', 'left', 'forked',
    ]) {
      expect(reasonWords(words('ar'), answer('caution'), { ...one, code, party: 'ru' }, about).foreign).toBe(false);
    }
  });
});

describe('findings', () => {
  test('say distance and bearing in words', () => {
    expect(plain(whereWords(words('en'), finding()))).toBe('120 m north-east of the plan (044°)');
    expect(plain(whereWords(words('ar'), finding()))).toContain('شمال شرق');
  });
  test('that overlap say so rather than nought metres', () => {
    expect(whereWords(words('en'), finding({ distance_m: 0 }))).toBe('The plan overlaps it');
  });
  test('say why they count', () => {
    const why = whyWords(words('en'), finding({ accuracy_stated: false, earlier_version: true }), 50);
    expect(why.map(plain)).toEqual([
      'buffer 500 m (its class\'s default)', 'accuracy 10 m', 'accuracy not stated', 'margin 50 m',
      'heights count as overlapping (not stated alike)', 'an earlier version that still protects',
    ]);
  });
  test('show the name in the page\'s language where there is one', () => {
    expect(findingName(words('ar'), finding())).toBe('المستشفى العام');
    expect(findingName(words('en'), finding())).toBe('General Hospital');
    expect(findingName(words('en'), { names: [] })).toBe('no name');
  });
});

test('names are read from a feature with languages, scripts and counts', () => {
  const names = namesOf({ name: 'A', 'name:ar': 'ب', 'name:ar:2': 'ج', 'name::2': 'D', named: 'no' });
  expect(names.map((n) => [n.text, n.language])).toEqual([
    ['A', undefined], ['ب', 'ar'], ['ج', 'ar'], ['D', undefined],
  ]);
});

test('an open end of a window or band is said as open', () => {
  expect(windowWords(words('en'), null, null)).toBe('all times');
  expect(plain(windowWords(words('en'), '2015-10-02T23:38:00Z', null))).toBe('from 2 Oct 2015, 23:38 UTC');
  expect(bandWords(words('en'), null, null, 'W84')).toBe('all heights');
  expect(plain(bandWords(words('en'), 0, 3000, 'AMSL'))).toBe('0 m to 3,000 m from mean sea level (AMSL)');
  expect(plain(bandWords(words('en'), 100, null, 'FL'))).toBe('FL 100 to open from flight level (FL)');
});

test('a length keeps its meaning when it is small or large', () => {
  const { format } = words('en');
  expect([0, 0.4, 12.4, 999, 1000, 12_345, 240_000].map((m) => plain(format.metres(m)))).toEqual([
    '0 m', '0.4 m', '12 m', '999 m', '1 km', '12.3 km', '240 km',
  ]);
});

test('an end is said as to come or as past', () => {
  const at = '2026-11-22T20:00:00Z';
  const say = (now: number): string => plain(untilWords(words('en'), at, now));
  expect(say(Date.parse(at) - 1)).toBe('Still protects until 22 Nov 2026, 20:00 UTC');
  expect(say(Date.parse(at))).toBe('Protected until 22 Nov 2026, 20:00 UTC');
  expect(untilWords(words('en'), null, 0)).toBe('');
});

test('a duration is said in the largest unit that keeps it whole', () => {
  const { format } = words('en');
  expect([3600, 5400, 172_800, 1].map((s) => format.duration(s))).toEqual([
    '1 hour', '90 minutes', '2 days', '1 second',
  ]);
});

test('an age is said in one unit and never negative', () => {
  const { format } = words('en');
  expect([-5, 1, 61, 3600, 200_000].map((s) => format.age(s))).toEqual([
    '0 seconds ago', '1 second ago', '1 minute ago', '1 hour ago', '2 days ago',
  ]);
});

test('speech names the verdict, the count and the nearest, and only when one of them changes', () => {
  const now = answer('conflict', { findings: [finding()], findings_total: 1 });
  expect(plain(spoken(words('en'), now))).toBe(
    'Conflict. The plan touches 1 registered protection. General Hospital: 120 m north-east of the plan (044°)',
  );
  const announcer = new Announcer();
  const nearer = { ...now, findings: [finding({ distance_m: 20 })] };
  const objected = answer('caution', { objections: [finding()], objections_total: 1 });
  const heard = [now, nearer, answer('caution'), answer('caution'), objected, objected];
  expect(heard.map((a) => announcer.heard(a))).toEqual([true, false, true, false, true, false]);
  expect(plain(spoken(words('en'), objected))).toBe('Caution. Objected to, or to stop: 1');
});

describe('strings', () => {
  test('are Latin figures in every language', () => {
    expect(plain(translator('ar')('head.size', { n: 12345 }))).toBe('12,345 قيدًا');
  });
  test('isolate what is put into them', () => {
    expect(translator('ar')('record.place_buffer', { buffer: '5 m' })).toContain('\u20685 m\u2069');
  });
  test('follow the browser\'s wish, and English otherwise', () => {
    expect([preferred(['ar-SY', 'en']), preferred(['fr', 'en-US']), preferred(['zz'])]).toEqual(['ar', 'en', 'en']);
  });
  test('never say that anything is free, in any language', () => {
    const said = languages.map((l) => JSON.stringify(Object.values({ en, ar }[l]))).join(' ');
    expect(said).not.toMatch(/\b(clear|cleared|safe|approved)\b/i);
  });
  test('beside a state only what the state does not say already', () => {
    expect(flagsOf({ flags: ['unconfirmed', 'coarse', 'pending_relaxation', 'newer_withheld'] }))
      .toEqual(['coarse', 'newer_withheld']);
    expect(flagsOf({})).toEqual([]);
  });
  test('say the standing sentence in both', () => {
    expect(en['answer.notice']).toContain('permits nothing');
    expect(ar['answer.notice']).toContain('لا يبيح شيئًا');
  });
});
