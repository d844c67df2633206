// SPDX-License-Identifier: Apache-2.0
// Movements on msf's page: one is stated, its legs drawn and typed, in numbers and with vehicles; the
// list says who is late, who left early and who has not confirmed which leg; a leg is amended. And
// ru's page, which is told no name and no place in a list. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { hours, pageOf, typed } from './activities';
import { Browser } from './browser';
import { missing, Node } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: movements (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('movements, in %s', (language, strings) => {
  let parties: Parties;
  let msf: Node;
  let ru: Node;
  let browser: Browser;
  let record = '';
  const shot = async (name: string): Promise<void> => {
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-movements-${name}`);
  };
  const row = (): string => `#movements [data-movement="${record}"]`;
  /** Signing says what is missing, and signs nothing. */
  const refused = async (why: string): Promise<void> => {
    await browser.page.locator('#move-go').click();
    await browser.page.locator('#movement-form > .fault', { hasText: why }).waitFor();
  };
  const fillLeg = async (n: number, from: string, to: string, start: number, end: number): Promise<void> => {
    const leg = browser.page.locator('#movement-form .area > .shapes > .shape').nth(n);
    await leg.locator('[id$="-from"]').fill(from);
    await leg.locator('[id$="-to"]').fill(to);
    await leg.locator('[id$="-start"]').fill(typed(hours(start)));
    await leg.locator('[id$="-end"]').fill(typed(hours(end)));
  };
  const typeLeg = async (corners: string): Promise<void> => {
    const { page } = browser;
    if (!(await page.locator('#move-type textarea').isVisible())) await page.locator('#move-type summary').click();
    await page.locator('#move-type textarea').fill(corners);
    await page.locator('#move-type input').fill('150');
    await page.locator('#move-type [type=submit]').click();
  };

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    msf = await Node.start(parties.register('msf'));
    browser = await pageOf(msf, language);
  });
  afterAll(async () => {
    await browser?.close();
    await msf?.destroy();
    await ru?.destroy();
    parties?.destroy();
  });

  test('one is begun, and what is missing is asked for', async () => {
    const { page } = browser;
    await page.locator('#to-movements').click();
    await page.locator('#movements', { hasText: strings['movements.none'] }).waitFor();
    await page.locator('#movement-new').click();
    await page.fill('#move-name', 'EXERCISE convoy');
    await refused(strings['said.contact']);
    await page.fill('#move-contact', 'EXERCISE movement desk');
    await refused(strings['move.no_leg']);
    await page.locator('#move-vehicles-add').click();
    await page.fill('#move-vehicles-0-vehicle_type', '3 lorries');
    await refused(strings['said.callsign']);
    await page.fill('#move-vehicles-0-callsign', 'EXERCISE-1');
    await page.fill('#move-vehicles-0-marking', 'EXERCISE flag on the roof');
  });

  test('a leg is drawn on the map, another is typed', async () => {
    const { page } = browser;
    await page.locator('#movement-form .tools button').click();
    await browser.mapRests();
    for (const at of [[36.25, 33.5], [36.3, 33.51]] as const) {
      const { x, y } = await browser.pixel([...at]);
      await page.mouse.click(x, y);
    }
    await page.keyboard.press('Enter');
    await page.locator('#movement-form .area[data-shapes="1"]').waitFor();
    await refused(strings['leg_fault.from']);
    await typeLeg('33.51, 36.3\nnowhere');
    await page.locator('#move-type .fault').waitFor();
    await refused(strings['move.unapplied']);
    await typeLeg('33.51, 36.3\n33.5, 36.35');
    await page.locator('#movement-form .area[data-shapes="2"]').waitFor();
    await fillLeg(0, 'EXERCISE town 1', 'EXERCISE town 2', -0.5, 2);
    await fillLeg(1, 'EXERCISE town 2', 'EXERCISE town 3', 3, 2);
    await refused(strings['leg_fault.order']);
    await fillLeg(1, 'EXERCISE town 2', 'EXERCISE town 3', 3, 5);
    for (const tick of await page.locator('#movement-form [name$="-vehicles"]').all()) await tick.check();
    await page.selectOption('[data-to=ru]', 'exact');
    await browser.mapDraws();
    await shot('0-legs');
    await page.locator('#movement-form h2').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-movements-0-form`);
  });

  test('once signed it stands in the list, with what is late and what nobody has confirmed', async () => {
    const { page } = browser;
    await page.locator('#move-go').click();
    await page.locator('#movement .legs [data-leg="1"][data-state=late]').waitFor();
    record = (await page.locator('#movement [data-record]').getAttribute('data-record')) ?? '';
    await page.locator(`${row()} [data-leg="1"][data-state=late].note`).waitFor();
    await page.locator(`${row()} [data-leg="2"][data-state=planned]`).waitFor();
    await page.locator(`${row()} [data-unconfirmed="1"][data-party=ru]`).waitFor();
    await page.locator(`${row()} [data-next]`).waitFor();
    expect(await browser.text('#movement .legs')).toContain('EXERCISE-1');
    expect(await page.locator('#movement-form').count()).toBe(0);
    await browser.mapRests();
    await shot('1-list');
  });

  test('what a unit has confirmed is asked for no more', async () => {
    const { page } = browser;
    parties.carry('msf', 'ru');
    parties.act('ru', 'receipt', 'give', record, '--rung', 'confirmed', '--unit', 'EXERCISE wing');
    parties.carry('ru', 'msf');
    await page.locator('#movements-over').check(); // reads it anew
    await page.locator(`${row()} [data-unconfirmed]`).first().waitFor({ state: 'detached' });
  });

  test('a leg is amended, alone to be confirmed anew; and a further one has a number of its own', async () => {
    const { page } = browser;
    await page.locator('#movement [data-act=amend]').click();
    await page.locator(`#movement-form[data-amends="${record}"]`).waitFor();
    expect(await page.locator('#move-name').count()).toBe(0);
    expect(await page.inputValue('#move-vehicles-0-vehicle_type')).toBe('3 lorries');
    const second = page.locator('#movement-form .area > .shapes > .shape').nth(1);
    expect(await second.locator('[id$="-from"]').inputValue()).toBe('EXERCISE town 2');
    await second.locator('[id$="-end"]').fill(typed(hours(7)));
    await typeLeg('33.5, 36.35\n33.52, 36.4');
    await fillLeg(2, 'EXERCISE town 3', 'EXERCISE town 4', 8, 9);
    await shot('2-amend');
    await page.locator('#move-go').click();
    await page.locator('#movement .legs [data-leg="3"][data-state=planned]').waitFor();
    await page.locator(`${row()} [data-unconfirmed="2"]`).waitFor();
    await page.locator(`${row()} [data-unconfirmed="3"]`).waitFor();
    expect(await page.locator(`${row()} [data-unconfirmed="1"]`).count()).toBe(0);
  });

  test('a leg that sets out before its time is marked so in the list', async () => {
    const { page } = browser;
    await page.locator('#movement .legs [data-leg="2"] button').click();
    await page.locator('dialog [type=submit]').click();
    await page.locator(`${row()} [data-leg="2"][data-state=under_way] [data-mark=early]`).waitFor();
    await shot('3-early');
    expect(browser.faults).toEqual([]);
  });

  test('it is of use where it is narrow', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 390, height: 800 });
    await shot('5-narrow');
    await page.locator('#movement [data-act=amend]').click();
    await page.locator('#movement-form .area[data-shapes="3"]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await shot('5-narrow-form');
    await page.locator('#movement-form > .acts button').first().click();
    await page.locator('#movement [data-record]').waitFor();
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('another party is told in its list whose it is and how it stands, and the rest one by one', async () => {
    parties.carry('msf', 'ru');
    ru = await Node.start(parties.register('ru'));
    await browser.close();
    browser = await pageOf(ru, language);
    const { page } = browser;
    await page.locator('#to-movements').click();
    await page.locator(`${row()} [data-leg="2"][data-state=under_way]`).waitFor();
    expect(await browser.text(row())).not.toContain('EXERCISE convoy');
    expect(await browser.text(row())).toContain('Party MSF');
    await page.locator(`${row()} button`).click();
    await page.locator('#movement h2', { hasText: 'EXERCISE convoy' }).waitFor();
    expect(await page.locator('#movement [data-act=amend]').count()).toBe(0);
    await browser.mapRests();
    await shot('4-other');
    expect(browser.faults).toEqual([]);
  });
});
