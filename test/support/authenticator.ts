import { Secret, TOTP } from 'otpauth';
import type { Visitor } from './visitor.ts';

/** The app on the phone: the code of this half minute, or of one `later` than that. */
export function codeOf(secret: string, later = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * 30_000 });
}

/** Sets two-step sign-in up as a person does, who has just signed in. The code of this half minute is spent by it. */
export async function setUpTwoSteps(visitor: Visitor, base = '/account/security'): Promise<{ secret: string; recoveryCodes: string[] }> {
  await visitor.get(base);
  await visitor.post(`${base}/two-step`);
  const secret = secretIn((await visitor.get(`${base}/two-step`)).text);
  const { text } = await visitor.post(`${base}/two-step/confirmation`, { code: codeOf(secret) });
  return { secret, recoveryCodes: [...text.matchAll(/<li><code>([^<]+)</g)].map((match) => match[1] ?? '') };
}

export function secretIn(html: string): string {
  return (/class="secret-key">([^<]+)</.exec(html)?.[1] ?? '').replaceAll(' ', '');
}
