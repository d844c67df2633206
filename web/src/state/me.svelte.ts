// SPDX-License-Identifier: Apache-2.0
// Who is signed in, and what they may. The node decides each time again; this only says which
// buttons to show.
import { type Right, type Whoever, whoAmI } from '../lib/people';

class Me {
  who = $state.raw<Whoever | null>(null);

  may(right: Right): boolean {
    return this.who?.rights.includes(right) ?? false;
  }

  async ask(): Promise<void> {
    this.who = await whoAmI();
  }

  gone(): void {
    this.who = null;
  }
}

export const me = new Me();
