// SPDX-License-Identifier: Apache-2.0
// Movements: what asks for somebody first, who has not confirmed, and what a form becomes.
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  amend, callsignsIn, draftFrom, inTurn, legFault, legsOf, type Listed, type Movement, movementOf,
  nextDeparture, say, takenFrom, unconfirmed,
} from '../../src/lib/movements';
import type { Shape } from '../../src/lib/plan';
import type { Draft, DraftRow } from '../../src/lib/saying';
import type { Ladder, Leg, LegState, ProtectionRecord } from '../../src/lib/types';

const leg = (n: number, state: LegState, start = '2026-01-01T08:00:00Z'): Leg => ({
  leg: n, state, early: false, time_start: start, time_end: '2026-01-02T00:00:00Z',
});
const row = (id: string, ...legs: Leg[]): Listed => ({
  id, party: 'ru', class: 'relief', contact: '', name: '', state: 'in_force', version: 1, legs,
});
const line = (own: Record<string, unknown>, key = 'a'): Shape => ({
  key, kind: 'corridor', line: [[36, 33], [36.1, 33]], halfWidthM: 100, own,
});
const window = { time_start: '2026-01-01T08:00:00Z', time_end: '2026-01-01T10:00:00Z' };

afterEach(() => vi.unstubAllGlobals());

describe('the list', () => {
  test('begins with what is overdue or late; one whose legs are not told is not last', () => {
    const all = [
      row('over', leg(1, 'ended')), row('later', leg(1, 'planned', '2026-01-03T00:00:00Z')), row('hidden'),
      row('sooner', leg(1, 'ended'), leg(2, 'planned')), row('road', leg(1, 'under_way')), row('late', leg(1, 'late')),
      row('overdue', leg(1, 'overdue'), leg(2, 'planned')),
    ];
    expect(inTurn(all).map((one) => one.id)).toEqual(['overdue', 'late', 'hidden', 'road', 'sooner', 'later', 'over']);
  });
  test('says when the next leg sets out that has not', () => {
    expect(nextDeparture([leg(1, 'under_way'), leg(2, 'planned', 'b'), leg(3, 'planned', 'c')])).toBe('b');
    expect(nextDeparture([leg(1, 'late', 'a'), leg(2, 'planned', 'b')])).toBe('a');
    expect(nextDeparture([leg(1, 'ended'), leg(2, 'taken_out')])).toBe(null);
  });
  test('says of each leg who has not confirmed it; what is not known of one is not confirmed', () => {
    const of = (change: Partial<Ladder>): Ladder => ({
      record: 'r', party: 'ru', tier: 'exact', rung: 'confirmed', refused: false, differs: false, due: '', overdue: false,
      voided: 0, steps: [], ...change,
    });
    const each = { refused: false, differs: false, units: [] };
    const ladders = [
      of({ legs: [{ leg: 1, rung: 'confirmed', ...each }, { leg: 2, rung: 'received', ...each }] }),
      of({ party: 'fr', legs: [{ leg: 1, rung: 'confirmed', ...each, differs: true }] }),
      of({ party: 'un', rung: 'opened' }),
    ];
    const names = (n: number): string[] => unconfirmed(ladders, n).map((one) => `${one.party} ${one.rung}`);
    expect(names(1)).toEqual(['fr confirmed', 'un opened']);
    expect(names(2)).toEqual(['ru received', 'fr offered', 'un opened']);
    expect(unconfirmed([of({})], 1)).toEqual([]);
  });
});

describe('a leg', () => {
  test('is a line with a width and both ends of a window', () => {
    expect(legFault(line(window))).toBe(null);
    expect(legFault({ key: 'a', kind: 'circle', center: [1, 2], radiusM: 5, own: window })).toBe('line');
    expect(legFault({ ...line(window), line: [[1, 2], [1, 2]] } as Shape)).toBe('line');
    expect(legFault({ ...line(window), halfWidthM: null } as Shape)).toBe('width');
    expect(legFault(line({ ...window, time_start: '?' }))).toBe('from');
    expect(legFault(line({ time_start: window.time_start }))).toBe('until');
    expect(legFault(line({ time_start: window.time_end, time_end: window.time_start }))).toBe('order');
  });
});

