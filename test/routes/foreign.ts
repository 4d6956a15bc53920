import { randomUUID } from 'node:crypto';
import { makeAccount, makeContact, makeInvoice, makeLogin, sql, type World } from '../support/world.ts';

/** What a customer of a neighbouring account owns: real things, which must look exactly as if they did not exist. */
export interface Neighbour {
  readonly accountId: string;
  readonly invoice: string;
  readonly payment: string;
  readonly methodId: string;
  readonly passkeyId: string;
  readonly contactId: string;
  readonly exportId: string;
  readonly ticket: string;
  readonly ticketFileId: string;
  readonly visit: string;
  readonly photoId: string;
}

export async function makeNeighbour(world: World): Promise<Neighbour> {
  const accountId = await makeAccount(world, { name: 'Neighbour' });
  const invoice = `INV-${randomUUID().slice(0, 8)}`;
  await makeInvoice(world, accountId, { number: invoice });
  const payment = `PAY-${randomUUID().slice(0, 8)}`;
  await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) values ($1, $2, 'succeeded', 100, 'USD', now())`, [accountId, payment]);
  const [method] = await sql<{ id: string }>(
    world,
    `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year) values ($1, 'sandbox', $2, 'card', 'Visa', '4242', 1, 2030) returning id`,
    [accountId, `test_visa:${randomUUID()}`],
  );
  const [passkey] = await sql<{ id: string }>(
    world,
    `insert into app.passkeys (login_ref, credential_id, public_key, name) values ($1, $2, '', 'Phone') returning id`,
    [await makeLogin(world, `${randomUUID()}@example.test`), randomUUID()],
  );
  const [usages] = await sql<{ id: string }>(
    world,
    `insert into app.exports (account_id, login_ref, email, columns, filter, most) values ($1, $2, 'x@example.test', '{number}', '{}', 1) returning id`,
    [accountId, await makeLogin(world, `${randomUUID()}@example.test`)],
  );
  const ticket = `T-${randomUUID().slice(0, 8)}`;
  const [hung] = await sql<{ id: string }>(
    world,
    `with ticket as (insert into app.tickets (account_id, opened_by, number, request_key, category, body) values ($1, 'Neighbour', $2, uuidv7(), 'Billing', 'Mine alone') returning id, account_id),
          file as (insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'ticket attachment', 'a.pdf', 'application/pdf', 1, '', $2) returning id)
     insert into app.ticket_files (ticket_id, account_id, file_id) select ticket.id, account_id, file.id from ticket, file returning id`,
    [accountId, ticket],
  );
  const visit = `V-${randomUUID().slice(0, 8)}`;
  await sql(world, `insert into app.visits (account_id, number, title, status, starts_at, ends_at, currency) values ($1, $2, 'Mowing', 'scheduled', now() + interval '9 days', now() + interval '10 days', 'USD')`, [accountId, visit]);
  const [photo] = await sql<{ id: string }>(
    world,
    `with file as (insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'visit photo', 'a.png', 'image/png', 1, '', $2) returning id)
     insert into app.visit_photos (account_id, visit_id, file_id) select $1, v.id, file.id from app.visits v, file where v.number = $2 returning id`,
    [accountId, visit],
  );
  return { accountId, visit, photoId: photo?.id ?? '', invoice, ticket, ticketFileId: hung?.id ?? '', payment, exportId: usages?.id ?? '', methodId: method?.id ?? '', passkeyId: passkey?.id ?? '', contactId: await makeContact(world, accountId) };
}

/**
 * The neighbour's own address for every route that names a thing. A route with a parameter that is not listed here fails the suite:
 * whoever adds one says how to try it with somebody else's thing.
 */
export const foreignAddress: Readonly<Record<string, (neighbour: Neighbour) => string>> = {
  '/account/history/:id/undo': () => `/account/history/${randomUUID()}/undo`,
  '/invoices/:number': ({ invoice }) => `/invoices/${invoice}`,
  '/invoices/:number.pdf': ({ invoice }) => `/invoices/${invoice}.pdf`,
  '/invoices/:number/attachments/:id': ({ invoice }) => `/invoices/${invoice}/attachments/${randomUUID()}`,
  '/payments/:number': ({ payment }) => `/payments/${payment}`,
  '/payments/:number/continuation': ({ payment }) => `/payments/${payment}/continuation`,
  '/payments/:number/cancellation': ({ payment }) => `/payments/${payment}/cancellation`,
  '/billing/payments/:number': ({ payment }) => `/billing/payments/${payment}`,
  '/billing/payments/:number/continuation': ({ payment }) => `/billing/payments/${payment}/continuation`,
  '/billing/payments/:number/cancellation': ({ payment }) => `/billing/payments/${payment}/cancellation`,
  '/billing/methods/:id/default': ({ methodId }) => `/billing/methods/${methodId}/default`,
  '/billing/methods/:id/removal': ({ methodId }) => `/billing/methods/${methodId}/removal`,
  '/account/security/passkeys/:id': ({ passkeyId }) => `/account/security/passkeys/${passkeyId}`,
  '/account/security/passkeys/:id/removal': ({ passkeyId }) => `/account/security/passkeys/${passkeyId}/removal`,
  '/tickets/:number': ({ ticket }) => `/tickets/${ticket}`,
  '/tickets/:number/messages': ({ ticket }) => `/tickets/${ticket}/messages`,
  '/tickets/:number/closing': ({ ticket }) => `/tickets/${ticket}/closing`,
  '/tickets/:number/reopening': ({ ticket }) => `/tickets/${ticket}/reopening`,
  '/tickets/:number/files/:id': ({ ticket, ticketFileId }) => `/tickets/${ticket}/files/${ticketFileId}`,
  '/billing/contacts/:id': ({ contactId }) => `/billing/contacts/${contactId}`,
  '/usages/exports/:id': ({ exportId }) => `/usages/exports/${exportId}`,
  '/services/:number/reschedule': ({ visit }) => `/services/${visit}/reschedule`,
  '/services/:number/reschedule/withdrawal': ({ visit }) => `/services/${visit}/reschedule/withdrawal`,
  '/services/:number/photos/:id': ({ visit, photoId }) => `/services/${visit}/photos/${photoId}`,
  '/services/:number': ({ visit }) => `/services/${visit}`,
  '/exports/:id': ({ exportId }) => `/exports/${exportId}`,
  '/exports/:id/file': ({ exportId }) => `/exports/${exportId}/file`,
  '/billing/methods/saved/:saving': () => `/billing/methods/saved/${randomUUID()}`,
};

/** Routes with a parameter that name nothing of anybody's, and why. */
export const ownerless: Readonly<Record<string, string>> = {};
