import type { Client } from 'pg';
import { StartError } from './config.ts';
import { migrateUp, type Roles } from './platform/migrations.ts';
import { demandAddress, firstFault, type OpenDatabase } from './platform/postgres/open-database.ts';
import { prepareQueue } from './platform/queue.ts';
import { wallFaultsSeenBy } from './tenancy/wall-check.ts';

/** Brings the schema and the job queue to this version; throws StartError when it cannot be used, or when anything would let one tenant see another's rows. */
export async function prepareDatabase({ ownerUrl, webUrl, workerUrl }: OpenDatabase): Promise<string[]> {
  const roles = { web: roleIn(webUrl), worker: roleIn(workerUrl) };
  // The queue has a schema of its own: neither needs the other.
  const [, migrated] = await firstFault([demandAddress('DATABASE_URL', webUrl), migrateUp(ownerUrl, roles, (owner) => demandWall(owner, roles)), prepareQueue(workerUrl, roles.web)]);
  return migrated;
}

async function demandWall(owner: Client, roles: Roles): Promise<void> {
  const faults = await wallFaultsSeenBy(owner, roles);
  if (faults.length > 0) throw new StartError(`The wall between organizations has a hole (${faults.map(({ rule, object }) => `${object}: ${rule}`).join('; ')}): mend the database before you start.`);
}

function roleIn(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
