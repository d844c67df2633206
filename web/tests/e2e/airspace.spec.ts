// SPDX-License-Identifier: Apache-2.0
// Boundaries of one name as two parties assert them: side by side on ru's page, how they differ, and
// drawn when one is chosen. In English and in Arabic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf } from './activities';
import type { Browser, Holder } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: boundaries (${reason})`);

const NAME = 'EXERCISE border';

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('boundaries, in %s', (language, strings) => {
  let parties: Parties;
  let node: Node;
  let browser: Browser;
  let theirs: string;
  let ours: string;
  const border = (party: string, east: number, ...words: string[]): string => {
    const folder = mkdtempSync(join(tmpdir(), 'entente-border-'));
    const file = join(folder, 'border.geojson');
    const ring = [[36.1, 33.4], [east, 33.4], [east, 33.6], [36.1, 33.6], [36.1, 33.4]];
    writeFileSync(file, JSON.stringify({
      type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] },
    }));
    const said = run('airspace', 'add', file, '--name', NAME, '--contact', `EXERCISE ${party} air desk`, ...words,
      '--data', parties.data(party));
    rmSync(folder, { recursive: true, force: true });
    return /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
  };
  const dashed = (n: number): Promise<unknown> => browser.page.waitForFunction((least) => {
    const { map } = document.querySelector('.holder') as Holder;
    return map.queryRenderedFeatures({ layers: ['selection-reach'] }).length >= least;
  }, n);

  beforeAll(async () => {
    parties = Parties.begin(['tr', 'ru']);
    theirs = border('tr', 36.3, '--to', 'ru', '--frequency', '121.5 MHz', '--language', 'tr');
    ours = border('ru', 36.35);
    parties.carry('tr', 'ru');
    node = await Node.start(parties.register('ru'));
    browser = await pageOf(node, language);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    parties?.destroy();
  });

  test('stand side by side by name, with how they differ', async () => {
    const { page } = browser;
    await page.locator('#to-airspace').click();
    const group = page.locator(`[data-group="${NAME}"]`);
    await group.locator(`[data-airspace="${ours}"][data-own=true]`).waitFor();
    await group.locator(`[data-airspace="${theirs}"][data-own=false]`, { hasText: '121.5 MHz' }).waitFor();
    const said = await browser.text(`[data-group="${NAME}"] [data-same=false]`);
    for (const part of ['Party TR', 'Party RU', '4.7', '103']) expect(said).toContain(part);
  });

  test('one that is chosen is drawn, and the other one dashed', async () => {
    const { page } = browser;
    await page.locator(`[data-airspace="${theirs}"] button`).click();
    await page.locator(`#airspace [data-airspace="${theirs}"][data-state=in_force]`).waitFor();
    await page.locator('#airspace .notice', { hasText: strings['airspace.notice'] }).waitFor();
    await page.locator('#airspace [data-beside]').waitFor();
    await page.locator('#airspace .differences [data-same=false]').waitFor();
    await page.locator('#airspace .place').waitFor();
    await browser.mapDraws();
    await dashed(1);
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-airspace-0-both`);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.locator('nav.tabs button').nth(1).click();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-airspace-1-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('what is withdrawn goes from the list, and is shown where it is asked for', async () => {
    const { page } = browser;
    run('airspace', 'withdraw', ours, '--data', parties.data('ru'));
    await page.locator(`#airspaces [data-airspace="${ours}"]`).waitFor({ state: 'detached' });
    await page.locator('#airspace [data-beside]').waitFor({ state: 'detached' });
    await page.locator('#airspace-withdrawn').check();
    await page.locator(`#airspaces [data-airspace="${ours}"][data-state=withdrawn] button`).click();
    await page.locator(`#airspace [data-airspace="${ours}"][data-state=withdrawn]`).waitFor();
    expect(browser.faults).toEqual([]);
  });
});
