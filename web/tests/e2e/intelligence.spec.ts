// SPDX-License-Identifier: Apache-2.0
// What four parties know, on fr's page: an incident with who says what of it, each beside the others;
// what was given coarsely; what comes in while one looks. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf } from './activities';
import type { Browser } from './browser';
import { Known } from './intelligence';
import { missing, Node, run } from './node';

const reason = missing();
if (reason) console.log(`skipped: intelligence (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('what parties know, in %s', (language, strings) => {
  let known: Known;
  let node: Node;
  let browser: Browser;
  const plain = async (selector: string): Promise<string> =>
    (await browser.text(selector)).replace(/[\u2066-\u2069]/g, '');

  beforeAll(async () => {
    known = Known.begin();
    node = await Node.start(known.parties.register('fr'));
    browser = await pageOf(node, language);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    known?.parties.destroy();
  });

  test('is listed by kind and by party, with what of it is open', async () => {
    const { page } = browser;
    await page.locator('#to-sharing').click();
    await page.locator(`#statements [data-statement="${known.incident}"][data-tier=exact]`).waitFor();
    await page.locator(`#statements [data-statement="${known.torn}"][data-tier=coarse]`).waitFor();
    await page.selectOption('#sharing-kind', 'report');
    await page.locator('#statements .count[data-total="4"]').waitFor();
    await page.selectOption('#sharing-party', 'un');
    await page.locator('#statements .count[data-total="2"]').waitFor();
    expect(await browser.axe()).toEqual([]);
    await page.selectOption('#sharing-party', '');
    await page.selectOption('#sharing-kind', '');
    await page.locator('#statements .count[data-total="10"]').waitFor();
  });

  test('while nothing is read of who is said to have done it, nobody is said to be silent', async () => {
    const { page } = browser;
    await browser.without(/v1\/statements\?about=/, async () => {
      await page.locator(`#statements [data-statement="${known.incident}"] button`).click();
      await page.locator('#statement .fault[role=alert]').waitFor();
      await page.locator('#statement [data-part=responsibility]').waitFor();
      expect(await page.locator('#statement [data-silent]').count()).toBe(0);
    });
  });

  test('an incident is said in words, and a number that is not known is no 0', async () => {
    const { page } = browser;
    await page.locator(`#statements [data-statement="${known.incident}"] button`).focus();
    await page.keyboard.press('Enter');
    await page.locator(`#statement [data-statement="${known.incident}"]`).waitFor();
    const killed = '#statement [data-harm=killed]';
    expect(await plain(`${killed} [data-count=least]`)).toContain('30');
    expect(await plain(`${killed} [data-count=most]`)).toContain(strings['sharing.not_known']);
    expect(await plain('#statement [data-harm=missing] [data-count=best]')).toContain(strings['sharing.none_said']);
    const said = await plain('#statement');
    for (const part of [
      'EXERCISE the ward was hit', 'EXERCISE register', 'EXERCISE hospital', strings['said_word.damage_destroyed'],
      'EXERCISE staff', 'A2', strings['said_word.time_precision_hour'], strings['sharing.notice'],
    ]) expect(said).toContain(part);
    await page.locator('#statement .label-signed[data-tlp=red]', { hasText: strings['said_word.onward_none'] }).waitFor();
    expect(await plain('#statement [data-leaf]')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    await browser.mapDraws();
  });

  test('who says what of it stands beside one another', async () => {
    const { page } = browser;
    await page.locator('#statement [data-party=un] [data-stance=attributes]', { hasText: 'Party RU' }).waitFor();
    await page.locator('#statement [data-party=ru] [data-stance=denies]').waitFor();
    await page.locator('#statement [data-silent]', { hasText: 'Party MSF' }).waitFor();
    await page.locator('#statement [data-part=assessment] [data-party=un][data-opinion=doubts]', { hasText: 'D4' }).waitFor();
    await page.locator('#statement [data-part=assessment] [data-party=msf]', { hasText: 'A2' }).waitFor();
    await page.locator(`#statement [data-link="${known.link}"] [data-answer=none][data-party=fr]`).waitFor();
    await page.locator('#statement [data-lines="2"][data-reports="3"]').waitFor();
    expect(await plain('#statement [data-by=source]')).toContain('AFP, 2015-11-14');
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-0-incident`);
    await page.locator('#statement [data-part=assessment]').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-1-around`);
    await page.locator('#statement .label-signed').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-2-label`);
  });

  test('one goes from one to the next, and back', async () => {
    const { page } = browser;
    await page.locator(`#statement [data-link="${known.link}"] [data-record="${known.other}"]`).click();
    await page.locator(`#statement [data-statement="${known.other}"]`).waitFor();
    await page.locator('#statement .back').click();
    await page.locator(`#statement [data-statement="${known.incident}"]`).waitFor();
  });

  test('of what was given coarsely the coarse part is shown, and nothing else', async () => {
    const { page } = browser;
    await page.locator(`#statements [data-statement="${known.torn}"] button`).click();
    await page.locator('#statement [data-part=tear]', { hasText: 'EXERCISE lorries about' }).waitFor();
    expect(await plain('#statement')).not.toContain('twelve');
    expect(await browser.axe()).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-3-narrow`);
    await page.locator('nav.tabs button').nth(1).click();
    await browser.shot(`${language}-intelligence-4-narrow-list`);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('what is said while one looks comes in by itself', async () => {
    const { page } = browser;
    await page.locator(`#statements [data-statement="${known.incident}"] button`).click();
    await page.locator('#statement [data-party=un] [data-stance=attributes]').waitFor();
    known.say('msf', 'responsibility', '--of', known.incident, '--stance', 'silent', '--contact', 'EXERCISE desk',
      '--to', 'fr');
    known.parties.carry('msf', 'fr');
    await page.locator('#statement [data-party=msf] [data-stance=silent]').waitFor();
    run('incident', 'amend', known.incident, '--text', 'EXERCISE two wards were hit', '--data', known.parties.data('msf'));
    known.parties.carry('msf', 'fr');
    await page.locator(`#statement [data-statement="${known.incident}"][data-version="2"]`).waitFor();
    expect(await plain('#statement')).toContain('EXERCISE two wards were hit');
    await page.locator('#statement [data-part=assessment] .note', { hasText: strings['sharing.of_earlier'] }).waitFor();
    run('incident', 'withdraw', known.other, '--data', known.parties.data('un'));
    known.parties.carry('un', 'fr');
    await page.locator(`#statements [data-statement="${known.other}"]`).waitFor({ state: 'detached' });
    await page.locator('#sharing-withdrawn').check();
    await page.locator(`#statements [data-statement="${known.other}"][data-state=withdrawn]`).waitFor();
    expect(browser.faults).toEqual([]);
  });
});
