// SPDX-License-Identifier: Apache-2.0
// The node's answer and records in words of the page's language, made from codes and numbers, not
// from the node's English. A code that the page has no words for is shown as the node says it,
// never left out. Nothing here says more than the answer does: its best is "no registered conflict".
import { known, type Language, type Translate, type Values } from '../i18n/translate';
import type { Format } from './format';
import type {
  About, Answer, Finding, Flag, HistoryLine, LadderStep, Leg, Name, PlaceSeen, Properties, Reason, State,
} from './types';

export interface Words {
  language: Language;
  t: Translate;
  format: Format;
}

/** A text of the page's, or of the node's where the page has none. */
export interface Said {
  text: string;
  foreign: boolean;
}

const own = (text: string): Said => ({ text, foreign: false });
const foreign = (text: string): Said => ({ text, foreign: true });

export function className(w: Words, code: string): string {
  const key = known('class', code.replace(/ /g, '_'));
  return key ? w.t(key) : code;
}

export function stateName(w: Words, state: State): string {
  const key = known('state', state);
  return key ? w.t(key) : state;
}

type StateFlag = 'unconfirmed' | 'pending_relaxation' | 'not_understood';

/** What has to be said of a record beside its state, which has the words of the other flags. */
export function flagsOf(one: { flags?: Flag[] }): Exclude<Flag, StateFlag>[] {
  return (one.flags ?? []).filter(
    (flag): flag is Exclude<Flag, StateFlag> =>
      !['unconfirmed', 'pending_relaxation', 'not_understood'].includes(flag),
  );
}

/** The party's name, or its id if the charter has no name for it. */
export function partyName(
  about: Pick<About, 'others'> & Partial<Pick<About, 'party' | 'name'>>, party: string,
): string {
  if (party === about.party && about.name) return about.name;
  return about.others.find((one) => one.party === party)?.name || party;
}

export function reasonWords(
  w: Words, answer: Answer, reason: Reason, about: Pick<About, 'others' | 'policy_distance_m'>,
): Said {
  const key = known('reason', reason.code);
  const source = answer.as_of.sources?.find((one) => one.party === reason.party);
  const values: Values = { n: reason.count, policy: w.format.metres(about.policy_distance_m) };
  if (reason.party) values['party'] = partyName(about, reason.party);
  if (typeof source?.age_s === 'number') values['age'] = w.format.age(source.age_s);
  // What a sentence needs and the node did not give stays in its braces.
  const text = key ? w.t(key, values) : '';
  return key && !/\{\w+\}/.test(text) ? own(text) : foreign(reason.text);
}

/** "120 m to the north-east of the plan" */
export function whereWords(w: Words, finding: Finding): string {
  if (finding.distance_m === 0) return w.t('finding.overlaps');
  return w.t('finding.away', {
    distance: w.format.metres(finding.distance_m),
    bearing: w.format.bearing(finding.bearing_deg),
    degrees: w.format.degrees(finding.bearing_deg),
  });
}

/** Why a finding counts, as a list of short sentences. */
export function whyWords(w: Words, f: Finding, marginM: number): string[] {
  const m = (value: number): string => w.format.metres(value);
  const out = [
    w.t(f.buffer_stated ? 'finding.buffer' : 'finding.buffer_default', { buffer: m(f.buffer_m) }),
  ];
  if (f.accuracy_m > 0) out.push(w.t('finding.accuracy', { accuracy: m(f.accuracy_m) }));
  if (!f.accuracy_stated) out.push(w.t('finding.accuracy_not_stated'));
  if (marginM > 0) out.push(w.t('finding.margin', { margin: m(marginM) }));
  if (f.altitude_overlap.assumed) out.push(w.t('finding.heights_assumed'));
  if (f.earlier_place) out.push(w.t('finding.earlier_place'));
  if (f.earlier_version) out.push(w.t('finding.earlier_version'));
  return out;
}

export function windowWords(w: Words, start: string | null, end: string | null): string {
  if (start && end) {
    return w.t('window.both', { start: w.format.time(start), end: w.format.time(end) });
  }
  if (start) return w.t('window.from', { start: w.format.time(start) });
  return end ? w.t('window.until', { end: w.format.time(end) }) : w.t('window.always');
}

export function bandWords(
  w: Words, lower: number | null, upper: number | null, reference: string,
): string {
  if (lower === null && upper === null) return w.t('band.all');
  const height = (value: number | null): string => {
    if (value === null) return w.t('band.open');
    return reference === 'FL'
      ? `FL ${w.format.number(value)}`
      : w.t('unit.m', { value: w.format.number(value, 1) });
  };
  const key = known('reference', reference);
  const of = key ? w.t(key) : reference;
  return w.t('band.between', { lower: height(lower), upper: height(upper), reference: of });
}

