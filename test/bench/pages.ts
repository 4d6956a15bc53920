import type { PageName } from './kit.ts';
import type { Session } from './sessions.ts';

/** The pages that are measured. `yardstick`: the page that (b) and (c) have too. */
export interface Measured {
  readonly name: string;
  readonly who: 'customer' | 'owner' | 'returning' | 'nobody';
  readonly path: (session: Session) => string;
  readonly yardstick?: PageName;
}

export const pages: readonly Measured[] = [
  { name: 'home', who: 'customer', path: () => '/', yardstick: 'home' },
  { name: 'invoice list', who: 'customer', path: () => '/invoices', yardstick: 'invoices' },
  { name: 'sign-in page', who: 'returning', path: () => '/login', yardstick: 'sign-in' },
  { name: 'sign-in page, first visit', who: 'nobody', path: () => '/login', yardstick: 'sign-in' },
  { name: 'invoice', who: 'customer', path: (session) => `/invoices/${newestInvoice(session)}` },
  { name: 'statement', who: 'customer', path: () => '/billing/statement' },
  { name: 'ticket list', who: 'customer', path: () => '/tickets' },
  { name: 'pay review', who: 'customer', path: (session) => `/billing/pay/review?invoice=${newestInvoice(session)}&method=${methodOf(session)}` },
  { name: 'staff account list', who: 'owner', path: () => '/staff/accounts' },
  { name: 'portal log search', who: 'owner', path: () => '/staff/reports/portal-log?q=payment' },
];

/** Ids and numbers of the seed can be computed: the last twelve digits of an account's id are its number times 200,000. */
export const numberOf = (accountId: string): number => Number.parseInt(accountId.slice(-12), 16) / 200_000;

function newestInvoice({ accountId, invoices }: Session): string {
  return `INV-${numberOf(accountId) * 200_000 + invoices}`;
}

function methodOf({ accountId }: Session): string {
  return accountId.replace(/^0{7}1/, '00000005');
}
