// SPDX-License-Identifier: Apache-2.0
// People at a real node, in Chromium, in English and in Arabic: the first admin by the link of the
// first start, an account by invitation, duty, an officer's signature, a token, the audit. Axe finds
// nothing on the way.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { makeRegister, missing, Node, told } from './node';

const reason = missing();
if (reason) console.log(`skipped: people in Chromium (${reason})`);
const PASSWORD = 'four words of nothing';

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('people in %s', (language, strings) => {
  let node: Node;
  let admin: Browser;
  let nadia: Browser;
  let data: string;

  beforeAll(async () => {
    const register = makeRegister({ real: false, officers: 2 });
    data = register.data;
    for (const officer of ['nadia', 'omar']) {
      told(`${PASSWORD}\n`, 'officer', 'new', '--data', data, officer, '--root', `${data}/offline/root`);
    }
    node = await Node.start(register);
    admin = await Browser.open(language);
    nadia = await Browser.open(language);
  });
  afterAll(async () => {
    expect(admin?.faults).toEqual([]);
    expect(nadia?.faults).toEqual([]);
    await admin?.close();
    await nadia?.close();
    await node?.destroy();
  });

  const openPeople = async (browser: Browser): Promise<void> => {
    await browser.page.locator('.top button', { hasText: strings['people.title'] }).click();
    await browser.page.locator('.people').waitFor();
  };
  const part = (browser: Browser, id: string) => browser.page.locator(`#${id}`);

  test('the first admin makes an account, and its person chooses a password', async () => {
    const { page } = admin;
    await page.goto(node.firstLink);
    expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    await page.locator('h2', { hasText: strings['signin.first'] }).waitFor();
    expect(page.url()).not.toContain('first');
    await admin.shot(`${language}-people-0-first`);
    expect(await admin.axe()).toEqual([]);
    await page.fill('#name', 'ada');
    await page.fill('#password', 'short');
    await page.locator('.named button').click();
    await page.locator('.signin .fault').waitFor();
    admin.faults.length = 0; // Chromium writes each refused request to the console
    await page.fill('#password', PASSWORD);
    await page.locator('.named button').click();
    await openPeople(admin);
    expect(await page.locator('#audit').count()).toBe(0); // an admin reads no audit

    const accounts = part(admin, 'accounts');
    await accounts.locator('#person-name').fill('nadia');
    for (const role of ['verifier', 'duty', 'auditor'] as const) {
      await accounts.locator('form .roles label', { hasText: strings[`role.${role}`] }).click();
    }
    await accounts.locator('form button[type=submit]').click();
    const link = await accounts.locator('[data-person=nadia] code').innerText();
    expect(link).toMatch(/#invitation=[a-z2-7]{32}$/);
    await admin.shot(`${language}-people-1-accounts`);
    expect(await admin.axe()).toEqual([]);

    await nadia.page.goto(link);
    await nadia.page.locator('h2', { hasText: strings['signin.choose'] }).waitFor();
    expect(await nadia.page.locator('#name').count()).toBe(0);
    await nadia.page.fill('#password', PASSWORD);
    await nadia.page.locator('.named button').click();
    await openPeople(nadia);
    expect(await nadia.page.locator('#accounts').count()).toBe(0);
  });

  test('a duty role that nobody holds says so, until somebody signs on', async () => {
    const duty = part(admin, 'duty');
    await duty.locator('summary').click();
    await duty.locator('details input').first().fill('stop-desk');
    // Where the roster is not read it is not said that it is empty.
    const none = duty.locator('p', { hasText: strings['people.no_duty'] });
    await none.waitFor();
    await admin.without(/\/v1\/duty$/, async () => {
      await duty.locator('details button').click();
      await duty.locator('[role=alert]').waitFor();
      expect(await none.count()).toBe(0);
    });
    await duty.locator('details button').click();
    await duty.locator('[data-duty=stop-desk][data-held=false]').waitFor();
    await nadia.page.reload();
    await openPeople(nadia);
    const held = part(nadia, 'duty');
    await held.locator('button', { hasText: strings['people.duty_on'] }).click();
    await held.locator('[data-duty=stop-desk][data-held=true]').waitFor();
    expect(told('', 'duty', 'list', '--data', data)).toContain('nadia');
  });

  test('an officer looks at a withdrawal and signs it, and the second one has it said', async () => {
    const listed = JSON.parse(told('', 'list', '--data', data, '--format', 'geojson')) as {
      features: { id: string }[];
    };
    const id = listed.features[0]?.id ?? '';
    const proposed = JSON.parse(told('', 'protect', 'withdraw', '--data', data, id, '--json')) as {
      proposal: string;
    };
    await nadia.page.reload();
    await openPeople(nadia);
    const card = nadia.page.locator(`[data-approval="${proposed.proposal}"]`);
    await card.locator('button', { hasText: strings['people.look'] }).click();
    await card.locator('pre').first().waitFor();
    await nadia.shot(`${language}-people-2-approval`);
    expect(await nadia.axe()).toEqual([]);
    await card.locator('input[type=password]').fill(PASSWORD);
    await card.locator('button.grave').click();
    await card.locator('span', { hasText: 'nadia' }).waitFor();
    expect(await card.getAttribute('data-state')).toBe('waiting');
    told(`${PASSWORD}\n`, 'approvals', 'sign', '--data', data, proposed.proposal, '--officer', 'omar');
    await nadia.page.reload();
    await openPeople(nadia);
    await nadia.page.locator(`[data-approval="${proposed.proposal}"][data-state=logged]`).waitFor();
  });

  test('a token is shown once; the audit says who looked', async () => {
    const tokens = part(nadia, 'tokens');
    await tokens.locator('summary').click();
    await tokens.locator('details input').first().fill('watch');
    await tokens.locator('details .roles label', { hasText: strings['role.duty'] }).click();
    await tokens.locator('details button').click();
    expect(await tokens.locator('[role=status] code').innerText()).toMatch(/^entente_[a-z2-7]{32}$/);
    const audit = part(nadia, 'audit');
    await audit.locator('td', { hasText: strings['audit.approval'] }).first().waitFor();
    await nadia.page.locator('#audit-title').scrollIntoViewIfNeeded();
    await nadia.shot(`${language}-people-3-audit`);
    expect(await nadia.axe()).toEqual([]);
    await nadia.page.locator('.top button', { hasText: strings['app.sign_out'] }).click();
    await nadia.page.locator('.signin').waitFor();
    await nadia.page.fill('#name', 'nadia');
    await nadia.page.fill('#password', PASSWORD);
    await nadia.page.locator('.named button').click();
    await nadia.page.locator('.top').waitFor();
  });
});
