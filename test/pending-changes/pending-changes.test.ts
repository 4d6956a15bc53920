import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { staffOf } from '../custom-fields/fields.ts';
import { lettersTo } from '../support/letters.ts';
import { makeWorld, signedInFamily, sql, type World } from '../support/world.ts';

const phones = (cellPhone: string) => ({ cellPhone, homePhone: '', workPhone: '', otherPhone: '' });
const onFile = async (world: World) => (await sql<{ phone: string | null }>(world, 'select cell_phone as phone from app.contacts'))[0]?.phone;
const pendingOf = async (world: World) => (await sql<{ id: string }>(world, 'select id from app.pending_changes where decided_at is null')).map(({ id }) => `/staff/pending-changes/${id}`);

async function asked() {
  const family = await signedInFamily('lawncare', { 'profile.fields.phones': 'approve' });
  await family.visitor.get('/account/phones');
  assert.equal((await family.visitor.post('/account/phones', phones('(704) 555-0140'))).status, 303);
  return { ...family, owner: await staffOf(family.world) };
}

describe('changes that wait for approval', () => {
  it('C-7 with "approve" nothing changes before staff agree: the client sees what waits, staff see before and after, one approves', async () => {
    const { world, visitor, owner } = await asked();
    assert.equal(await onFile(world), null);
    assert.match((await visitor.get('/account')).text, /Waiting for our approval: Phone numbers: \(704\) 555-0140/);
    const [path = ''] = await pendingOf(world);
    assert.ok((await owner.get('/staff/tasks')).text.includes(path));
    assert.match((await owner.get(path)).text, /<s>[^<]+<\/s>[^]*\(704\) 555-0140/);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => owner.post(path, { decision: at % 2 ? 'approved' : 'refused' })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [303, ...Array.from({ length: 19 }, () => 422)]);
    const [{ decision } = {}] = await sql<{ decision: string }>(world, 'select decision from app.pending_changes');
    assert.equal(await onFile(world), decision === 'approved' ? '(704) 555-0140' : null);
    assert.deepEqual((await sql(world, 'select id from app.staff_tasks where done_at is null')).length, 0);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
    assert.doesNotMatch((await visitor.get('/account')).text, /Waiting for our approval/);
  });

  it('C-7 approved it stands there and the person is told; refused it does not', async () => {
    for (const [decision, phone, told] of [['approved', '(704) 555-0140', /Your change has been made/], ['refused', null, /Your change was not made/]] as const) {
      const { world, visitor, owner } = await asked();
      await owner.get('/staff/tasks');
      assert.equal((await owner.post((await pendingOf(world))[0] ?? '', { decision })).status, 303);
      assert.equal(await onFile(world), phone);
      assert.match((await lettersTo(world, 'maria@example.test')).at(-1)?.subject ?? '', told);
      assert.match((await visitor.get('/account/history')).text, decision === 'approved' ? /We made the change/ : /We did not make the change/);
    }
  });

  it('C-7 a second change takes the place of the first, whose page then decides nothing', async () => {
    const { world, visitor, owner } = await asked();
    const [first = ''] = await pendingOf(world);
    await Promise.all(['(704) 555-0141', '(704) 555-0142'].map((phone) => visitor.post('/account/phones', phones(phone))));
    assert.deepEqual([(await pendingOf(world)).length, (await sql(world, 'select id from app.staff_tasks where done_at is null')).length], [1, 1]);
    await owner.get('/staff/tasks');
    assert.equal((await owner.post(first, { decision: 'approved' })).status, 422);
    assert.equal(await onFile(world), null);
    const elsewhere = await staffOf(await makeWorld('lawncare'));
    assert.equal((await elsewhere.get(first)).status, 404);
    assert.equal((await elsewhere.post(first, { decision: 'approved' })).status, 404);
  });

  it('C-7 C-25 bad input is refused as ever; who wants neither mass mail nor texts still gets the mail about the own account', async () => {
    const { world, contactId, visitor, owner } = await asked();
    const refused = await visitor.post('/account/phones', phones('call me'));
    assert.deepEqual([refused.status, /id="cellPhone-error"/.test(refused.text)], [422, true]);
    await sql(world, 'update app.contacts set mass_email_opt_out = true where id = $1', [contactId]);
    await owner.get('/staff/tasks');
    const [path = ''] = await pendingOf(world);
    assert.equal((await owner.post(path, { decision: 'maybe' })).status, 422);
    await owner.post(path, { decision: 'approved' });
    assert.deepEqual(await sql(world, 'select id from app.text_consents'), []);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
  });
});
