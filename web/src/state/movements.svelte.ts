// SPDX-License-Identifier: Apache-2.0
// Movements: the list with how each leg stands and who has not confirmed it, and the one that is being
// stated or amended. The one that is open is the register's record.
import type { FeatureCollection } from 'geojson';
import { ladders } from '../lib/api';
import { Checker } from '../lib/checker';
import {
  draftFrom, inTurn, isOpen, legsOf, list, type Listed, type Movement, movementOf, takenFrom,
} from '../lib/movements';
import { outlineOf, type Shape } from '../lib/plan';
import type { Draft, Taken } from '../lib/saying';
import { boxOf } from '../lib/sphere';
import type { Ladder, ProtectionRecord } from '../lib/types';
import { selectionPicture } from '../map/picture';
import { Answered } from './answered.svelte';
import { atlas } from './atlas.svelte';
import { page } from './page.svelte';
import { register } from './register.svelte';
import { seenAs } from './seen_as.svelte';
import { Sketch } from './sketch.svelte';

/** What is typed of a movement, beside its legs, which are the sketch. */
interface Form {
  before: ProtectionRecord | null; // what is amended
  class: string;
  name: string;
  language: string;
  draft: Draft;
  to: string[];
}
type Told = Record<string, Ladder[] | null>; // null: it could not be read
interface Read {
  rows: Listed[];
  told: Told;
}
const AGAIN_MS = 30_000; // that one is late is told by no event
const TOLD_MAX = 40; // of how many of one's own it is asked each time
const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };

class MovementsState {
  readonly sketch = new Sketch('leg');
  over = $state(false);
  rows = $state.raw<Listed[] | null>(null);
  told = $state.raw<Told>({});
  busy = $state(false);
  failure = $state<unknown>(null);
  form = $state<Form | null>(null);
  /** The form is shown; else the record that is open. */
  forming = $state(false);

  private readonly answered = new Answered<boolean>();
  readonly current = $derived(this.failure === null && this.answered.is(this.over));
  readonly picture: FeatureCollection = $derived(
    !this.forming && register.record?.legs ? selectionPicture(register.record) : nothing,
  );

  // For the map: what is drawn are the legs of the form.
  readonly one: { id: string } | null = null;
  get shapes(): Shape[] {
    return this.forming ? this.sketch.shapes : [];
  }

  private readonly lists = new Checker<boolean, Read>(
    (over) => this.read(over), ({ question, answer }) => this.listed(question, answer), (_, error) => this.failed(error),
  );

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'movements';
    page.part = 'register';
  }

  load(): void {
    this.busy = true;
    this.lists.submit(this.over);
  }

  /** Returns a function that ends it. */
  follow(): () => void {
    this.load();
    const again = (): void => this.load();
    const ends = [page.onChanges(again), page.onAside('receipt', again)];
    const timer = setInterval(() => this.load(), AGAIN_MS);
    return () => {
      clearInterval(timer);
      ends.forEach((end) => end());
    };
  }

  open(id: string): void {
    this.forming = false;
    page.part = 'plan';
    void register.select(id);
  }

  /** States a new one, or amends this one. What was typed of the same already goes on. */
  begin(before: ProtectionRecord | null): void {
    const { form } = this;
    if (!form || form.before?.id !== before?.id || form.before?.version !== before?.version) this.anew(before);
    if (page.place !== 'movements') this.enter();
    this.forming = true;
    page.said = ''; // where it is narrow it would lie over the end of the form
    page.part = 'plan';
    const box = boxOf(this.sketch.shapes.flatMap(outlineOf));
    if (box) atlas.goTo(box, 15);
  }

  discard(): void {
    this.form = null;
    this.forming = false;
    this.sketch.removeAll();
  }

  /** As the node takes it, as far as it reads. */
  stated(form: Form): { movement: Movement; faults: Taken['faults'] } {
    const { said, faults } = takenFrom($state.snapshot(form.draft) as Draft);
    const before = form.before?.movement?.properties;
    const all = { ...said, class: form.class };
    if (form.name.trim()) Object.assign(all, { [form.language ? `name:${form.language}` : 'name']: form.name.trim() });
    const had = (form.before?.legs ?? []).map((one) => one.leg);
    return { movement: movementOf(all, this.sketch.shapes, before, had), faults };
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.lists.cancel();
    this.rows = null;
    this.told = {};
    this.failure = null;
    this.answered.forget();
    this.discard();
  }

  private anew(before: ProtectionRecord | null): void {
    const said = before?.movement;
    this.sketch.set(said ? legsOf(said, () => this.sketch.newKey()) : []);
    this.form = {
      before, class: String(said?.properties['class'] ?? 'relief'), name: '', language: '',
      draft: draftFrom(said?.properties ?? {}), to: [],
    };
  }

  private async read(over: boolean): Promise<Read> {
    const rows = inTurn(await list(over));
    const told: Told = {};
    const { about } = page;
    if (!about || about.others.length === 0) return { rows, told };
    const own = rows.filter((one) => one.party === about.party && one.legs.some(isOpen));
    for (const [i, { id }] of own.entries()) {
      told[id] = i < TOLD_MAX ? await ladders(id).catch(() => null) : null;
    }
    return { rows, told };
  }

  private listed(over: boolean, { rows, told }: Read): void {
    this.rows = rows;
    this.told = told;
    this.answered.took(over);
    this.failure = null;
    this.busy = this.lists.busy;
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }
}

export const movements = new MovementsState();
