// SPDX-License-Identifier: Apache-2.0
// Notices at a real node, in Chromium, in English and in Arabic: subscribe, be told of what somebody
// else says, acknowledge. Axe finds nothing on the way.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { makeRegister, missing, Node, run } from './node';

const reason = missing();
if (reason) console.log(`skipped: notices in Chromium (${reason})`);

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('notices in %s', (language, strings) => {
  let node: Node;
  let browser: Browser;
  let data: string;

  beforeAll(async () => {
    const register = makeRegister({ real: false });
    data = register.data;
    node = await Node.start(register);
    browser = await Browser.open(language);
    await browser.page.goto(node.link);
    await browser.page.locator('.top').waitFor();
  });
  afterAll(async () => {
    expect(browser?.faults).toEqual([]);
    await browser?.close();
    await node?.destroy();
  });

  const say = (name: string, kind: string): void => {
    const file = join(data, 'said.geojson');
    const geometry = { type: 'Point', coordinates: [25, -20] };
    writeFileSync(file, JSON.stringify({ type: 'Feature', geometry, properties: { class: kind, name } }));
    run('protect', 'add', '--data', data, file);
  };

  test('who subscribed is told of what is said, until it is acknowledged', async () => {
    const { page } = browser;
    await page.locator('.top button', { hasText: strings['notice.title'] }).click();
    await page.locator('#notices').waitFor();
    await page.locator('#notices p', { hasText: strings['notice.none'] }).waitFor();
    // Where the next reading fails it is not said that there is none.
    const none = page.locator('#notices p', { hasText: strings['notice.none'] });
    await browser.without(/\/v1\/notices\?/, async () => {
      say('EXERCISE clinic 0', 'clinic');
      await page.locator('#notices [role=alert]').waitFor();
      expect(await none.count()).toBe(0);
    });
    say('EXERCISE clinic 1', 'clinic');
    await none.waitFor();
    expect(await page.locator('#notices [role=alert]').count()).toBe(0);
    await page.locator('[data-pick=subscribe-classes] summary').click();
    await page.locator('input[name=subscribe-classes][value=hospital]').check();
    await page.locator('#subscribe-form [type=submit]').click();
    await page.locator('[data-subscription]').waitFor();
    say('a clinic', 'clinic');
    say('مستشفى النو', 'hospital');
    say('EXERCISE hospital 2', 'hospital');
    await page.locator('#notices [data-notice]').nth(1).waitFor();
    const first = page.locator('#notices [data-notice]').first();
    expect(await first.innerText()).toContain('مستشفى النو');
    expect(await first.innerText()).toContain(strings['class.hospital']);
    expect(await page.locator('#notices').innerText()).not.toContain('a clinic');
    await browser.shot(`${language}-notices-0-board`);
    expect(await browser.axe()).toEqual([]);
    await page.locator('.top button', { hasText: strings['people.back'] }).first().click();
    await page.locator('.top [data-unread="2"]').waitFor();
    await page.locator('.top [data-unread="2"]').click();
    await first.locator('button', { hasText: strings['notice.ack'] }).click();
    await page.locator('.top [data-unread="1"]').waitFor();
    expect(JSON.parse(run('notices', 'list', '--data', data, '--json')).unread).toBe(1);
    await page.locator('#notices [data-notice] button', { hasText: strings['notice.show'] }).click();
    await page.locator('.record').waitFor();
  });

  test('a live track that comes to a hospital is told, and what it comes to is shown', async () => {
    const { page } = browser;
    const file = join(data, 'track.csv');
    const rows = Array.from({ length: 31 }, (_, s) =>
      `2015-11-24T07:24:${String(s).padStart(2, '0')}Z,-20,${(24.99 + 0.001 * s).toFixed(4)}`);
    writeFileSync(file, ['time,lat,lon', ...rows].join('\n') + '\n');
    await page.locator('.top [data-unread]').click();
    await page.locator('[data-pick=subscribe-what] summary').click();
    await page.locator('input[name=subscribe-what][value=track]').check();
    await page.locator('#subscribe-form [type=submit]').click();
    await page.locator('[data-subscription]').nth(1).waitFor();
    run('track', file, '--data', data, '--live', '--by', 'EXERCISE air', '--as-if-now');
    const told = page.locator('#notices [data-notice]', {
      has: page.locator('[data-track]', { hasText: strings['class.hospital'] }),
    });
    await told.first().waitFor();
    const text = await told.first().innerText();
    expect(text).toContain(strings['track_kind.entered']);
    expect(text).toContain('EXERCISE air');
    await browser.shot(`${language}-notices-1-track`);
    expect(await browser.axe()).toEqual([]);
    await told.first().locator('button', { hasText: strings['notice.show'] }).click();
    await page.locator('.record').waitFor();
  });
});
