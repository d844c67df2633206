// SPDX-License-Identifier: Apache-2.0
// Where the parties stand, and who holds what, on fr's page: groups and points by parties, what differs,
// since when and why; one's own word said there; areas of control at a moment, side by side and drawn.
// In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf, refused, signed } from './activities';
import type { Browser, Holder } from './browser';
import { Known, OTHERS, placed } from './intelligence';
import { missing, Node, run } from './node';

const reason = missing();
if (reason) console.log(`skipped: where parties stand (${reason})`);

const POINT = 'EXERCISE who stays';
const CONTACT = ['--contact', 'EXERCISE liaison'];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('where parties stand, in %s', (language, strings) => {
  let known: Known;
  let node: Node;
  let browser: Browser;
  let group: string;
  let quiet: string; // of un, and fr's own of the same group
  let ours: string;
  const row = (key: string): string => `.matrix [data-row="${key}"]`;
  const plain = async (selector: string): Promise<string> =>
    (await browser.text(selector)).replace(/[\u2066-\u2069]/g, '');
  const area = (party: 'fr' | 'ru' | 'un', at: [number, number], ...words: string[]): string =>
    placed(at, (place) => known.say(party, 'control', '--volumes', place, '--grade', 'C3', ...CONTACT, ...words,
      '--to', OTHERS[party]));

  beforeAll(async () => {
    known = Known.empty();
    group = known.say('fr', 'group', '--names', 'text=EXERCISE brigade;language=en', '--names',
      'text=EXERCISE لواء;language=ar', ...CONTACT, '--to', OTHERS.fr);
    known.round();
    const same = known.say('ru', 'group', '--names', 'text=EXERCISE formation;language=en', '--same', group, ...CONTACT,
      '--to', OTHERS.ru);
    known.say('fr', 'position', '--group', group, '--stand', 'protected', '--text', 'EXERCISE it fights them',
      '--until', '2031-01-01T00:00:00Z', ...CONTACT, '--to', OTHERS.fr);
    known.say('ru', 'position', '--group', same, '--stand', 'not_protected', '--text', 'EXERCISE it shot at us', ...CONTACT,
      '--to', OTHERS.ru);
    known.say('ru', 'position', '--point', POINT, '--stand', 'differs', ...CONTACT, '--to', OTHERS.ru);
    quiet = known.say('un', 'group', '--names', 'text=EXERCISE band;language=en', ...CONTACT, '--to', OTHERS.un);
    known.round();
    ours = known.say('fr', 'group', '--names', 'text=EXERCISE column;language=en', '--same', quiet, ...CONTACT, '--to',
      OTHERS.fr);
    area('fr', [36.30, 33.50], '--area', 'EXERCISE valley', '--holder', 'name=EXERCISE band', '--holding', 'held',
      '--until', '2015-11-20T00:00:00Z');
    area('ru', [36.301, 33.501], '--area', 'EXERCISE valley', '--holder', 'party=ru', '--holding', 'held', '--from',
      '2015-11-10T00:00:00Z');
    area('un', [36.32, 33.51], '--area', 'EXERCISE ridge', '--holding', 'unknown');
    known.round();
    node = await Node.start(known.parties.register('fr'));
    browser = await pageOf(node, language);
    await browser.page.locator('#to-sharing').click();
    await browser.page.locator('.views [data-view=positions]').click();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    known?.parties.destroy();
  });

  test('each party has its own word, and who differs is told by more than colour', async () => {
    const { page } = browser;
    const brigade = page.locator('.matrix [data-accord=differ]');
    await brigade.locator('[data-party=fr][data-stand=protected]').waitFor();
    await brigade.locator('[data-party=ru][data-stand=not_protected]').waitFor();
    await brigade.locator('[data-party=un][data-stand=silent]', { hasText: strings['stands.silent'] }).waitFor();
    await brigade.locator('.accord', { hasText: strings['accord.differ'] }).waitFor();
    await brigade.locator('[data-protected]').waitFor();
    await page.locator(`${row(`point ${POINT}`)}[data-accord=one] [data-party=ru][data-stand=differs]`).waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-11-positions`);
  });

  test('since when, until when and why is there on opening', async () => {
    const { page } = browser;
    const cell = page.locator('.matrix [data-accord=differ] [data-party=fr] button');
    await cell.focus();
    await page.keyboard.press('Enter');
    await page.locator('#stand[data-party=fr] [data-why]', { hasText: 'EXERCISE it fights them' }).waitFor();
    await page.locator('#stand [data-until]', { hasText: '2031' }).waitFor();
    expect(await plain('#stand [data-since]')).toMatch(/20\d\d/);
    expect(await browser.axe()).toEqual([]);
    await page.locator('#stand').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-12-stand`);
    await page.locator('.matrix [data-accord=differ] [data-party=ru] button').click();
    await page.locator('#stand[data-party=ru] [data-until]', { hasText: strings['stands.no_end'] }).waitFor();
    await page.locator('#stand .bar button').click();
    await page.locator('#stand').waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-13-positions-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test("one's own word is said there, of a point byte by byte", async () => {
    const { page } = browser;
    await page.locator(`${row(`point ${POINT}`)} [data-party=fr] button`).click();
    await page.locator('#stand [data-act=position]').click();
    await page.locator('dialog [data-fixed=point]', { hasText: POINT }).waitFor();
    await refused(page, strings['said.stand']);
    await page.selectOption('#say-stand', 'agrees');
    await page.fill('#say-contact', 'EXERCISE liaison');
    expect(await browser.axe()).toEqual([]);
    await signed(page);
    await page.locator(`${row(`point ${POINT}`)}[data-accord=differ] [data-party=fr][data-stand=agrees]`).waitFor();
    run('position', 'add', '--point', POINT, '--stand', 'agrees', ...CONTACT, '--to', 'fr', '--data', known.parties.data('un'));
    known.parties.carry('un', 'fr');
    await page.locator(`${row(`point ${POINT}`)} [data-party=un][data-stand=agrees]`).waitFor();
  });

  test('of a group with several records, the one that is named is chosen, and none before', async () => {
    const { page } = browser;
    const both = page.locator('.matrix tr', { hasText: /EXERCISE (band|column)/ });
    await both.locator('[data-party=fr] button').click();
    await page.locator('#stand [data-act=position]').click();
    const which = page.locator('#which-record');
    await which.locator(`[data-party=un] [data-choose="${quiet}"]`, { hasText: 'EXERCISE band' }).waitFor();
    await which.locator('li').first().locator(`[data-choose="${ours}"]`, { hasText: 'EXERCISE column' }).waitFor();
    expect(await which.innerText()).toContain(strings['stands.which_why']);
    expect(await page.locator('dialog').count()).toBe(0);
    expect(await browser.axe()).toEqual([]);
    await page.locator('#stand').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-18-which-record`);
    await which.locator(`[data-choose="${quiet}"]`).click();
    await page.locator('dialog [data-fixed=group]', { hasText: quiet }).waitFor();
    await page.selectOption('#say-stand', 'no_position');
    await page.fill('#say-contact', 'EXERCISE liaison');
    await signed(page);
    await both.locator('[data-party=fr][data-stand=no_position]').waitFor();
    await page.locator('#stand .bar button').click();
  });

  test('who protects a group no more protects it until the end that was said', async () => {
    const { page } = browser;
    await page.locator('.matrix [data-protected]').waitFor();
    await page.locator(`${row(group)}, .matrix tr:has([data-protected])`).first().locator('[data-party=fr] button').click();
    await page.locator('#stand [data-act=amend]').click();
    await page.selectOption('#say-stand', 'not_protected');
    await signed(page);
    await page.locator('.matrix [data-party=fr][data-stand=not_protected] [data-still]').waitFor();
    await page.locator('.matrix [data-protected]').waitFor();
    
  });

  test('of areas that could not be read it is not said that there are none, nor who is silent', async () => {
    const { page } = browser;
    await browser.without(/v1\/statements\?kind=control/, async () => {
      await page.locator('.views [data-view=control]').click();
      await page.locator('#control .fault[role=alert]').waitFor();
      await page.locator('#control[aria-busy=false]').waitFor();
      expect(await page.locator('#control [data-none], #control [data-silent], #control [data-at]').count()).toBe(0);
      await browser.shot(`${language}-intelligence-19-control-unread`);
    });
    await page.locator('.views [data-view=positions]').click();
  });

  test('areas stand side by side at a moment, and go with it', async () => {
    const { page } = browser;
    await page.locator('.views [data-view=control]').click();
    const valley = page.locator('.matrix [data-area="EXERCISE valley"]');
    await valley.locator('[data-party=ru] [data-holding=held]').waitFor();
    expect(await valley.locator('[data-party=fr] [data-control]').count()).toBe(0);
    await page.fill('#control-at', '2015-11-15 12:00');
    await page.locator('.moment button').first().click();
    await page.locator('[data-at="2015-11-15T12:00:00.000Z"]').waitFor();
    await valley.locator('[data-party=fr]', { hasText: 'EXERCISE band' }).waitFor();
    await valley.locator('.accord', { hasText: strings['accord.differ'] }).waitFor();
    await page.locator('#control [data-silent]', { hasText: 'Party MSF' }).waitFor();
    await page.locator('[data-act=draw]').click();
    await browser.mapDraws();
    await page.waitForFunction(() => {
      const { map } = document.querySelector('.holder') as Holder;
      return map.queryRenderedFeatures({ layers: ['selection-reach'] }).length > 0;
    });
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-14-control`);
    await page.locator('[data-turn=after]').click();
    await page.locator('[data-at="2015-11-20T00:00:00.000Z"]').waitFor();
    expect(await valley.locator('[data-party=fr] [data-control]').count()).toBe(0);
    await page.locator('[data-turn=before]').click();
    await page.locator('[data-at="2015-11-10T00:00:00.000Z"]').waitFor();
    await valley.locator('[data-party=ru] [data-holding=held]').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-15-control-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('an area is said here', async () => {
    const { page } = browser;
    await page.locator('.say-new summary').click();
    await page.locator('[data-say=control]').click();
    await page.fill('#say-area', 'EXERCISE ridge');
    await page.fill('#say-volumes-lat', '33.512');
    await page.fill('#say-volumes-lng', '36.322');
    await page.selectOption('#say-holding', 'held');
    await page.selectOption('#say-grade-source', 'B');
    await page.selectOption('#say-grade-credibility', '3');
    await page.fill('#say-contact', 'EXERCISE liaison');
    await refused(page, strings['said.holder']);
    await page.selectOption('#say-holder', 'group');
    await page.waitForFunction((id) => document.querySelector(`#say-holder-group option[value="${id}"]`), group);
    await page.selectOption('#say-holder-group', group);
    expect(await browser.axe()).toEqual([]);
    await signed(page);
    await page.locator('#statement [data-kind=control][data-state=stated]').waitFor();
    await page.locator('#statement [data-member=holder] [data-record]').waitFor();
    await page.locator('.views [data-view=control]').click();
    await page.locator('.matrix [data-area="EXERCISE ridge"][data-accord=differ] [data-party=fr] [data-control]').waitFor();
    expect(browser.faults).toEqual([]);
  });
});
