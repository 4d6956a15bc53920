import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sendCardNotices } from '../../server/card-notices/send-notices.ts';
import { lettersTo, urlIn } from '../support/letters.ts';
import { aPayer, saveMethod } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { makeAccount, makeContact, sql, type World } from '../support/world.ts';

const send = async (world: World) => sendCardNotices((await testPortal()).outside, world.id);
const noticesTo = async (world: World) => (await lettersTo(world, 'maria@example.test')).filter(({ type }) => type === 'Card expiry');

/** The month that holds the day so many days from now, where the test organizations are. */
function monthIn(days: number): { exp_year: number; exp_month: number; left: number } {
  const day = (at: number) => new Date(Date.now() + at * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/New_York' });
  const [exp_year = 0, exp_month = 0] = day(days).split('-').map(Number);
  const left = Math.round((Date.UTC(exp_year, exp_month, 0) - Date.parse(day(0))) / 86_400_000);
  return { exp_year, exp_month, left };
}

describe('card-expiry notices', () => {
  it('B-10 one mail 30 days before a card ends, once however often the job runs, with a link to the saved methods', async () => {
    const payer = await aPayer();
    const { left, ...month } = monthIn(8).left > 7 && monthIn(8).left <= 30 ? monthIn(8) : monthIn(22);
    await saveMethod(payer, 'visa', { ...month, last4: '0008' });
    assert.ok(left > 7 && left <= 30, `${left} days`);
    assert.deepEqual([await send(payer.world), await send(payer.world)], [1, 0]);
    const [letter, ...others] = await noticesTo(payer.world);
    assert.deepEqual([others, urlIn(letter as never, 'Saved Payment Methods').pathname], [[], '/billing/methods']);
    assert.match(letter?.subject ?? '', /^Visa ending 0008 expires on /);
    assert.deepEqual(await sql(payer.world, 'select kind from app.card_notices'), [{ kind: 'month' }]);
  });

  it('B-10 a second mail 7 days before, unless the card was removed', async () => {
    const payer = await aPayer();
    const { left, ...month } = monthIn(0);
    const kind = left <= 7 ? 'week' : 'month';
    for (const columns of [{ ...month }, { ...month, removed_at: new Date() }, { ...month, exp_year: month.exp_year + 5 }]) await saveMethod(payer, 'visa', columns);
    if (left <= 30) assert.equal(await send(payer.world), 1);
    assert.deepEqual(await sql(payer.world, 'select kind from app.card_notices'), left <= 30 ? [{ kind }] : []);
    // The one of the week comes though the one of the month was sent.
    await sql(payer.world, `update app.card_notices set kind = case kind when 'week' then 'month' else 'week' end`);
    assert.equal(await send(payer.world), left <= 30 ? 1 : 0);
    assert.equal(await send(payer.world), 0);
  });

  it('two at once tell each reader once, and more than a hundred are all told', async () => {
    const { world } = await aPayer();
    const accountId = await makeAccount(world, { name: 'Many' });
    await makeContact(world, accountId, { email: 'many@example.test' });
    const { left, ...month } = monthIn(monthIn(0).left <= 30 ? 0 : 1);
    for (let card = 0; card < 130; card += 1) await saveMethod({ world, accountId }, 'visa', { ...month });
    const sent = await Promise.all([send(world), send(world)]);
    assert.equal(sent[0] + sent[1], left <= 30 ? 130 : 0);
    assert.equal((await lettersTo(world, 'many@example.test')).length, sent[0] + sent[1]);
  });
});
