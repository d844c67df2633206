// SPDX-License-Identifier: Apache-2.0
// The other ways through the page, against a real node with the example register: by keyboard alone,
// by file, on a narrow screen; what others say arrives by itself; a node that goes is noticed; a
// pending relaxation still protects.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { canDelay, makeRegister, missing, Node, root, say } from './node';

const reason = missing();
if (reason) console.log(`skipped: the other ways through the page (${reason})`);
if (!canDelay()) console.log('skipped: a pending relaxation still protects (init knows no --reduce-delay)');

const HOUR_S = 3600;

describe.skipIf(reason !== '')('the page', () => {
  let node: Node;
  let browser: Browser;

  beforeAll(async () => {
    node = await Node.start(makeRegister({ real: false }));
  });
  afterAll(async () => {
    await node?.destroy();
  });
  beforeEach(async () => {
    browser = await Browser.open('en');
    await browser.page.goto(node.newLink());
    await browser.mapRests();
  });
  afterEach(async () => {
    await browser.close();
  });

  /** By keyboard: the form for a circle, from the skip link on. */
  async function typeCircle(lat: string, lng: string, radius: string): Promise<void> {
    const { keyboard } = browser.page;
    await browser.page.locator('.plan details summary', { hasText: en['plan.type'] }).focus();
    if (!(await browser.page.locator('#typed-lat').isVisible())) await keyboard.press('Enter');
    for (const text of [lat, lng, radius]) {
      await keyboard.press('Tab');
      await keyboard.press('Control+a');
      await keyboard.type(text);
    }
    await keyboard.press('Enter');
  }

  async function heard(words: string): Promise<void> {
    await browser.page.waitForFunction(
      (text) => document.querySelector('[data-spoken]')?.textContent?.includes(text), words,
    );
  }

  test('is worked by keyboard alone, and says what changes', async () => {
    const { page } = browser;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(en['app.skip']);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('plan');
    await typeCircle('18°30′55.9″S', '25.63254', '300');
    expect(await browser.verdict()).toBe('conflict');
    await heard(en['verdict.conflict']);
    expect(await browser.text('.findings')).toContain('Pandamatenga General Hospital');

    // Moved by its own fields.
    await page.locator('.shape button').first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('-19.4');
    await page.keyboard.press('Enter');
    await page.locator('.answer[data-settled="true"][data-verdict="no_registered_conflict"]').waitFor();
    await heard(en['verdict.no_registered_conflict']);
    expect(await browser.text('.answer .notice')).toBe(en['answer.notice']);

    // A finding opens its record, the record gives the focus back to its row.
    await page.locator('#search').focus();
    await page.keyboard.type('Pandamatenga General');
    const row = page.locator('.rows button', { hasText: 'Pandamatenga General' });
    await row.first().waitFor();
    await row.first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('.record') !== null);
    await page.locator('.back').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('.rows li') !== null);
    expect(browser.faults).toEqual([]);
  });

  test('shows what somebody else says, without being asked', async () => {
    const { page } = browser;
    await typeCircle('-19.4', '25.63254', '300');
    expect(await browser.verdict()).toBe('no_registered_conflict');
    const before = Number(await page.locator('.count').getAttribute('data-total'));
    await say(node, {
      type: 'Feature', geometry: { type: 'Point', coordinates: [25.633, -19.4] },
      properties: { class: 'school', name: 'EXERCISE School of tomorrow', buffer_m: 100 },
    });
    await page.locator('.answer[data-settled="true"][data-verdict="conflict"]').waitFor();
    await browser.page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>('.count')?.dataset['total']) !== n, before,
    );
    expect(await browser.text('.findings')).toContain('School of tomorrow');
    expect(browser.faults).toEqual([]);
  });

  test('adds a protection, finds it by its Arabic name, confirms it', async () => {
    const { page } = browser;
    await typeCircle('-19.9', '24.2', '150');
    await browser.verdict();
    await page.locator('.register .bar button').click();
    const field = (label: string) =>
      page.locator(`dialog label:has(span:text-is("${label}"))`).locator('input, select');
    await field(en['add.class']).selectOption('clinic');
    await field(en['add.name']).fill('عيادة الغد');
    await field(en['add.name_language']).selectOption('ar');
    await page.locator('dialog button[type="submit"]').click();
    await page.locator('.record[data-record]').waitFor();
    const id = (await page.locator('.record').getAttribute('data-record')) ?? '';
    expect(await browser.text('.record')).toContain('A circle of 150 m');
    await page.locator('.back').click();
    await page.fill('#search', 'عيادة الغد');
    await page.locator(`.rows [data-id="${id}"] button`).click();
    await page.locator('.record .acts button', { hasText: en['record.confirm'] }).first().click();
    await page.locator('dialog button[type="submit"]').click();
    await page.locator('.record .history tr', { hasText: en['act.confirm'] }).waitFor();
    await page.locator('.answer[data-settled="true"][data-verdict="conflict"]').waitFor();
    await browser.shot('way-added');
    expect(browser.faults).toEqual([]);
  });

  test('reads a file, and its words are judged by the node', async () => {
    const { page } = browser;
    await page.setInputFiles('input[type="file"]', `${root}/examples/plan.geojson`);
    expect(await browser.verdict()).toBe('conflict');
    const misspelt = {
      type: 'Feature', geometry: { type: 'Point', coordinates: [25.6, -18.5] },
      properties: { raduis_m: 100 },
    };
    const buffer = Buffer.from(JSON.stringify(misspelt));
    await page.setInputFiles('input[type="file"]', { name: 'x.geojson', mimeType: 'application/json', buffer });
    await page.locator('.answer .fault', { hasText: 'radius_m' }).waitFor();
    expect(await page.locator('.answer .verdict').count()).toBe(0);
  });

  test('draws a corridor and a polygon', async () => {
    const { page } = browser;
    await page.fill('#search', 'Pandamatenga General');
    await page.locator('.rows button', { hasText: 'Pandamatenga General' }).first().click();
    await page.locator('.record[data-record]').waitFor();
    await browser.mapRests();
    const { x, y } = await browser.pixel(node.register.hospital.at);
    await page.locator('.tools button').nth(2).click();
    for (const [dx, dy] of [[-120, -60], [0, 0], [120, -40]] as const) await page.mouse.click(x + dx, y + dy);
    await page.keyboard.press('Enter');
    await page.locator('.shapes .shape', { hasText: en['plan.corridor'] }).waitFor();
    expect(await browser.verdict()).toBe('conflict');
    await page.locator('.tools button').nth(1).click();
    for (const [dx, dy] of [[-60, 60], [60, 60], [0, 160]] as const) await page.mouse.click(x + dx, y + dy);
    await page.keyboard.press('Enter');
    await page.locator('.shapes .shape', { hasText: en['plan.polygon'] }).waitFor();
    expect(await page.locator('.shapes .shape').count()).toBe(2);
    await browser.verdict();
    await browser.mapRests();
    await browser.shot('way-drawn');
    expect(browser.faults).toEqual([]);
  });

  test('finds a town and goes there', async () => {
    const { page } = browser;
    await page.fill('#search', 'dimashq');
    await page.fill('#search', 'Aleppo');
    await page.locator('.towns button', { hasText: 'Syria' }).first().click();
    await page.waitForFunction(() => {
      const { map } = document.querySelector('.holder') as HTMLElement & { map: import('maplibre-gl').Map };
      const { lng, lat } = map.getCenter();
      return Math.hypot(lng - 37.16, lat - 36.2) < 0.1;
    });
    await browser.mapRests();
    await browser.shot('way-town');
    expect(browser.faults).toEqual([]);
  });

  test('works on a narrow screen, in Arabic', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 400, height: 800 });
    await page.locator('.language select').selectOption('ar');
    await page.locator('.maplibregl-ctrl-attrib', { hasText: ar['app.sources'].slice(0, 20) }).waitFor();
    await page.locator(`[aria-label="${ar['map.zoom_in']}"]`).waitFor();
    for (const [i, part] of ['map', 'register', 'plan'].entries()) {
      await page.locator('.tabs button').nth(i).click();
      await page.locator(`.columns[data-part="${part}"]`).waitFor();
      expect(await browser.axe()).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await browser.shot(`way-narrow-${part}`);
    }
    expect(browser.faults).toEqual([]);
  });

  test('says so when the node goes', async () => {
    const { page } = browser;
    await typeCircle('18°30′55.9″S', '25.63254', '300');
    await browser.verdict();
    const { register } = node;
    await node.stop();
    await page.locator('.live[data-link="lost"]').waitFor();
    await page.locator('.answer .fault').first().waitFor();
    await browser.shot('way-lost');
    node = await Node.start(register);
  });
});

