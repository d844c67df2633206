// SPDX-License-Identifier: Apache-2.0
// Runes everywhere, and TypeScript in the components.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true } };
