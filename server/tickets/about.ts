import { findInvoice } from '../invoices/invoice.ts';
import { findPayment } from '../payments/payment.ts';
import { NotFound } from '../platform/errors.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findVisit } from '../visits/visit.ts';
import type { TicketObject } from './ticket.ts';

/** What a new ticket asks about, as its account sees it. */
export interface About extends TicketObject {
  readonly id: string;
}

/** B-12: 'invoice:INV-1001' in an address or a form. Undefined for none; throws NotFound for what this account does not see. */
export async function readAbout(given: unknown, req: CustomerRequest): Promise<About | undefined> {
  if (given === undefined || given === '') return undefined;
  const [, kind = '', key = ''] = /^(\w+):(.{1,100})$/s.exec(typeof given === 'string' ? given : '') ?? [];
  const found = key && !key.includes('\0') ? await finders.get(kind)?.(key, req) : undefined;
  if (!found) throw new NotFound('no such thing to ask about');
  return found;
}

type Finder = (key: string, req: CustomerRequest) => Promise<About | undefined>;
const finders: ReadonlyMap<string, Finder> = new Map(Object.entries<Finder>({
  invoice: async (number, { account, tenant }) => {
    const invoice = await findInvoice(account, number, tenant.site.today());
    return invoice && { kind: 'invoice', id: invoice.id, key: number, name: number };
  },
  payment: async (number, { account }) => {
    const payment = await findPayment(account, number);
    return payment && { kind: 'payment', id: payment.id, key: number, name: number };
  },
  visit: async (number, { account, tenant: { site } }) => {
    const visit = await findVisit(account, number);
    const part = visit?.status === 'scheduled' || visit?.status === 'waiting' ? visit.status : 'history';
    return visit && site.hasTab('services') && site.showsServices(part) ? { kind: 'visit', id: visit.id, key: number, name: visit.title } : undefined;
  },
}));
