import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'mocha';
import { halfMinuteOf, hashesOf, newRecoveryCodes, newSecret, recoveryCodeIn } from '../../server/two-step/codes.ts';
import { giveCode, type HalfSignIn } from '../../server/two-step/half-sign-in.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { codeOf, setUpTwoSteps } from '../support/authenticator.ts';
import { testConfig } from '../support/portal.ts';
import { signedInFamily, sql } from '../support/world.ts';

describe('codes and keys of two-step sign-in', () => {
  it('a code counts for its half minute and the ones beside it, with or without a blank', () => {
    const secret = newSecret();
    const at = Math.floor(Date.now() / 1000);
    const code = codeOf(secret);
    const own = halfMinuteOf(secret, code, at);
    assert.ok(own !== null);
    assert.equal(halfMinuteOf(secret, `${code.slice(0, 3)} ${code.slice(3)}`, at), own);
    assert.deepEqual([-60, -30, 30, 60].map((seconds) => halfMinuteOf(secret, code, own * 30 + 15 + seconds)), [null, own, own, null]);
    for (const wrong of ['', '12345', '1234567', 'abcdef', '１２３４５６']) assert.equal(halfMinuteOf(secret, wrong, at), null);
  });

  it('recovery codes are ten different ones, read however they are typed', () => {
    const codes = newRecoveryCodes();
    assert.equal(new Set(codes).size, 10);
    assert.ok(codes.every((code) => /^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/.test(code)));
    assert.equal(recoveryCodeIn(` ${(codes[0] ?? '').toUpperCase().replaceAll('-', ' ')} `), codes[0]?.replaceAll('-', ''));
    assert.equal(recoveryCodeIn('123 456'), null);
  });

  it('a recovery code of one person is none of another', () => {
    const keys = [randomBytes(32)];
    assert.notDeepEqual(hashesOf(keys, 'one', 'abcd-efgh-jkmn-pqrs'), hashesOf(keys, 'other', 'abcd-efgh-jkmn-pqrs'));
  });

  it('secrets and recovery codes work on when a newer key comes in front of theirs', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await visitor.get('/account/security');
    const { secret, recoveryCodes } = await setUpTwoSteps(visitor);
    const [half] = await sql<HalfSignIn & Record<string, unknown>>(world, `select id as "twoStepId", login_ref as "loginRef", staff_id as "staffId", '' as "signInId", '' as "userId" from app.two_steps`);
    assert.ok(half);
    const keys = [randomBytes(32), ...testConfig.encryptionKeys];
    assert.deepEqual(await withTenant(world.id, () => giveCode(half, recoveryCodes[0] ?? '', keys)), { outcome: 'in', codesLeft: 9 });
    assert.deepEqual(await withTenant(world.id, () => giveCode(half, codeOf(secret, 1), keys)), { outcome: 'in' });
  });
});
