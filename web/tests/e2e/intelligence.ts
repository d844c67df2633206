// SPDX-License-Identifier: Apache-2.0
// What four parties know of one EXERCISE incident, for the tests of the page: said with the program's
// own verbs, carried in files, and each of them given what it is given.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './node';
import { Parties } from './parties';

export const OTHERS = { fr: 'ru,un,msf', ru: 'fr,un,msf', un: 'fr,ru,msf', msf: 'fr,ru,un' } as const;
export type Id = keyof typeof OTHERS;
const GRADED = ['--grade', 'C3', '--contact', 'EXERCISE liaison'];
const WHEN = ['--from', '2015-11-13T20:20:00Z', '--until', '2015-11-13T23:58:00Z'];

/** A file with a circle of 40 m. */
export function placed<T>(at: [number, number], use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'entente-place-'));
  const file = join(folder, 'place.geojson');
  writeFileSync(file, JSON.stringify({
    type: 'Feature', properties: { radius_m: 40 }, geometry: { type: 'Point', coordinates: at },
  }));
  try {
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class Known {
  incident = '';
  other = '';
  link = '';
  torn = '';
  reports: string[] = [];

  private constructor(readonly parties: Parties) {}

  /** The id of what `party` says. */
  say(party: Id, kind: string, ...words: string[]): string {
    const said = run(kind, 'add', ...words, '--data', this.parties.data(party));
    return /\b[a-z2-7]{16}\b/.exec(said)?.[0] ?? '';
  }

  /** What each has for the others goes over. */
  round(): void {
    const all = Object.keys(OTHERS) as Id[];
    for (const from of all) for (const to of all) if (from !== to) this.parties.carry(from, to);
  }

  private report(party: Id, ...words: string[]): string {
    return this.say(party, 'report', '--topic', 'EXERCISE smoke', '--text', 'EXERCISE a column of smoke', ...GRADED,
      '--about', this.incident, ...words, '--to', OTHERS[party]);
  }

  /** Four parties that have said nothing yet. */
  static empty(): Known {
    return new Known(Parties.begin(Object.keys(OTHERS)));
  }

  static begin(): Known {
    const out = Known.empty();
    out.incident = placed([36.3017, 33.5023], (place) => out.say('msf', 'incident', '--sort', 'air_strike',
      '--text', 'EXERCISE the ward was hit', ...WHEN, '--time-precision', 'hour', '--volumes', place,
      '--place-precision', 'near', '--objects', 'name=EXERCISE hospital;what=hospital;damage=destroyed',
      '--casualties', 'category=civilian;harm=killed;least=30;best=42;basis=EXERCISE register',
      '--casualties', 'category=medical;harm=missing;best=0', '--sources', 'kind=observer;line=EXERCISE staff;grade=A2',
      '--grade', 'A2', '--contact', 'EXERCISE desk', '--label', 'tlp=red;onward=none', '--to', OTHERS.msf));
    out.round();
    out.other = out.say('un', 'incident', '--sort', 'air_strike', ...WHEN, '--contact', 'EXERCISE desk',
      '--to', OTHERS.un);
    out.say('un', 'responsibility', '--of', out.incident, '--stance', 'attributes', '--whom', 'party=ru', '--text',
      'EXERCISE tracks', '--grade', 'C3', '--contact', 'EXERCISE liaison', '--to', OTHERS.un);
    out.say('ru', 'responsibility', '--of', out.incident, '--stance', 'denies', '--contact', 'EXERCISE liaison',
      '--to', OTHERS.ru);
    out.say('un', 'assessment', '--of', out.incident, '--opinion', 'doubts', '--grade', 'D4', '--text',
      'EXERCISE the count is early', '--contact', 'EXERCISE analysis', '--to', OTHERS.un);
    out.round();
    out.link = out.say('un', 'incident-link', '--incident', out.other, '--other', out.incident, '--relation',
      'duplicate_of', '--contact', 'EXERCISE desk', '--to', 'fr,msf');
    out.reports = [
      out.report('ru', '--sources', 'kind=media;line=AFP, 2015-11-14'),
      out.report('fr', '--sources', 'kind=media;line=AFP, 2015-11-14'),
      out.report('un', '--sources', 'kind=sensor;line=EXERCISE radar'),
    ];
    out.torn = placed([36.31, 33.51], (place) => out.say('un', 'report', '--topic', 'EXERCISE convoy', '--text',
      'EXERCISE twelve lorries', ...GRADED, ...WHEN, '--volumes', place, '--tear', 'EXERCISE lorries about',
      '--to', 'fr:coarse'));
    out.round();
    return out;
  }
}