/** The names of a record, the page's language first. */
export function namesIn(w: Words, names: Name[]): Name[] {
  const fits = (n: Name): number => (n.language?.split('-')[0] === w.language ? 0 : 1);
  return [...names].sort((a, b) => fits(a) - fits(b));
}

export function findingName(w: Words, f: { names: Name[] }): string {
  return namesIn(w, f.names)[0]?.text ?? w.t('record.no_name');
}

/** What a finding is called: an objection by its grounds and a STOP by its words, where they are
    shown to us. */
export function touchedName(w: Words, f: Pick<Finding, 'names' | 'kind' | 'objection' | 'stop'>): string {
  if (f.kind === 'stop') return f.stop?.text ?? w.t('stop.not_shown');
  if (f.kind !== 'objection') return findingName(w, f);
  return f.objection?.grounds ?? w.t('objection.not_shown');
}

/** And what sort of thing it is. */
export const touchedClass = (w: Words, f: Pick<Finding, 'class' | 'kind'>): string =>
  f.kind === 'objection' ? w.t('objection.kind')
    : f.kind === 'stop' ? w.t('stop.kind') : className(w, f.class);

/** `name`, `name:ar`, `name:sr-Latn:2` of a feature's properties. */
export function namesOf(properties: Properties): Name[] {
  const out: Name[] = [];
  for (const [key, value] of Object.entries(properties)) {
    const match = /^name(?::([^:]*))?(?::\d+)?$/.exec(key);
    if (!match || typeof value !== 'string') continue;
    out.push(match[1] ? { text: value, language: match[1] } : { text: value });
  }
  return out;
}

export function untilWords(w: Words, until: string | null | undefined, now: number): string {
  if (!until) return '';
  if (until === 'replaced') return w.t('until.replaced');
  const past = Date.parse(until) <= now;
  return w.t(past ? 'until.past' : 'until.time', { time: w.format.time(until) });
}

export function actName(w: Words, line: Pick<HistoryLine, 'act'>): string {
  const key = known('act', line.act);
  return key ? w.t(key) : line.act;
}

/** Of a leg that ended: how long it protects on, if it does. */
export function legUntil(w: Words, leg: Leg): string {
  if (leg.protects_until === undefined) return '';
  return leg.protects_until === null
    ? w.t('legs.until_final')
    : w.t('legs.until', { time: w.format.time(leg.protects_until) });
}

/** What a receipt says beside its rung, as a list of short sentences. */
export function stepWords(w: Words, step: LadderStep): string[] {
  const out = [step.unit, step.voice, step.reason].filter((text) => text !== undefined);
  if (step.near) {
    const { name, distance_m: distance, bearing_deg: bearing } = step.near;
    out.push(distance < 50 ? w.t('told.in', { name }) : w.t('told.near', {
      name, distance: w.format.metres(distance), bearing: w.format.bearing(bearing),
    }));
  }
  if (step.differs) out.push(w.t('told.apart', { distance: w.format.metres(step.apart_m ?? 0) }));
  return out;
}

export function shapeWords(w: Words, place: Pick<PlaceSeen, 'feature'>): string {
  const p = place.feature.properties ?? {};
  const geometry = place.feature.geometry;
  const size = (name: string): number => (typeof p[name] === 'number' ? (p[name] as number) : 0);
  if (geometry?.type === 'Point') {
    const radius = size('radius_m');
    return radius > 0
      ? w.t('shape.circle_of', { radius: w.format.metres(radius) })
      : w.t('shape.point');
  }
  if (geometry?.type === 'LineString') {
    return w.t('shape.corridor_of', { width: w.format.metres(size('half_width_m')) });
  }
  return w.t('shape.polygon');
}

/** One sentence for the ear: the verdict, how many, and the nearest. */
export function spoken(w: Words, answer: Answer): string {
  const head = w.t(`verdict.${answer.verdict}`);
  const first = answer.findings[0] ?? answer.nearby[0];
  const parts = [head];
  if (answer.findings_total > 0) parts.push(w.t('reason.touches', { n: answer.findings_total }));
  if (answer.objections_total > 0) {
    parts.push(w.t('answer.objections', { n: answer.objections_total }));
  }
  if (first) parts.push(`${findingName(w, first)}: ${whereWords(w, first)}`);
  return parts.map((part) => part.replace(/\.$/, '')).join('. ');
}
