// SPDX-License-Identifier: Apache-2.0
// When to speak while somebody drags: only when what matters has changed (the verdict, how many are
// touched, which is the nearest), not with every metre.
import type { Answer } from './types';

export class Announcer {
  private last = '';

  /** True if this answer should be spoken. */
  heard(answer: Answer): boolean {
    const nearest = answer.findings[0] ?? answer.nearby[0];
    const now = [
      answer.verdict, answer.findings_total, answer.objections_total, nearest?.id ?? '',
    ].join(' ');
    const changed = now !== this.last;
    this.last = now;
    return changed;
  }

  forget(): void {
    this.last = '';
  }
}
