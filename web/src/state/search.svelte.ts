// SPDX-License-Identifier: Apache-2.0
// A search: what is asked, what was found of what one may read, and the questions that stand. It is
// asked when somebody asks: each reading of what records say is audited, so nothing is asked again by
// itself. That something is new since then is said.
import type { FeatureCollection } from 'geojson';
import { areaOfBox } from '../lib/box';
import { outlineOf, type Shape } from '../lib/plan';
import {
  type Draft, emptyDraft, type Exported, exported, type Found, type Hit, placeOf, search as ask, type Which, type Wish,
  wishFault, wishOf,
} from '../lib/search';
import { type Box, boxOf } from '../lib/sphere';
import { asTyped, type Standing, standing } from '../lib/standing';
import { foundPicture } from '../map/picture';
import { atlas } from './atlas.svelte';
import { page } from './page.svelte';
import { register } from './register.svelte';
import { seenAs } from './seen_as.svelte';
import { sharing } from './sharing.svelte';
import { Sketch } from './sketch.svelte';
import { stops } from './stops.svelte';
import { Work } from './work.svelte';

class SearchState {
  readonly area = new Sketch('area');
  readonly standing = new Work<Standing[]>(standing);
  draft = $state<Draft>(emptyDraft());
  /** Whether the results are drawn: their places are asked for with them. */
  mapped = $state(true);
  box = $state.raw<Box | null>(null); // what the map shows
  asked = $state.raw<Wish | null>(null); // of what is shown
  which = $state<Which>('fitting');
  hits = $state.raw<Hit[] | null>(null);
  found = $state.raw<Found | null>(null); // the last page
  busy = $state(false);
  failure = $state<unknown>(null);
  stale = $state(false); // something was said since
  marked = $state<string | null>(null); // on the map
  formed = $state(0); // how often the form was filled from elsewhere

  readonly fault = $derived(wishFault(this.draft, this.area.shapes));
  /** What is asked in the form now differs from what is shown. */
  readonly differs = $derived(
    this.asked !== null && JSON.stringify(wishOf(this.draft, this.area.shapes)) !== JSON.stringify(this.asked),
  );
  readonly picture: FeatureCollection = $derived(foundPicture(this.hits ?? [], this.marked));

  // For the map: nothing of these is open, and what was drawn is the area.
  readonly one: { id: string } | null = null;
  get shapes(): Shape[] {
    return this.area.shapes;
  }

  private turn = 0;

  /** It is of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'search';
    page.part = 'register';
  }

  /** Returns a function that ends it. */
  follow(): () => void {
    void this.standing.load();
    const heard = (): void => {
      if (this.hits) this.stale = true;
    };
    const ends = [page.onTalk(heard), page.onChanges(heard)];
    return () => ends.forEach((end) => end());
  }

  async ask(which: Which = 'fitting'): Promise<void> {
    if (this.fault) return;
    await this.run(wishOf(this.draft, this.area.shapes), which);
  }

  /** The same again, of what is shown. */
  async again(which: Which = this.which): Promise<void> {
    if (this.asked) await this.run(this.asked, which);
  }

  async more(): Promise<void> {
    const { asked, found, which } = this;
    if (!asked || !found?.next) return;
    const mine = ++this.turn;
    this.busy = true;
    try {
      const next = await ask({ wish: asked, which, places: this.mapped, cursor: found.next });
      if (mine !== this.turn) return;
      this.found = next;
      this.hits = [...(this.hits ?? []), ...next.hits];
      this.failure = null;
    } catch (error) {
      if (mine === this.turn) this.failed(error);
    }
    if (mine === this.turn) this.busy = false;
  }

  exported(format: 'geojson' | 'csv'): Promise<Exported> {
    return exported(this.asked ?? {}, this.which, format);
  }

  /** The area that the map shows; false where it shows too much of the world. */
  takeBox(): boolean {
    const shape = this.box ? areaOfBox(this.box, this.area.newKey()) : null;
    if (shape) this.area.set([shape]);
    return shape !== null;
  }

  /** Asks what a standing question asks, now. False where not all of it is known here. */
  async askStanding(one: Standing): Promise<boolean> {
    const { draft, shapes, whole } = asTyped(one, () => this.area.newKey());
    this.draft = draft;
    this.formed++;
    this.area.set(shapes);
    const box = boxOf(shapes.flatMap(outlineOf));
    if (box) atlas.goTo(box);
    if (whole) await this.ask();
    return whole;
  }

  /** Where it is on the map. */
  mark(hit: Hit): void {
    this.marked = hit.id;
    page.part = 'map';
    const box = boxOf(hit.shapes.flatMap(outlineOf));
    if (box) atlas.goTo(box, 12);
  }

  /** Whether what is picked on the map was found: then it is shown in the list. */
  picked(id: string): boolean {
    if (!this.hits?.some((hit) => hit.id === id)) return false;
    this.marked = id;
    page.part = 'plan';
    return true;
  }

  /** Goes to its panel. */
  async open(id: string, kind: string): Promise<void> {
    const where = placeOf(kind);
    if (where === 'stops') return stops.show(id);
    if (where === 'sharing') {
      sharing.enter();
      return sharing.open(id);
    }
    page.place = 'register';
    page.part = 'register';
    return register.select(id);
  }

  clear(): void {
    this.draft = emptyDraft();
    this.formed++;
    this.area.removeAll();
    this.forgetFound();
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.clear();
    this.standing.forget();
  }

  private async run(wish: Wish, which: Which): Promise<void> {
    const mine = ++this.turn;
    this.busy = true;
    this.failure = null;
    this.stale = false;
    try {
      const found = await ask({ wish, which, places: this.mapped });
      if (mine !== this.turn) return;
      this.asked = wish;
      this.which = which;
      this.found = found;
      this.hits = found.hits;
      this.marked = null;
      page.speak(page.words.t('search.total', { n: found.total }));
    } catch (error) {
      if (mine !== this.turn) return;
      this.forgetFound(); // an answer to another question must not stand where this one's is missing
      this.failed(error);
    }
    if (mine === this.turn) this.busy = false;
  }

  private forgetFound(): void {
    this.turn++;
    this.busy = false;
    this.failure = null;
    this.asked = null;
    this.found = null;
    this.hits = null;
    this.marked = null;
    this.stale = false;
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }
}

export const search = new SearchState();
