import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeContact, makeInvoice, makeLogin, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { atDesk, type Desk } from '../refunds/refunding.ts';

const pdf = Buffer.from('%PDF-1.7\nhours of October\n%%EOF');
const path = '/staff/invoices/INV-1/attachments';

async function attached(name = 'hours.pdf'): Promise<Desk & { id: string }> {
  const desk = await atDesk('visa', 'cloud');
  await desk.staff.get(path);
  assert.equal((await desk.staff.upload(path, 'file', name, pdf)).status, 303);
  const [row] = await sql<{ id: string }>(desk.world, 'select id from app.invoice_attachments');
  return { ...desk, id: row?.id ?? '' };
}

describe('attachments of invoices', function () {
  this.timeout(60_000);

  it('S3-15 customers see how many an invoice has, and download them as files', async () => {
    const { visitor, id } = await attached();
    assert.match((await visitor.get('/invoices')).text, /INV-1<\/a><span class="left">.*1 attachment</);
    assert.match((await visitor.get('/invoices/INV-1')).text, new RegExp(`/invoices/INV-1/attachments/${id}" download>.*hours\\.pdf`));
    const answer = await visitor.get(`/invoices/INV-1/attachments/${id}`);
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options']], [200, 'application/pdf', 'nosniff']);
    assert.match(answer.headers['content-disposition'] ?? '', /^attachment; filename="hours\.pdf"/);
    assert.deepEqual(Buffer.from(answer.body as Uint8Array), pdf);
  });

  it('A14 nobody else gets one: another account, another invoice, signed out', async () => {
    const { world, visitor, id } = await attached();
    const other = await makeAccount(world, { number: 'A-2' });
    await makeContact(world, other, { email: 'o@example.test', login_ref: await makeLogin(world, 'o@example.test') });
    await makeInvoice(world, other, { number: 'INV-9' });
    const stranger = await (await visit(world.slug)).signIn('o@example.test', password);
    for (const address of [`/invoices/INV-1/attachments/${id}`, `/invoices/INV-9/attachments/${id}`]) assert.equal((await stranger.get(address)).status, 404);
    assert.equal((await visitor.get(`/invoices/INV-2/attachments/${id}`)).status, 404);
    assert.equal((await (await visit(world.slug)).get(`/invoices/INV-1/attachments/${id}`)).status, 303);
  });

  it('of an invoice that is not sent, or void, there is none', async () => {
    const { world, visitor, id } = await attached();
    for (const status of ['unsent', 'void']) {
      await sql(world, 'update app.invoices set status = $1', [status]);
      assert.equal((await visitor.get(`/invoices/INV-1/attachments/${id}`)).status, 404, status);
    }
  });

  it('A30 the content says what it is, not the name', async () => {
    const { world, staff } = await atDesk('visa', 'cloud');
    await staff.get(path);
    for (const [name, content] of [['a.pdf', '<html><script>alert(1)</script>'], ['b.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], ['c.pdf', ''], ['d.exe', 'MZ…']] as const) {
      const answer = await staff.upload(path, 'file', name, content);
      assert.deepEqual([answer.status, /id="file-error"/.test(answer.text)], [422, true], name);
    }
    assert.equal((await staff.upload(path, 'file', '../../etc/pass"wd.html', pdf)).status, 303);
    const [file] = await sql(world, `select name, type, length(sha256) as hash, stored_as ~ '^attachments/[0-9a-f-]+/[0-9a-f-]+$' as "isOurs" from app.files`);
    assert.deepEqual([file?.['type'], file?.['hash'], file?.['isOurs'], /[/"]/.test(String(file?.['name'])), String(file?.['name']).endsWith('.html.pdf')], ['application/pdf', 64, true, false, true]);
  });

  it('one that is removed is gone for everybody', async () => {
    const { visitor, staff, id } = await attached();
    await staff.get(path);
    assert.equal((await staff.post(`${path}/${id}/removal`)).status, 303);
    assert.equal((await visitor.get(`/invoices/INV-1/attachments/${id}`)).status, 404);
    assert.equal((await staff.get(`${path}/${id}`)).status, 404);
  });
});
