// SPDX-License-Identifier: Apache-2.0
// ru's page asserts a boundary beside that of tr: drawn, with heights and whom to call, given to tr in
// the same breath; then from what tr asserts, anew with other heights, and no more. In English and in
// Arabic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf, refused, signed } from './activities';
import type { Browser } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: asserting boundaries (${reason})`);

const NAME = 'EXERCISE border';
interface Shown {
  name: string;
  contact: string;
  frequency: string;
  state: string;
  version: number;
  versions: { in_force: boolean; accuracy_m?: number; plan: { features: { properties: Record<string, unknown> }[] } | null }[];
}

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('asserting boundaries, in %s', (language, strings) => {
  let parties: Parties;
  let node: Node;
  let browser: Browser;
  let theirs: string;
  let ours: string;
  const shown = (party: string, id: string): Shown =>
    JSON.parse(run('airspace', 'show', id, '--json', '--data', parties.data(party))) as Shown;
  const inForce = (id: string) => shown('ru', id).versions.filter((each) => each.in_force);
  const shot = async (name: string): Promise<void> => {
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-airspace-say-${name}`);
  };
  const opened = async (): Promise<string> =>
    (await browser.page.locator('#airspace .standing').getAttribute('data-airspace')) ?? '';

  beforeAll(async () => {
    parties = Parties.begin(['tr', 'ru']);
    const folder = mkdtempSync(join(tmpdir(), 'entente-border-'));
    const file = join(folder, 'border.geojson');
    const ring = [[36.1, 33.4], [36.3, 33.4], [36.3, 33.6], [36.1, 33.6], [36.1, 33.4]];
    writeFileSync(file, JSON.stringify({
      type: 'Feature', properties: { altitude_lower: 0, altitude_upper: 9000, altitude_reference: 'AMSL' },
      geometry: { type: 'Polygon', coordinates: [ring] },
    }));
    const said = run('airspace', 'add', file, '--name', NAME, '--contact', 'EXERCISE tr desk', '--to', 'ru', '--data', parties.data('tr'));
    rmSync(folder, { recursive: true, force: true });
    theirs = /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
    parties.carry('tr', 'ru');
    node = await Node.start(parties.register('ru'));
    browser = await pageOf(node, language);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    parties?.destroy();
  });

  test('what is drawn is asserted, and what is missing is asked for', async () => {
    const { page } = browser;
    await page.locator('#to-airspace').click();
    await page.locator(`#airspaces [data-airspace="${theirs}"]`).waitFor();
    await page.locator('[data-say-airspace] > summary').click();
    await browser.look([36.25, 33.5], 10);
    await page.locator('[data-say-airspace] .tools button').first().click();
    const [middle, edge] = [await browser.pixel([36.2, 33.5]), await browser.pixel([36.25, 33.5])];
    await page.mouse.click(middle.x, middle.y);
    await page.mouse.move(edge.x, edge.y, { steps: 4 });
    await page.mouse.click(edge.x, edge.y);
    await page.locator('[data-say-airspace] [data-shapes="1"]').waitFor();
    await browser.mapDraws();
    await browser.mapRests();
    await shot('0-drawn');
    await page.locator('#airspace-say').click();
    await refused(page, strings['airspace_fault.name']);
    const [line, signs] = await Promise.all(['.fault[role=alert]', '.acts.end'].map((one) => page.locator(`dialog ${one}`).boundingBox()));
    expect((line?.y ?? NaN) + (line?.height ?? NaN)).toBeLessThanOrEqual((signs?.y ?? NaN) + 1); // in sight
    await page.fill('#airspace-name', NAME);
    await refused(page, strings['airspace_fault.contact']);
    await page.fill('#airspace-contact', 'EXERCISE air desk');
    await page.fill('#airspace-upper', 'high');
    await refused(page, strings['fault.height']);
    await page.fill('#airspace-upper', '4000');
    await refused(page, strings['fault.reference_missing']);
    await page.selectOption('#airspace-reference', 'AMSL');
    await page.fill('#airspace-accuracy', 'well');
    await refused(page, strings['airspace_fault.accuracy']);
    await page.fill('#airspace-accuracy', '50');
    await page.fill('#airspace-frequency', '121.5 MHz');
    await page.selectOption('#airspace-language', 'ru');
    await page.locator('dialog input[name=to][value=tr]').check();
    await page.locator('dialog .fault').waitFor({ state: 'detached' });
    await shot('1-dialog');
    await signed(page);
    await page.locator('#airspace .standing[data-state=in_force]').waitFor();
    ours = await opened();
    await page.locator(`[data-group="${NAME}"] [data-airspace="${ours}"][data-own=true]`).waitFor();
    await page.locator(`[data-group="${NAME}"] [data-same=false]`).waitFor();
    const [said] = inForce(ours);
    expect(said?.accuracy_m).toBe(50);
    expect(said?.plan?.features[0]?.properties).toMatchObject({ altitude_upper: 4000, altitude_reference: 'AMSL' });
    await page.locator('[data-say-airspace] [data-shapes="0"]').waitFor(); // what was drawn is said
    await browser.mapRests();
    await shot('2-said');
    parties.carry('ru', 'tr');
    expect(shown('tr', ours)).toMatchObject({ name: NAME, contact: 'EXERCISE air desk', frequency: '121.5 MHz' });
  });

  test('it is asserted anew: what is not other stays as it was', async () => {
    const { page } = browser;
    await page.locator('#airspace [data-act=amend]').click();
    await refused(page, strings['airspace_fault.nothing']);
    await page.fill('#airspace-accuracy', '');
    await refused(page, strings['airspace_fault.accuracy_kept']);
    await page.fill('#airspace-accuracy', '50');
    await page.selectOption('#airspace-terms', 'all');
    expect(await page.inputValue('#airspace-upper')).toBe('4000');
    await page.fill('#airspace-upper', '5000');
    await page.locator('dialog .fault').waitFor({ state: 'detached' });
    await shot('3-anew');
    await signed(page);
    await page.locator('#airspace .standing[data-version="2"]').waitFor();
    const now = shown('ru', ours);
    expect(now).toMatchObject({ version: 2, name: NAME, contact: 'EXERCISE air desk', frequency: '121.5 MHz' });
    expect(inForce(ours)[0]?.plan?.features[0]?.properties).toMatchObject({ altitude_upper: 5000, altitude_reference: 'AMSL' });
    expect(inForce(ours)[0]?.accuracy_m).toBe(50);
  });

  test('beside another\'s, from what it asserts, and drawn on', async () => {
    const { page } = browser;
    await page.locator(`#airspaces [data-airspace="${theirs}"] button`).click();
    await page.locator(`#airspace .standing[data-airspace="${theirs}"]`).waitFor();
    expect(await page.locator('#airspace [data-act=amend], #airspace [data-act=end]').count()).toBe(0);
    await page.locator('#airspace [data-act=copy]').click();
    await page.locator('[data-say-airspace] [data-shapes="1"]').waitFor();
    await page.locator('#airspace [data-beside]', { hasText: strings['airspace.beside_drawn'] }).waitFor();
    expect(await page.locator('#airspace [data-act=copy]').count()).toBe(0);
    await page.locator('#airspace [data-act=beside]').click();
    expect(await page.inputValue('#airspace-name')).toBe(NAME);
    expect(await page.inputValue('#airspace-where')).toBe('drawn');
    await page.selectOption('#airspace-where', 'typed');
    await refused(page, strings['fault.lat']);
    await page.selectOption('#airspace-where', 'standing');
    await page.fill('#airspace-contact', 'EXERCISE second desk');
    await shot('4-beside');
    await signed(page);
    await page.locator(`#airspace .standing[data-airspace="${theirs}"]`).waitFor({ state: 'detached' });
    const second = await opened();
    await page.locator(`[data-group="${NAME}"] [data-same=true]`).waitFor();
    expect(inForce(second)[0]?.plan?.features[0]?.properties).toMatchObject({ altitude_lower: 0, altitude_upper: 9000 });
    await page.locator('[data-say-airspace] [data-shapes="1"]').waitFor(); // it was not what was said
  });

  test('it is asserted no more after a question, and its versions stay', async () => {
    const { page } = browser;
    await page.locator(`#airspaces [data-airspace="${ours}"] button`).click();
    await page.locator(`#airspace .standing[data-airspace="${ours}"]`).waitFor();
    await page.locator('#airspace [data-act=end]').click();
    await shot('5-end');
    await signed(page);
    await page.locator(`#airspaces [data-airspace="${ours}"]`).waitFor({ state: 'detached' });
    await page.locator(`#airspace .standing[data-airspace="${ours}"][data-state=withdrawn]`).waitFor();
    expect(await page.locator('#airspace [data-act]').count()).toBe(0);
    expect(shown('ru', ours)).toMatchObject({ state: 'withdrawn', version: 3 });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.locator('nav.tabs button').nth(1).click();
    await shot('6-narrow');
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(browser.faults).toEqual([]);
  });
});
