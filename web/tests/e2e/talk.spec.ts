// SPDX-License-Identifier: Apache-2.0
// ru contests a hospital of msf's and writes on the hot line: msf's page shows the mark with the
// challenge in the record's details, answers it, shows the message and acknowledges it. On its own page
// ru contests another one, corrects and withdraws that.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { hours, pageOf, refused, signed, typed } from './activities';
import { Browser } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: talk (${reason})`);

const AT: [number, number] = [36.3, 33.5];
const WHY = 'EXERCISE no patients since May';
const SAID = 'EXERCISE your flight 7 is north of the line';

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('the talk, in %s', (language, strings) => {
  let parties: Parties;
  let record: string;
  let other: string;
  let challenge: string;
  let message: string;
  const nodes: Node[] = [];
  const browsers: Browser[] = [];
  const id = (said: string): string => /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';

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
    parties = Parties.begin(['msf', 'ru']);
    record = parties.protect('msf', 'EXERCISE hospital', AT);
    parties.release('msf', record, 'ru', 'exact');
    other = parties.protect('msf', 'EXERCISE clinic', [36.31, 33.51]);
    parties.release('msf', other, 'ru', 'exact');
    parties.carry('msf', 'ru');
    challenge = id(run('challenge', 'add', record, '--grounds', 'use', '--grade', 'C3', '--text', WHY,
      '--contact', 'liaison desk', '--data', parties.data('ru')));
    message = id(run('message', 'send', SAID, '--to', 'msf', '--desk', 'duty', '--from', 'liaison',
      '--data', parties.data('ru')));
    parties.carry('ru', 'msf');
    // What waits is shown under fifty that came later, too.
    for (let i = 0; i < 50; i++) {
      run('message', 'send', `EXERCISE flight ${i}`, '--to', 'ru', '--desk', 'duty', '--from', 'air desk', '--data', parties.data('msf'));
    }
  });
  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    for (const node of nodes) await node.destroy();
    parties?.destroy();
  });

  test('the author sees what is contested, and answers', async () => {
    const browser = await open('msf');
    const { page } = browser;
    const row = page.locator(`li[data-id="${record}"]`).first();
    await row.locator('[data-contested]', { hasText: strings['challenge.contested'] }).waitFor();
    await row.locator('button').click();
    await page.locator('.record [data-flag=contested]').waitFor();
    const one = page.locator(`.challenges li[data-id="${challenge}"][data-state=open]`);
    await one.waitFor();
    const said = (await one.textContent()) ?? '';
    for (const part of [WHY, 'C3', 'liaison desk', strings['grounds.use']]) expect(said).toContain(part);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-talk-0-contested`);
    await one.locator('button').click();
    await page.selectOption('#answer-word', 'refused');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('dialog .fault', { hasText: strings['challenge.no_text'] }).waitFor();
    await page.fill('#answer-text', 'EXERCISE visited in June');
    await page.locator('dialog button[type=submit]').click();
    await page.locator(`.challenges li[data-id="${challenge}"][data-state=answered]`).waitFor();
    await page.locator('.record [data-flag=contested]').waitFor(); // until ru withdraws it
    expect(browser.faults).toEqual([]);
  });

  test('the hot line shows what waits, and says which desk has it', async () => {
    const { page } = browsers[0]!;
    await page.locator('.bar .back').click();
    const one = page.locator(`.hotline li[data-id="${message}"]`);
    await one.locator('[data-text]', { hasText: SAID }).waitFor();
    await page.locator('.hotline[data-waiting="1"]').waitFor();
    expect(await browsers[0]!.axe()).toEqual([]);
    await browsers[0]!.shot(`${language}-talk-1-hotline`);
    await one.locator('button').click();
    await page.fill('#ack-desk', 'air operations');
    await page.locator('dialog button[type=submit]').click();
    await one.locator('[data-has=msf]', { hasText: 'air operations' }).waitFor();
    await page.locator('.hotline[data-waiting="0"]').waitFor();
    await page.click('#message-new');
    await page.locator('dialog input[name=to][value=ru]').check();
    await page.fill('#message-text', 'EXERCISE turning south');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('.hotline li[data-own=true][data-waits=true]', { hasText: 'EXERCISE turning south' }).waitFor();
    expect(browsers[0]!.faults).toEqual([]);
  });

  test('another party contests a record on its page, corrects and withdraws that', async () => {
    await browsers.pop()?.close(); // one at a time
    const node = await Node.start(parties.register('ru'));
    nodes.push(node);
    const browser = await pageOf(node, language);
    browsers.push(browser);
    const { page } = browser;
    await page.locator(`.rows [data-id="${other}"] button`).click();
    await page.locator('.record [data-act=contest]').click();
    await refused(page, strings['contest.no_grounds']);
    await page.selectOption('#contest-grounds', 'place');
    await refused(page, strings['contest.no_grade']);
    await page.selectOption('#contest-source', 'B');
    await page.selectOption('#contest-credibility', '2');
    await refused(page, strings['contest.no_text']);
    await page.fill('#contest-text', 'EXERCISE it stands across the river');
    await refused(page, strings['contest.no_contact']);
    await page.fill('#contest-contact', 'EXERCISE liaison desk');
    const by = page.getByLabel(strings['contest.answer_by']);
    await by.fill(typed(hours(0.5)));
    await refused(page, strings['contest.no_time']);
    await by.fill(typed(hours(30)));
    await page.locator('dialog .fault[role=alert]').waitFor({ state: 'detached' });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-talk-2-contest`);
    await signed(page);
    const one = page.locator('.challenges li[data-state=open]', { hasText: 'EXERCISE it stands across' });
    await one.waitFor();
    await page.locator('.record [data-flag=contested]').waitFor();
    expect(await one.textContent()).toContain('B2');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-talk-3-contested`);
    await one.locator('[data-act=amend]').click();
    expect(await page.inputValue('#contest-text')).toBe('EXERCISE it stands across the river');
    await refused(page, strings['contest.no_change']);
    await page.selectOption('#contest-credibility', '4');
    await page.fill('#contest-text', 'EXERCISE it stands beside the bridge');
    await page.locator('dialog .fault[role=alert]').waitFor({ state: 'detached' });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-talk-4-correct`);
    await signed(page);
    const corrected = page.locator('.challenges li[data-state=open]', { hasText: 'EXERCISE it stands beside' });
    await corrected.waitFor();
    for (const part of ['B4', strings['grounds.place'], 'EXERCISE liaison desk']) {
      expect(await corrected.textContent()).toContain(part);
    }
    await page.locator('.record [data-flag=contested]').waitFor();
    await corrected.locator('[data-act=withdraw]').click();
    await browser.shot(`${language}-talk-5-withdraw`);
    await signed(page);
    await page.locator('.record [data-flag=contested]').waitFor({ state: 'detached' });
    await page.locator('.record [data-act=contest]').waitFor();
    expect(browser.faults).toEqual([]);
  });
});
