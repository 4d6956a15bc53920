import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createDemoTenant } from '../../server/operator/create-demo.ts';
import { resetDemo } from '../../server/operator/reset-demo.ts';
import { globally, run } from '../../server/platform/database.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { testPortal } from '../support/portal.ts';
import { visit } from '../support/visitor.ts';
import { makeWorld, sql, type World } from '../support/world.ts';

describe('a demo portal', function () {
  this.timeout(180_000);

  it('begins again as on its first day, also when two ask at once, and the old one is kept and shut', async () => {
    await testPortal();
    await createDemoTenant('fieldservice', 'fieldservice');
    const old = await world();
    await sql(old, `update app.accounts set name = 'Scribbled over'`);
    const visitor = await visit('fieldservice');
    await visitor.signIn('mbestie@example.com', 'BestTraining1');
    const both = await Promise.allSettled([resetDemo('fieldservice'), resetDemo('fieldservice')]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.notEqual((await world()).id, old.id);
    assert.equal((await visitor.get('/')).headers['location'], '/login');
    const again = await (await visit('fieldservice')).signIn('mbestie@example.com', 'BestTraining1');
    assert.doesNotMatch((await again.get('/')).text, /Scribbled over/);
    const [kept] = await globally(() => run<{ slug: string; status: string }>('select slug, status from app.tenants where id = $1', [old.id]));
    assert.match(kept?.slug ?? '', /^fieldservice-until-\d{8}-\d{6}$/);
    assert.equal(kept?.status, 'suspended');
  });

  it('is what only a demo portal can become again', async () => {
    const { slug } = await makeWorld('studio');
    await assert.rejects(resetDemo(slug), /is no demo portal/);
    await assert.rejects(resetDemo('studio'), /is no demo portal/);
  });
});

async function world(): Promise<World> {
  const tenant = await findTenant('fieldservice');
  if (!tenant) throw new Error('there is no such demo');
  return { id: tenant.id, slug: tenant.slug };
}
