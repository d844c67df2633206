// SPDX-License-Identifier: Apache-2.0
// Gathers what comes one by one and tells it in batches: many statements a second cost one refresh.

export class Gather<T> {
  private readonly listeners = new Set<(batch: T[]) => void>();
  private waiting: T[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly forMs: number) {}

  /** Returns a function that ends it. */
  on(listener: (batch: T[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  add(one: T): void {
    this.waiting.push(one);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const batch = this.waiting;
      this.waiting = [];
      this.tell(batch);
    }, this.forMs);
  }

  tell(batch: T[]): void {
    for (const listener of this.listeners) listener(batch);
  }
}
