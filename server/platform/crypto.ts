import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Encrypts with the first key. `context` names the row and column; opening it under another name fails. */
export function seal(keys: readonly Buffer[], plaintext: string, context: string): string {
  const [key] = keys;
  if (!key) throw new Error('there is no key to seal with');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [version, idOf(key), nonce.toString('base64url'), sealed.toString('base64url')].join('.');
}

/** Opens what any of the keys has sealed. Throws when it was changed, moved to another context, or its key is gone. */
export function unseal(keys: readonly Buffer[], text: string, context: string): string {
  const [found, id, nonce = '', body = '', ...rest] = text.split('.');
  const key = keys.find((candidate) => idOf(candidate) === id);
  if (found !== version || !key || rest.length > 0) throw new Error('sealed with a key that is not in ENCRYPTION_KEYS');
  const sealed = Buffer.from(body, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
}

/** The token goes out in a link, 256 random bits; only the hash is kept. */
export function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256 in hex. Needs no salt: what goes in has 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const version = 'v1';

/** Tells the keys apart without saying anything about them. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('key id').update(key).digest('hex').slice(0, 12);
}
