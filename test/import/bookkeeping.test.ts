import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'mocha';
import { nounNames } from '../../server/import/columns.ts';
import { packNames } from '../../server/tenancy/create-tenant.ts';
import { makeWorld, sql, type World } from '../support/world.ts';
import { errorsOf, load, loadFile, worldWithInvoices } from './files.ts';

/** What contradicts itself between the ledger and the rows it was made from, by account and currency; none is right. */
const contradictions = `
  with ledger as (select account_id, currency, ledger, sum(amount_cents)::bigint as cents from app.ledger_entries group by 1, 2, 3),
  rows as (
    select account_id, currency, 'receivable' as ledger, sum(total_cents - paid_cents)::bigint as cents from app.invoices where status = 'sent' group by 1, 2
    union all select account_id, currency, 'prepayment', -sum(unapplied_cents)::bigint from app.payments where state = 'succeeded' group by 1, 2
    union all select account_id, currency, 'credit', -sum(balance_cents)::bigint from app.credits group by 1, 2)
  select ledger, count(*) from ledger full join rows using (account_id, currency, ledger)
   where ledger in ('receivable', 'prepayment', 'credit') and coalesce(ledger.cents, 0) <> coalesce(rows.cents, 0) group by 1
  union all select 'does not sum to zero', 1 from app.ledger_entries having sum(amount_cents) <> 0
  union all select 'days differ', count(*) from (select account_id, ledger, currency, posted_on, sum(amount_cents) as cents from app.ledger_entries group by 1, 2, 3, 4) e
    full join app.ledger_days d using (account_id, ledger, currency, posted_on) where e.cents is distinct from d.amount_cents having count(*) > 0
  union all select 'months differ', count(*) from (select account_id, ledger, currency, date_trunc('month', posted_on)::date as month, sum(amount_cents) as cents from app.ledger_entries group by 1, 2, 3, 4) e
    full join app.ledger_months m using (account_id, ledger, currency, month) where e.cents is distinct from m.amount_cents having count(*) > 0`;

const entries = (world: World) => sql<{ line: string }>(world, `
  select concat_ws(' ', j.kind, e.ledger, e.amount_cents, e.posted_on) as line from app.ledger_entries e join app.journals j on j.id = e.journal_id
   where j.kind <> 'invoice' order by e.posted_on, j.kind, e.amount_cents desc`).then((rows) => rows.map(({ line }) => line));

describe('imported money', () => {
  for (const pack of packNames()) {
    it(`of the pack ${pack} loads without an error, and its books are right`, async () => {
      const world = await makeWorld(pack);
      for (const noun of nounNames.filter((name) => (name !== 'usages' || pack === 'cloud') && (name !== 'visits' || ['fieldservice', 'lawncare'].includes(pack)))) {
        const run = await loadFile(world, noun, path.join('tenants', pack, 'sample', `${noun}.csv`));
        assert.deepEqual(errorsOf(run), []);
        assert.ok(run.created > 0 && run.created === run.rowsSeen, noun);
      }
      assert.deepEqual(await sql(world, contradictions), []);
      const [size] = await sql<{ accounts: number; contacts: number; months: number }>(world, `select (select count(*) from app.accounts) as accounts, (select count(*) from app.contacts) as contacts, (select count(distinct date_trunc('month', issued_on)) from app.invoices) as months`);
      assert.ok(size && size.accounts >= 60 && size.contacts >= 90 && size.months >= 24);
    });
  }

  it('posts a payment on its day; what came before its invoice is a prepayment until then', async () => {
    const world = await worldWithInvoices();
    await load(world, 'payments', ['external_id,account,paid_on,method,amount,applies_to', 'p-1,A,2026-09-25,card,120.00,a-1:100.00', 'p-2,B,2026-10-05,check,50.00,b-1:50.00']);
    assert.deepEqual(await entries(world), [
      'payment cash 12000 2026-09-25', 'payment prepayment -12000 2026-09-25',
      'apply prepayment 10000 2026-10-01', 'apply receivable -10000 2026-10-01',
      'payment cash 5000 2026-10-05', 'payment receivable -5000 2026-10-05',
    ]);
    assert.deepEqual(await sql(world, contradictions), []);
    assert.deepEqual(await sql(world, 'select unapplied_cents from app.payments order by external_id'), [{ unapplied_cents: 2000 }, { unapplied_cents: 0 }]);
  });

  it('posts a credit on its day and what it lowers when both are there; refunds come and go; declined moves nothing', async () => {
    const world = await worldWithInvoices();
    await load(world, 'credits', ['external_id,account,issued_on,amount,applies_to', 'c-1,A,2026-09-20,30.00,a-1:25.00']);
    await load(world, 'payments', ['external_id,account,paid_on,method,amount,state', 'p-1,A,2026-10-09,card,10.00,refunded', 'p-2,A,2026-10-10,card,10.00,declined']);
    assert.deepEqual(await entries(world), [
      'credit revenue 3000 2026-09-20', 'credit credit -3000 2026-09-20', 'apply credit 2500 2026-10-01', 'apply receivable -2500 2026-10-01',
      'payment cash 1000 2026-10-09', 'payment prepayment -1000 2026-10-09', 'refund prepayment 1000 2026-10-09', 'refund cash -1000 2026-10-09',
    ]);
    assert.deepEqual(await sql(world, contradictions), []);
  });

  it('draws numbers in the order of the file, and never one that came with a file', async () => {
    const world = await makeWorld('studio');
    await load(world, 'accounts', ['external_id,name,number', 'A,Ash,', 'B,Birch,A-1500', 'C,Cedar,', 'D,Dogwood,X-7']);
    const numbers = await sql<{ number: string }>(world, 'select number from app.accounts order by external_id');
    assert.deepEqual(numbers.map(({ number }) => number), ['A-1501', 'A-1500', 'A-1502', 'X-7']);
    await load(world, 'accounts', ['external_id,name', 'A,Ash', 'B,Birch']);
    await load(world, 'accounts', ['external_id,name', 'E,Elder']);
    assert.deepEqual(await sql(world, `select number from app.accounts where external_id = 'E'`), [{ number: 'A-1503' }]);
  });

  it('gives contacts with the same login id one login without a password, and never takes it away', async () => {
    const world = await worldWithInvoices();
    const head = 'external_id,account,first_name,last_name,email,login_id';
    await load(world, 'contacts', [head, 'c-1,A,Ann,Ash,ann@work.test,Ann@Home.test', 'c-2,B,Ann,Birch,,ann@home.test', 'c-3,B,Ben,Birch,,']);
    assert.deepEqual(await sql(world, 'select login_id, email, password_hash from app.logins'), [{ login_id: 'Ann@Home.test', email: 'Ann@Home.test', password_hash: null }]);
    await load(world, 'contacts', [head, 'c-1,A,Ann,Ash,ann@work.test,']);
    assert.deepEqual(await sql(world, 'select count(*) as found from app.contacts where login_ref is not null'), [{ found: 2 }]);
  });
});
