// SPDX-License-Identifier: Apache-2.0
// One's board: how much of it is not acknowledged, and the first of it. Read again after each
// change of the register, and now and then, for what no event tells.
import { board, type Board } from '../lib/notices';
import { page } from './page.svelte';
import { Work } from './work.svelte';

const AGAIN_MS = 5_000; // an alert of a live track changes no register, and is no use half a minute late

class Notices {
  readonly work = new Work<Board>(board);

  get unread(): number {
    return this.work.shown?.unread ?? 0;
  }

  /** Returns a function that ends it. */
  follow(): () => void {
    void this.work.load();
    const unhear = page.onChanges(() => void this.work.load());
    const timer = setInterval(() => void this.work.load(), AGAIN_MS);
    return () => {
      unhear();
      clearInterval(timer);
      this.work.forget();
    };
  }
}

export const notices = new Notices();
