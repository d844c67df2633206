// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium with software WebGL, a new profile each time, and an ear for everything that
// should never happen: errors on the console, breaches of the content security policy, requests to
// another host. Waiting is always for something to be so, never for time to pass.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Map as MapLibre } from 'maplibre-gl';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { root } from './node';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env['ENTENTE_SHOTS'] ?? join(root, 'build/page-shots');
const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];
const WAIT_MS = 120_000; // software WebGL on a busy machine

export type Holder = HTMLElement & { map: MapLibre };

export class Browser {
  readonly faults: string[] = [];

  private constructor(readonly context: BrowserContext, readonly page: Page, private readonly profile: string) {}

  static async open(language: string, size = { width: 1400, height: 900 }): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'entente-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ARGUMENTS, locale: language, viewport: size, reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(WAIT_MS);
    const page = context.pages()[0] ?? (await context.newPage());
    const browser = new Browser(context, page, profile);
    await browser.listen();
    return browser;
  }

  private async listen(): Promise<void> {
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(`console: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => this.faults.push(`page: ${error.message}`));
    this.page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') {
        this.faults.push(`asked another host: ${request.url()}`);
      }
    });
    await this.page.exposeFunction('ententeFault', (what: string) => this.faults.push(what));
    await this.page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        const tell = (window as unknown as { ententeFault: (what: string) => void }).ententeFault;
        tell(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  async shot(name: string): Promise<void> {
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
  }

  /** What axe-core finds, as lines; empty when it finds nothing. */
  async axe(): Promise<string[]> {
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate(() => {
      const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
      return axe.run();
    });
    return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`));
  }

  /** While `act` runs, the node does not answer what these paths ask. */
  async without(asked: RegExp, act: () => Promise<void>): Promise<void> {
    const before = this.faults.length;
    await this.page.route(asked, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable"}' }));
    await act();
    await this.page.unroute(asked);
    const since = this.faults.splice(before);
    this.faults.push(...since.filter((one) => !one.includes('503')));
  }

  /** Resolves when the map has drawn all it has. */
  async mapRests(): Promise<void> {
    await this.page.waitForFunction(() => {
      const holder = document.querySelector<Holder>('.holder');
      return holder?.dataset['rests'] !== undefined && holder.map.areTilesLoaded() && !holder.map.isMoving();
    });
  }

  /** Brings the map there at once. */
  async look(at: [number, number], zoom: number): Promise<void> {
    await this.page.evaluate(([center, to]) => {
      (document.querySelector('.holder') as Holder).map.jumpTo({ center, zoom: to });
    }, [at, zoom] as const);
    await this.mapRests();
  }

  /** Where a position is on the screen. */
  async pixel(at: [number, number]): Promise<{ x: number; y: number }> {
    return this.page.evaluate((lngLat) => {
      const holder = document.querySelector('.holder') as Holder;
      const { left, top } = holder.getBoundingClientRect();
      const { x, y } = holder.map.project(lngLat);
      return { x: x + left, y: y + top };
    }, at);
  }

  /** Resolves when the map shows this record, or no longer does. */
  async mapShows(id: string, shown: boolean): Promise<void> {
    await this.page.waitForFunction(([wanted, expected]) => {
      const { map } = document.querySelector('.holder') as Holder;
      const layers = ['reaches', 'protections'];
      const found = map.queryRenderedFeatures({ layers }).some((f) => f.properties['id'] === wanted);
      return found === expected;
    }, [id, shown] as const);
  }

  /** Resolves when the map draws a volume: of a plan, or of what is open. */
  async mapDraws(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { map } = document.querySelector('.holder') as Holder;
      return map.queryRenderedFeatures({ layers: ['plan-fill', 'plan-edge'] }).length > 0;
    });
  }

  /** Resolves when the map marks this record as touched, nearby, or (null) neither. */
  async mapMarks(id: string, hit: 'touched' | 'nearby' | null): Promise<void> {
    await this.page.waitForFunction(([wanted, expected]) => {
      const { map } = document.querySelector('.holder') as Holder;
      const of = { source: 'register', sourceLayer: 'protections', id: wanted };
      return (map.getFeatureState(of)['hit'] ?? null) === expected;
    }, [id, hit] as const);
  }

  /** The verdict, once the answer is for the plan as it is. */
  async verdict(): Promise<string> {
    const settled = this.page.locator('.answer[data-settled="true"][data-verdict]');
    await settled.waitFor();
    return (await settled.getAttribute('data-verdict')) ?? '';
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).innerText()).replace(/[\u2066-\u2069]/g, '');
  }
}
