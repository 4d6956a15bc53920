import { sendInvitation, sendPendingConfirmation } from '../invitations/invite.ts';
import { isMailedEnough } from '../links/link.ts';
import type { Sender } from '../links/link-mail.ts';
import { takeRequest, type LinkRequest } from '../links/request-link.ts';
import { findPeople, type Person } from '../logins/people.ts';
import type { JobPayload } from '../platform/queue.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { sendKnownAlready, sendSignUp } from '../sign-up/sign-up-mail.ts';
import type { Outside } from '../tenancy/outside.ts';
import { findTenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { sendConfirmation, sendReset } from './reset-mail.ts';

/** Forgot Password, first the link and then the password. Nobody there: nothing happens, and nobody is told. */
export const answerReset = answering(async (sender, person) => {
  if (person.hasPassword) await sendReset(sender, person);
  else await sendFirst(sender, person, ['first_reset', 'self_signup', 'invitation']);
});

/** Forgot Password, first the password and then the link. */
export const answerConfirmPassword = answering(async (sender, person, { id, payload }) => {
  const isFirst = sender.tenant.site.enters('first_reset') && mayGetFirst(sender, person);
  if (person.hasPassword || isFirst) await sendConfirmation(sender, person, { ...payload, requestId: id });
  else await sendFirst(sender, person, ['self_signup', 'invitation']);
});

export const answerSignUp = answering(async (sender, person) => {
  if (person.hasPassword) await sendKnownAlready(sender, person);
  else await sendFirst(sender, person, ['self_signup']);
});

type FirstWay = 'first_reset' | 'self_signup' | 'invitation';

/** Sends somebody without a password the link of the first of these ways that the organization has open; an invitation only to whom staff have invited. */
export async function sendFirst(sender: Sender, person: Person, ways: readonly FirstWay[]): Promise<void> {
  if (await isMailedEnough(person.contactId)) return;
  if (await sendPendingConfirmation(sender, person)) return;
  const way = ways.find((one) => sender.tenant.site.enters(one) && (one === 'invitation' ? person.invitedAt !== null : mayGetFirst(sender, person)));
  if (way === 'first_reset') await sendReset(sender, person);
  if (way === 'self_signup') await sendSignUp(sender, person);
  if (way === 'invitation') await sendInvitation(sender, person);
}

/** C-24: by themselves all contacts get in, or only those whom staff have invited. */
function mayGetFirst({ tenant }: Sender, person: Person): boolean {
  return !tenant.site.isInvitedOnly || person.invitedAt !== null;
}

type Answer = (sender: Sender, person: Person, request: LinkRequest) => Promise<void>;

function answering(answer: Answer) {
  return async (outside: Outside, { slug = '', requestId = '' }: JobPayload): Promise<void> => {
    const tenant = await findTenant(slug);
    if (!tenant) return;
    await withTenant(tenant.id, async () => {
      const request = await takeRequest(requestId);
      if (!request) return;
      for (const person of oneEach(await findPeople(request.typed))) {
        if (await isMailedEnough(person.contactId)) continue;
        await answer({ outside, tenant }, person, request);
        await recordPortalLog({ kind: 'link-requested', message: `Password link requested for UserID: ${person.loginId ?? person.email}`, contactId: person.contactId, loginRef: person.loginRef ?? undefined });
      }
    });
  };
}

/** One mail for each login that the address opens; when none of them has a password, one for the first contact. */
function oneEach(people: readonly Person[]): Person[] {
  const known = people.filter(({ hasPassword }) => hasPassword);
  const logins = known.filter((person, at) => known.findIndex(({ loginRef }) => loginRef === person.loginRef) === at);
  return logins.length ? logins.slice(0, 3) : people.slice(0, 1);
}
