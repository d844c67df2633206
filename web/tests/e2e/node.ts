// SPDX-License-Identifier: Apache-2.0
// A real node for the page's tests: a register made with the program's own verbs in a new folder,
// and `entente serve` on a free port. Nothing is mocked. ENTENTE_BINARY names the program
// (build/release/entente otherwise), ENTENTE_SHARED the folder with the real lists (../shared).
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = resolve(process.env['ENTENTE_BINARY'] ?? join(root, 'build/release/entente'));
const shared = resolve(process.env['ENTENTE_SHARED'] ?? join(root, '../shared'));
const health = ['healthsites_africa.csv.gz', 'who_ssa_health_facilities.csv.gz'].map((name) =>
  join(shared, 'data/health', name),
);
export const realLists = health.every((path) => existsSync(path));

export const run = (...args: string[]): string => told('', ...args);

/** With lines for its standard input: passwords and passphrases. */
export const told = (input: string, ...args: string[]): string => {
  try {
    return execFileSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe', input });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`entente ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`);
  }
};

/** Why the tests of the page cannot run here, or nothing. */
export function missing(): string {
  if (!existsSync(binary)) return `${binary} is not built`;
  return run('--help').includes(' serve ') ? '' : `${binary} has no verb serve`;
}

/** Whether `init` can be told how long a reduction waits. */
export const canDelay = (): boolean =>
  existsSync(binary) && run('init', '--help').includes('--reduce-delay');

export interface Hospital {
  name: string;
  at: [lng: number, lat: number];
}

export interface Register {
  data: string;
  hospital: Hospital;
  exercise: boolean;
}

/** With the 155,599 health rows where they are, with the example's 300 facilities otherwise. */
export function makeRegister(options: { real: boolean; delayS?: number; officers?: number }): Register {
  const data = join(mkdtempSync(join(tmpdir(), 'entente-page-')), 'register');
  const delay = options.delayS ? ['--reduce-delay', String(options.delayS)] : [];
  if (options.officers) delay.push('--officers', String(options.officers));
  const exercise = options.real ? [] : ['--exercise'];
  run('init', '--data', data, '--party', 'example', '--name', 'Example party', ...exercise, ...delay);
  if (options.real) {
    for (const list of health) run('import', '--data', data, list, '--class', 'clinic', '--yes');
    const hospital: Hospital = { name: 'Ghanzi Old Hospital', at: [21.6499871, -21.693316] };
    return { data, hospital, exercise: false };
  }
  const list = join(root, 'examples/exercise-facilities.csv');
  run('import', '--data', data, list, '--source', 'exercise', '--yes');
  const hospital: Hospital = { name: 'Pandamatenga General Hospital', at: [25.63254, -18.51553] };
  return { data, hospital, exercise: true };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export class Node {
  private constructor(
    readonly register: Register,
    readonly link: string,
    /** Makes the first admin; empty where there are accounts. */
    readonly firstLink: string,
    /** Where other parties' nodes reach it; empty for a party alone. */
    readonly peerAddress: string,
    private readonly child: ChildProcess,
  ) {}

  /** Returns once the node has printed all that it prints at its start. */
  static async start(register: Register): Promise<Node> {
    const listen = `127.0.0.1:${await freePort()}`;
    const child = spawn(binary, ['serve', '--data', register.data, '--listen', listen], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (bytes) => (said += String(bytes)));
    const link = await new Promise<string>((done, fail) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        said += `${line}\n`;
        const found = /https?:\/\/\S+#once=\S+/.exec(said);
        if (found && line.startsWith('programs show the token')) done(found[0]);
      });
      child.on('exit', (code) => fail(new Error(`serve ended with ${code}\n${said}`)));
    });
    const first = /https?:\/\/\S+#first=\S+/.exec(said)?.[0] ?? '';
    const peer = /listens to them at (\S+)/.exec(said)?.[1] ?? '';
    return new Node(register, link, first, peer && `https://${peer}`, child);
  }

  get origin(): string {
    return new URL(this.link).origin;
  }

  /** A further link that works once. */
  newLink(): string {
    const said = run('link', '--data', this.register.data);
    const found = /https?:\/\/\S+#once=\S+/.exec(said);
    if (!found) throw new Error(`no link in: ${said}`);
    return found[0];
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(dirname(this.register.data), { recursive: true, force: true });
  }
}

/** Somebody else says a protection: another program, with the register's token. The record's id. */
export async function say(node: Node, feature: unknown): Promise<string> {
  const token = readFileSync(join(node.register.data, 'token'), 'utf8').trim();
  const response = await fetch(`${node.origin}/v1/protections`, {
    method: 'POST', body: JSON.stringify(feature),
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/geo+json' },
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
