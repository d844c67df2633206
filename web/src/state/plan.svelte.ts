// SPDX-License-Identifier: Apache-2.0
// The plan and its answer. Every change of the plan asks the node anew (lib/checker sets the pace);
// an answer is shown only for the plan that is there, or is marked as of a moment ago.
import { Announcer } from '../lib/announce';
import { check } from '../lib/api';
import { Checker } from '../lib/checker';
import { faultOf, openTerms, planOf, type Terms } from '../lib/plan';
import type { Answer } from '../lib/types';
import { spoken } from '../lib/words';
import { page } from './page.svelte';
import { seenAs } from './seen_as.svelte';
import { Sketch } from './sketch.svelte';
import type { FeatureCollection } from 'geojson';

interface Question {
  revision: number;
  plan: FeatureCollection;
  marginM: number;
  as: string | null; // whose view is asked; null: one's own
}

interface Given {
  revision: number;
  answer: Answer;
  marginM: number;
  at: number; // the page's clock, ms
}

const SETTLED_MS = 700; // how long a plan rests before its answer is spoken

class PlanState extends Sketch {
  terms = $state<Terms>(openTerms());
  given = $state.raw<Given | null>(null);
  failure = $state<unknown>(null);
  revision = $state(0);
  asking = $state(false);

  readonly fault = $derived(faultOf(this.terms));

  private announcer = new Announcer();
  private settle: ReturnType<typeof setTimeout> | undefined;
  private checker = new Checker<Question, Answer>(
    (q) => check(q.plan, q.marginM, q.as),
    ({ question, answer }) => this.answered(question, answer),
    (question, error) => this.refused(question, error),
  );

  constructor() {
    super('shape', true);
  }

  setTerms(change: Partial<Terms>): void {
    this.terms = { ...this.terms, ...change };
    this.changed();
  }

  /** Asks again about the same plan: the register has changed, or the node is back. */
  again(): void {
    if (this.shapes.length > 0) this.ask();
  }

  /** Another view is shown: an answer of the one before must not stand in it. */
  turned(): void {
    this.checker.cancel();
    this.given = null;
    this.failure = null;
    this.announcer.forget();
    this.changed();
  }

  protected override changed(): void {
    this.revision++;
    this.ask();
  }

  private ask(): void {
    const plan = planOf(this.shapes, this.terms);
    if (!plan) {
      this.checker.cancel();
      this.given = null;
      this.failure = null;
      this.asking = false;
      this.announcer.forget();
      return;
    }
    this.asking = true;
    this.checker.submit({
      revision: this.revision, plan, marginM: this.terms.marginM, as: seenAs.party,
    });
  }

  private answered(question: Question, answer: Answer): void {
    const { revision, marginM } = question;
    this.given = { revision, answer, marginM, at: Date.now() };
    this.failure = null;
    this.asking = revision !== this.revision;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      if (this.given?.answer !== answer || !this.announcer.heard(answer)) return;
      const by = answer.as_of.shown_to?.party;
      const head = by ? `${page.words.t('as.answer', { party: seenAs.nameOf(by) })} ` : '';
      page.speak(head + spoken(page.words, answer));
    }, SETTLED_MS);
  }

  private refused(question: Question, error: unknown): void {
    page.failed(error);
    // An answer to another plan must not stand where this one's is missing.
    this.given = null;
    this.failure = error;
    this.asking = question.revision !== this.revision;
    this.announcer.forget();
  }
}

export const plan = new PlanState();
