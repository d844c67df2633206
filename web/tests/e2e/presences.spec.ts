// SPDX-License-Identifier: Apache-2.0
// Where groups are, on fr's page among four parties: listed with who says what, contested, coarse, over;
// said from what is drawn, loaded and typed, amended, withdrawn; what another party is given of it is
// asked of its own node. In English and in Arabic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { hours, pageOf, refused, signed, typed } from './activities';
import type { Browser, Holder } from './browser';
import { type Id, Known, OTHERS } from './intelligence';
import { missing, Node, run } from './node';
import { personOf } from './person';

const reason = missing();
if (reason) console.log(`skipped: where groups are (${reason})`);

const CONTACT = ['--contact', 'EXERCISE liaison'];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('where groups are, in %s', (language, strings) => {
  let known: Known;
  let node: Node;
  let browser: Browser;
  let folder: string;
  let group: string;
  let contested: string;
  let coarse: string;
  let over: string;
  let shortened: string; // to an end that is past; the reduction waits
  let said: string;

  const presence = (party: Id, at: [number, number], to: string, ...words: string[]): string =>
    /\b[a-z2-7]{16}\b/.exec(run('presence', 'add', '--group', group, '--grade', 'B2', '--at', `${at[1]},${at[0]}`, '--radius',
      '1500', '--name', 'EXERCISE valley', ...CONTACT, ...words, '--to', to, '--data', known.parties.data(party)))?.[0] ?? '';
  const stand = (party: Id, word: string): string =>
    known.say(party, 'position', '--group', group, '--stand', word, ...CONTACT, '--to', OTHERS[party]);
  const row = (id: string) => browser.page.locator(`#presences [data-presence-row="${id}"]`);
  const shown = (party: Id, id: string): { presence?: { group: string }; protection?: { properties: Record<string, unknown> } } =>
    JSON.parse(run('show', id, '--json', '--data', known.parties.data(party))) as ReturnType<typeof shown>;
  const opened = (id: string, version: number): Promise<void> =>
    browser.page.locator(`#presence [data-presence-open="${id}"][data-version="${version}"]`).waitFor();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entente-presences-'));
    known = Known.empty();
    group = known.say('ru', 'group', '--names', 'text=EXERCISE brigade;language=en', '--names', 'text=EXERCISE لواء;language=ar',
      ...CONTACT, '--to', OTHERS.ru);
    known.round();
    known.say('un', 'group', '--names', 'text=EXERCISE others;language=en', '--same', group, ...CONTACT, '--to', OTHERS.un);
    stand('fr', 'protected');
    stand('ru', 'not_protected');
    known.round();
    contested = presence('ru', [36.3, 33.5], 'fr,un,msf', '--sponsor', 'un', '--from', hours(-1), '--until', hours(100));
    coarse = presence('un', [36.36, 33.53], 'fr:coarse', '--from', hours(-1), '--until', hours(50));
    over = presence('ru', [36.25, 33.47], 'fr', '--from', hours(-100), '--until', hours(-1));
    shortened = presence('ru', [36.4, 33.45], 'fr', '--from', hours(-100), '--until', hours(50));
    run('presence', 'amend', shortened, '--until', hours(-1), '--data', known.parties.data('ru'));
    known.round();
    node = await Node.start(known.parties.register('fr'));
    browser = await pageOf(node, language);
    await browser.page.locator('#to-sharing').click();
    await browser.page.locator('.views [data-view=presences]').click();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    known?.parties.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test('each has its group, who vouches, grade, end, and who says what of the group', async () => {
    const { page } = browser;
    await row(contested).waitFor();
    const text = (await row(contested).innerText()).replace(/[\u2066-\u2069]/g, '');
    for (const part of ['EXERCISE', 'Party RU', 'Party UN', strings['presences.contested'], strings['stand.protected'], strings['stand.not_protected']]) {
      expect(text).toContain(part);
    }
    await row(contested).locator('[data-party=fr][data-stand=protected]').waitFor();
    await row(contested).locator('[data-party=ru][data-stand=not_protected]').waitFor();
    await row(contested).locator('[data-silent]', { hasText: 'Party MSF' }).waitFor();
    await row(contested).locator('[data-grade=B2]').waitFor();
    expect(await row(coarse).innerText()).toContain(strings['presences.group_not_open']);
    expect(await row(over).count()).toBe(0);
    await row(shortened).locator('.quiet', { hasText: strings['state.pending_relaxation'] }).waitFor();
    expect(await row(shortened).getAttribute('data-over')).toBeNull();
    await page.locator('#presences [data-not-shown]').waitFor();
    await page.check('#presences-over');
    await page.locator(`#presences [data-presence-row="${over}"][data-over]`).waitFor();
    expect(await browser.axe()).toEqual([]);
    await browser.mapRests();
    await browser.shot(`${language}-presences-0-list`);
  });

  test('one that is open says what follows and why, on the map too', async () => {
    const { page } = browser;
    await row(contested).locator('.row-button').focus();
    await page.keyboard.press('Enter');
    await page.locator(`#presence [data-presence-open="${contested}"]`).waitFor();
    await page.locator('#presence [data-presence=protected]', { hasText: strings['presence.protected'] }).waitFor();
    await page.locator('#presence [data-contested]').waitFor();
    // By the record that it names; what un calls it stands apart.
    await page.locator('#presence h2', { hasText: language === 'ar' ? 'EXERCISE لواء' : 'EXERCISE brigade' }).waitFor();
    expect(await browser.text('#presence [data-presence]')).not.toContain('EXERCISE others');
    await page.locator('#presence [data-other-names] summary').click();
    await page.locator('#presence [data-other-names] [data-party=un]', { hasText: 'EXERCISE others' }).waitFor();
    expect(await page.locator('#presence [data-act=amend], #presence [data-act=withdraw]').count()).toBe(0);
    await page.waitForFunction(() => {
      const { map } = document.querySelector('.holder') as Holder;
      return map.queryRenderedFeatures({ layers: ['found'] }).some((one) => one.properties['marked'] === true);
    });
    await browser.mapRests();
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-presences-1-open`);
    await row(coarse).locator('.row-button').click();
    await page.locator('#presence [data-coarse]', { hasText: strings['presences.coarse'] }).waitFor();
    await page.locator(`#presence [data-presence-open="${coarse}"]`).waitFor();
  });

  test('one is said of what is drawn; its end is required, and not more than fourteen days on', async () => {
    const { page } = browser;
    await page.locator('[data-say-presence] > summary').click();
    await browser.look([36.28, 33.52], 11);
    await page.locator('.area .tools button').first().click();
    const middle = await browser.pixel([36.28, 33.52]);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.click(middle.x, middle.y);
    await page.mouse.move(middle.x + 30, middle.y, { steps: 4 });
    await page.mouse.click(middle.x + 30, middle.y);
    await page.locator('.area[data-shapes="1"]').waitFor();
    await page.locator('#presence-say').click();
    await refused(page, strings['presence_fault.group']);
    await page.waitForFunction((id) => document.querySelector(`#presence-group option[value="${id}"]`), group);
    await page.selectOption('#presence-group', group);
    await refused(page, strings['presence_fault.grade']);
    await page.selectOption('#presence-grade-source', 'B');
    await page.selectOption('#presence-grade-credibility', '3');
    await page.fill('#presence-from', typed(hours(0)));
    await refused(page, strings['presence_fault.until']);
    await page.fill('#presence-until', typed(hours(24 * 15)));
    await refused(page, strings['presence_fault.span']);
    await page.fill('#presence-until', typed(hours(24 * 7)));
    await page.selectOption('#presence-sponsor', 'ru');
    await page.fill('#presence-name', 'EXERCISE ridge');
    await page.fill('#presence-contact', 'EXERCISE desk');
    await page.selectOption('dialog [data-to=un]', 'coarse');
    await page.selectOption('dialog [data-to=msf]', 'exact');
    expect(await page.inputValue('#presence-where')).toMatch(/^presence-/);
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-presences-2-say`);
    await signed(page);
    const open = page.locator(`#presence [data-presence-open]:not([data-presence-open="${coarse}"])`);
    await open.waitFor();
    said = (await open.getAttribute('data-presence-open')) ?? '';
    await page.locator('.area[data-shapes="0"]').waitFor();
    await row(said).locator('[data-grade=B3]').waitFor();
    known.parties.carry('fr', 'msf');
    known.parties.carry('fr', 'un');
    expect(shown('msf', said).protection?.properties).toMatchObject({ kind: 'presence', group, sponsor: 'ru', grade: 'B3' });
    expect(shown('un', said).presence).toBeUndefined();
    await browser.shot(`${language}-presences-3-said`);
  });

  test('it is said anew by its author, and ended; a position that changes is seen', async () => {
    const { page } = browser;
    const later = hours(24 * 9);
    await page.locator('#presence [data-act=amend]').click();
    expect(await page.inputValue('#presence-where')).toBe('kept');
    expect(await page.inputValue('#presence-sponsor')).toBe('ru');
    await page.fill('#presence-until', typed(later));
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-presences-4-amend`);
    await signed(page);
    await opened(said, 2);
    known.parties.carry('fr', 'msf');
    const there = shown('msf', said).protection?.properties;
    expect(String(there?.['time_end']).slice(0, 16)).toBe(later.slice(0, 16));
    expect(there).toMatchObject({ sponsor: 'ru', 'name': 'EXERCISE ridge' });
    stand('un', 'not_protected');
    known.parties.carry('un', 'fr');
    await row(said).locator('[data-party=un][data-stand=not_protected]').waitFor();
    await page.locator('#presence [data-presence] [data-party=un][data-stand=not_protected]').waitFor();
    await page.locator('#presence [data-act=withdraw]').click();
    await signed(page);
    await page.locator(`#presence [data-presence-open="${said}"][data-state=pending_relaxation]`).waitFor();
    await row(said).locator('.quiet', { hasText: strings['state.pending_relaxation'] }).waitFor();
    await browser.shot(`${language}-presences-8-ended`);
  });

  test('one is said of a file, and of a circle that is typed', async () => {
    const { page } = browser;
    const path = join(folder, 'place.geojson');
    writeFileSync(path, JSON.stringify({
      type: 'Feature', properties: { radius_m: 900, accuracy_m: 400, time_end: '2031-01-01T00:00:00Z' },
      geometry: { type: 'Point', coordinates: [36.33, 33.48] },
    }));
    await page.locator('.area details summary').click();
    await page.setInputFiles('.area input[type=file]', path);
    await page.locator('.area[data-shapes="1"]').waitFor();
    await page.locator('#presence-say').click();
    await page.waitForFunction((id) => document.querySelector(`#presence-group option[value="${id}"]`), group);
    await page.selectOption('#presence-group', group);
    await page.selectOption('#presence-grade-source', 'C');
    await page.selectOption('#presence-grade-credibility', '3');
    await page.fill('#presence-from', typed(hours(0)));
    await page.fill('#presence-until', typed(hours(48)));
    await page.selectOption('#presence-where', 'typed');
    await refused(page, strings['fault.lat']);
    await page.fill('#presence-lat', '33.47');
    await page.fill('#presence-lng', '36.34');
    await page.selectOption('#presence-where', { index: 0 });
    await signed(page);
    const open = page.locator(`#presence [data-presence-open]:not([data-presence-open="${said}"])`);
    await open.waitFor();
    const id = (await open.getAttribute('data-presence-open')) ?? '';
    expect(shown('fr', id).protection?.properties).toMatchObject({ radius_m: 900, accuracy_m: 400, grade: 'C3' });
    expect(String(shown('fr', id).protection?.properties['time_end'])).not.toContain('2031');
  });

  test('it is of use where it is narrow', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-presences-5-narrow-open`);
    await page.locator('.tabs button').nth(1).click();
    await row(contested).waitFor();
    expect(await browser.axe()).toEqual([]);
    await row(contested).scrollIntoViewIfNeeded();
    await browser.shot(`${language}-presences-6-narrow-list`);
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(browser.faults).toEqual([]);
  });

  test('who has not the right finds no form, and is told what is not open', async () => {
    const other = await personOf(node, language, 'lena', ['admin']);
    try {
      const { page } = other;
      await page.locator('#to-sharing').click();
      await page.locator('.views [data-view=presences]').click();
      await page.locator(`#presences [data-presence-row="${contested}"] .row-button`).click();
      await page.locator('#presence [data-no-right]', { hasText: strings['presences.not_open'] }).waitFor();
      expect(await page.locator('[data-say-presence], #presence [data-act]').count()).toBe(0);
      await page.waitForFunction(() => {
        const { map } = document.querySelector('.holder') as Holder;
        return map.queryRenderedFeatures({ layers: ['found'] }).some((one) => one.properties['marked'] === true);
      });
      expect(await other.axe()).toEqual([]);
      await other.shot(`${language}-presences-7-listed`);
    } finally {
      await other.close();
    }
  });
});
