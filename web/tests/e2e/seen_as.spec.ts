// SPDX-License-Identifier: Apache-2.0
// "As seen by": msf's page in the view of ru and of un, against what ru's own page shows of the
// same records: list, map, record and check. In English and in Arabic, by keyboard, by address and
// by the way back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser, type Holder } from './browser';
import { missing, Node } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: as seen by another party (${reason})`);

const SITES: [number, number][] = [[36.3, 33.5], [36.34, 33.5], [36.38, 33.5]];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('as seen by, in %s', (language, strings) => {
  let parties: Parties;
  let msf: Node;
  let ru: Node;
  let browser: Browser;
  let exact: string, coarse: string, kept: string;
  const words = (text: string, values: Record<string, string>): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru', 'un']);
    [exact, coarse, kept] = SITES.map((at, i) => parties.protect('msf', `EXERCISE ${i}`, at)) as [string, string, string];
    parties.release('msf', exact, 'ru', 'exact');
    parties.release('msf', coarse, 'ru', 'coarse');
    msf = await Node.start(parties.register('msf'));
    parties.fetch('ru', 'msf', msf);
    ru = await Node.start(parties.register('ru'));
    browser = await Browser.open(language);
    // Both pages begin at the same place of the map.
    await browser.page.addInitScript(() => {
      if (!sessionStorage.getItem('entente.map')) sessionStorage.setItem('entente.map', '36.34 33.5 11');
    });
  });
  afterAll(async () => {
    await browser?.close();
    await msf?.destroy();
    await ru?.destroy();
    parties?.destroy();
  });

  const ids = async (): Promise<string[]> => {
    await browser.page.locator('.rows[aria-busy=false]').waitFor();
    const rows = await browser.page.locator('.rows li').all();
    return (await Promise.all(rows.map((row) => row.getAttribute('data-id')))).map(String).sort();
  };
  const counted = async (total: number): Promise<void> => {
    await browser.page.locator(`.count[data-total="${total}"]`).waitFor();
  };
  /** Name and class; where it lies is told from the plan, if there is one. */
  const named = async (id: string): Promise<string[]> =>
    (await browser.page.locator(`.rows [data-id="${id}"] .row-text > span`).allInnerTexts()).slice(0, 2);
  const choose = async (party: string): Promise<void> => {
    await browser.page.locator('#seen-as').selectOption(party);
  };
  /** Brings all sites into the map's picture; a typed circle draws it to itself. */
  const overview = async (): Promise<void> => {
    await browser.page.evaluate(() => {
      (document.querySelector('.holder') as Holder).map.jumpTo({ center: [36.34, 33.5], zoom: 11 });
    });
    await browser.mapRests();
  };
  const circle = async (at: [number, number]): Promise<string> => {
    const { page } = browser;
    await page.locator('.plan details summary', { hasText: strings['plan.type'] }).click();
    await page.fill('#typed-lat', String(at[1]));
    await page.fill('#typed-lng', String(at[0]));
    await page.locator('.plan details form button').click();
    return browser.verdict();
  };

  test('the list, the map and the check are what ru itself has of it, and the bar says so', async () => {
    const { page } = browser;
    await page.goto(ru.link);
    await browser.mapRests();
    await counted(2);
    const theirs = await ids();
    expect(theirs).toEqual([exact, coarse].sort());
    const told = await named(exact);

    await page.goto(msf.link);
    await browser.mapRests();
    await counted(3);
    expect(await page.locator('.seen-as').count()).toBe(0);
    expect(await circle(SITES[0] as [number, number])).toBe('conflict');
    await overview();
    await browser.mapShows(kept, true);
    await browser.mapMarks(exact, 'touched');
    await browser.shot(`${language}-as-0-own`);

    await choose('ru');
    await counted(2);
    expect(await ids()).toEqual(theirs);
    expect(await named(exact)).toEqual(told);
    expect(await browser.text('.seen-as strong')).toBe(words(strings['as.bar'], { party: 'Party RU' }));
    const list = page.locator('.seen-as .list');
    expect(await list.getAttribute('data-given')).toBe('2');
    expect(await list.getAttribute('data-acknowledged')).toBe('0');
    expect(await list.innerText()).toContain('Party RU'); // it may not hold the newest yet
    expect(await browser.verdict()).toBe('conflict');
    await page.locator('.answer .seen-by[data-as=ru]').waitFor();
    await browser.mapRests();
    await browser.mapShows(kept, false);
    await browser.mapShows(exact, true);
    expect(await page.locator('.register .bar button').count()).toBe(0); // nothing is said from here
    expect(page.url()).toMatch(/\?as=ru$/);
    expect(await page.title()).toContain('Party RU');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-as-1-ru`);
  });

  test('a record is as exact as it was released, and what was not released is not there', async () => {
    const { page } = browser;
    await page.locator(`.rows [data-id="${coarse}"] button`).click();
    await page.locator(`.record[data-record="${coarse}"]`).waitFor();
    expect(await page.locator('.record [data-flag=coarse]').count()).toBe(1);
    expect(await browser.text('.record .standing')).toContain(strings['class.hospital']);
    expect(await browser.text('.record')).not.toContain(strings['record.not_understood']);
    expect(await page.locator('.record .acts button').count()).toBe(1); // to the map
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-as-2-coarse`);
    await choose('un');
    await page.locator('.register .fault').waitFor();
    expect(await browser.text('.register .fault'))
      .toBe(words(strings['as.not_seen'], { party: 'Party UN', own: 'Party MSF' }));
    browser.faults.length = 0; // Chromium writes each refused request to the console
    expect(await browser.verdict()).toBe('no_registered_conflict');
    await page.locator('.back').click();
    await overview(); // the list is of what the map shows
    await counted(0);
    await browser.mapShows(exact, false);
    await browser.shot(`${language}-as-3-un`);
  });

  test('the address keeps it, and the ways back lead back', async () => {
    const { page } = browser;
    await page.goBack();
    await page.locator('.seen-as[data-as=ru]').waitFor();
    await counted(2);
    await page.reload();
    await browser.mapRests();
    await page.locator('.seen-as[data-as=ru]').waitFor();
    await counted(2);
    await browser.mapShows(kept, false);
    await page.locator('.seen-as button').focus();
    await page.keyboard.press('Enter');
    await counted(3);
    expect(await page.locator('.seen-as').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('seen-as');
    expect(page.url()).not.toContain('as=');
    await page.waitForFunction(
      (text) => document.querySelector('[data-spoken]')?.textContent?.includes(text), 'Party MSF',
    );
    await browser.mapRests();
    await browser.mapShows(kept, true);
    await page.keyboard.press('ArrowDown'); // the choice by keyboard
    await page.locator('.seen-as[data-as=ru]').waitFor();
    await counted(2);
    await page.setViewportSize({ width: 400, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-as-4-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('what was asked in one view is not signed from another', async () => {
    const { page } = browser;
    await page.locator('.seen-as button').click();
    await page.locator(`.rows [data-id="${exact}"] button`).click();
    await page.locator('.record .acts .grave').click();
    await page.locator('dialog').waitFor();
    await page.goBack();
    await page.locator('.seen-as[data-as=ru]').waitFor();
    await page.locator(`.record[data-record="${exact}"] .standing`).waitFor();
    expect(await page.locator('dialog').count()).toBe(0);
    expect(await page.locator('.told').count()).toBe(0);
    await page.locator('.back').click();
    await overview();
  });

  test('what is released meanwhile comes by itself; a party that there is not has no view', async () => {
    const { page } = browser;
    parties.release('msf', kept, 'ru', 'coarse');
    await counted(3);
    await page.locator('.seen-as [data-given="3"]').waitFor();
    await page.goto(`${msf.origin}/?as=de`);
    await browser.mapRests();
    await counted(3);
    expect(await page.locator('.seen-as').count()).toBe(0);
    expect(await browser.text('.said')).toContain("'de'");
    expect(page.url()).not.toContain('as=');
    await browser.shot(`${language}-as-5-unknown`);
    expect(browser.faults).toEqual([]);
  });
});
