import { Unavailable } from '../platform/errors.ts';
import type { PublicRequest } from '../tenancy/people.ts';

/** A try counts against the address it comes from, unless it opens (null: it does not) or there was no room to look at it, as when too many hash at once. */
export async function countTry<Outcome>(req: PublicRequest, look: () => Promise<Outcome | null>): Promise<Outcome | null> {
  const address = `${req.tenant.id} ${req.ip}`;
  const giveBack = () => req.outside.limits.giveBack('sign-in-address', address);
  await req.outside.limits.take('sign-in-address', address);
  const outcome = await look().catch(async (error: unknown) => {
    if (error instanceof Unavailable) await giveBack();
    throw error;
  });
  if (outcome !== null) await giveBack();
  return outcome;
}
