import type { Response } from 'supertest';
import { visit, type Visitor } from './visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, type World } from './world.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

/** Somebody whom the organization has on file, in front of its door. */
export interface Caller {
  readonly world: World;
  readonly accountId: string;
  readonly contactId: string;
  readonly email: string;
  readonly visitor: Visitor;
}

export const ownPassword = 'seven purple kettles sing';

/** A contact of a new organization; without a login unless `login` says what it is called. */
export async function makeCaller(pack: string, settings: Partial<SettingsDocument> = {}, { login, contact = {}, account = {} }: { login?: string; contact?: Record<string, unknown>; account?: Record<string, unknown> } = {}): Promise<Caller> {
  const world = await makeWorld(pack, settings);
  const email = (contact['email'] ?? 'maria@example.test') as string;
  const accountId = await makeAccount(world, account);
  const loginRef = login === undefined ? null : await makeLogin(world, login);
  const contactId = await makeContact(world, accountId, { login_ref: loginRef, ...contact });
  return { world, accountId, contactId, email, visitor: await visit(world.slug) };
}

/** Opens a mailed link as a browser does: to its address, and on to where the token is not. */
export async function open(visitor: Visitor, path: string): Promise<Response> {
  const answer = await visitor.get(path);
  return answer.status === 303 ? visitor.get(answer.headers['location'] ?? '') : answer;
}

export const twice = (password: string) => ({ password, passwordAgain: password });

/** Whether these open the portal. */
export async function opens(world: World, login: string, password: string): Promise<boolean> {
  const answer = await (await visit(world.slug)).post('/login', { login, password });
  return answer.status === 303 && answer.headers['location'] === '/';
}
