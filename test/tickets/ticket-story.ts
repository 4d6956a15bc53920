import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, password, signedInFamily, sql, type Family, type World } from '../support/world.ts';

export interface Client extends Family {
  readonly ownerId: string;
}

/** A client of the field service whose people may open tickets, and the owner who gets them. */
export async function makeClient(settings: Partial<SettingsDocument> = {}): Promise<Client> {
  const family = await signedInFamily('fieldservice', settings);
  return { ...family, ownerId: await makeStaff(family.world, 'owner') };
}

export const written = (fields: Record<string, string> = {}) => ({ category: 'Plumbing', body: 'The tap in the kitchen drips.', requestKey: randomUUID(), ...fields });

/** Opens a ticket and gives its number. */
export async function open(visitor: Visitor, fields: Record<string, string> = {}): Promise<string> {
  const answer = await visitor.post('/tickets/new', written(fields));
  assert.equal(answer.status, 303, errorsOf(answer).join());
  return (answer.headers['location'] ?? '').split('/').at(-1) ?? '';
}

export async function staffOf(world: World, role: 'owner' | 'manager' | 'front_desk'): Promise<Visitor> {
  if (role !== 'owner') await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}

/** What stands beside the fields of a refused form. */
export function errorsOf({ text }: Response): string[] {
  return [...text.matchAll(/<p class="error" id="(?:[\w-]+)-error">(?:<svg.*?<\/svg>)? *([^<]*)<\/p>/gs)].map(([, message = '']) => message.trim());
}

export const countOf = async (world: World, table: string, condition = 'true'): Promise<number> =>
  (await sql<{ count: number }>(world, `select count(*)::int as count from app.${table} where ${condition}`))[0]?.count ?? -1;
