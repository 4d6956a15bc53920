import assert from 'node:assert/strict';
import { findInvariantFaults } from '../../server/invariants/find-faults.ts';
import { testPortal } from '../support/portal.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, password, signedInFamily, sql, type Family, type World } from '../support/world.ts';

/** A family that has signed in, and somebody of the front desk. */
export interface Office extends Family {
  readonly staff: Visitor;
}

export async function anOffice(pack = 'lawncare'): Promise<Office> {
  const family = await signedInFamily(pack);
  await makeStaff(family.world, 'front_desk');
  const staff = await (await visit(family.world.slug)).signIn('front_desk@example.test', password, '/staff/login');
  return { ...family, staff };
}

/** Begins an invoice for the family and saves these lines: [description, quantity, price]. Gives its address. */
export async function aDraft({ staff, world }: Pick<Office, 'staff' | 'world'>, ...lines: readonly (readonly [string, string, string])[]): Promise<string> {
  const [account] = await sql<{ number: string }>(world, 'select number from app.accounts order by created_at limit 1');
  const made = await staff.post('/staff/invoices', { account: account?.number, currency: 'USD' });
  const address = made.headers['location'] ?? '';
  const answer = await staff.post(address, { ...(await formOf(staff, address)), ...fieldsOf(lines) });
  assert.equal(answer.status, 303);
  return address;
}

export const fieldsOf = (lines: readonly (readonly [string, string, string])[]) =>
  Object.assign({}, ...lines.map(([description, quantity, price], at) => ({ [`description-${at}`]: description, [`quantity-${at}`]: quantity, [`price-${at}`]: price }))) as Record<string, string>;

/** What the form at that address would send. */
export async function formOf(staff: Visitor, address: string): Promise<Record<string, string>> {
  const { text } = await staff.get(address);
  const form = /<form method="post"[\s\S]*?<\/form>/.exec(text.slice(text.indexOf('<main')))?.[0] ?? '';
  const inputs = [...form.matchAll(/name="([^"]+)"(?: value="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value]).filter(([name]) => name !== 'do' && name !== '_csrf');
  return Object.fromEntries(inputs) as Record<string, string>;
}

export async function sendDraft(staff: Visitor, address: string): Promise<string> {
  const answer = await staff.post(`${address}/sending`, await formOf(staff, `${address}/sending`));
  assert.equal(answer.status, 303);
  return answer.headers['location'] ?? '';
}

/** No invariant of money is broken. */
export async function assertInOrder(world: World): Promise<void> {
  const { database, sandboxUrl } = await testPortal();
  assert.deepEqual(await findInvariantFaults({ ...database, sandboxUrl }, [world.id]), []);
}
