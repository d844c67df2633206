// SPDX-License-Identifier: Apache-2.0
// What the whole page shares: language, session, the node's word about itself, the live stream,
// the clock, what is spoken to screen readers.
import { known, type Language, localeOf, directionOf, preferred, translator } from '../i18n/translate';
import { about as askAbout, ApiError, signIn, signOut } from '../lib/api';
import { type Aside, follow, type Link } from '../lib/events';
import { Format } from '../lib/format';
import { Gather } from '../lib/gather';
import { acceptInvitation, makeFirstAdmin, signInAs } from '../lib/people';
import type { About, ActivityEvent, ProtectionEvent, TalkEvent } from '../lib/types';
import type { Words } from '../lib/words';
import { me } from './me.svelte';

type Session = 'asking' | 'in' | 'out' | 'refused' | 'ended' | 'unreachable';
/** A code out of a link that first wants a password: of an invitation, or for the first admin. */
interface Code {
  kind: 'first' | 'invitation';
  code: string;
}
export type Part = 'map' | 'register' | 'plan';
export type Place =
  'register' | 'people' | 'notices' | 'activities' | 'stops' | 'checks' | 'airspace' | 'sharing' | 'search' | 'movements';

const STORED = 'entente.language';
const CHANGES_GATHER_MS = 250; // many statements a second cost one refresh

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED);
  return preferred(asked ? [asked] : navigator.languages);
}

class Page {
  language = $state<Language>(firstLanguage());
  session = $state<Session>('asking');
  about = $state.raw<About | null>(null);
  link = $state<Link>('connecting');
  treeSize = $state(0);
  /** The node's clock, by the second. */
  now = $state(Date.now());
  part = $state<Part>('map');
  place = $state<Place>('register');
  code = $state.raw<Code | null>(null);
  signInFault = $state('');
  /** Spoken politely; the counter makes equal texts heard again. */
  spoken = $state({ text: '', count: 0 });
  /** Shown for a while after something was done. */
  said = $state('');

  readonly words: Words = $derived.by(() => {
    const t = translator(this.language);
    return { language: this.language, t, format: new Format(this.language, t) };
  });

  /** Called when the node has said who it is, before anything is asked of its register. */
  arrived: () => void = () => undefined;

  private utterances = 0; // no state: who speaks inside an effect must not wake it
  private titleSeenAs = '';
  private stopsNow = 0;
  private offset = 0;
  private readonly changes = new Gather<ProtectionEvent>(CHANGES_GATHER_MS);
  private readonly activities = new Gather<ActivityEvent>(CHANGES_GATHER_MS);
  private readonly talk = new Gather<TalkEvent>(CHANGES_GATHER_MS);
  private readonly asides = new Gather<Aside>(CHANGES_GATHER_MS);
  private unfollow: (() => void) | null = null;

  setLanguage(language: Language): void {
    this.language = language;
    localStorage.setItem(STORED, language);
    this.applyLanguage();
  }

  applyLanguage(): void {
    document.documentElement.lang = this.language;
    document.documentElement.dir = directionOf[this.language];
    this.titled();
  }

  /** The window's title; with whose view is shown, where it is another party's. */
  titled(seenAs = this.titleSeenAs): void {
    this.titleSeenAs = seenAs;
    const { t } = this.words;
    const own = this.about ? t('app.title', { party: this.about.name }) : t('app.name');
    const title = seenAs && this.about ? `${t('as.bar', { party: seenAs })} ${own}` : own;
    const urgent = this.stopsNow > 0 ? `${t('stop.sign')} (${this.stopsNow}) · ` : '';
    document.title = (urgent + title).replace(/[\u2068\u2069]/g, '');
  }

  /** How many STOPs ask for somebody here: seen in the window's title too, from another window. */
  alarmed(n: number): void {
    if (n === this.stopsNow) return;
    this.stopsNow = n;
    this.titled();
  }

  get locale(): string {
    return localeOf[this.language];
  }

  async begin(): Promise<void> {
    this.applyLanguage();
    setInterval(() => (this.now = Date.now() + this.offset), 1000);
    // A link that is pasted into a tab where the page stands already loads nothing anew.
    addEventListener('hashchange', () => void this.arrive());
    await this.arrive();
  }

  /** With a one-time code in the address or without: the code leaves it at once. */
  private async arrive(): Promise<void> {
    const hash = location.hash;
    if (!/^#(once|first|invitation)=/.test(hash)) {
      if (this.session !== 'in') await this.enter();
      return;
    }
    history.replaceState(null, '', location.pathname + location.search);
    await this.take(hash);
  }

