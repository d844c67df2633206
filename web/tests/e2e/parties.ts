// SPDX-License-Identifier: Apache-2.0
// Parties of one charter for the page's tests, made with the program's own verbs: each with a data
// directory of its own, and no connection but those that a test makes.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Node, type Register, run } from './node';

export class Parties {
  private constructor(private readonly folder: string, readonly ids: readonly string[]) {}

  /** Party `xx` has the name `Party XX`. */
  static begin(ids: readonly string[]): Parties {
    const out = new Parties(mkdtempSync(join(tmpdir(), 'entente-parties-')), ids);
    const charter = join(out.folder, 'charter.toml');
    run('charter', 'new', '--name', 'page', '--out', charter, '--exercise');
    ids.forEach((id, i) => {
      run('init', '--data', out.data(id), '--party', id, '--name', `Party ${id.toUpperCase()}`,
        '--charter', charter, '--officers', '1', '--address', `https://127.0.0.1:${8711 + i}`);
      const settings = 'peer_listen = "127.0.0.1:0"\npoll_every_s = 3600\n';
      writeFileSync(join(out.data(id), 'entente.toml'), settings);
    });
    run('charter', 'add', charter, ...ids.map((id) => join(out.data(id), 'card.toml')));
    for (const id of ids) run('charter', 'sign', charter, '--data', out.data(id));
    for (const id of ids) run('charter', 'adopt', charter, '--data', out.data(id));
    return out;
  }

  data(id: string): string {
    return join(this.folder, id);
  }

  register(id: string): Register {
    return { data: this.data(id), hospital: { name: '', at: [0, 0] }, exercise: true };
  }

  /** The id of the record. */
  protect(id: string, name: string, at: [lng: number, lat: number]): string {
    const said = run('protect', 'add', '--data', this.data(id), '--class', 'hospital', '--name', name,
      '--lat', String(at[1]), '--lon', String(at[0]), '--radius-m', '60', '--contact', 'desk');
    return /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
  }

  release(id: string, record: string, to: string, tier: string): void {
    run('release', record, '--data', this.data(id), '--to', to, '--tier', tier);
  }

  /** `to` asks the node of `from`, which is served, for all that there is. */
  fetch(to: string, from: string, node: Node): void {
    run('peer', 'add', from, '--data', this.data(to), '--address', node.peerAddress);
    run('sync', from, '--data', this.data(to));
  }

  /** What `from` has for `to` goes over in files. */
  carry(from: string, to: string): void {
    const folder = mkdtempSync(join(this.folder, 'stick-'));
    run('pack', '--data', this.data(from), '--to', to, '--out', join(folder, 'pack'));
    run('unpack', ...readdirSync(folder).map((file) => join(folder, file)), '--data', this.data(to));
  }

  act(party: string, ...words: string[]): void {
    run(...words, '--data', this.data(party));
  }

  destroy(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
