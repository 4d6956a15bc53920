import { StartError } from './config.ts';
import { migrateUp } from './platform/migrations.ts';
import type { OpenDatabase } from './platform/open-database.ts';
import { prepareQueue } from './platform/queue.ts';
import { findWallFaults } from './tenancy/wall-check.ts';

/** Brings the schema and the job queue to this version; throws StartError when anything would let one tenant see another's rows. */
export async function prepareDatabase({ ownerUrl, webUrl, workerUrl }: OpenDatabase): Promise<string[]> {
  const roles = { web: roleIn(webUrl), worker: roleIn(workerUrl) };
  const migrated = await migrateUp(ownerUrl, roles);
  const [faults] = await Promise.all([findWallFaults(ownerUrl, roles), prepareQueue(workerUrl, roles.web)]);
  if (faults.length > 0) throw new StartError(`The wall between organizations has a hole (${faults.map(({ rule, object }) => `${object}: ${rule}`).join('; ')}): mend the database before you start.`);
  return migrated;
}

function roleIn(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
