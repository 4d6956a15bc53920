import { findInvariantFaults } from '../../server/invariants/find-faults.ts';
import { postJournal } from '../../server/ledger/post-journal.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { testPortal } from '../support/portal.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, password, sql, type World } from '../support/world.ts';
import { aPayer, choose, pay, type Payer } from '../support/paying.ts';

export interface Desk extends Payer {
  readonly staff: Visitor;
}

/** A family and, at the desk, the owner. */
export async function atDesk(number = 'visa', pack = 'studio', settings: Partial<SettingsDocument> = {}): Promise<Desk> {
  const payer = await aPayer(number, pack, settings);
  await postInvoices(payer.world);
  return { ...payer, staff: await staffOf(payer.world) };
}

/** As sending them would have done. */
async function postInvoices(world: World): Promise<void> {
  const invoices = await sql<{ id: string; accountId: string; number: string; cents: number; currency: string; on: string }>(world, `select id, account_id as "accountId", number, total_cents as cents, currency, issued_on as "on" from app.invoices`);
  for (const { id, accountId, number, cents, currency, on } of invoices) {
    const legs = [{ ledger: 'receivable', amountCents: cents }, { ledger: 'revenue', amountCents: -cents }] as const;
    await withTenant(world.id, () => postJournal({ accountId, kind: 'invoice', sourceId: id, currency, postedOn: on, memo: number, legs }));
  }
}

export async function staffOf(world: World, role: 'owner' | 'manager' | 'front_desk' = 'owner'): Promise<Visitor> {
  await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}

/** The same, after both invoices were paid: PAY-1001 of 205.00. */
export async function withPayment(number = 'visa', settings: Partial<SettingsDocument> = {}): Promise<Desk> {
  const desk = await atDesk(number, 'studio', settings);
  await pay(desk.visitor, choose(desk.methodId, 'INV-1', 'INV-2'));
  await desk.staff.get('/staff/payments/PAY-1001');
  return desk;
}

/** What does not hold of this organization’s money, in words. */
export async function faultsOf(world: World): Promise<string[]> {
  const { database, sandboxUrl } = await testPortal();
  return (await findInvariantFaults({ ...database, sandboxUrl }, [world.id])).map(({ id, name, object, detail }) => `${id} ${name}: ${object} ${detail}`);
}

export const refundsOf = (world: World) =>
  sql<{ state: string; cents: number }>(world, 'select state, amount_cents as cents from app.refunds order by id');

export async function refundedAtGateway(world: World): Promise<number> {
  const { sandboxUrl } = await testPortal();
  const all = (await (await fetch(`${sandboxUrl}/charges`)).json()) as { tenantId: string; refundedCents: number }[];
  return all.filter(({ tenantId }) => tenantId === world.id).reduce((sum, { refundedCents }) => sum + refundedCents, 0);
}
