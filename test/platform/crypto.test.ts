import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { assert as always, property, string } from 'fast-check';
import { describe, it } from 'mocha';
import { hashToken, newToken, seal, unseal } from '../../server/platform/crypto.ts';

describe('sealing', () => {
  const [older, newer, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)];

  it('gives back any text, under its own context', () => {
    always(property(string({ unit: 'binary' }), string(), (text, context) => {
      assert.equal(unseal([newer], seal([newer], text.toWellFormed(), context), context), text.toWellFormed());
    }));
  });

  it('hides the text, and never looks the same twice', () => {
    const [once, twice] = [seal([newer], '25h6bcxz', 'a'), seal([newer], '25h6bcxz', 'a')];
    assert.notEqual(once, twice);
    assert.doesNotMatch(once, /25h6bcxz/);
  });

  it('seals with the newest key and opens what older keys have sealed', () => {
    const before = seal([older], 'text', 'outbox');
    assert.equal(unseal([newer, older], before, 'outbox'), 'text');
    assert.throws(() => unseal([older], seal([newer, older], 'text', 'outbox'), 'outbox'));
  });

  it('refuses another context, another key, and nothing to seal with', () => {
    const sealed = seal([newer], 'text', 'outbox 1');
    assert.throws(() => unseal([newer], sealed, 'outbox 2'));
    assert.throws(() => unseal([foreign], sealed, 'outbox 1'), /ENCRYPTION_KEYS/);
    assert.throws(() => unseal([], sealed, 'outbox 1'));
    assert.throws(() => seal([], 'text', 'outbox 1'));
  });

  it('refuses a text in which any character was changed, added or left out', () => {
    const sealed = seal([newer], 'a temporary password', 'c');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed[at] === 'A' ? 'Q' : 'A';
      assert.throws(() => unseal([newer], sealed.slice(0, at) + changed + sealed.slice(at + 1), 'c'), `changed at ${at}`);
      assert.throws(() => unseal([newer], sealed.slice(0, at), 'c'), `cut at ${at}`);
    }
    assert.throws(() => unseal([newer], `${sealed}.A`, 'c'));
  });
});

describe('tokens', () => {
  it('have 256 random bits in a form that fits into a link', () => {
    const tokens = Array.from({ length: 1000 }, () => newToken().token);
    for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(new Set(tokens).size, 1000);
  });

  it('are found again by their SHA-256, which says nothing about them', () => {
    const { token, hash } = newToken();
    assert.equal(hash, hashToken(token));
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(hashToken('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
