import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { NounName } from '../../server/import/columns.ts';
import { makeWorld, sql } from '../support/world.ts';
import { countsOf, errorsOf, load, worldWithInvoices } from './files.ts';

const heads: Partial<Record<NounName, string>> = {
  accounts: 'external_id,name,number',
  contacts: 'external_id,account,first_name,last_name,primary,login_id',
  invoices: 'external_id,account,issued_on,due_on,total,number',
  invoice_lines: 'external_id,invoice,description,amount',
  payments: 'external_id,account,paid_on,method,amount,currency,state,applies_to',
  credits: 'external_id,account,issued_on,amount,currency,applies_to',
};

/** What is told about these rows, in a world with the accounts A and B and their sent invoices a-1 (100.00) and b-1 (50.00). */
const rules: readonly [title: string, noun: NounName, rows: readonly string[], errors: readonly string[]][] = [
  ['a row that stands twice', 'accounts', ['C,Cedar,', 'D,Dogwood,', 'C,Cypress,'], ['4 external_id: C is already in line 2.']],
  ['a number that stands twice', 'accounts', ['C,Cedar,77', 'D,Dogwood,77'], ['3 number: The number 77 is already in line 2.']],
  ['a number that is taken', 'accounts', ['C,Cedar,A-1001'], ['2 number: The number A-1001 is already used.']],
  ['a contact of nobody', 'contacts', ['c-1,X,Ann,Ash,,'], ['2 account: No account has the external_id X.']],
  ['two primary contacts', 'contacts', ['c-1,A,Ann,Ash,yes,', 'c-2,A,Ben,Ash,yes,'], ['2 primary: A would have more than one primary contact.', '3 primary: A would have more than one primary contact.']],
  ['a login id that is no email where people sign in by email', 'contacts', ['c-1,A,Ann,Ash,,ann'], ['2 login_id: People sign in by email here, and this is not an email address.']],
  ['an invoice of nobody', 'invoices', ['i-1,X,2026-10-01,,1.00,'], ['2 account: No account has the external_id X.']],
  ['an invoice due before it was issued', 'invoices', ['i-1,A,2026-10-01,2026-09-30,1.00,'], ['2 due_on: This day is before the invoice was issued, 2026-10-01.']],
  ['a line of nothing', 'invoice_lines', ['l-1,x-9,Mowing,1.00'], ['2 invoice: No invoice has the external_id x-9.']],
  ['lines that do not sum', 'invoice_lines', ['l-1,a-1,Mowing,60.00', 'l-2,b-1,Mowing,50.00', 'l-3,a-1,Edging,39.99'],
    ['2 amount: The lines of a-1 sum to 99.99, but its total is 100.00.', '4 amount: The lines of a-1 sum to 99.99, but its total is 100.00.']],
  ['an amount finer than the currency', 'invoice_lines', ['l-1,a-1,Mowing,100.001'], ['2 amount: "100.001" is not an amount. Write it like 1234.50', '2 amount: The lines of a-1 sum to 100.00, but its total is 100.00.']],
  ['a payment to an unknown invoice', 'payments', ['p-1,A,2026-10-05,card,10.00,,,x-9:10.00'], ['2 applies_to: No invoice has the external_id x-9.']],
  ['a payment to another account’s invoice', 'payments', ['p-1,A,2026-10-05,card,10.00,,,b-1:10.00'], ['2 applies_to: b-1 is an invoice of another account.']],
  ['a payment in another currency', 'payments', ['p-1,A,2026-10-05,card,10.00,EUR,,a-1:10.00'], ['2 applies_to: a-1 is in another currency.']],
  ['a payment of more than is open', 'payments', ['p-1,A,2026-10-05,card,70.00,,,a-1:70.00', 'p-2,A,2026-10-06,card,70.00,,,a-1:70.00'], ['3 applies_to: a-1 has 30.00 open, not 70.00.']],
  ['a payment that applies more than it is', 'payments', ['p-1,A,2026-10-05,card,10.00,,,a-1:10.01'], ['2 applies_to: 10.01 is applied to invoices, but the amount is 10.00.']],
  ['a declined payment that pays', 'payments', ['p-1,A,2026-10-05,card,10.00,,declined,a-1:10.00'], ['2 applies_to: A payment that is declined pays no invoice.']],
  ['a credit of more than is open', 'credits', ['c-1,A,2026-10-05,200.00,,a-1:150.00'], ['2 applies_to: a-1 has 100.00 open, not 150.00.']],
];

describe('imported rows', () => {
  for (const [title, noun, rows, errors] of rules) {
    it(`are refused for ${title}, and nothing of the file is kept`, async () => {
      const world = await worldWithInvoices();
      const run = await load(world, noun, [heads[noun] ?? '', ...rows]);
      assert.deepEqual(errorsOf(run), errors);
      assert.equal(countsOf(run), 'refused: 0 created, 0 updated, 0 unchanged');
      const before = { accounts: 2, invoices: 2 }[noun as string] ?? 0;
      assert.deepEqual(await sql(world, `select count(*) as found from app.${noun}`), [{ found: before }]);
    });
  }

  it('are all refused when one of them is wrong', async () => {
    const world = await makeWorld('studio');
    await load(world, 'accounts', ['external_id,name,opened_on', 'A,Ash,2026-10-01', 'B,Birch,soon', 'C,Cedar,2026-10-01']);
    assert.deepEqual(await sql(world, 'select 1 from app.accounts'), []);
  });

  it('of a file that comes before those it needs find nothing', async () => {
    const run = await load(await makeWorld('studio'), 'payments', ['external_id,account,paid_on,method,amount,applies_to', 'p-1,A,2026-10-05,card,10.00,a-1:10.00']);
    assert.deepEqual(errorsOf(run), ['2 account: No account has the external_id A.', '2 applies_to: No invoice has the external_id a-1.']);
  });

  it('reach no other organization’s accounts and invoices', async () => {
    await worldWithInvoices();
    const other = await makeWorld('studio');
    await load(other, 'accounts', ['external_id,name', 'C,Cedar']);
    assert.deepEqual(errorsOf(await load(other, 'contacts', ['external_id,account,first_name,last_name', 'c-1,A,Ann,Ash'])), ['2 account: No account has the external_id A.']);
    assert.deepEqual(errorsOf(await load(other, 'credits', ['external_id,account,issued_on,amount,applies_to', 'x,C,2026-10-05,5.00,a-1:5.00'])), ['2 applies_to: No invoice has the external_id a-1.']);
    assert.equal(countsOf(await load(other, 'accounts', ['external_id,name', 'A,Alder'])), 'done: 1 created, 0 updated, 0 unchanged');
  });

  it('pay only invoices that have been sent', async () => {
    const world = await worldWithInvoices();
    await load(world, 'invoices', ['external_id,account,issued_on,total,status', 'a-2,A,2026-10-01,5.00,', 'a-3,A,2026-10-01,5.00,void']);
    const run = await load(world, 'payments', ['external_id,account,paid_on,method,amount,applies_to', 'p-1,A,2026-10-05,card,10.00,a-2:5.00|a-3:5.00']);
    assert.deepEqual(errorsOf(run), ['2 applies_to: a-2 is not a sent invoice.', '2 applies_to: a-3 is not a sent invoice.']);
  });
});
