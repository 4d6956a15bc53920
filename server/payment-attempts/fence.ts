import type { Gateway } from '../gateways/gateway.ts';
import { read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { settlePayment, type Verdict } from './settle-payment.ts';
import type { Till } from './take-payment.ts';

/** Only when the gateway has promised that this key never charges may the payment be called failed. */
export async function fence(gateway: Gateway, { id, reference }: { readonly id: string; readonly reference: string | null }): Promise<Verdict> {
  const fenced = await gateway.cancel(id, reference);
  if (fenced.cancelled) return { outcome: 'failed', message: 'Not charged', reference };
  return fenced.answer.outcome === 'not_reached' ? { outcome: 'unknown', message: fenced.answer.message } : fenced.answer;
}

/** A newer try closes the gateway's page on which an earlier one waits; what has been paid there meanwhile is booked first. */
export async function closeEarlierPage({ outside, tenant, enter }: Pick<Till, 'outside' | 'tenant' | 'enter'>, { accountId, requestKey }: { accountId: string; requestKey: string }): Promise<void> {
  const [page] = await enter(() => read<OpenPage & Record<string, unknown>>('open-page', `select id, gateway, gateway_reference as reference from app.payments
    where account_id = $1 and state = 'awaiting_customer' and request_key is distinct from $2`, [accountId, requestKey]));
  if (page) await closePage(outside, tenant, page);
}

export interface OpenPage {
  readonly id: string;
  readonly gateway: string | null;
  readonly reference: string | null;
}

/** Nobody can pay there any more, and its invoices are free, or it has been paid and is booked. Where the gateway cannot say, it stays as it is. */
export async function closePage(outside: Outside, tenant: Tenant, page: OpenPage): Promise<void> {
  const gateway = outside.gateways[page.gateway as keyof Outside['gateways']];
  const verdict = await fence(gateway, page);
  if (verdict.outcome !== 'unknown') await withTenant(tenant.id, () => settlePayment(outside, tenant, page.id, verdict));
}
