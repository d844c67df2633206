// SPDX-License-Identifier: Apache-2.0
// Boundaries and zones: the list, and the one that is open with those of its name beside it. The list
// is read where it is shown, and anew with each change of the logs.
import { type Airspace, type AirspaceList, type Group, list, shapesOf, show } from '../lib/airspace';
import { Checker } from '../lib/checker';
import { type Shape, whole } from '../lib/plan';
import { Answered } from './answered.svelte';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';
import { Sketch } from './sketch.svelte';

class AirspaceState {
  /** What is drawn for one that is to be asserted. */
  readonly sketch = new Sketch('airspace', true);
  withdrawn = $state(false);
  listing = $state.raw<AirspaceList | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  private readonly answered = new Answered<boolean>();
  readonly current = $derived(this.failure === null && this.answered.is(this.withdrawn));
  selected = $state<string | null>(null);
  one = $state.raw<Airspace | null>(null);
  beside = $state.raw<Airspace[]>([]);
  oneFailure = $state<unknown>(null);

  readonly group: Group | null = $derived(this.listing ? this.groupOf(this.selected) : null);
  readonly opened: Shape[] = $derived(this.one ? shapesOf(this.one) : []);
  readonly drawing: boolean = $derived(this.sketch.shapes.some(whole));
  // While one is drawn, it is the one that is filled, and all that is asserted stands beside it.
  readonly shapes: Shape[] = $derived(this.drawing ? this.sketch.shapes : this.opened);
  readonly shapesBeside: Shape[] = $derived([...(this.drawing ? this.opened : []), ...this.beside.flatMap(shapesOf)]);

  private readonly lists = new Checker<boolean, AirspaceList>(
    (withdrawn) => list(withdrawn), ({ question, answer }) => this.listed(question, answer), (_, error) => this.failed(error),
  );
  private asked = 0;
  private mark = ''; // of the list, when the one that is open was read

  load(): void {
    this.busy = true;
    this.lists.submit(this.withdrawn);
  }

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'airspace';
    page.part = 'register';
  }

  async open(id: string): Promise<void> {
    if (this.one?.id !== id) {
      this.one = null;
      this.beside = [];
    }
    this.selected = id;
    page.part = 'plan';
    await this.read(id);
  }

  /** It was asserted, or something else was said of it. */
  async said(id: string): Promise<void> {
    this.load();
    await this.open(id);
  }

  /** What is open, to be drawn on from. */
  copy(): void {
    this.sketch.set(this.opened.map((shape) => ({ ...shape, key: this.sketch.newKey() })));
    page.part = 'map';
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.asked++;
    this.lists.cancel();
    this.listing = null;
    this.answered.forget();
    this.selected = null;
    this.one = null;
    this.beside = [];
    this.sketch.removeAll();
  }

  private async read(id: string): Promise<void> {
    const mine = ++this.asked;
    this.oneFailure = null;
    this.mark = this.markOf(id);
    const others = (this.groupOf(id)?.statements ?? []).map((each) => each.id).filter((each) => each !== id);
    try {
      const [one, ...beside] = await Promise.all([id, ...others].map(show));
      if (mine !== this.asked) return;
      this.one = one ?? null;
      this.beside = beside;
    } catch (error) {
      page.failed(error);
      if (mine !== this.asked) return;
      this.oneFailure = error;
      this.one = null; // nothing may be drawn that is not as it is listed
      this.beside = [];
    }
  }

  private groupOf(id: string | null): Group | null {
    return this.listing?.airspace.find((group) => group.statements.some((each) => each.id === id)) ?? null;
  }

  private markOf(id: string | null): string {
    return (this.groupOf(id)?.statements ?? []).map((each) => `${each.id} ${each.version} ${each.state}`).join();
  }

  private listed(withdrawn: boolean, listing: AirspaceList): void {
    this.listing = listing;
    this.answered.took(withdrawn);
    this.failure = null;
    this.busy = this.lists.busy;
    const id = this.selected;
    if (id && this.groupOf(id) && this.markOf(id) !== this.mark) void this.read(id);
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }
}

export const airspace = new AirspaceState();
