import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeInvoice, makeWorld, signedInFamily } from '../support/world.ts';
import { visit } from '../support/visitor.ts';

/** Counts what is called on an object while the work goes on. */
async function callsOf<T extends object>(target: T, names: readonly (keyof T)[], work: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const originals = names.map((name) => [name, target[name]] as const);
  for (const [name, original] of originals) {
    const counting = function counting(this: unknown, ...args: unknown[]): unknown {
      calls += 1;
      return new.target ? Reflect.construct(original as never, args) : (original as (...given: unknown[]) => unknown).apply(this, args);
    };
    target[name] = Object.assign(counting, original);
  }
  try {
    await work();
  } finally {
    for (const [name, original] of originals) target[name] = original;
  }
  return calls;
}

describe('what a page costs', () => {
  it('home asks at most three named statements besides its transaction', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId);
    await visitor.get('/');
    const asked = ofThePage(await statementsOf(() => visitor.get('/')));
    assert.ok(asked.length <= 3, JSON.stringify(asked));
    assert.deepEqual(asked.filter(({ name }) => !name), []);
  });

  it('the invoice list and an invoice ask named statements only, at most three; the account page, of five parts, at most five', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { number: 'INV-1' });
    for (const path of ['/invoices', '/invoices/INV-1', '/account']) {
      // The first look at an invoice is written down, once.
      await visitor.get(path);
      const asked = ofThePage(await statementsOf(() => visitor.get(path)));
      assert.ok(asked.length <= (path === '/account' ? 5 : 3) && asked.every(({ name }) => name), `${path}: ${JSON.stringify(asked)}`);
    }
  });

  it('the sign-in page asks nothing once the organization is known', async () => {
    const visitor = await visit((await makeWorld('studio')).slug);
    await visitor.get('/login');
    assert.deepEqual(await statementsOf(() => visitor.get('/login')), []);
  });

  it('drawing reads no file and makes no formatter', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    const drawn = ['/', '/billing', '/billing/statement', '/billing/transactions'];
    await makeInvoice(world, accountId);
    for (const path of drawn) await visitor.get(path);
    const reads = ['readFileSync', 'existsSync', 'statSync', 'openSync', 'readFile', 'stat', 'open'] as const;
    const formatters = ['NumberFormat', 'DateTimeFormat', 'PluralRules'] as const;
    for (const path of drawn) {
      assert.equal(await callsOf(fs, reads, () => visitor.get(path)), 0, path);
      assert.equal(await callsOf(Intl as unknown as Record<string, object>, formatters, () => visitor.get(path)), 0, path);
    }
  });
});
