import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deleteOldMail } from '../../server/upkeep/delete-old-mail.ts';
import { makeWorld, sql } from '../support/world.ts';

const mail = `insert into app.messages (type, status, subject, to_address, from_address, text_body, html_body, created_at)
  select 'test', $2, $1::int || ' days', 'a@example.test', 'b@example.test', 'text', '<p>text</p>', now() - make_interval(days => $1)`;

describe('how long mail is kept', () => {
  it('the text of a mail goes once it is older than the organization keeps it; that it was sent stays', async () => {
    const [world, other] = [await makeWorld('studio', { 'retention.email_days': 40 }), await makeWorld('studio')];
    for (const [days, status] of [[39, 'complete'], [41, 'complete'], [400, 'failed'], [401, 'queued']]) await sql(world, mail, [days, status]);
    await sql(other, mail, [41, 'complete']);
    await deleteOldMail(world.id);
    await deleteOldMail(other.id);
    const left = 'select subject, status, text_body || html_body as text from app.messages order by created_at desc';
    const texts = (await sql<{ subject: string; status: string; text: string }>(world, left)).map(({ subject, status, text }) => [subject, status, text !== '']);
    assert.deepEqual(texts, [['39 days', 'complete', true], ['41 days', 'complete', false], ['400 days', 'failed', false], ['401 days', 'queued', true]]);
    assert.equal((await sql<{ text: string }>(other, left))[0]?.text, 'text<p>text</p>');
  });
});
