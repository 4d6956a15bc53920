import { issueLink } from '../links/link.ts';
import { addressIn, mailTo, secretLink, type Sender } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';
import { read } from '../platform/database.ts';
import { invitationPath } from '../invitations/invite.ts';
import { fillTags, paragraphs, type Letter } from './letter.ts';

/**
 * S1-29, S3-1: the letter to one person. Where people come in by invitation its button is a link of this person's own, which takes the
 * place of an older one (S3-3); elsewhere it leads to the portal (S1-5).
 */
export async function sendLetter(sender: Sender, person: Person, letter: Letter): Promise<void> {
  const { site } = sender.tenant;
  await read('mark-invited', 'update app.contacts set invited_at = now() where id = $1', [person.contactId]);
  const hours = site.hoursOf.invitation;
  const token = site.enters('invitation') ? await issueLink({ kind: 'invitation', email: person.email, owner: person, hours }) : null;
  const parts = paragraphs(fillTags(letter.body, { name: person.name }));
  await mailTo(sender, person, (t) => ({
    type: 'Portal Invitation',
    renewal: 'invitation',
    subject: fillTags(letter.subject, { name: person.name }),
    blocks: parts.flatMap((part) => {
      if (part !== '{{button}}') return [{ text: part }];
      if (!token) return [{ link: t('invitations.button-portal', { portal: site.typeLabel }), url: addressIn(sender, '/') }];
      return [secretLink(sender, t('invitations.mail-link'), invitationPath, token), { text: t('links.mail-valid', { count: hours }) }];
    }),
  }));
}
