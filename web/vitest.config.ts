// SPDX-License-Identifier: Apache-2.0
// Tests of the plain modules: no browser, no node, no network.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/unit/**/*.test.ts'] } });
