// SPDX-License-Identifier: Apache-2.0
// The tables of strings have the same keys (strings.mjs): in the build one of them keeps its keys, and
// each other is the list of its texts in their order, which is some 30 kB a language less to load.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {Record<string, unknown>} Table */
const FIRST = 'en';
const MARK = '\0table-';
/** @type {(language: string) => string} */
const fileOf = (language) => fileURLToPath(new URL(`../src/i18n/${language}.json`, import.meta.url));
/** @type {(language: string) => Table} */
const read = (language) => JSON.parse(readFileSync(fileOf(language), 'utf8'));

/**
 * A module that is the table of this language, made from the first one's keys.
 * @param {string} language
 * @param {Table} first
 * @param {Table} table
 */
export function moduleOf(language, first = read(FIRST), table = read(language)) {
  const texts = Object.keys(first).map((key) => table[key]);
  return `import first from './${FIRST}.json';\nconst texts = ${JSON.stringify(texts)};\n`
    + 'export default Object.fromEntries(Object.keys(first).map((key, i) => [key, texts[i]]));\n';
}

/**
 * For Vite; where the page is tested the tables are read as they stand.
 * @returns {import('vite').Plugin}
 */
export const tables = () => ({
  name: 'tables',
  enforce: 'pre',
  apply: 'build',
  resolveId(source, importer) {
    if (importer?.startsWith(MARK)) return fileOf(FIRST);
    const language = /^\.\/([a-z]+)\.json$/.exec(source)?.[1];
    return language && language !== FIRST && importer?.endsWith('/i18n/translate.ts') ? MARK + language : undefined;
  },
  load: (id) => (id.startsWith(MARK) ? moduleOf(id.slice(MARK.length)) : undefined),
});
