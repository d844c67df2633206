// SPDX-License-Identifier: Apache-2.0
// The page in Chromium against a real node (tests/e2e/node.ts says which and with what data).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.spec.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
