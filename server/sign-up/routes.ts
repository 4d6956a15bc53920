import { z } from 'zod';
import { addressField } from '../links/address-field.ts';
import { countForm, doorRoutes } from '../links/door.ts';
import { requestLink } from '../links/request-link.ts';
import { passwordDoor } from '../passwords/choose-password.ts';
import { sendFirst } from '../resets/answer-request.ts';
import { findPerson } from '../logins/people.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { signUpPath } from './sign-up-mail.ts';

/** S2-37: Sign Up, email, mail, password twice, log in. */
const stepsOf = (current: number) => (req: PublicRequest) => ({ current, steps: [1, 2, 3, 4, 5].map((step) => req.t(`sign-up.step-${step}`)) });

function showSignUp(req: PublicRequest): Reply {
  return page('sign-up/sign-up', { title: req.t('sign-up.title'), ...stepsOf(2)(req) });
}

async function signUp(req: PublicRequest): Promise<Reply> {
  const { email } = readForm(form, req.body, req.t);
  await countForm(req);
  await requestLink(req.tenant, 'sign_up', email);
  return seeOther('/signup/sent');
}

function showSent(req: PublicRequest): Reply {
  return page('sign-up/sent', { title: req.t('links.sent-title'), ...stepsOf(3)(req) });
}

const form = z.object({ email: addressField });

const door = passwordDoor({
  kind: 'sign_up',
  path: signUpPath,
  words: 'sign-up.choose',
  steps: stepsOf(4),
  renew: async (req, link) => {
    const person = await findPerson(link.contactId ?? '');
    if (person) await sendFirst(req, person, ['self_signup']);
  },
});

export const signUpRoutes = [get('/signup', showSignUp), post('/signup', signUp, { page: showSignUp }), get('/signup/sent', showSent), ...doorRoutes(door)];
