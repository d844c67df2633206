// SPDX-License-Identifier: Apache-2.0
// Asks while somebody drags: at most one question is under way, and when it is answered the
// newest one goes out; those in between are never asked. So the node sets the pace.

export interface Reply<Q, A> {
  question: Q;
  answer: A;
}

export class Checker<Q, A> {
  private waiting: { question: Q } | null = null;
  private asking = false;
  private epoch = 0;

  constructor(
    private readonly ask: (question: Q) => Promise<A>,
    private readonly answered: (reply: Reply<Q, A>) => void,
    private readonly failed: (question: Q, error: unknown) => void,
  ) {}

  /** True while an answer to the newest question is still to come. */
  get busy(): boolean {
    return this.asking || this.waiting !== null;
  }

  submit(question: Q): void {
    this.waiting = { question };
    if (!this.asking) void this.run();
  }

  /** Forgets what waits, and the answer to what is under way. */
  cancel(): void {
    this.waiting = null;
    this.epoch++;
  }

  private async run(): Promise<void> {
    this.asking = true;
    while (this.waiting) {
      const { question } = this.waiting;
      const epoch = this.epoch;
      this.waiting = null;
      try {
        const answer = await this.ask(question);
        if (epoch === this.epoch) this.answered({ question, answer });
      } catch (error) {
        if (epoch === this.epoch) this.failed(question, error);
      }
    }
    this.asking = false;
  }
}
