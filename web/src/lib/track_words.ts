// SPDX-License-Identifier: Apache-2.0
// An alert of a live track in the page's language: which thing it is of, at what, since when. It says that
// a line was crossed, no more. What it has no member for is left out, never guessed.
import { isolate, known } from '../i18n/translate';
import type { Notice, TrackSaid } from './notices';
import { className, type Words } from './words';

/** Which thing it is of, and who operates it. */
export function trackTitle(w: Words, said: TrackSaid): string[] {
  const craft = known('track_craft', said.craft ?? '');
  return [craft ? w.t(craft) : (said.craft ?? ''), said.track ?? '', said.by ? w.t('track.by', { by: said.by }) : '']
    .filter((part) => part !== '');
}

/** The record that it is of. A zone with a name is one that a log holds, and has a place of its own on the page. */
export const recordOf = (notice: Notice): string | undefined => notice.record ?? notice.track?.record;
export const zoneRecordOf = (notice: Notice): string | undefined =>
  notice.track?.zone?.name ? notice.track.zone.id : undefined;

function whereLine(w: Words, notice: Notice, partyName: (party: string) => string): string {
  const { zone, more, party } = notice.track ?? {};
  const parts = (all: (string | undefined)[]): string => all.filter((one) => one).join(' · ');
  const theirs = (text = ''): string => text && isolate(text); // in whatever language it is
  if (zone) {
    const asserts = zone.party ?? party;
    return parts([
      theirs(zone.name || zone.id), asserts && w.t('track.asserted', { party: partyName(asserts) }),
      zone.version && w.t('track.version', { version: zone.version }),
    ]);
  }
  const whose = party ? w.t('track.word_of', { party: partyName(party) }) : '';
  if (more) return parts([theirs(more), whose]);
  const record = recordOf(notice);
  if (!record) return whose;
  const state = known('state', notice.state ?? '');
  return parts([theirs(notice.names?.[0]), notice.class && className(w, notice.class), theirs(record), state ? w.t(state) : notice.state, whose]);
}

function whenLines(w: Words, said: TrackSaid): string[] {
  const { t, format } = w;
  const out: string[] = [];
  if (said.time) out.push(t('track.at', { time: format.time(said.time) }));
  if (said.entry) out.push(t('track.entry', { time: format.time(said.entry) }));
  if (typeof said.warning_s === 'number') out.push(t('track.warning', { time: format.duration(said.warning_s) }));
  if (typeof said.inside_s === 'number') {
    out.push(t(said.begun_before ? 'track.inside_least' : 'track.inside', { time: format.duration(said.inside_s) }));
  }
  return out;
}

/** At what, and when. */
export function trackLines(w: Words, notice: Notice, partyName: (party: string) => string): string[] {
  const said = notice.track ?? {};
  return [whereLine(w, notice, partyName), whenLines(w, said).join(' · ')].filter((line) => line !== '');
}
