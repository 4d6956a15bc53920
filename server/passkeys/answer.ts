import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

/** What the browser sends for a device, in the field `answer`. Anything else is undefined; what it says is checked by whoever asked. */
export function readAnswer<Answer extends AuthenticationResponseJSON | RegistrationResponseJSON>(body: unknown): { answer: Answer; challenge: string } | undefined {
  const { answer: text } = (body ?? {}) as { answer?: unknown };
  if (typeof text !== 'string' || text.length > 20_000) return undefined;
  try {
    const answer = shape.parse(JSON.parse(text));
    const { challenge } = z.object({ challenge: z.string().max(200) }).parse(JSON.parse(Buffer.from(answer.response.clientDataJSON, 'base64url').toString()));
    return { answer: answer as unknown as Answer, challenge };
  } catch {
    return undefined;
  }
}

const shape = z.looseObject({ id: z.string().max(2000), rawId: z.string().max(2000), type: z.literal('public-key'), response: z.looseObject({ clientDataJSON: z.string() }), clientExtensionResults: z.looseObject({}).default({}) });
