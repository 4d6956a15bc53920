import type { Request } from 'express';
import { asksForTabs, existingTabs } from '../frame/tabs.ts';
import { DoFirst, SignedOut } from '../platform/errors.ts';
import { Unanswered } from '../platform/reading.ts';
import { signInOf } from '../platform/session.ts';
import { together } from '../platform/together.ts';
import { siteFor } from '../site/narrowed.ts';
import type { Customer, CustomerAccount, Looking, StaffMember } from '../tenancy/people.ts';
import { speak } from '../tenancy/resolve-tenant.ts';
import { enter, enterLook, enterToRead, type Mode } from '../tenancy/tenant-transaction.ts';

/** The sign-in page or what follows it, and from there back to what was asked for. */
export function doorTo(step: '' | 'code', mode: Mode, req: Request): string {
  const door = `${mode === 'staff' ? '/staff/login' : '/login'}${step && `/${step}`}`;
  if (req.method !== 'GET' || req.path === '/' || req.path === '/staff') return door;
  return `${door}?next=${encodeURIComponent(req.originalUrl)}`;
}

/** A sign-in that waits for its second step: nobody yet. */
interface Half {
  readonly due: 'code';
}

export async function enterAs<T>(mode: 'customer' | 'staff', req: Request, readOnly: boolean, work: () => Promise<T>): Promise<T> {
  if (req.looking) return lookAs(req.looking, req, work);
  const entry = { tenantId: req.tenant.id, signInId: signInOf(req, req.tenant.id), mode };
  const { tenant, account, person: known, staff } = req;
  const asBefore = { tenant, account, person: known, staff };
  const comeIn = async (person: Customer | StaffMember | Half | null) => {
    Object.assign(req, asBefore);
    if (!person) throw new SignedOut();
    if ('due' in person) throw new DoFirst(doorTo('code', mode, req));
    if (!('staffId' in person)) return withTabs(req, welcome(req, person), work);
    greet(req, person);
    return work();
  };
  if (!readOnly) return enter(entry, comeIn);
  return enterToRead(entry, comeIn).catch((error: unknown) => {
    if (!(error instanceof Unanswered)) throw error;
    Object.assign(req, asBefore);
    throw error.cause;
  });
}

/** The tabs are there for the error page, too. */
async function withTabs<T>(req: Request, { id }: CustomerAccount, work: () => Promise<T>): Promise<T> {
  if (!asksForTabs(req)) return work();
  const [, done] = await together(async () => void (req.existing = await existingTabs(req, id)), work);
  return done;
}

async function lookAs<T>({ secretHash }: Looking, req: Request, work: () => Promise<T>): Promise<T> {
  return enterLook(req.tenant.id, secretHash, async (found) => {
    if (!found) throw new DoFirst('/staff');
    return withTabs(req, welcome(req, found.person), work);
  });
}

function greet(req: Request, staff: StaffMember): void {
  req.staff = staff;
  speak(req, staff.locale);
}

/** One request is about one account from its beginning to its end, whatever is chosen or taken away meanwhile. */
function welcome(req: Request, person: Customer): CustomerAccount {
  const pinned = req.account?.id;
  const chosen = person.accounts.find(({ id }) => id === (pinned ?? req.session.accountId)) ?? (pinned ? undefined : person.accounts[0]);
  if (!chosen) throw new SignedOut();
  Object.assign(req, { person, account: chosen, tenant: { ...req.tenant, site: siteFor(req.tenant.site, chosen, person.locale) } });
  speak(req, person.locale);
  return chosen;
}
