import { z } from 'zod';
import { readDetails } from '../contacts/details.ts';
import { read, run } from '../platform/database.ts';
import { NotOffered } from '../platform/errors.ts';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';

export interface Consent {
  readonly phone: string;
  /** What the person has agreed to, in the words of that day. */
  readonly wording: string;
  readonly agreedAt: Date;
}

/** The consent to text messages that is in force. */
export async function findConsent(contactId: string): Promise<Consent | undefined> {
  const [row] = await read<Consent & Record<string, unknown>>(
    'text-consent',
    'select phone, wording, agreed_at as "agreedAt" from app.text_consents where contact_id = $1 and ended_at is null',
    [contactId],
  );
  return row;
}

/** False: there was none. What was agreed to, and when, stays on file. */
export async function endConsent({ account, person }: CustomerRequest): Promise<boolean> {
  const [ended] = await run<{ phone: string }>('update app.text_consents set ended_at = now() where contact_id = $1 and ended_at is null returning phone', [account.contactId]);
  if (ended) await recordPortalLog({ kind: 'text-consent-ended', message: `Opted out of text messages: ${ended.phone}`, loginRef: person.loginRef, accountId: account.id, contactId: account.contactId });
  return ended !== undefined;
}

/** S2-9: opting in and out, with the time of consent. */
export const textConsentRoutes = [get('/account/texts', showTexts), post('/account/texts', optIn, { page: showTexts }), post('/account/texts/cancellation', optOut)];

async function showTexts(req: CustomerRequest): Promise<Reply> {
  needTexts(req);
  const details = await readDetails(req.account.contactId);
  return page('accounts/texts', { title: req.t('accounts.texts'), consent: await findConsent(req.account.contactId), phone: details?.cellPhone ?? '' });
}

async function optIn(req: CustomerRequest): Promise<Reply> {
  needTexts(req);
  readForm(z.object({ agree: z.literal('on', 'accounts.texts-agree-first') }), req.body, req.t);
  const { account, person } = req;
  const phone = (await readDetails(account.contactId))?.cellPhone ?? '';
  if (!phone) refuse('agree', req.t('accounts.texts-no-phone'));
  const added = await run(
    `insert into app.text_consents (account_id, contact_id, phone, wording) values ($1, $2, $3, $4)
      on conflict (tenant_id, contact_id) where ended_at is null do nothing returning id`,
    [account.id, account.contactId, phone, req.tenant.site.textConsent],
  );
  if (added.length) await recordPortalLog({ kind: 'text-consent', message: `Opted in to text messages: ${phone}`, loginRef: person.loginRef, accountId: account.id, contactId: account.contactId });
  setFlash(req, 'success', req.t('accounts.texts-on', { phone }));
  return seeOther('/account');
}

async function optOut(req: CustomerRequest): Promise<Reply> {
  await endConsent(req);
  setFlash(req, 'info', req.t('accounts.texts-off'));
  return seeOther('/account');
}

function needTexts(req: CustomerRequest): void {
  if (!req.tenant.site.hasTexts) throw new NotOffered('text messages');
}
