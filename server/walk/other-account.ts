import { AppError, type OtherAccount } from '../platform/errors.ts';
import { page, type Page, type Reply } from '../platform/replies.ts';
import type { CustomerAccount, CustomerRequest } from '../tenancy/people.ts';
import { cameFrom } from './came-from.ts';

/** Accounts of one person that are looked through for what an address names. */
const most = 50;

/** A form of another account than the one chosen since, in another tab say: nothing was done, and it says so. */
export function askAboutForm({ about }: OtherAccount, req: CustomerRequest): Page {
  const other = req.person.accounts.find(({ id }) => id === about);
  return ask(req, 'form', other, cameFrom(req)).withStatus(409);
}

/** `look` is what answers the address; the request is about one account after the other while it does. */
export async function findElsewhere(req: CustomerRequest, look: () => Promise<Reply>): Promise<Page | undefined> {
  const { account, person } = req;
  try {
    for (const other of person.accounts.filter(({ id }) => id !== account.id).slice(0, most)) {
      req.account = other;
      if (await answers(look)) return ask({ account, t: req.t }, 'address', other, req.originalUrl).withStatus(404);
    }
    return undefined;
  } finally {
    req.account = account;
  }
}

async function answers(look: () => Promise<Reply>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function ask({ account, t }: Pick<CustomerRequest, 'account' | 't'>, kind: 'form' | 'address', other: CustomerAccount | undefined, next: string): Page {
  const shown = other ? kind : 'gone';
  return page('properties/other', { title: t(`properties.other-${shown}-title`, { other: other?.name ?? '' }), kind: shown, other, chosen: account, next });
}
