import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeStaff, makeWorld, password, sql, type World } from '../support/world.ts';

async function atDesk(): Promise<{ world: World; staff: Visitor }> {
  const world = await makeWorld('studio');
  await makeStaff(world, 'front_desk');
  return { world, staff: await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login') };
}

describe('accounts at the front desk', () => {
  it('are listed by name and lead over the account to its contacts', async () => {
    const { world, staff } = await atDesk();
    const id = await makeAccount(world, { name: 'Łódzki & Søn', number: 'F 1/ä' });
    const contact = await makeContact(world, id);
    const list = await staff.get('/staff/accounts');
    const path = /href="(\/staff\/accounts\/[^"]+)">Łódzki &amp; Søn</.exec(list.text)?.[1] ?? '';
    const account = await staff.get(path);
    assert.match(account.text, new RegExp(`<a href="/staff/contacts/${contact}">Maria Bestie</a>`));
    assert.equal((await staff.get(`/staff/contacts/${contact}`)).status, 200);
  });

  it('are found by a part of the name, the number or an address, signs and all', async () => {
    const { world, staff } = await atDesk();
    await makeContact(world, await makeAccount(world, { name: '100% Gold_Star', number: 'F-77' }), { email: 'coach@example.test' });
    await makeAccount(world, { name: 'Nobody' });
    for (const [q, found] of [['gold_', true], ['0%', true], ['f-77', true], ['COACH@', true], ['%%', false], ['silver', false]] as const) {
      assert.equal((await staff.get(`/staff/accounts?${new URLSearchParams({ q }).toString()}`)).text.includes('100% Gold_Star'), found, q);
    }
  });

  it('come page by page, each one once, and whatever the address says', async () => {
    const { world, staff } = await atDesk();
    await sql(world, `insert into app.accounts (number, name) select 'N-' || n, 'Family ' || (n / 3) from generate_series(1, 120) n`);
    const seen: string[] = [];
    for (let path = '/staff/accounts'; path; ) {
      const { text } = await staff.get(path);
      seen.push(...[...text.matchAll(/href="\/staff\/accounts\/(N-\d+)"/g)].map((match) => match[1] ?? ''));
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    }
    assert.deepEqual([seen.length, new Set(seen).size], [120, 120]);
    for (const after of ['x', '01a200e4-51e6-7f9f-9b01-943a145bff3e', 'z1a200e4-51e6-7f9f-9b01-943a145bff3e%20a', '01a200e4-51e6-7f9f-9b01-943a145bff3e%20zzz']) assert.equal((await staff.get(`/staff/accounts?after=${after}`)).status, 200);
    assert.equal((await staff.get('/staff/accounts?q=a&q=b&after[]=x')).status, 200);
  });

  it('say what each of them owes in each currency, and in which it is late', async () => {
    const { world, staff } = await atDesk();
    const id = await makeAccount(world, { number: 'F-1' });
    for (const columns of [{ currency: 'USD' }, { currency: 'USD', due_on: '2999-01-01' }, { currency: 'EUR', due_on: '2999-01-01', total_cents: 700 }]) await makeInvoice(world, id, columns);
    await makeAccount(world, { number: 'F-2' });
    assert.deepEqual((await staff.get('/staff/accounts/export.csv')).text.trim().split('\r\n').slice(1).map((line) => line.split(',').filter((_, at) => [0, 6, 7, 8].includes(at)).join(' ')), ['F-1 7.00 0.00 EUR', 'F-1 170.00 85.00 USD', 'F-2 0.00 0.00 USD']);
    const [owing = '', none = ''] = (await staff.get('/staff/accounts')).text.split('<tr>').slice(2);
    assert.match(owing.replace(/<[^>]+>/g, ' '), /€7\.00\s.*\$170\.00\s.*\$85\.00/s);
    assert.doesNotMatch(none, /0\.00/);
  });

  it('of another organization, and numbers that are none, are the same 404', async () => {
    const [one, other] = [await atDesk(), await atDesk()];
    await makeAccount(other.world, { number: 'F-1' });
    for (const number of ['F-1', 'x'.repeat(300), '%27']) assert.equal((await one.staff.get(`/staff/accounts/${number}`)).status, 404);
  });
});
