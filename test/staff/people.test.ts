import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeStaff, makeWorld, sql } from '../support/world.ts';
import { staffVisitor } from '../support/staff-visit.ts';

describe('the list of staff', () => {
  it('shows everybody with role, last sign-in and whether they may still sign in', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world, 'front_desk', 'zoe@example.test');
    await makeStaff(world, 'manager', 'locked@example.test');
    await makeStaff(world, 'front_desk', 'gone@example.test');
    await sql(world, `update app.staff_users set name = 'Zoë <b>Front</b>' where email = 'zoe@example.test'`);
    await sql(world, `update app.staff_users set locked_at = now() where email = 'locked@example.test'`);
    await sql(world, `update app.staff_users set ended_at = now() where email = 'gone@example.test'`);
    const html = (await (await staffVisitor(world)).get('/staff/people')).text;
    const rows = html.split('<tr>').slice(2).map((row) => row.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
    assert.equal(rows.length, 4);
    assert.match(rows[0] ?? '', /\(you\).*owner@example\.test Owner [A-Z][a-z]{2} \d+, \d{4}, .* Active/);
    assert.match(rows[1] ?? '', /locked@example\.test Manager Never Locked/);
    assert.match(rows[2] ?? '', /Zoë &lt;b&gt;Front&lt;\/b&gt; Help with signing in zoe@example\.test Front desk Never Active/);
    assert.match(rows[3] ?? '', /gone@example\.test Front desk Never Ended/);
    assert.match(html, /3 people can sign in here/);
  });
});
