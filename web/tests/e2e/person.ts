// SPDX-License-Identifier: Apache-2.0
// Somebody with roles of their own at a node: an account is made and invited, its page is open.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from './browser';
import type { Node } from './node';

export async function personOf(node: Node, language: string, name: string, roles: string[]): Promise<Browser> {
  const token = readFileSync(join(node.register.data, 'token'), 'utf8').trim();
  const ask = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const response = await fetch(`${node.origin}${path}`, {
      method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== null && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, string>;
  };
  await ask('/v1/people', { name, full_name: name, roles });
  const { link } = await ask(`/v1/people/${name}/link`, null);
  const browser = await Browser.open(language);
  await browser.page.addInitScript(() => sessionStorage.setItem('entente.map', '36.3 33.5 11'));
  await browser.page.goto(link ?? '');
  await browser.page.fill('#password', 'a long enough password');
  await browser.page.locator('.named button').click();
  await browser.page.locator('.top').waitFor();
  return browser;
}
