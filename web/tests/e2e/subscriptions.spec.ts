// SPDX-License-Identifier: Apache-2.0
// Standing subscriptions on ru's page: by kind of notice, class, party and area. What msf says there is
// told, what it says elsewhere, or of another class, or what others say there, is not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: subscriptions (${reason})`);

const AT: [number, number] = [36.3, 33.5];
const FAR: [number, number] = [36.9, 34.2];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('subscriptions, in %s', (language, strings) => {
  let parties: Parties;
  let node: Node;
  let browser: Browser;
  const told = '#notices [data-notice]';
  const form = '#subscribe-form';

  const pick = async (name: string, value: string): Promise<void> => {
    const { page } = browser;
    const box = page.locator(`input[name=subscribe-${name}][value=${value}]`);
    if (!(await box.isVisible())) await page.locator(`[data-pick=subscribe-${name}] summary`).click();
    await box.check();
  };

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'un', 'ru']);
    node = await Node.start(parties.register('ru'));
    browser = await Browser.open(language);
    await browser.page.goto(node.link);
    await browser.page.locator('.top button', { hasText: strings['notice.title'] }).click();
    await browser.page.locator(form).waitFor();
  });
  afterAll(async () => {
    expect(browser?.faults).toEqual([]);
    await browser?.close();
    await node?.destroy();
    parties?.destroy();
  });

  test('an area that does not read is neither sent nor taken for everywhere', async () => {
    const { page } = browser;
    await page.selectOption('#subscribe-area', 'typed');
    await page.fill('#subscribe-area-lat', '33.5');
    await page.locator(`${form} [type=submit]`).click();
    expect(await page.locator(`${form} [role=alert]`).innerText()).toBe(strings['fault.lng']);
    expect(await page.locator('[data-subscription]').count()).toBe(0);
  });

  test('what is chosen is asked for, and the list says it', async () => {
    const { page } = browser;
    await pick('what', 'record');
    await pick('classes', 'hospital');
    await pick('parties', 'msf');
    await page.fill('#subscribe-area-lng', '36.3');
    await page.fill('#subscribe-area-radius', '2000');
    await page.locator('.read-back', { hasText: 'Damascus' }).waitFor();
    expect(await browser.axe()).toEqual([]);
    await page.locator(`${form} [type=submit]`).scrollIntoViewIfNeeded();
    await browser.shot(`${language}-subscriptions-0-form`);
    await page.locator(`${form} [type=submit]`).click();
    const card = page.locator('[data-subscription]');
    await card.waitFor();
    const said = await browser.text('[data-subscription]');
    for (const part of [strings['class.hospital'], strings['notice_word.record'], 'Party MSF', strings['notice.in_area'], '33.5']) {
      expect(said).toContain(part);
    }
    expect(said).not.toContain(strings['notice.everywhere']);
    // The next one begins with nothing chosen.
    expect(await page.locator('[data-pick=subscribe-parties] summary').innerText()).toContain(strings['search.any']);
    expect(await page.inputValue('#subscribe-area')).toBe('none');
    const [made] = JSON.parse(run('subscribe', 'list', '--data', parties.data('ru'), '--json')).subscriptions;
    expect(made).toMatchObject({ what: ['record'], classes: ['hospital'], parties: ['msf'] });
    expect(made.area).toMatchObject([{ geometry: { type: 'Point', coordinates: AT }, radius_m: 2000 }]);
    expect(await browser.axe()).toEqual([]);
    await card.scrollIntoViewIfNeeded();
    await browser.shot(`${language}-subscriptions-1-listed`);
  });

  test('what fits is told, and nothing else', async () => {
    const { page } = browser;
    const say = (party: string, at: [number, number]): string => {
      const record = parties.protect(party, 'EXERCISE', at);
      if (party === 'ru') return record;
      parties.release(party, record, 'ru', 'exact');
      parties.carry(party, 'ru');
      return record;
    };
    const others = [say('ru', AT), say('un', AT), say('msf', FAR)];
    const fits = say('msf', AT); // last: what was told of the others would be there before it
    await page.locator(told, { hasText: fits }).waitFor();
    const board = await page.locator('#notices').innerText();
    for (const other of others) expect(board).not.toContain(other);
  });

  test('one that names nothing asks for everything', async () => {
    const { page } = browser;
    await page.locator(`${form} [type=submit]`).click();
    const second = page.locator('[data-subscription]', { hasText: strings['notice.everywhere'] });
    await second.waitFor();
    const said = await second.innerText();
    for (const part of ['all_classes', 'all_words', 'all_parties', 'everywhere'] as const) {
      expect(said).toContain(strings[`notice.${part}`]);
    }
    await second.locator('button').click();
    await second.waitFor({ state: 'detached' });
    expect(await page.locator('[data-subscription]').count()).toBe(1);
  });
});
