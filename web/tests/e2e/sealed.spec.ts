// SPDX-License-Identifier: Apache-2.0
// msf seals a check of its plan on its page, opens it to ru and asks it again; on ru's page it stands
// beside what msf leaves sealed, and not all of it can be compared. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf, refused, seal, signed } from './activities';
import type { Browser } from './browser';
import { missing, Node } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: sealed checks (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('sealed checks, in %s', (language, strings) => {
  let parties: Parties;
  let node: Node | undefined;
  let browser: Browser;
  let check: string;
  const shot = async (name: string): Promise<void> => {
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-sealed-${name}`);
  };
  const begin = async (party: string): Promise<void> => {
    node = await Node.start(parties.register(party));
    browser = await pageOf(node, language);
  };
  const end = async (): Promise<void> => {
    await browser?.close();
    await node?.stop();
    node = undefined;
  };

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    parties.protect('msf', 'EXERCISE hospital', [36.3, 33.5]);
    await begin('msf');
  });
  afterAll(async () => {
    await end();
    parties?.destroy();
  });

  test('that none is sealed is said only where the list was read', async () => {
    const { page } = browser;
    await page.locator('#to-checks').click();
    const none = page.locator('#checks p', { hasText: strings['sealed.none'] });
    await none.waitFor();
    await browser.without(/\/v1\/checks$/, async () => {
      await page.locator('#checks [role=alert]').waitFor();
      expect(await none.count()).toBe(0);
    });
    await none.waitFor();
    expect(await page.locator('#checks [role=alert]').count()).toBe(0);
    await page.locator('#checks .back').click();
  });

  test('the check of a plan is sealed, after a question, and stands in the list', async () => {
    const { page } = browser;
    await page.locator('.plan summary', { hasText: strings['plan.type'] }).click();
    await page.fill('#typed-lat', '33.5');
    await page.fill('#typed-lng', '36.3');
    await page.fill('#typed-radius', '900');
    await page.locator('.plan form [type=submit]').click();
    expect(await browser.verdict()).toBe('conflict');
    await page.locator('#seal:enabled').click();
    await page.locator('dialog', { hasText: strings['sealed.seal_hint'] }).waitFor();
    await shot('0-seal');
    await signed(page);
    const row = page.locator('#checks [data-own=true]', { hasText: strings['verdict.conflict'] });
    await row.waitFor();
    check = (await row.getAttribute('data-check')) ?? '';
    await page.locator(`#check [data-check="${check}"]`).waitFor();
    await page.locator('#check .place', { hasText: '33.5' }).waitFor();
    await page.locator('#check .notice', { hasText: strings['sealed.notice'] }).waitFor();
    await browser.mapDraws();
  });

  test('it is asked again, and comes out the same as its author has it', async () => {
    const { page } = browser;
    await page.locator('#check [data-act=verify]').click();
    const verified = page.locator('.verified[data-word]');
    await verified.waitFor();
    expect(await verified.getAttribute('data-word')).toBe('same');
    await verified.locator('[data-verdicts=same]').waitFor();
    await verified.locator('[data-unopened="0"]').waitFor();
    await shot('1-same');
  });

  test('it is opened to another party', async () => {
    const { page } = browser;
    await page.locator('#check [data-act=open]').click();
    await refused(page, strings['declare.whom']);
    await page.locator('dialog input[name=to][value=ru]').check();
    await page.locator('dialog', { hasText: strings['sealed.open_text'] }).waitFor();
    await shot('2-open');
    await signed(page);
    await page.locator('#checks .back').click();
    await page.locator('#to-checks').click();
    await page.locator(`#checks [data-check="${check}"]`).waitFor();
    expect(browser.faults).toEqual([]);
    await end();
  });

  test('it is asked again where it was opened, and what cannot be compared is said, and why', async () => {
    seal(parties, 'msf', 'EXERCISE sortie');
    parties.carry('msf', 'ru');
    await begin('ru');
    const { page } = browser;
    await page.locator('#to-checks').click();
    await page.locator(`#checks [data-check="${check}"][data-own=false] button`).click();
    await page.locator(`#check [data-check="${check}"]`).waitFor();
    expect(await page.locator('#check [data-act=open]').count()).toBe(0);
    await page.locator('#check [data-act=verify]').click();
    const verified = page.locator('.verified[data-word=not_compared]');
    await verified.waitFor();
    await verified.locator('[data-code=bodies_missing]', { hasText: strings['not_compared.bodies_missing'] }).waitFor();
    await verified.locator('[data-differing=not_read]').waitFor();
    await page.locator('#check summary', { hasText: strings['sealed.count'] }).click();
    await page.fill('#check-from', 'x');
    await page.locator('#check .fault', { hasText: strings['sealed.count_fault'] }).waitFor();
    await page.fill('#check-from', '0');
    await page.fill('#check-until', '6'); // with the activity that stays sealed
    await page.locator('#check [data-act=verify]').click();
    await verified.locator('[data-unopened]:not([data-unopened="0"])').waitFor();
    await shot('3-not-compared');
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-sealed-4-narrow`);
    expect(browser.faults).toEqual([]);
  });
});
