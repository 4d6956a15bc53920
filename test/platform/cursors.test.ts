import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { anOffice } from '../staff-invoices/office.ts';

const id = '01a1fb2d-1f80-7b50-8be9-6f78e81ec7c3';
const made = [`2026-02-31_${id}`, `2026-99-99_${id}`, `2026-01-01_${'-'.repeat(36)}`, '2026-01-01_', '_', 'x', `2026-01-01 25:00:00+00_${id}`, `2026-02-30 10:00:00+00_${id}`];

describe('the address of a next page', () => {
  it('A32 when somebody has made it up is no fault of the portal', async () => {
    const { visitor, staff } = await anOffice();
    for (const after of made.map(encodeURIComponent)) {
      for (const path of ['/invoices', '/payments', '/credits', '/billing/transactions', '/billing/statement']) assert.equal((await visitor.get(`${path}?after=${after}`)).status, 200, `${path} ${after}`);
      for (const path of ['/staff/invoices', '/staff/payments', '/staff/accounts']) assert.equal((await staff.get(`${path}?after=${after}`)).status, 200, `${path} ${after}`);
    }
  });
});
