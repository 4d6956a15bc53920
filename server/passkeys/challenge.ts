import { randomBytes } from 'node:crypto';
import { run } from '../platform/database.ts';

/** What an authenticator has to sign: for whoever comes to the door, or for a new passkey that `signInId` is adding under a name. */
export async function issueChallenge(adding?: { readonly signInId: string; readonly name: string }): Promise<string> {
  const challenge = randomBytes(32).toString('base64url');
  await run('delete from app.passkey_challenges where expires_at < now() or sign_in_id = $1', [adding?.signInId ?? null]);
  await run('insert into app.passkey_challenges (challenge, sign_in_id, name) values ($1, $2, $3)', [challenge, adding?.signInId ?? null, adding?.name ?? null]);
  return challenge;
}

/** The one that this sign-in is adding a passkey by. */
export async function findAdding(signInId: string): Promise<{ challenge: string; name: string } | undefined> {
  const [row] = await run<{ challenge: string; name: string }>('select challenge, name from app.passkey_challenges where sign_in_id = $1 and expires_at > now()', [signInId]);
  return row;
}

/** Uses a challenge up: of twenty answers at the same time one gets it. undefined: unknown, used, too old, or another's. */
export async function spendChallenge(challenge: string, signInId: string | null = null): Promise<{ name: string | null } | undefined> {
  const [row] = await run<{ name: string | null }>(
    'delete from app.passkey_challenges where challenge = $1 and sign_in_id is not distinct from $2 and expires_at > now() returning name',
    [challenge, signInId],
  );
  return row;
}
