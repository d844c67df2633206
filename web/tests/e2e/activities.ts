// SPDX-License-Identifier: Apache-2.0
// What the tests of activities share: a plan with times, and the dialogs that ask before they sign.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Browser } from './browser';
import { type Node, run } from './node';
import type { Parties } from './parties';

export const hours = (n: number): string => new Date(Date.now() + n * 3_600_000).toISOString();

/** As it is typed into a field of the page. */
export const typed = (rfc3339: string): string => rfc3339.slice(0, 16).replace('T', ' ');

/** A corridor over EXERCISE land, from an hour on. */
const flight = (): string => JSON.stringify({
  type: 'FeatureCollection',
  features: [{
    type: 'Feature', geometry: { type: 'LineString', coordinates: [[36.25, 33.5], [36.35, 33.5]] },
    properties: { half_width_m: 500, time_start: hours(1), time_end: hours(3) },
  }],
});

/** The open dialog, sent as it is, says what is missing, and signs nothing. */
export async function refused(page: Page, why: string): Promise<void> {
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog .fault[role=alert]', { hasText: why }).waitFor();
}

/** The open dialog is sent, and goes. */
export async function signed(page: Page): Promise<void> {
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

/** The id of an activity that `party` declares, with these words of the command line. */
function declared(parties: Parties, party: string, name: string, ...words: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'entente-activities-'));
  const file = join(folder, 'flight.geojson');
  writeFileSync(file, flight());
  let said = '';
  try {
    said = run('activity', 'declare', file, ...words, '--contact', 'EXERCISE air desk', '--name', name,
      '--data', parties.data(party));
  } catch (error) {
    said = String(error); // its exit status says that it touches something, which is no failure
  }
  rmSync(folder, { recursive: true, force: true });
  const id = /^activity ([a-z2-7]{16}), version 1/m.exec(said)?.[1];
  if (!id) throw new Error(`not declared: ${said}`);
  return id;
}

/** To nobody. */
export const seal = (parties: Parties, party: string, name: string): string =>
  declared(parties, party, name, '--sealed');
export const declareTo = (parties: Parties, party: string, to: string, name: string): string =>
  declared(parties, party, name, '--to', to);

export async function pageOf(node: Node, language: string): Promise<Browser> {
  const browser = await Browser.open(language);
  await browser.page.addInitScript(() => sessionStorage.setItem('entente.map', '36.3 33.5 11'));
  await browser.page.goto(node.link);
  await browser.page.locator('.top').waitFor();
  return browser;
}
