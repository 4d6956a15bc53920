import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { database, globally, read, run } from '../../server/platform/database.ts';
import { Login } from '../../server/logins/login.ts';
import { enter, withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, password, signedInFamily, sql } from '../support/world.ts';

const accountsOf = async (tenantId: string) => withTenant(tenantId, () => run<{ id: string }>('select id from app.accounts'));

describe('the walls between organizations', () => {
  it('the same sign-in opens only the portal it was made for', async () => {
    const [one, other] = [await signedInFamily('studio'), await makeWorld('lawncare')];
    assert.equal((await one.visitor.get('/')).status, 200);
    const answer = await one.visitor.on(other.slug).get('/');
    assert.equal(answer.status, 303);
    assert.equal(answer.headers['location'], '/login');
    assert.equal((await one.visitor.get('/')).status, 200);
  });

  it('one organization sees none of another’s rows, and cannot write into it', async () => {
    const [one, other] = [await makeWorld('studio'), await makeWorld('studio')];
    const foreign = await makeAccount(other);
    await makeAccount(one);
    assert.ok((await accountsOf(one.id)).every(({ id }) => id !== foreign));
    await assert.rejects(sql(one, 'update app.accounts set tenant_id = $1', [other.id]), /row-level security/);
    await assert.rejects(sql(one, `insert into app.accounts (tenant_id, number, name) values ($1, 'X', 'X')`, [other.id]), /row-level security/);
    await assert.rejects(makeContact(one, foreign), /foreign key/);
  });

  it('a customer’s transaction sees the own accounts only, whatever the query says', async () => {
    const { world, accountId } = await signedInFamily('studio');
    const neighbour = await makeAccount(world, { name: 'Neighbour' });
    await makeInvoice(world, neighbour, { number: 'INV-NEIGHBOUR' });
    await makeInvoice(world, accountId, { number: 'INV-OWN' });
    await makeContact(world, neighbour);
    const [signIn] = await sql<{ id: string }>(world, 'select id from app.sign_ins');
    const seen = await enter({ tenantId: world.id, signInId: signIn?.id, mode: 'customer' }, () => run<{ number: string }>('select number from app.invoices'));
    assert.deepEqual(seen.map(({ number }) => number), ['INV-OWN']);
    // Money has a wall of its own within; people have the plain one.
    const people = await enter({ tenantId: world.id, signInId: signIn?.id, mode: 'customer' }, () => run<{ accountId: string }>('select account_id as "accountId" from app.contacts'));
    assert.deepEqual(people, [{ accountId }]);
    await assert.rejects(
      enter({ tenantId: world.id, signInId: signIn?.id, mode: 'customer' }, () => run(`insert into app.contacts (account_id, first_name, last_name) values ($1, 'X', 'Y')`, [neighbour])),
      /row-level security/,
    );
    await assert.rejects(
      enter({ tenantId: world.id, signInId: signIn?.id, mode: 'customer' }, () =>
        run(`insert into app.invoices (account_id, number, issued_on, currency, total_cents) values ($1, 'X', now(), 'USD', 1)`, [neighbour]),
      ),
      /row-level security/,
    );
  });

  it('without a sign-in no row of an account can be seen', async () => {
    const { world } = await signedInFamily('studio');
    assert.deepEqual(await enter({ tenantId: world.id, mode: 'public' }, () => run('select id from app.accounts')), []);
    assert.deepEqual(await globally(() => run('select id from app.accounts')), []);
  });

  it('what belongs to no account is seen by whoever sees all accounts only', async () => {
    const { world, accountId } = await signedInFamily('studio');
    const ask = (account: string | null) => run(`insert into app.contact_requests (account_id, request_key, name, email, subject, body) values ($1, uuidv7(), 'X', 'x@example.com', 'X', 'X')`, [account]);
    await withTenant(world.id, async () => (await ask(null), await ask(accountId)));
    const [signIn] = await sql<{ id: string }>(world, 'select id from app.sign_ins');
    const asCustomer = <T>(work: () => Promise<T>) => enter({ tenantId: world.id, signInId: signIn?.id, mode: 'customer' }, work);
    const seen = () => run<{ of: string | null }>('select account_id as of from app.contact_requests order by account_id');
    assert.deepEqual(await asCustomer(seen), [{ of: accountId }]);
    assert.deepEqual(await withTenant(world.id, seen), [{ of: accountId }, { of: null }]);
    await assert.rejects(asCustomer(() => ask(null)), /row-level security/);
  });

  it('a query outside a transaction never leaves the process, by any way', async () => {
    const refused = /outside a tenant transaction/;
    await assert.rejects(Login.findAll(), refused);
    await assert.rejects(Login.count(), refused);
    await assert.rejects(Login.sum('failedAttempts'), refused);
    await assert.rejects(Login.bulkCreate([{ loginId: 'x' }]), refused);
    await assert.rejects(Login.update({ loginId: 'x' }, { where: {} }), refused);
    await assert.rejects(Login.increment('failedAttempts', { where: {} }), refused);
    await assert.rejects(Login.destroy({ where: {} }), refused);
    await assert.rejects(database.query('select 1'), refused);
    await assert.rejects(read('outside', 'select 1'), refused);
  });

  it('a row is not found by a bare id, and no second transaction opens inside a first', async () => {
    const { world } = await signedInFamily('studio');
    await assert.rejects(withTenant(world.id, () => Login.findByPk()), /through its owner/);
    await assert.rejects(withTenant(world.id, () => withTenant(world.id, async () => undefined)), /second transaction/);
  });

  it('a page that is only looked at cannot write', async () => {
    const { world } = await signedInFamily('studio');
    await assert.rejects(enter({ tenantId: world.id, mode: 'system', readOnly: true }, () => run(`update app.accounts set name = 'x'`)), /read-only transaction/);
  });

  it('a sign-in that has ended, expired, been idle or lost its last contact is nobody', async () => {
    const changes = [
      'update app.sign_ins set ended_at = now()',
      `update app.sign_ins set expires_at = now() - interval '1 second'`,
      `update app.sign_ins set seen_at = now() - interval '31 minutes'`,
      'update app.contacts set may_sign_in = false',
      `update app.accounts set stage = 'lead'`,
    ];
    for (const change of changes) {
      const { world, visitor } = await signedInFamily('studio');
      assert.equal((await visitor.get('/')).status, 200);
      await sql(world, change);
      const answer = await visitor.get('/invoices');
      assert.equal(answer.status, 303, change);
      assert.equal(answer.headers['location'], '/login', change);
    }
  });

  it('C-32 one login opens all its accounts and chooses between them', async () => {
    const world = await makeWorld('fieldservice');
    const loginRef = await makeLogin(world, 'maria');
    for (const name of ['Lake house', 'Town house']) await makeContact(world, await makeAccount(world, { name }), { login_ref: loginRef });
    const visitor = await visit(world.slug);
    await visitor.signIn('maria', password);
    const [, second] = await sql<{ id: string }>(world, 'select id from app.accounts order by name');
    assert.match((await visitor.get('/account')).text, /Lake house/);
    assert.equal((await visitor.post('/account/choice', { account: second?.id })).status, 303);
    assert.match((await visitor.get('/account')).text, /Town house/);
  });
});
