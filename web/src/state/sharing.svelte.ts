// SPDX-License-Identifier: Apache-2.0
// What parties know: the list, and the one that is open with what others say of it. The list is read
// where it is shown; what is open is read again when the stream says that something of it is new.
import { Checker } from '../lib/checker';
import type { Shape } from '../lib/plan';
import { shapesIn } from '../lib/plan_file';
import { openPart, titleOf } from '../lib/said';
import {
  type Corroboration, corroboration, isKind, type Listed, type Listing, list, type Query, show, type Statement,
} from '../lib/sharing';
import type { TalkEvent } from '../lib/types';
import { Answered } from './answered.svelte';
import { me } from './me.svelte';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';

export type SharingView = 'statements' | 'positions' | 'presences' | 'control';

/** The volumes of a statement, as the map draws them. */
export const volumesOf = (one: Listed): Shape[] => {
  const volumes = openPart(one)?.['volumes'];
  try {
    return volumes ? shapesIn(volumes).map((s, i) => ({ ...s, key: `${one.id}-${i}` }) as Shape) : [];
  } catch {
    return []; // it is said in words all the same
  }
};

class SharingState {
  view = $state<SharingView>('statements');
  kind = $state('');
  party = $state('');
  withdrawn = $state(false);
  listing = $state.raw<Listing | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  selected = $state<string | null>(null);
  one = $state.raw<Statement | null>(null);
  oneFailure = $state<unknown>(null);
  /** Statements of others, or one's own, that speak of the one that is open. */
  around = $state.raw<Listing | null>(null); // null before the first answer
  relatedFailure = $state<unknown>(null);
  counted = $state.raw<Corroboration | null>(null);
  readonly related: Listed[] = $derived(this.around?.statements ?? []);
  /** Whether those are all that may be seen: else nobody is said to be silent. */
  readonly wholly = $derived(this.around !== null && !this.around.more && this.relatedFailure === null);
  /** From which one came to the one that is open. */
  trail = $state.raw<string[]>([]);
  /** All that was listed so far, for names. */
  known = $state.raw<Record<string, Listed>>({});
  private readonly answered = new Answered<Query>();

  private get query(): Query {
    return { kind: this.kind, party: this.party, withdrawn: this.withdrawn };
  }
  readonly current = $derived(this.answered.is(this.query));

  readonly shapes: Shape[] = $derived(this.one ? volumesOf(this.one) : []);

  private readonly lists = new Checker<Query, Listing>(
    (query) => list(query), ({ question, answer }) => this.listed(question, answer), (query, error) => this.failed(query, error),
  );
  private asked = 0;
  private told = 0;

  load(): void {
    this.busy = true;
    this.lists.submit(this.query);
  }

  /** Returns a function that ends it. */
  follow(): () => void {
    this.load();
    return page.onTalk((events) => this.onTalk(events));
  }

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(view: SharingView = 'statements'): void {
    seenAs.choose(null);
    page.place = 'sharing';
    page.part = 'register';
    this.view = view;
  }

  /** With `from`, one comes back to that. */
  async open(id: string, from: string | null = null): Promise<void> {
    this.trail = from ? [...this.trail, from] : [];
    await this.select(id);
  }

  async back(): Promise<void> {
    const id = this.trail.at(-1);
    this.trail = this.trail.slice(0, -1);
    if (id) await this.select(id);
  }

  /** Something was said of the one that is open, or it was. */
  async said(id = this.selected): Promise<void> {
    this.load();
    if (id && id !== this.selected) await this.open(id, this.selected);
    else if (id) await this.read(id);
  }

  /** What a record is called, where it was listed. */
  titleOf(id: string): string {
    const one = this.known[id];
    return one ? titleOf(page.words, one) : '';
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.asked++;
    this.told++;
    this.lists.cancel();
    this.listing = null;
    this.answered.forget();
    this.known = {};
    this.trail = [];
    this.selected = null;
    this.close();
  }

  learn(all: Listed[]): void {
    if (all.length === 0) return;
    this.known = { ...this.known, ...Object.fromEntries(all.map((one) => [one.id, one])) };
  }

  private async select(id: string): Promise<void> {
    if (this.one?.id !== id) this.close();
    this.selected = id;
    this.view = 'statements';
    page.part = 'plan';
    await this.read(id);
  }

  private close(): void {
    this.one = null;
    this.around = null;
    this.counted = null;
    this.oneFailure = null;
    this.relatedFailure = null;
  }

  private async read(id: string): Promise<void> {
    const mine = ++this.asked;
    this.oneFailure = null;
    try {
      const one = await show(id);
      if (mine !== this.asked) return;
      this.one = one;
      this.learn([one]);
      await this.readAround(one);
    } catch (error) {
      page.failed(error);
      if (mine !== this.asked) return;
      this.one = null; // nothing may stand there that is not as it is listed
      this.oneFailure = error;
    }
  }

  /** What is said of it, and how many lines of reports there are. */
  private async readAround(one: Statement): Promise<void> {
    const mine = ++this.told;
    const current = (): boolean => mine === this.told && this.selected === one.id;
    try {
      const about = await list({ about: one.id, withdrawn: true });
      const reports = about.statements.some((each) => each.kind === 'report' && each.state === 'stated');
      const counted = reports ? await corroboration(one.id) : null;
      if (!current()) return;
      this.around = about;
      this.counted = counted;
      this.relatedFailure = null;
      this.learn(about.statements);
    } catch (error) {
      page.failed(error);
      if (current()) this.relatedFailure = error;
    }
  }

  private onTalk(events: TalkEvent[]): void {
    const ours = events.filter((event) => isKind(event.kind));
    if (events.length > 0 && ours.length === 0) return;
    if (page.place === 'sharing') this.load();
    const { one } = this;
    if (!one || !me.may('read_exact')) return;
    // Each reading of it is audited: others' words alone do not read it again.
    if (events.length === 0 || ours.some((event) => event.id === one.id)) void this.read(one.id);
    else void this.readAround(one);
  }

  private listed(query: Query, listing: Listing): void {
    this.listing = listing;
    this.answered.took(query);
    this.failure = null;
    this.busy = this.lists.busy;
    this.learn(listing.statements);
  }

  private failed(query: Query, error: unknown): void {
    page.failed(error);
    // An answer to another question must not stand where this one's is missing.
    if (!this.answered.is(query)) this.listing = null;
    this.failure = error;
    this.busy = false;
  }
}

export const sharing = new SharingState();
