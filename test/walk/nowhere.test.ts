import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { publish } from '../support/publish.ts';
import { makeWorld, signedInFamily } from '../support/world.ts';
import { visit } from '../support/visitor.ts';

describe('an address that nothing answers', () => {
  it('is a 404 inside the portal for whoever is signed in, and at the door for everybody else', async () => {
    const { visitor } = await signedInFamily('studio');
    const inside = await visitor.get('/nothing/here');
    assert.equal(inside.status, 404);
    assert.match(inside.text, /action="\/logout"/);
    const outside = await (await visit((await makeWorld('studio')).slug)).get('/nothing/here');
    assert.equal(outside.status, 404);
    assert.doesNotMatch(outside.text, /action="\/logout"/);
  });

  it('is a plain 404 where there is no such portal', async () => {
    const answer = await (await visit('nobody-here')).get('/login');
    assert.equal(answer.status, 404);
  });
});

describe('the organization’s stylesheet', () => {
  it('is kept for ever under its own version only', async () => {
    const { visitor, world } = await signedInFamily('studio');
    assert.match((await visitor.get('/theme.css?v=1')).headers['cache-control'] ?? '', /immutable/);
    assert.equal((await visitor.get('/theme.css?v=2')).headers['cache-control'], 'no-store');
    await publish(world, { 'portal.brand_color': '#123456' });
    const newer = await visitor.get('/theme.css?v=2');
    assert.match(newer.headers['cache-control'] ?? '', /immutable/);
    assert.match(newer.text, /#123456/);
  });
});
