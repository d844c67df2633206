// SPDX-License-Identifier: Apache-2.0
// What the node says over HTTP, as types. The names are those of the node (openapi.json).
import type { Feature, FeatureCollection, Geometry, LineString } from 'geojson';

export type Verdict = 'conflict' | 'incomplete' | 'caution' | 'no_registered_conflict';
export type State =
  | 'in_force'
  | 'unconfirmed'
  | 'pending_relaxation'
  | 'not_understood'
  | 'withdrawn';
export type AltitudeReference = 'W84' | 'AGL' | 'AMSL' | 'FL';

/** An operator's own basemap, served under /basemap/{z}/{x}/{y}. */
export interface Basemap {
  format: string; // png, jpg, webp; pbf: vector tiles
  minzoom: number;
  maxzoom: number;
  attribution: string;
  layers: string[]; // of vector tiles
}

/** Another party of the charter. */
export interface OtherParty {
  party: string;
  name: string;
}

/** How much of what was released to another party it has said to hold. */
export interface Shown {
  given: number;
  acknowledged: number;
}

/** What has to be said of a record beside its state, where several parties speak. */
export type Flag =
  | 'unconfirmed' | 'contested' | 'author_left' | 'absent' | 'over_budget' | 'newer_withheld'
  | 'tag_reused' | 'coarse' | 'pending_relaxation' | 'not_understood';
export type Tier = 'exact' | 'coarse' | 'none';

export interface About {
  version: string;
  party: string;
  name: string;
  others: OtherParty[];
  origin: string;
  exercise: boolean;
  charter: string;
  tree_size: number;
  root: string;
  halted: string; // why it takes no statements; empty while it does
  classes: { name: string; buffer_m: number }[];
  policy_distance_m: number;
  notice: string;
  basemap?: Basemap | null;
  reduce_delay_s: number; // how long a reduction waits before it acts
  now: string;
}

export interface Name {
  text: string;
  language?: string;
  script?: string;
}

export interface Finding {
  id: string;
  ref: string;
  source: string;
  party: string;
  class: string;
  names: Name[];
  contact: string;
  state: State;
  leaf?: string; // of the statement that is touched
  weight?: Verdict; // this and the next two where the charter has several parties
  tier?: Tier;
  flags?: Flag[];
  volume: number;
  distance_m: number;
  bearing_deg: number;
  buffer_m: number;
  buffer_stated: boolean;
  accuracy_m: number;
  accuracy_stated: boolean;
  time_overlap: { start: string | null; end: string | null };
  altitude_overlap: {
    lower: number | null;
    upper: number | null;
    reference: AltitudeReference;
    assumed: boolean;
  };
  kind?: 'objection' | 'stop' | 'presence';
  objection?: ObjectionSaid;
  stop?: StopSaid;
  presence?: PresenceSeen;
  earlier_place: boolean;
  earlier_version: boolean;
  why: string;
}

/** What an objection says, where its exact body is open here. */
export interface ObjectionSaid {
  activity: string;
  entry: string;
  grounds: string;
  found: string[];
  automatic: boolean;
}

export type Stand = 'no_position' | 'protected' | 'not_protected';

/** Whose area it is, by whose word, and what the parties say of the group. */
export interface PresenceSeen {
  group: string;
  names: string[];
  grade: string;
  sponsor?: string;
  restrains: boolean;
  because: string;
  contested: boolean;
  positions: { party: string; id: string; leaf: string; stand: Stand; speaks: boolean; protects: boolean }[];
}

/** What a STOP says, where its exact body is open here. */
export interface StopSaid {
  to: string;
  desks: string[];
  text: string;
  activity?: string;
  entry?: string;
}

export interface Reason {
  weight: Verdict;
  code: string;
  count: number; // of what it speaks
  party?: string; // whose word it speaks of
  text: string;
}

/** How far another party's word goes, on which an answer rests. */
export interface Source {
  party: string;
  origin: string;
  tree_size: number;
  root: string;
  age_s: number | null; // null: nothing of it was ever heard
  released: number;
}

