import { z } from 'zod';
import { safeReturnPath } from '../platform/origin.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { siteFor } from '../site/narrowed.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { readProperties, sumProperties } from './read-properties.ts';

/** S4-8: from here on every page shows this one. `next` is where to go on, the first page where nothing is named. */
async function chooseAccount(req: CustomerRequest): Promise<Reply> {
  const { account: wanted, next } = form.parse(req.body ?? {});
  const chosen = req.person.accounts.find(({ id }) => id === wanted);
  if (chosen) req.session.accountId = chosen.id;
  else setFlash(req, 'warning', req.t('properties.none-of-yours'));
  return seeOther(chosen ? safeReturnPath(next) : '/');
}

const form = z.object({ account: z.string().max(60).catch(''), next: z.string().optional().catch(undefined) });

/** All properties of this person, with what is to be paid for each. */
async function showAll(req: CustomerRequest): Promise<Reply> {
  if (req.person.accounts.length < 2) return seeOther('/');
  const { person, tenant: { site } } = req;
  const properties = await readProperties(person.accounts, site);
  const hasGateway = siteFor(site, { maySeeMoney: true, mayPay: true }).gateway !== 'none';
  return page('properties/all', { title: req.t('properties.all'), properties, sums: sumProperties(properties), showsMoney: properties.some(({ maySeeMoney }) => maySeeMoney), hasGateway });
}

export const propertyRoutes = [get('/accounts', showAll), post('/account/choice', chooseAccount, { outside: true })];
