import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeStaff, makeWorld, password, sql } from '../support/world.ts';

const done = (text: string) => [...text.matchAll(/row-link[^]*?<\/tr>/g)].filter(([row]) => row.includes('is-good')).length;

describe('getting started', () => {
  it('S1-27 each step ticks itself once it is a fact, and the first page leads there until it is hidden', async () => {
    const world = await makeWorld('studio', { 'payments.gateway': 'none' });
    await makeStaff(world);
    const owner = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    const first = await owner.get('/staff/getting-started');
    assert.match(first.text, /Get Started with the Parent Portal/);
    assert.equal(done(first.text), 2);
    const accountId = await makeAccount(world);
    await makeInvoice(world, accountId);
    await makeStaff(world, 'front_desk');
    const login = await makeLogin(world, 'maria@example.test', { last_login_at: '2026-11-20' });
    await makeContact(world, accountId, { login_ref: login, invited_at: '2026-11-19' });
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on, login_ref) values ($1, 'PAY-1', 'succeeded', 100, 'USD', now(), $2)`, [accountId, login]);
    assert.equal(done((await owner.get('/staff/getting-started')).text), 8);
    assert.match((await owner.get('/staff')).text, /href="\/staff\/getting-started"/);
    await owner.post('/staff/getting-started/hiding');
    assert.doesNotMatch((await owner.get('/staff')).text, /href="\/staff\/getting-started"/);
    await owner.get('/staff/getting-started');
    await owner.post('/staff/getting-started/showing');
    assert.match((await owner.get('/staff')).text, /href="\/staff\/getting-started"/);
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.equal((await desk.get('/staff/getting-started')).status, 403);
    assert.doesNotMatch((await desk.get('/staff')).text, /getting-started/);
  });
});
