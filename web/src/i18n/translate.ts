// SPDX-License-Identifier: Apache-2.0
// Strings in the page's language. A string is a text with {names}, or one text a plural category
// (CLDR, by Intl.PluralRules on the value `n`). scripts/strings.mjs fails the build when a language
// lacks a string, has one too many, or lacks one of its plural categories.
import ar from './ar.json';
import en from './en.json';

export type Key = keyof typeof en;
export type Language = 'en' | 'ar';
type Entry = string | Readonly<Record<string, string>>;

export const languages: readonly Language[] = ['en', 'ar'];
const tables: Record<Language, Record<string, Entry>> = { en, ar };

/** Figures are Latin in every language: positions are read aloud between people of several. */
export const localeOf: Record<Language, string> = { en: 'en-GB', ar: 'ar-u-nu-latn' };
export const directionOf: Record<Language, 'ltr' | 'rtl'> = { en: 'ltr', ar: 'rtl' };

export type Values = Record<string, string | number>;

export interface Translate {
  (key: Key, values?: Values): string;
}

// First strong isolate, pop: a Latin name inside an Arabic sentence does not reorder it.
export const isolate = (text: string): string => `\u2068${text}\u2069`;

export function translator(language: Language): Translate {
  const plural = new Intl.PluralRules(localeOf[language]);
  const number = new Intl.NumberFormat(localeOf[language]);
  const table = tables[language];
  return (key, values = {}) => {
    const entry = table[key] ?? key;
    const n = values['n'];
    const text =
      typeof entry === 'string' ? entry : (entry[plural.select(Number(n ?? 0))] ?? entry['other']);
    return (text ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? number.format(value) : isolate(value);
    });
  };
}

/** A key made of a fixed part and a code of the node's; null where the page has no word for it. */
export function known(prefix: string, code: string): Key | null {
  const key = `${prefix}.${code}`;
  return key in en ? (key as Key) : null;
}

/** What the browser asks for, else English. */
export function preferred(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const found = languages.find((l) => wish.toLowerCase().split('-')[0] === l);
    if (found) return found;
  }
  return 'en';
}
