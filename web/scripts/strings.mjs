// SPDX-License-Identifier: Apache-2.0
// Fails the build unless every language has every string, and no other: the same keys, the same
// {values}, exactly the plural categories of the language (CLDR), every key that the code asks
// for, none that it never asks for, and no word that this program may not say (DESIGN 4).
import { readdirSync, readFileSync } from 'node:fs';

const src = new URL('../src/', import.meta.url);
const languages = readdirSync(new URL('i18n/', src))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))
  .sort();
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);

const FORBIDDEN = {
  en: /(?<![\w-])(clear|cleared|safe|safely|approved|unprotected)(?![\w-])/i,
  ar: /(?<!\p{L})(ال)?(آمن|آمنة|سالم|خالٍ|خالية|موافَق عليه|مسموح|مصرَّح به)(?!\p{L})/u,
};

function readTable(language) {
  const text = readFileSync(new URL(`i18n/${language}.json`, src), 'utf8');
  const keys = [...text.matchAll(/^ {2}"([^"]+)":/gm)].map((m) => m[1]);
  for (const key of keys) {
    if (keys.indexOf(key) !== keys.lastIndexOf(key)) fault(`${language}.json`, `${key} stands twice`);
  }
  return JSON.parse(text);
}

const textsOf = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
const valuesOf = (entry) =>
  [...new Set(textsOf(entry).flatMap((t) => [...t.matchAll(/\{(\w+)\}/g)].map((m) => m[1])))]
    .filter((name) => name !== 'n') // "two records" needs no figure
    .sort()
    .join(' ');

function compare(language, table, key, entry, english) {
  const where = `${language}.json: ${key}`;
  if (english === undefined) return fault(where, 'is in no other language: take it out');
  if ((typeof entry === 'string') !== (typeof english === 'string')) {
    return fault(where, 'is a plural in one language only');
  }
  if (valuesOf(entry) !== valuesOf(english)) fault(where, `has other {values} than en.json`);
  if (typeof entry !== 'string') {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.slice().sort();
    const given = Object.keys(entry).sort();
    if (wanted.join() !== given.join()) fault(where, `needs the categories ${wanted}, has ${given}`);
  }
  for (const text of textsOf(entry)) {
    if (text.trim() === '') fault(where, 'is empty');
    if (FORBIDDEN[language]?.test(text)) fault(where, `says a word that no answer may say: ${text}`);
  }
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sources(new URL(`${entry.name}/`, folder));
    return /\.(ts|svelte)$/.test(entry.name) ? [new URL(entry.name, folder)] : [];
  });
}

/** Whole keys and the beginnings of composed ones (`verdict.${x}`, known('class', x)). */
function asked() {
  const keys = new Set();
  const prefixes = new Set();
  for (const file of sources(src)) {
    const text = readFileSync(file, 'utf8');
    for (const m of text.matchAll(/['"]([a-z_0-9]+\.[a-zA-Z_0-9]+)['"]/g)) keys.add(m[1]);
    for (const m of text.matchAll(/`([a-z_]+\.)\$\{/g)) prefixes.add(m[1]);
    for (const m of text.matchAll(/known\(\s*'([a-z_]+)'/g)) prefixes.add(`${m[1]}.`);
    for (const m of text.matchAll(/\bt\(\s*'([a-z_0-9.A-Z]+)'/g)) {
      if (!(m[1] in tables.en)) fault(file.pathname.split('/web/')[1], `asks for '${m[1]}', which is no string`);
    }
  }
  return { keys, prefixes };
}

const tables = Object.fromEntries(languages.map((l) => [l, readTable(l)]));
for (const language of languages) {
  for (const key of Object.keys(tables.en)) {
    if (!(key in tables[language])) fault(`${language}.json`, `lacks ${key}`);
  }
  for (const [key, entry] of Object.entries(tables[language])) {
    compare(language, tables[language], key, entry, tables.en[key]);
  }
}
const { keys, prefixes } = asked();
for (const key of Object.keys(tables.en)) {
  const composed = [...prefixes].some((prefix) => key.startsWith(prefix));
  if (!keys.has(key) && !composed) fault('en.json', `${key} is asked for nowhere: take it out`);
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  console.error(`strings: ${faults.length} faults; the build stops here`);
  process.exit(1);
}
console.log(`strings: ${Object.keys(tables.en).length} in ${languages.join(', ')}`);
