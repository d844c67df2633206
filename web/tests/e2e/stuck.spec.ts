// SPDX-License-Identifier: Apache-2.0
// What no unit has confirmed, at the party that was told: it stands on the page until a unit has read
// back the code of its sheet, in English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { missing, Node } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: what no unit has confirmed (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('stuck, in %s', (language, strings) => {
  let parties: Parties;
  let ru: Node;
  let browser: Browser;
  let record: string;

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    record = parties.protect('msf', 'EXERCISE', [36.3, 33.5]);
    parties.release('msf', record, 'ru', 'exact');
    parties.carry('msf', 'ru');
    parties.protect('ru', 'EXERCISE told nobody', [36.5, 33.5]);
    ru = await Node.start(parties.register('ru'));
    browser = await Browser.open(language);
    await browser.page.goto(ru.link);
    await browser.page.locator('.top button', { hasText: strings['notice.title'] }).click();
    await browser.page.locator('#stuck').waitFor();
  });
  afterAll(async () => {
    expect(browser?.faults).toEqual([]);
    await browser?.close();
    await ru?.destroy();
    parties?.destroy();
  });

  test('what was released here is listed until it is passed down', async () => {
    const { page } = browser;
    const line = page.locator(`#stuck [data-side=theirs] [data-stuck="${record}"]`);
    await line.waitFor();
    const said = await line.innerText();
    for (const part of [strings['class.hospital'], 'Party MSF', strings['stuck.now']]) {
      expect(said).toContain(part);
    }
    await page.locator('#stuck p', { hasText: strings['stuck.none_ours'] }).waitFor();
    await page.locator('#stuck [data-untold=msf]').waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-stuck-0`);
  });

  test('a sheet is printed, a slip in its code is named, and the code confirms', async () => {
    const { page } = browser;
    await page.locator('#paper-print input').fill('TACC');
    await page.locator('#paper-print button').click();
    const text = await page.locator('[data-sheet] pre').innerText();
    expect(text).toContain(record);
    const code = /^CODE {2}(\S{4}-\S{4})$/m.exec(text)?.[1] ?? '';
    expect(code).not.toBe('');
    const enter = async (typed: string): Promise<void> => {
      await page.locator('#paper-code input').first().fill(typed);
      await page.locator('#paper-code button').click();
    };
    await enter(`O${code.slice(1)}`);
    await page.locator('.paper [role=alert]').waitFor();
    browser.faults.length = 0; // Chromium writes each refused request to the console
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-stuck-1-sheet`);
    await enter(code.toLowerCase());
    await page.locator('#stuck p', { hasText: strings['stuck.none_theirs'] }).waitFor();
    expect(await page.locator('.paper [role=alert]').count()).toBe(0);
    await browser.shot(`${language}-stuck-2-confirmed`);
    // Where the next reading fails it is not said that there is nothing.
    const none = page.locator('#stuck p', { hasText: strings['stuck.none_theirs'] });
    await browser.without(/\/v1\/stuck$/, async () => {
      await page.locator('#stuck > [role=alert]').waitFor();
      expect(await none.count()).toBe(0);
    });
    await none.waitFor();
    expect(await page.locator('#stuck > [role=alert]').count()).toBe(0);
  });
});
