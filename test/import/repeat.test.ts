import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeWorld, sql, type World } from '../support/world.ts';
import { countsOf, errorsOf, load, worldWithInvoices } from './files.ts';

const invoices = 'external_id,account,issued_on,due_on,total,status';
const lines = ['external_id,invoice,description,quantity,amount', 'l-1,a-1,Mowing,2,60.00', 'l-2,a-1,Edging,,40.00'];
const payments = ['external_id,account,paid_on,method,amount,state,applies_to,message', 'p-1,A,2026-10-05,card,120.00,succeeded,a-1:100.00,Approved', 'p-2,B,2026-10-06,card,50.00,declined,,Card declined'];
const credits = ['external_id,account,issued_on,amount,reference,applies_to', 'c-1,B,2026-10-07,30.00,"Goodwill, snow",b-1:20.00'];

async function loadedWorld(): Promise<World> {
  const world = await worldWithInvoices();
  for (const [noun, file] of [['invoice_lines', lines], ['payments', payments], ['credits', credits]] as const) assert.equal((await load(world, noun, file)).status, 'done');
  return world;
}

describe('an import that is repeated', () => {
  it('changes nothing and counts the rows as they were', async () => {
    const world = await loadedWorld();
    const count = `select (select count(*) from app.journals) as journals, (select count(*) from app.allocations) as allocations, (select value from app.counters where name = 'payments') as drawn`;
    const before = await sql(world, count);
    assert.equal(countsOf(await load(world, 'accounts', ['external_id,name', 'A,Ash', 'B,Birch'])), 'done: 0 created, 0 updated, 2 unchanged');
    assert.equal(countsOf(await load(world, 'invoice_lines', lines)), 'done: 0 created, 0 updated, 2 unchanged');
    assert.equal(countsOf(await load(world, 'payments', payments)), 'done: 0 created, 0 updated, 2 unchanged');
    assert.equal(countsOf(await load(world, 'credits', credits)), 'done: 0 created, 0 updated, 1 unchanged');
    assert.deepEqual(await sql(world, count), before);
  });

  it('changes accounts and contacts, but not in columns that the file does not have', async () => {
    const world = await makeWorld('studio');
    await load(world, 'accounts', ['external_id,name,city,stage,number', 'A,Ash,Harrow,suspended,900', 'B,Birch,,,']);
    assert.equal(countsOf(await load(world, 'accounts', ['external_id,name,city', 'A,Ash-Reed,', 'B,Birch,', 'C,Cedar,'])), 'done: 1 created, 1 updated, 1 unchanged');
    assert.deepEqual(await sql(world, `select number, name, city, stage from app.accounts where external_id = 'A'`), [{ number: '900', name: 'Ash-Reed', city: null, stage: 'suspended' }]);
    await load(world, 'contacts', ['external_id,account,first_name,last_name,email,billing', 'c-1,A,Ann,Ash,ann@example.test,yes']);
    assert.equal(countsOf(await load(world, 'contacts', ['external_id,account,first_name,last_name,billing', 'c-1,A,Anna,Ash,'])), 'done: 0 created, 1 updated, 0 unchanged');
    assert.deepEqual(await sql(world, 'select first_name, email, is_billing from app.contacts'), [{ first_name: 'Anna', email: 'ann@example.test', is_billing: false }]);
  });

  const closed: [string, string, string][] = [
    ['total', 'a-1,A,2026-10-01,2026-10-15,101.00,sent', 'total'], ['account', 'a-1,B,2026-10-01,2026-10-15,100.00,sent', 'account'],
    ['day of issue', 'a-1,A,2026-10-02,2026-10-15,100.00,sent', 'issued_on'], ['day due', 'a-1,A,2026-10-01,,100.00,sent', 'due_on'], ['status', 'a-1,A,2026-10-01,2026-10-15,100.00,void', 'status'],
  ];
  for (const [what, row, column] of closed) {
    it(`refuses another ${what} of an invoice that has been sent`, async () => {
      const world = await worldWithInvoices();
      assert.deepEqual(errorsOf(await load(world, 'invoices', [invoices, row])), [`2 ${column}: a-1 has been sent or voided and cannot be changed by an import. Correct it in the portal.`]);
      assert.deepEqual(await sql(world, `select total_cents, status from app.invoices where external_id = 'a-1'`), [{ total_cents: 10000, status: 'sent' }]);
    });
  }

  it('changes an unsent invoice, sends it and posts it then, once', async () => {
    const world = await worldWithInvoices();
    await load(world, 'invoices', [invoices, 'a-2,A,2026-10-01,,70.00,unsent']);
    await load(world, 'invoice_lines', ['external_id,invoice,description,amount', 'l-9,a-2,Mowing,70.00']);
    assert.equal(countsOf(await load(world, 'invoices', [invoices, 'a-2,B,2026-10-02,,75.00,sent'])), 'done: 0 created, 1 updated, 0 unchanged');
    assert.equal(countsOf(await load(world, 'invoice_lines', ['external_id,invoice,description,amount', 'l-9,a-2,Mowing and edging,75.00'])), 'done: 0 created, 1 updated, 0 unchanged');
    await load(world, 'invoices', [invoices, 'a-2,B,2026-10-02,,75.00,sent']);
    const posted = await sql(world, `select e.ledger, e.amount_cents, e.posted_on from app.ledger_entries e join app.journals j on j.id = e.journal_id join app.invoices i on i.id = j.source_id where i.external_id = 'a-2' order by 1`);
    assert.deepEqual(posted, [{ ledger: 'receivable', amount_cents: 7500, posted_on: '2026-10-02' }, { ledger: 'revenue', amount_cents: -7500, posted_on: '2026-10-02' }]);
    assert.deepEqual(await sql(world, `select a.name from app.invoice_lines l join app.accounts a on a.id = l.account_id where l.external_id = 'l-9'`), [{ name: 'Birch' }]);
  });

  it('refuses to change or add lines of an invoice that has been sent with all its lines', async () => {
    const world = await loadedWorld();
    const refused = 'a-1 has been sent or voided, and its lines cannot be changed by an import.';
    assert.deepEqual(errorsOf(await load(world, 'invoice_lines', [lines[0] ?? '', 'l-1,a-1,Mowing twice,2,60.00'])), [`2 invoice: ${refused}`]);
    assert.deepEqual(errorsOf(await load(world, 'invoice_lines', [lines[0] ?? '', 'l-3,a-1,Gift,1,0.00'])), [`2 invoice: ${refused}`]);
    assert.match(errorsOf(await load(world, 'invoice_lines', [lines[0] ?? '', 'l-1,b-1,Mowing,2,60.00'])).join(), /l-1 is a line of another invoice/);
  });

  it('refuses a payment or a credit that differs', async () => {
    const world = await loadedWorld();
    const [head = '', paid = '', declined = ''] = payments;
    for (const [row, column] of [[paid.replace('120.00', '130.00'), 'amount'], [paid.replace('100.00,A', '90.00,A'), 'applies_to'], [paid.replace('10-05', '10-04'), 'paid_on'], [declined.replace('declined', 'succeeded'), 'state']]) {
      const id = row?.slice(0, 3) ?? '';
      assert.deepEqual(errorsOf(await load(world, 'payments', [head, row ?? ''])), [`2 ${column}: ${id} is there already and differs. A payment cannot be changed by an import.`]);
    }
    assert.deepEqual(errorsOf(await load(world, 'credits', [credits[0] ?? '', credits[1]?.replace('b-1:20.00', '') ?? ''])), ['2 applies_to: c-1 is there already and differs. A credit cannot be changed by an import.']);
  });

  it('does not mind what happened in the portal since', async () => {
    const world = await loadedWorld();
    await sql(world, `update app.payments set state = 'refunded', refunded_cents = amount_cents, unapplied_cents = 0 where external_id = 'p-1'`);
    await sql(world, `update app.invoices set status = 'void', voided_at = now() where external_id = 'b-1'`);
    await sql(world, `insert into app.allocations (account_id, invoice_id, payment_id, amount_cents, applied_at) select p.account_id, i.id, p.id, 500, now() from app.payments p, app.invoices i where p.external_id = 'p-1' and i.external_id = 'b-1'`);
    assert.equal(countsOf(await load(world, 'payments', payments)), 'done: 0 created, 0 updated, 2 unchanged');
    assert.equal(countsOf(await load(world, 'invoices', [invoices, 'b-1,B,2026-10-01,2026-10-15,50.00,sent'])), 'done: 0 created, 0 updated, 1 unchanged');
  });
});

describe('two imports at once', () => {
  it('of the same file follow each other: one adds the rows, the other finds them', async () => {
    const world = await worldWithInvoices();
    const file = ['external_id,account,paid_on,method,amount,applies_to', ...Array.from({ length: 200 }, (_, at) => `p-${at},A,2026-10-05,card,0.50,a-1:0.50`)];
    const runs = await Promise.all([load(world, 'payments', file), load(world, 'payments', file)]);
    assert.deepEqual(runs.map(countsOf).toSorted(), ['done: 0 created, 0 updated, 200 unchanged', 'done: 200 created, 0 updated, 0 unchanged']);
    assert.deepEqual(await sql(world, `select paid_cents from app.invoices where external_id = 'a-1'`), [{ paid_cents: 10000 }]);
  });
});
