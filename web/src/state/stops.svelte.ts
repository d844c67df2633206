// SPDX-License-Identifier: Apache-2.0
// STOPs, ours and theirs: the list, the one that is open, the dialog that is asked for, and those
// that stand over everything. Read again after each change and after what came urgently, before its
// author's log; and every few seconds, for what the clock alone tells.
import { Checker } from '../lib/checker';
import type { Shape } from '../lib/plan';
import { shapesIn } from '../lib/plan_file';
import { type HeardStop, list, type ListedStop, type Listing, show, type ShownStop } from '../lib/stops';
import { isOpen, markOf, openIn, stillHeard, unanswered, type Unanswered } from '../lib/unanswered';
import { Answered } from './answered.svelte';
import { me } from './me.svelte';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';

const AGAIN_MS = 10_000;

/** What is about to be said of one, in a dialog over any place of the page. */
export type Asking =
  | { what: 'say'; activity?: { id: string; name: string; party: string } }
  | { what: 'answer' | 'called' | 'lift'; id: string };

class Stops {
  lifted = $state(false);
  listing = $state.raw<Listing | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  private readonly answered = new Answered<boolean>();
  readonly current = $derived(this.failure === null && this.answered.is(this.lifted));
  selected = $state<string | null>(null);
  one = $state.raw<ShownStop | HeardStop | null>(null);
  oneFailure = $state<unknown>(null);
  /** The open dialogs: one that is answered over another one takes nothing of that away. */
  asking = $state.raw<readonly Asking[]>([]);

  readonly open = $derived(this.listing ? openIn(this.listing) : 0);
  readonly heard: HeardStop[] = $derived(this.listing ? stillHeard(this.listing) : []);
  readonly urgent: Unanswered[] = $derived(
    this.listing && page.about ? unanswered(this.listing, page.about.party) : [],
  );
  /** Ours, which nobody has answered. */
  readonly waiting: ListedStop[] = $derived(
    (this.listing?.stops ?? []).filter((row) => row.own && isOpen(row) && !row.lifting && row.answered === 'nobody'),
  );
  readonly shapes: Shape[] = $derived.by(() => {
    const { one } = this;
    return one?.plan ? shapesIn(one.plan).map((s, i) => ({ ...s, key: `${one.id}-${i}` }) as Shape) : [];
  });

  private readonly lists = new Checker<boolean, Listing>(
    (lifted) => list(lifted), ({ question, answer }) => this.listed(question, answer), (_, error) => this.failed(error),
  );
  private mark = '';

  /** Returns a function that ends it. */
  follow(): () => void {
    this.load();
    const again = (): void => this.load();
    const ends = [page.onChanges(again), page.onActivities(again), page.onAside('urgent', again)];
    const timer = setInterval(() => this.load(), AGAIN_MS);
    return () => {
      ends.forEach((end) => end());
      clearInterval(timer);
      this.forget();
    };
  }

  ask(what: Asking): void {
    const same = (one: Asking): boolean => 'id' in one && 'id' in what && one.id === what.id && one.what === what.what;
    if (!this.asking.some(same)) this.asking = [...this.asking, what];
  }

  asked(what: Asking): void {
    this.asking = this.asking.filter((one) => one !== what);
  }

  load(): void {
    this.busy = true;
    this.lists.submit(this.lifted);
  }

  row(id: string): ListedStop | null {
    return this.listing?.stops.find((one) => one.id === id) ?? null;
  }

  heardOne(id: string): HeardStop | null {
    return this.heard.find((one) => one.id === id) ?? null;
  }

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'stops';
    page.part = 'register';
  }

  /** Opens it on its page, from wherever one is. */
  async show(id: string): Promise<void> {
    this.enter();
    page.part = 'plan';
    if (this.one?.id !== id) this.one = null;
    this.selected = id;
    this.oneFailure = null;
    this.mark = '';
    await this.read();
  }

  /** Something was said of it. */
  async said(id: string): Promise<void> {
    this.load();
    if (this.selected !== id) return;
    this.mark = '';
    await this.read();
  }

  private listed(lifted: boolean, listing: Listing): void {
    this.listing = listing;
    this.answered.took(lifted);
    this.failure = null;
    this.busy = this.lists.busy;
    page.alarmed(this.urgent.length);
    const row = this.selected ? (this.row(this.selected) ?? this.heardOne(this.selected)) : null;
    if (row && markOf(row) !== this.mark) void this.read();
  }

  /** What was listed stays where it is: that the node does not answer lifts no STOP. */
  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }

  private async read(): Promise<void> {
    const id = this.selected;
    if (!id || !me.may('read_exact')) return;
    try {
      const found = await show(id);
      if (this.selected !== id) return;
      this.one = found;
      this.mark = markOf(found);
      this.oneFailure = null;
    } catch (error) {
      page.failed(error);
      if (this.selected === id) this.oneFailure = error;
    }
  }

  private forget(): void {
    this.lists.cancel();
    this.listing = null;
    this.answered.forget();
    this.one = null;
    this.selected = null;
    this.asking = [];
    page.alarmed(0);
  }
}

export const stops = new Stops();