describe('what is stated', () => {
  const rows: DraftRow[] = [{ callsign: ' A1 ', vehicle_type: 'lorry', colour: '', plate: '', marking: 'red cross on roof' }];
  const draft: Draft = { ...draftFrom({}), contact: 'desk', vehicles: rows };
  test('has a desk, and vehicles under the names that the node takes', () => {
    const { said, faults } = takenFrom(draft);
    expect(faults).toEqual([]);
    expect(said).toEqual({ contact: 'desk', vehicles: [{ callsign: 'A1', type: 'lorry', marking: 'red cross on roof' }] });
    expect(callsignsIn(draft)).toEqual(['A1']);
    expect(takenFrom(draftFrom({})).faults.map((one) => one.field.name)).toEqual(['contact']);
  });
  test('has no vehicle without a callsign', () => {
    const nameless = { ...draft, vehicles: [{ ...rows[0], callsign: '' } as DraftRow] };
    expect(takenFrom(nameless).faults.map((one) => one.field.name)).toEqual(['callsign']);
  });
  test('numbers its legs, and names no vehicle that is not there', () => {
    const shapes = [line({ ...window, from: 'A', to: ' ', vehicles: ['A1', 'gone'] }), line({ ...window, vehicles: ['gone'] }, 'b')];
    const made = movementOf({ ...takenFrom(draft).said, class: 'relief' }, shapes);
    expect(made.properties).toMatchObject({ class: 'relief', contact: 'desk' });
    expect(made.features.map((one) => one.properties)).toEqual([
      { ...window, from: 'A', leg: 1, vehicles: ['A1'], half_width_m: 100 }, { ...window, leg: 2, half_width_m: 100 },
    ]);
  });
});

describe('an amendment', () => {
  const said = {
    type: 'FeatureCollection', id: 'r',
    properties: { class: 'relief', 'name:ar': 'قافلة', people: '12', contact: 'desk', cargo: 'flour', vehicles: [{ callsign: 'A1', type: 'lorry' }] },
    features: [{
      type: 'Feature', geometry: { type: 'LineString', coordinates: [[36, 33], [36.1, 33]] },
      properties: { leg: 2, ...window, half_width_m: 100, accuracy_m: 7, started: window.time_start, vehicles: ['A1'] },
    }],
  } as unknown as Movement;
  test('begins as what was said, and gives back what the form has no field for', () => {
    const shapes = legsOf(said, () => 'k');
    const taken = takenFrom({ ...draftFrom(said.properties), cargo: '' });
    const made = movementOf({ ...taken.said, class: 'relief' }, shapes, said.properties, [1, 2]);
    const { cargo: _, ...kept } = said.properties;
    expect(made.properties).toEqual(kept);
    expect(made.features[0]?.properties).toEqual(said.features[0]?.properties);
  });
  test('gives a new leg a number that none has had, be it one that has ended, and keeps their order', () => {
    const [first] = legsOf(said, () => 'k');
    const made = movementOf({}, [line(window, 'new'), first as Shape], said.properties, [1, 2, 5]);
    expect(made.features.map((one) => one.properties['leg'])).toEqual([2, 6]);
  });
  test('is of the version that was looked at, and what is stated is given in the same breath', async () => {
    const asked: { url: string; init: RequestInit }[] = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      asked.push({ url, init });
      return Promise.resolve(new Response('{}', { status: 201 }));
    });
    await amend({ id: 'r', version: 3 } as ProtectionRecord, said);
    await say(said, ['ru:coarse', 'fr']);
    expect(asked.map(({ url, init }) => `${init.method} ${url}`)).toEqual([
      'PATCH /v1/movements/r', 'POST /v1/movements?to=ru%3Acoarse%2Cfr',
    ]);
    expect(new Headers(asked[0]?.init.headers).get('If-Match')).toBe('3');
    expect(JSON.parse(String(asked[0]?.init.body))).toEqual({ act: 'amend', movement: JSON.parse(JSON.stringify(said)) });
  });
});