export interface AsOf {
  party: string;
  origin: string;
  tree_size: number;
  root: string;
  age_s: number;
  charter: string;
  asked_at: string;
  rules: string;
  sources?: Source[]; // where the charter has several parties
  shown_to?: Shown & { party: string }; // of an answer to another party's view
}

export interface Answer {
  verdict: Verdict;
  reasons: Reason[];
  as_of: AsOf;
  findings: Finding[];
  findings_total: number;
  objections: Finding[]; // of each party the nearest
  objections_total: number;
  nearby: Finding[];
  nearby_total: number;
  notice: string;
}

/** Properties are the import fields: class, name, name:LANGUAGE, buffer_m, state, party, ... */
export type Properties = Record<string, unknown>;
export type ProtectionFeature = Feature<Geometry, Properties>;

export interface ProtectionPage extends FeatureCollection<Geometry, Properties> {
  next?: string | null;
  total: number;
  shown?: Shown; // of another party's view; the node says it in the headers
}

/** The rungs of a receipt, upward; `refused` stands beside them. */
export type Rung =
  | 'offered' | 'received' | 'opened' | 'read_back' | 'loaded' | 'passed' | 'confirmed' | 'refused';

export interface LadderStep {
  rung: Rung;
  time: string; // the other party's claim
  leaf: string;
  unit?: string;
  voice?: string;
  reason?: string;
  near?: { name: string; distance_m: number; bearing_deg: number };
  apart_m?: number; // how far from what was said it came back
  differs?: boolean;
}

/** How far another party got with the newest version of a record that it was given. */
export interface Ladder {
  record: string;
  party: string;
  tier: Exclude<Tier, 'none'>;
  rung: Rung;
  refused: boolean;
  differs: boolean;
  due: string;
  overdue: boolean;
  voided: number; // receipts for earlier versions
  steps: LadderStep[];
  legs?: LegLadder[]; // of a movement: those that protect
}

export interface HistoryLine {
  version: number;
  act: string;
  time: string;
  actor: string;
  entry: number;
  leaf: string;
  signed: boolean;
  protects_until?: string | null;
}

export interface PlaceSeen {
  version: number;
  earlier_place: boolean;
  protects_until: string | null;
  buffer_m: number;
  accuracy_m: number;
  feature: ProtectionFeature;
}

export interface ProtectionRecord {
  id: string;
  party: string;
  state: State;
  tier?: Tier; // this and the next three where the charter has several parties
  flags?: Flag[];
  class?: string;
  contact?: string;
  version: number;
  protection?: ProtectionFeature;
  places: PlaceSeen[];
  legs?: Leg[]; // of a movement
  movement?: FeatureCollection<LineString, Properties> & { properties: Properties };
  kind?: 'objection' | 'stop' | 'presence';
  objection?: ObjectionSaid;
  stop?: StopSaid;
  presence?: PresenceSeen;
  history: HistoryLine[];
}

export type LegState =
  'planned' | 'late' | 'under_way' | 'overdue' | 'lapsed' | 'ended' | 'taken_out';

/** One leg of a movement, as it stands. */
export interface Leg {
  leg: number;
  state: LegState;
  early: boolean;
  time_start: string;
  time_end: string;
  started?: string;
  ended?: string;
  protects_until?: string | null; // where it ended and protects on; null until that is final
  from?: string;
  to?: string;
  vehicles?: string[];
}

/** How far one party got with one leg. */
export interface LegLadder {
  leg: number;
  rung: Rung;
  refused: boolean;
  differs: boolean;
  units: string[];
}

export interface Written {
  id: string;
  version: number;
  entry: number;
  tree_size: number;
  leaf: string;
}

/** It takes officers' signatures, and waits for them. */
export interface Proposed {
  proposal: string;
  record: string;
  needed: number;
  until: string;
  note: string;
}

export interface ProtectionEvent {
  id: string;
  act: string;
  version: number;
  state: State;
  entry: number;
  tree_size: number;
}

/** A challenge, a message, or something that a party knows (sharing.ts): it, or what is said of it. */
export interface TalkEvent {
  kind: string;
  id: string;
  party: string;
  tree_size: number;
}

export interface ActivityEvent {
  id: string;
  party: string;
  newest_version: number;
}
