// SPDX-License-Identifier: Apache-2.0
// Done when 1 of issue 3, against a real node: an officer finds a hospital by name, opens it, draws
// a plan over it, reads the conflict, moves the plan away, reads the answer with its standing
// sentence, withdraws, and sees the map change by itself. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { Browser } from './browser';
import { makeRegister, missing, Node, realLists } from './node';

const reason = missing();
if (reason) console.log(`skipped: the page in Chromium (${reason})`);
if (!realLists) console.log('skipped: the real health lists (../shared is not there); the example stands in');

const DRAG_STEPS = 20;

/** A direction in the view, at least this far, where the register has nothing near. */
async function emptySpot(browser: Browser, from: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const found = await browser.page.evaluate(async (start) => {
    const { map } = document.querySelector('.holder') as HTMLElement & { map: import('maplibre-gl').Map };
    const { left, top, width, height } = (document.querySelector('.holder') as HTMLElement).getBoundingClientRect();
    for (const [dx, dy] of [[220, 0], [-220, 0], [0, 220], [0, -220], [180, 180], [-180, 180], [180, -180], [-180, -180]] as const) {
      const x = start.x + dx - left;
      const y = start.y + dy - top;
      if (x < 80 || y < 80 || x > width - 80 || y > height - 120) continue;
      const { lng, lat } = map.unproject([x, y]);
      const box = [lng - 0.06, lat - 0.06, lng + 0.06, lat + 0.06].join(',');
      const page = (await (await fetch(`/v1/protections?bbox=${box}&limit=1`)).json()) as { total: number };
      if (page.total === 0) return { x: x + left, y: y + top };
    }
    return null;
  }, from);
  if (!found) throw new Error('the register has no empty spot around the hospital');
  return found;
}

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('the page in %s', (language, strings) => {
  let node: Node;
  let browser: Browser;

  beforeAll(async () => {
    node = await Node.start(makeRegister({ real: realLists }));
    browser = await Browser.open(language);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
  });

  test('finds, checks, moves, withdraws', async () => {
    const { page } = browser;
    const { name, at } = node.register.hospital;

    // Signing in: the code leaves the address bar at once.
    await page.goto(node.link);
    await browser.mapRests();
    expect(page.url()).not.toContain('once');
    expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    expect(await page.locator('.exercise').count()).toBe(node.register.exercise ? 1 : 0);
    await browser.shot(`${language}-1-register`);
    expect(await browser.axe()).toEqual([]);

    // Finding it by name, and opening it.
    await page.fill('#search', name);
    const row = page.locator('.rows li', { hasText: name }).first();
    await row.locator('button').click();
    const record = page.locator('.record[data-record]');
    await record.waitFor();
    const id = (await record.getAttribute('data-record')) ?? '';
    await page.waitForFunction(() => document.activeElement?.closest('.record') !== null);
    expect(await browser.text('.record h2')).toContain(name);
    expect(await browser.text('.record .history tbody')).toContain(strings['act.add']);
    const proof = await page.request.get(`${node.origin}${await page.locator('.record a[download]').getAttribute('href')}`);
    expect(await proof.text()).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    await browser.mapRests();
    for (let i = 0; i < 3; i++) {
      await page.locator('.maplibregl-ctrl-zoom-out').click();
      await browser.mapRests();
    }
    await browser.mapShows(id, true);
    await browser.shot(`${language}-2-record`);

    // A circle over it.
    const middle = await browser.pixel(at);
    await page.locator('.tools button').first().click();
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.click(middle.x, middle.y);
    await page.mouse.move(middle.x + 30, middle.y, { steps: 4 });
    await page.mouse.click(middle.x + 30, middle.y);
    await page.locator('.shapes .shape').waitFor();
    expect(await browser.verdict()).toBe('conflict');
    expect(await browser.text('.answer .verdict')).toBe(strings['verdict.conflict']);
    expect(await browser.text(`.findings [data-id="${id}"]`)).toContain(strings['finding.overlaps']);
    expect(await browser.text('.answer .notice')).toBe(strings['answer.notice']);
    await page.waitForFunction((word) => document.querySelector('[data-spoken]')?.textContent?.includes(word), strings['verdict.conflict']);
    await browser.mapRests();
    await browser.shot(`${language}-3-conflict`);
    expect(await browser.axe()).toEqual([]);

    // Moved away with the mouse; the answer follows.
    const spot = await emptySpot(browser, middle);
    await page.mouse.move(middle.x + 12, middle.y + 12);
    await page.mouse.down();
    await page.mouse.move(spot.x, spot.y, { steps: DRAG_STEPS });
    await page.mouse.up();
    await page.locator('.answer[data-settled="true"][data-verdict="no_registered_conflict"]').waitFor();
    expect(await browser.text('.answer .verdict')).toBe(strings['verdict.no_registered_conflict']);
    expect(await browser.text('.answer .notice')).toBe(strings['answer.notice']);
    expect(await browser.text('.answer .rests summary')).toContain('example');
    await page.locator('.answer .rests summary').click();
    await browser.shot(`${language}-4-moved-away`);

    // Withdrawn: solo and without delay it ends at once, and the map says so by itself.
    await page.locator('.record .acts .grave').click();
    await page.locator('dialog[open]').waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-5-withdraw`);
    await page.locator('dialog[open] button[type="submit"]').click();
    await page.locator('.record .standing[data-state="withdrawn"]').waitFor();
    await browser.mapShows(id, false);
    expect(await browser.text('.said')).toContain(strings['ask.withdraw_done']);
    await browser.mapRests();
    await browser.shot(`${language}-6-withdrawn`);

    expect(browser.faults).toEqual([]);
  });

  test('a link works once, and another can be asked for', async () => {
    const { page } = browser;
    await browser.context.clearCookies();
    await page.goto(node.link);
    await page.reload();
    await page.locator('.signin .named').waitFor();
    await page.locator('summary', { hasText: strings['signin.by_link'] }).click();
    expect(await browser.text('.signin')).toContain('entente link --data DIR');
    await browser.shot(`${language}-7-sign-in`);
    expect(await browser.axe()).toEqual([]);
    await page.fill('#once', node.newLink());
    await page.locator('.signin details button').click();
    await browser.mapRests();
  });
});
