// SPDX-License-Identifier: Apache-2.0
// One part of the people's page at work: does something, reads anew what it shows, and says what
// failed. Shared by the parts, which differ in what they show.
import { page } from './page.svelte';

export class Work<T> {
  shown = $state.raw<T | null>(null);
  busy = $state(false);
  fault = $state('');

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
      if (done) page.say(done);
      return true;
    } catch (error) {
      page.failed(error);
      this.fault = page.why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
