// SPDX-License-Identifier: Apache-2.0
// What could not be sent: a receiver of webhooks that is broken, and the page that lists what it did not
// take, sends it again once the receiver is well, and drops it after a second question.
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { makeRegister, missing, Node, run, say } from './node';

const reason = missing();
if (reason) console.log(`skipped: dead letters (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('dead letters, in %s', (language, strings) => {
  let receiver: Server;
  let answer = 200;
  let to: string;
  let node: Node;
  let browser: Browser;
  const taken: string[] = []; // ids of what was answered with 200
  const letters = '#dead [data-dead]';

  const protection = (name: string) => ({
    type: 'Feature', geometry: { type: 'Point', coordinates: [25, -20] }, properties: { class: 'hospital', name },
  });
  /** Leaves the place and comes back: all is read anew. */
  const anew = async (): Promise<void> => {
    const { page } = browser;
    for (let clicks = 0; clicks < 2; clicks++) await page.locator('.top [data-unread]').click();
    await page.locator('#subscriptions [data-subscription]').first().waitFor();
  };

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.resume().on('end', () => {
        if (answer === 200) taken.push(String(request.headers['webhook-id']));
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    to = `${origin}/hook`;
    const register = makeRegister({ real: false });
    writeFileSync(join(register.data, 'entente.toml'),
      `[notices]\nretry_min_ms = 10\nretry_max_ms = 20\nattempts_max = 2\nwebhook_to = ["${origin}"]\n`);
    node = await Node.start(register);
    browser = await Browser.open(language);
    await browser.page.goto(node.link);
    await browser.page.locator('.top button', { hasText: strings['notice.title'] }).click();
    await browser.page.locator('#subscribe-form').waitFor();
  });
  afterAll(async () => {
    expect(browser?.faults).toEqual([]);
    await browser?.close();
    await node?.destroy();
    receiver?.close();
  });

  test('who is told on the page alone is asked nothing of this; who is not, is told that there is none', async () => {
    const { page } = browser;
    expect(await page.locator('#dead').count()).toBe(0);
    run('subscribe', 'add', '--data', node.register.data, '--route', 'webhook', '--to', to);
    await anew();
    await page.locator('#dead [data-none]').waitFor();
  });

  test('what was not taken is listed: what, to where, why, since when', async () => {
    const { page } = browser;
    answer = 503;
    await say(node, protection('EXERCISE first'));
    await say(node, protection('EXERCISE second'));
    await page.locator(letters).nth(1).waitFor();
    const said = await browser.text(`${letters} >> nth=0`);
    for (const part of ['EXERCISE first', to, '503', strings['class.hospital']]) expect(said).toContain(part);
    expect(await page.locator('#dead [data-none]').count()).toBe(0);
    expect(await browser.axe()).toEqual([]);
    await page.locator('#dead').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-dead-letters-0`);
    await anew();
    await page.locator('#subscriptions .card .note').waitFor(); // and how many of which subscription
  });

  test('where the list cannot be read, that is said, and not that it is empty', async () => {
    const { page } = browser;
    await browser.without(/\/v1\/notices\/dead$/, async () => {
      await anew();
      await page.locator('#dead [role=alert]').waitFor();
      expect(await page.locator('#dead [data-none]').count()).toBe(0);
    });
    await anew();
    await page.locator(letters).nth(1).waitFor();
    expect(await page.locator('#dead [role=alert]').count()).toBe(0);
  });

  test('one is sent again, and arrives; that it could not be is said', async () => {
    const { page } = browser;
    const one = page.locator(letters, { hasText: 'EXERCISE first' });
    const id = await one.getAttribute('data-dead');
    await browser.without(/\/v1\/notices\/dead\//, async () => {
      await one.locator('[data-act=retry]').click();
      await page.locator('#dead [role=alert]').waitFor();
      expect(await one.count()).toBe(1);
    });
    answer = 200;
    await one.locator('[data-act=retry]').click();
    await one.waitFor({ state: 'detached' });
    expect(await page.locator('#dead [role=alert]').count()).toBe(0);
    await expect.poll(() => taken, { timeout: 60_000 }).toEqual([id]);
  });

  test('one is dropped after a second question', async () => {
    const { page } = browser;
    const one = page.locator(letters, { hasText: 'EXERCISE second' });
    const dialog = page.locator('dialog');
    await one.locator('[data-act=drop]').click();
    await dialog.locator('p', { hasText: strings['dead.drop_about'] }).waitFor();
    expect(await dialog.innerText()).toContain('EXERCISE second');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-dead-letters-1-drop`);
    await dialog.locator('button', { hasText: strings['app.cancel'] }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await one.count()).toBe(1);
    await one.locator('[data-act=drop]').click();
    await browser.without(/\/v1\/notices\/dead\//, async () => {
      await dialog.locator('[type=submit]').click();
      await dialog.locator('[role=alert]').waitFor();
    });
    await dialog.locator('[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('#dead [data-none]').waitFor();
    expect(JSON.parse(run('notices', 'dead', '--data', node.register.data, '--json')).dead).toEqual([]);
    expect(taken.length).toBe(1);
  });
});
