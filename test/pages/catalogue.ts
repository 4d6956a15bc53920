/*
 * How every page of the portal is reached, with something on it. The route list asks for an entry of each GET route; without one
 * `npm test` fails. A new page joins with one line under its route:
 *
 *   '/tickets': {},                                                                     the route is the address
 *   '/tickets/:number': { at: (p) => `/tickets/${await p.one('select number from …')}` },  its address, from the place it is looked at
 *   '/tickets/:number.pdf': isFile,                                                     no page: a download
 *
 * Who opens it follows from the band that the route stands in (public: nobody, customer: mbestie, staff: the owner). It is looked at in
 * every pack that offers its feature, or in those that `packs` names. `open` walks there where an address is not enough. A second look
 * at the same route (another state) is a further key: the route, a space, and a word. What the demo data lacks goes into furnish.ts.
 */
import type { Page } from 'playwright-core';
import { demoPassword, type Pack, type Place } from './place.ts';

export interface Entry {
  readonly at?: string | ((place: Place) => string | Promise<string>);
  readonly open?: (page: Page, place: Place) => Promise<void>;
  readonly packs?: readonly Pack[];
  /** 410 for what has run out, say. */
  readonly status?: number;
  /** Its words explain a placeholder: braces are meant. */
  readonly explainsBraces?: boolean;
  /** Why there is no page to look at. */
  readonly not?: string;
}

const isFile: Entry = { not: 'a download' };
/** Cloud's customers read their details and change none. */
const changing: readonly Pack[] = ['studio', 'lawncare', 'fieldservice', 'billing'];
const leadsOn: Entry = { not: 'takes the token out of the address and leads on' };
const invoice = `select number from app.invoices where account_id = $1 and status = 'sent' order by issued_on desc limit 1`;
const staffInvoice = `select number from app.invoices where account_id = $1 and status = 'sent' order by issued_on desc limit 1`;
const draft = `select number from app.invoices where status = 'unsent' order by (account_id = $1) desc, number limit 1`;
const open = `select i.number from app.invoices i where i.account_id = $1 and i.status = 'sent' and i.total_cents > i.paid_cents order by i.due_on desc limit 1`;
const payment = `select number from app.payments where account_id = $1 and state = 'succeeded' order by paid_on desc limit 1`;
const declined = `select number from app.payments where account_id = $1 and state = 'declined' order by paid_on desc limit 1`;
const method = `select id from app.payment_methods where account_id = $1 and removed_at is null and (exp_year is null or exp_year > 2026) order by is_default desc, id limit 1`;
const later = `select number from app.visits where account_id = $1 and status = 'scheduled' and starts_at > now() + interval '2 days' order by starts_at desc limit 1`;
const passkeyOf = (owner: string) => `select id from app.passkeys where ${owner} is not null limit 1`;

/** Each word in brackets is a value of the query. */
const at = (address: string, ...queries: string[]) => async (place: Place) => {
  let filled = address;
  for (const query of queries) filled = filled.replace(/\[\w+\]/, encodeURIComponent(await place.one(query)));
  return filled;
};

async function halfSignIn(page: Page, door: string, login: string): Promise<void> {
  await page.goto(door);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', demoPassword);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL('**/code**');
}

async function namePasskey(page: Page, path: string): Promise<void> {
  await page.goto(path);
  // Asked for some time after the sign-in.
  const password = page.locator('main [name=currentPassword]');
  if (await password.count()) await password.fill(demoPassword);
  await page.click('main form .btn-primary');
  await page.waitForURL('**/new');
}

/** The form of a page comes back: with what `spoil` has done to it, a script or nothing. */
async function sendForm(page: Page, path: string, spoil: string): Promise<void> {
  await page.goto(path);
  await page.evaluate(spoil);
  await Promise.all([page.waitForNavigation(), page.evaluate(`document.querySelector('main form').submit()`)]);
}

/** Somebody else saves the record while it is open here. */
async function saveTwice(page: Page, place: Place): Promise<void> {
  await page.goto(`/staff/contacts/${place.contactId}`);
  await page.fill('[name=fax]', '(704) 555-0188');
  await place.one(`update app.contacts set fax = '(704) 555-' || (1000 + revision) where id = '${place.contactId}' and $1::uuid is not null returning id::text`);
  await page.click('button[form=contact].btn-primary');
  await page.waitForSelector('.version-choice');
}

