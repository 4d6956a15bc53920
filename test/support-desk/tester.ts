import assert from 'node:assert/strict';
import { formFields, staffVisitor } from '../support/staff-visit.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, sql, type World } from '../support/world.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

export interface Tester {
  readonly world: World;
  readonly staff: Visitor;
  readonly number: string;
  readonly accountId: string;
  /** Of the family's own contact. */
  readonly contactId: string;
  readonly test: { readonly path: string; readonly id: string };
  readonly loginId: string;
  readonly password: string;
  /** The browser in which the test contact signs in. */
  readonly inside: Visitor;
}

export const staffEmail = 'front_desk@example.test';

/** A family with a login, and the front desk. */
export async function deskAndFamily(settings: Partial<SettingsDocument> = {}, pack = 'studio') {
  const world = await makeWorld(pack, settings);
  const accountId = await makeAccount(world);
  const loginRef = await makeLogin(world);
  const contactId = await makeContact(world, accountId, { login_ref: loginRef });
  const [row] = await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]);
  return { world, accountId, contactId, number: row?.number ?? '', staff: await staffVisitor(world, 'front_desk') };
}

/** S1-78: Add Contact, own name and email, a reason, Save Changes. Returns the answer. */
export async function addTest(staff: Visitor, number: string, changed: Record<string, string> = {}) {
  const form = await staff.get(`/staff/accounts/${number}/contacts/new?test=yes`);
  return staff.post(`/staff/accounts/${number}/contacts`, { ...formFields(form.text, 'contact'), testReason: 'She cannot get in', ...changed });
}

export async function resetTest(staff: Visitor, path: string): Promise<{ loginId: string; password: string; text: string }> {
  const { status, text } = await staff.post(`${path}/password`);
  assert.equal(status, 200, text);
  return { text, loginId: /<dt>Login ID<\/dt><dd>([^<]+)</.exec(text)?.[1] ?? '', password: /<code[^>]*>([^<]+)<\/code>/.exec(text)?.[1] ?? '' };
}

/** The whole way to being inside. */
export async function makeTester(settings: Partial<SettingsDocument> = {}, pack = 'studio'): Promise<Tester> {
  const family = await deskAndFamily(settings, pack);
  const added = await addTest(family.staff, family.number);
  assert.equal(added.status, 303, added.text);
  const path = added.headers['location'] ?? '';
  const { loginId, password } = await resetTest(family.staff, path);
  const inside = await (await visit(family.world.slug)).signIn(loginId, password);
  return { ...family, test: { path, id: path.split('/').at(-1) ?? '' }, loginId, password, inside };
}

/** Everything the organization has, but for what a session and the log leave. */
export async function everything(world: World): Promise<unknown> {
  const tables = await sql<{ name: string }>(world, `select relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'app' and relkind = 'r' and relname not in ('sessions', 'limits', 'sign_ins') order by 1`);
  const sums = tables.map(({ name }) => `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from app.${name} t`);
  return sql(world, sums.join(' union all '));
}
