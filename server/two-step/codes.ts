import { createHmac, randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What the QR code says to the app: otpauth://totp/… */
export function appAddress(secret: string, { portal, userId }: { portal: string; userId: string }): string {
  return new TOTP({ issuer: portal.replaceAll(':', ' '), label: userId, secret: Secret.fromBase32(secret) }).toString();
}

/** The half minute since 1970 that a code of the app belongs to: that of `at` (in seconds), the one before or the one after. null: a wrong code. */
export function halfMinuteOf(secret: string, typed: string, at: number): number | null {
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, timestamp: at * 1000, window: 1 });
  return delta === null ? null : Math.floor(at / 30) + delta;
}

/** Ten, of 79 random bits each: 'k7wq-3mzp-xh4d-9rtc'. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')).join('-'));
}

/** What was typed, as a recovery code; null when it is none, but perhaps a code of the app. */
export function recoveryCodeIn(typed: string): string | null {
  const plain = typed.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain.length === 16 ? plain : null;
}

/** Keyed, so that a copy of the database alone is no help in guessing; one per key, newest first. */
export function hashesOf(keys: readonly Buffer[], twoStepId: string, code: string): string[] {
  return keys.map((key) => createHmac('sha256', key).update(`recovery code ${twoStepId} ${recoveryCodeIn(code)}`).digest('hex'));
}

/** Without those that look like one another. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
