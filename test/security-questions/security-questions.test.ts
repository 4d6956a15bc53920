import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { plainAnswer } from '../../server/security-questions/answers.ts';
import { visit } from '../support/visitor.ts';
import { password, signedInFamily, sql } from '../support/world.ts';

const path = '/account/security/questions';
const given = { question1: 'first-pet', secretAnswer1: 'Señor Whiskers', question2: 'first-school', secretAnswer2: 'Maple Street', question3: 'first-job-city', secretAnswer3: 'Boston' };
const all = { ...given, currentPassword: password };

describe('security questions', () => {
  it('S4-49 a client answers three with the current password; the answers are kept as hashes and shown nowhere', async () => {
    const { world, visitor } = await signedInFamily('fieldservice', { 'login.identifier': 'email' });
    await visitor.get(path);
    assert.equal((await visitor.post(path, all)).headers['location'], '/account/security');
    const rows = await sql<{ question: string; answer_hash: string }>(world, 'select question, answer_hash from app.security_answers order by position');
    assert.deepEqual(rows.map(({ question }) => question), ['first-pet', 'first-school', 'first-job-city']);
    assert.ok(rows.every(({ answer_hash: hash }) => hash.startsWith('$argon2id$')));
    const pages = [(await visitor.get(path)).text, (await visitor.get('/account/security')).text];
    assert.ok(pages.every((text) => !/whiskers|maple|boston/i.test(text)));
    assert.match(pages[1] ?? '', /Answered/);
  });

  it('S4-49 changing them ends other sessions, mails the person, and logs no answer', async () => {
    const { world, visitor } = await signedInFamily('fieldservice', { 'login.identifier': 'email' });
    const other = await visit(world.slug);
    await other.signIn('maria@example.test', password);
    await visitor.get(path);
    await visitor.post(path, all);
    assert.equal((await other.get('/')).headers['location'], '/login');
    const [mail] = await sql<{ to_address: string; text_body: string }>(world, 'select to_address, text_body from app.messages');
    assert.equal(mail?.to_address, 'maria@example.test');
    assert.doesNotMatch(mail.text_body, /whiskers/i);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'security-questions-changed'`), [{ message: 'Security questions changed for UserID: maria@example.test' }]);
  });

  it('S4-49 refuses the same question or answer twice, an empty or short answer, and a wrong password; answers are not typed back', async () => {
    const { world, visitor } = await signedInFamily('fieldservice', { 'login.identifier': 'email' });
    await visitor.get(path);
    const wrong = [
      [{ question2: 'first-pet' }, 'question2'],
      [{ secretAnswer2: 'senor whiskers!' }, 'secretAnswer2'],
      [{ secretAnswer3: '' }, 'secretAnswer3'],
      [{ secretAnswer3: '-x-' }, 'secretAnswer3'],
      [{ question1: 'mother-maiden-name' }, 'question1'],
      [{ currentPassword: 'wrong' }, 'currentPassword'],
    ] as const;
    for (const [change, field] of wrong) {
      const answer = await visitor.post(path, { ...all, ...change });
      assert.deepEqual([answer.status, answer.text.includes(`id="${field}-error"`), /whiskers|Boston/i.test(answer.text)], [422, true, false], field);
    }
    assert.deepEqual(await sql(world, 'select 1 from app.security_answers'), []);
  });

  it('S4-49 where they are required, nothing else opens before; where they are off or hidden, they are not offered', async () => {
    const { visitor } = await signedInFamily('studio', { 'login.security_questions': 'required' });
    assert.equal((await visitor.get('/invoices')).headers['location'], path);
    assert.match((await visitor.get(path)).text, /asks everybody/);
    await visitor.post(path, all);
    assert.equal((await visitor.get('/invoices')).status, 200);
    for (const settings of [{ 'login.security_questions': 'off' }, { 'login.security_questions': 'optional', 'profile.fields.security_questions': 'hidden' }] as const) {
      const { visitor: other } = await signedInFamily('studio', settings);
      assert.equal((await other.get(path)).status, 404);
      assert.doesNotMatch((await other.get('/account/security')).text, /Security questions/);
    }
  });

  it('S4-49 case, accents, blanks and punctuation of an answer make no difference', () => {
    assert.equal(plainAnswer('  Señor   WHISKERS! '), plainAnswer('senor whiskers'));
    assert.notEqual(plainAnswer('Rex 2'), plainAnswer('Rex'));
    assert.equal(plainAnswer('猫'), '猫');
  });
});
