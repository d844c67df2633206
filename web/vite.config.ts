// SPDX-License-Identifier: Apache-2.0
// How the page is built: files with hashed names, nothing inline (the node's content security
// policy allows neither inline scripts, nor inline styles, nor blobs), nothing from the network.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { tables } from './scripts/tables.mjs';

export default defineConfig({
  plugins: [tables(), svelte()],
  publicDir: 'public',
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/log': 'http://127.0.0.1:8080' } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
    sourcemap: false,
  },
});
