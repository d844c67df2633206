// SPDX-License-Identifier: Apache-2.0
// Whose view of the register the page shows: this party's own, or what another party of the charter
// can see of what was released to it (PROTOCOL 9). It stands in the address (`?as=ru`), so that a
// link, a reload and the way back keep it. Nothing may be said or changed from another's view.
import type { Shown } from '../lib/types';
import { partyName } from '../lib/words';
import { page } from './page.svelte';

const PARAMETER = 'as';

const ofAddress = (): string | null =>
  new URLSearchParams(location.search).get(PARAMETER) || null;

function addressOf(party: string | null): URL {
  const address = new URL(location.href);
  if (party) address.searchParams.set(PARAMETER, party);
  else address.searchParams.delete(PARAMETER);
  return address;
}

class SeenAs {
  party = $state<string | null>(ofAddress());
  /** What it was given and has acknowledged, as of the newest list that was read. */
  shown = $state.raw<Shown | null>(null);

  /** The other parties of the charter, whose view there is. */
  readonly others = $derived(page.about?.others ?? []);
  readonly name = $derived(this.nameOf(this.party));

  constructor() {
    page.arrived = () => this.settle();
    addEventListener('popstate', () => this.turn(ofAddress()));
  }

  /** Null: one's own view. */
  choose(party: string | null): void {
    if (party === this.party) return;
    history.pushState(null, '', addressOf(party));
    this.turn(party);
  }

  nameOf(party: string | null): string {
    return party && page.about ? partyName(page.about, party) : (party ?? '');
  }

  /** A link may name a party that is in no charter: then the page says so, and whose view it shows. */
  private settle(): void {
    const { about } = page;
    page.titled(this.name);
    if (!about || !this.party || this.others.some((one) => one.party === this.party)) return;
    const said = page.words.t('as.unknown', { party: this.party, own: about.name });
    history.replaceState(null, '', addressOf(null));
    this.turn(null);
    page.say(said);
  }

  private turn(party: string | null): void {
    if (party === this.party) return;
    this.party = party;
    this.shown = null;
    page.titled(this.name);
    const { t } = page.words;
    page.speak(party ? t('as.now', { party: this.name }) : t('as.own', { own: page.about?.name ?? '' }));
  }
}

export const seenAs = new SeenAs();
