// SPDX-License-Identifier: Apache-2.0
// The node's stream of changes (server-sent events). The browser resumes a broken stream by
// itself with Last-Event-ID; where it gives up, a new stream begins after the last event seen.
import type { ActivityEvent, ProtectionEvent, TalkEvent } from './types';

export type Link = 'connecting' | 'open' | 'lost';

export interface EventHandlers {
  link(state: Link): void;
  /** The register's size; at the begin of a stream and with each change. */
  size(treeSize: number): void;
  change(event: ProtectionEvent): void;
  activity(event: ActivityEvent): void;
  talk(event: TalkEvent): void;
  /** What stands beside the register: something came urgently, or somebody acknowledged. */
  aside(kind: Aside): void;
}

export type Aside = 'urgent' | 'receipt';

const AGAIN_MS = 3000;

function parse(data: unknown): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Returns a function that ends the stream. */
export function follow(
  handlers: EventHandlers,
  open: (url: string) => EventSource = (url) => new EventSource(url),
): () => void {
  let last = '';
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  function begin(): void {
    if (ended) return;
    handlers.link('connecting');
    const stream = open(last ? `/v1/events?after=${last}` : '/v1/events');
    source = stream;
    stream.addEventListener('hello', (event) => {
      handlers.link('open');
      const size = parse((event as MessageEvent).data)?.['tree_size'];
      if (typeof size === 'number') handlers.size(size);
    });
    const hear = (kind: string, told: (change: Record<string, unknown>) => void): void => {
      stream.addEventListener(kind, (event) => {
        const message = event as MessageEvent;
        if (message.lastEventId) last = message.lastEventId;
        const change = parse(message.data);
        if (!change) return;
        if (typeof change['tree_size'] === 'number') handlers.size(change['tree_size']);
        told(change);
      });
    };
    hear('protection', (change) => handlers.change(change as unknown as ProtectionEvent));
    hear('activity', (change) => handlers.activity(change as unknown as ActivityEvent));
    hear('talk', (change) => handlers.talk(change as unknown as TalkEvent));
    for (const kind of ['urgent', 'receipt'] as const) hear(kind, () => handlers.aside(kind));
    stream.onerror = () => {
      handlers.link('lost');
      if (stream.readyState !== 2 /* closed: the browser has given up */) return;
      clearTimeout(timer);
      timer = setTimeout(begin, AGAIN_MS);
    };
  }

  begin();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}
