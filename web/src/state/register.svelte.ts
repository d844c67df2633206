// SPDX-License-Identifier: Apache-2.0
// The list of the register and the one selection that list and map share. The list is read a page
// at a time; a newer question makes the answer to an older one fall away.
import { ApiError, list, type ListQuery, record as askRecord } from '../lib/api';
import { Gazetteer, type Place } from '../lib/gazetteer';
import type { Box, Position } from '../lib/sphere';
import type { ProtectionEvent, ProtectionFeature, ProtectionRecord } from '../lib/types';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';
import placesUrl from '../../.generated/places.bin?url';

const TYPED_MS = 200;
const TOWNS_MAX = 6;
const ROWS = 100; // of one page of the list
const ROWS_MAX = 1000; // that the node gives at once

class RegisterState {
  text = $state('');
  class = $state('');
  state = $state('');
  inView = $state(true);
  box = $state.raw<Box | null>(null);
  center = $state.raw<Position>([0, 20]);

  rows = $state.raw<ProtectionFeature[]>([]);
  total = $state<number | null>(null);
  next = $state<string | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  towns = $state.raw<Place[]>([]);

  selected = $state<string | null>(null);
  record = $state.raw<ProtectionRecord | null>(null);
  recordFailure = $state<unknown>(null);
  changed = $state(false);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private aborter: AbortController | null = null;
  private gazetteer: Promise<Gazetteer> | null = null;

  query(): ListQuery {
    const text = this.text.trim();
    // Who searches by name means the whole register; who filters means what is in view.
    const box = this.inView && text === '' ? this.box : null;
    return {
      text, class: this.class, state: this.state, limit: ROWS,
      bbox: box ? boxParameter(box) : null, as: seenAs.party,
    };
  }

  moved(box: Box, center: Position): void {
    this.box = box;
    this.center = center;
    if (this.inView && this.text.trim() === '') this.later();
  }

  typed(): void {
    this.later();
    void this.findTowns();
  }

  /** Reads the first page anew, once the typing or moving has paused. */
  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), TYPED_MS);
  }

  /** Reads anew what is on the page, where no event tells of a change. */
  again(): void {
    void this.load(Math.min(ROWS_MAX, Math.max(ROWS, this.rows.length)));
    if (this.selected) void this.read(this.selected);
  }

  async load(limit = ROWS): Promise<void> {
    clearTimeout(this.timer);
    this.aborter?.abort();
    const aborter = new AbortController();
    this.aborter = aborter;
    this.busy = true;
    try {
      const found = await list({ ...this.query(), limit }, aborter.signal);
      if (this.aborter !== aborter) return;
      this.rows = found.features;
      this.total = found.total;
      this.next = found.next ?? null;
      this.failure = null;
      seenAs.shown = found.shown ?? null;
    } catch (error) {
      if (aborter.signal.aborted) return;
      page.failed(error);
      this.failure = error;
    }
    if (this.aborter === aborter) this.busy = false;
  }

  async more(): Promise<void> {
    if (!this.next) return;
    const query = this.query();
    try {
      const found = await list({ ...query, cursor: this.next });
      if (query.as !== seenAs.party) return;
      this.rows = [...this.rows, ...found.features];
      this.next = found.next ?? null;
    } catch (error) {
      page.failed(error);
      this.failure = error;
    }
  }

  async select(id: string | null): Promise<void> {
    this.selected = id;
    this.changed = false;
    this.recordFailure = null;
    if (this.record?.id !== id) this.record = null;
    if (id) await this.read(id);
  }

  onChanges(changes: ProtectionEvent[]): void {
    this.later();
    const id = this.selected;
    if (!id || (changes.length > 0 && !changes.some((c) => c.id === id))) return;
    // One's own act has been read already, or is being read.
    const version = this.record?.version ?? Infinity;
    this.changed = changes.some((c) => c.id === id && c.version > version);
    void this.read(id);
  }

  /** Another view is shown: nothing of the one before may stay. */
  turned(): void {
    this.rows = [];
    this.total = null;
    this.next = null;
    this.record = null;
    this.recordFailure = null;
    this.changed = false;
    void this.load();
    if (this.selected) void this.read(this.selected);
  }

  async open(): Promise<Gazetteer> {
    this.gazetteer ??= fetch(placesUrl)
      .then((response) => response.arrayBuffer())
      .then((bytes) => new Gazetteer(bytes));
    return this.gazetteer;
  }

  private async read(id: string): Promise<void> {
    const as = seenAs.party;
    const wanted = (): boolean => this.selected === id && seenAs.party === as;
    try {
      const found = await askRecord(id, as);
      if (!wanted()) return;
      this.record = found;
      this.recordFailure = null;
    } catch (error) {
      page.failed(error);
      if (!wanted()) return;
      this.recordFailure = error;
      if (error instanceof ApiError && error.status === 404) this.record = null;
    }
  }

  private async findTowns(): Promise<void> {
    const text = this.text;
    if (text.trim().length < 2) {
      this.towns = [];
      return;
    }
    const gazetteer = await this.open();
    if (text === this.text) this.towns = gazetteer.search(text, this.center, TOWNS_MAX);
  }
}

/** West to east may cross the antimeridian; a map that shows the whole world asks for all. */
export function boxParameter(box: Box): [number, number, number, number] | null {
  if (box.east - box.west >= 360) return null;
  const wrap = (lng: number): number => ((((lng + 180) % 360) + 360) % 360) - 180;
  return [wrap(box.west), Math.max(-90, box.south), wrap(box.east), Math.min(90, box.north)];
}

export const register = new RegisterState();
