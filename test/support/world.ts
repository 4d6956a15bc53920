import { randomUUID } from 'node:crypto';
import { run } from '../../server/platform/database.ts';
import { hashPassword } from '../../server/passwords/hash-password.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { createTenant, readPack } from '../../server/tenancy/create-tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { testPortal } from './portal.ts';
import { visit, type Visitor } from './visitor.ts';

export const password = 'a-good-long-password';
let hashed: Promise<string> | undefined;

/** One organization of a test's own, made from a pack, with a few settings changed. */
export interface World {
  readonly id: string;
  readonly slug: string;
}

export async function makeWorld(pack: string, settings: Partial<SettingsDocument> = {}): Promise<World> {
  await testPortal();
  const slug = `t${randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const id = await createTenant({ slug, settings: { ...readPack(pack), ...settings } });
  return { id, slug };
}

/** Runs SQL inside the tenant's wall and returns the rows. */
export function sql<Row extends Record<string, unknown>>(world: World, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return withTenant(world.id, () => run<Row>(text, values));
}

async function insert(world: World, table: string, columns: Readonly<Record<string, unknown>>): Promise<string> {
  const names = Object.keys(columns);
  const [row] = await sql<{ id: string }>(
    world,
    `insert into app.${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`,
    Object.values(columns),
  );
  return row?.id ?? '';
}

export const makeAccount = (world: World, columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  insert(world, 'accounts', { number: `A-${randomUUID().slice(0, 8)}`, name: 'Bestie', ...columns });

export const makeContact = (world: World, accountId: string, columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  insert(world, 'contacts', { account_id: accountId, first_name: 'Maria', last_name: 'Bestie', email: 'maria@example.test', is_primary: true, ...columns });

/** A login with the password of all tests. */
export async function makeLogin(world: World, loginId = 'maria@example.test', columns: Readonly<Record<string, unknown>> = {}): Promise<string> {
  hashed ??= hashPassword(password);
  return insert(world, 'logins', { login_id: loginId, password_hash: await hashed, ...columns });
}

export async function makeStaff(world: World, role: 'owner' | 'manager' | 'front_desk' = 'owner', email = `${role}@example.test`): Promise<string> {
  hashed ??= hashPassword(password);
  return insert(world, 'staff_users', { email, name: `The ${role}`, role, password_hash: await hashed });
}

/** A sent invoice, posted to the ledger, with one line for its total. */
export async function makeInvoice(world: World, accountId: string, columns: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const given = { number: `INV-${randomUUID().slice(0, 8)}`, issued_on: '2026-10-01', due_on: '2026-10-15', currency: 'USD', total_cents: 8500, status: 'sent', ...columns };
  const id = await insert(world, 'invoices', { account_id: accountId, ...given });
  await insert(world, 'invoice_lines', { account_id: accountId, invoice_id: id, position: 1, description: 'Tuition', amount_cents: given.total_cents });
  return id;
}

export interface Family {
  readonly world: World;
  readonly accountId: string;
  readonly contactId: string;
  readonly visitor: Visitor;
}

/** A new organization with one family that has signed in. */
export async function signedInFamily(pack: string, settings: Partial<SettingsDocument> = {}): Promise<Family> {
  const world = await makeWorld(pack, settings);
  const accountId = await makeAccount(world);
  const loginRef = await makeLogin(world);
  const contactId = await makeContact(world, accountId, { login_ref: loginRef });
  const visitor = await visit(world.slug);
  await visitor.signIn('maria@example.test', password);
  return { world, accountId, contactId, visitor };
}
