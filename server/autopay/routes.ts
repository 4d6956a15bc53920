import { z } from 'zod';
import { listMethods } from '../payment-methods/payment-method.ts';
import { isoDay, readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { readJobs } from '../visits/paid-by-autopay.ts';
import { enrol, leave, readEnrolment } from './enrolment.ts';
import { readForecast, skipCharge, unskipInvoice } from './forecast.ts';

/** B-10: what will be charged next, when and by which method. */
async function showAutopay(req: CustomerRequest): Promise<Reply> {
  const { account, tenant: { site } } = req;
  const autopay = await readEnrolment(account, site);
  const forecast = await readForecast(account, site);
  return page('autopay/autopay', { title: req.t('autopay.title'), autopay, ...forecast, methods: await usableMethods(req), jobs: (await jobsOf(req)).filter(({ isPaidByAutopay }) => isPaidByAutopay) });
}

/** S2-25: the card comes before autopay is on. */
async function chooseCard(req: CustomerRequest): Promise<Reply> {
  return page('autopay/card', { title: req.t('autopay.turn-on'), methods: await usableMethods(req), chosen: methodOf(req) });
}

/** S2-26: what it will do, before the second Submit. */
async function review(req: CustomerRequest): Promise<Reply> {
  const { account, tenant: { site } } = req;
  const method = (await usableMethods(req)).find(({ id }) => id === methodOf(req));
  if (!method) return seeOther('/billing/autopay/card');
  return page('autopay/review', { title: req.t('autopay.turn-on'), method, ...(await readForecast(account, site)), jobs: (await readEnrolment(account, site)).isOn ? [] : await jobsOf(req) });
}

async function turnOn(req: CustomerRequest): Promise<Reply> {
  await enrol(req, readForm(enrolForm, req.body, req.t).method);
  setFlash(req, 'success', req.t('autopay.is-on-now'));
  return seeOther('/billing/autopay');
}

const enrolForm = z.object({ method: z.string('forms.wrong').max(60, 'forms.wrong') });

async function askToTurnOff(req: CustomerRequest): Promise<Reply> {
  return page('autopay/cancellation', { title: req.t('autopay.turn-off'), jobs: (await jobsOf(req)).filter(({ isPaidByAutopay }) => isPaidByAutopay) });
}

async function turnOff(req: CustomerRequest): Promise<Reply> {
  await leave(req);
  setFlash(req, 'success', req.t('autopay.is-off-now'));
  return seeOther('/billing/autopay');
}

async function skip(req: CustomerRequest): Promise<Reply> {
  const charge = readForm(skipForm, req.body, req.t);
  const { isOn } = await readEnrolment(req.account, req.tenant.site);
  const count = isOn ? await skipCharge(req.account, req.tenant.site, charge) : 0;
  if (!count) refuse('', req.t('autopay.too-late-to-skip'));
  setFlash(req, 'success', req.t('autopay.skipped', { count }));
  return seeOther('/billing/autopay');
}

async function unskip(req: CustomerRequest): Promise<Reply> {
  const { invoice } = readForm(z.object({ invoice: z.string('forms.wrong').max(60, 'forms.wrong') }), req.body, req.t);
  if (!(await unskipInvoice(req.account, req.tenant.site, invoice))) refuse('', req.t('autopay.too-late-to-unskip'));
  setFlash(req, 'success', req.t('autopay.unskipped', { invoice }));
  return seeOther('/billing/autopay');
}

const skipForm = z.object({ on: isoDay, currency: z.string('forms.wrong').regex(/^[A-Z]{3}$/, 'forms.wrong') });

/** Where people see no services, nothing is said of them. */
async function jobsOf(req: CustomerRequest) {
  return req.tenant.site.hasTab('services') ? readJobs(req.account.id) : [];
}

async function usableMethods(req: CustomerRequest) {
  const { site } = req.tenant;
  const methods = await listMethods(req.account, site.today());
  return methods.filter((method) => method.gateway === site.gateway && site.methodKinds.includes(method.kind) && !method.hasExpired);
}

function methodOf(req: CustomerRequest): string {
  const given: unknown = req.method === 'POST' ? (req.body as { method?: unknown } | undefined)?.method : req.query['method'];
  return typeof given === 'string' ? given : '';
}

export const autopayRoutes = [
  get('/billing/autopay', showAutopay),
  get('/billing/autopay/card', chooseCard),
  get('/billing/autopay/review', review),
  post('/autopay', turnOn, { page: chooseCard }),
  get('/billing/autopay/cancellation', askToTurnOff),
  post('/autopay/cancellation', turnOff),
  post('/billing/autopay/skip', skip, { page: showAutopay }),
  post('/billing/autopay/skip/cancellation', unskip, { page: showAutopay }),
];
