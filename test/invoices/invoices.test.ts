import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeInvoice, signedInFamily } from '../support/world.ts';

describe('invoices', () => {
  it('S2-13 only invoices marked sent show, in the list and by their address', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { number: 'INV-SENT' });
    await makeInvoice(world, accountId, { number: 'INV-UNSENT', status: 'unsent' });
    const list = await visitor.get('/invoices');
    assert.equal(list.status, 200);
    assert.match(list.text, /INV-SENT/);
    assert.doesNotMatch(list.text, /INV-UNSENT/);
    assert.equal((await visitor.get('/invoices/INV-UNSENT')).status, 404);
    assert.equal((await visitor.get('/invoices/INV-UNSENT.pdf')).status, 404);
    const pdf = await visitor.get('/invoices/INV-SENT.pdf');
    assert.equal(pdf.status, 200);
  });
});