  /** What a link or a pasted code opens. */
  async take(text: string): Promise<void> {
    const [, kind, found] = /(once|first|invitation)=([^&\s]+)/.exec(text) ?? [];
    const code = found ?? text.trim();
    if (!code) return;
    if (kind === 'first' || kind === 'invitation') {
      if (this.session === 'in') await this.leave();
      this.code = { kind, code };
      this.session = 'out';
      return;
    }
    if ((await this.signIn(code)) && this.session !== 'in') await this.enter();
  }

  /** By name and password; with a code, the password is the one that is to be. */
  async signInAs(name: string, password: string): Promise<boolean> {
    this.signInFault = '';
    try {
      if (this.code?.kind === 'first') await makeFirstAdmin(this.code.code, name, password);
      else if (this.code) await acceptInvitation(this.code.code, password);
      else await signInAs(name, password);
      this.code = null;
      return true;
    } catch (error) {
      const { t } = this.words;
      const wrong = error instanceof ApiError && error.status === 401;
      this.signInFault = wrong ? t(this.code ? 'signin.refused' : 'signin.wrong') : this.why(error);
      return false;
    }
  }

  async signIn(once: string): Promise<boolean> {
    try {
      await signIn(once);
      return true;
    } catch (error) {
      this.session = error instanceof ApiError && error.status === 0 ? 'unreachable' : 'refused';
      return false;
    }
  }

  async enter(): Promise<void> {
    try {
      await me.ask();
      this.hear(await askAbout());
      this.arrived();
      this.session = 'in';
      this.applyLanguage();
      this.unfollow ??= follow({
        link: (state) => this.linked(state),
        size: (size) => (this.treeSize = Math.max(this.treeSize, size)),
        change: (event) => this.changes.add(event),
        activity: (event) => this.activities.add(event),
        talk: (event) => this.talk.add(event),
        aside: (kind) => this.asides.add(kind),
      });
    } catch (error) {
      this.failed(error);
      if (this.session === 'asking') this.session = 'unreachable';
    }
  }

  async leave(): Promise<void> {
    await signOut().catch(() => undefined);
    this.end('out');
  }

  /** Every caller hands its errors here: an ended session shows at once. */
  failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) {
      this.end(this.session === 'in' ? 'ended' : 'out');
    }
  }

  /** Why something failed, in the page's language where it has the words. */
  why(error: unknown): string {
    const { t } = this.words;
    if (!(error instanceof ApiError)) return String(error);
    if (error.status === 401) return t('problem.unauthorized');
    if (error.limit) return t('problem.limit', { limit: error.limit });
    const key = known('problem', error.code);
    if (key) return t(key);
    return error.detail ? `${t('problem.refused')}: ${error.detail}` : t('problem.refused');
  }

  say(text: string): void {
    this.said = text;
    this.speak(text);
  }

  speak(text: string): void {
    this.spoken = { text, count: ++this.utterances };
  }

  onChanges(listener: (changes: ProtectionEvent[]) => void): () => void {
    return this.changes.on(listener);
  }

  /** An activity, or what is said of it, is another one than before. */
  onActivities(listener: (changes: ActivityEvent[]) => void): () => void {
    return this.activities.on(listener);
  }

  /** Something that is said between parties, or of it, is new; none: whatever may have come. */
  onTalk(listener: (events: TalkEvent[]) => void): () => void {
    return this.talk.on(listener);
  }

  /** Something of this kind, which stands beside the register, may be new. */
  onAside(kind: Aside, listener: () => void): () => void {
    return this.asides.on((kinds) => {
      if (kinds.length === 0 || kinds.includes(kind)) listener();
    });
  }

  private hear(about: About): void {
    this.about = about;
    this.treeSize = Math.max(this.treeSize, about.tree_size);
    this.offset = Date.parse(about.now) - Date.now() || 0;
    this.now = Date.now() + this.offset;
  }

  private linked(state: Link): void {
    const wasLost = this.link === 'lost';
    this.link = state;
    if (state === 'lost') void askAbout().then((a) => this.hear(a), (e: unknown) => this.failed(e));
    // What changed while the line was down comes with the stream; the pictures are asked for again.
    if (state === 'open' && wasLost) {
      this.changes.tell([]);
      this.activities.tell([]);
      this.talk.tell([]);
    }
  }

  private end(session: Session): void {
    this.unfollow?.();
    this.unfollow = null;
    this.about = null;
    this.place = 'register';
    me.gone();
    this.session = session;
  }
}

export const page = new Page();
