// SPDX-License-Identifier: Apache-2.0
// Packs dist/ into the one file that the node is built with (src/net/assets.h says the form: a line
// `PATH<tab>TYPE<tab>SIZE` a file, an empty line, then all bytes in that order). What compresses has
// its gzip beside it as PATH.gz, so that the node need not make it at each start. Written only when
// it differs, so that the node is not linked anew for nothing.
//     node scripts/pack.mjs [FILE]      default: build/page.pack of the repository
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.bin': 'application/octet-stream',
};
const web = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(web, 'dist');
const out = resolve(process.argv[2] ?? join(web, '..', 'build', 'page.pack'));

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const COMPRESSED = ['.woff2'];
const entries = files(dist)
  .map((path) => ({ path: relative(dist, path).split(sep).join('/'), bytes: readFileSync(path) }))
  .sort((a, b) => (a.path < b.path ? -1 : 1))
  .flatMap(({ path, bytes }) => {
    const type = TYPES[extname(path)];
    if (!type) throw new Error(`no media type for ${path}: name it in scripts/pack.mjs`);
    const entry = { path, type, bytes };
    if (COMPRESSED.includes(extname(path)) || bytes.length < 1400) return [entry];
    return [entry, { path: `${path}.gz`, type, bytes: gzipSync(bytes, { level: 9 }) }];
  });
const head = entries.map(({ path, type, bytes }) => `${path}\t${type}\t${bytes.length}\n`);
const pack = Buffer.concat([Buffer.from(`${head.join('')}\n`), ...entries.map((e) => e.bytes)]);
if (!existsSync(out) || !readFileSync(out).equals(pack)) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, pack);
}
console.log(`pack: ${entries.length} files, ${(pack.length / 1e6).toFixed(2)} MB`);
