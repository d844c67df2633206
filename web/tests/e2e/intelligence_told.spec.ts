// SPDX-License-Identifier: Apache-2.0
// What had been told before an incident, on fr's page: a hospital that msf had stated there and given to
// fr, how far fr had got with it by then, and all of it as a time line. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { hours, pageOf } from './activities';
import type { Browser } from './browser';
import { placed } from './intelligence';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: what had been told (${reason})`);

const AT: [number, number] = [36.3017, 33.5023];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('what had been told, in %s', (language, strings) => {
  let parties: Parties;
  let node: Node;
  let browser: Browser;
  let hospital: string;
  let far: string;
  let incident: string;
  const id = (said: string): string => /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';

  beforeAll(async () => {
    parties = Parties.begin(['fr', 'msf']);
    hospital = parties.protect('msf', 'EXERCISE hospital', AT);
    far = parties.protect('msf', 'EXERCISE clinic', [36.3417, 33.5023]);
    for (const one of [hospital, far]) parties.release('msf', one, 'fr', 'exact');
    parties.carry('msf', 'fr');
    parties.act('fr', 'receipt', 'give', hospital, '--rung', 'passed', '--unit', 'EXERCISE wing');
    parties.carry('fr', 'msf');
    incident = placed(AT, (place) => id(run('incident', 'add', '--sort', 'air_strike', '--from', hours(1), '--until', hours(2),
      '--volumes', place, '--place-precision', 'district', '--contact', 'EXERCISE desk', '--to', 'fr', '--data', parties.data('msf'))));
    parties.carry('msf', 'fr');
    node = await Node.start(parties.register('fr'));
    browser = await pageOf(node, language);
    await browser.page.locator('#to-sharing').click();
    await browser.page.locator(`#statements [data-statement="${incident}"] button`).click();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    parties?.destroy();
  });

  test('what stood there is named, with how far fr had got with it', async () => {
    const { page } = browser;
    await page.locator('#statement [data-tab=told]').click();
    const row = page.locator(`#statement [data-part=join] [data-record="${hospital}"]`);
    await row.waitFor();
    expect([await row.getAttribute('data-stood'), await row.getAttribute('data-touches')]).toEqual(['throughout', 'true']);
    await row.locator('[data-told=fr][data-by-then=passed]', { hasText: strings['rung.passed'] }).waitFor();
    await row.locator('summary').click();
    await row.locator('ol', { hasText: 'EXERCISE wing' }).waitFor();
    await page.locator('#statement [data-part=join] .notice', { hasText: strings['join.notice'] }).waitFor();
    const district = strings['said_word.place_precision_district'];
    await page.locator('#statement [data-part=join] [data-precision=district]', { hasText: district }).waitFor();
    await page.locator('#statement .time-line [data-what=passed][data-party=fr]', { hasText: 'EXERCISE wing' }).waitFor();
    await page.locator('#statement .time-line [data-what=from]').waitFor();
    expect(await page.locator(`#statement [data-record="${far}"]`).count()).toBe(0);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-16-told`);
  });

  test('further around there is more, and one opens it in the register', async () => {
    const { page } = browser;
    await page.selectOption('#join-within', '5000');
    const row = page.locator(`#statement [data-part=join] [data-record="${far}"][data-touches=false]`);
    await row.waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await page.locator('#statement .time-line').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-17-told-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
    await row.locator('button').click();
    await page.locator(`.record[data-record="${far}"]`).waitFor();
    expect(browser.faults).toEqual([]);
  });
});
