import { NotFound, NotOffered } from '../platform/errors.ts';
import { readForm, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { needCurrentPassword } from '../sign-ins/current-password.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { addressForm, emailForm, nameForm, phonesForm } from './detail-forms.ts';
import { listBillingContacts, saveDetails, type ContactDetails } from './details.ts';
import { askForNewEmail } from './new-email.ts';

/** S0-25..S0-27: cards of who gets the bills, each with its EDIT link. */
export const billingContactRoutes = [
  get('/billing/contacts', showCards),
  get('/billing/contacts/:id', showCard),
  post('/billing/contacts/:id', saveCard, { page: showCard, outside: true }),
];

async function showCards(req: CustomerRequest): Promise<Reply> {
  const access = req.tenant.site.profile('billing_contact');
  if (access === 'hidden') throw new NotOffered('billing contacts');
  return page('contacts/cards', { title: req.t('contacts.cards-title'), cards: await listBillingContacts(req.account.id), mayEdit: access === 'edit' });
}

async function showCard(req: CustomerRequest): Promise<Reply> {
  const contact = await findCard(req);
  return page('contacts/edit-card', { title: req.t('contacts.edit-card'), contact, mayChangeEmail: mayChangeEmail(req, contact) });
}

const cardForm = nameForm.extend(phonesForm.shape).extend(addressForm.shape);

async function saveCard(req: CustomerRequest): Promise<Reply> {
  const contact = await again(req, () => findCard(req));
  const details = readForm(cardForm, req.body, req.t);
  const email = newEmailIn(req, contact);
  if (email) await needCurrentPassword(req);
  const changed = await again(req, async () => {
    const names = await saveDetails(contact, details);
    if (names.length) await recordPortalLog({ kind: 'billing-contact-changed', message: `Billing contact changed by UserID: ${req.person.loginId}`, accountId: req.account.id, contactId: contact.id });
    if (email) await askForNewEmail(req, contact, email);
    return names.length > 0;
  });
  setFlash(req, email ? 'info' : 'success', req.t(email ? 'accounts.email-sent' : changed ? 'accounts.saved' : 'accounts.nothing-changed', { email: email ?? '' }));
  return seeOther('/billing/contacts');
}

/** undefined: it stays as it is. */
function newEmailIn(req: CustomerRequest, contact: ContactDetails): string | undefined {
  if (!mayChangeEmail(req, contact)) return undefined;
  const { email } = readForm(emailForm, req.body, req.t);
  return email === contact.email ? undefined : email;
}

/** Whoever signs in for themselves changes their own address: by another's it could be taken over. */
function mayChangeEmail({ person }: CustomerRequest, { loginRef }: ContactDetails): boolean {
  return loginRef === null || loginRef === person.loginRef;
}

async function findCard(req: CustomerRequest): Promise<ContactDetails> {
  const id = uuid.safeParse(req.params['id']);
  const cards = id.success && req.tenant.site.profile('billing_contact') === 'edit' ? await listBillingContacts(req.account.id) : [];
  const contact = cards.find((card) => card.id === id.data);
  if (!contact) throw new NotFound('no such billing contact');
  return contact;
}
