import { hashPassword } from '../passwords/hash-password.ts';
import { refuse } from '../platform/forms.ts';
import { page, type Reply } from '../platform/replies.ts';
import { newTemporaryPassword } from '../temporary-passwords/temporary-password.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { giveTestPassword, type TestContact } from './test-contact.ts';

/** Reset Portal Password of a test contact: for whoever it is, and for nobody else, so that the log names who looked. */
export async function resetTestPassword(req: StaffRequest, test: TestContact): Promise<Reply> {
  if (test.staffId !== req.staff.staffId) refuse('', req.t('support.somebody-elses', { name: test.staffName }));
  if (test.isOver) refuse('', req.t('support.is-over'));
  const password = newTemporaryPassword();
  const hash = await hashPassword(password);
  await again(req, () => giveTestPassword(req, test, { password, hash }));
  return page('support/password', { title: req.t('temporary-passwords.shown-title'), test, password });
}
