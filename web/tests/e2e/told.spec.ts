// SPDX-License-Identifier: Apache-2.0
// Who was told: on msf's page a record is released to ru, ru takes it in by a file and says by a file
// what became of it there, and the page shows each step, in English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { missing, Node } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: who was told (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('who was told, in %s', (language, strings) => {
  let parties: Parties;
  let msf: Node;
  let browser: Browser;
  let record: string;
  const row = '.told li[data-party=ru]';
  const open = async (): Promise<void> => {
    await browser.page.locator(`.rows [data-id="${record}"] button`).click();
    await browser.page.locator('.told').waitFor();
  };

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    record = parties.protect('msf', 'EXERCISE', [36.3, 33.5]);
    msf = await Node.start(parties.register('msf'));
    browser = await Browser.open(language);
    await browser.page.addInitScript(() => sessionStorage.setItem('entente.map', '36.3 33.5 11'));
    await browser.page.goto(msf.link);
  });
  afterAll(async () => {
    await browser?.close();
    await msf?.destroy();
    parties?.destroy();
  });

  test('a record is released from its page, after a question that says what will be known', async () => {
    const { page } = browser;
    await open();
    await page.locator('.told', { hasText: strings['told.nobody'] }).waitFor();
    await page.locator('.told button').click();
    const dialog = page.locator('dialog');
    await dialog.locator('[type=submit]').click();
    expect(await dialog.locator('.fault').innerText()).toBe(strings['release.whom']);
    expect(await page.inputValue('#release-tier')).toBe('coarse'); // more only if one says so
    await dialog.locator('p', { hasText: strings['release.coarse_hint'] }).waitFor();
    await page.selectOption('#release-tier', 'exact');
    await dialog.locator('p', { hasText: strings['release.exact_hint'] }).waitFor();
    await page.selectOption('#release-to', 'ru');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-told-0-release`);
    await dialog.locator('[type=submit]').click();
    await page.locator(`${row}[data-tier=exact][data-rung=offered]`).waitFor();
    await dialog.waitFor({ state: 'detached' });
  });

  test('what they did with it comes by itself, with the place that they read', async () => {
    const { page } = browser;
    parties.carry('msf', 'ru');
    parties.act('ru', 'receipt', 'give', record, '--rung', 'passed', '--unit', 'TACC 1');
    parties.carry('ru', 'msf');
    await page.locator(`${row}[data-rung=passed]`).waitFor();
    await page.locator(`${row} summary`).click();
    const said = await browser.text(row);
    expect(said).toContain(strings['rung.read_back']);
    expect(said).toContain('Damascus, SY');
    expect(said).toContain('TACC 1');
    expect(await page.locator('.told [data-mark]').count()).toBe(0);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-told-1-passed`);
  });

  test('a refusal is not overlooked', async () => {
    const { page } = browser;
    parties.act('ru', 'receipt', 'give', record, '--rung', 'refused', '--reason', 'EXERCISE no such place');
    parties.carry('ru', 'msf');
    await page.locator(`${row} [data-mark=refused]`).waitFor();
    expect(await browser.text(row)).toContain('EXERCISE no such place');
    await browser.shot(`${language}-told-2-refused`);
    expect(browser.faults).toEqual([]);
  });
});
