import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { makeInvoice, signedInFamily, sql, type Family } from '../support/world.ts';
import { inDays, makeVisit } from './making.ts';

async function withCardAndJobs(settings: Partial<SettingsDocument> = {}, pack = 'fieldservice'): Promise<Family & { methodId: string; number: string }> {
  const family = await signedInFamily(pack, settings);
  const { world, accountId } = family;
  const [method] = await sql<{ id: string }>(world, `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year, is_default) values ($1, 'sandbox', 'test_visa:jobs', 'card', 'Visa', '4242', 1, 2030, true) returning id`, [accountId]);
  const { number } = await makeVisit(world, accountId, { title: 'Furnace inspection', starts_at: inDays(3), price_cents: 12900 });
  await makeVisit(world, accountId, { title: 'Filter change', starts_at: inDays(9) });
  await makeVisit(world, accountId, { title: 'Duct cleaning' });
  return { ...family, methodId: method?.id ?? '', number };
}

const onAutopay = ({ world }: Family) => sql<{ on: boolean | null }>(world, 'select paid_by_autopay as on from app.visits order by id').then((rows) => rows.map(({ on }) => on));

describe('autopay and scheduled services', () => {
  it('S4-52 C-14 enrolling says how many scheduled jobs it takes, then takes them, and each of them shows it', async () => {
    const family = await withCardAndJobs();
    const { visitor, methodId, number } = family;
    assert.match((await visitor.get(`/services/${number}`)).text, /is not charged automatically/);
    const review = await visitor.get(`/billing/autopay/review?method=${methodId}`);
    assert.match(review.text, /2 services that are scheduled already will be paid by autopay, too/);
    assert.match(review.text, /Furnace inspection/);
    assert.doesNotMatch(review.text, /Duct cleaning/);
    assert.deepEqual(await onAutopay(family), [null, null, null]);
    assert.equal((await visitor.post('/autopay', { method: methodId })).status, 303);
    assert.deepEqual(await onAutopay(family), [true, true, null]);
    assert.match((await visitor.get(`/services/${number}`)).text, /its invoice is charged automatically/);
    const forecast = await visitor.get('/billing/autopay');
    assert.match(forecast.text, /2 services will be paid by autopay.*Furnace inspection.*\$129\.00/s);
  });

  it('C-14 where the setting says no, jobs of before stay to be paid by hand, their invoices, too; later ones do not', async () => {
    const family = await withCardAndJobs({ 'autopay.apply_to_scheduled_jobs': false });
    const { world, accountId, visitor, methodId, number } = family;
    assert.match((await visitor.get(`/billing/autopay/review?method=${methodId}`)).text, /2 services that are scheduled already stay as they are/);
    await visitor.post('/autopay', { method: methodId });
    assert.deepEqual(await onAutopay(family), [false, false, null]);
    const byHand = await makeInvoice(world, accountId, { number: 'INV-HAND', due_on: '2027-03-01' });
    await sql(world, `update app.visits set invoice_id = $1, status = 'done' where number = $2`, [byHand, number]);
    const later = await makeVisit(world, accountId, { title: 'Boiler service', starts_at: inDays(5) });
    await sql(world, 'update app.visits set invoice_id = $1 where id = $2', [await makeInvoice(world, accountId, { number: 'INV-AUTO', due_on: '2027-03-02' }), later.id]);
    const forecast = (await visitor.get('/billing/autopay')).text;
    assert.match(forecast, /INV-AUTO/);
    assert.doesNotMatch(forecast, /INV-HAND/);
    assert.match((await visitor.get(`/services/${later.number}`)).text, /its invoice is charged automatically/);
  });

  it('S4-46 S4-52 turning autopay off says how many jobs it leaves, and they are paid by hand again', async () => {
    const family = await withCardAndJobs();
    const { visitor, methodId, number } = family;
    await visitor.post('/autopay', { method: methodId });
    assert.match((await visitor.get('/billing/autopay/cancellation')).text, /2 scheduled services will no longer be paid by autopay/);
    await visitor.post('/autopay/cancellation');
    assert.deepEqual(await onAutopay(family), [null, null, null]);
    assert.match((await visitor.get(`/services/${number}`)).text, /is not charged automatically/);
  });

  it('C-14 in lawn care autopay takes what is scheduled, too; choosing another card moves no job', async () => {
    const family = await withCardAndJobs({}, 'lawncare');
    const { world, visitor, methodId, accountId } = family;
    await visitor.post('/autopay', { method: methodId });
    await sql(world, `update app.visits set paid_by_autopay = false where title = 'Filter change'`);
    const [other] = await sql<{ id: string }>(world, `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year) values ($1, 'sandbox', 'test_visa:other', 'card', 'Visa', '1111', 1, 2031) returning id`, [accountId]);
    await visitor.post('/autopay', { method: other?.id });
    assert.deepEqual(await onAutopay(family), [true, false, null]);
  });
});
