// SPDX-License-Identifier: Apache-2.0
// msf objects to what ru plans: ru's page shows the grounds in the answer to that plan and in its
// list, msf's lists it and lifts it after a question that says what that means.
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
if (reason) console.log(`skipped: objections (${reason})`);

const AT = [36.3, 33.5] as const;
const GROUNDS = 'EXERCISE a clinic moves there';
const plan = JSON.stringify({
  type: 'Feature', geometry: { type: 'Point', coordinates: AT }, properties: { radius_m: 400 },
});

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('an objection, in %s', (language, strings) => {
  let folder: string;
  let parties: Parties;
  let record: string;
  const nodes: Node[] = [];
  const browsers: Browser[] = [];

  const open = async (party: string): Promise<Browser> => {
    const node = await Node.start(parties.register(party));
    nodes.push(node);
    const browser = await Browser.open(language);
    browsers.push(browser);
    await browser.page.addInitScript(() => sessionStorage.setItem('entente.map', '36.3 33.5 12'));
    await browser.page.goto(node.link);
    return browser;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'entente-objections-'));
    parties = Parties.begin(['msf', 'ru']);
    writeFileSync(join(folder, 'plan.geojson'), plan);
    const said = run('object', 'add', '--activity', 'a2b3c4d5e6f7a2b3', '--entry', `${'A'.repeat(43)}=`,
      '--party', 'ru', '--plan', join(folder, 'plan.geojson'), '--grounds', GROUNDS, '--contact',
      'EXERCISE desk', '--data', parties.data('msf'));
    record = /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
    parties.carry('msf', 'ru');
  });
  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    for (const node of nodes) await node.destroy();
    parties?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test('stands in the answer of whose activity it is, with its grounds, and in its list', async () => {
    const browser = await open('ru');
    const { page } = browser;
    await page.locator('.plan details summary', { hasText: strings['plan.type'] }).click();
    await page.fill('#typed-lat', String(AT[1]));
    await page.fill('#typed-lng', String(AT[0]));
    await page.locator('.plan details form button').click();
    const found = page.locator(`.findings.objections [data-id="${record}"][data-kind=objection]`);
    await found.waitFor();
    const said = (await found.textContent()) ?? '';
    for (const part of [GROUNDS, 'a2b3c4d5e6f7a2b3', 'EXERCISE desk', strings['objection.kind']]) {
      expect(said).toContain(part);
    }
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-objections-0-answer`);
    await page.locator('details.objections[data-total="1"] summary').click();
    await page.locator(`details.objections li[data-id="${record}"]`).waitFor();
    expect(await page.locator('details.objections .grave').count()).toBe(0); // it is not ours
    await page.locator(`details.objections li[data-id="${record}"] button`).click();
    await page.locator('.record [data-grounds]', { hasText: GROUNDS }).waitFor();
    expect(await page.locator('.record .acts .grave').count()).toBe(0);
    await browser.shot(`${language}-objections-1-record`);
    expect(browser.faults).toEqual([]);
  });

  test('is lifted by its author, and stands until that is final', async () => {
    const browser = await open('msf');
    const { page } = browser;
    await page.locator('details.objections summary').click();
    await page.locator(`details.objections li[data-id="${record}"] .grave`).click();
    await page.locator('dialog', { hasText: GROUNDS }).waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-objections-2-lift`);
    await page.locator('dialog [type=submit]').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('.record .standing[data-state=pending_relaxation]').waitFor();
    await browser.shot(`${language}-objections-3-pending`);
    expect(browser.faults).toEqual([]);
  });
});
