import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { makeInvoice, signedInFamily, sql, type Family } from '../support/world.ts';

const late = { issued_on: '2020-04-20', due_on: '2020-05-03' };
const later = { issued_on: '2020-04-21', due_on: '2099-01-01' };

/** A family whose home page is looked at, with a few invoices. */
async function familyWith(invoices: readonly Record<string, unknown>[], settings: Partial<SettingsDocument> = {}, pack = 'cloud'): Promise<Family> {
  const family = await signedInFamily(pack, settings);
  for (const invoice of invoices) await makeInvoice(family.world, family.accountId, invoice);
  return family;
}

const homeOf = async ({ visitor }: Family): Promise<string> => (await visitor.get('/')).text;

describe('home', () => {
  it('S4-2 whoever signs in lands on the home page', async () => {
    const { visitor } = await signedInFamily('fieldservice');
    assert.equal((await visitor.get('/login')).headers['location'], '/');
    assert.equal((await visitor.get('/')).status, 200);
  });

  it('S3-8 the Portal Dashboard has its tab, its header and the newest invoices', async () => {
    const family = await familyWith([{ ...late, number: 'INV-LATE', total_cents: 12_000 }, { ...later, number: 'INV-NEXT', total_cents: 8500 }]);
    const home = await homeOf(family);
    assert.match(home, /<nav class="tabs"[^]*?<a[^>]*href="\/"[^>]*aria-current="page"[^]*?Dashboard[^]*?<\/nav>/);
    assert.match(home, /class="hero"[^]*Account Balance[^]*\$205\.00[^]*INV-LATE[^]*INV-NEXT/);
  });

  it('S3-10 the header says what is owed, of all that is open and sent', async () => {
    const family = await familyWith([{ ...late, total_cents: 12_000 }, { ...later, total_cents: 8500 }, { ...later, total_cents: 99_900, status: 'unsent' }]);
    assert.match(await homeOf(family), /Account Balance.*\$205\.00/s);
  });

  it('S2-6 what is late is called Past Due, with how much and since when', async () => {
    const family = await familyWith([{ ...late, total_cents: 12_000 }, { ...later, total_cents: 8500 }]);
    assert.match(await homeOf(family), /Past Due \$120\.00 since May 3, 2020/);
    assert.match(await homeOf(family), /Next due.*\$85\.00 on Jan 1, 2099/s);
  });

  it('S2-6 nothing is called Past Due while nothing is late', async () => {
    const home = await homeOf(await familyWith([{ ...later, total_cents: 8500 }]));
    assert.doesNotMatch(home, /Past Due/);
    assert.match(home, /Next: \$85\.00 on Jan 1, 2099/);
  });

  it('S2-15 unsent and void invoices neither count nor are late', async () => {
    const home = await homeOf(await familyWith([{ ...late, status: 'unsent' }, { ...late, status: 'void' }]));
    assert.match(home, /\$0\.00.*All paid\./s);
    assert.doesNotMatch(home, /Past Due|Make Payment/);
  });

  it('S3-11 the header says what was paid last, and when', async () => {
    const family = await familyWith([]);
    for (const [number, state, cents, day] of [['P-1', 'succeeded', 8500, '2020-06-01'], ['P-2', 'declined', 9900, '2020-07-01']]) {
      await sql(family.world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) values ($1, $2, $3, $4, 'USD', $5)`, [family.accountId, number, state, cents, day]);
    }
    assert.match(await homeOf(family), /Last Paid.*\$85\.00 on Jun 1, 2020/s);
  });

  it('S3-12 Make Payment shows only while there is something to pay and a way to pay it', async () => {
    assert.match(await homeOf(await familyWith([later])), /href="\/billing\/pay">Make Payment/);
    assert.doesNotMatch(await homeOf(await familyWith([])), /Make Payment/);
    assert.doesNotMatch(await homeOf(await familyWith([later], { 'payments.gateway': 'none' })), /Make Payment|Pay Now/);
  });

  it('S3-13 View Last Invoice opens the most recent one', async () => {
    const home = await homeOf(await familyWith([{ ...later, number: 'INV-NEW' }, { ...late, number: 'INV-OLD' }, { number: 'INV-HIDDEN', status: 'unsent' }]));
    assert.match(home, /href="\/invoices\/INV-NEW">View Last Invoice/);
    assert.doesNotMatch(home, /INV-HIDDEN/);
  });

  it('S4-10 each late invoice stands on the home page with Pay Now', async () => {
    const home = await homeOf(await familyWith([{ ...late, number: 'INV-LATE' }, { ...later, number: 'INV-LATER' }], {}, 'fieldservice'));
    assert.match(home, /href="\/billing\/pay\?invoice=INV-LATE">Pay Now/);
    assert.doesNotMatch(home, /invoice=INV-LATER/);
  });

  it('the header shows what the organization has chosen, and nothing else', async () => {
    const home = await homeOf(await familyWith([later], { 'billing.header_items': ['last_paid'] }));
    assert.doesNotMatch(home, /Account Balance|Make Payment|View Last Invoice/);
  });

  it('two currencies are never added up', async () => {
    const home = await homeOf(await familyWith([{ ...later, total_cents: 1000 }, { ...later, currency: 'EUR', total_cents: 2000 }]));
    assert.match(home, /\$10\.00/);
    assert.match(home, /€20\.00/);
  });
});
