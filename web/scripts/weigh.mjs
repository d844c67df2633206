// SPDX-License-Identifier: Apache-2.0
// Weighs the built page and fails if it breaks what was promised of it: less than 2.5 MB of
// JavaScript, no inline script or style in index.html, no address of anywhere else.
import { readdirSync, readFileSync, statSync } from 'node:fs';

const JS_BYTES_MAX = 2_500_000;
const dist = new URL('../dist/', import.meta.url);
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
const sizes = files.map((f) => {
  const path = `${(f.parentPath ?? f.path).split('/dist')[1] ?? ''}/${f.name}`.replace(/^\/+/, '');
  return { path, bytes: statSync(new URL(path, dist)).size };
});
const sum = (ending) =>
  sizes.filter((f) => f.path.endsWith(ending)).reduce((s, f) => s + f.bytes, 0);

const faults = [];
if (sum('.js') > JS_BYTES_MAX) faults.push(`${sum('.js')} bytes of JavaScript; at most ${JS_BYTES_MAX}`);
const index = readFileSync(new URL('index.html', dist), 'utf8');
if (/<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>/.test(index)) faults.push('index.html has inline code or style');
if (/(src|href)="(https?:)?\/\//.test(index)) faults.push('index.html asks another host');
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
console.log(`page: ${sizes.length} files, ${mb(sum(''))}; JavaScript ${mb(sum('.js'))}, CSS ${mb(sum('.css'))}`);
