// SPDX-License-Identifier: Apache-2.0
// One part of the people's page at work: does something, reads anew what it shows, and says what
// failed. Shared by the parts, which differ in what they show.
import { Answered } from './answered.svelte';
import { page } from './page.svelte';

export class Work<T> {
  shown = $state.raw<T | null>(null);
  busy = $state(false);
  fault = $state('');
  private readonly answered = new Answered<null>();
  /** Nothing has failed since what is shown was read whole: only then is it said that there is none. */
  readonly current = $derived(this.answered.is(null));

  constructor(private readonly read: () => Promise<T>) {}

  async load(): Promise<void> {
    await this.run(async () => undefined);
  }

  /** Whether it was done. */
  async run(act: () => Promise<unknown>, done = ''): Promise<boolean> {
    this.busy = true;
    this.fault = '';
    try {
      await act();
      this.shown = await this.read();
      this.answered.took(null);
      if (done) page.say(done);
      return true;
    } catch (error) {
      page.failed(error);
      this.answered.forget();
      this.fault = page.why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Nothing of one session may stand in the next. */
  forget(): void {
    this.shown = null;
    this.answered.forget();
  }
}
