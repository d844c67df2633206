// SPDX-License-Identifier: Apache-2.0
// How names are compared when somebody searches: without case, accents and apostrophes. Plain
// JavaScript, because the script that packs the gazetteer orders its places by the same rule.

/**
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  // ASCII is most of it, and needs none of the slow work.
  if (/^[\x20-\x26\x28-\x5f\x61-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}|['’ʼ‘`ـ]/gu, '')
    .toLowerCase();
}
