import { readEnrolment } from '../autopay/enrolment.ts';
import { readDetails, type ContactDetails } from '../contacts/details.ts';
import { readShown } from '../custom-fields/own.ts';
import { listPending } from '../pending-changes/pending-change.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findConsent } from './text-consent.ts';
import { usernameAccess } from './username.ts';

/** One line of the account page, and where it is changed ('': not by the reader). */
interface Line {
  readonly key: string;
  readonly text: string;
  readonly href: string;
}

/** S3-32, S4-45: what is on file about the reader. Each group hidden, shown or to be changed, as the organization says (C-7). */
export const accountPage = get('/account', async (req: CustomerRequest): Promise<Reply> => {
  const { account, tenant: { site } } = req;
  const [details, additional, changes, texts, autopay] = await together(
    () => readDetails(account.contactId),
    () => readShown(req),
    () => listPending(account.contactId),
    async () => (site.hasTexts ? { consent: await findConsent(account.contactId) } : undefined),
    async () => (site.hasAutopay ? readEnrolment(account, site) : undefined),
  );
  return page('accounts/account', {
    title: req.t('accounts.title'),
    lines: details ? linesOf(req, details) : [],
    additional,
    pending: details ? worded(req, details, changes) : [],
    texts,
    showsBillingContacts: site.profile('billing_contact') !== 'hidden',
    autopay,
    showsMethods: site.gateway !== 'none',
  });
});

/** What was asked for and waits for staff, as it will stand there. */
function worded(req: CustomerRequest, details: ContactDetails, changes: Awaited<ReturnType<typeof listPending>>): { key: string; text: string }[] {
  return changes.map(({ what, wanted }) => ({ key: what, text: linesOf(req, { ...details, ...wanted }).find(({ key }) => key === what)?.text ?? '' }));
}

function linesOf(req: CustomerRequest, details: ContactDetails): Line[] {
  const { site } = req.tenant;
  const line = (key: string, access: 'hidden' | 'view' | 'edit' | 'approve', text: string): Line[] => (access === 'hidden' ? [] : [{ key, text, href: access === 'view' ? '' : `/account/${key}` }]);
  return [
    ...line('name', site.profile('name'), `${details.firstName} ${details.lastName}`.trim()),
    ...line('email', site.profile('email'), details.email),
    ...line('phones', site.profile('phones'), phonesOf(req, details)),
    ...line('address', site.profile('address'), addressOf(details)),
    ...line('username', usernameAccess(site), req.person.loginId),
  ];
}

function phonesOf({ t }: CustomerRequest, details: ContactDetails): string {
  const named = (['cellPhone', 'homePhone', 'workPhone', 'otherPhone'] as const).map((name) => details[name] && t('accounts.phone', { number: details[name], kind: t(`contacts.${name}`) }));
  return named.filter(Boolean).join('\n');
}

function addressOf({ address1, address2, city, region, postalCode }: ContactDetails): string {
  return [address1, address2, [city, [region, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ')].filter(Boolean).join('\n');
}
