// SPDX-License-Identifier: Apache-2.0
// The tables of strings as the build has them: each text under its own key.
import { expect, test } from 'vitest';
import { moduleOf } from '../../scripts/tables.mjs';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';

type Table = Record<string, unknown>;

/** What the module exports. */
function run(code: string, first: Table): unknown {
  const body = code.replace(/^import first .*$/m, '').replace('export default', 'return');
  return (new Function('first', body) as (first: Table) => unknown)(first);
}

test('a table that shares its keys is the table', () => {
  expect(run(moduleOf('ar'), en)).toEqual(ar);
});
test('the order in which a language has its texts does not matter', () => {
  const [first, table] = [{ a: '1', b: '2' }, { b: 'two', a: { one: 'x' } }];
  expect(run(moduleOf('xx', first, table), first)).toEqual(table);
});
