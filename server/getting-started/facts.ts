import { read } from '../platform/database.ts';
import { initialSettings } from '../settings/schema.ts';
import type { Site } from '../site/site.ts';

export interface Step {
  readonly key: 'brand' | 'contact' | 'gateway' | 'accounts' | 'invoice' | 'staff' | 'faq' | 'invited' | 'signed-in' | 'payment';
  readonly path: string;
  readonly isDone: boolean;
}

/** What a new owner has still to do. Nobody ticks anything: each step is a fact. */
export async function readSteps(site: Site): Promise<{ steps: Step[]; isHidden: boolean }> {
  const [facts] = await read<Record<'accounts' | 'invoice' | 'staff' | 'faq' | 'invited' | 'signedIn' | 'payment' | 'isHidden', boolean>>('getting-started', text);
  if (!facts) throw new Error('no facts');
  const isBranded = site.displayName !== initialSettings['portal.display_name'] && site.brandColor !== initialSettings['portal.brand_color'];
  const steps: Step[] = [
    { key: 'brand', path: '/staff/settings/portal', isDone: isBranded },
    { key: 'contact', path: '/staff/settings/contact', isDone: Boolean(site.contact.email || site.contact.phone) },
    { key: 'gateway', path: '/staff/settings/payments', isDone: site.gateway !== 'none' },
    { key: 'accounts', path: '/staff/import', isDone: facts.accounts },
    { key: 'invoice', path: '/staff/invoices', isDone: facts.invoice },
    { key: 'staff', path: '/staff/people', isDone: facts.staff },
    { key: 'faq', path: '/staff/faq', isDone: facts.faq },
    { key: 'invited', path: '/staff/invitations', isDone: facts.invited },
    { key: 'signed-in', path: '/staff/invitations', isDone: facts.signedIn },
    { key: 'payment', path: '/staff/payments', isDone: facts.payment },
  ];
  return { steps, isHidden: facts.isHidden };
}

export async function hideSteps(staffId: string): Promise<void> {
  await read('hide-getting-started', 'insert into app.getting_started (hidden_by) values ($1) on conflict do nothing', [staffId]);
}

export async function showStepsAgain(): Promise<void> {
  await read('show-getting-started', 'delete from app.getting_started');
}

const text = `select exists (select from app.accounts) as accounts, exists (select from app.invoices where status = 'sent') as invoice,
  (select count(*) > 1 from (select from app.staff_users where ended_at is null limit 2) s) as staff, exists (select from app.faq_entries where is_published) as faq,
  exists (select from app.contacts where invited_at is not null) as invited, exists (select from app.logins where last_login_at is not null) as "signedIn",
  exists (select from app.payments where state = 'succeeded' and login_ref is not null) as payment, exists (select from app.getting_started) as "isHidden"`;
