// SPDX-License-Identifier: Apache-2.0
// A search on fr's page among what four parties know and protect: words of two scripts, kinds, parties,
// grades, areas; what is found in the list and on the map, opened, exported, left standing, told of. In
// English and in Arabic.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf, refused, signed } from './activities';
import type { Browser, Holder } from './browser';
import { Known, OTHERS } from './intelligence';
import { missing, Node, run } from './node';
import { personOf } from './person';

const reason = missing();
if (reason) console.log(`skipped: a search (${reason})`);

const square = (west: number, south: number, size: number): object => ({
  type: 'Feature', properties: {},
  geometry: {
    type: 'Polygon',
    coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]],
  },
});
const bow = {
  type: 'Feature', properties: {},
  geometry: { type: 'Polygon', coordinates: [[[36, 33], [36.1, 33.1], [36.1, 33], [36, 33.1], [36, 33]]] },
};
const collection = (features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features });

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('a search, in %s', (language, strings) => {
  let known: Known;
  let node: Node;
  let browser: Browser;
  let folder: string;
  let hospital: string;
  let clinic: string;

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const total = (n: number, which = 'fitting'): Promise<void> =>
    browser.page.locator(`#found .count[data-total="${n}"][data-which=${which}]`).waitFor();
  const ask = async (text: string): Promise<void> => {
    await browser.page.fill('#search-text', text);
    await browser.page.locator('#search-form [type=submit]').click();
  };
  const found = (id: string) => browser.page.locator(`#found [data-found="${id}"]`);
  const pick = async (name: string, value: string): Promise<void> => {
    const { page } = browser;
    if (!(await page.locator(`[data-pick=${name}]`).getAttribute('open').then((one) => one !== null))) {
      await page.locator(`[data-pick=${name}] summary`).click();
    }
    await page.locator(`input[name=${name}][value=${value}]`).check();
  };
  const empty = (): Promise<void> => browser.page.locator('#search-form .acts button[type=button]').click();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entente-search-'));
    known = Known.begin();
    hospital = known.parties.protect('fr', 'EXERCISE مستشفى الأمل', [36.3, 33.5]);
    clinic = known.parties.protect('un', 'EXERCISE Clinique de la Santé', [36.35, 33.52]);
    known.parties.release('un', clinic, 'fr', 'exact');
    known.round();
    node = await Node.start(known.parties.register('fr'));
    browser = await pageOf(node, language);
    await browser.page.locator('#to-search').click();
    await browser.page.locator('#search-form').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    known?.parties.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test('nothing is asked before somebody asks; words of any script find what they are in', async () => {
    const { page } = browser;
    await page.locator('#found', { hasText: strings['search.begin'] }).waitFor();
    await page.locator('#standing', { hasText: strings['standing.none'] }).waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.mapRests();
    await browser.shot(`${language}-search-0-begin`);
    await ask('مستشفى');
    await total(1);
    await found(hospital).waitFor();
    await ask('sante');
    await total(1);
    await found(clinic).locator('[data-act=open]').waitFor();
    await ask('smoke');
    await total(3);
    const one = found(known.reports[0] ?? '');
    expect(await one.innerText()).toContain('Party RU');
    expect(await one.getAttribute('data-kind')).toBe('report');
    expect(await one.locator('[data-grade=C3]').innerText()).toContain(strings['grade_source.C']);
  });

  test('what is not found may be there all the same', async () => {
    const { page } = browser;
    await ask('zzzz');
    await total(0);
    await page.locator('#found [data-empty]', { hasText: strings['search.none'] }).waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-1-none`);
  });

  test('kinds, parties and grades narrow it, and what cannot be compared is counted apart', async () => {
    const { page } = browser;
    await empty();
    await pick('kinds', 'report');
    await pick('parties', 'ru');
    await ask('');
    await total(1);
    await page.selectOption('#search-information', '2');
    await page.locator('#found [data-differs]').waitFor();
    await ask('');
    await total(0);
    await empty();
    await page.selectOption('#search-source', 'C');
    await pick('kinds', 'responsibility');
    await ask('');
    await total(1);
    await page.locator('#found [data-apart=no_grade] button').click();
    await total(1, 'no_grade');
    expect(await page.locator('#found [data-found]').innerText()).toContain('Party RU');
    await page.locator('#found [data-which=fitting]').first().click();
    await total(1);
    expect(await browser.axe()).toEqual([]);
  });

  test('times, and what keeps a question from being asked', async () => {
    const { page } = browser;
    await empty();
    await pick('kinds', 'incident');
    await page.fill('#search-from', 'noon');
    await ask('');
    await page.locator('#search-form .fault[role=alert]', { hasText: strings['search_fault.time'] }).waitFor();
    await page.fill('#search-from', '2015-11-13 22:00');
    await page.fill('#search-until', '2015-11-13 21:00');
    await page.locator('#search-form .fault[role=alert]', { hasText: strings['search_fault.window_order'] }).waitFor();
    await page.fill('#search-until', '2015-11-14 21:00');
    await ask('');
    await total(2);
    await page.fill('#search-from', '2015-11-14 20:00');
    await ask('');
    await total(0);
  });

  test('an area of a file, of what the map shows, and one that is drawn', async () => {
    const { page } = browser;
    await empty();
    await page.locator('.area summary').click();
    const load = (path: string): Promise<void> => page.setInputFiles('.area input[type=file]', path);
    await load(file('bow.geojson', collection([bow])));
    await ask('');
    await page.locator('#found .fault[role=alert]').waitFor();
    expect(await page.locator('#found .count').count()).toBe(0);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-2-bad-area`);
    await load(file('many.geojson', collection(Array.from({ length: 17 }, (_, i) => square(36 + i / 10, 33, 0.05)))));
    await page.locator('.area[data-shapes="17"]').waitFor();
    await ask('');
    await page.locator('#found .fault[role=alert]', { hasText: 'places_max' }).waitFor();
    await load(file('near.geojson', collection([square(36.28, 33.49, 0.04)])));
    await page.locator('.area[data-shapes="1"]').waitFor();
    await page.fill('#search-margin', 'far');
    await page.locator('#search-form .fault', { hasText: strings['search_fault.margin'] }).waitFor();
    await page.fill('#search-margin', '100');
    await ask('');
    await found(hospital).waitFor();
    await found(known.incident).waitFor();
    expect(await found(clinic).count()).toBe(0);
    await page.locator('#found [data-apart=no_place]').waitFor();
    await browser.mapDraws();
    await page.locator('.area .bar button').first().click();
    const look = async (zoom: number): Promise<void> => {
      await browser.look([36.3, 33.5], zoom);
      await page.locator('#search-box').click();
    };
    await look(1);
    await page.locator('.area .fault[role=alert]', { hasText: strings['search.box_wide'] }).waitFor();
    await look(10);
    await page.locator('.area[data-shapes="1"]').waitFor();
    await page.locator('.area .fault').waitFor({ state: 'detached' });
    await ask('');
    await found(clinic).waitFor();
    await found(hospital).waitFor();
    await look(14);
    await page.locator('#found [data-differs]').waitFor();
    await ask('');
    await found(clinic).waitFor({ state: 'detached' }); // what was found before stands until then
    await found(hospital).waitFor();
    await empty();
    await look(11);
    await page.locator('.area .bar button').first().click();
    await page.locator('.area .tools button').first().click();
    const middle = await browser.pixel([36.3, 33.5]);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.click(middle.x, middle.y);
    await page.mouse.move(middle.x + 40, middle.y, { steps: 4 });
    await page.mouse.click(middle.x + 40, middle.y);
    await page.locator('.area[data-shapes="1"]').waitFor();
    await ask('');
    await found(hospital).waitFor();
  });

  test('what is found is on the map, is picked there, and leads to its panel', async () => {
    const { page } = browser;
    await empty();
    await pick('kinds', 'protection');
    await pick('kinds', 'incident');
    await ask('');
    await total(4);
    await found(hospital).locator('[data-act=mark]').click();
    await page.locator(`#found [data-found="${hospital}"][data-marked]`).waitFor();
    await browser.mapRests();
    await page.waitForFunction(() => {
      const { map } = document.querySelector('.holder') as Holder;
      return map.queryRenderedFeatures({ layers: ['found'] }).some((one) => one.properties['marked'] === true);
    });
    await browser.shot(`${language}-search-3-map`);
    const at = await page.evaluate((id) => {
      const { map } = document.querySelector('.holder') as Holder;
      const one = map.queryRenderedFeatures({ layers: ['found'] }).find((each) => each.properties['id'] === id);
      return one?.geometry.type === 'Point' ? (one.geometry.coordinates as [number, number]) : null;
    }, known.incident);
    expect(at).not.toBeNull();
    const spot = await browser.pixel(at as [number, number]);
    await page.mouse.click(spot.x, spot.y);
    await page.locator(`#found [data-found="${known.incident}"][data-marked]`).waitFor();
    expect(await browser.axe()).toEqual([]);
    await found(hospital).locator('[data-act=open]').click();
    await page.locator(`.record[data-record="${hospital}"]`).waitFor();
    await page.locator('#to-search').click();
    await total(4);
    await found(known.incident).locator('[data-act=open]').focus();
    await page.keyboard.press('Enter');
    await page.locator(`#statement [data-statement="${known.incident}"]`).waitFor();
    await page.locator('#to-search').click();
  });

  test('it is exported in both forms', async () => {
    const { page } = browser;
    const save = async (format: string): Promise<string> => {
      const coming = page.waitForEvent('download');
      await page.locator(`#found [data-export=${format}]`).click();
      const path = join(folder, `out.${format}`);
      await (await coming).saveAs(path);
      return readFileSync(path, 'utf8');
    };
    const json = JSON.parse(await save('geojson')) as { features: { id: string; geometry: unknown }[] };
    expect(json.features.map(({ id }) => id)).toEqual(expect.arrayContaining([hospital, clinic, known.incident, known.other]));
    expect(json.features.length).toBe(4);
    const lines = (await save('csv')).trimEnd().split('\r\n');
    expect(lines.length).toBe(5);
    expect(lines[0]).toMatch(/^id,kind,party/);
    expect(lines.join()).not.toContain('the ward was hit');
    expect(run('audit', 'list', '--data', node.register.data, '--json')).toMatch(/act\W+export/);
  });

  test('a question is left standing, and what is new leads from the board to what it is', async () => {
    const { page } = browser;
    await empty();
    await pick('kinds', 'report');
    await pick('parties', 'un');
    await ask('EXERCISE bridge');
    await total(0);
    await page.locator('#search-stand').click();
    await page.fill('#stand-name', ' ');
    await refused(page, strings['search.name_missing']);
    await page.fill('#stand-name', 'EXERCISE الجسور');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-4-stand`);
    await signed(page);
    const standing = page.locator('#standing [data-standing]');
    await standing.waitFor();
    expect(await standing.innerText()).toContain('EXERCISE bridge');
    expect(await standing.innerText()).toContain('Party UN');
    const said = known.say('un', 'report', '--topic', 'EXERCISE bridges', '--text', 'EXERCISE two are down', '--grade', 'B2',
      '--contact', 'EXERCISE liaison', '--to', OTHERS.un);
    known.parties.carry('un', 'fr');
    await page.locator('#found [data-stale]').waitFor();
    await page.locator('.top [data-unread="1"]').click();
    const notice = page.locator('#notices [data-notice]', { hasText: said });
    await notice.waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-5-notice`);
    await notice.locator('[data-act=show]', { hasText: strings['notice.show_statement'] }).click();
    await page.locator(`#statement [data-statement="${said}"]`).waitFor();
    await page.locator('.top [data-unread="1"]').click();
    await notice.locator('[data-act=ask]').click();
    await total(1);
    await found(said).waitFor();
    expect(await page.inputValue('#search-text')).toBe('EXERCISE bridge');
    await browser.shot(`${language}-search-6-asked`);
    await standing.locator('[data-act=end]').click();
    await standing.waitFor({ state: 'detached' });
  });

  test('it is of use where it is narrow', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 390, height: 800 });
    await page.locator('.tabs button').first().click();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-7-narrow`);
    await ask('EXERCISE');
    await page.locator('#found [data-found]').first().waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-search-8-narrow-found`);
    await page.locator('.tabs button').nth(1).click();
    await browser.mapRests();
    await browser.shot(`${language}-search-9-narrow-map`);
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(browser.faults.filter((one) => !/the server responded with a status of 4(00|13)/.test(one))).toEqual([]);
  });

  test('who may list and not open is told so', async () => {
    const other = await personOf(node, language, 'lena', ['admin']);
    try {
      const { page } = other;
      await page.locator('#to-search').click();
      await page.fill('#search-text', 'ward');
      await page.keyboard.press('Enter');
      await page.locator('#found .count[data-total="0"]').waitFor();
      await page.fill('#search-text', 'air_strike');
      await page.keyboard.press('Enter');
      await page.locator('#found [data-found]').first().waitFor();
      await page.locator('#found [data-reading=listed]').waitFor();
      await page.locator('#found p', { hasText: strings['search.not_open'] }).waitFor();
      expect(await page.locator('#found [data-act=open]').first().isDisabled()).toBe(true);
      await page.waitForFunction(() => {
        const { map } = document.querySelector('.holder') as Holder;
        return map.queryRenderedFeatures({ layers: ['found'] }).length > 0;
      });
      expect(await other.axe()).toEqual([]);
      await other.shot(`${language}-search-10-listed`);
    } finally {
      await other.close();
    }
  });
});