export const catalogue: Readonly<Record<string, Entry>> = {
  '/': {},
  '/ not-found': { at: '/nowhere', status: 404 },
  '/ not-offered': { at: '/usages', packs: ['studio', 'lawncare', 'fieldservice', 'billing'], status: 404 },
  '/login not-found': { at: '/nowhere', status: 404 },
  '/staff not-found': { at: '/staff/nowhere', status: 404 },
  '/account/name refused': { packs: changing, open: (page) => sendForm(page, '/account/name', `document.querySelector('[name=firstName]').value = ''`) },
  '/account/name stale': { packs: changing, open: (page) => sendForm(page, '/account/name', `{ const token = document.querySelector('main [name=_csrf]'); token.value = token.value.replace(/^[^.]+/, 'x'); }`) },
  '/account/name too-large': { packs: changing, open: (page) => sendForm(page, '/account/name', `document.querySelector('[name=firstName]').value = 'x'.repeat(300000)`) },
  '/login': {},
  '/login refused': { open: async (page) => {
    await page.goto('/login');
    await page.fill('[name=login]', 'nobody@example.com');
    await page.fill('[name=password]', 'wrong');
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('[role=alert], .error-summary');
  }, status: 422 },
  '/login/code': { open: (page, place) => halfSignIn(page, '/login', place.twoStepLogin) },
  '/password/forgot': {},
  '/password/forgot/sent': {},
  '/password/reset': { at: (place) => place.link('reset', '/password/reset') },
  '/password/reset dead': { at: `/password/reset/${'a'.repeat(43)}`, status: 404 },
  '/password/reset/:token': leadsOn,
  '/password/confirmation': { at: (place) => place.link('confirm_password', '/password/confirmation') },
  '/password/confirmation/:token': leadsOn,
  '/password/own': { at: (place) => place.link('temporary', '/password/own') },
  '/password/own/:token': leadsOn,
  '/password/ready': {},
  '/signup': {},
  '/signup/sent': {},
  '/signup/password': { at: (place) => place.link('sign_up', '/signup/password') },
  '/signup/password/:token': leadsOn,
  '/invitations': { at: (place) => place.link('invitation', '/invitations') },
  '/invitations/:token': leadsOn,
  '/invitations/accepted': {},
  '/invitations/confirmation': { at: (place) => place.link('confirm_invitation', '/invitations/confirmation') },
  '/invitations/confirmation/:token': leadsOn,
  '/email/confirm': { at: (place) => place.link('new_email', '/email/confirm') },
  '/email/confirm/:token': leadsOn,
  '/email/changed': {},
  '/not-me': { status: 404 },
  '/not-me/done': {},
  '/not-me/:token': leadsOn,
  '/links/sent': {},
  '/contact-us': {},
  '/instructions': {},
  '/faq': { at: '/faq?all=open' },
  '/contact-us/sent': {},
  '/contact': {},

  '/accounts': { packs: ['fieldservice'] },
  '/account': {},
  '/account/additional': {},
  '/account/address': { packs: changing },
  '/account/email': { packs: changing },
  '/account/history': {},
  '/account/history/export.csv': isFile,
  '/account/name': { packs: changing },
  '/account/language': {},
  '/account/password': {},
  '/account/phones': { packs: changing },
  '/account/texts': {},
  '/account/username': { packs: ['fieldservice', 'billing'] },
  '/account/security': {},
  '/account/security/passkeys': {},
  '/account/security/passkeys/new': { open: (page) => namePasskey(page, '/account/security/passkeys') },
  '/account/security/passkeys/:id': { at: at('/account/security/passkeys/[id]', passkeyOf('login_ref')) },
  '/account/security/questions': { packs: changing },
  '/account/security/two-step': {},

  '/billing': {},
  '/billing/autopay': {},
  '/billing/autopay/card': {},
  '/billing/autopay/review': { at: at('/billing/autopay/review?method=[id]', method) },
  '/billing/autopay/cancellation': {},
  '/billing/contacts': {},
  '/billing/contacts/:id': { at: at('/billing/contacts/[id]', 'select id from app.contacts where account_id = $1 order by is_billing desc, is_primary desc limit 1'), packs: changing },
  '/billing/bank-draft': {},
  '/billing/methods': {},
  '/billing/methods/:id/removal': { at: at('/billing/methods/[id]/removal', method) },
  '/billing/methods/saved/:saving': { not: 'where the gateway sends people back to; leads on' },
  '/billing/pay': {},
  '/billing/pay/invoices': {},
  '/billing/pay/method': { at: at('/billing/pay/method?invoice=[number]', open) },
  '/billing/pay/review': { at: at('/billing/pay/review?invoice=[number]&method=[id]', open, method) },
  '/billing/payments/:number': { at: at('/billing/payments/[number]', payment) },
  '/billing/prepayment': {},
  '/billing/prepayment/review': { at: at('/billing/prepayment/review?amount=50&method=[id]', method) },
  '/billing/statement': {},
  '/billing/statement.pdf': isFile,
  '/billing/transactions': {},
  '/billing/transactions.csv': isFile,
  '/billing/transactions.pdf': isFile,
  '/billing/transactions/balance': {},
  '/billing/transactions/print': {},
  '/credits': {},
  '/exports/:id': { at: at('/exports/[id]', `select id from app.exports where account_id = $1 and noun <> 'usages' limit 1`) },
  '/exports/:id/file': isFile,
  '/invoices': {},
  '/invoices.csv': isFile,
  '/invoices none': { at: '/invoices?number=none-has-this' },
  '/invoices/:number': { at: at('/invoices/[number]', invoice) },
  '/invoices/:number.pdf': isFile,
  '/invoices/:number/attachments/:id': isFile,
  '/payments': {},
  '/payments.csv': isFile,
  '/payments/:number': { at: at('/payments/[number]', payment) },
  '/payments/:number declined': { at: at('/payments/[number]', declined) },
  '/tickets': {},
  '/tickets/new': {},
  '/tickets/new about': { at: at('/tickets/new?about=invoice:[number]', invoice) },
  '/tickets/:number': { at: at('/tickets/[number]', `select number from app.tickets where account_id = $1 and state = 'open' limit 1`) },
  '/tickets/:number closed': { at: at('/tickets/[number]', `select number from app.tickets where account_id = $1 and state = 'closed' limit 1`) },
  '/tickets/:number/files/:id': isFile,
  '/services': {},
  '/services.csv': isFile,
  '/services/changes': { not: 'a stream' },
  '/services/:number/photos/:id': isFile,
  '/services/:number scheduled': { at: at('/services/[number]', later), packs: ['fieldservice', 'lawncare'] },
  '/services/:number/reschedule': { at: at('/services/[number]/reschedule', later), packs: ['fieldservice', 'lawncare'] },
  '/services/:number': { at: at('/services/[number]', `select number from app.visits where account_id = $1 and status = 'done' limit 1`), packs: ['fieldservice', 'lawncare'] },
  '/usages': {},
  '/usages/export': {},
  '/usages/exports/:id': { at: at('/usages/exports/[id]', `select id from app.exports where account_id = $1 and noun = 'usages' limit 1`) },

  '/staff/login': {},
  '/staff/login/code': { open: (page) => halfSignIn(page, '/staff/login', 'frontdesk@example.com') },
  '/staff/invitation': { at: (place) => place.link('staff_invitation', '/staff/invitation') },
  '/staff/invitation/:token': leadsOn,
  '/staff/password/forgot': {},
  '/staff/password/forgot/sent': {},
  '/staff/password/ready': {},
  '/staff/password/reset': { at: (place) => place.link('staff_reset', '/staff/password/reset') },
  '/staff/password/reset/:token': leadsOn,
  '/staff': {},
  '/staff/accounts': {},
  '/staff/accounts/:number': { at: (place) => `/staff/accounts/${place.accountNumber}` },
  '/staff/accounts/export.csv': isFile,
  '/staff/accounts/new': {},
  '/staff/accounts/:number/edit': { at: (place) => `/staff/accounts/${place.accountNumber}/edit` },
  '/staff/accounts/:number/contacts': { at: (place) => `/staff/accounts/${place.accountNumber}/contacts` },
  '/staff/accounts/:number/contacts/new': { at: (place) => `/staff/accounts/${place.accountNumber}/contacts/new` },
  '/staff/accounts/:number/misc': { at: (place) => `/staff/accounts/${place.accountNumber}/misc` },
  '/staff/accounts/:number/billing': { at: (place) => `/staff/accounts/${place.accountNumber}/billing` },
  '/staff/accounts/:number/paying': { at: (place) => `/staff/accounts/${place.accountNumber}/paying` },
  '/staff/accounts/:number/payment': { at: (place) => `/staff/accounts/${place.accountNumber}/payment` },
  '/staff/accounts/:number/links': { at: (place) => `/staff/accounts/${place.accountNumber}/links` },
  '/staff/accounts/:number/merge': { at: async (place) => `/staff/accounts/${place.accountNumber}/merge?other=${encodeURIComponent(await place.one(`select number from app.accounts where id <> $1 and merged_into is null order by name limit 1`))}` },
  '/staff/doubles': {},
  '/staff/search': { at: '/staff/search?q=best' },
  '/staff/search none': { at: '/staff/search?q=nobody-has-this' },
  '/staff/autopay': {},
  '/staff/contacts/:id': { at: (place) => `/staff/contacts/${place.contactId}` },
  '/staff/contacts/:id two-versions': { open: saveTwice },
  '/staff/contacts/:id/merge': { at: (place) => `/staff/contacts/${place.contactId}/merge` },
  '/staff/contacts/:id/removal': { at: at('/staff/contacts/[id]/removal', 'select id from app.contacts where account_id = $1 order by is_primary, id limit 1') },
  '/staff/contacts/:id/sign-in-help': { at: (place) => `/staff/contacts/${place.contactId}/sign-in-help` },
  '/staff/contacts/:id/view': { at: (place) => `/staff/contacts/${place.contactId}/view` },
  '/staff/contacts/:id/doctor': { at: (place) => `/staff/contacts/${place.contactId}/doctor` },
  '/staff/support': {},
  '/staff/credits/:number': { at: at('/staff/credits/[number]', 'select number from app.credits order by (account_id = $1) desc, number limit 1') },
  '/staff/pending-changes/:id': { at: at('/staff/pending-changes/[id]', 'select id from app.pending_changes where contact_id is not null and $1::uuid is not null limit 1') },
  '/staff/custom-fields': {},
  '/staff/custom-fields/new': {},
  '/staff/custom-fields/:id': { at: at('/staff/custom-fields/[id]', `select id from app.custom_fields where $1::uuid is not null and type = 'choice' limit 1`) },
  '/staff/accounts/:number/custom-fields': { at: (place) => `/staff/accounts/${place.accountNumber}/custom-fields` },
  '/staff/contacts/:id/custom-fields': { at: (place) => `/staff/contacts/${place.contactId}/custom-fields` },
  '/staff/faq': {},
  '/staff/faq/new': {},
  '/staff/faq/:id': { at: at('/staff/faq/[id]', 'select id from app.faq_entries where $1::uuid is not null limit 1') },
  '/staff/link': {},
  '/staff/getting-started': {},
  '/staff/invitations': {},
  '/staff/invitations/people': {},
  '/staff/invitations/people/export.csv': isFile,
  '/staff/invitations/choice': {},
  '/staff/invitations/choice/export.csv': isFile,
  '/staff/invitations/letter': {},
  '/staff/invitations/runs/:id': { at: at('/staff/invitations/runs/[id]', 'select id from app.invitation_runs where $1::uuid is not null limit 1') },
  '/staff/inbox': { at: '/staff/inbox?show=all' },
  '/staff/inbox/:id': { at: at('/staff/inbox/[id]', 'select id from app.contact_requests where account_id = $1 limit 1') },
  '/staff/inbox/export.csv': isFile,
  '/staff/exports/:id': { at: at('/staff/exports/[id]', 'select id from app.exports where staff_id is not null limit 1') },
  '/staff/exports/:id/file': isFile,
  '/staff/tickets': { at: '/staff/tickets?show=all' },
  '/staff/tickets/export.csv': isFile,
  '/staff/tickets/replies': { explainsBraces: true },
  '/staff/tickets/replies/new': { explainsBraces: true },
  '/staff/tickets/replies/:id': { explainsBraces: true, at: at('/staff/tickets/replies/[id]', 'select id from app.ticket_replies where $1::uuid is not null limit 1') },
  '/staff/tickets/:number': { at: at('/staff/tickets/[number]', `select number from app.tickets where account_id = $1 and state = 'open' limit 1`) },
  '/staff/tickets/:number/files/:id': isFile,
  '/staff/accounts/:number/tickets': { at: (place) => `/staff/accounts/${place.accountNumber}/tickets` },
  '/staff/import': {},
  '/staff/import/:id': { at: at('/staff/import/[id]', `select id from app.import_runs where status = 'done' order by id limit 1`) },
  '/staff/import/:id refused': { at: at('/staff/import/[id]', `select id from app.import_runs where status = 'refused' limit 1`) },
  '/staff/import/:id/errors.csv': isFile,
  '/staff/invoices': {},
  '/staff/invoices.csv': isFile,
  '/staff/invoices/new': { at: (place) => `/staff/invoices/new?account=${place.accountNumber}` },
  '/staff/invoices/:number': { at: at('/staff/invoices/[number]', staffInvoice) },
  '/staff/invoices/:number draft': { at: at('/staff/invoices/[number]', draft) },
  '/staff/invoices/:number/attachments': { at: at('/staff/invoices/[number]/attachments', staffInvoice) },
  '/staff/invoices/:number/attachments/:id': isFile,
  '/staff/invoices/:number/sending': { at: at('/staff/invoices/[number]/sending', draft) },
  '/staff/invoices/:number/voiding': { at: at('/staff/invoices/[number]/voiding', staffInvoice) },
  '/staff/my-account': {},
  '/staff/my-account/passkeys': {},
  '/staff/my-account/passkeys/new': { open: (page) => namePasskey(page, '/staff/my-account/passkeys') },
  '/staff/my-account/passkeys/:id': { at: at('/staff/my-account/passkeys/[id]', passkeyOf('staff_id')) },
  '/staff/my-account/language': {},
  '/staff/my-account/password': {},
  '/staff/my-account/two-step': {},
  '/staff/payments': {},
  '/staff/payments/:number': { at: at('/staff/payments/[number]', payment) },
  '/staff/payments/export.csv': isFile,
  '/staff/people': {},
  '/staff/people/:id': { at: at('/staff/people/[id]', `select id from app.staff_users where role = 'front_desk'`) },
  '/staff/people/:id/sign-in-help': { at: at('/staff/people/[id]/sign-in-help', `select id from app.staff_users where role = 'front_desk'`) },
  '/staff/settings': {},
  '/staff/settings/:section': { at: '/staff/settings/portal' },
  '/staff/preview': {},
  '/staff/roles': {},
  '/staff/reports': {},
  '/staff/reports/portal-log': {},
  '/staff/reports/portal-log.csv': isFile,
  '/staff/messages': {},
  '/staff/messages.csv': isFile,
  '/staff/messages/:id': { at: at('/staff/messages/[id]', 'select id from app.messages order by (account_id = $1) desc nulls last, id limit 1') },
  '/staff/accounts/:number/messages': { at: (place) => `/staff/accounts/${place.accountNumber}/messages` },
  '/staff/digest': {},
  '/staff/digest/cards': {},
  '/staff/portal-log': { not: 'leads to the report' },
  '/staff/accounts/:number/portal-log': { at: (place) => `/staff/accounts/${place.accountNumber}/portal-log` },
  '/staff/settings/portal/sample.svg': isFile,
  '/staff/settings/versions': {},
  '/staff/settings/versions/:version': { at: '/staff/settings/versions/1' },
  '/staff/dispatch': {},
  '/staff/dispatch/changes': { not: 'a stream' },
  '/staff/dispatch/moves/:number': { at: at('/staff/dispatch/moves/[number]', later), packs: ['fieldservice', 'lawncare'] },
  '/staff/dispatch/resources': {},
  '/staff/visits': {},
  '/staff/visits.csv': isFile,
  '/staff/visits/new': {},
  '/staff/visits/:number': { at: at('/staff/visits/[number]', later), packs: ['fieldservice', 'lawncare'] },
  '/staff/visits/:number/photos/:id': isFile,
  '/staff/tasks': {},
};
