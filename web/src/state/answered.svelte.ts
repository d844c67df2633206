// SPDX-License-Identifier: Apache-2.0
// Which question a list answers. A list stays in sight while the next one is read, and where that
// fails: that it is empty is said only where it answers what is asked for now.
export class Answered<Q> {
  private of = $state<string | null>(null); // as JSON; null before the first answer

  took(question: Q): void {
    this.of = JSON.stringify(question);
  }
  is(question: Q): boolean {
    return this.of === JSON.stringify(question);
  }
  forget(): void {
    this.of = null;
  }
}
