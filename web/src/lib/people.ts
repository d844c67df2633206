// SPDX-License-Identifier: Apache-2.0
// The node's people over HTTP: who one is, accounts, tokens, sessions, what waits for officers, the
// duty roster, the audit. Like api.ts: one function a route, no state.
import { ask, send, sendJson } from './api';

export type Right =
  | 'self' | 'look' | 'check' | 'read_exact' | 'list_exact' | 'say' | 'follow' | 'approve'
  | 'object' | 'share' | 'stop' | 'release' | 'acknowledge' | 'duty' | 'track' | 'plan' | 'audit' | 'admin';
export const roles = [
  'registrar', 'verifier', 'planner', 'liaison', 'duty', 'auditor', 'admin',
] as const;
export type Role = (typeof roles)[number];

export interface Whoever {
  name: string;
  full_name: string;
  owner: boolean;
  how: string;
  roles: Role[];
  rights: Right[];
  session: string;
  until: string | null;
}
export interface Person {
  name: string;
  full_name: string;
  roles: Role[];
  has_password: boolean;
  disabled: boolean;
  made: string;
}
export interface Token {
  name: string;
  person: string;
  roles: Role[];
  made: string;
  until: string;
  ended: boolean;
}
export interface Session {
  id: string;
  name: string;
  begun: string;
  until: string;
  from: string;
  this: boolean;
}
export type ApprovalState = 'waiting' | 'signed' | 'logged' | 'refused' | 'expired' | 'stale';
export interface Approval {
  id: string;
  record: string;
  version: number;
  act: string;
  by: string;
  time: string;
  until: string;
  state: ApprovalState;
  needed: number;
  signatures: { officer: string; key: string; time: string }[];
  ended_by: string;
  why: string;
  entry: number | null;
}
export interface ApprovalDetail extends Approval {
  before: GeoJSON.Feature | null;
  after: GeoJSON.Feature | null;
}
export interface Duty {
  role: string;
  what: string;
  holder: string;
  since: string;
  offered_to: string;
}
export interface AuditLine {
  seq: number;
  time: string;
  who: string;
  how: string;
  act: string;
  what: string;
  records: string[];
  count: number;
  why: string;
}

const at = (path: string, name: string): string => `${path}/${encodeURIComponent(name)}`;

export const whoAmI = (): Promise<Whoever> => ask('/v1/session');
export const signInAs = (name: string, password: string): Promise<unknown> =>
  sendJson('/v1/session', 'POST', { name, password });
export const acceptInvitation = (invitation: string, password: string): Promise<unknown> =>
  sendJson('/v1/session', 'POST', { invitation, password });
export const makeFirstAdmin = (first: string, name: string, password: string): Promise<unknown> =>
  sendJson('/v1/session', 'POST', { first, name, password });
export const changePassword = (password: string, wanted: string): Promise<unknown> =>
  sendJson('/v1/password', 'POST', { password, new_password: wanted });

export const people = async (): Promise<Person[]> =>
  (await ask<{ people: Person[] }>('/v1/people')).people;
export const addPerson = (name: string, fullName: string, given: Role[]): Promise<unknown> =>
  sendJson('/v1/people', 'POST', { name, full_name: fullName, roles: given });
export const changePerson = (
  name: string, change: { roles: Role[] } | { disabled: boolean },
): Promise<unknown> => sendJson(at('/v1/people', name), 'PATCH', change);
export const invite = async (name: string): Promise<string> => {
  const response = await send(`${at('/v1/people', name)}/link`, { method: 'POST' });
  return ((await response.json()) as { link: string }).link;
};

export const tokens = async (): Promise<Token[]> =>
  (await ask<{ tokens: Token[] }>('/v1/tokens')).tokens;
export const addToken = async (
  name: string, person: string, given: Role[], until: string,
): Promise<string> => {
  const body = { name, person, roles: given, until };
  const response = await sendJson('/v1/tokens', 'POST', body);
  return ((await response.json()) as { token: string }).token;
};
export const revokeToken = (name: string): Promise<unknown> =>
  send(at('/v1/tokens', name), { method: 'DELETE' });

export const sessions = async (): Promise<Session[]> =>
  (await ask<{ sessions: Session[] }>('/v1/sessions')).sessions;
export const revokeSession = (id: string): Promise<unknown> =>
  send(at('/v1/sessions', id), { method: 'DELETE' });

export const approvals = async (): Promise<Approval[]> =>
  (await ask<{ approvals: Approval[] }>('/v1/approvals')).approvals;
export const approval = (id: string): Promise<ApprovalDetail> => ask(at('/v1/approvals', id));
export type ApprovalAct =
  | { act: 'sign'; passphrase: string; officer?: string }
  | { act: 'refuse'; why: string }
  | { act: 'log' };
export const actOnApproval = (id: string, what: ApprovalAct): Promise<unknown> =>
  sendJson(at('/v1/approvals', id), 'POST', what);

export const duty = async (): Promise<Duty[]> => (await ask<{ duty: Duty[] }>('/v1/duty')).duty;
export const addDuty = (role: string, what: string): Promise<unknown> =>
  sendJson('/v1/duty', 'POST', { role, what });
export type DutyAct = { act: 'on' | 'off' | 'accept' } | { act: 'hand_over'; to: string };
export const actOnDuty = (role: string, what: DutyAct): Promise<unknown> =>
  sendJson(at('/v1/duty', role), 'POST', what);
export const removeDuty = (role: string): Promise<unknown> =>
  send(at('/v1/duty', role), { method: 'DELETE' });

export const audit = (after: number): Promise<{ lines: AuditLine[]; next?: string }> =>
  ask(`/v1/audit?limit=200&after=${after}`);
