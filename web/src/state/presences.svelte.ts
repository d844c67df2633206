// SPDX-License-Identifier: Apache-2.0
// Where groups are: the list with what parties say of each group, and the one that is open.
import type { FeatureCollection } from 'geojson';
import { record as read } from '../lib/api';
import { Checker } from '../lib/checker';
import { outlineOf, type Shape } from '../lib/plan';
import { calledIn, inTurn, isOver, list, type Listed, standingOf } from '../lib/presence';
import { isNamed, titleOf } from '../lib/said';
import { positions, show, type Standing, type Statement } from '../lib/sharing';
import { boxOf } from '../lib/sphere';
import type { ProtectionRecord } from '../lib/types';
import { foundPicture } from '../map/picture';
import { atlas } from './atlas.svelte';
import { me } from './me.svelte';
import { page } from './page.svelte';
import { sharing } from './sharing.svelte';
import { Sketch } from './sketch.svelte';

interface Read {
  all: Listed[];
  more: boolean;
  standing: Standing[];
}
const AGAIN_MS = 30_000; // that one is over, or a word ends, is told by the clock alone

class PresencesState {
  readonly sketch = new Sketch('presence');
  over = $state(false); // those that are over, too
  got = $state.raw<Read | null>(null);
  busy = $state(false);
  failure = $state<unknown>(null);
  selected = $state<string | null>(null);
  record = $state.raw<ProtectionRecord | null>(null);
  recordFailure = $state<unknown>(null);

  /** The groups' own records, of what was opened and no list had named. */
  private groups = $state.raw<Record<string, Statement>>({});

  readonly all: Listed[] = $derived(
    inTurn(this.got?.all ?? [], page.now).filter((one) => this.over || !isOver(one, page.now)),
  );
  readonly notShown = $derived((this.got?.all.length ?? 0) - this.all.length);
  readonly row: Listed | null = $derived(this.got?.all.find((one) => one.id === this.selected) ?? null);
  readonly picture: FeatureCollection = $derived(foundPicture(this.all, this.selected));

  // For the map: what is drawn is the sketch, and nothing of it is opened.
  readonly one: { id: string } | null = null;
  get shapes(): Shape[] {
    return this.sketch.shapes;
  }

  private asked = 0;
  private readonly lists = new Checker<null, Read>(
    () => this.readAll(), ({ answer }) => this.listed(answer), (_, error) => this.failed(error),
  );

  load(): void {
    this.busy = true;
    this.lists.submit(null);
  }

  /** Returns a function that ends it. */
  follow(): () => void {
    this.load();
    const ends = [
      page.onChanges((changes) => {
        this.load();
        const id = this.selected;
        if (id && (changes.length === 0 || changes.some((one) => one.id === id))) void this.read(id);
      }),
      page.onTalk((events) => {
        if (events.length > 0 && !events.some(({ kind }) => kind === 'position' || kind === 'group')) return;
        this.load();
        // It may be called otherwise from now on.
        const changed = events.map(({ id }) => id);
        this.groups = Object.fromEntries(Object.entries(this.groups).filter(([id]) => !changed.includes(id)));
        // What is said of its group is part of what is open.
        if (this.selected) void this.read(this.selected);
      }),
    ];
    const timer = setInterval(() => this.load(), AGAIN_MS);
    return () => {
      clearInterval(timer);
      ends.forEach((end) => end());
    };
  }

  standingOf(group: string): Standing | null {
    return standingOf(this.got?.standing ?? [], group);
  }

  /** By its own record, in the page's language; empty where that was not read and others are of it too. */
  groupName(group: string): string {
    const { name, oneOf } = this.called(group);
    return oneOf > 1 ? '' : name;
  }

  /** In a list: who of several calls it so is not known there. */
  groupWords(group: string): string {
    const { name, oneOf } = this.called(group);
    return oneOf > 1 && name ? page.words.t('presences.called', { n: oneOf, name }) : name || group;
  }

  private called(group: string): { name: string; oneOf: number } {
    const own = this.groups[group] ?? sharing.known[group];
    return calledIn(own && isNamed(own) ? titleOf(page.words, own) : '', this.standingOf(group));
  }

  async open(id: string): Promise<void> {
    if (this.record?.id !== id) this.record = null;
    this.selected = id;
    page.part = 'plan';
    this.show();
    await this.read(id);
  }

  /** Brings the map to the one that is open. */
  show(): void {
    const box = boxOf((this.row?.shapes ?? []).flatMap(outlineOf));
    if (box) atlas.goTo(box, 12);
  }

  close(): void {
    this.asked++;
    this.selected = null;
    this.record = null;
    this.recordFailure = null;
  }

  /** Whether what is picked on the map is one of these: then it is opened. */
  picked(id: string): boolean {
    if (!this.all.some((one) => one.id === id)) return false;
    void this.open(id);
    return true;
  }

  /** It was said, or something of it. */
  async said(id: string): Promise<void> {
    this.load();
    await this.open(id);
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.lists.cancel();
    this.close();
    this.got = null;
    this.groups = {};
    this.failure = null;
    this.sketch.removeAll();
  }

  private async readAll(): Promise<Read> {
    const [{ all, more }, standing] = await Promise.all([list(), positions()]);
    return { all, more, standing };
  }

  /** Each reading of another's is audited: those who may not open records read what the list has. */
  private async read(id: string): Promise<void> {
    if (!me.may('read_exact')) return;
    const mine = ++this.asked;
    try {
      const found = await read(id);
      if (mine !== this.asked) return;
      this.record = found;
      this.recordFailure = null;
      if (found.presence) await this.readGroup(found.presence.group);
    } catch (error) {
      page.failed(error);
      if (mine !== this.asked) return;
      this.record = null; // nothing may stand there that is not as it is listed
      this.recordFailure = error;
    }
  }

  /** What was not given here has no name here. */
  private async readGroup(group: string): Promise<void> {
    if (group in this.groups || isNamed(sharing.known[group])) return;
    const one = await show(group).catch((error: unknown) => {
      page.failed(error);
      return null;
    });
    if (one) this.groups = { ...this.groups, [group]: one };
  }

  private listed(got: Read): void {
    this.got = got;
    this.failure = null;
    this.busy = this.lists.busy;
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }
}

export const presences = new PresencesState();
