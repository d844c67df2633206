// SPDX-License-Identifier: Apache-2.0
// Areas of control as each party assesses them, at one moment: all of them, and of those of the moment
// the volumes, where somebody asks to see them drawn (each reading of another's is audited).
import type { Shape } from '../lib/plan';
import { list, type Listed, type Listing, show, type Statement } from '../lib/sharing';
import { holdsAt } from '../lib/stands';
import { atlas } from './atlas.svelte';
import { page } from './page.svelte';
import { volumesOf } from './sharing.svelte';

const DRAWN_MAX = 60;

class ControlState {
  /** All that came of it; null before the first answer. */
  listing = $state.raw<Listing | null>(null);
  busy = $state(false);
  failure = $state<unknown>(null);
  at = $state(Date.now());
  typed = $state(''); // and not gone to yet
  drawing = $state(false);
  drawFailure = $state<unknown>(null);
  filled = $state(''); // whose are filled on the map; others' are dashed
  readonly all: Listed[] = $derived((this.listing?.statements ?? []).filter((one) => one.said));
  readonly more = $derived(this.listing?.more ?? false);
  /** Said, and not open or not understood here. */
  readonly closed = $derived((this.listing?.statements.length ?? 0) - this.all.length);
  /** Whether what is there is all that may be seen: else nobody is said to be silent. */
  readonly wholly = $derived(this.listing !== null && !this.more && this.failure === null);
  private wholes = $state.raw<Record<string, Statement>>({});

  /** Nothing of these is open: the map is told where to look by whoever draws. */
  readonly one: Statement | null = null;
  private readonly drawn = $derived(
    this.drawing
      ? this.all.filter((one) => holdsAt(one, this.at)).map((one) => this.wholes[`${one.id} ${one.leaf}`])
        .filter((one) => one !== undefined)
      : [],
  );
  readonly shapes: Shape[] = $derived(this.drawn.filter((one) => one.party === this.filled).flatMap(volumesOf));
  readonly shapesBeside: Shape[] = $derived(this.drawn.filter((one) => one.party !== this.filled).flatMap(volumesOf));
  /** Of those of the moment so many are not drawn: there are too many, or they are not open here. */
  readonly notDrawn = $derived(
    this.drawing
      ? this.all.filter((one) => holdsAt(one, this.at)).length - this.drawn.filter((one) => volumesOf(one).length > 0).length
      : 0,
  );

  /** Returns a function that ends it. */
  follow(): () => void {
    this.at = page.now;
    void this.load();
    return page.onTalk((events) => {
      if (events.length === 0 || events.some(({ kind }) => kind === 'control')) void this.load();
    });
  }

  go(at: number): void {
    this.at = at;
    this.typed = '';
    if (this.drawing) void this.readDrawn();
  }

  async draw(): Promise<void> {
    this.drawing = true;
    this.filled ||= page.about?.party ?? '';
    const of = new Set(this.all.map((one) => one.party));
    if (!of.has(this.filled)) this.filled = [...of][0] ?? '';
    await this.readDrawn();
    atlas.showPlan();
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.listing = null;
    this.wholes = {};
    this.drawing = false;
    this.failure = null;
    this.drawFailure = null;
  }

  private async load(): Promise<void> {
    this.busy = true;
    try {
      this.listing = await list({ kind: 'control' });
      this.failure = null;
      if (this.drawing) await this.readDrawn();
    } catch (error) {
      page.failed(error);
      this.failure = error;
    }
    this.busy = false;
  }

  private async readDrawn(): Promise<void> {
    const wanted = this.all.filter((one) => holdsAt(one, this.at)).slice(0, DRAWN_MAX)
      .filter((one) => !(`${one.id} ${one.leaf}` in this.wholes));
    try {
      const found = await Promise.all(wanted.map((one) => show(one.id)));
      this.wholes = { ...this.wholes, ...Object.fromEntries(found.map((one) => [`${one.id} ${one.leaf}`, one])) };
      this.drawFailure = null;
    } catch (error) {
      page.failed(error);
      this.drawFailure = error;
    }
  }
}

export const control = new ControlState();
