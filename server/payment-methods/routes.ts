import type { Gateway } from '../gateways/gateway.ts';
import { NotFound } from '../platform/errors.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { changeDefault, demandMethod, removeMethod } from './change-method.ts';
import { listMethods } from './payment-method.ts';
import { findSaving, keepMethod, startSaving } from './save-method.ts';

async function showMethods(req: CustomerRequest): Promise<Reply> {
  const methods = await listMethods(req.account, req.tenant.site.today());
  return page('payment-methods/list', { title: req.t('payment-methods.title'), methods });
}

/** Off to the gateway's own page; `back` is where the payer wants to go on afterwards. */
async function addMethod(req: CustomerRequest): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.person.signInId}`);
  const given = (req.body as { back?: unknown }).back;
  const { url } = await startSaving(req, gatewayOf(req), given === undefined ? listPath : safeReturnPath(given));
  return seeOther(url);
}

/** The payer is back, with or without something saved. The gateway says what it was; nothing in the address is believed. */
async function returnFromGateway(req: CustomerRequest): Promise<Reply> {
  const { accountId, back } = findSaving(req);
  const { session } = req.query;
  const gateway = gatewayOf(req);
  req.session.accountId = accountId;
  const saved = typeof session === 'string' ? await gateway.readSaved(session) : null;
  if (!saved) return seeOther(back);
  const id = await again(req, () => keepMethod(req, accountId, gateway, saved));
  if (!id) throw new NotFound('what was saved is not this account’s any more');
  setFlash(req, 'success', req.t('payment-methods.added', { brand: saved.brand, last4: saved.last4 }));
  return seeOther(back === listPath ? back : withMethod(back, id));
}

async function makeDefault(req: CustomerRequest): Promise<Reply> {
  const method = await changeDefault(req, String(req.params['id']));
  setFlash(req, 'success', req.t('payment-methods.is-default-now', { brand: method.brand, last4: method.last4 }));
  return seeOther(listPath);
}

async function showRemoval(req: CustomerRequest): Promise<Reply> {
  return page('payment-methods/removal', { title: req.t('payment-methods.removal-title'), method: await demandMethod(req, String(req.params['id'])) });
}

/** Ours at once, then the gateway's by a job: a token that is gone there is no longer offered here. */
async function remove(req: CustomerRequest): Promise<Reply> {
  const method = await removeMethod(req, String(req.params['id']));
  setFlash(req, 'success', req.t('payment-methods.removed', { brand: method.brand, last4: method.last4 }));
  return seeOther(listPath);
}

const listPath = '/billing/methods';

function gatewayOf(req: CustomerRequest): Gateway {
  const { gateway } = req.tenant.site;
  if (gateway === 'none') throw new NotFound('there is no gateway');
  return req.outside.gateways[gateway];
}

function withMethod(back: string, id: string): string {
  const [path = '', query = ''] = back.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('method', id);
  return `${path}?${parameters.toString()}`;
}

export const methodRoutes = [
  get('/billing/methods', showMethods),
  post('/billing/methods', addMethod, { outside: true }),
  get('/billing/methods/saved/:saving', returnFromGateway, { outside: true, secret: true }),
  post('/billing/methods/:id/default', makeDefault),
  get('/billing/methods/:id/removal', showRemoval),
  post('/billing/methods/:id/removal', remove, { page: showRemoval }),
];
