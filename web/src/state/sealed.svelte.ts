// SPDX-License-Identifier: Apache-2.0
// Sealed checks: the list, the one that is open, and what came of asking it again. The list is read
// where it is shown, and anew with each change of the logs.
import { Checker } from '../lib/checker';
import type { Shape } from '../lib/plan';
import { shapesIn } from '../lib/plan_file';
import { list, type ListedCheck, type SealedCheck, show, type Verified, verify } from '../lib/sealed';
import { Answered } from './answered.svelte';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';

class SealedChecks {
  rows = $state.raw<ListedCheck[] | null>(null);
  failure = $state<unknown>(null);
  busy = $state(false);
  private readonly answered = new Answered<null>();
  readonly current = $derived(this.failure === null && this.answered.is(null));
  selected = $state<string | null>(null);
  one = $state.raw<SealedCheck | null>(null);
  oneFailure = $state<unknown>(null);
  /** Of the one that is open. */
  verified = $state.raw<Verified | null>(null);
  verifying = $state(false);
  verifyFailure = $state<unknown>(null);

  readonly shapes: Shape[] = $derived.by(() => {
    const { one } = this;
    return one?.plan ? shapesIn(one.plan).map((s, i) => ({ ...s, key: `${one.id}-${i}` }) as Shape) : [];
  });

  private readonly lists = new Checker<null, ListedCheck[]>(
    () => list(), ({ answer }) => this.listed(answer), (_, error) => this.failed(error),
  );
  private asked = 0;

  load(): void {
    this.busy = true;
    this.lists.submit(null);
  }

  /** Goes to their page. They are of one's own view, whichever the register shows. */
  enter(): void {
    seenAs.choose(null);
    page.place = 'checks';
    page.part = 'register';
  }

  async open(id: string): Promise<void> {
    const mine = ++this.asked;
    if (this.one?.id !== id) this.one = null;
    this.selected = id;
    this.oneFailure = null;
    this.verified = null;
    this.verifying = false;
    this.verifyFailure = null;
    page.part = 'plan';
    try {
      const found = await show(id);
      if (mine === this.asked) this.one = found;
    } catch (error) {
      page.failed(error);
      if (mine === this.asked) this.oneFailure = error;
    }
  }

  /** Asks the open one again, as of what its author had then; where sealed entries are counted. */
  async again(from: string, until: string): Promise<void> {
    const { one } = this;
    if (!one || this.verifying) return;
    const mine = this.asked;
    this.verified = null;
    this.verifying = true;
    this.verifyFailure = null;
    try {
      const found = await verify(one.id, from, until);
      if (mine !== this.asked) return;
      this.verified = found;
      page.speak(page.words.t(`compared.${found.word}`));
    } catch (error) {
      page.failed(error);
      if (mine === this.asked) this.verifyFailure = error;
    }
    if (mine === this.asked) this.verifying = false;
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.asked++;
    this.lists.cancel();
    this.rows = null;
    this.answered.forget();
    this.selected = null;
    this.one = null;
    this.verified = null;
    this.verifying = false;
  }

  private listed(rows: ListedCheck[]): void {
    this.rows = rows;
    this.answered.took(null);
    this.failure = null;
    this.busy = this.lists.busy;
  }

  private failed(error: unknown): void {
    page.failed(error);
    this.failure = error;
    this.busy = false;
  }
}

export const sealed = new SealedChecks();
