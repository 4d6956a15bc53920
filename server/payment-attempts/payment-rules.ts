import type { Gateway, MethodKind } from '../gateways/gateway.ts';
import { fill, sumCents } from '../money/allocate.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import { read } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import type { Site } from '../site/site.ts';
import type { PaymentOrder } from './reserve-payment.ts';
import type { Till } from './take-payment.ts';

/** What the organization's rules say about who may pay, and with what. */
export interface PayingRules {
  /** Their cards are charged by staff, who have to be asked. */
  readonly mustAskStaff: boolean;
  readonly takesBank: boolean;
}

export async function readRules(accountId: string, site: Site): Promise<PayingRules> {
  // Most organizations have neither rule, and ask nothing.
  if (site.takesBankForOverdue && !site.draftClientsAskStaff) return { mustAskStaff: false, takesBank: true };
  const [account] = await read<{ paysBy: string; isOverdue: boolean }>('paying-rules', rulesText, [accountId, site.today()]);
  const isOverdue = account?.isOverdue ?? false;
  return { mustAskStaff: isOverdue && site.draftClientsAskStaff && account?.paysBy === 'bank_draft', takesBank: !isOverdue || site.takesBankForOverdue };
}

/** S0-32, S0-46: whatever the page has offered or preselected. Staff and auto-pay need not ask. Throws Refused. */
export async function demandRules({ tenant: { site }, t }: Till, gateway: Gateway, order: PaymentOrder, method: PaymentMethod | null): Promise<void> {
  const rules = await readRules(order.accountId, site);
  if (method?.kind === 'bank' && !rules.takesBank) refuse('method', t('payments.no-bank-for-overdue'));
  if (!method && !offersPage(site, gateway, rules)) refuse('method', t('payments.no-such-method'));
  if (rules.mustAskStaff && order.loginRef) refuse('', t('payments.ask-staff'));
}

/** Whether something can be paid on the gateway's own page, with nothing saved. */
export function offersPage(site: Site, gateway: Gateway, rules: PayingRules): boolean {
  return gateway.payPages !== undefined && kindsForPage(site, gateway, rules, site.currency).length > 0;
}

/** Where nothing but bank accounts would be left for a currency that no bank account pays, the page takes cards. */
export function kindsForPage(site: Site, gateway: Gateway, { takesBank }: PayingRules, currency: string): MethodKind[] {
  const kinds = gateway.abilities.kinds.filter((kind) => site.methodKinds.includes(kind) && (kind === 'card' || takesBank));
  const payable = kinds.filter((kind) => kind === 'card' || currency === 'USD');
  return kinds.length && !payable.length ? ['card'] : payable;
}

export interface Share {
  readonly id: string;
  readonly cents: number;
}

/** Who gets how much: all of it, or a part that the organization allows, the oldest first. Throws Refused. */
export function shareOut({ tenant: { site }, t }: Till, order: PaymentOrder, invoices: readonly Shareable[]): { amountCents: number; shares: Share[] } {
  const totalCents = sumCents(invoices.map(({ openCents }) => openCents));
  const amountCents = order.amountCents ?? totalCents;
  if (amountCents !== totalCents) demandPart(site, amountCents, totalCents, t);
  const oldest = invoices.toSorted((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999') || a.issuedOn.localeCompare(b.issuedOn) || a.id.localeCompare(b.id));
  const { givenCents } = fill(amountCents, oldest.map(({ openCents }) => ({ wantedCents: openCents, roomCents: openCents })));
  return { amountCents, shares: oldest.map(({ id }, at) => ({ id, cents: givenCents[at] ?? 0 })).filter(({ cents }) => cents > 0) };
}

interface Shareable {
  readonly id: string;
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly openCents: number;
}

/** C-28. Throws Refused. */
export function demandPart(site: Site, amountCents: number, totalCents: number, t: Till['t']): void {
  if (amountCents <= 0) refuse('amount', t('payments.part-nothing'));
  if (amountCents > totalCents) refuse('amount', t('payments.part-too-much'));
  if (!site.takesPart) refuse('amount', t('payments.part-not-taken'));
  if (amountCents < Math.min(site.leastPartCents, totalCents)) refuse('amount', t('payments.part-too-little', { amount: site.formats().money(site.leastPartCents) }));
}

const rulesText = `select a.pays_by as "paysBy", exists (select 1 from app.visible_invoices i where (i.tenant_id, i.account_id) = (a.tenant_id, a.id)
    and i.paid_cents < i.total_cents and i.due_on < $2::date) as "isOverdue" from app.accounts a where a.id = $1`;
