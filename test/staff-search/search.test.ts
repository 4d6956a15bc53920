import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { staffVisitor } from '../support/staff-visit.ts';
import type { Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeWorld, sql, type World } from '../support/world.ts';

interface Desk {
  readonly world: World;
  readonly staff: Visitor;
  readonly account: string;
  readonly contact: string;
}

async function atDesk(): Promise<Desk> {
  const world = await makeWorld('studio');
  const accountId = await makeAccount(world, { name: 'Łukasiewicz-Żółtowska', number: 'A-4077' });
  const contact = await makeContact(world, accountId, { first_name: 'Siobhán', last_name: "O'Brien", email: 'siobhan@example.test', cell_phone: '+1 (704) 555-0101' });
  const other = await makeAccount(world, { name: 'Johannsson', number: 'A-4078' });
  await makeContact(world, other, { first_name: 'Björn', last_name: 'Johannsson', email: 'bjorn.j@example.test', home_phone: '7045550102' });
  await makeInvoice(world, accountId, { number: 'INV-900123' });
  return { world, staff: await staffVisitor(world, 'front_desk'), account: '/staff/accounts/A-4077', contact: `/staff/contacts/${contact}` };
}

const find = (staff: Visitor, q: string) => staff.get(`/staff/search?${new URLSearchParams({ q }).toString()}`);
const pathsIn = (text: string) => [.../<main[^]*<\/main>/.exec(text)?.[0].matchAll(/<li><a href="([^"]+)"/g) ?? []].map(([, path]) => path);

describe('search at the front desk', () => {
  it('goes straight to the only one that is exactly what was typed: a number, an address, a telephone in any form', async () => {
    const { staff, account, contact } = await atDesk();
    for (const [q, path] of [['A-4077', account], ['a-4077', account], ['SIOBHAN@example.test', contact], ['704-555-0101', contact], ['(704) 5550101', contact], ['+1 704 555 0101', contact], ['17045550101', contact], ['INV-900123', '/staff/invoices/INV-900123']] as const) {
      const answer = await find(staff, q);
      assert.deepEqual([answer.status, answer.headers['location']], [303, path], q);
    }
  });

  it('finds by beginnings of words, in any order, with or without accents and apostrophes', async () => {
    const { staff, account, contact } = await atDesk();
    for (const q of ['lukas', 'zoltow', 'ŻÓŁ', 'siob obr', "o'brien", 'brien', 'obrien lukasiewicz', 'siobhan@', '0101', '4077']) {
      const { text, headers } = await find(staff, q);
      const found = headers['location'] ? [headers['location']] : pathsIn(text);
      assert.ok(found.includes(account) || found.includes(contact), `${q}: ${found.join()}`);
      assert.equal(found.some((path) => path?.includes('4078')), false, q);
    }
  });

  it('forgives a letter left out, added, changed or swapped, and what sounds the same', async () => {
    const { staff } = await atDesk();
    for (const q of ['johanson', 'johansson', 'johannson', 'jonhansson', 'johannssen', 'bjron', 'siobahn', 'sioban', 'lukasievicz']) {
      const { text, headers } = await find(staff, q);
      assert.ok((headers['location'] ? [headers['location']] : pathsIn(text)).length > 0, q);
    }
    for (const q of ['xylophone', 'qqqqqq', '@', '%', "'", '-', '99999999']) assert.deepEqual(pathsIn((await find(staff, q)).text), [], q);
  });

  it('follows every change at once: a new name, a new phone, a contact that is gone', async () => {
    const { world, staff, contact } = await atDesk();
    await sql(world, `update app.contacts set last_name = 'Quill', cell_phone = '555 0199' where email = 'siobhan@example.test'`);
    assert.ok(pathsIn((await find(staff, 'quill')).text).includes(contact));
    assert.deepEqual(pathsIn((await find(staff, 'obrien')).text), []);
    assert.equal((await find(staff, '5550199')).headers['location'], contact);
    await sql(world, `delete from app.contacts where last_name = 'Quill'`);
    assert.deepEqual(pathsIn((await find(staff, 'quill')).text), []);
  });

  it('sees nothing of another organization, and no invoices where they are no business of theirs', async () => {
    const [one, other] = [await atDesk(), await makeWorld('studio')];
    const stranger = await staffVisitor(other, 'front_desk');
    for (const q of ['A-4077', 'lukas', 'siobhan@example.test', '7045550101', 'INV-900123', 'johanson']) assert.deepEqual(pathsIn((await find(stranger, q)).text), [], q);
    await sql(one.world, `update app.staff_users set permissions = '{"invoices": false}'`);
    assert.deepEqual(pathsIn((await find(one.staff, 'INV-900123')).text), []);
  });

  it('stands on every staff page, and "/" goes there', async () => {
    const { staff } = await atDesk();
    for (const path of ['/staff', '/staff/accounts', '/staff/invoices']) assert.match((await staff.get(path)).text, /<input[^>]*name="q"[^>]*data-search/, path);
  });
});
