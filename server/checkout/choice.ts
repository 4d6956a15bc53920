import type { Request } from 'express';
import { z } from 'zod';
import { list } from '../platform/forms.ts';
import type { Site } from '../site/site.ts';
import type { PayableInvoice } from './payable-invoices.ts';

/** What a payer has chosen so far. It travels in the address and in hidden fields, so that going back never loses any of it. */
export interface Choice {
  /** Pays whatever the words mean at that moment, without naming invoices. */
  readonly scope: 'balance' | 'overdue' | null;
  readonly numbers: readonly string[];
  /** Whether the ticks are the payer's: no tick at all is then a choice, too. */
  readonly isChosen: boolean;
  readonly methodId: string;
  /** As typed; '' is all that is chosen. */
  readonly amount: string;
}

const form = z.object({
  scope: z.enum(['balance', 'overdue']).nullable().catch(null),
  invoice: list(z.string().max(60)).catch([]),
  chosen: z.string().optional().catch(undefined),
  all: z.string().optional().catch(undefined),
  method: z.string().max(60).catch(''),
  amount: z.string().trim().max(20).catch(''),
});

export function readChoice(req: Request): Choice {
  const { scope, invoice, chosen, all, method, amount } = form.parse((req.method === 'POST' ? req.body : req.query) ?? {});
  const numbers = [...new Set(invoice)];
  return { scope: all ? 'balance' : scope, numbers, isChosen: chosen !== undefined || numbers.length > 0, methodId: method, amount };
}

export interface Selection {
  readonly invoices: readonly PayableInvoice[];
  /** Numbers that were asked for and cannot be paid: foreign, unsent, void, paid, being paid. */
  readonly missing: boolean;
}

/** The invoices that a choice stands for now; without a choice, those that the organization has ticked at first. */
export function select(open: readonly PayableInvoice[], choice: Choice, site: Site): Selection {
  const payable = open.filter(({ isBeingPaid }) => !isBeingPaid);
  const inOne = oneCurrency(payable, site.currency);
  const overdue = inOne.filter(({ isPastDue }) => isPastDue);
  if (choice.scope && mayScope(site, choice.scope)) return { invoices: choice.scope === 'balance' ? inOne : overdue, missing: false };
  if (choice.isChosen && site.mayPay('selected')) {
    const invoices = payable.filter(({ number }) => choice.numbers.includes(number));
    return { invoices, missing: invoices.length < choice.numbers.length };
  }
  const atFirst = { all_outstanding: inOne, overdue, none: [] };
  return { invoices: atFirst[site.preselect], missing: false };
}

/** "Select All Unpaid" ticks everything where single invoices may be ticked, whether or not the balance has a button of its own. */
function mayScope(site: Site, scope: 'balance' | 'overdue'): boolean {
  return site.mayPay(scope) || (scope === 'balance' && site.mayPay('selected'));
}

/** One payment has one currency: the organization's own where anything is owed in it. */
function oneCurrency(invoices: readonly PayableInvoice[], home: string): PayableInvoice[] {
  const currency = invoices.find((invoice) => invoice.currency === home)?.currency ?? invoices[0]?.currency;
  return invoices.filter((invoice) => invoice.currency === currency);
}

/** The choice as an address; what is given replaces what was chosen. */
export function choiceQuery(choice: Choice): string {
  const query = new URLSearchParams();
  if (choice.scope) query.set('scope', choice.scope);
  else if (choice.isChosen) {
    query.set('chosen', '1');
    for (const number of choice.numbers) query.append('invoice', number);
  }
  if (choice.methodId) query.set('method', choice.methodId);
  if (choice.amount) query.set('amount', choice.amount);
  return query.toString();
}
