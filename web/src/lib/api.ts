// SPDX-License-Identifier: Apache-2.0
// The node over HTTP. One function a route; every refusal becomes an ApiError, so that a caller
// can say it in the page's language. No state, no retries: who calls decides.
import type { FeatureCollection } from 'geojson';
import type {
  About, Answer, Ladder, ObjectionSaid, Proposed, ProtectionPage, ProtectionRecord, State, Written,
} from './types';

/** A refusal (RFC 9457) or, with status 0, no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly limit: string | null = null,
  ) {
    super(detail || code);
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => ({}));
  const member = (name: string): string => {
    const value = (body as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : '';
  };
  const code = member('type').replace(/^urn:entente:problem:/, '') || 'refused';
  const detail = member('detail') || member('title') || response.statusText;
  return new ApiError(response.status, code, detail, member('limit') || null);
}

export async function send(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', error instanceof Error ? error.message : '');
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function read<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'the answer broke off');
  }
}

export async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  return read<T>(await send(path, options));
}

function body(value: unknown, type = 'application/json'): RequestInit {
  return { body: JSON.stringify(value), headers: { 'Content-Type': type } };
}

/** A body of JSON. */
export const sendJson = (path: string, method: string, value: unknown): Promise<Response> =>
  send(path, { method, ...body(value) });

export async function signIn(once: string): Promise<void> {
  await send('/v1/session', { method: 'POST', ...body({ once }) });
}

export async function signOut(): Promise<void> {
  await send('/v1/session', { method: 'DELETE' });
}

export const about = (): Promise<About> => ask<About>('/v1/about');

/** `as`: of what another party can see; null: one's own view. */
export function check(plan: FeatureCollection, marginM: number, as: string | null = null): Promise<Answer> {
  const params = new URLSearchParams();
  if (marginM > 0) params.set('margin_m', String(marginM));
  if (as) params.set('as', as);
  const query = params.size > 0 ? `?${params.toString()}` : '';
  const options = body(plan, 'application/geo+json');
  return ask<Answer>(`/v1/check${query}`, { method: 'POST', ...options });
}

export interface ListQuery {
  bbox?: [number, number, number, number] | null;
  text?: string;
  class?: string;
  state?: string;
  limit?: number;
  cursor?: string;
  as?: string | null;
}

export function listPath(query: ListQuery): string {
  const params = new URLSearchParams();
  if (query.bbox) params.set('bbox', query.bbox.map((v) => v.toFixed(6)).join(','));
  for (const name of ['text', 'class', 'state', 'cursor', 'as'] as const) {
    const value = query[name];
    if (value) params.set(name, value);
  }
  params.set('limit', String(query.limit ?? 100));
  // A space as %20: as '+' it is a space in forms only.
  return `/v1/protections?${params.toString().replace(/\+/g, '%20')}`;
}

export async function list(query: ListQuery, signal?: AbortSignal): Promise<ProtectionPage> {
  const response = await send(listPath(query), signal ? { signal } : {});
  const found = await read<ProtectionPage>(response);
  const number = (name: string): number => Number(response.headers.get(name) ?? 0);
  if (!query.as) return found;
  const shown = { given: number('Entente-Given'), acknowledged: number('Entente-Acknowledged') };
  return { ...found, shown };
}

const recordPath = (id: string): string => `/v1/protections/${encodeURIComponent(id)}`;

export const record = (id: string, as: string | null = null): Promise<ProtectionRecord> =>
  ask<ProtectionRecord>(recordPath(id) + (as ? `?as=${encodeURIComponent(as)}` : ''));

export const proofPath = (id: string): string => `${recordPath(id)}/proof`;

export const create = (feature: unknown): Promise<Written> =>
  ask<Written>('/v1/protections', { method: 'POST', ...body(feature, 'application/geo+json') });

/** To whom a record of one's own was released, and what became of it there. */
export async function ladders(record: string): Promise<Ladder[]> {
  const path = `/v1/receipts?record=${encodeURIComponent(record)}`;
  return (await ask<{ records: Ladder[] }>(path)).records;
}

export const release = (record: string, to: string, tier: Ladder['tier']): Promise<unknown> =>
  ask('/v1/releases', { method: 'POST', ...body({ records: [record], to, tier }) });

export type Act =
  | { act: 'withdraw' }
  | { act: 'confirm'; until: string }
  | { act: 'confirm_move' }
  | { act: 'start' | 'end'; leg: number } // this and the next of a movement
  | { act: 'cancel' }
  | { act: 'lift' }; // of an objection

/** Movements have a route of their own to be followed by. */
function actPath(id: string, what: Act): string {
  const moves = what.act === 'start' || what.act === 'end' || what.act === 'cancel';
  return moves ? `/v1/movements/${encodeURIComponent(id)}` : recordPath(id);
}

export const act = (id: string, what: Act): Promise<Written | Proposed> =>
  what.act === 'lift'
    ? ask<Written | Proposed>(`/v1/objections/${encodeURIComponent(id)}/lift`, { method: 'POST' })
    : ask<Written | Proposed>(actPath(id, what), { method: 'PATCH', ...body(what) });

export interface ListedObjection {
  id: string;
  party: string;
  contact: string;
  state: State;
  version: number;
  time: string;
  objection?: ObjectionSaid; // where one may read it
}

/** The first page of those that are open. */
export const objections = (): Promise<{ objections: ListedObjection[]; total?: number }> =>
  ask('/v1/objections');