describe.skipIf(reason !== '' || !canDelay())('with a delay on reductions', () => {
  let node: Node;
  let browser: Browser;

  beforeAll(async () => {
    node = await Node.start(makeRegister({ real: false, delayS: HOUR_S }));
    browser = await Browser.open('en');
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
  });

  test('a pending withdrawal still protects, and the page says until when', async () => {
    const { page } = browser;
    await page.goto(node.link);
    await browser.mapRests();
    await page.fill('#search', node.register.hospital.name);
    await page.locator('.rows button', { hasText: node.register.hospital.name }).first().click();
    await page.locator('.record[data-record]').waitFor();
    const id = (await page.locator('.record').getAttribute('data-record')) ?? '';
    await page.locator('.plan details summary', { hasText: en['plan.type'] }).click();
    await page.fill('#typed-lat', String(node.register.hospital.at[1]));
    await page.fill('#typed-lng', String(node.register.hospital.at[0]));
    await page.locator('.plan details form button').click();
    expect(await browser.verdict()).toBe('conflict');
    await page.locator('.record .acts .grave').click();
    await page.locator('dialog button[type="submit"]').click();
    await page.locator('.record .standing[data-state="pending_relaxation"]').waitFor();
    expect(await browser.text('.said')).toContain('It still protects until');
    await page.locator(`.findings [data-id="${id}"]`, { hasText: en['state.pending_relaxation'] }).waitFor();
    expect(await browser.verdict()).toBe('conflict');
    await browser.mapRests();
    await browser.mapShows(id, true);
    await browser.shot('way-pending');
    expect(await browser.axe()).toEqual([]);
    expect(browser.faults).toEqual([]);
  });
});
