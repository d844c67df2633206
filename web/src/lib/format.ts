// SPDX-License-Identifier: Apache-2.0
// Numbers, lengths, times and bearings as people read them, in the page's language. Times are UTC
// and say so; lengths keep three figures, and are never rounded down to nothing.
import { type Key, type Language, localeOf, type Translate } from '../i18n/translate';

const POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

export class Format {
  private readonly locale: string;
  private readonly moment: Intl.DateTimeFormat;

  constructor(
    language: Language,
    private readonly t: Translate,
  ) {
    this.locale = localeOf[language];
    this.moment = new Intl.DateTimeFormat(this.locale, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'UTC',
      hourCycle: 'h23',
    });
  }

  number(value: number, decimals = 0): string {
    return new Intl.NumberFormat(this.locale, {
      minimumFractionDigits: 0,
      maximumFractionDigits: decimals,
    }).format(value);
  }

  metres(value: number): string {
    if (value < 10) return this.t('unit.m', { value: this.number(value, 1) });
    if (value < 1000) return this.t('unit.m', { value: this.number(value) });
    return this.t('unit.km', { value: this.number(value / 1000, value < 100_000 ? 1 : 0) });
  }

  /** "2 Oct 2015, 23:38 UTC" */
  time(rfc3339: string): string {
    const at = new Date(rfc3339);
    if (isNaN(at.getTime())) return rfc3339;
    return this.t('time.utc', { time: this.moment.format(at) });
  }

  bearing(degrees: number): string {
    const point = POINTS[Math.round((((degrees % 360) + 360) % 360) / 45) % 8] as string;
    return this.t(`bearing.${point}` as Key);
  }

  degrees(value: number): string {
    return `${String(Math.round(value) % 360).padStart(3, '0')}°`;
  }

  /** How long ago, in one unit. */
  age(seconds: number): string {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return this.t('age.seconds', { n: s });
    if (s < 3600) return this.t('age.minutes', { n: Math.floor(s / 60) });
    if (s < 86400) return this.t('age.hours', { n: Math.floor(s / 3600) });
    return this.t('age.days', { n: Math.floor(s / 86400) });
  }

  /** "in 40 seconds"; the unit that leaves a number below 100. */
  ahead(seconds: number): string {
    const s = Math.max(0, Math.round(seconds));
    const [n, unit] = s < 100 ? ([s, 'second'] as const)
      : s < 6000 ? ([Math.round(s / 60), 'minute'] as const) : ([Math.round(s / 3600), 'hour'] as const);
    return new Intl.RelativeTimeFormat(this.locale).format(n, unit);
  }

  /** "1 hour", in the largest unit that keeps it whole. */
  duration(seconds: number): string {
    const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;
    const [unit, size] = units.find(([, s]) => seconds >= s && seconds % s === 0) ?? ['second', 1];
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
    return new Intl.NumberFormat(this.locale, style).format(seconds / size);
  }

  country(alpha2: string): string {
    if (!/^[A-Z]{2}$/.test(alpha2)) return alpha2;
    return new Intl.DisplayNames([this.locale], { type: 'region' }).of(alpha2) ?? alpha2;
  }

  /** The name of a language tag, such as a protection's name carries. */
  language(tag: string): string {
    try {
      return new Intl.DisplayNames([this.locale], { type: 'language' }).of(tag) ?? tag;
    } catch {
      return tag; // a tag of the node's that is none of BCP 47
    }
  }
}

/** The beginning of a hash, enough to compare by eye. */
export const shortRoot = (root: string): string => root.slice(0, 8);
