import { randomUUID } from 'node:crypto';
import { lockAccount } from '../accounts/lock-account.ts';
import type { Gateway, SavedMethod } from '../gateways/gateway.ts';
import { NotFound } from '../platform/errors.ts';
import { read } from '../platform/database.ts';
import { mailChange, noteChange } from '../own-changes/note-change.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';

declare module 'express-session' {
  interface SessionData {
    /** Trips to the gateway's page that may still come back, by their one-time name; the newest last. */
    savings: readonly Saving[];
  }
}

/** Where a payer was when leaving for the gateway's page. Kept in the session, so that nobody else's page can be brought back to it. */
export interface Saving {
  readonly name: string;
  readonly accountId: string;
  readonly back: string;
}

const keptSavings = 5;

/** Opens the gateway's own page. We never see what is typed there. */
export async function startSaving(req: CustomerRequest, gateway: Gateway, back: string): Promise<{ url: string }> {
  const kinds = gateway.abilities.kinds.filter((kind) => req.tenant.site.methodKinds.includes(kind));
  if (!kinds.length) throw new NotFound('no kind of payment method is taken');
  const saving = { name: randomUUID(), accountId: req.account.id, back };
  const { url } = await gateway.startSaving({
    tenantId: req.tenant.id, returnUrl: `${req.origin}/billing/methods/saved/${saving.name}`, kinds,
    holder: req.account.contactName, locale: req.formats.locale,
  });
  req.session.savings = [...(req.session.savings ?? []).slice(1 - keptSavings), saving];
  return { url };
}

/** The trip that this browser has begun under that name, for an account that is still the payer's. */
export function findSaving(req: CustomerRequest): Saving {
  const saving = req.session.savings?.find(({ name }) => name === req.params['saving']);
  if (!saving || !req.person.accounts.some(({ id }) => id === saving.accountId)) throw new NotFound('nobody left for the gateway under this name');
  return saving;
}

/**
 * Keeps what the payer saved at the gateway; the account's first becomes its default. Keeping it again changes nothing.
 * Returns its id; undefined when it belongs to somebody else or was deleted meanwhile.
 */
export async function keepMethod(req: CustomerRequest, accountId: string, gateway: Gateway, saved: SavedMethod): Promise<string | undefined> {
  await lockAccount(accountId);
  const [kept] = await read<{ id: string }>(
    'keep-method',
    `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year, is_default)
     values ($1, $2, $3, $4, $5, $6, $7, $8, not exists (select 1 from app.payment_methods where account_id = $1 and is_default))
     on conflict (tenant_id, gateway, token) do nothing returning id`,
    [accountId, gateway.name, saved.token, saved.kind, saved.brand, saved.last4, saved.expMonth, saved.expYear],
  );
  if (kept) await tellAdded(req, accountId, saved, kept.id);
  const [row] = kept ? [kept] : await read<{ id: string }>('kept-method', 'select id from app.payment_methods where account_id = $1 and token = $2 and removed_at is null', [accountId, saved.token]);
  return row?.id;
}

/** The words of the report, never with more than the last four digits. What was saved for another of the person's accounts stands in that one's history. */
async function tellAdded(req: CustomerRequest, accountId: string, { kind, last4 }: SavedMethod, method: string): Promise<void> {
  const message = `Billing information changed: ${kind === 'card' ? 'Credit card' : 'Bank account'} added; Last 4: ${last4}`;
  if (accountId !== req.account.id) {
    const contactId = req.person.accounts.find(({ id }) => id === accountId)?.contactId;
    return recordPortalLog({ kind: 'billing', message, accountId, contactId, loginRef: req.person.loginRef });
  }
  const token = await noteChange(req, { kind: 'billing', message }, { kind: 'method_added', before: { method: null, last4: null }, after: { method, last4 } });
  await mailChange(req, 'own-changes.mail-method-added', token, { last4 });
}
