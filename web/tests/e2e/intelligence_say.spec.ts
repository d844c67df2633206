// SPDX-License-Identifier: Apache-2.0
// What fr says on its page: a report with a tear line and a label, an incident with casualties, who did
// it, a link, an assessment, a request, an answer; corrected and withdrawn. What un is given of it is
// asked of un's own node. Whoever has not the right finds no form. In English and in Arabic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ar from '../../src/i18n/ar.json';
import en from '../../src/i18n/en.json';
import { pageOf, refused, signed } from './activities';
import type { Browser } from './browser';
import { type Id, Known } from './intelligence';
import { missing, Node, run } from './node';
import { personOf } from './person';

const reason = missing();
if (reason) console.log(`skipped: saying what is known (${reason})`);

interface Shown {
  tier: string;
  said?: Record<string, unknown>;
  tear?: Record<string, unknown>;
  label: Record<string, unknown>;
  replies: { party: string; word: string }[];
}

describe.skipIf(reason !== '').each([['en', en], ['ar', ar]] as const)('saying what is known, in %s', (language, strings) => {
  let known: Known;
  let node: Node;
  let browser: Browser;
  let report: string;

  const shown = (party: Id, verb: string, id: string): Shown =>
    JSON.parse(run(verb, 'show', id, '--json', '--data', known.parties.data(party))) as Shown;
  const missed = (key: keyof typeof en): string => (strings[key] as string);
  /** The statement that is open now, once it is of this kind and not the one before. */
  const opened = async (kind: string, before = ''): Promise<string> => {
    const one = browser.page.locator(`#statement [data-kind=${kind}]:not([data-statement="${before}"])`);
    await one.waitFor();
    return (await one.getAttribute('data-statement')) ?? '';
  };
  const open = async (id: string): Promise<void> => {
    await browser.page.locator(`#statements [data-statement="${id}"] button`).click();
    await browser.page.locator(`#statement [data-statement="${id}"]`).waitFor();
  };
  const act = (name: string): Promise<void> => browser.page.locator(`#statement [data-act=${name}]`).click();
  const grade = async (source: string, said: string): Promise<void> => {
    await browser.page.selectOption('#say-grade-source', source);
    await browser.page.selectOption('#say-grade-credibility', said);
  };
  const give = async (...to: string[]): Promise<void> => {
    for (const one of to) await browser.page.locator(`dialog input[name=to][value=${one}]`).check();
  };

  beforeAll(async () => {
    known = Known.begin();
    node = await Node.start(known.parties.register('fr'));
    browser = await pageOf(node, language);
    await browser.page.locator('#to-sharing').click();
    await browser.page.locator(`#statements [data-statement="${known.incident}"]`).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.destroy();
    known?.parties.destroy();
  });

  test('a report is said with its sources, its label, and a coarse part for some', async () => {
    const { page } = browser;
    await page.locator('.say-new summary').click();
    await page.locator('[data-say=report]').click();
    await refused(page, missed('said.topic'));
    await page.fill('#say-topic', 'EXERCISE bridge');
    await page.fill('#say-text', 'EXERCISE the bridge is down');
    await refused(page, missed('said.grade'));
    await grade('B', '2');
    await page.fill('#say-contact', 'EXERCISE liaison');
    await page.fill('#say-from', 'yesterday');
    await refused(page, missed('said.from'));
    await page.fill('#say-from', '2015-11-13 20:20');
    await page.fill('#say-until', '2015-11-13 21:10');
    await page.selectOption('#say-volumes', 'typed');
    await refused(page, missed('said.volumes'));
    await page.fill('#say-volumes-lat', '33.52');
    await page.fill('#say-volumes-lng', '36.32');
    await page.fill('#say-volumes-radius', '60');
    await page.locator('#say-sources-add').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'say-sources-0-kind');
    await page.selectOption('#say-sources-0-kind', 'media');
    await page.fill('#say-sources-0-line', 'AFP, 2015-11-14');
    await page.check('#say-torn');
    await page.fill('#say-tear', 'EXERCISE a crossing is down');
    await page.locator('dialog summary').click();
    await page.selectOption('#label-tlp', 'amber');
    await page.selectOption('#label-onward', 'none');
    await page.selectOption('dialog [data-to=un]', 'coarse');
    await page.selectOption('dialog [data-to=ru]', 'exact');
    await page.locator('dialog .fault[role=alert]').waitFor({ state: 'detached' });
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-5-report`);
    await signed(page);
    report = await opened('report');
    await page.locator('#statement [data-part=tear]', { hasText: 'EXERCISE a crossing is down' }).waitFor();
    await page.locator('#statement .label-signed[data-tlp=amber]').waitFor();
    known.parties.carry('fr', 'un');
    const there = shown('un', 'report', report);
    expect([there.tier, there.said, there.tear?.['text']]).toEqual(['coarse', undefined, 'EXERCISE a crossing is down']);
    expect(there.label).toMatchObject({ tlp: 'amber', onward: 'none' });
  });

  test('it is released to a further party, in the tiers that it has', async () => {
    const { page } = browser;
    await act('release');
    expect(await page.locator('#release-tier option').count()).toBe(2);
    await page.selectOption('#release-to', 'msf');
    expect(await browser.axe()).toEqual([]);
    await signed(page);
    const msf = '#statement .told li[data-party="msf"][data-tier="coarse"]';
    await page.waitForSelector(`${msf}[data-rung="offered"]`);
    known.parties.carry('fr', 'msf');
    expect(shown('msf', 'report', report).tier).toBe('coarse');
    known.parties.carry('msf', 'fr');
    await page.waitForSelector(`${msf}[data-rung="received"]`, { timeout: 60_000 });
  });

  test('it is corrected in what differs, and nothing else goes', async () => {
    const { page } = browser;
    await act('amend');
    expect(await page.inputValue('#say-topic')).toBe('EXERCISE bridge');
    expect(await page.inputValue('#say-volumes')).toBe('kept');
    await page.fill('#say-text', 'EXERCISE the bridge is damaged');
    await browser.shot(`${language}-intelligence-6-amend`);
    await signed(page);
    await page.locator(`#statement [data-statement="${report}"][data-version="2"]`).waitFor();
    known.parties.carry('fr', 'ru');
    const there = shown('ru', 'report', report);
    expect(there.said).toMatchObject({
      text: 'EXERCISE the bridge is damaged', topic: 'EXERCISE bridge', grade: 'B2',
      sources: [{ kind: 'media', line: 'AFP, 2015-11-14' }],
    });
    expect(there.said?.['volumes']).toBeDefined();
    expect(there.label).toMatchObject({ tlp: 'amber' });
  });

  test('an incident is said with casualties, a number that is left empty is not known', async () => {
    const { page } = browser;
    await page.locator('[data-say=incident]').click();
    await page.selectOption('#say-sort', 'raid');
    await page.fill('#say-from', '2015-11-18 03:20');
    await page.fill('#say-until', '2015-11-18 10:30');
    await page.selectOption('#say-time_precision', 'minute');
    await page.fill('#say-contact', 'EXERCISE desk');
    await page.locator('#say-casualties-add').click();
    await page.selectOption('#say-casualties-0-category', 'civilian');
    await page.fill('#say-casualties-0-least', 'two');
    await refused(page, missed('said.least'));
    await page.fill('#say-casualties-0-least', '0');
    await page.fill('#say-casualties-0-most', '3');
    await page.locator('#say-objects-add').click();
    await page.fill('#say-objects-0-name', 'EXERCISE flat');
    await page.selectOption('#say-objects-0-damage', 'damaged');
    await give('msf');
    expect(await browser.axe()).toEqual([]);
    await page.locator('#say-casualties-0-least').scrollIntoViewIfNeeded();
    await browser.shot(`${language}-intelligence-7-casualties`);
    await signed(page);
    const id = await opened('incident');
    const killed = page.locator('#statement [data-harm=killed]');
    expect(await killed.locator('[data-count=least]').textContent()).toContain(strings['sharing.none_said']);
    expect(await killed.locator('[data-count=best]').textContent()).toContain(strings['sharing.not_known']);
    known.parties.carry('fr', 'msf');
    expect(shown('msf', 'incident', id).said?.['casualties']).toEqual([
      { category: 'civilian', harm: 'killed', least: 0, most: 3 },
    ]);
  });

  test('who did it, a link, an assessment and a request are said from an incident', async () => {
    const { page } = browser;
    await open(known.incident);
    await act('responsible');
    await page.locator('dialog [data-fixed=of]').waitFor();
    await page.selectOption('#say-stance', 'attributes');
    await page.fill('#say-contact', 'EXERCISE liaison');
    await refused(page, missed('said.whom'));
    await page.selectOption('#say-whom', 'name');
    await page.fill('#say-whom-name', 'EXERCISE band');
    await give('msf');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-8-responsible`);
    await signed(page);
    await opened('responsibility');
    await page.locator('#statement .back').click();
    await page.locator('#statement [data-party=fr] [data-stance=attributes]', { hasText: 'EXERCISE band' }).waitFor();

    await act('assess');
    await page.selectOption('#say-opinion', 'disagrees');
    await grade('C', '4');
    await page.fill('#say-contact', 'EXERCISE analysis');
    await refused(page, missed('said.text'));
    await page.fill('#say-text', 'EXERCISE it was later');
    await give('msf');
    await signed(page);
    await opened('assessment');
    await page.locator('#statement .back').click();
    await page.locator('#statement [data-part=assessment] [data-party=fr][data-opinion=disagrees]').waitFor();

    await act('link');
    await page.selectOption('#say-relation', 'follows');
    await page.waitForFunction((id) => document.querySelector(`#say-other option[value="${id}"]`), known.other);
    await page.selectOption('#say-other', known.other);
    await page.fill('#say-contact', 'EXERCISE desk');
    await give('msf', 'un');
    await signed(page);
    const link = await opened('link');
    await page.locator(`[data-answers="${link}"] [data-answer=none][data-party=un]`).waitFor();
    await page.locator('#statement .back').click();
    await page.locator(`#statement [data-link="${link}"]`).waitFor();

    await act('request');
    await page.locator('dialog input[name=parties][value=un]').check();
    await page.fill('#say-text', 'EXERCISE their clinic is near');
    await page.fill('#say-contact', 'EXERCISE liaison');
    await give('msf');
    await signed(page);
    const asked = await opened('request');
    known.parties.carry('fr', 'msf');
    expect(shown('msf', 'request', asked).said).toMatchObject({ of: known.incident, parties: ['un'] });
    run('request', 'reply', asked, 'refused', '--text', 'EXERCISE not yet', '--data', known.parties.data('msf'));
    known.parties.carry('msf', 'fr');
    await page.locator(`[data-answers="${asked}"] [data-answer=refused][data-party=msf]`, { hasText: 'EXERCISE not yet' }).waitFor();
  });

  test("another party's link is answered", async () => {
    const { page } = browser;
    await open(known.link);
    await act('answer');
    await refused(page, strings['reply.no_word']);
    await page.selectOption('#reply-word', 'refused');
    await refused(page, strings['reply.no_text']);
    await page.fill('#reply-text', 'EXERCISE two raids');
    expect(await browser.axe()).toEqual([]);
    await browser.shot(`${language}-intelligence-9-answer`);
    await signed(page);
    await page.locator(`[data-answers="${known.link}"] [data-answer=refused][data-party=fr]`).waitFor();
    known.parties.carry('fr', 'un');
    expect(shown('un', 'incident-link', known.link).replies).toMatchObject([{ party: 'fr', word: 'refused' }]);
  });

  test('what is withdrawn is gone from the list, and says so', async () => {
    const { page } = browser;
    await open(report);
    await act('withdraw');
    await browser.shot(`${language}-intelligence-10-withdraw`);
    await signed(page);
    await page.locator(`#statement [data-statement="${report}"][data-state=withdrawn]`).waitFor();
    await page.locator(`#statements [data-statement="${report}"]`).waitFor({ state: 'detached' });
    expect(await page.locator('#statement [data-act=amend]').count()).toBe(0);
    expect(browser.faults).toEqual([]);
  });

  test('who has not the right finds no form', async () => {
    const other = await personOf(node, language, 'nadia', ['auditor']);
    try {
      const { page } = other;
      await page.locator('#to-sharing').click();
      await page.locator(`#statements [data-statement="${known.incident}"] button`).click();
      await page.locator(`#statement [data-statement="${known.incident}"]`).waitFor();
      await page.locator('#statement [data-part=responsibility]').waitFor();
      expect(await page.locator('.say-new, #statement [data-act]').count()).toBe(0);
    } finally {
      await other.close();
    }
  });
});
