import { z } from 'zod';
import { withHashing } from '../passwords/hash-password.ts';
import { readForm, refuse, required } from '../platform/forms.ts';
import { seeOther, type Reply } from '../platform/replies.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Helped } from '../sign-in-help/helped.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { listQuestions, plainAnswer, questions } from './answers.ts';

/** Somebody on the telephone answers one of the own questions: staff type what they hear, and learn only whether it is right. Counted and logged. */
export async function checkAnswer(req: StaffRequest, find: () => Promise<Helped>): Promise<Reply> {
  const form = readForm(z.object({ question: z.enum(questions, 'security-questions.choose'), secretAnswer: required(100) }), req.body, req.t);
  const helped = await again(req, find);
  const { loginRef } = helped;
  await req.outside.limits.take('password-check', `${req.tenant.id} answers ${loginRef}`);
  const chosen = loginRef ? await again(req, () => listQuestions(loginRef)) : [];
  const stored = chosen.find(({ question }) => question === form.question)?.answerHash ?? null;
  const isRight = await withHashing((hasher) => hasher.verify(stored, plainAnswer(form.secretAnswer)));
  const message = `Security question answered ${isRight ? 'rightly' : 'wrongly'} on the telephone for UserID: ${helped.userId}`;
  await again(req, () => recordPortalLog({ kind: 'security-question-asked', message, loginRef: loginRef ?? undefined, contactId: helped.contactId ?? undefined, staffId: req.staff.staffId }));
  if (!isRight) refuse('secretAnswer', req.t('security-questions.is-wrong'));
  setFlash(req, 'success', req.t('security-questions.is-right', { name: helped.name }));
  return seeOther(req.path.replace(/\/answers$/, ''));
}
