// SPDX-License-Identifier: Apache-2.0
// STOPs on the pages of two parties. msf says STOP in a plan: its node calls ru's, which has it before
// msf's log, over everything and in an open dialog as well; ru answers, msf reads that, says whom it
// called by telephone, lifts it, and says STOP to an activity of ru's. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { declareTo, pageOf, refused, signed } from './activities';
import { Browser } from './browser';
import { missing, Node, run } from './node';
import { Parties } from './parties';

const reason = missing();
if (reason) console.log(`skipped: stops (${reason})`);

const AT: [number, number] = [36.3, 33.5];
const WORDS = 'EXERCISE: you are striking a hospital that you were told of';
const DESK = 'EXERCISE operations, telephone 7';

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('STOPs, in %s', (language, strings) => {
  let parties: Parties;
  let msf: Node;
  let ru: Node;
  let ours: Browser; // msf's page
  let theirs: Browser; // ru's
  let stop: string;
  let flight: string;
  const shot = async (browser: Browser, name: string): Promise<void> => {
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-stops-${name}`);
  };
  const band = (of = stop) => theirs.page.locator(`header [role=alert] [data-stop="${of}"]`);

  beforeAll(async () => {
    parties = Parties.begin(['msf', 'ru']);
    flight = declareTo(parties, 'ru', 'msf', 'EXERCISE sortie');
    parties.carry('ru', 'msf');
    parties.act('ru', 'duty', 'add', 'duty', '--what', 'EXERCISE');
    ru = await Node.start(parties.register('ru'));
    run('peer', 'add', 'ru', '--data', parties.data('msf'), '--address', ru.peerAddress);
    msf = await Node.start(parties.register('msf'));
    ours = await pageOf(msf, language);
    theirs = await pageOf(ru, language);
  });
  afterAll(async () => {
    await ours?.close();
    await theirs?.close();
    await msf?.destroy();
    await ru?.destroy();
    parties?.destroy();
  });

  test('STOP is said in the plan as it is drawn, with one dialog', async () => {
    const { page } = ours;
    await page.locator('#to-stops[data-open="0"]').click();
    await page.locator('#say-stop').click();
    await page.locator('#stop-lat').waitFor(); // there is no plan: a circle is typed
    await refused(page, strings['stop.no_text']);
    await page.fill('#stop-words', WORDS);
    await refused(page, strings['fault.lat']);
    await page.locator('dialog button[type=button]').click();
    await page.locator('#to-stops').click();
    await page.locator('.plan summary', { hasText: strings['plan.type'] }).click();
    await page.fill('#typed-lat', String(AT[1]));
    await page.fill('#typed-lng', String(AT[0]));
    await page.fill('#typed-radius', '2000');
    await page.locator('.plan form [type=submit]').click();
    await page.locator('#stop-plan').click();
    await page.locator('dialog [data-where=plan] .place').waitFor();
    expect(await page.inputValue('#stop-desks')).toBe('duty');
    expect(await page.inputValue('#stop-to')).toBe('ru');
    await page.fill('#stop-desks', 'duty, chief');
    await page.fill('#stop-words', WORDS);
    await page.fill('#stop-contact', DESK);
    await shot(ours, '0-say');
    await signed(page);
    const row = page.locator('#stops [data-own=true][data-standing=nobody]', { hasText: WORDS });
    await row.waitFor();
    stop = (await row.getAttribute('data-stop')) ?? '';
    await page.locator(`#stop h2[data-stop="${stop}"]`).waitFor();
    await page.locator('#to-stops[data-waiting="1"]').waitFor();
  });

  test('it is over everything where it is said to, before its log is there, and in dialogs', async () => {
    const { page } = theirs;
    await band().waitFor();
    expect(await band().getAttribute('data-heard')).toBe('true');
    const said = (await band().innerText()).replace(/[\u2066-\u2069]/g, '');
    for (const part of [WORDS, DESK, 'Party MSF', 'duty', strings['stop.here_nobody']]) expect(said).toContain(part);
    expect(await page.title()).toContain(strings['stop.sign']);
    await theirs.mapRests();
    await shot(theirs, '1-band');
    for (const place of ['#to-activities', '[data-unread]']) {
      await page.locator(place).click();
      await band().waitFor(); // on every place
    }
    await page.locator('[data-unread]').click();
    await page.locator('button', { hasText: strings['register.add'] }).click();
    const over = page.locator(`dialog [role=alert] [data-stop="${stop}"]`);
    await over.waitFor();
    // It is not dimmed: what is seen at its place is the dialog's own copy.
    expect(await over.evaluate((node) => {
      const { left, top, width } = node.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + 2)?.closest('dialog') !== null;
    })).toBe(true);
    await shot(theirs, '2-dialog');
    await over.locator('[data-act=answer]').click();
    expect(await page.locator('dialog[open]').count()).toBe(2); // nothing of the first is lost
    await page.locator('dialog').last().locator('.end button[type=button]').click();
    await page.locator('dialog').nth(1).waitFor({ state: 'detached' });
    await page.locator('dialog .end button[type=button]').click();
    await page.locator('dialog').first().waitFor({ state: 'detached' });
  });

  test('where it is to stop is shown where it came urgently, on the map as well', async () => {
    const { page } = theirs;
    await band().locator('[data-act=show]').click();
    await page.locator(`#stop h2[data-stop="${stop}"]`).waitFor();
    await page.locator('#stop .stop-standing[data-standing=heard]').waitFor();
    await page.locator('#stop .place', { hasText: '33.5' }).waitFor();
    await theirs.mapRests();
    await theirs.mapDraws();
    await shot(theirs, 'c-heard-where');
  });

  test('a person has it, and then says that it does not stop, and why', async () => {
    const { page } = theirs;
    await band().locator('[data-act=answer]').click();
    await refused(page, strings['stop.no_word']);
    await page.locator('dialog input[value=noted]').check();
    await signed(page);
    await page.locator(`header [data-stop="${stop}"][data-heard=true][data-noted=true]`).waitFor(); // decides nothing
    await page.locator('#stop .stop-standing[data-standing=acknowledged]').waitFor();
    await page.reload(); // that it was said is the node's to know, not the window's
    await page.locator(`header [data-stop="${stop}"][data-heard=true][data-noted=true]`).waitFor();
    parties.carry('msf', 'ru');
    await page.locator(`header [data-stop="${stop}"][data-heard=false][data-noted=true]`).waitFor();
    await band().locator('[data-act=answer]').click();
    await page.locator('dialog input[value=refused]').check();
    await refused(page, strings['reply.no_text']);
    await page.fill('#stop-text', 'EXERCISE no aircraft of ours is there');
    await page.fill('#stop-contact', 'EXERCISE air desk');
    await shot(theirs, '3-answer');
    await signed(page);
    await band().waitFor({ state: 'detached' });
    await page.locator('#to-stops').click();
    await page.locator(`#stops [data-stop="${stop}"][data-standing=refused] button`).click();
    await page.locator('#stop [data-word=refused]').waitFor();
    expect(await page.locator('#stop [data-act=lift], #stop [data-act=called]').count()).toBe(0);
    expect(await page.title()).not.toContain(`${strings['stop.sign']} (`);
  });

  test('who was called and what was answered is read by whoever said it', async () => {
    const { page } = ours;
    const call = page.locator('.stop-calls [data-automatic=true] [data-route=direct]');
    await call.first().waitFor(); // ru's node took it, or nobody holds the desk
    await page.locator('#stop .stop-standing[data-standing=nobody]').first().waitFor();
    await page.locator('#stop [data-act=called]').click();
    await refused(page, strings['called.no_outcome']);
    await page.selectOption('#called-outcome', 'no_answer');
    await page.fill('#called-detail', 'EXERCISE the line of their floor');
    await shot(ours, '4-called');
    await signed(page);
    await page.locator('.stop-calls [data-automatic=false] [data-route=voice][data-outcome=no_answer]').waitFor();
    await ours.mapRests();
    await shot(ours, '5-nobody');
    parties.carry('ru', 'msf');
    await page.locator('#stop .replies [data-word=node][data-automatic=true]').waitFor();
    await page.locator('#stop .replies [data-word=refused]', { hasText: 'EXERCISE air desk' }).waitFor();
    await page.locator(`#stops [data-stop="${stop}"][data-standing=refused]`).waitFor();
    await ours.mapRests();
    await shot(ours, '6-refused');
  });

  test('STOP is said to an activity of another party, where it is', async () => {
    const { page } = ours;
    await page.locator('#to-activities').click();
    await page.locator(`#activities [data-activity="${flight}"] button`).click();
    await page.locator('#activity [data-act=stop]').click();
    await page.locator('dialog [data-where=activity]', { hasText: 'EXERCISE sortie' }).waitFor();
    await page.fill('#stop-words', 'EXERCISE: a convoy is below this');
    await shot(ours, '7-activity');
    await signed(page);
    const row = page.locator('#stops [data-standing=nobody]', { hasText: 'EXERCISE: a convoy' });
    await row.waitFor();
    const second = (await row.getAttribute('data-stop')) ?? '';
    await band(second).locator('code', { hasText: flight }).waitFor();
    await theirs.page.setViewportSize({ width: 390, height: 800 });
    await shot(theirs, '8-narrow');
    await band(second).locator('[data-act=answer]').click();
    // What signs is in view though the band takes much of the window.
    expect(await theirs.page.locator('dialog [type=submit]').evaluate((node) => {
      const { left, top, width, height } = node.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === node;
    })).toBe(true);
    await shot(theirs, '9-narrow-answer');
    await theirs.page.locator('dialog input[value=accepted]').check();
    await signed(theirs.page);
    await band(second).waitFor({ state: 'detached' }); // though its log is not there
    await theirs.page.setViewportSize({ width: 1400, height: 900 });
  });

  test('it is lifted by who said it, after a question, and stands until that acts', async () => {
    const { page } = ours;
    await page.locator(`#stops [data-stop="${stop}"] button`).click();
    await page.locator(`#stop h2[data-stop="${stop}"]`).waitFor();
    await page.locator('#stop [data-act=lift]').click();
    await page.locator('dialog', { hasText: WORDS }).waitFor();
    await shot(ours, 'a-lift');
    await signed(page);
    await page.locator(`#stops [data-stop="${stop}"][data-standing=lifting]`).waitFor();
    await page.locator('#stop [data-act=lift]').waitFor({ state: 'detached' }); // said once
    expect(ours.faults).toEqual([]);
    expect(theirs.faults).toEqual([]);
  });

  test('that they cannot be read is said where they would be', async () => {
    const { page } = theirs;
    await page.route('**/v1/stops?*', (route) => route.abort());
    await page.locator('header [role=alert] .stop-unread', { hasText: strings['problem.unreachable'] }).waitFor();
    await shot(theirs, 'b-unread');
    await page.unroute('**/v1/stops?*');
    await page.locator('.stop-unread').waitFor({ state: 'detached' });
  });
});
