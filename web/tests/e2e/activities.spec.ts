// SPDX-License-Identifier: Apache-2.0
// Activities on the pages of two parties: msf declares a plan that touches something, ru sees it, a
// new protection inside raises the alarm over everything else, ru replies, msf reads that, opens one
// that was sealed, and says that its own is over. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { hours, pageOf, refused, seal, signed, typed } from './activities';
import { Browser } from './browser';
import { missing, Node, say } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: activities (${reason})`);

const AT: [number, number] = [36.3, 33.5];
const INSIDE: [number, number] = [36.302, 33.5];

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('activities, in %s', (language, strings) => {
  let parties: Parties;
  let msf: Node;
  let ru: Node;
  let ours: Browser; // msf's page
  let theirs: Browser; // ru's
  let sealed: string;
  let declared: string;
  let clinic: string; // of ru, inside
  const shot = async (browser: Browser, name: string): Promise<void> => {
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-activities-${name}`);
  };

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    parties.protect('msf', 'EXERCISE hospital', AT);
    sealed = seal(parties, 'msf', 'EXERCISE flight');
    msf = await Node.start(parties.register('msf'));
    ours = await pageOf(msf, language);
  });
  afterAll(async () => {
    await ours?.close();
    await theirs?.close();
    await msf?.destroy();
    await ru?.destroy();
    parties?.destroy();
  });

  test('a plan is declared with its answer in view, and what is missing is asked for', async () => {
    const { page } = ours;
    expect(await page.locator('#declare').count()).toBe(0); // there is no plan
    await page.locator('.plan summary', { hasText: strings['plan.type'] }).click();
    await page.fill('#typed-lat', String(AT[1]));
    await page.fill('#typed-lng', String(AT[0]));
    await page.fill('#typed-radius', '400');
    await page.locator('.plan form [type=submit]').click();
    expect(await ours.verdict()).toBe('conflict');
    await page.locator('#declare').click();
    const dialog = page.locator('dialog');
    await dialog.locator('.verdict[data-verdict=conflict]').waitFor();
    await dialog.locator('p', { hasText: strings['declare.text'] }).waitFor();
    await refused(page, strings['declare.no_contact']);
    await page.fill('#declare-contact', 'EXERCISE operations desk');
    await refused(page, strings['declare.whom']);
    await dialog.locator('input[name=to][value=ru]').check();
    await refused(page, strings['declare.no_window']);
    await page.fill('#declare-name', 'EXERCISE relief drop');
    await dialog.locator('button', { hasText: strings['plan.now'] }).click();
    const until = dialog.locator('.field.wide input[placeholder]').nth(1);
    await until.fill(typed(hours(2)));
    await shot(ours, '0-declare');
    await until.fill('tomorrow'); // what does not read is not what was written before it
    await refused(page, strings['declare.no_window']);
    await until.fill(typed(hours(2)));
    await signed(page);
    await page.locator('#activity .standing[data-state=running]').waitFor();
    declared = (await page.locator('#activity .standing').getAttribute('data-activity')) ?? '';
    expect(await ours.text('#activity')).toContain(strings['activity.permits']);
    await page.locator('#activity .answer[data-verdict=conflict] .findings', { hasText: 'EXERCISE hospital' }).waitFor();
  });

  test('what it touches while it is under way stands over everything until it was seen', async () => {
    const { page } = ours;
    const alarm = page.locator(`[role=alert] [data-alarm="${declared}"]`);
    await alarm.locator('bdi', { hasText: 'EXERCISE hospital' }).waitFor();
    await page.locator(`#activity [data-meeting="${sealed}"]`, { hasText: 'EXERCISE flight' }).waitFor();
    await page.locator(`#activities [data-activity="${declared}"][data-verdict=conflict]`).waitFor();
    await ours.mapRests();
    await shot(ours, '1-alarm');
    await page.locator('#to-activities').click();
    await alarm.waitFor(); // on every place
    await page.locator('.top [data-count="2"]').waitFor();
    await alarm.locator('button', { hasText: strings['alarm.seen'] }).press('Enter');
    await alarm.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('to-activities');
    await page.reload();
    await page.locator('.top [data-count="2"]').waitFor();
    expect(await page.locator('.alarm').count()).toBe(0);
  });

  test('the other sees it, and is alarmed by what is new inside it', async () => {
    parties.carry('msf', 'ru');
    ru = await Node.start(parties.register('ru'));
    theirs = await pageOf(ru, language);
    const { page } = theirs;
    await page.locator('#to-activities').click();
    const line = page.locator(`#activities [data-activity="${declared}"]`);
    await line.waitFor();
    expect(await page.locator(`#activities [data-activity="${sealed}"]`).count()).toBe(0);
    expect(await line.innerText()).toContain('EXERCISE operations desk');
    expect(await page.locator('.alarm').count()).toBe(0);
    clinic = await say(ru, {
      type: 'Feature', geometry: { type: 'Point', coordinates: INSIDE },
      properties: { class: 'clinic', name: 'EXERCISE clinic', radius_m: 30, contact: 'EXERCISE health desk' },
    });
    const alarm = page.locator(`[role=alert] [data-alarm="${declared}"]`);
    await alarm.locator('span', { hasText: 'EXERCISE health desk' }).waitFor();
    await alarm.locator('button', { hasText: strings['alarm.show'] }).click();
    await page.locator('#activity .findings', { hasText: 'EXERCISE clinic' }).waitFor();
    // Others' are replied to, or told to stop.
    const acts = await page.locator('#activity [data-act]').evaluateAll((all) => all.map((one) => one.getAttribute('data-act')));
    expect(acts).toEqual(['reply', 'stop']);
    await theirs.mapRests();
    await shot(theirs, '2-other');
  });

  test('it replies, and says why and whom to call', async () => {
    const { page } = theirs;
    await page.locator('#activity [data-act=reply]').click();
    await refused(page, strings['reply.no_word']);
    expect(await page.locator('dialog option[value=missing]').count()).toBe(0);
    await page.selectOption('#reply-word', 'conflict');
    await refused(page, strings['reply.no_contact']);
    await page.selectOption('#reply-word', 'refused');
    await refused(page, strings['reply.no_text']);
    await page.fill('#reply-text', 'EXERCISE a clinic has opened there');
    await page.fill('#reply-contact', 'EXERCISE health desk');
    await shot(theirs, '3-reply');
    await signed(page);
    await page.locator('#activity [data-word=refused][data-automatic=false]').waitFor();
    expect(theirs.faults).toEqual([]);
  });

  test('the reply and the new protection come by themselves, and both are told', async () => {
    const { page } = ours;
    const alarm = page.locator(`[role=alert] [data-alarm="${declared}"]`);
    parties.release('ru', clinic, 'msf', 'coarse');
    parties.carry('ru', 'msf');
    await alarm.locator('span', { hasText: 'EXERCISE health desk' }).waitFor();
    expect(await alarm.innerText()).not.toContain('EXERCISE clinic');
    await alarm.locator('button', { hasText: strings['alarm.seen'] }).click();
    await alarm.waitFor({ state: 'detached' });
    // That an area was seen does not still the place in it.
    parties.release('ru', clinic, 'msf', 'exact');
    parties.carry('ru', 'msf');
    await alarm.locator('span', { hasText: 'EXERCISE clinic' }).waitFor();
    expect(await alarm.innerText()).not.toContain('EXERCISE hospital'); // that was seen
    await page.locator('#to-activities').click();
    const line = page.locator(`#activities [data-activity="${declared}"]`);
    await line.locator('[data-fresh]:not([data-fresh="0"])').waitFor();
    await line.locator('button').click();
    await page.locator('#activity [data-word=refused]', { hasText: 'EXERCISE a clinic has opened there' }).waitFor();
    await line.locator('[data-fresh="0"]').waitFor();
    await ours.mapRests();
    await shot(ours, '4-told');
    await alarm.locator('button', { hasText: strings['alarm.seen'] }).click();
    await alarm.waitFor({ state: 'detached' });
  });

  test('one that was sealed is opened to a party that is named', async () => {
    const { page } = ours;
    await page.locator(`#activities [data-activity="${sealed}"] button`).click();
    await page.locator(`#activity .standing[data-activity="${sealed}"][data-state=planned]`).waitFor();
    expect(await page.locator('#activity [data-act=start], #activity [data-act=end]').count()).toBe(0);
    await page.locator('#activity [data-act=open]').click();
    await refused(page, strings['declare.whom']);
    await page.locator('dialog input[value=ru]').check();
    await shot(ours, '5-open');
    await signed(page);
    parties.carry('msf', 'ru');
    await theirs.page.locator(`#activities [data-activity="${sealed}"]`).waitFor();
  });

  test('it is amended whole: what was not said of it is asked for', async () => {
    const { page } = ours;
    await page.locator('#activity [data-act=amend]').click();
    expect(await page.locator('#amend-where option').count()).toBe(1); // there is no plan
    await refused(page, strings['fault.number']);
    await page.fill('#amend-accuracy', '100');
    await page.fill('#amend-contact', ' ');
    await refused(page, strings['declare.no_contact']);
    await page.fill('#amend-contact', 'EXERCISE second desk');
    await page.selectOption('#amend-terms', 'all');
    await page.fill('#amend-end', '');
    await refused(page, strings['declare.no_window']);
    await page.fill('#amend-end', typed(hours(5)));
    await page.locator('dialog .fault').waitFor({ state: 'detached' });
    await shot(ours, '6-amend');
    await signed(page);
    await page.locator(`#activity .standing[data-activity="${sealed}"][data-version="2"]`).waitFor();
    expect(await ours.text('#activity')).toContain('EXERCISE second desk');
    expect(await page.locator('#activity .planned').count()).toBe(1); // its volumes stay
    // For others they are drawn on from what there is, where nothing is drawn already.
    await page.locator('#activity [data-act=copy]').click();
    await page.locator('#plan .shape').waitFor();
    await page.locator('#to-activities').click();
    await page.locator('#activity [data-act=amend]').waitFor();
    expect(await page.locator('#activity [data-act=copy]').count()).toBe(0);
    await page.locator('#activity [data-act=amend]').click();
    await page.selectOption('#amend-where', 'plan');
    expect(await page.inputValue('#amend-accuracy')).toBe('100'); // as it was said
    await page.fill('#amend-accuracy', '0');
    await signed(page);
    await page.locator(`#activity .standing[data-activity="${sealed}"][data-version="3"]`).waitFor();
    expect(await ours.text('#activity')).toContain('EXERCISE second desk');
  });

  test('it begins and ends by its party\'s word, after a question each', async () => {
    const { page } = ours;
    const answer = async (act: string): Promise<void> => {
      await page.locator(`#activity [data-act=${act}]`).click();
      await signed(page);
    };
    await page.locator(`#activities [data-activity="${declared}"] button`).click();
    await page.locator(`#activity .standing[data-activity="${declared}"]`).waitFor();
    await answer('start');
    await page.locator('#activity [data-act=end]').waitFor();
    expect(await page.locator('#activity [data-act=cancel]').count()).toBe(0);
    await answer('end');
    await page.locator('#activity .standing[data-state=ended]').waitFor();
    await page.locator('#activity p', { hasText: strings['activity.no_volumes'] }).waitFor();
    expect(await page.locator('#activity .answer').count()).toBe(0);
    await page.locator(`#activities [data-activity="${declared}"]`).waitFor({ state: 'detached' });
    await page.locator('#activities-over').check();
    await page.locator(`#activities [data-activity="${declared}"][data-state=ended]`).waitFor();
    await shot(ours, '7-over');
    expect(ours.faults).toEqual([]);
    expect(theirs.faults).toEqual([]);
  });
});
