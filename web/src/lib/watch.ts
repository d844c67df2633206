// SPDX-License-Identifier: Apache-2.0
// Which activities are to be read whole, so that nothing new inside one that is under way is
// overlooked. The list has a verdict each and no more; reading one whole is written into the audit,
// so it is done only where something may be another than at the last reading.
import type { Listed } from './activities';

interface Read {
  version: number;
  verdict: string | null;
  epoch: number;
}

export class Watch {
  private readonly last = new Map<string, Read>();
  private epoch = 0;

  /** The register has changed, or what is declared. */
  changed(): void {
    this.epoch++;
  }

  /** To be kept from before the reading until done(): what changes meanwhile is not in it. */
  begin(row: Listed): Read {
    return { version: row.version, verdict: row.verdict, epoch: this.epoch };
  }

  done(id: string, read: Read): void {
    this.last.set(id, read);
  }

  /** Under way and with an answer that is not the best one, or open on the page. */
  due(rows: Listed[], selected: string | null): Listed[] {
    return rows.filter((row) => {
      if (row.id === selected || watched(row)) return !this.same(row);
      this.last.delete(row.id); // what was read of it is no longer kept up with
      return false;
    });
  }

  private same(row: Listed): boolean {
    const last = this.last.get(row.id);
    return last !== undefined && last.version === row.version && last.verdict === row.verdict
      && last.epoch === this.epoch;
  }
}

/** Whether something may stand inside an activity that is under way. */
export const watched = (row: Listed): boolean =>
  (row.state === 'running' || row.state === 'overdue') && row.verdict !== 'no_registered_conflict';
