// SPDX-License-Identifier: Apache-2.0
// Activities, own and others': the list with what each touches by now, the one that is open, and
// what is inside those under way that nobody has looked at here. Read again after each change of the
// register or of an activity, and now and then, for what no event tells: one begins by the clock.
import { type Activity, list, type Listed, show } from '../lib/activities';
import { Checker } from '../lib/checker';
import {
  type Alarm, alarmsOf, asksForALook, type Looked, lookedAtNothing, newReplies, store, stored, type Touch,
  touchesSomething, touchOf, withRead, withSeen,
} from '../lib/looked';
import type { Shape } from '../lib/plan';
import { shapesIn } from '../lib/plan_file';
import type { ActivityEvent } from '../lib/types';
import { Watch, watched } from '../lib/watch';
import { Answered } from './answered.svelte';
import { me } from './me.svelte';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';

const AGAIN_MS = 30_000;
const READ_REST_MS = 3000; // between readings of whole activities, each of which is audited

class Activities {
  over = $state(false);
  rows = $state.raw<Listed[] | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  private readonly answered = new Answered<boolean>();
  readonly current = $derived(this.failure === null && this.answered.is(this.over));
  selected = $state<string | null>(null);
  one = $state.raw<Activity | null>(null);
  oneFailure = $state<unknown>(null);
  /** The one that is open has another version than a moment ago. */
  changed = $state(false);
  looked = $state.raw<Looked>(stored());
  private touches = $state.raw<Record<string, Touch>>({});

  readonly count = $derived((this.rows ?? []).filter((row) => asksForALook(this.looked, row)).length);
  readonly alarms: Alarm[] = $derived(alarmsOf(this.looked, this.rows ?? [], this.touches));
  readonly shapes: Shape[] = $derived.by(() => {
    const { one } = this;
    return one ? shapesIn(one.plan).map((s, i) => ({ ...s, key: `${one.id}-${i}` }) as Shape) : [];
  });

  private readonly watch = new Watch();
  private readonly lists = new Checker<boolean, Listed[]>(
    (over) => list(over),
    ({ question, answer }) => this.listed(question, answer),
    (_over, error) => this.failed(error),
  );
  private readonly reads = new Checker<Listed[], void>(
    (rows) => this.readAll(rows), () => undefined, () => undefined,
  );
  private asked = 0;
  private learned: Record<string, number> = {};
  private heard = 0; // new replies that were spoken of

  /** Returns a function that ends it. */
  follow(): () => void {
    this.again();
    const ends = [
      page.onChanges(() => this.again()),
      page.onActivities((changes) => this.onChanges(changes)),
      // Whether a group is protected is another's word, and no change of the register.
      page.onTalk((events) => {
        if (events.some(({ kind }) => kind === 'position')) this.again();
      }),
    ];
    const timer = setInterval(() => this.load(), AGAIN_MS);
    return () => {
      ends.forEach((end) => end());
      clearInterval(timer);
      this.forget();
    };
  }

  /** Reads the list, and of it what may be another than it was. */
  load(): void {
    this.busy = true;
    this.lists.submit(this.over);
  }

  again(): void {
    this.watch.changed();
    this.load();
  }

  async select(id: string | null): Promise<void> {
    this.selected = id;
    this.changed = false;
    this.oneFailure = null;
    if (this.one?.id !== id) this.one = null;
    if (id) await this.read(id);
  }

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'activities';
    page.part = 'register';
  }

  /** Opens it on its page, from wherever one is. */
  async open(id: string): Promise<void> {
    this.enter();
    page.part = 'plan';
    await this.select(id);
  }

  /** Something was said of the one that is open. */
  async said(): Promise<void> {
    this.again();
    if (this.selected) await this.read(this.selected);
  }

  /** Somebody has looked at what is inside it by now. */
  seen(id: string): void {
    this.keep(withSeen(this.looked, id, this.touches[id]));
  }

  private onChanges(changes: ActivityEvent[]): void {
    const { one } = this;
    if (one && changes.some((c) => c.id === one.id && c.newest_version > one.version)) this.changed = true;
    // One that is over is in no list of those that may happen.
    const id = this.selected;
    if (id && changes.some((c) => c.id === id) && !this.rows?.some((row) => row.id === id)) void this.read(id);
    this.again();
  }

  private listed(over: boolean, rows: Listed[]): void {
    this.rows = rows;
    this.answered.took(over);
    this.failure = null;
    this.busy = this.lists.busy;
    const running = rows.filter(watched);
    const kept = running.filter((row) => row.id in this.touches).map((row) => [row.id, this.touches[row.id]]);
    this.touches = Object.fromEntries(kept) as Record<string, Touch>;
    // Who may read none whole is told of what the list says.
    if (!me.may('check')) running.forEach((row) => this.unread(row));
    else this.reads.submit(this.watch.due(rows, this.selected));
    const replies = rows.reduce((n, row) => n + newReplies(this.looked, row), 0);
    if (replies > this.heard) page.speak(page.words.t('activities.replies_new', { n: replies }));
    this.heard = replies;
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }

  private async readAll(rows: Listed[]): Promise<void> {
    for (const row of rows) {
      const reading = this.watch.begin(row);
      if (await this.read(row.id)) this.watch.done(row.id, reading);
      else this.unread(row);
    }
    if (rows.length > 0) await new Promise((done) => setTimeout(done, READ_REST_MS));
  }

  /** Whether it was read. */
  private async read(id: string): Promise<boolean> {
    const mine = ++this.asked;
    try {
      const found = await show(id);
      if (mine > (this.learned[id] ?? 0)) this.learn(found, mine);
      return true;
    } catch (error) {
      page.failed(error);
      if (this.selected === id) this.oneFailure = error;
      return false;
    }
  }

  private learn(found: Activity, asked: number): void {
    this.learned[found.id] = asked;
    const touch = touchOf(found.answer);
    this.touches = { ...this.touches, [found.id]: touch };
    if (found.answer) this.keep(withRead(this.looked, found.id, touch));
    if (this.selected !== found.id) return;
    this.one = found;
    this.oneFailure = null;
    this.keep({ ...this.looked, replies: { ...this.looked.replies, [found.id]: found.replies.length } });
  }

  private unread(row: Listed): void {
    if (row.verdict !== 'conflict' || this.touches[row.id]?.all.length) return;
    this.touches = { ...this.touches, [row.id]: touchesSomething };
  }

  private keep(looked: Looked): void {
    this.looked = looked;
    store(looked);
  }

  private forget(): void {
    this.lists.cancel();
    this.reads.cancel();
    this.rows = null;
    this.answered.forget();
    this.one = null;
    this.selected = null;
    this.touches = {};
    this.heard = 0;
    this.keep(lookedAtNothing());
  }
}

export const activities = new Activities();
