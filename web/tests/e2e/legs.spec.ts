// SPDX-License-Identifier: Apache-2.0
// A convoy on msf's page: its legs and how each stands, who has confirmed which, one that sets out
// early, one that ends, and the movement cancelled; each after a question that says what it means.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: legs (${reason})`);

const MINUTE_MS = 60_000;

/** A leg of a convoy from now on, so many minutes later. */
function leg(number: number, line: number[][], start: number, end: number): unknown {
  const at = (minutes: number): string => new Date(Date.now() + minutes * MINUTE_MS).toISOString();
  return {
    type: 'Feature', geometry: { type: 'LineString', coordinates: line },
    properties: {
      leg: number, from: `EXERCISE town ${number}`, to: `EXERCISE town ${number + 1}`,
      half_width_m: 150, time_start: at(start), time_end: at(end), vehicles: ['lorries'],
    },
  };
}

function convoy(): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    properties: {
      class: 'relief', name: 'EXERCISE convoy', contact: 'desk',
      vehicles: [{ callsign: 'lorries', type: '3 lorries', colour: 'white' }],
    },
    features: [
      leg(1, [[36.25, 33.5], [36.3, 33.51]], 30, 120),
      leg(2, [[36.3, 33.51], [36.35, 33.5]], 120, 240),
    ],
  });
}

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('a convoy, in %s', (language, strings) => {
  let folder: string;
  let parties: Parties;
  let msf: Node;
  let browser: Browser;
  let record: string;
  const state = (number: number, is: string): string => `.legs [data-leg="${number}"][data-state=${is}]`;
  const answer = async (button: string, shot = ''): Promise<void> => {
    const { page } = browser;
    await page.locator(button).click();
    await page.locator('dialog').waitFor();
    if (shot) {
      expect(await browser.axe()).toEqual([]);
      await browser.shot(shot);
    }
    await page.locator('dialog [type=submit]').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entente-legs-'));
    parties = Parties.begin(['msf', 'ru']);
    writeFileSync(join(folder, 'convoy.geojson'), convoy());
    const said = run('move', 'add', join(folder, 'convoy.geojson'), '--to', 'ru', '--data', parties.data('msf'));
    record = /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
    msf = await Node.start(parties.register('msf'));
    browser = await Browser.open(language);
    await browser.page.addInitScript(() => sessionStorage.setItem('entente.map', '36.3 33.5 11'));
    await browser.page.goto(msf.link);
  });
  afterAll(async () => {
    await browser?.close();
    await msf?.destroy();
    parties?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test('its legs stand with their hours, vehicles and state, and what cannot be asked of them is not offered', async () => {
    const { page } = browser;
    await page.locator(`.rows [data-id="${record}"] button`).click();
    await page.locator(state(1, 'planned')).waitFor();
    await page.locator(state(2, 'planned')).waitFor();
    const said = await browser.text('.legs');
    expect(said).toContain('EXERCISE town 1');
    expect(said).toContain('lorries');
    const acts = await browser.text('.acts');
    expect(acts).toContain(strings['legs.cancel']);
    expect(acts).not.toContain(strings['record.withdraw']);
    expect(acts).not.toContain(strings['record.confirm']);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-legs-0`);
  });

  test('per leg and party it says how far each got', async () => {
    const { page } = browser;
    parties.carry('msf', 'ru');
    parties.act('ru', 'receipt', 'give', record, '--rung', 'confirmed', '--unit', 'EXERCISE wing');
    parties.carry('ru', 'msf');
    await page.locator('.told [data-leg="1"][data-rung=confirmed]', { hasText: 'EXERCISE wing' }).waitFor();
    await page.locator('.told [data-leg="2"][data-rung=confirmed]').waitFor();
  });

  test('a leg that sets out early is said so, and is to be confirmed anew', async () => {
    const { page } = browser;
    await answer(`${state(1, 'planned')} button`, `${language}-legs-1-start`);
    await page.locator(`${state(1, 'under_way')} [data-mark=early]`).waitFor();
    await page.locator('.told [data-leg="1"]:not([data-rung=confirmed])').waitFor();
    await page.locator('.told [data-leg="2"][data-rung=confirmed]').waitFor();
    await browser.shot(`${language}-legs-2-early`);
  });

  test('one that has ended is said to protect until that is final; what is left is cancelled', async () => {
    const { page } = browser;
    await answer(`${state(1, 'under_way')} button`);
    await page.locator(state(1, 'ended'), { hasText: strings['legs.until_final'] }).waitFor();
    await answer('.acts .grave', `${language}-legs-3-cancel`);
    await page.locator(state(2, 'taken_out')).waitFor();
    expect(await page.locator('.legs button').count()).toBe(0);
    await browser.shot(`${language}-legs-4-cancelled`);
    expect(browser.faults).toEqual([]);
  });
});
