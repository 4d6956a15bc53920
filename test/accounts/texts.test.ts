import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { signedInFamily, sql } from '../support/world.ts';

async function customer() {
  const family = await signedInFamily('lawncare');
  await sql(family.world, `update app.contacts set cell_phone = '(262) 555-0123'`);
  await family.visitor.get('/account/texts');
  return family;
}

describe('text messages', () => {
  it('S2-9 a customer opts in with the words of the organization, and the time of consent is kept and shown', async () => {
    const { world, visitor } = await customer();
    const first = await visitor.post('/account/texts', {});
    assert.deepEqual([first.status, /id="agree-error"/.test(first.text)], [422, true]);
    assert.equal((await visitor.post('/account/texts', { agree: 'on' })).status, 303);
    const [consent] = await sql<{ phone: string; wording: string; fresh: boolean }>(world, `select phone, wording, agreed_at > now() - interval '1 minute' as fresh from app.text_consents`);
    assert.deepEqual(consent, { phone: '(262) 555-0123', wording: 'Text me reminders about my services. These are not marketing messages.', fresh: true });
    assert.match((await visitor.get('/account')).text, /On for \(262\) 555-0123 since /);
    const [line] = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'text-consent'`);
    assert.equal(line?.message, 'Opted in to text messages: (262) 555-0123');
  });

  it('S2-9 a customer opts out again; what was agreed to, and when, stays on file', async () => {
    const { world, visitor } = await customer();
    for (let twice = 0; twice < 2; twice += 1) await visitor.post('/account/texts', { agree: 'on' });
    assert.equal((await visitor.post('/account/texts/cancellation')).status, 303);
    assert.deepEqual(await sql(world, 'select ended_at is not null as ended from app.text_consents'), [{ ended: true }]);
    assert.match((await visitor.get('/account')).text, /Opt in/);
  });

  it('S2-9 another cell phone has not agreed to anything', async () => {
    const { world, visitor } = await customer();
    await visitor.post('/account/texts', { agree: 'on' });
    await visitor.post('/account/phones', { cellPhone: '(262) 555-0199', homePhone: '', workPhone: '', otherPhone: '' });
    assert.match((await visitor.get('/account')).text, /you agreed to them for another number/);
    assert.deepEqual(await sql(world, 'select id from app.text_consents where ended_at is null'), []);
  });

  it('S2-9 without a cell phone there is nothing to agree to, and where text messages are off, no page', async () => {
    const { visitor } = await signedInFamily('lawncare');
    assert.match((await visitor.get('/account/texts')).text, /no cell phone number on file/);
    assert.equal((await visitor.post('/account/texts', { agree: 'on' })).status, 422);
    const { visitor: other } = await signedInFamily('studio');
    assert.equal((await other.get('/account/texts')).status, 404);
    assert.doesNotMatch((await other.get('/account')).text, /Text messages/);
  });
});
