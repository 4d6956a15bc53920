import { z } from 'zod';
import { NotOffered, Refused } from '../platform/errors.ts';
import { readForm, required } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { needCurrentPassword } from '../sign-ins/current-password.ts';
import { holderOf } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import type { Site } from '../site/site.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { hashAnswers, howMany, listQuestions, plainAnswer, questions, replaceAnswers, type Chosen } from './answers.ts';

export const questionsPath = '/account/security/questions';

/** S4-49: three questions, and answers that nobody is ever shown. */
export const questionRoutes = [get(questionsPath, showQuestions, { early: true }), post(questionsPath, saveQuestions, { page: showQuestions, outside: true, early: true })];

/** What C-7 says of the group, where the questions are asked at all. Where they are required, they can be given. */
export function questionsAccess(site: Site): 'hidden' | 'view' | 'edit' {
  if (site.securityQuestions === 'off') return 'hidden';
  return site.securityQuestions === 'required' ? 'edit' : site.profile('security_questions');
}

async function showQuestions(req: CustomerRequest): Promise<Reply> {
  needEdit(req);
  const chosen = await listQuestions(req.person.loginRef);
  const fields = Array.from({ length: howMany }, (_, at) => ({ at: at + 1, question: chosen[at]?.question ?? questions[at] ?? '' }));
  const isFirst = req.tenant.site.securityQuestions === 'required' && chosen.length === 0;
  return page('security-questions/questions', { title: req.t('security-questions.title'), fields, questions, isFirst });
}

async function saveQuestions(req: CustomerRequest): Promise<Reply> {
  needEdit(req);
  const chosen = readChosen(req);
  await needCurrentPassword(req);
  const hashes = await hashAnswers(chosen);
  await again(req, async () => {
    await replaceAnswers(req.person.loginRef, chosen, hashes);
    await endOthers(holderOf(req));
    await tellHolder(req, { kind: 'security-questions-changed', message: 'Security questions changed', text: 'security-questions.mail-changed' });
  });
  setFlash(req, 'success', req.t('security-questions.saved'));
  return seeOther('/account/security');
}

const places = Array.from({ length: howMany }, (_, at) => at + 1);
const form = z.object(Object.fromEntries(places.flatMap((at) => [
  [`question${at}`, z.enum(questions, 'security-questions.choose')],
  [`secretAnswer${at}`, required(100).refine((typed) => plainAnswer(typed).length >= 2, 'security-questions.too-short')],
])));

function readChosen(req: CustomerRequest): Chosen[] {
  const given = readForm(form, req.body, req.t) as Record<string, string>;
  const chosen = places.map((at) => ({ question: given[`question${at}`] ?? '', answer: given[`secretAnswer${at}`] ?? '' }));
  const errors: Record<string, string> = {};
  for (const [at, { question, answer }] of chosen.entries()) {
    const before = chosen.slice(0, at);
    if (before.some((one) => one.question === question)) errors[`question${at + 1}`] = req.t('security-questions.same-question');
    if (before.some((one) => plainAnswer(one.answer) === plainAnswer(answer))) errors[`secretAnswer${at + 1}`] = req.t('security-questions.same-answer');
  }
  if (Object.keys(errors).length) throw new Refused(errors);
  return chosen;
}

function needEdit(req: CustomerRequest): void {
  if (questionsAccess(req.tenant.site) !== 'edit') throw new NotOffered('security questions');
}
